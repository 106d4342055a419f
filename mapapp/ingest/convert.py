"""Rows of a chunk into columns, one row at a time, and what became of each (rows → columns).

It knows of no file and no store, so that a process of its own can do it (`ingest_workers`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gazetteer import Candidate
from mapapp.domain.claim import Claim
from mapapp.domain.incident import assemble
from mapapp.importers.forms.dataset import Converted, RowReader
from mapapp.importers.kept_rows import joined
from mapapp.importers.tables.table import Cell, Fault, Row, make_row
from mapapp.snapshot.columns import Memo, derive, incident_columns
from mapapp.snapshot.schema import BASE

#: The column that counts a row's claims.
CLAIMS = "claims"

#: What makes an incident say something else than in the release before: all its columns but those
#: that name the release.
_NOT_SAID = ("source_ids", "background", "abroad", "dataset")
_SAID = tuple(name for name in BASE.names if name not in _NOT_SAID)

#: A row as read: its number, first line, cells, and what is wrong with its shape.
Raw = tuple[int, int, Sequence[Cell], tuple[Fault, ...]]


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
    """Converts chunks of rows under one header.

    `iso_only` are columns whose days have to be written YYYY-MM-DD; any other raises Unsurveyed.
    """

    def __init__(
        self, reader: RowReader, header: tuple[str, ...], iso_only: Sequence[str] = (), *,
        claims_in_hash: bool = True,
    ) -> None:  # fmt: skip
        self._reader, self._header, self._iso_only = reader, header, iso_only
        self._claims_in_hash = claims_in_hash
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
            row = row_of(raw, self._header)
            found = row.faults or self._convert(row)
            if isinstance(found, Converted):
                if found.remarks:
                    remarks[len(outcomes)] = found.remarks
                outcomes.append(found.key)
                if found.key not in keys:  # the claims of two would be taken for one's
                    keys.add(found.key)
                    good.append(found)
                    cells.append(joined(row.cells))
            else:
                outcomes.append(found)
        columns = self._columns(good, cells) if good else None
        choices = dict(islice(self._reader.choices.items(), self._told, None))
        self._told = len(self._reader.choices)
        return Made(tuple(outcomes), columns, remarks, choices)

    def _convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        for name in self._iso_only:
            text = str(row.values.get(name) or "").strip()
            if text and not (text[:4].isdigit() and text[4:5] == text[7:8] == "-"):
                raise Unsurveyed(f"row {row.number}, {name}")
        return self._reader.convert(row)

    def _columns(self, good: Sequence[Converted], cells: list[str]) -> pa.Table:
        said = [item.claims for item in good]
        claims = [claim for own in said for claim in own]
        made = incident_columns(assemble([item.record for item in good], claims), self._memo)
        counts = pa.array([len(own) for own in said], pa.int32())
        return stored(
            made.append_column(CLAIMS, counts), cells, said if self._claims_in_hash else None
        )


def row_of(raw: Raw, header: tuple[str, ...]) -> Row:
    """A row under its header, with what is wrong with its shape."""
    number, line, cells, faults = raw
    if faults and not cells:
        return Row(number, line, (), {}, faults)
    row = make_row(number, line, cells, header)
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


def stored(
    made: pa.Table, cells: list[str], said: Sequence[Sequence[Claim]] | None = None
) -> pa.Table:
    """`BASE` columns with `CLAIMS` as they are kept: derived ones, a hash and the cells added."""
    return (
        derive(made)
        .append_column(CLAIMS, made[CLAIMS])
        .append_column("hash", pa.array(hashes(made, said)))
        .append_column("cells", pa.array(cells, pa.string()))
    )


def hashes(made: pa.Table, said: Sequence[Sequence[Claim]] | None = None) -> np.ndarray:
    """A number a row that differs where what the row says differs.

    `said` are the claims of each, where not all that they say is in the columns.
    """
    found = np.zeros(made.num_rows, np.uint64)
    texts: list[Any] = []
    for name in _SAID:
        column = made[name]
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "\n")
        # As text: numbers become floats or not by the gaps of the chunk they are in.
        texts.append(pc.fill_null(column.cast(pa.string()), "\0").to_pandas())
    if said is not None:
        texts.append(["\n".join(map(_content, own)) for own in said])
    for text in texts:
        own = pd.util.hash_array(np.asarray(text, dtype=object), categorize=True)
        found = found * np.uint64(31) + own
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
