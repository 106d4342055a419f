"""The next public file made of the one before: copied, and only what the log's last changes touched
let through the gate anew (log + public snapshot → public snapshot).

It holds what a public file made whole holds (`tests/gate/test_public_advance.py`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from mapapp.gate.gate import judgements_left
from mapapp.gate.pieces import rows_of
from mapapp.gate.public_file import (
    NEXT_DUE_KEY,
    SENTENCES_KEY,
    TRIMMED_KEY,
    Filling,
    Gate,
    state_of,
    writing,
)
from mapapp.gate.rules import GateRules
from mapapp.log.touched import Touched
from mapapp.snapshot import advance, summaries
from mapapp.snapshot.change_file import TIMES, TIMES_KEY, WIDE, finish, put
from mapapp.snapshot.schema import SOURCES
from mapapp.snapshot.snapshot import STATE_KEY, Snapshot, judgements_table, sources_table

#: The incidents that were touched, by their ids inside and what those become outside.
_OLD_SQL: Final = """
    SELECT id FROM incidents
    WHERE id IN (SELECT id FROM asked) OR right(id, 12) IN (SELECT alias FROM asked)
"""
_PLAIN_INCIDENTS_SQL: Final = """
    SELECT w.* EXCLUDE ("row") FROM whole.incidents w WHERE w.id IN (SELECT id FROM plain)
"""
_PLAIN_ROWS_SQL: Final = """
    SELECT w.* REPLACE (
        CASE WHEN contains(recorded_by, '@') THEN 'an editor' ELSE recorded_by END AS recorded_by
    )
    FROM whole.rows w WHERE w.id IN (SELECT id FROM plain)
"""
#: Of incidents that links name: those that the public does not have by their own id.
_APART_SQL: Final = """
    SELECT s.id FROM sides s
    WHERE s.id IN (SELECT id FROM whole.incidents) AND s.id NOT IN (SELECT id FROM incidents)
"""
_UNUSED_SQL: Final = """
    DELETE FROM sources
    WHERE id NOT IN (SELECT source_id FROM claims UNION SELECT source_id FROM rows)
"""
_LACKING_SQL: Final = """
    SELECT source_id AS id FROM claims UNION SELECT source_id FROM rows
    EXCEPT SELECT id FROM sources
"""


def advance_public(
    path: Path,
    before: Snapshot,
    whole: Snapshot,
    found: Touched,
    gate: Gate,
    rules: GateRules,
    today: date,
) -> bool:
    """Write the public file of `whole` to `path`, of the one `before` it by the same rules, in
    which nothing is due; `found` is what was touched since. Whether that could be done.

    Raises StoreUnavailable where it cannot be written. Unless it is done something may be left at
    `path`, for the caller to remove.
    """
    if before.path is None or int(before.meta["incidents"]) < advance.LEAST:
        return False
    if int(before.meta.get(TIMES_KEY, "0")) >= TIMES or found.rows or found.sources:
        return False
    shutil.copyfile(before.path, path)
    with writing(path, whole) as connection:
        incidents = _change(connection, before, whole, found, gate, rules, today)
    most, fewest = sorted((incidents, int(before.meta["incidents"])), reverse=True)
    return not fewest < summaries.FROM_INCIDENTS <= most


def _change(
    connection: Any,
    before: Snapshot,
    whole: Snapshot,
    found: Touched,
    gate: Gate,
    rules: GateRules,
    today: date,
) -> int:
    keys = sorted(found.incidents)
    connection.register(
        "asked", pa.table({"id": _texts(keys), "alias": _texts(map(gate.alias, keys))})
    )
    old = {key for (key,) in rows_of(connection, _OLD_SQL)}
    there = connection.sql("SELECT id FROM whole.incidents JOIN asked USING (id)")
    filling = Filling(connection, whole, gate, rules, today)
    connection.register(
        "plain", pa.table({"id": filling.take(there.to_arrow_table()["id"].combine_chunks())})
    )
    own = {
        name: connection.table(f"own.main.{name}").to_arrow_table()
        for name in ("incidents", "claims", "records", "rows")
    }
    plain = connection.sql(_PLAIN_INCIDENTS_SQL).to_arrow_table().select(WIDE)
    own["incidents"] = pa.concat_tables(
        [own["incidents"].select(WIDE), plain.cast(own["incidents"].select(WIDE).schema)]
    )
    rows = connection.sql(_PLAIN_ROWS_SQL).to_arrow_table()
    own["rows"] = pa.concat_tables([own["rows"], rows.cast(own["rows"].schema)])
    trimmed = json.loads(before.meta[TRIMMED_KEY])
    trimmed = {key: n for key, n in trimmed.items() if key not in old} | filling.trimmed
    linked = [
        j
        for j in filling.judgements
        if j.id in found.judgements or {j.left_id, j.right_id} & found.incidents
    ]
    own["judgements"] = judgements_table(linked)
    own["sources"] = SOURCES.empty_table()
    touched = found.judgements | {j.id for j in linked}
    put(connection, old | set(own["incidents"]["id"].to_pylist()), touched, own)
    # Which of them may be seen is known only now that the incidents are in place.
    held = filling.held | trimmed.keys() | _apart(connection, linked)
    left = {j.id for j in judgements_left(linked, rules, held)}
    gone = pa.table({"id": _texts(sorted(touched - left))})
    connection.register("gone", gone)
    connection.execute("DELETE FROM judgements WHERE id IN (SELECT id FROM gone)")
    _settle_sources(connection, filling)
    due = [day for day in (before.meta[NEXT_DUE_KEY], *map(date.isoformat, filling.due)) if day]
    told, sentences = json.dumps(trimmed, sort_keys=True), json.dumps(rules.sentences())
    said = {
        "seq": str(whole.seq),
        "published_at": whole.meta["published_at"],
        SENTENCES_KEY: sentences,
        TRIMMED_KEY: told,
        NEXT_DUE_KEY: min(due, default=""),
        STATE_KEY: state_of(connection, told, sentences),
    }
    return finish(connection, before.meta, said)


def _apart(connection: Any, linked: Collection[Any]) -> set[str]:
    """Incidents at either end of links that the public has not, or not by their own id."""
    sides = sorted({side for j in linked for side in (j.left_id, j.right_id)})
    connection.register("sides", pa.table({"id": _texts(sides)}))
    return {key for (key,) in rows_of(connection, _APART_SQL)}


def _settle_sources(connection: Any, filling: Filling) -> None:
    """Take out the sources that nothing rests on any more, and put in those that are new."""
    connection.execute(_UNUSED_SQL)
    lacking = sorted(key for (key,) in rows_of(connection, _LACKING_SQL))
    new = [filling.cited.get(key) or filling.sources[key] for key in lacking]
    connection.register("new", sources_table(new))
    connection.execute("INSERT INTO sources BY NAME SELECT * FROM new")
    connection.unregister("new")


def _texts(values: Any) -> pa.Array:
    return pa.array(list(values), pa.string())
