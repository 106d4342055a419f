"""A sheet of an XLSX workbook as rows; formulas give the value stored with them (file → rows)."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.tables import files
from mapapp.importers.tables.table import (
    Cell,
    Fault,
    ReadOptions,
    Row,
    Shape,
    make_row,
    nameless,
    shape_of,
)

_BEGINNING = 30
#: So many columns right of the last heading may hold remarks; cells of a workbook do not shift.
_BESIDE = 8


class WorkbookTable:
    """One sheet: the one named, else the first with more than one column, else the first filled."""

    kind = "xlsx"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        files.check_workbook(path)
        self.path = path
        self._done = 0.0
        with closing(self._open(values=True)) as book:
            names = list(book.sheetnames)
            if options.sheet is not None and options.sheet not in names:
                raise InvalidInput(
                    f"{path.name} has no sheet '{options.sheet}'. It has: {', '.join(names)}"
                )
            # What a sheet states as its size may be absurd, or wrong: used for names alone.
            widths = {name: getattr(book[name], "max_column", None) or 0 for name in names}
            filled = {name: _first_rows(book[name]) for name in names}
            from_1904 = book.epoch == CALENDAR_MAC_1904
            hidden = {name for name in names if book[name].sheet_state != "visible"}
        full = [name for name in names if any(any(r) for r in filled[name])]
        if not full:
            raise InvalidInput(f"{path.name} holds no table. Open it to see what it is")
        # A cover or a page of notes has one column, a table has more.
        tables = [name for name in full if _width(filled[name]) > 1]
        # Who looks at the workbook does not see what is hidden: it is read where it is named.
        seen = [name for name in tables if name not in hidden]
        self.sheet = options.sheet or (seen or tables or full)[0]
        meant = {self.sheet, *(seen or full)}
        #: The first rows of every sheet that could be meant.
        self.sheets = {name: [r for r in filled[name] if any(r)] for name in full if name in meant}
        self.shape: Shape = shape_of(self.sheets[self.sheet], path.name)
        self.shape.from_1904 = from_1904
        self.shape.header += tuple(
            nameless(number)
            for number in range(len(self.shape.header) + 1, widths[self.sheet] + 1)
            if widths[self.sheet] - len(self.shape.header) <= _BESIDE
        )
        others = [f"{name} (hidden)" if name in hidden else name
                  for name in full if name != self.sheet]  # fmt: skip
        if others:
            self.shape.notices.append(
                Problem(
                    path.name, "sheet",
                    f"only the sheet '{self.sheet}' is read; there are also {', '.join(others)}",
                    "Choose another sheet if you mean it", "warning",
                )
            )  # fmt: skip

    def _open(self, *, values: bool) -> Any:
        import openpyxl  # slow to load, and only this reader needs it

        try:
            with warnings.catch_warnings():
                # Styles and validations that openpyxl does not know are of no use here.
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(self.path, read_only=True, data_only=values)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError) as error:
            raise InvalidInput(
                f"{self.path.name} cannot be read as a workbook ({error}). Save it again as .xlsx"
            ) from error

    def done(self) -> float:
        """How much has been read, 0 to 1."""
        return self._done

    def rows(self) -> Iterator[Row]:
        """Data rows; a formula without a stored value is a fault of its row."""
        header, number, skipped = self.shape.header, 0, 0
        with closing(self._open(values=True)) as book, closing(self._open(values=False)) as raw:
            sheet, formulas = book[self.sheet], raw[self.sheet]
            total = max(1, sheet.max_row or 1)
            for one in (sheet, formulas):
                one.reset_dimensions()  # the size a sheet states may be absurd, or wrong
            pairs = zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
            for line, (cells, written) in enumerate(pairs, 1):
                if not any(_value(cell) not in (None, "") for cell in cells):
                    continue
                if skipped < self.shape.skip:
                    skipped += 1
                    continue
                number += 1
                if number % 512 == 0:
                    self._done = min(1.0, line / total)
                row = make_row(number, line, _padded(cells, len(header)), header)
                faults = tuple(_formula_faults(cells, written, header))
                yield Row(number, line, row.cells, row.values, (*row.faults, *faults))
        self._done = 1.0


def _first_rows(sheet: Any) -> list[list[Cell]]:
    if not hasattr(sheet, "iter_rows"):  # a chart sheet
        return []
    sheet.reset_dimensions()
    return [[_value(c) for c in row] for row in sheet.iter_rows(max_row=_BEGINNING)]


def _width(rows: list[list[Cell]]) -> int:
    """How many cells of its fullest row are filled."""
    return max((sum(cell not in (None, "") for cell in row) for row in rows), default=0)


def _value(cell: Any) -> Cell:
    return cell.value if cell.data_type != "e" else str(cell.value)


def _padded(cells: tuple[Any, ...], width: int) -> list[Cell]:
    """A sheet leaves out empty cells at the end of a row: they are empty, not missing."""
    values = [_value(cell) for cell in cells]
    return values + [None] * (width - len(values))


def _formula_faults(
    cells: tuple[Any, ...], written: tuple[Any, ...], header: tuple[str, ...]
) -> Iterator[Fault]:
    for at, (cell, own) in enumerate(zip(cells, written, strict=False)):
        name = header[at] if at < len(header) else ""
        if own.data_type == "f" and cell.value is None:
            yield Fault(name, "is a formula whose value is not stored in the file",
                        "Open the file in a spreadsheet program, let it calculate, and save it; "
                        "or paste values in place of formulas")  # fmt: skip
        elif cell.data_type == "e":
            yield Fault(name, f"is an error of the spreadsheet ({cell.value})",
                        "Mend the formula, or empty the cell")  # fmt: skip
