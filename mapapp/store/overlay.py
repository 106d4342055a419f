"""What was edited since an engine's tables were built, laid over them as the embedded store lays
its small file over releases (log + tables → query).

Incidents that somebody recorded or changed since are assembled here, of the log, and stand in small
tables that the engine is given; its own rows of them are left out. A release that was imported
since comes with the next build.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import sqlglot

from mapapp.engine.engine import Engine
from mapapp.engine.spark import Layer, SparkConnectEngine
from mapapp.log.entries import Contents
from mapapp.snapshot import patches, row_files, summaries
from mapapp.snapshot.schema import INCIDENTS, TABLES
from mapapp.snapshot.snapshot import tables_of

#: What the engine's own tables are known as beneath, and ours.
UNDER: Final = "built_"
_OURS: Final = "ours_"

#: The column by which a table's rows of an edited incident are found.
_BY: Final = {"incidents": "id", "claims": "incident_id", "records": "id", "rows": "id"}


def edited_tables(
    engine: SparkConnectEngine, contents: Contents, edited: Collection[str]
) -> Mapping[str, pa.Table]:
    """The snapshot's tables of the incidents that were edited, and all sources and judgements.

    What the log has claims about and no record of is read off the engine's rows.
    """
    records = [record for record in contents.records if record.id in edited]
    claims = [claim for claim in contents.claims if claim.incident_id in edited]
    only_spoken_of = {claim.incident_id for claim in claims} - {record.id for record in records}
    in_rows = list(row_files.converted(rows_of(engine, f"{UNDER}rows", only_spoken_of)))
    records += [record for record, _ in in_rows]
    known = {record.id for record in records}
    tables = tables_of(
        replace(
            contents,
            records=tuple(records),
            claims=(
                *(claim for _, said in in_rows for claim in said),
                *(claim for claim in claims if claim.incident_id in known),
            ),
        )
    )
    incidents = tables["incidents"]
    # The engine's numbers begin at 0: no two incidents may have one.
    numbers = pa.array(-1 - np.arange(incidents.num_rows, dtype=np.int64))
    at = incidents.schema.get_field_index("row")
    return {**tables, "incidents": incidents.set_column(at, incidents.schema.field("row"), numbers)}


def rows_of(engine: Engine, name: str, ids: Collection[str]) -> list[dict[str, Any]]:
    """The rows of these incidents in the table of kept rows that goes by a name."""
    if not ids:
        return []
    chosen = sqlglot.select("*").from_(name).where(sqlglot.column("id").isin(*sorted(ids)))
    found: list[dict[str, Any]] = engine.run(chosen.sql(dialect="spark")).to_pylist()
    return found


def counts(engine: Engine) -> Mapping[str, str]:
    """How much there is, as a snapshot's meta says it."""
    return {
        name: str(engine.run(f"SELECT count(*) AS n FROM {name}")["n"][0].as_py())  # noqa: S608
        for name in ("incidents", "claims", "sources")
    }


def lay_over(
    engine: SparkConnectEngine,
    tables: Mapping[str, pa.Table],
    edited: Collection[str],
    held: Collection[str],
) -> None:
    """Lay the tables of edited incidents over an engine's, whose names begin with `UNDER`; `held`
    are the pre-aggregated ones that it has.
    """
    names = pa.table({"id": pa.array(sorted(edited), pa.string())})
    ours = {_OURS + name: table for name, table in tables.items()}
    engine.lay_over(Layer({**ours, f"{_OURS}edited": names}, _VIEWS))
    if held:
        _patch(engine, held)


def _all(name: str, without: str) -> str:
    """The rows of a table of the engine's `without` some, and all of ours."""
    columns = ", ".join(f"`{column}`" for column in TABLES[name].names)
    return (
        f"SELECT {columns} FROM {UNDER}{name} t {without} "  # noqa: S608 - names of ours
        f"UNION ALL SELECT {columns} FROM {_OURS}{name}"
    )


_VIEWS: Final = {
    **{
        name: _all(name, f"LEFT ANTI JOIN {_OURS}edited e ON t.{column} = e.id")
        for name, column in _BY.items()
    },
    # The log says them all.
    "sources": _all("sources", f"LEFT ANTI JOIN {_OURS}sources o ON t.id = o.id"),
    "meta": f"SELECT * FROM {UNDER}meta",  # noqa: S608
    "judgements": f"SELECT * FROM {_OURS}judgements",  # noqa: S608
}


def _patch(engine: SparkConnectEngine, held: Collection[str]) -> None:
    """Take edited incidents out of the pre-aggregated tables, and count ours."""
    gone = (
        f"SELECT {', '.join(patches.COLUMNS)} FROM {UNDER}incidents t "  # noqa: S608
        f"LEFT SEMI JOIN {_OURS}edited e ON t.id = e.id"
    )
    near = patches.near(f"{UNDER}incidents", f"{_OURS}gone", "LEFT ")
    for name, query in (("gone", gone), ("near", near)):
        rows = engine.run(query)
        schema = pa.schema([INCIDENTS.field(column) for column in rows.schema.names])
        engine.lay_over(Layer({_OURS + name: rows.cast(schema)}, {}))
    found: dict[str, pa.Table] = {}
    views: dict[str, str] = {}
    for name in held:
        summary = summaries.CATALOGUE[name]
        built, patch = f"{UNDER}{name}", f"{_OURS}{name}"
        groups = patches.groups(
            summary, built, {of: summary.sql("pyspark", f"{_OURS}{of}") for of in ("gone", "near")}
        )
        found[patch] = engine.run(groups).select(summary.schema.names).cast(summary.schema)
        typed = ", ".join(
            f"CAST(`{field.name}` AS DATE) AS `{field.name}`"
            if field.type == pa.date32()
            else f"`{field.name}`"
            for field in summary.schema
        )
        counted = summary.sql("pyspark", f"{_OURS}incidents")
        rest = patches.patched(summary, built, patch, "LEFT ")
        views[name] = f"{rest} UNION ALL SELECT {typed} FROM ({counted})"  # noqa: S608
    engine.lay_over(Layer(found, views))
