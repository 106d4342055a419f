"""Snapshots: immutable DuckDB files assembled from the log, and how one is opened (log → query)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.source import Source
from mapapp.engine.engine import DuckDBEngine, Engine, quoted
from mapapp.log import codec
from mapapp.log.entries import Contents
from mapapp.snapshot import summaries, views
from mapapp.snapshot.columns import finish, incident_columns
from mapapp.snapshot.releases import ReleaseFile, meta_of
from mapapp.snapshot.schema import (
    BASE,
    CLAIMS,
    JUDGEMENTS,
    META,
    RECORDS,
    ROWS,
    SOURCES,
    TABLES,
    VERSION,
)

#: The entry of a public snapshot's meta that is a hash of all it holds, 48 bits in hexadecimal.
STATE_KEY = "gate_state"


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
    releases: Sequence[ReleaseFile] = (),
    edited: Collection[str] = (),
    told: Mapping[str, str] | None = None,
    rows_sql: str = "FROM {rows}",
) -> None:
    """Write a snapshot file whole and durable; `path` must not exist yet.

    `tables` have all but the incidents of `releases`, which stay in files of their own; those of
    the `edited` incidents are not shown there. `told` is said beside the usual. `rows_sql` is how
    the rows of a release are read. Raises StoreUnavailable where the disk is full or cannot be
    written; a part-written file may then be left behind, for the caller to remove.
    """
    schema = "own" if releases else "main"
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            for name, table in tables.items():
                connection.from_arrow(table).create(f"{schema}.{name}")
            hidden = _with_releases(connection, releases, edited)
            incidents = tables["incidents"].num_rows + sum(r.incidents for r in releases) - hidden
            meta = {
                "seq": str(seq),
                "schema": str(VERSION),
                "published_at": datetime.now(UTC).isoformat(),
                "incidents": str(incidents),
                "claims": str(tables["claims"].num_rows),
                "sources": str(tables["sources"].num_rows),
                **(told or {}),
            }
            connection.from_arrow(meta_table(meta)).create("main.meta")
            if releases:
                own = tables["incidents"].num_rows
                views.create(connection, own, [r.meta for r in releases], rows_sql)
            elif incidents >= summaries.FROM_INCIDENTS:
                summaries.write_to(connection, incidents)
            connection.execute("CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error


def _with_releases(
    connection: Any, releases: Sequence[ReleaseFile], edited: Collection[str]
) -> int:
    """Open releases beside a snapshot that is being written, name them in it, and note which of
    their incidents are edited; how many.
    """
    named = {views.release(n): r.path for n, r in enumerate(releases)}
    connection.from_arrow(
        pa.table(
            {
                "name": pa.array(list(named), pa.string()),
                "file": pa.array([path.name for path in named.values()], pa.string()),
            }
        )
    ).create("main.releases")
    connection.execute("CREATE TABLE main.edited (release VARCHAR, id VARCHAR, row BIGINT)")
    connection.register("asked", pa.table({"id": pa.array(sorted(edited), pa.string())}))
    for name, path in named.items():
        connection.execute(f"ATTACH {quoted(path)} AS {name} (READ_ONLY)")
        if edited:
            connection.execute(views.edited(name))
    connection.unregister("asked")
    ((hidden,),) = connection.execute("SELECT count(*) FROM main.edited").fetchall()
    return int(hidden)


def open_snapshot(path: Path) -> Snapshot:
    """Open a published file, with those it names, and check that it is whole and of this version.

    Raises StoreUnavailable where one is missing, damaged or of another version.
    """
    meta = meta_of(path)
    if meta.get("schema") != str(VERSION):
        raise StoreUnavailable(
            f"the snapshot {path} is of version {meta.get('schema')}, this program reads "
            f"version {VERSION}; it is built anew from the log"
        )
    engine = DuckDBEngine(path, releases_of(path))
    try:
        for name, schema in TABLES.items():
            if engine.run(f"FROM {name} LIMIT 0").schema.names != schema.names:
                raise StoreUnavailable(f"the snapshot {path} lacks columns; it is built anew")
        published_at = datetime.fromisoformat(meta["published_at"])
        return Snapshot(int(meta["seq"]), published_at, engine, meta, path)
    except (duckdb.Error, KeyError, ValueError) as error:
        engine.close()
        raise StoreUnavailable(f"the snapshot {path} is damaged ({error})") from error
    except StoreUnavailable:
        engine.close()
        raise


def releases_of(path: Path) -> dict[str, Path]:
    """The files of releases that a snapshot names, by the names it has for them."""
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.sql("FROM releases ORDER BY name").fetchall()
    folder = path.parent.parent / "snapshots"
    return {name: folder / file for name, file in rows}
