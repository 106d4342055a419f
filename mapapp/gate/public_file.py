"""Writes the files that the public asks: the snapshot's own, whose incidents pass the gate one by
one, and a twin of each release that a rule is about, whose rows pass it in columns (log → public
snapshot).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision
from mapapp.engine.engine import DuckDBEngine, quoted
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.columns import ColumnGate, fate, is_ruled, touched_ids
from mapapp.gate.gate import EDITOR, Gated, cited_outside, judgements_left
from mapapp.gate.key import GateKey
from mapapp.gate.rules import GateRules
from mapapp.log import codec
from mapapp.snapshot import row_files
from mapapp.snapshot.columns import finish, incident_columns
from mapapp.snapshot.releases import (
    FIRST_ROW,
    HASH_KEY,
    NAMELESS,
    ReleaseFile,
    hash_of,
    sort_in,
    write_rows_file,
)
from mapapp.snapshot.schema import BASE, CLAIMS, INCIDENTS, RECORDS, ROWS
from mapapp.snapshot.snapshot import (
    STATE_KEY,
    Snapshot,
    claims_table,
    judgements_table,
    records_table,
    sources_table,
    write,
)

#: Entries of a public snapshot's meta: what readers are told, how many claims were left out of
#: which incident, and until when the file is good.
SENTENCES_KEY: Final = "gate"
TRIMMED_KEY: Final = "gate_trimmed"
NEXT_DUE_KEY: Final = "gate_next_due"

#: The entry of a twin's meta that has the sources as they may be cited, as a list of JSON.
_CITED_KEY: Final = "gate_cited"

#: The form of a row of which nothing but its key is in a twin.
_BY_KEY: Final = "by key"

#: Rows that are changed in columns at a time.
_CHUNK: Final = 50_000

#: Incidents of the log that pass the gate at a time: some 100 MB of claims.
_PIECE: Final = 25_000

#: Hexadecimal digits of the hash of a public file: every program reads such a number exactly.
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of a data folder on one day: `passed` is the gate of records."""

    rules: GateRules
    today: date
    areas: GazetteerAreas
    key: GateKey
    passed: Callable[[Batch], Gated]


# A twin: what leaves of a release.


def is_about(gate: Gate, release: ReleaseFile, sources: Mapping[str, Source]) -> bool:
    """Whether a rule is about any row of a release."""
    rules = gate.rules
    if rules.min_precision or rules.withhold_fields:
        return True
    if any(key not in sources or is_ruled(sources[key], rules) for key in release.sources):
        return True
    with duckdb.connect(str(release.path), read_only=True) as connection:
        connection.register("named", _ids(rules.withhold_incidents))
        since = gate.today - timedelta(days=rules.delay_days) if rules.delay_days else None
        asked = {"since": since}
        ((touches,),) = connection.execute(_ABOUT_SQL, asked).fetchall()
    return bool(touches)


def write_twin(path: Path, gate: Gate, release: ReleaseFile, sources: Mapping[str, Source]) -> None:
    """Write what may leave of a release; durable when it returns.

    Raises StoreUnavailable where it cannot be written; a part-written file may be left behind.
    """

    def fill(connection: Any, beside: Path) -> Mapping[str, str]:
        connection.execute(f"ATTACH {quoted(release.path)} AS whole (READ_ONLY)")
        # What is made on the way: in the file itself it would leave holes.
        connection.execute(f"ATTACH {quoted(beside)} AS beside")
        staged = INCIDENTS.empty_table().drop_columns(["row"])
        connection.from_arrow(staged).create("beside.main.staged")
        connection.from_arrow(ROWS.empty_table()).create("rows")
        leaving = _Leaving(connection, gate, release, sources)
        if gate.rules.withhold_fields or any(kind.level for kind in leaving.kinds):
            for kind in leaving.kinds:
                _in_columns(connection, gate, kind)
            connection.execute("CREATE TEMP VIEW unsorted AS FROM beside.main.staged")
        else:
            ids = pa.table({"id": pa.concat_arrays(leaving.ids)})
            connection.from_arrow(ids).create("beside.main.leaving")
            connection.execute(_PLAIN_INCIDENTS_SQL)
            connection.execute(_PLAIN_ROWS_SQL)
        ((first,),) = connection.execute(_FIRST_SQL).fetchall()
        sort_in(connection, first)
        connection.execute("DROP VIEW unsorted; DETACH beside; DETACH whole")
        return {
            _CITED_KEY: json.dumps([codec.encode(kind.cited) for kind in leaving.kinds]),
            NEXT_DUE_KEY: min(leaving.due).isoformat() if leaving.due else "",
        }

    write_rows_file(path, fill)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that leave, of one source, and the finest place that leaves of them; `cited` is their
    source as it may be cited.
    """

    ids: pa.Array
    level: GeoPrecision | None
    cited: Source


class _Leaving:
    """The rows of a release that leave, by kind, and the days on which others may."""

    def __init__(
        self, connection: Any, gate: Gate, release: ReleaseFile, sources: Mapping[str, Source]
    ) -> None:
        rules = gate.rules
        shared = {source.dataset for source in sources.values() if not rules.private(source)}
        self.kinds: list[_Kind] = []
        self.due: list[date] = []
        # Of a source that nobody knows, and so its terms, no row leaves.
        for source in (sources[key] for key in release.sources if key in sources):
            for silent in (False, True):
                asked = {"source": source.id, "silent": silent}
                rows = connection.sql(_NARROW_SQL, params=asked).to_arrow_table()
                own = fate(rows, source, source.dataset not in shared, rules, gate.today)
                self.due += [own.next_due] if own.next_due else []
                ids = rows["id"].combine_chunks().filter(pa.array(own.leave))
                if len(ids):
                    level = rules.level([] if silent else [source])
                    cited = cited_outside(
                        source, gate.key.alias, level is not None, rules.withhold_fields
                    )
                    self.kinds.append(_Kind(ids, level, cited))

    @property
    def ids(self) -> list[pa.Array]:
        """All that leave."""
        return [pa.array([], pa.string()), *(kind.ids for kind in self.kinds)]


def _in_columns(connection: Any, gate: Gate, kind: _Kind) -> None:
    """Put rows of one kind in, their columns changed and their cells left behind."""
    columns = ColumnGate(kind.level, gate.rules.withhold_fields, gate.areas, gate.key.alias)
    reading = connection.cursor()
    try:
        reading.register("leaving", pa.table({"id": kind.ids}))
        for batch in reading.sql(_CHANGED_SQL).to_arrow_reader(_CHUNK):
            whole = pa.Table.from_batches([batch])
            coarse = columns.columns(whole.select(INCIDENTS.names), kind.cited.id)
            connection.from_arrow(coarse).insert_into("beside.main.staged")
            pairs = zip(whole["id"].to_pylist(), coarse["id"].to_pylist(), strict=True)
            rows = {
                "id": coarse["id"],
                "form": pa.repeat(_BY_KEY, coarse.num_rows),
                "cells": pa.array([gate.key.concealed(*pair) for pair in pairs], pa.string()),
                "source_id": pa.repeat(kind.cited.id, coarse.num_rows),
                **{name: whole[name] for name in ("claims", "recorded_at", "recorded_by")},
            }
            connection.from_arrow(pa.table(rows).select(ROWS.names).cast(ROWS)).insert_into("rows")
    finally:
        reading.close()


class RowsByKey:
    """Reads incidents of a public snapshot's rows: those kept by their key are read in the release
    that they are of, and pass the gate there and then.
    """

    def __init__(self, gate: Gate, releases: Sequence[Path], sources: Mapping[str, Source]) -> None:
        self._gate, self._releases, self._sources = gate, releases, sources

    def __call__(
        self, rows: Iterable[Mapping[str, object]]
    ) -> Iterator[tuple[IncidentRecord, tuple[Claim, ...]]]:
        """The records and claims of rows, as they leave.

        Raises StoreUnavailable where the release is gone.
        """
        carried, asked = [], {}
        for row in rows:
            if row["form"] == _BY_KEY:
                asked[self._gate.key.revealed(str(row["cells"]), str(row["id"]))] = row
            else:
                carried.append(row)
        yield from row_files.incidents(carried)
        for whole in self._whole(sorted(asked)):
            yield self._passed(whole, asked[str(whole["id"])])

    def _whole(self, ids: list[str]) -> Iterator[Mapping[str, object]]:
        if not ids:
            return
        wanted = exp.select("*").from_("rows").where(exp.column("id").isin(*ids))
        left = len(ids)
        for engine in self._engines:
            for row in engine.run(wanted.sql("duckdb")).to_pylist():
                left -= 1
                yield row
            if not left:
                return
        raise StoreUnavailable("the release of an incident is gone; try again in a moment")

    @cached_property
    def _engines(self) -> list[DuckDBEngine]:
        return [DuckDBEngine(path) for path in self._releases]

    def _passed(
        self, whole: Mapping[str, object], row: Mapping[str, object]
    ) -> tuple[IncidentRecord, tuple[Claim, ...]]:
        ((record, claims),) = row_files.incidents([whole])
        source = self._sources.get(str(whole["source_id"]))
        if source is None:
            raise StoreUnavailable("the source of an incident is gone; try again in a moment")
        left = self._gate.passed(Batch((source,), (record,), claims)).batch
        if [own.id for own in left.records] != [row["id"]]:
            raise StoreUnavailable("what is held back has changed; try again in a moment")
        return left.records[0], left.claims


# The snapshot's own file.


def write_public(
    path: Path,
    gate: Gate,
    whole: Snapshot,
    sources: Mapping[str, Source],
    releases: Sequence[ReleaseFile],
) -> None:
    """Write what may leave of `whole` to `path`, with these files in place of its releases.

    Raises StoreUnavailable where it cannot be written; a part-written file may be left behind.
    """
    own = _Own(gate, whole, sources)
    own.pass_all()
    hidden, places = _in_releases(releases, own.edited, own.sides, gate.key)
    tables = own.tables(releases, places)
    trimmed = json.dumps(own.trimmed, sort_keys=True)
    sentences = json.dumps(gate.rules.sentences())
    due = [*(day.isoformat() for day in own.due), *(r.meta.get(NEXT_DUE_KEY, "") for r in releases)]
    meta = {
        **{k: v for k, v in whole.meta.items() if k in ("seq", "published_at")},
        SENTENCES_KEY: sentences,
        TRIMMED_KEY: trimmed,
        NEXT_DUE_KEY: min((day for day in due if day), default=""),
        STATE_KEY: _number(tables, releases, hidden, trimmed, sentences),
    }
    ids = [key for key, _ in hidden]
    write(
        path, tables, seq=whole.seq, releases=releases, edited=ids, told=meta,
        rows_sql=_NAMELESS_ROWS_SQL,
    )  # fmt: skip


class _Own:
    """The incidents of a snapshot that stand in its own file, on their way through the gate."""

    def __init__(self, gate: Gate, whole: Snapshot, sources: Mapping[str, Source]) -> None:
        self._gate, self._run, self._sources = gate, whole.engine.run, sources
        self._whole = self._run(_OWN_SQL)
        self._ids = frozenset(self._whole["id"].to_pylist())
        self._judgements = [
            codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
            for row in self._run(
                "SELECT content, recorded_at FROM judgements ORDER BY id"
            ).to_pylist()
        ]
        self.edited = tuple(self._run("SELECT DISTINCT id FROM edited")["id"].to_pylist())
        self.sides = {side for j in self._judgements for side in (j.left_id, j.right_id)}
        self.sides -= self._ids
        self._parts: dict[str, list[pa.Table]] = {}
        self._cited: dict[str, Source] = {}
        self._held: set[str] = set()
        self.trimmed: dict[str, int] = {}
        self.due: list[date] = []

    def pass_all(self) -> None:
        """Let each incident that a rule is about pass; the others leave as they are."""
        rules = self._gate.rules
        ids = touched_ids(self._whole, self._sources.values(), rules, self._gate.today)
        plain = pc.invert(pc.is_in(self._whole["id"], value_set=ids))
        plain_ids = self._whole["id"].filter(plain).combine_chunks()
        claims, records = self._run("FROM claims"), self._run("FROM records")
        self._parts = {
            "incidents": [self._whole.filter(plain).select(BASE.names).cast(BASE)],
            "claims": [
                _nameless(claims.filter(pc.is_in(claims["incident_id"], value_set=plain_ids)))
            ],
            "records": [records.filter(pc.is_in(records["id"], value_set=plain_ids))],
        }
        self._cited = {
            key: self._sources[key]
            for key in self._parts["claims"][0]["source_id"].unique().to_pylist()
        }
        ids = ids.take(pc.sort_indices(ids))  # as the order of the log would tell which is which
        for start in range(0, len(ids), _PIECE):
            self._pass(ids.slice(start, _PIECE), records, claims)

    def _pass(self, ids: pa.Array, records: pa.Table, claims: pa.Table) -> None:
        mine = records.filter(pc.is_in(records["id"], value_set=ids)).sort_by("id")
        said = claims.filter(pc.is_in(claims["incident_id"], value_set=ids))
        said = said.sort_by([("incident_id", "ascending"), ("position", "ascending")])
        batch = Batch(
            tuple(self._sources.values()),
            tuple(codec.decode_record(text) for text in mine["content"].to_pylist()),
            tuple(
                codec.decode_claim(
                    row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
                )
                for row in said.to_pylist()
            ),
        )
        passed = self._gate.passed(batch)
        left = passed.batch
        incidents = assemble(left.records, left.claims, (), left.sources)
        self._parts["incidents"].append(incident_columns(incidents))
        self._parts["claims"].append(claims_table(left.claims))
        self._parts["records"].append(records_table(left.records))
        self._cited |= {source.id: source for source in left.sources}
        self._held |= passed.held
        self.trimmed |= passed.trimmed
        self.due += [passed.next_due] if passed.next_due else []

    def tables(
        self, releases: Sequence[ReleaseFile], places: Collection[str]
    ) -> dict[str, pa.Table]:
        """What leaves, by table; `places` are the incidents at the ends of links that stand in
        public releases by their own ids.
        """
        schemas = {"claims": CLAIMS, "records": RECORDS}
        found = {
            name: pa.concat_tables(part.select(schema.names).cast(schema) for part in parts)
            for name, schema in schemas.items()
            for parts in (self._parts[name],)
        }
        cited = dict(self._cited)
        for release in releases:
            if _CITED_KEY in release.meta:
                outside = map(codec.decode_source, json.loads(release.meta[_CITED_KEY]))
                cited |= {source.id: source for source in outside if source.id not in cited}
            else:
                cited |= {key: self._sources[key] for key in release.sources if key not in cited}
        held = self._held | (self.sides - set(places))
        left = judgements_left(self._judgements, self._gate.rules, held)
        return {
            "incidents": finish(pa.concat_tables(self._parts["incidents"])),
            "claims": found["claims"].sort_by([("incident_id", "ascending"),
                                               ("position", "ascending")]),
            "sources": sources_table(cited[key] for key in sorted(cited)),
            "judgements": judgements_table(left),
            "records": found["records"].sort_by("id"),
            "rows": ROWS.empty_table(),
        }  # fmt: skip


def _nameless(table: pa.Table) -> pa.Table:
    """The table without addresses of who recorded it."""
    by = table["recorded_by"]
    hidden = pc.if_else(pc.match_substring(by, "@"), EDITOR, by)
    return table.set_column(table.schema.get_field_index("recorded_by"), "recorded_by", hidden)


#: An id outside, and what it adds to the hash of its release.
_Hidden = tuple[str, int]


def _in_releases(
    releases: Sequence[ReleaseFile], edited: Sequence[str], sides: Collection[str], key: GateKey
) -> tuple[list[_Hidden], set[str]]:
    """The edited incidents as public releases have them, and which of the sides of links these
    have by their own ids.
    """
    hidden: list[_Hidden] = []
    places: set[str] = set()
    names = pa.table({"id": _texts(edited), "alias": _texts(map(key.alias, edited))})
    for release in releases:
        with duckdb.connect(str(release.path), read_only=True) as connection:
            connection.register("asked", names)
            connection.register("sides", _ids(sides))
            if edited:
                hidden += connection.execute(_HIDDEN_SQL).fetchall()
            if sides:
                places |= {own for (own,) in connection.execute(_SIDES_SQL).fetchall()}
    return hidden, places - {own for own, _ in hidden}


def _number(
    tables: Mapping[str, pa.Table],
    releases: Sequence[ReleaseFile],
    hidden: Sequence[_Hidden],
    trimmed: str,
    sentences: str,
) -> str:
    """The hash of all that the public can ask, whichever files it stands in."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        total = sum(hash_of(connection, name) for name in tables)
    total += sum(int(release.meta[HASH_KEY]) for release in releases)
    total -= sum(number for _, number in hidden)
    said = repr((trimmed, sentences, total))
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def _ids(values: Iterable[str]) -> pa.Table:
    return pa.table({"id": _texts(sorted(values))})


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(list(values), pa.string())


_OWN_SQL: Final = f'FROM incidents WHERE "row" < {FIRST_ROW}'
_ABOUT_SQL: Final = """
    SELECT EXISTS (FROM incidents JOIN named USING (id))
        OR ($since IS NOT NULL AND EXISTS (
            FROM incidents WHERE latest IS NULL OR latest > CAST($since AS DATE)
        ))
"""
#: What tells the fate of the rows of a source, with claims or (`silent`) without.
_NARROW_SQL: Final = """
    SELECT id, i.latest, r.claims, r.recorded_at
    FROM whole.rows r JOIN whole.incidents i USING (id)
    WHERE r.source_id = $source AND (r.claims = 0) = $silent
"""
_PLAIN_INCIDENTS_SQL: Final = """
    CREATE TEMP VIEW unsorted AS
    SELECT w.* EXCLUDE ("row") FROM whole.incidents w SEMI JOIN beside.main.leaving USING (id)
"""
_PLAIN_ROWS_SQL: Final = f"""
    INSERT INTO rows BY NAME
    SELECT w.* REPLACE ({NAMELESS} AS recorded_by)
    FROM whole.rows w SEMI JOIN beside.main.leaving USING (id)
"""  # noqa: S608 - an expression of ours
_CHANGED_SQL: Final = f"""
    SELECT i.*, r.claims, r.recorded_at, {NAMELESS} AS recorded_by
    FROM whole.incidents i JOIN whole.rows r USING (id) SEMI JOIN leaving USING (id)
"""  # noqa: S608 - an expression of ours
_FIRST_SQL: Final = 'SELECT coalesce(min("row"), 0) FROM whole.incidents'
#: How the rows of a release are read, of which there is no twin.
_NAMELESS_ROWS_SQL: Final = f"SELECT * REPLACE ({NAMELESS} AS recorded_by) FROM {{rows}}"  # noqa: S608
_HIDDEN_SQL: Final = f"""
    SELECT i.id, CAST(hash(i) AS HUGEINT) + CAST(hash(r) AS HUGEINT)
    FROM (SELECT * EXCLUDE ("row") FROM incidents) i
    JOIN (SELECT * REPLACE ({NAMELESS} AS recorded_by) FROM rows) r ON i.id = r.id
    WHERE i.id IN (SELECT id FROM asked) OR right(i.id, 12) IN (SELECT alias FROM asked)
"""  # noqa: S608 - an expression of ours
_SIDES_SQL: Final = "SELECT id FROM incidents JOIN sides USING (id)"
