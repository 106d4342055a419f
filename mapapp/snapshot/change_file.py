"""Changes a snapshot file that nobody reads yet: some incidents taken out of every table, others
put in, and the summaries that count them made anew (log + snapshot → snapshot).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from mapapp.snapshot import summaries
from mapapp.snapshot.schema import INCIDENTS
from mapapp.snapshot.statements import (
    anew_of,
    count_of,
    dropped,
    groups_of,
    rows_moved,
    without_groups,
)
from mapapp.snapshot.summaries import CATALOGUE, META_KEY, Summary

#: Times a file is made of another; then all is built and sorted anew.
TIMES: Final = 100

#: The entry of `meta` that counts them.
TIMES_KEY: Final = "advanced"

#: The columns of incidents but their place in the order.
WIDE: Final = tuple(name for name in INCIDENTS.names if name != "row")


def put(
    connection: Any,
    incidents: Collection[str],
    judgements: Collection[str],
    own: Mapping[str, pa.Table],
) -> None:
    """Take incidents and judgements out of every table and put in what stands now.

    `own` has the new rows by table, incidents without `row`; sources stand for those of their ids.
    """
    touched = {
        "incidents": pa.array(sorted(incidents), pa.string()),
        "judgements": pa.array(sorted(judgements), pa.string()),
        "sources": own["sources"]["id"],
    }
    for name, ids in touched.items():
        connection.register(f"touched_{name}", pa.table({"id": ids}))
    connection.register("now", own["incidents"].select(WIDE))
    connection.execute(_AFFECTED_SQL)
    for statement in _TAKE_OUT_SQL:
        connection.execute(statement)
    moved = _number(connection)
    for name, statement in _PUT_IN_SQL.items():
        table = own[name]
        if name == "judgements":  # those that did not change are there already
            table = table.filter(pc.is_in(table["id"], value_set=touched["judgements"]))
        connection.register("new", table)
        connection.execute(statement)
        connection.unregister("new")
    held = summaries.held(dict(_rows(connection, "SELECT key, value FROM meta")))
    if held:
        connection.execute(_NEAR_SQL)
        for name in held:
            _summarise(connection, CATALOGUE[name], moved)
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


#: Whatever is in one group with an affected incident, in any summary: all have the columns of
#: `summaries.BASE`.
_NEAR_SQL: Final = """
    CREATE TEMP TABLE near AS
    SELECT * FROM incidents WHERE EXISTS (
        SELECT 1 FROM affected
        WHERE affected.background IS NOT DISTINCT FROM incidents.background
            AND affected.abroad IS NOT DISTINCT FROM incidents.abroad
            AND affected.dataset IS NOT DISTINCT FROM incidents.dataset
            AND affected.adm1_pcode IS NOT DISTINCT FROM incidents.adm1_pcode
    )
"""


def _summarise(connection: Any, summary: Summary, moved: bool) -> None:
    """Make the groups of affected incidents anew, and let the others' `row` follow."""
    name = summary.name
    if moved and summary.of_places:
        connection.execute(rows_moved(name, "moved"))
    connection.register("stale", connection.sql(groups_of(name, "affected")).to_arrow_table())
    connection.execute(without_groups(name, "stale"))
    connection.sql(anew_of(name, "near", "stale")).insert_into(name)
    connection.unregister("stale")


def finish(connection: Any, before: Mapping[str, str], said: Mapping[str, str]) -> int:
    """Write what the snapshot says of itself beside what it said `before`; how many incidents it
    has.
    """
    counted = {name: _count(connection, name) for name in ("incidents", "claims", "sources")}
    meta = {name: str(number) for name, number in counted.items()} | {
        **said,
        TIMES_KEY: str(int(before.get(TIMES_KEY, "0")) + 1),
    }
    if held := summaries.held(before):
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
