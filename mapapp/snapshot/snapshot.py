"""Snapshots: immutable DuckDB files assembled from the log, and how one is opened (log → query)."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.source import Source
from mapapp.engine.engine import DuckDBEngine, Engine
from mapapp.log import codec
from mapapp.log.entries import Contents
from mapapp.snapshot import summaries
from mapapp.snapshot.columns import finish, incident_columns
from mapapp.snapshot.schema import (
    BASE,
    CLAIMS,
    INCIDENTS,
    JUDGEMENTS,
    META,
    RECORDS,
    ROWS,
    SOURCES,
    TABLES,
    VERSION,
)
from mapapp.snapshot.statements import count_of

#: The entry of a public snapshot's meta that is a hash of all it holds, 48 bits in hexadecimal.
STATE_KEY = "gate_state"

#: What sorting the rows of a large release may take; beyond it they are sorted on disk.
SORT_MEMORY = "800MB"

#: So many rows of a large release are sorted at once: all their columns have to be in that memory.
SORTED_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state: the log's `seq` it was built from, when, and the engine to ask.

    `path` is its file, None where the engine keeps it elsewhere.
    """

    seq: int
    published_at: datetime
    engine: Engine
    meta: Mapping[str, str]
    path: Path | None = None

    @property
    def number(self) -> int:
        """What readers are told of which state it is: the log's change, or a number that follows
        from all that a public file holds.

        The log counts changes of what is held back, too.
        """
        state = self.meta.get(STATE_KEY)
        return self.seq if state is None else int(state, 16)


def tables_of(contents: Contents, extra: pa.Table | None = None) -> dict[str, pa.Table]:
    """The snapshot's tables by name, of what the log holds.

    `extra` are `BASE` columns of incidents that come from elsewhere than the log.
    """
    incidents = assemble(contents.records, contents.claims, contents.judgements, contents.sources)
    base = incident_columns(incidents)
    if extra is not None:
        base = pa.concat_tables([base, extra.select(BASE.names).cast(BASE)])
    return {
        "incidents": finish(base),
        "claims": claims_table(contents.claims),
        "sources": sources_table(contents.sources),
        "judgements": judgements_table(contents.judgements),
        "records": records_table(contents.records),
        "rows": ROWS.empty_table(),
    }


def claims_table(claims: Iterable[Claim]) -> pa.Table:
    """Claims as the snapshot has them."""
    counted: Counter[str] = Counter()
    return _table(
        CLAIMS,
        [
            {
                "id": c.id,
                "position": _next(counted, c.incident_id),
                "incident_id": c.incident_id,
                "source_id": c.source_id,
                "property": str(c.property),
                "asserted_by": c.asserted_by,
                "content": codec.encode(c),
                "recorded_at": c.recorded_at,
                "recorded_by": c.recorded_by,
            }
            for c in claims
        ],
    )


def _next(counted: Counter[str], incident_id: str) -> int:
    counted[incident_id] += 1
    return counted[incident_id] - 1


def sources_table(sources: Iterable[Source]) -> pa.Table:
    """Sources as the snapshot has them."""
    return _table(
        SOURCES,
        [
            {name: getattr(s, name) for name in SOURCES.names if name != "content"}
            | {"content": codec.encode(s), "redistribution": str(s.redistribution)}
            for s in sources
        ],
    )


def judgements_table(judgements: Iterable[Judgement]) -> pa.Table:
    """Judgements as the snapshot has them."""
    return _table(
        JUDGEMENTS,
        [
            {
                "id": j.id,
                "left_id": j.left_id,
                "right_id": j.right_id,
                "relation": str(j.relation),
                "content": codec.encode(j),
                "recorded_at": j.recorded_at,
            }
            for j in judgements
        ],
    )


def records_table(records: Iterable[IncidentRecord]) -> pa.Table:
    """Records as the snapshot has them."""
    return _table(RECORDS, [{"id": r.id, "content": codec.encode(r)} for r in records])


def meta_table(meta: Mapping[str, str]) -> pa.Table:
    """What a snapshot says of itself."""
    return _table(META, [{"key": key, "value": value} for key, value in meta.items()])


def _table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def write(
    path: Path,
    tables: Mapping[str, pa.Table],
    *,
    seq: int,
    row_files: Sequence[Path] = (),
    assembled: Collection[str] = (),
) -> None:
    """Write a snapshot file whole and durable; `path` must not exist yet.

    `row_files` are incidents beside those of `tables`, without the `assembled`, which are in both.
    Raises StoreUnavailable where the disk is full or cannot be written; a part-written file may
    then be left behind, for the caller to remove.
    """
    beside = sum(pq.read_metadata(file).num_rows for file in row_files) - len(assembled)
    meta = {
        "seq": str(seq),
        "schema": str(VERSION),
        "published_at": datetime.now(UTC).isoformat(),
        "incidents": str(tables["incidents"].num_rows + max(0, beside)),
        "claims": str(tables["claims"].num_rows),
        "sources": str(tables["sources"].num_rows),
    }
    try:
        with duckdb.connect(str(path)) as connection:
            for name, table in {**tables, "meta": meta_table(meta)}.items():
                if row_files and name in ("incidents", "rows"):
                    continue
                connection.from_arrow(table).create(name)
            if row_files:
                _with_rows(connection, path, tables["incidents"], row_files, assembled)
            if int(meta["incidents"]) >= summaries.FROM_INCIDENTS:
                summaries.write_to(connection, int(meta["incidents"]))
            connection.execute("CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error


def _with_rows(
    connection: Any,
    path: Path,
    own: pa.Table,
    row_files: Sequence[Path],
    assembled: Collection[str],
) -> None:
    """The tables `incidents` and `rows` of files too large for memory, sorted on disk."""
    spill = path.with_name(path.name + ".spill")
    connection.execute("SET enable_progress_bar = false")  # it would write into an import's report
    connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
    connection.execute("SET temp_directory = $folder", {"folder": str(spill)})
    connection.from_arrow(own.drop_columns(["row"])).create("own")
    ids = pa.table({"id": pa.array(sorted(assembled), pa.string())})
    connection.from_arrow(ids).create("assembled")
    kept = connection.read_parquet([str(file) for file in row_files], union_by_name=True)
    kept.create_view("kept")
    try:
        connection.execute(_OWN_SQL)
        connection.execute(_NUMBERED_SQL)
        for name in ("incidents", "rows"):
            connection.from_arrow(TABLES[name].empty_table()).create(name)
        (every,) = connection.execute("SELECT count(*) FROM numbered").fetchone()
        for first in range(0, every, SORTED_ROWS):
            part = {"first": first, "end": first + SORTED_ROWS}
            connection.execute(_INCIDENTS_SQL, part)
        connection.execute(_ROWS_SQL)
        connection.execute(
            "DROP VIEW every; DROP VIEW kept; DROP TABLE own; DROP TABLE assembled; "
            "DROP TABLE numbered"
        )
    finally:
        shutil.rmtree(spill, ignore_errors=True)


#: Columns of a row file that are no incident's.
_OWN_SQL = """
    CREATE VIEW every AS
    SELECT * FROM own UNION ALL BY NAME
    SELECT * EXCLUDE (hash, form, cells, source_id, claims, recorded_at, recorded_by)
    FROM kept WHERE NOT EXISTS (SELECT 1 FROM assembled WHERE assembled.id = kept.id)
"""
#: The order that `columns.finish` gives, which `row` counts along: of the keys alone.
_NUMBERED_SQL = """
    CREATE TABLE numbered AS
    SELECT id, row_number() OVER (ORDER BY month, cell, id) - 1 AS "row" FROM every
"""
_INCIDENTS_SQL = """
    INSERT INTO incidents BY NAME
    SELECT * FROM every JOIN numbered USING (id) WHERE "row" >= $first AND "row" < $end
    ORDER BY "row"
"""
_ROWS_SQL = """
    INSERT INTO rows BY NAME
    SELECT id, form, cells, source_id, claims, recorded_at, recorded_by
    FROM kept WHERE NOT EXISTS (SELECT 1 FROM assembled WHERE assembled.id = kept.id)
"""


def open_snapshot(path: Path) -> Snapshot:
    """Open a published file and check that it is whole and of this version.

    Raises StoreUnavailable where it is missing, damaged or of another version.
    """
    engine = DuckDBEngine(path)
    try:
        rows = engine.run('SELECT "key", "value" FROM "meta"').to_pylist()
        meta = {row["key"]: row["value"] for row in rows}
        if meta.get("schema") != str(VERSION):
            raise StoreUnavailable(
                f"the snapshot {path} is of version {meta.get('schema')}, this program reads "
                f"version {VERSION}; it is built anew from the log"
            )
        for name in TABLES:
            engine.run(count_of(name))
        found = engine.run('SELECT * FROM "incidents" LIMIT 0')
        if found.schema.names != INCIDENTS.names:
            raise StoreUnavailable(f"the snapshot {path} lacks columns; it is built anew")
        published_at = datetime.fromisoformat(meta["published_at"])
        return Snapshot(int(meta["seq"]), published_at, engine, meta, path)
    except (duckdb.Error, KeyError, ValueError) as error:
        engine.close()
        raise StoreUnavailable(f"the snapshot {path} is damaged ({error})") from error
    except StoreUnavailable:
        engine.close()
        raise
