"""Rows of a chunk into columns, one row at a time, and what became of each (rows → columns).

It knows of no file and no store, so that a process of its own can do it (`workers.py`).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gazetteer import Candidate
from mapapp.domain.claim import Claim
from mapapp.domain.incident import Incident
from mapapp.importers.forms.dataset import Converted, RowReader
from mapapp.importers.kept_rows import KeptForm, parted
from mapapp.importers.tables.table import Cell, Fault, Row, make_row
from mapapp.snapshot.columns import Memo, derive, incident_columns
from mapapp.snapshot.schema import BASE

#: The column that counts a row's claims.
CLAIMS = "claims"

#: What makes an incident say something else than in the release before: all its columns but those
#: that name the release.
_NOT_SAID = ("source_ids", "background", "abroad", "dataset")
_SAID = tuple(name for name in BASE.names if name not in _NOT_SAID)

#: Forms whose columns hold all that their rows say. What is kept of their releases was hashed so.
_SAY_ALL_IN_COLUMNS = ("ucdp-ged",)

#: A day as its column may have it or not: no other order, no other calendar, no offset.
_PLAIN_DAY = re.compile(
    r"\s*(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?\s*)?"
)

#: A row as read: its number, first line, cells as one text (`kept_rows.joined`; "": none), and what
#: is wrong with its shape. One text goes to another process at a tenth of the time of fifty.
Raw = tuple[int, int, str, tuple[Fault, ...]]


class Unsurveyed(Exception):
    """A row's day can be read only when the dates of all rows have been looked at."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a chunk's rows.

    `outcomes` has one a row: the key of one that can go in, the faults of any other. `columns` are
    the good ones' in their order, of several with one key the first's (None where there are none):
    the derived columns of the store, their number of claims, a hash of what they say, and their
    cells. `remarks` are by the row's position in the chunk; `choices` are words met for the first
    time that fit several places.
    """

    outcomes: tuple[str | tuple[Fault, ...], ...]
    columns: pa.Table | None
    remarks: Mapping[int, tuple[Fault, ...]]
    choices: Mapping[str, tuple[Candidate, ...]]


class Converter:
    """Converts chunks of rows of one form.

    `plain_days` are columns whose days have to need no look at the whole column (`_PLAIN_DAY`);
    any other raises Unsurveyed.
    """

    def __init__(self, form: KeptForm, reader: RowReader, plain_days: Sequence[str] = ()) -> None:
        self._form, self._reader, self._plain_days = form, reader, plain_days
        self._memo, self._told = Memo(), 0

    def chunk(self, raws: Sequence[Raw]) -> Made:
        """What becomes of some rows."""
        with _uncollected():
            return self._chunk(raws)

    def _chunk(self, raws: Sequence[Raw]) -> Made:
        outcomes: list[str | tuple[Fault, ...]] = []
        good: list[Converted] = []
        cells: list[str] = []
        keys: set[str] = set()
        remarks: dict[int, tuple[Fault, ...]] = {}
        for raw in raws:
            row = row_of(raw, self._form.header)
            converted = row.faults or self._convert(row)
            if isinstance(converted, Converted):
                if converted.remarks:
                    remarks[len(outcomes)] = converted.remarks
                outcomes.append(converted.key)
                if converted.key not in keys:  # the claims of two would be taken for one's
                    keys.add(converted.key)
                    good.append(converted)
                    cells.append(raw[2])
            else:
                outcomes.append(converted)
        columns = self._columns(good, cells) if good else None
        choices = dict(islice(self._reader.choices.items(), self._told, None))
        self._told = len(self._reader.choices)
        return Made(tuple(outcomes), columns, remarks, choices)

    def _convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        for name in self._plain_days:
            if not needs_no_survey(row.values.get(name)):
                raise Unsurveyed(f"row {row.number}, {name}")
        return self._reader.convert(row)

    def _columns(self, good: Sequence[Converted], cells: list[str]) -> pa.Table:
        incidents = [Incident(item.record, item.claims) for item in good]
        made = incident_columns(incidents, self._memo)
        counts = pa.array([len(item.claims) for item in good], pa.int32())
        hashed = hashes(made, [item.claims for item in good], self._form.form)
        return (
            derive(made)
            .append_column(CLAIMS, counts)
            .append_column("hash", pa.array(hashed))
            .append_column("cells", pa.array(cells, pa.string()))
        )


def needs_no_survey(cell: Cell) -> bool:
    """Whether a cell can be read as a day without a look at its whole column."""
    if cell is None:
        return True
    return isinstance(cell, str) and _PLAIN_DAY.fullmatch(cell) is not None


def row_of(raw: Raw, header: tuple[str, ...]) -> Row:
    """A row under its header, with what is wrong with its shape."""
    number, line, cells, faults = raw
    if faults and not cells:
        return Row(number, line, (), {}, faults)
    row = make_row(number, line, parted(cells), header)
    if not faults:
        return row
    more = tuple(fault for fault in row.faults if fault not in faults)
    return Row(number, line, row.cells, row.values, (*faults, *more))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: a chunk's claims have none, and looking takes a third."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def hashes(made: pa.Table, claims: Sequence[Sequence[Claim]], form: str) -> np.ndarray:
    """A number an incident that differs where what its row says differs, of `BASE` columns.

    `claims` are those of each.
    """
    hashed = np.zeros(made.num_rows, np.uint64)
    for name in _SAID:
        hashed = hashed * np.uint64(31) + _hashes_of(made[name])
    if form not in _SAY_ALL_IN_COLUMNS:
        texts = pa.array(["\n".join(map(_content, of_one)) for of_one in claims], pa.string())
        hashed = hashed * np.uint64(31) + _hashes_of(texts)
    return hashed


def _hashes_of(column: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """A hash of each value as text: numbers become floats or not by the gaps of their chunk."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, "\n")
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    # Most columns have few values that differ; each is hashed once.
    encoded = column.dictionary_encode()
    values = [*encoded.dictionary.cast(pa.string()).to_pylist(), "\0"]
    hashed: np.ndarray = pd.util.hash_array(np.asarray(values, dtype=object), categorize=False)
    found: np.ndarray = hashed[pc.fill_null(encoded.indices, len(values) - 1).to_numpy()]
    return found


def _content(claim: Claim) -> str:
    """All that a claim says but of which incident and by which release."""
    return "\0".join(
        "" if part is None else str(part)
        for part in (
            claim.property, claim.asserted_by, claim.speaker_class, claim.value, claim.low,
            claim.high, claim.modifier, claim.victim_class, claim.victim_text, claim.subset_of,
            claim.attribution_kind, claim.actor, claim.actor_text, claim.asserted_on,
            claim.locator, claim.words, claim.note,
        )
    )  # fmt: skip
