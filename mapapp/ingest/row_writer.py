"""Rows of a file into a Parquet file beside the log, chunk by chunk (rows → columns).

GED goes through in whole columns; what is odd there, and the rows of any other form, are converted
one at a time, those of a large file by several processes. Either way a row goes in or aside by the
same rules as in `ingest_log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.importers.cells.located import Locator
from mapapp.importers.forms import ged_codes
from mapapp.importers.forms.dataset import Columns, Seen
from mapapp.importers.forms.ged import Ged
from mapapp.importers.kept_rows import BETWEEN, KeptForm
from mapapp.importers.tables.delimited import DelimitedTable
from mapapp.importers.tables.table import UNDECODED, Fault, Table
from mapapp.ingest.convert import Converter, Made, Raw, row_of, stored
from mapapp.ingest.ged_columns import GedColumns
from mapapp.ingest.task import Remarks, Task
from mapapp.ingest.workers import Workers
from mapapp.snapshot.row_files import STORED

_WHOLE_ROWS = 25_000
_CHUNK_ROWS = 10_000

#: First line, cells and fault of a row, as `DelimitedTable.raw` gives it.
_Delimited = tuple[int, list[str], Fault | None]

#: A row of the header's width: its number, first line, cells, and these as kept.
_Plain = tuple[int, int, Sequence[str], str]
_Some = TypeVar("_Some")


class RowWriter:
    """Writes the good rows of a file to `path` and sets the others aside."""

    def __init__(self, task: Task, form: KeptForm, path: Path) -> None:
        self.read = self.written = 0
        self.remarks = Remarks(task.table.path.name)
        self._task, self._table, self._form = task, task.table, form
        self._header = task.table.shape.header
        self._seen, self._id_at = Seen(), 0
        self._iso_only = () if task.read.surveyed else task.read.form.date_columns(self._header)
        self._same = {"form": form.text(), "source_id": task.reader.release.source.id,
                      "recorded_at": datetime.now(UTC), "recorded_by": task.order.by}  # fmt: skip
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
        task, table = self._task, self._table
        columns = Columns(self._header, ged_codes.COLUMNS)
        is_ged = isinstance(task.read.form, Ged)
        converter = Converter(task.reader, self._header, self._iso_only, claims_in_hash=not is_ged)
        if is_ged and isinstance(table, DelimitedTable) and GedColumns.has_all(columns):
            maker = GedColumns(
                columns, self._header, task.reader.release, Locator(task.read.context.gazetteer)
            )
            self._id_at = self._header.index(columns.found["id"])
            for some in _chunks(table.raw(), _WHOLE_ROWS):
                self._add_whole(some, maker, converter)
                yield table.done()
            return
        chunks = _chunks(_raws(table), _CHUNK_ROWS)
        if task.read.workers:
            with Workers(
                task.read.workers, self._form, self._iso_only, claims_in_hash=not is_ged
            ) as workers:
                for raws, made in workers.made(chunks):
                    yield self._add(raws, made)
        else:
            for raws in chunks:
                yield self._add(raws, converter.chunk(raws))

    def _add(self, raws: Sequence[Raw], made: Made) -> float:
        self.read += len(raws)
        self._settle(raws, made)
        return self._table.done()

    def _add_whole(
        self, batch: Sequence[_Delimited], maker: GedColumns, converter: Converter
    ) -> None:
        """A chunk of GED: its sound rows in whole columns, the others one at a time."""
        width = len(self._header)
        plain: list[_Plain] = []
        entries: list[Raw | int] = []
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
                entries.append((self.read, line, cells, (fault,) if fault else ()))
        whole = None
        if plain:
            whole, sound = maker.chunk([own[2] for own in plain])
            good = sound.tolist()
            entries = [
                (*plain[entry][:3], ()) if isinstance(entry, int) and not good[entry] else entry
                for entry in entries
            ]
            plain = [own for own, ok in zip(plain, good, strict=True) if ok]
        single = [entry for entry in entries if not isinstance(entry, int)]
        self._settle(entries, converter.chunk(single), plain, whole)

    def _settle(
        self,
        entries: Sequence[Raw | int],
        made: Made,
        plain: Sequence[_Plain] = (),
        whole: pa.Table | None = None,
    ) -> None:
        """Put rows in or aside, in their order: of two with one key the first goes in.

        `made` is what became of those entries that are rows. One that is a number stands for the
        next of the `plain` rows, whose columns are `whole`.
        """
        new_plain: list[bool] = []
        new: list[bool] = []
        keys: set[str] = set()
        at = -1
        for entry in entries:
            if isinstance(entry, int):
                number, line, cells, _ = plain[len(new_plain)]
                new_plain.append(
                    self._is_new(cells[self._id_at].strip(), (number, line, cells, ()))
                )
                continue
            at += 1
            found = made.outcomes[at]
            if not isinstance(found, str):
                self._task.aside.add(row_of(entry, self._header), found)
                continue
            is_new = self._is_new(found, entry)
            if found not in keys:
                keys.add(found)
                new.append(is_new)
            if is_new and at in made.remarks:
                self.remarks.add(entry[0], made.remarks[at])
        self._task.reader.choices.update(made.choices)
        if whole is not None and any(new_plain):
            kept = [own[3] for own, ok in zip(plain, new_plain, strict=True) if ok]
            self._write(whole if all(new_plain) else whole.filter(pa.array(new_plain)), kept)
        if made.columns is not None and any(new):
            self._write(made.columns if all(new) else made.columns.filter(pa.array(new)))

    def _is_new(self, key: str, raw: Raw) -> bool:
        again = self._seen.fault(key, raw[0], raw[2])
        if again is not None:
            self._task.aside.add(row_of(raw, self._header), (again,))
        return again is None

    def _write(self, columns: pa.Table, cells: list[str] | None = None) -> None:
        """Have columns written; with `cells` they are still `BASE` columns."""
        self._written()  # one at a time, so that memory does not grow
        self._writing = self._beside.submit(self._put, columns, cells)
        self.written += columns.num_rows

    def _put(self, columns: pa.Table, cells: list[str] | None) -> None:
        if cells is not None:
            columns = stored(columns, cells)
        zeros = pa.array(np.zeros(columns.num_rows, np.int64))
        for name, value in self._same.items():
            one = pa.array([value], STORED.field(name).type)
            columns = columns.append_column(name, one.take(zeros))
        self._file.write_table(columns.select(STORED.names).cast(STORED))


def _raws(table: Table) -> Iterator[Raw]:
    """The rows of a table, of delimited text without a look at the cells."""
    if isinstance(table, DelimitedTable):
        for number, (line, cells, fault) in enumerate(table.raw(), 1):
            yield number, line, cells, (fault,) if fault else ()
    else:
        for row in table.rows():
            yield row.number, row.line, row.cells, row.faults


def _chunks(rows: Iterable[_Some], size: int) -> Iterator[list[_Some]]:
    every = iter(rows)
    while some := list(islice(every, size)):
        yield some
