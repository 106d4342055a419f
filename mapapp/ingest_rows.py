"""Rows of a file into a Parquet file beside the log, chunk by chunk (rows → columns).

GED goes through in whole columns; what is odd there, and the rows of any other form, are converted
one at a time. Either way a row goes in or aside by the same rules as in `ingest_log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mapapp.domain.claim import Claim
from mapapp.domain.incident import assemble
from mapapp.importers import ged_codes
from mapapp.importers.dataset import Columns, Converted, Seen
from mapapp.importers.delimited import DelimitedTable
from mapapp.importers.ged import Ged
from mapapp.importers.kept_rows import BETWEEN, KeptForm, joined
from mapapp.importers.located import Locator
from mapapp.importers.table import UNDECODED, Fault, Row, make_row
from mapapp.ingest_columns import CLAIMS, GedColumns
from mapapp.ingest_task import Remarks, Task, Unsurveyed
from mapapp.store.columns import Memo, derive, incident_columns
from mapapp.store.row_files import STORED
from mapapp.store.schema import BASE

_CHUNK_ROWS = 25_000

#: What makes an incident say something else than in the release before: all its columns but those
#: that name the release.
_NOT_SAID = ("source_ids", "background", "abroad", "dataset")
_SAID = tuple(name for name in BASE.names if name not in _NOT_SAID)

#: First line, cells and fault of a row, as `DelimitedTable.raw` gives it.
_Raw = tuple[int, list[str], Fault | None]

#: A row of the header's width: its number, first line, cells, and these as kept.
_Plain = tuple[int, int, Sequence[str], str]
_Some = TypeVar("_Some")


class RowWriter:
    """Writes the good rows of a file to `path` and sets the others aside."""

    def __init__(self, task: Task, form: KeptForm, path: Path) -> None:
        self.read = self.written = 0
        self.remarks = Remarks(task.table.path.name)
        self._task, self._table = task, task.table
        self._reader, self._seen, self._memo = task.reader, Seen(), Memo()
        self._ged, self._id_at = isinstance(task.form, Ged), 0
        self._same = {"form": form.text(), "source_id": task.reader.release.source.id,
                      "recorded_at": datetime.now(UTC), "recorded_by": task.by}  # fmt: skip
        self._file = pq.ParquetWriter(path, STORED, compression="zstd")
        # Packing and writing leave Python to itself: another core does it meanwhile.
        self._beside = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._written()
        finally:
            self._beside.shutdown()
            self._file.close()

    def _written(self) -> None:
        """Wait for what is being written, and raise what went wrong with it."""
        if self._writing is not None:
            self._writing.result()

    def write_all(self) -> Iterator[float]:
        """Write chunk after chunk; gives how much of the file is done."""
        table, header = self._table, self._table.shape.header
        columns = Columns(header, ged_codes.COLUMNS)
        if self._ged and isinstance(table, DelimitedTable) and GedColumns.has_all(columns):
            release = self._reader.release
            maker = GedColumns(columns, header, release, Locator(self._task.gazetteer))
            self._id_at = header.index(columns.found["id"])
            for raw in _chunks(table.raw()):
                self._add_whole(raw, maker)
                yield table.done()
        else:
            for rows in _chunks(table.rows()):
                self.read += len(rows)
                self._settle(rows)
                yield table.done()

    def _add_whole(self, batch: Sequence[_Raw], maker: GedColumns) -> None:
        """A chunk of GED: its sound rows in whole columns, the others one at a time."""
        width = len(self._table.shape.header)
        plain: list[_Plain] = []
        entries: list[Row | int] = []
        for line, cells, fault in batch:
            self.read += 1
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            kept = BETWEEN.join(cells)
            if (
                fault is None
                and len(cells) == width
                and kept.count(BETWEEN) == width - 1
                and (kept.isascii() or not UNDECODED.search(kept))
            ):
                entries.append(len(plain))
                plain.append((self.read, line, cells, kept))
            else:
                entries.append(self._row(self.read, line, cells, fault))
        if not plain:
            self._settle(entries)
            return
        made, sound = maker.chunk([own[2] for own in plain])
        good = sound.tolist()
        entries = [
            self._row(*plain[entry][:3]) if isinstance(entry, int) and not good[entry] else entry
            for entry in entries
        ]
        self._settle(entries, [own for own, ok in zip(plain, good, strict=True) if ok], made)

    def _row(self, number: int, line: int, cells: Sequence[str], fault: Fault | None = None) -> Row:
        if not cells and fault:
            return Row(number, line, (), {}, (fault,))
        row = make_row(number, line, cells, self._table.shape.header)
        if fault is None:
            return row
        return Row(number, line, row.cells, row.values, (fault, *row.faults))

    def _settle(
        self,
        entries: Sequence[Row | int],
        plain: Sequence[_Plain] = (),
        made: pa.Table | None = None,
    ) -> None:
        """Put rows in or aside, in their order: of two with one key the first goes in.

        An entry that is a number stands for the next of the `plain` rows, whose columns are `made`.
        """
        good: list[tuple[Converted, Row]] = []
        new: list[bool] = []
        for entry in entries:
            if isinstance(entry, int):
                new.append(self._is_new(plain[len(new)]))
                continue
            found = entry.faults or self._convert(entry)
            if isinstance(found, Converted):
                again = self._seen.fault(found.key, entry.number, entry.cells)
                if again is None:
                    good.append((found, entry))
                    self.remarks.add(entry, found)
                    continue
                found = (again,)
            self._task.aside.add(entry, found)
        if made is not None and any(new):
            kept = [own[3] for own, ok in zip(plain, new, strict=True) if ok]
            self._write(made if all(new) else made.filter(pa.array(new)), kept)
        if good:
            said = [item.claims for item, _ in good]
            claims = [claim for own in said for claim in own]
            columns = incident_columns(assemble([i.record for i, _ in good], claims), self._memo)
            counts = pa.array([len(own) for own in said], pa.int32())
            self._write(
                columns.append_column(CLAIMS, counts),
                [joined(row.cells) for _, row in good],
                None if self._ged else said,
            )

    def _is_new(self, own: _Plain) -> bool:
        number, line, cells, _ = own
        again = self._seen.fault(cells[self._id_at].strip(), number, cells)
        if again is not None:
            self._task.aside.add(self._row(number, line, cells), (again,))
        return again is None

    def _convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        if not self._task.surveyed:
            for name in self._task.form.date_columns(self._table.shape.header):
                text = str(row.values.get(name) or "").strip()
                if text and not (text[:4].isdigit() and text[4:5] == text[7:8] == "-"):
                    raise Unsurveyed(f"row {row.number}, {name}")
        return self._reader.convert(row)

    def _write(
        self, made: pa.Table, cells: list[str], said: Sequence[Sequence[Claim]] | None = None
    ) -> None:
        self._written()  # one at a time, so that memory does not grow
        self._writing = self._beside.submit(self._put, made, cells, said)
        self.written += made.num_rows

    def _put(
        self, made: pa.Table, cells: list[str], said: Sequence[Sequence[Claim]] | None
    ) -> None:
        columns = (
            derive(made)
            .append_column(CLAIMS, made[CLAIMS])
            .append_column("hash", pa.array(hashes(made, said)))
            .append_column("cells", pa.array(cells, pa.string()))
        )
        zeros = pa.array(np.zeros(made.num_rows, np.int64))
        for name, value in self._same.items():
            one = pa.array([value], STORED.field(name).type)
            columns = columns.append_column(name, one.take(zeros))
        self._file.write_table(columns.select(STORED.names).cast(STORED))


def _chunks(rows: Iterable[_Some]) -> Iterator[list[_Some]]:
    every = iter(rows)
    while some := list(islice(every, _CHUNK_ROWS)):
        yield some


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
