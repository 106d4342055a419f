"""Rows of a file into a Parquet file beside the log, chunk by chunk (rows → columns)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.importers.forms.dataset import Seen
from mapapp.importers.kept_rows import KeptForm, joined
from mapapp.importers.tables.delimited import DelimitedTable
from mapapp.importers.tables.table import Table
from mapapp.ingest.convert import Converter, Made, Raw, row_of
from mapapp.ingest.task import Remarks, Task
from mapapp.ingest.workers import Workers
from mapapp.snapshot.row_files import STORED

_CHUNK_ROWS = 10_000


class RowWriter:
    """Writes the good rows of a file to `path` and sets the others aside.

    A large file's rows are converted by several processes (`Reading.workers`).
    """

    def __init__(self, task: Task, form: KeptForm, path: Path) -> None:
        self.read = self.written = 0
        self.remarks = Remarks(task.table.path.name)
        self._task, self._form = task, form
        self._header = task.table.shape.header
        self._seen = Seen()
        read = task.read
        self._plain_days = () if read.surveyed else read.form.date_columns(self._header)
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
        task, chunks = self._task, _chunks(_raws(self._task.table))
        if task.read.workers:
            with Workers(task.read.workers, self._form, self._plain_days) as workers:
                for raws, made in workers.made(chunks):
                    yield self._add(raws, made)
        else:
            converter = Converter(self._form, task.reader, self._plain_days)
            for raws in chunks:
                yield self._add(raws, converter.chunk(raws))

    def _add(self, raws: Sequence[Raw], made: Made) -> float:
        """Put rows in or aside, in their order: of two with one key the first goes in."""
        self.read += len(raws)
        new: list[bool] = []
        keys: set[str] = set()
        for at, (raw, outcome) in enumerate(zip(raws, made.outcomes, strict=True)):
            if not isinstance(outcome, str):
                self._task.aside.add(row_of(raw, self._header), outcome)
                continue
            again = self._seen.fault(outcome, raw[0], raw[2])
            if again is not None:
                self._task.aside.add(row_of(raw, self._header), (again,))
            if outcome not in keys:
                keys.add(outcome)
                new.append(again is None)
            if again is None and at in made.remarks:
                self.remarks.add(raw[0], made.remarks[at])
        self._task.reader.choices.update(made.choices)
        if made.columns is not None and any(new):
            self._write(made.columns if all(new) else made.columns.filter(pa.array(new)))
        return self._task.table.done()

    def _write(self, columns: pa.Table) -> None:
        self._written()  # one at a time, so that memory does not grow
        self._writing = self._beside.submit(self._put, columns)
        self.written += columns.num_rows

    def _put(self, columns: pa.Table) -> None:
        zeros = pa.array(np.zeros(columns.num_rows, np.int64))
        for name, value in self._same.items():
            one = pa.array([value], STORED.field(name).type)
            columns = columns.append_column(name, one.take(zeros))
        self._file.write_table(columns.select(STORED.names).cast(STORED))


def _raws(table: Table) -> Iterator[Raw]:
    """The rows of a table, of delimited text without a look at the cells."""
    if isinstance(table, DelimitedTable):
        for number, (line, cells, fault) in enumerate(table.raw(), 1):
            yield number, line, joined(cells) if cells else "", (fault,) if fault else ()
    else:
        for row in table.rows():
            yield row.number, row.line, joined(row.cells) if row.cells else "", row.faults


def _chunks(rows: Iterator[Raw]) -> Iterator[list[Raw]]:
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        yield chunk
