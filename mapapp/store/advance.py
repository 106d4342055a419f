"""The next snapshot made of the current one: its file copied, and only what the log's last changes
touched put in anew (log + snapshot → snapshot).

The tables are those that a whole build gives, row for row (`tests/store/test_advance.py`); only the
order on disk differs. See docs/decisions/store-advance.md.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.store import codec, row_files, summaries
from mapapp.store.log import Log
from mapapp.store.log_entries import Contents
from mapapp.store.row_files import STORED
from mapapp.store.schema import INCIDENTS, ROWS
from mapapp.store.since import Touched
from mapapp.store.snapshot import SORT_MEMORY, Snapshot, tables_of
from mapapp.store.statements import (
    anew_of,
    count_of,
    dropped,
    groups_of,
    near_of,
    rows_moved,
    without_groups,
)
from mapapp.store.summaries import CATALOGUE, META_KEY, Summary

#: Below so many incidents a whole build takes no longer.
LEAST: Final = 10_000

#: Incidents that may have been touched; beyond, a whole build is hardly slower.
MOST: Final = 1_000

#: Times a file is made of another; then all is built and sorted anew.
TIMES: Final = 100

#: The entry of `meta` that counts them.
TIMES_KEY: Final = "advanced"

_WIDE: Final = tuple(name for name in INCIDENTS.names if name != "row")


def advance(path: Path, before: Snapshot, log: Log, data_dir: Path) -> int | None:
    """Write the snapshot of the log's last change to `path`; the change's number.

    None where it is to be built whole: there is little in it, too much was touched, releases came
    or went, a source that stood says otherwise, or the file is an advanced one many times over.
    Raises StoreUnavailable where it cannot be written. After either something may be left at
    `path`, for the caller to remove.
    """
    if before.path is None or int(before.meta["incidents"]) < LEAST:
        return None
    if int(before.meta.get(TIMES_KEY, "0")) >= TIMES:
        return None
    since = log.since(before.seq, MOST)
    if since is None:
        return None
    found, contents = since
    if found.rows or found.sources:
        return None
    made = row_files.materialised(data_dir, contents)
    own = tables_of(replace(made.contents, sources=_cited(before, made.contents)))
    kept = _kept(
        data_dir, contents.row_files, found.incidents - {r.id for r in made.contents.records}
    )
    try:
        shutil.copyfile(before.path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
            _put(connection, found, own, kept)
            incidents = _finish(connection, before, contents)
            connection.execute("CHECKPOINT")
        most, fewest = sorted((incidents, int(before.meta["incidents"])), reverse=True)
        if fewest < summaries.FROM_INCIDENTS <= most:
            return None
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error
    return contents.seq


def _cited(before: Snapshot, contents: Contents) -> tuple[Source, ...]:
    """The sources of contents, and those that the rows in it cite: releases, unchanged."""
    have = {source.id for source in contents.sources}
    lacking = {claim.source_id for claim in contents.claims} - have
    if not lacking:
        return contents.sources
    held = before.engine.run("SELECT id, content FROM sources").to_pylist()
    found = [codec.decode_source(row["content"]) for row in held if row["id"] in lacking]
    return (*contents.sources, *found)


def _kept(data_dir: Path, files: Collection[RowFile], ids: Collection[str]) -> pa.Table:
    """The rows of releases that stand for these incidents by themselves."""
    found = [STORED.empty_table()]
    for file in files:
        own = sorted(key for key in ids if key.startswith(file.dataset + "-"))
        if own:
            (path,) = row_files.paths(data_dir, [file])
            found.append(pq.read_table(path, filters=[("id", "in", own)]).select(STORED.names))
    return pa.concat_tables([table.cast(STORED) for table in found])


def _put(connection: Any, found: Touched, own: Mapping[str, pa.Table], kept: pa.Table) -> None:
    """Take what was touched out of every table and put in what stands now."""
    wide = pa.concat_tables([own["incidents"].select(_WIDE), kept.select(_WIDE)])
    touched = {
        "incidents": pa.array(sorted(found.incidents), pa.string()),
        "judgements": pa.array(sorted(found.judgements), pa.string()),
        "sources": own["sources"]["id"],
    }
    for name, ids in touched.items():
        connection.register(f"touched_{name}", pa.table({"id": ids}))
    connection.register("now", wide)
    connection.execute(_AFFECTED_SQL)
    for statement in _TAKE_OUT_SQL:
        connection.execute(statement)
    moved = _number(connection)
    new = {
        "claims": own["claims"],
        "records": own["records"],
        "sources": own["sources"],
        # Those between touched incidents that did not change are there already.
        "judgements": own["judgements"].filter(
            pc.is_in(own["judgements"]["id"], value_set=touched["judgements"])
        ),
        "rows": kept.select(ROWS.names),
    }
    for name, table in new.items():
        connection.register("new", table)
        connection.execute(_PUT_IN_SQL[name])
        connection.unregister("new")
    held = summaries.held(dict(_rows(connection, "SELECT key, value FROM meta")))
    if held:
        # Whatever is in one group with an affected incident, in any summary: all have its columns.
        connection.sql(near_of("affected", summaries.BASE)).create("near")
        for name in held:
            _summarise(connection, CATALOGUE[name], moved)
        connection.execute("DROP TABLE near")
    for name in (*(f"touched_{own_name}" for own_name in touched), "now"):
        connection.unregister(name)


#: Touched incidents as they were and as they are: whatever counts one of them counts anew.
_AFFECTED_SQL: Final = """
    CREATE TEMP TABLE affected AS
    SELECT * FROM incidents WHERE id IN (SELECT id FROM touched_incidents)
    UNION ALL BY NAME SELECT *, CAST(NULL AS BIGINT) AS "row" FROM now
"""
_TAKE_OUT_SQL: Final = (
    "DELETE FROM incidents WHERE id IN (SELECT id FROM touched_incidents)",
    "DELETE FROM claims WHERE incident_id IN (SELECT id FROM touched_incidents)",
    "DELETE FROM records WHERE id IN (SELECT id FROM touched_incidents)",
    "DELETE FROM rows WHERE id IN (SELECT id FROM touched_incidents)",
    "DELETE FROM judgements WHERE id IN (SELECT id FROM touched_judgements)",
    "DELETE FROM sources WHERE id IN (SELECT id FROM touched_sources)",
)
#: By name, so that a damaged file is not built upon.
_PUT_IN_SQL: Final = {
    "claims": "INSERT INTO claims BY NAME SELECT * FROM new",
    "records": "INSERT INTO records BY NAME SELECT * FROM new",
    "rows": "INSERT INTO rows BY NAME SELECT * FROM new",
    "judgements": "INSERT INTO judgements BY NAME SELECT * FROM new",
    "sources": "INSERT INTO sources BY NAME SELECT * FROM new",
}
_STAYED_SQL: Final = """
    SELECT count(*)
    FROM now FULL JOIN (SELECT * FROM affected WHERE "row" IS NOT NULL) old USING (id)
    WHERE now.id IS NULL OR old.id IS NULL
        OR now.month IS DISTINCT FROM old.month OR now.cell IS DISTINCT FROM old.cell
"""
_SAME_PLACES_SQL: Final = """
    INSERT INTO incidents BY NAME
    SELECT now.*, old."row"
    FROM now JOIN (SELECT id, "row" FROM affected WHERE "row" IS NOT NULL) old USING (id)
"""
_INSERT_SQL: Final = """
    INSERT INTO incidents BY NAME SELECT *, CAST(-1 AS BIGINT) AS "row" FROM now
"""
#: As `columns.finish` orders them.
_MOVED_SQL: Final = """
    CREATE TEMP TABLE moved AS SELECT * FROM (
        SELECT rowid AS at, "row" AS old, row_number() OVER (ORDER BY month, cell, id) - 1 AS new
        FROM incidents
    ) WHERE old <> new
"""
_RENUMBER_SQL: Final = """
    UPDATE incidents SET "row" = moved.new FROM moved WHERE incidents.rowid = moved.at
"""


def _number(connection: Any) -> bool:
    """Insert the incidents of now with their places in the order; whether others moved."""
    ((changed,),) = _rows(connection, _STAYED_SQL)
    if not changed:
        connection.execute(_SAME_PLACES_SQL)
        return False
    connection.execute(_INSERT_SQL)
    connection.execute(_MOVED_SQL)
    connection.execute(_RENUMBER_SQL)
    return True


def _summarise(connection: Any, summary: Summary, moved: bool) -> None:
    """Make the groups of affected incidents anew, and let the others' `row` follow."""
    name = summary.name
    if moved and summary.of_places:
        connection.execute(rows_moved(name, "moved"))
    connection.register("stale", connection.sql(groups_of(name, "affected")).to_arrow_table())
    connection.execute(without_groups(name, "stale"))
    connection.sql(anew_of(name, "near", "stale")).insert_into(name)
    connection.unregister("stale")


def _finish(connection: Any, before: Snapshot, contents: Contents) -> int:
    """Write what the snapshot says of itself; how many incidents it has."""
    counted = {name: _count(connection, name) for name in ("incidents", "claims", "sources")}
    meta = {name: str(number) for name, number in counted.items()} | {
        "seq": str(contents.seq),
        "published_at": datetime.now(UTC).isoformat(),
        TIMES_KEY: str(int(before.meta.get(TIMES_KEY, "0")) + 1),
    }
    if held := summaries.held(before.meta):
        most = counted["incidents"] // summaries.WORTH
        rows = {}
        for name in held:
            number = _count(connection, name)
            if number <= most:
                rows[name] = number
            else:
                connection.execute(dropped(name))
        meta[META_KEY] = json.dumps(rows)
    connection.register("said", pa.table({"key": list(meta), "value": list(meta.values())}))
    connection.execute("DELETE FROM meta WHERE key IN (SELECT key FROM said)")
    connection.execute("INSERT INTO meta BY NAME SELECT * FROM said")
    connection.unregister("said")
    return int(counted["incidents"])


def _count(connection: Any, name: str) -> int:
    ((number,),) = _rows(connection, count_of(name))
    return int(number)


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    # An answer left half-read would keep the connection from the next statement.
    columns = connection.sql(statement).to_arrow_table().to_pydict().values()
    return list(zip(*columns, strict=True))
