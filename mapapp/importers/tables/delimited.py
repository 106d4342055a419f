"""CSV, TSV and their kin as rows, streamed; quoted line breaks and cut-off files included."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.tables import files
from mapapp.importers.tables.table import Fault, ReadOptions, Row, Shape, make_row, shape_of

DELIMITERS = (",", ";", "\t", "|")

#: One field may be so long; a stray quote would otherwise swallow a whole file.
MAX_FIELD_CHARS = 4 * 2**20
csv.field_size_limit(MAX_FIELD_CHARS)
_SAMPLE_CHARS = 256 * 2**10
_SAMPLE_ROWS = 30


class _Lines:
    """Lines of a text file, which remembers whether it has come to its end or broke off."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.ended = False
        self.broke: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.ended:
            raise StopIteration
        try:
            return next(self._text)
        except StopIteration:
            self.ended = True
            raise
        except (EOFError, zlib.error, OSError) as error:
            self.ended, self.broke = True, str(error)
            raise StopIteration from error


class DelimitedTable:
    """A delimited text file."""

    kind = "delimited"

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        notices = []
        if options.encoding:
            self.encoding = options.encoding
        else:
            self.encoding, doubt = files.encoding_of(path)
            if doubt:
                notices.append(
                    Problem(path.name, "encoding", doubt, "Look at the preview", "warning")
                )
        with files.open_text(path, self.encoding) as text:
            sample = _beginning(text)
        self.delimiter = options.delimiter or sniff_delimiter(sample)
        beginning = list(_parse(sample, self.delimiter))
        self.shape: Shape = shape_of(beginning, path.name)
        if not self.shape.header:
            raise InvalidInput(f"{path.name} holds no table. Open it to see what it is")
        self.shape.notices[:0] = notices
        self._size = max(1, path.stat().st_size)
        self._done = 0.0

    def done(self) -> float:
        """How much has been read, 0 to 1."""
        return self._done

    def rows(self) -> Iterator[Row]:
        """Data rows; a row that breaks off with the file is there with its fault."""
        for number, (line, cells, fault) in enumerate(self.raw(), 1):
            if not cells and fault:
                yield Row(number, line, (), {}, (fault,))
                continue
            row = make_row(number, line, cells, self.shape.header)
            if fault:
                row = Row(row.number, row.line, row.cells, row.values, (fault, *row.faults))
            yield row

    def raw(self) -> Iterator[tuple[int, list[str], Fault | None]]:
        """First line, cells and fault of each data row, without a look at the cells."""
        number = 0
        with files.open_text(self.path, self.encoding) as text:
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self.delimiter)
            skipped, line = 0, 1
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    number += 1
                    says = f"cannot be read ({error}): a quote may not be closed"
                    yield line, [], Fault("", says, "Close the quote in this line")
                    line = reader.line_num + 1
                    continue
                first, line = line, reader.line_num + 1
                if not any(cells):
                    continue
                if skipped < self.shape.skip:
                    skipped += 1
                    continue
                number += 1
                if number % 512 == 0:
                    self._done = min(1.0, files.position(text) / self._size)
                yield first, cells, _cut_off(lines.broke) if lines.ended else None
            if lines.broke:
                self.shape.notice(
                    Problem(
                        f"{self.path.name} after row {number}", "",
                        f"the file breaks off ({lines.broke})",
                        "Download it again and import it once more: what is here already "
                        "will add nothing",
                    )
                )  # fmt: skip
            self._done = 1.0


def _cut_off(broke: str | None) -> Fault:
    """The fault of a row whose end is the end of the file inside an open quote."""
    if broke:
        return Fault("", "is cut off: the file breaks off inside it", "Download the file again")
    return Fault("", "is cut off: the file ends inside a quoted field, which may hold more rows",
                 "Close the quote; or the file was cut off, then download it again")  # fmt: skip


def _beginning(text: io.TextIOWrapper) -> str:
    try:
        return text.read(_SAMPLE_CHARS)
    except (EOFError, zlib.error, OSError):
        # Read piece by piece up to where it breaks.
        text.seek(0)
        found = []
        try:
            while piece := text.read(1024):
                found.append(piece)
        except (EOFError, zlib.error, OSError):
            pass
        return "".join(found)


def _parse(sample: str, delimiter: str) -> Iterator[list[str]]:
    """The first rows of a sample, without blank lines; its last, perhaps cut, row left out."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    found: list[list[str]] = []
    try:
        for cells in reader:
            if any(cells):
                found.append(cells)
            if len(found) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    cut = len(sample) >= _SAMPLE_CHARS and len(found) <= _SAMPLE_ROWS and len(found) > 1
    yield from found[:-1] if cut else found[:_SAMPLE_ROWS]


def sniff_delimiter(sample: str) -> str:
    """The delimiter that cuts most rows into the same number of fields, and into more than one."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(cells) for cells in _parse(sample, delimiter)]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        if width < 2:
            continue
        score = (round(count / len(widths), 1), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best
