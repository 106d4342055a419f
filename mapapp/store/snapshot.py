"""Snapshots: immutable DuckDB files assembled from the log, and how one is opened (log → query)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mapapp.domain.batch import source_dates, source_origins
from mapapp.domain.incident import assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.store import codec
from mapapp.store.columns import finish, incident_columns
from mapapp.store.engine import DuckDBEngine, Engine
from mapapp.store.log import Contents
from mapapp.store.schema import (
    BASE,
    CLAIMS,
    INCIDENTS,
    JUDGEMENTS,
    META,
    RECORDS,
    SOURCES,
    TABLES,
    VERSION,
)


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


def tables_of(contents: Contents, extra: pa.Table | None = None) -> dict[str, pa.Table]:
    """The snapshot's tables by name, of what the log holds.

    `extra` are `BASE` columns of incidents that come from elsewhere than the log.
    """
    incidents = assemble(
        contents.records,
        contents.claims,
        contents.judgements,
        source_dates(contents.sources),
        source_origins(contents.sources),
    )
    base = incident_columns(incidents)
    if extra is not None:
        base = pa.concat_tables([base, extra.select(BASE.names).cast(BASE)])
    return {
        "incidents": finish(base),
        "claims": _table(
            CLAIMS,
            [
                {
                    "id": c.id,
                    "position": position,
                    "incident_id": c.incident_id,
                    "source_id": c.source_id,
                    "property": str(c.property),
                    "asserted_by": c.asserted_by,
                    "content": codec.encode(c),
                    "recorded_at": c.recorded_at,
                    "recorded_by": c.recorded_by,
                }
                for position, c in enumerate(contents.claims)
            ],
        ),
        "sources": _table(
            SOURCES,
            [
                {name: getattr(s, name) for name in SOURCES.names if name != "content"}
                | {"content": codec.encode(s), "redistribution": str(s.redistribution)}
                for s in contents.sources
            ],
        ),
        "judgements": _table(
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
                for j in contents.judgements
            ],
        ),
        "records": _table(
            RECORDS, [{"id": r.id, "content": codec.encode(r)} for r in contents.records]
        ),
    }


def _table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def write(path: Path, tables: Mapping[str, pa.Table], *, seq: int) -> None:
    """Write a snapshot file whole and durable; `path` must not exist yet.

    Raises StoreUnavailable where the disk is full or cannot be written; a part-written file may
    then be left behind, for the caller to remove.
    """
    meta = {
        "seq": str(seq),
        "schema": str(VERSION),
        "published_at": datetime.now(UTC).isoformat(),
        "incidents": str(tables["incidents"].num_rows),
        "claims": str(tables["claims"].num_rows),
        "sources": str(tables["sources"].num_rows),
    }
    rows = [{"key": key, "value": value} for key, value in meta.items()]
    try:
        with duckdb.connect(str(path)) as connection:
            for name, table in {**tables, "meta": _table(META, rows)}.items():
                connection.from_arrow(table).create(name)
            connection.execute("CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error


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
            engine.run(f'SELECT COUNT(*) FROM "{name}"')  # noqa: S608 - names of TABLES only
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
