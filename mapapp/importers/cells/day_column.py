"""What the values of one column of dates prove of its form, before any of them is read.

One order holds for a whole column: a value above 12 decides it, and it is said which; where none
does, or values prove both, the person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from mapapp.importers.cells.day_values import SOLAR_YEARS, DayOrder, ascii_digits, days
from mapapp.importers.cells.values import BadValue
from mapapp.importers.tables.table import Cell, text_of

_NUMERIC = re.compile(
    r"(?<![\d/.\-])(\d{1,2})([/.\-])(\d{1,2})(?:\2(?:\d{4}|\d{2})(?!\d)|(?=\s*[-–]\s*\d{1,2}\2\d{1,2}\2\d{4}))"
)
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([/.\-])(\d{1,2})\2(\d{1,2})(?!\d)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


@dataclass(slots=True)
class DateColumn:
    """What the values of one column say about its form; feed it with `see`, then `verdict`.

    Each text is the first value that proves something, with its row.
    """

    name: str
    first_large: str = ""  # the first number of 13/02/2019 is above 12
    second_large: str = ""
    day_second: str = ""  # 2019-13-02
    day_third: str = ""
    undecided: list[str] = field(default_factory=list)
    serials: str = ""
    solar: str = ""
    typed: int = 0  # cells that a spreadsheet keeps as days,
    typed_small: int = 0  # and those of them whose day of the month is 12 or less
    notes: dict[str, str] = field(default_factory=dict)

    def see(self, cell: Cell, row: int) -> None:
        """Take note of one value."""
        if cell is None:
            return
        if isinstance(cell, (datetime, date)):
            self.typed += 1
            self.typed_small += cell.day <= 12
            if isinstance(cell, datetime) and cell.tzinfo is not None:
                self._read(cell, row)
            return
        words = text_of(cell)
        if len(words) == 10 and words[4:5] == "-" == words[7:8] and words.isascii():
            if words[5:7] <= "12" and not self.day_third and words[8:] > "12":
                self.day_third = f"{words} in row {row}"
            if words[5:7] <= "12":
                return
        self._see_text(ascii_digits(words), row)

    def _see_text(self, words: str, row: int) -> None:
        where = f"{words[:40]} in row {row}"
        for found in _YEAR_FIRST.finditer(words):
            second, third = int(found[3]), int(found[4])
            if second > 12 >= third:
                self.day_second = self.day_second or where
            elif third > 12 >= second:
                self.day_third = self.day_third or where
        for found in _NUMERIC.finditer(words):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                self.first_large = self.first_large or where
            elif second > 12 >= first:
                self.second_large = self.second_large or where
            elif first != second and first > 0 and len(self.undecided) < 3:
                self.undecided.append(words)
        if _SERIAL.fullmatch(words):
            self.serials = self.serials or where
        elif words[:4].isdigit() and int(words[:4]) in SOLAR_YEARS:
            self.solar = self.solar or where
        elif len(self.notes) < 8:
            self._read(words, row)

    def _read(self, cell: Cell, row: int) -> None:
        """Take note of what reading a value decides beside the order."""
        try:
            found = days(cell, DayOrder.DMY)
        except BadValue:
            return
        if found is not None and found.note:
            kind = re.sub(r"\S*\d\S*", "…", found.note)
            self.notes.setdefault(kind, f"'{text_of(cell)[:40]}' in row {row}: {found.note}")

    def order(self) -> DayOrder | None:
        """The order that the values prove; None where they prove none or both."""
        if self.day_second:
            return None if self.day_third else DayOrder.YDM
        if bool(self.first_large) == bool(self.second_large):
            return None
        return DayOrder.DMY if self.first_large else DayOrder.MDY

    def contradictions(self) -> tuple[str, ...]:
        """Two values that prove two orders, if there are such."""
        for pair in ((self.first_large, self.second_large), (self.day_second, self.day_third)):
            if all(pair):
                return pair
        return ()

    def asks(self) -> bool:
        """Whether a person has to say which order is meant."""
        return self.order() is None and bool(self.contradictions() or self.undecided)

    def options(self) -> tuple[tuple[str, str], ...]:
        """The answers that a person can give, by code."""
        if self.day_second:
            return (("ymd", "year, month, day"), ("ydm", "year, day, month"))
        return (("dmy", "day first, DD/MM/YYYY"), ("mdy", "month first, MM/DD/YYYY"))

    def verdict(self) -> tuple[str, ...]:
        """Sentences on what was decided and by what."""
        found = []
        if order := self.order():
            words = {DayOrder.DMY: "day first (DD/MM)", DayOrder.MDY: "month first (MM/DD)",
                     DayOrder.YDM: "year, day, month"}[order]  # fmt: skip
            shown = self.day_second or self.first_large or self.second_large
            found.append(f"dates are read {words}, as {shown} shows")
        if both := self.contradictions():
            found.append(f"both orders occur: {both[0]}, {both[1]}")
        if self.serials:
            number = self.serials.split()[0]
            day = days(number)
            shown = f": {number} is {day.earliest}" if day else ""
            found.append(
                f"bare numbers like {self.serials} are read as days of a spreadsheet{shown}"
            )
        if self.solar:
            found.append(f"years like that of {self.solar} are read as Solar Hijri")
        large = self.first_large or self.second_large
        if large and self.typed and self.typed == self.typed_small:
            found.append(
                f"{self.typed:,} cells are days of a spreadsheet, none after the 12th of its "
                f"month, and others are text like {large}: the program may have swapped day and "
                "month of the former. Compare some with their source"
            )
        return (*found, *self.notes.values())


def survey(name: str, cells: Iterable[Cell]) -> DateColumn:
    """The verdict on a column's values."""
    column = DateColumn(name)
    for row, cell in enumerate(cells, 1):
        column.see(cell, row)
    return column
