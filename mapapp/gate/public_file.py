"""Writes the file of a public snapshot: incidents that a rule is about pass the gate, kept rows in
columns and others as records, and the rest is copied inside the database (log → public snapshot).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.batch import Batch
from mapapp.domain.incident import assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.source import Source
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.columns import GedGate
from mapapp.gate.fates import Fates, fates, touched_ids
from mapapp.gate.gate import Gated, cited_outside, judgements_left
from mapapp.gate.pieces import pieces, rows_of
from mapapp.gate.public_sql import CHANGED, STATE, TABLES
from mapapp.gate.rules import GateRules
from mapapp.log import codec
from mapapp.snapshot import summaries
from mapapp.snapshot.change_file import TIMES_KEY
from mapapp.snapshot.columns import finish, incident_columns
from mapapp.snapshot.schema import CLAIMS, INCIDENTS, RECORDS, ROWS
from mapapp.snapshot.snapshot import (
    SORT_MEMORY,
    STATE_KEY,
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

#: Rows that are changed in columns at a time.
_CHUNK: Final = 50_000

#: Hexadecimal digits of the hash of a public file: every program reads such a number exactly.
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of a data folder: what passes as records, and what columns need for it."""

    gated: Callable[[Batch], Gated]
    areas: GazetteerAreas
    alias: Callable[[str], str]


def write_public(
    path: Path,
    whole: Snapshot,
    gate: Gate,
    rules: GateRules,
    today: date,
) -> None:
    """Write what may leave of `whole` to `path`, which must not exist yet; durable when it returns.

    Raises StoreUnavailable where it cannot be written; a part-written file may be left behind.
    """
    with writing(path, whole) as connection:
        Filling(connection, whole, gate, rules, today).fill()


@contextmanager
def writing(path: Path, whole: Snapshot) -> Iterator[Any]:
    """A connection to the public file at `path`, with `whole` and room of its `own` beside it;
    durable at the end. Raises StoreUnavailable where it cannot be written.
    """
    assert whole.path is not None
    spill, beside = (path.with_name(path.name + end) for end in (".spill", ".own"))
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
            connection.execute("SET temp_directory = $folder", {"folder": str(spill)})
            connection.execute(f"ATTACH {_quoted(whole.path)} AS whole (READ_ONLY)")
            # What is made on the way: in the file itself it would leave holes.
            connection.execute(f"ATTACH {_quoted(beside)} AS own")
            yield connection
            connection.execute("DETACH whole; DETACH own; CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the public snapshot {path} could not be written ({error}); check that the disk has "
            "room and the folder can be written"
        ) from error
    finally:
        shutil.rmtree(spill, ignore_errors=True)
        beside.unlink(missing_ok=True)


def state_of(connection: Any, trimmed: str, sentences: str) -> str:
    """The hash of all that the file holds."""
    said = repr((trimmed, sentences, rows_of(connection, STATE)))
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


class Filling:
    """One public file on its way."""

    def __init__(
        self,
        connection: Any,
        whole: Snapshot,
        gate: Gate,
        rules: GateRules,
        today: date,
    ) -> None:
        self._connection, self._whole, self._gate = connection, whole, gate
        self._rules, self._today = rules, today
        self.sources = {
            source.id: source
            for (text,) in rows_of(connection, "SELECT content FROM whole.sources")
            for source in (codec.decode_source(text),)
        }
        self.judgements = [
            codec.decode_judgement(text, recorded_at=at)
            for text, at in rows_of(
                connection, "SELECT content, recorded_at FROM whole.judgements ORDER BY id"
            )
        ]
        self._linked = _strings({i for j in self.judgements for i in (j.left_id, j.right_id)})
        self.cited: dict[str, Source] = {}
        self.held: set[str] = set()
        self.trimmed: dict[str, int] = {}
        self.due: list[date] = []

    def fill(self) -> None:
        """Write every table."""
        connection = self._connection
        every = tuple(self.sources.values())
        ids = touched_ids(connection, every, self._rules, self._today)
        plain = self.take(ids)
        if len(plain):
            left = ids.filter(pc.invert(pc.is_in(ids, value_set=plain)))
            connection.execute("DROP TABLE own.touched")
            _create(connection, "own.main.touched", pa.table({"id": left}))
        for name, schema in (
            ("incidents", INCIDENTS), ("claims", CLAIMS), ("records", RECORDS), ("rows", ROWS),
        ):  # fmt: skip
            _create(connection, name, schema.empty_table())
            connection.execute(TABLES[name])
        self._finish()

    def take(self, ids: pa.Array) -> pa.Array:
        """Let incidents of the whole pass, into the tables of `own`; those of them, all kept rows,
        that leave as they are and are not in there.
        """
        connection = self._connection
        _create(connection, "own.main.touched", pa.table({"id": ids}))
        own = {
            "incidents": INCIDENTS.empty_table().drop_columns(["row"]),
            "claims": CLAIMS.empty_table(),
            "records": RECORDS.empty_table(),
            "rows": ROWS.empty_table(),
        }
        for name, table in own.items():
            _create(connection, f"own.main.{name}", table)
        found = fates(connection, self.sources, self._rules, self._today)
        self._hold(found.gone)
        self.due += [found.next_due] if found.next_due else []
        refused = self._in_columns(found)
        settled = [found.gone, found.plain, found.changed["id"].combine_chunks()]
        rest = pc.invert(pc.is_in(ids, value_set=pa.concat_arrays(settled)))
        self._as_records(
            pa.concat_arrays([ids.filter(rest), *refused]), tuple(self.sources.values())
        )
        return found.plain

    def _in_columns(self, found: Fates) -> list[pa.Array]:
        """Put in the rows that are changed in columns; the ids of those that it cannot do."""
        connection, refused = self._connection, []
        _create(connection, "own.main.changed", found.changed)
        for at, kind in enumerate(found.kinds):
            if not pc.any(pc.equal(found.changed["kind"], at)).as_py():
                continue
            source = cited_outside(
                kind.source, self._gate.alias, kind.level is not None, self._rules.withhold_fields
            )
            own = GedGate(
                kind.form, kind.level, self._rules.withhold_fields, source.id, self._gate.areas,
                self._gate.alias,
            )  # fmt: skip
            reading = connection.cursor()
            try:
                asked = reading.sql(CHANGED, params={"kind": at})
                reader = asked.to_arrow_reader(_CHUNK)
                for batch in reader:
                    whole = pa.Table.from_batches([batch])
                    passed = own.chunk(whole)
                    connection.from_arrow(passed.incidents).insert_into("own.main.incidents")
                    connection.from_arrow(passed.rows).insert_into("own.main.rows")
                    refused.append(passed.refused)
                    if passed.rows.num_rows:
                        self.cited[source.id] = source
                    if kind.level is not None:
                        self._hold(whole["id"].combine_chunks())
            finally:
                reading.close()
        return refused

    def _hold(self, ids: pa.Array) -> None:
        """Remember which incidents are not whole outside; only links ask for it."""
        self.held |= set(ids.filter(pc.is_in(ids, value_set=self._linked)).to_pylist())

    def _as_records(self, ids: pa.Array, sources: tuple[Source, ...]) -> None:
        """Put in incidents that pass one by one."""
        connection = self._connection
        for batch in pieces(connection, ids, sources):
            passed = self._gate.gated(batch)
            left = passed.batch
            own = assemble(left.records, left.claims, (), left.sources)
            wide = finish(incident_columns(own)).drop_columns(["row"])
            connection.from_arrow(wide).insert_into("own.main.incidents")
            connection.from_arrow(claims_table(left.claims)).insert_into("own.main.claims")
            connection.from_arrow(records_table(left.records)).insert_into("own.main.records")
            self.cited |= {source.id: source for source in left.sources}
            self.held |= passed.held
            self.trimmed |= passed.trimmed
            self.due += [passed.next_due] if passed.next_due else []

    def _finish(self) -> None:
        """Write what is small, and what the file says of itself."""
        connection, rules, cited = self._connection, self._rules, self.cited
        used = "SELECT source_id FROM claims UNION SELECT source_id FROM rows"
        for (key,) in rows_of(connection, used):
            if key in self.sources and key not in cited and not rules.private(self.sources[key]):
                cited[key] = self.sources[key]
        ((incidents, claims),) = rows_of(
            connection,
            "SELECT (SELECT count(*) FROM incidents) AS i, (SELECT count(*) FROM claims) AS c",
        )
        left = judgements_left(self.judgements, rules, self.held)
        _create(connection, "sources", sources_table(cited[key] for key in sorted(cited)))
        _create(connection, "judgements", judgements_table(left))
        trimmed, sentences = (
            json.dumps(self.trimmed, sort_keys=True),
            json.dumps(rules.sentences()),
        )
        own = (summaries.META_KEY, TIMES_KEY)  # of the whole file itself
        meta = {k: v for k, v in self._whole.meta.items() if k not in own} | {
            "incidents": str(incidents),
            "claims": str(claims),
            "sources": str(len(cited)),
            SENTENCES_KEY: sentences,
            TRIMMED_KEY: trimmed,
            STATE_KEY: state_of(connection, trimmed, sentences),
            NEXT_DUE_KEY: min(self.due).isoformat() if self.due else "",
        }
        _create(connection, "meta", meta_table(meta))
        if incidents >= summaries.FROM_INCIDENTS:
            summaries.write_to(connection, incidents)


def _create(connection: Any, name: str, table: pa.Table) -> None:
    connection.from_arrow(table).create(name)


def _strings(values: Any) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def _quoted(path: Path) -> str:
    # ATTACH takes no parameters; the path is ours, of the data folder.
    text = str(path).replace("'", "''")
    return f"'{text}'"
