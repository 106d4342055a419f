"""Writes the file of a public snapshot: incidents that a rule is about pass the gate in pieces,
the rest is copied inside the database (log → public snapshot).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.batch import Batch, source_dates, source_origins
from mapapp.domain.gate import Gated, GateRules, judgements_left
from mapapp.domain.incident import assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.source import Source
from mapapp.store import codec, row_files, summaries
from mapapp.store.columns import finish, incident_columns
from mapapp.store.schema import CLAIMS, INCIDENTS, RECORDS, ROWS
from mapapp.store.snapshot import (
    SORT_MEMORY,
    Snapshot,
    claims_table,
    judgements_table,
    meta_table,
    records_table,
    sources_table,
)

#: Entries of a public snapshot's meta: what readers are told, how many claims were left out of
#: which incident, and until when the file is good.
SENTENCES_KEY: Final = "gate"
TRIMMED_KEY: Final = "gate_trimmed"
NEXT_DUE_KEY: Final = "gate_next_due"

#: Incidents that pass the gate at a time: some 100 MB of claims.
_PIECE: Final = 25_000

_UNTOUCHED: Final = "NOT EXISTS (SELECT 1 FROM touched WHERE touched.id = w.{})"
_BY: Final = "CASE WHEN contains(recorded_by, '@') THEN 'an editor' ELSE recorded_by END"


def _copied(schema: pa.Schema, table: str, key: str) -> str:
    """SQL for the rows of a table of the whole snapshot that no rule is about."""
    columns = ", ".join(
        f'{_BY} AS "recorded_by"' if name == "recorded_by" else f'"{name}"' for name in schema.names
    )
    return f"SELECT {columns} FROM whole.{table} w WHERE {_UNTOUCHED.format(key)}"  # noqa: S608


_WIDE: Final = ", ".join(f'"{name}"' for name in INCIDENTS.names if name != "row")
_BOTH: Final = (
    f"SELECT {_WIDE} FROM own_incidents UNION ALL BY NAME SELECT {_WIDE} FROM whole.incidents w "  # noqa: S608
    f"WHERE {_UNTOUCHED.format('id')}"
)
_SQL: Final = (
    f"""
    CREATE TABLE incidents AS
    SELECT {", ".join(f'"{name}"' for name in INCIDENTS.names)}
    FROM (
        SELECT *, row_number() OVER () - 1 AS "row"
        FROM (SELECT {_WIDE} FROM ({_BOTH}) ORDER BY month, cell, id)
    )
    """,  # noqa: S608 - names of our own columns only
    f"CREATE TABLE claims AS {_copied(CLAIMS, 'claims', 'incident_id')} "  # noqa: S608
    "UNION ALL BY NAME SELECT * FROM own_claims",
    f"CREATE TABLE records AS {_copied(RECORDS, 'records', 'id')} "  # noqa: S608
    "UNION ALL BY NAME SELECT * FROM own_records",
    f"CREATE TABLE rows AS {_copied(ROWS, 'rows', 'id')}",
)


_HEARD: Final = """
    SELECT id FROM touched WHERE id NOT IN
    (SELECT w.id FROM whole.rows w JOIN silent USING (source_id))
"""


def write_public(
    path: Path,
    whole: Snapshot,
    gated: Callable[[Batch], Gated],
    rules: GateRules,
    today: date,
) -> None:
    """Write what may leave of `whole` to `path`, which must not exist yet; durable when it returns.

    Raises StoreUnavailable where it cannot be written; a part-written file may be left behind.
    """
    assert whole.path is not None
    spill = path.with_name(path.name + ".spill")
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
            connection.execute("SET temp_directory = $folder", {"folder": str(spill)})
            connection.execute(f"ATTACH {_quoted(whole.path)} AS whole (READ_ONLY)")
            _fill(connection, whole, gated, rules, today)
            connection.execute("DETACH whole; CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the public snapshot {path} could not be written ({error}); check that the disk has "
            "room and the folder can be written"
        ) from error
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _fill(
    connection: Any,
    whole: Snapshot,
    gated: Callable[[Batch], Gated],
    rules: GateRules,
    today: date,
) -> None:
    sources = {
        source.id: source
        for (text,) in _rows(connection, "SELECT content FROM whole.sources")
        for source in (codec.decode_source(text),)
    }
    ids = _touched(connection, tuple(sources.values()), rules, today)
    connection.from_arrow(pa.table({"id": ids})).create("touched")
    connection.from_arrow(INCIDENTS.empty_table().drop_columns(["row"])).create("own_incidents")
    connection.from_arrow(CLAIMS.empty_table()).create("own_claims")
    connection.from_arrow(RECORDS.empty_table()).create("own_records")
    cited: dict[str, Source] = {}
    held: set[str] = set()
    trimmed: dict[str, int] = {}
    due: list[date] = []
    # Nothing of a row whose release is private can pass, and it need not be made into claims.
    silent = _strings(key for key, source in sources.items() if rules.private(source))
    connection.from_arrow(pa.table({"source_id": silent})).create("silent")
    heard = connection.sql(_HEARD).to_arrow_table()["id"].combine_chunks()
    connection.execute("DROP TABLE silent")
    for batch in _pieces(connection, heard, tuple(sources.values())):
        passed = gated(batch)
        left = passed.batch
        own = assemble(
            left.records, left.claims, (), source_dates(left.sources), source_origins(left.sources)
        )
        wide = finish(incident_columns(own)).drop_columns(["row"])
        connection.from_arrow(wide).insert_into("own_incidents")
        connection.from_arrow(claims_table(left.claims)).insert_into("own_claims")
        connection.from_arrow(records_table(left.records)).insert_into("own_records")
        cited |= {source.id: source for source in left.sources}
        held |= passed.held
        trimmed |= passed.trimmed
        due += [passed.next_due] if passed.next_due else []
    for statement in _SQL:
        connection.execute(statement)
    connection.execute("DROP TABLE own_incidents; DROP TABLE own_records; DROP TABLE touched")
    for (key,) in _rows(
        connection, "SELECT source_id FROM claims UNION SELECT source_id FROM rows"
    ):
        if key in sources and key not in cited and not rules.private(sources[key]):
            cited[key] = sources[key]
    connection.execute("DROP TABLE own_claims")
    judgements = [
        codec.decode_judgement(text, recorded_at=at)
        for text, at in _rows(
            connection, "SELECT content, recorded_at FROM whole.judgements ORDER BY id"
        )
    ]
    ((incidents, claims),) = _rows(
        connection,
        "SELECT (SELECT count(*) FROM incidents) AS i, (SELECT count(*) FROM claims) AS c",
    )
    meta = {key: value for key, value in whole.meta.items() if key != summaries.META_KEY} | {
        "incidents": str(incidents),
        "claims": str(claims),
        "sources": str(len(cited)),
        SENTENCES_KEY: json.dumps(rules.sentences()),
        TRIMMED_KEY: json.dumps(trimmed),
        NEXT_DUE_KEY: min(due).isoformat() if due else "",
    }
    last = {
        "sources": sources_table(cited[key] for key in sorted(cited)),
        "judgements": judgements_table(judgements_left(judgements, rules, held)),
        "meta": meta_table(meta),
    }
    for name, table in last.items():
        connection.from_arrow(table).create(name)
    if incidents >= summaries.FROM_INCIDENTS:
        summaries.write_to(connection, incidents)


def _touched(
    connection: Any, sources: tuple[Source, ...], rules: GateRules, today: date
) -> pa.Array:
    """Ids of all incidents that a rule may be about, and perhaps of some others."""
    t = connection.sql(
        "SELECT id, latest, dataset, source_ids FROM whole.incidents"
    ).to_arrow_table()
    ids = t["id"].combine_chunks()
    if rules.min_precision or rules.withhold_fields:
        return ids
    some = pc.is_in(ids, value_set=_strings(rules.withhold_incidents))
    if rules.delay_days:
        days = pc.days_between(t["latest"].combine_chunks(), pa.scalar(today, pa.date32()))
        some = pc.or_(some, pc.fill_null(pc.less(days, rules.delay_days), True))
    held = {s.id for s in sources if rules.private(s) or any(r.fits(s) for r in rules.sources)}
    if held:
        lists = t["source_ids"].combine_chunks()
        resting = pc.is_in(pc.list_flatten(lists), value_set=_strings(held))
        rows = pc.list_parent_indices(lists).filter(resting)
        some = pc.or_(some, pc.is_in(pa.array(range(len(ids)), rows.type), value_set=rows))
        silent = {s.dataset for s in sources if rules.private(s)}
        closed = pc.is_in(t["dataset"].combine_chunks(), value_set=_strings(silent))
        some = pc.or_(some, closed)
    return ids.filter(some)


def _pieces(connection: Any, ids: pa.Array, sources: tuple[Source, ...]) -> Iterator[Batch]:
    """The records and claims of incidents, some at a time, from the log's or a release's rows."""
    for start in range(0, len(ids), _PIECE):
        connection.register("piece", pa.table({"id": ids.slice(start, _PIECE)}))
        records = [
            codec.decode_record(text)
            for (text,) in _rows(
                connection, "SELECT content FROM whole.records JOIN piece USING (id) ORDER BY id"
            )
        ]
        claims = [
            codec.decode_claim(text, recorded_at=at, recorded_by=by)
            for text, at, by in _rows(
                connection,
                "SELECT content, recorded_at, recorded_by FROM whole.claims "
                "JOIN piece ON incident_id = piece.id ORDER BY incident_id, position",
            )
        ]
        rows = connection.sql(
            "SELECT w.* FROM whole.rows w JOIN piece USING (id) ORDER BY id"
        ).to_arrow_table()
        for record, said in row_files.incidents(rows.to_pylist()):
            records.append(record)
            claims += said
        connection.unregister("piece")
        yield Batch(sources, tuple(records), tuple(claims))


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    # By way of Arrow: the driver's own times with a zone need another library.
    columns = connection.sql(statement).to_arrow_table().to_pydict().values()
    return list(zip(*columns, strict=True))


def _strings(values: Any) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def _quoted(path: Path) -> str:
    # ATTACH takes no parameters; the path is ours, of the data folder.
    text = str(path).replace("'", "''")
    return f"'{text}'"
