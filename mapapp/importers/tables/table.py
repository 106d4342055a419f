"""A table as read from any file: header, rows with their place in the file, faults of shape.

Serves the step file → rows. Every reader hands on `Row`s; columns are found by name, never by
position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol

from mapapp.domain.problems import Problem

Cell = str | int | float | bool | datetime | date | None

#: Columns that a file of set-aside rows carries; they are ignored when it is imported again.
REASON_COLUMNS = ("import_row", "import_field", "import_fault", "import_remedy")

#: What a byte becomes that the encoding does not have, or half a letter in JSON: a lone surrogate,
#: or U+FFFD.
UNDECODED = re.compile("[\ud800-\udfff\ufffd]")

_HXL_TAG = re.compile(r"#[a-z]\w*([ +].*)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: the field, what, and what to try.

    `once` is for a remark that holds for the file and is said at its first row alone.
    """

    field: str
    fault: str
    remedy: str
    once: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: `number` counts rows from 1, `line` is its first line in the file.

    `cells` are as in the file, `values` the same by column name (missing ones absent). `faults`
    were found while reading: such a row has no reliable values.
    """

    number: int
    line: int
    cells: tuple[Cell, ...]
    values: Mapping[str, Cell]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may say about a file where looking at it is not enough."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(slots=True)
class Shape:
    """What looking at a file's beginning tells: names of columns, rows above them, HXL tags."""

    header: tuple[str, ...]
    skip: int  # rows to leave out up to and with the header and HXL rows
    hxl: tuple[str, ...] = ()
    notices: list[Problem] = field(default_factory=list)
    from_1904: bool = False  # bare numbers that are days count from 1904, not 1900

    def notice(self, problem: Problem) -> None:
        """Take note of something, once however often the file is read."""
        if problem not in self.notices:
            self.notices.append(problem)


class Table(Protocol):
    """A file open for reading, row by row, as often as wanted."""

    path: Path
    kind: str
    shape: Shape
    encoding: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        """The data rows from the first; memory does not grow with the file."""
        ...

    def done(self) -> float:
        """How much of the file the running `rows()` has read, 0 to 1."""
        ...


def text_of(cell: Cell) -> str:
    """A cell as text without outer blanks; "" for an empty one; 3.0 is "3"."""
    if type(cell) is str:  # most cells by far
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float) and cell != cell:  # NaN stands for empty in columnar files
        return ""
    if isinstance(cell, datetime) and cell.time() == time():  # how workbooks keep a day
        return cell.date().isoformat()
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).strip()


def shape_of(beginning: Sequence[Sequence[Cell]], name: str) -> Shape:
    """Header and what to skip, from the first rows; a title above the header is passed over."""
    filled = [sum(1 for cell in row if text_of(cell)) for row in beginning]
    widest = max(filled, default=0)
    if widest == 0:
        return Shape((), len(beginning))
    at = next(i for i, count in enumerate(filled) if count >= max(1, 0.6 * widest))
    notices = []
    if at and any(filled[:at]):
        notices.append(
            Problem(f"{name} rows 1 to {at}", "", "stand above the header and are not data",
                    "Nothing to do, if the names of the columns are right", "warning")
        )  # fmt: skip
    raw = [text_of(cell) for cell in beginning[at]]
    below = [text_of(cell) for cell in beginning[at + 1]] if len(beginning) > at + 1 else []
    if _is_second_half(raw, below):
        width = max(len(raw), len(below))
        upper, lower = ([*row, *[""] * (width - len(row))] for row in (raw, below))
        raw = [own or above for above, own in zip(upper, lower, strict=True)]
        at += 1
        notices.append(
            Problem(f"{name} rows {at} and {at + 1}", "", "are both names of columns; where there "
                    "are two, the lower one is taken", "Nothing to do, if the names are right",
                    "warning")
        )  # fmt: skip
    names = _names(raw, name, notices)
    skip = at + 1
    tags: tuple[str, ...] = ()
    if len(beginning) > skip:
        second = [text_of(cell) for cell in beginning[skip]]
        said = [tag for tag in second if tag]
        if len(said) >= 2 and all(_HXL_TAG.fullmatch(tag) for tag in said):
            tags = tuple(second[: len(names)])
            skip += 1
            notices.append(
                Problem(f"{name} row {skip}", "", "holds HXL tags, not an event",
                        "Nothing to do: it is not counted as a row", "warning")
            )  # fmt: skip
    surplus = [row for row in beginning[skip:] if len(row) > len(names)]
    if surplus and not any(text_of(cell) for row in surplus for cell in row[len(names) :]):
        notices.append(
            Problem(f"{name} header", "", f"names {len(names)} columns, rows have "
                    f"{len(surplus[0])} fields; what is over is empty and left out",
                    "Nothing to do", "warning")
        )  # fmt: skip
    return Shape(names, skip, tags, notices)


def _is_second_half(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row goes on with the header above it: it names all that has no name yet.

    A row of data has a number or a day somewhere, a header has not.
    """
    gaps = [at for at in range(max(len(upper), len(lower))) if at >= len(upper) or not upper[at]]
    if not gaps or not all(at < len(lower) and lower[at] for at in gaps):
        return False
    said = [cell for cell in lower if cell]
    return not any(char.isdigit() or char == "#" for cell in said for char in cell)


def nameless(number: int) -> str:
    """What a column without a name is called."""
    return f"column {number}"


def _names(raw: Sequence[str], name: str, notices: list[Problem]) -> tuple[str, ...]:
    """Unique names; a nameless column gets its number, an empty tail of the header is cut."""
    width = max(i for i, words in enumerate(raw, 1) if words)
    found: list[str] = []
    for number, words in enumerate(raw[:width], 1):
        own = " ".join(words.split()) or nameless(number)
        if own in found:
            notices.append(
                Problem(f"{name} header", own, "is the name of two columns",
                        f"The second is called '{own} ({number})' here; name it apart", "warning")
            )  # fmt: skip
            own = f"{own} ({number})"
        found.append(own)
    return tuple(found)


def make_row(number: int, line: int, cells: Sequence[Cell], header: tuple[str, ...]) -> Row:
    """A row under its header; surplus empty cells are cut, any other misfit is a fault."""
    width = len(header)
    cells = tuple(cells)
    used = len(cells)
    while used > width and text_of(cells[used - 1]) == "":
        used -= 1
    faults: tuple[Fault, ...] = ()
    if used > width:
        faults = (
            Fault("", f"has {used} fields where the header has {width}: its columns are shifted",
                  "Put a field that holds the delimiter in quotes, or mend the header"),
        )  # fmt: skip
    elif used < width:
        faults = (
            Fault(header[used], f"is missing: the row has {used} fields where the header has "
                  f"{width}", "Complete the row; it may have been cut off"),
        )  # fmt: skip
    faults += undecoded(cells)
    return Row(number, line, cells, dict(zip(header, cells, strict=False)), faults)


def undecoded(cells: Sequence[Cell]) -> tuple[Fault, ...]:
    """The fault of a row with letters that cannot be told, if it has any."""
    try:  # cells of text alone, as most rows have: in a tenth of the time
        text = "".join(cells)  # type: ignore[arg-type]
    except TypeError:
        text = "".join(cell for cell in cells if type(cell) is str)
    if not text.isascii() and UNDECODED.search(text):
        return (
            Fault("", "holds bytes that are not of the file's encoding",
                  "Say the encoding (for example cp1252), or correct the letters"),
        )  # fmt: skip
    return ()
