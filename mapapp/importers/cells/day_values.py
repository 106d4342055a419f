"""Dates as tables write them; what a column means is decided by the whole column (row → record).

DD/MM and MM/DD are never guessed: some value above 12 decides, and it is said which; else the
person is asked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from mapapp.domain import solar_hijri as hijri
from mapapp.domain.vocab import DatePrecision
from mapapp.importers.cells.values import BadValue
from mapapp.importers.tables.table import Cell, text_of

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
#: A day that says nothing of its column.
_PLAIN = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?![\d/.])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YMD = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T ].*)?")
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ].*)?")
_YEAR = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[ \-.]+([^\W\d]+)\.?[ \-,]+(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
_MONTH_YEAR = re.compile(r"([^\W\d]+)\.?[ \-,]+(\d{4})")

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}

#: What is dated before is a slip of the pen.
FIRST_YEAR = 1800

#: A bare number is an Excel serial between these: 1 January 1970 and 31 December 2069.
FIRST_SERIAL, LAST_SERIAL = 25569, 62093
#: A spreadsheet's day, perhaps with the time of day behind it.
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_ZERO = date(1899, 12, 30)

#: Years of the Solar Hijri calendar that dates of our field can have (1879 to 2030); above them
#: stand years of the lunar calendar, which this importer does not convert.
SOLAR_YEARS = range(1258, 1410)
LUNAR_YEARS = range(1410, 1500)


class Order(StrEnum):
    """Which comes first in 03/04/2019."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class Days:
    """Inclusive days, and how exactly they are known."""

    earliest: date
    latest: date
    precision: DatePrecision


@dataclass(slots=True)
class DateColumn:
    """What the values of one column say about its form; feed it with `see`, then `verdict`."""

    name: str
    first_large: str = ""  # first value whose first number is above 12, with its row
    second_large: str = ""
    undecided: list[str] = field(default_factory=list)
    serials: str = ""
    solar: str = ""

    def see(self, cell: Cell, row: int) -> None:
        """Take note of one value."""
        if cell is None or isinstance(cell, (datetime, date)):
            return
        if isinstance(cell, str) and _PLAIN.match(cell):
            return
        words = _digits(text_of(cell))
        if found := _NUMERIC.fullmatch(words):
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                self.first_large = self.first_large or f"{words} in row {row}"
            elif second > 12 >= first:
                self.second_large = self.second_large or f"{words} in row {row}"
            elif first != second and len(self.undecided) < 3:
                self.undecided.append(words)
        elif _SERIAL.fullmatch(words) and _is_serial(words[:5]):
            self.serials = self.serials or f"{words} in row {row}"
        elif words[:4].isdigit() and int(words[:4]) in SOLAR_YEARS:
            self.solar = self.solar or f"{words} in row {row}"

    def order(self) -> Order | None:
        """The order that the values prove; None where they prove none or both."""
        if bool(self.first_large) == bool(self.second_large):
            return None
        return Order.DMY if self.first_large else Order.MDY

    def asks(self) -> bool:
        """Whether a person has to say which order is meant."""
        both = self.first_large and self.second_large
        return self.order() is None and bool(both or self.undecided)

    def verdict(self) -> tuple[str, ...]:
        """Sentences on what was decided and by what."""
        found = []
        if order := self.order():
            words = "day first (DD/MM)" if order is Order.DMY else "month first (MM/DD)"
            found.append(
                f"dates are read {words}, as {self.first_large or self.second_large} shows"
            )
        if self.first_large and self.second_large:
            found.append(f"both orders occur: {self.first_large}, {self.second_large}")
        if self.serials:
            shown = self.serials.split()[0]
            day = _serial(int(shown[:5]))
            found.append(f"bare numbers are read as spreadsheet days: {shown} is {day}")
        if self.solar:
            found.append(f"years like that of {self.solar} are read as Solar Hijri")
        return tuple(found)


def survey(name: str, cells: Iterable[Cell]) -> DateColumn:
    """The verdict on a column's values."""
    column = DateColumn(name)
    for row, cell in enumerate(cells, 1):
        column.see(cell, row)
    return column


def days(cell: Cell, order: Order | None = None) -> Days | None:
    """The days that a cell names, None for an empty one.

    Raises BadValue for anything else, also for 03/04/2019 without an `order`.
    """
    if isinstance(cell, datetime):
        return _day(cell.date())
    if isinstance(cell, date):
        return _day(cell)
    shown = text_of(cell)
    if not shown:
        return None
    words = _digits(shown)
    try:
        found = _parse(words, order)
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue(f"'{shown}' is no date ({error})", "Correct the day or month") from error
    if found is None:
        raise BadValue(f"'{shown[:40]}' is not a date", "Write the day as YYYY-MM-DD")
    if found.earliest.year < FIRST_YEAR or found.earliest > tomorrow():
        says = "lies in the future" if found.earliest.year > FIRST_YEAR else "is too long ago"
        raise BadValue(f"'{shown[:40]}' {says}", "Correct the year")
    return found


def tomorrow() -> date:
    """The last day that anything can have happened on, anywhere on earth."""
    return datetime.now(UTC).date() + timedelta(1)


def _parse(words: str, order: Order | None) -> Days | None:
    for form in (_ISO, _YMD, _COMPACT):
        if (found := form.fullmatch(words)) and not _is_serial(words):
            return _calendar_day(int(found[1]), int(found[2]), int(found[3]))
    if _is_serial(whole := words.partition(".")[0]) and _SERIAL.fullmatch(words):
        return _day(_serial(int(whole)))
    if _YEAR.fullmatch(words):
        return _year(int(words))
    if found := _NUMERIC.fullmatch(words):
        return _numeric(words, int(found[1]), int(found[3]), found[4], order)
    if found := _YEAR_MONTH.fullmatch(words):
        return _month(int(found[1]), int(found[2]))
    if found := _DAY_MONTH.fullmatch(words):
        return _named(found[2], int(found[3]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(words):
        return _named(found[1], int(found[3]), int(found[2]))
    if found := _MONTH_YEAR.fullmatch(words):
        return _named(found[1], int(found[2]), None)
    return None


def _numeric(words: str, first: int, second: int, year: str, order: Order | None) -> Days:
    if len(year) == 2:
        raise BadValue(f"'{words}' has a year of two digits", "Write the year with four digits")
    if order is None:
        if first == second:
            order = Order.DMY
        else:
            raise BadValue(
                f"'{words}' can be read day first and month first",
                "Say which: DD/MM (dmy) or MM/DD (mdy)",
            )
    day, month = (first, second) if order is Order.DMY else (second, first)
    if month > 12 >= day:
        other = "day" if order is Order.MDY else "month"
        raise BadValue(
            f"'{words}' does not fit the order of this column; it has the {other} first",
            "Write the day as YYYY-MM-DD",
        )
    return _calendar_day(int(year), month, day)


def _calendar_day(year: int, month: int, day: int) -> Days:
    if year in LUNAR_YEARS:
        raise BadValue(
            f"the year {year} is neither Gregorian nor a Solar Hijri year up to now; it may be "
            "lunar Hijri", "Write the Gregorian day as YYYY-MM-DD",
        )  # fmt: skip
    if year in SOLAR_YEARS:
        return _day(hijri.gregorian(year, month, day))
    return _day(date(year, month, day))


def _day(day: date) -> Days:
    return Days(day, day, DatePrecision.DAY)


def _month(year: int, month: int) -> Days:
    if year in SOLAR_YEARS:
        last = hijri.days_in_month(year, month)
        return Days(
            hijri.gregorian(year, month, 1), hijri.gregorian(year, month, last), DatePrecision.MONTH
        )
    first = date(year, month, 1)
    last = calendar.monthrange(year, month)[1]
    return Days(first, first.replace(day=last), DatePrecision.MONTH)


def _year(year: int) -> Days:
    if year in SOLAR_YEARS:
        last = hijri.days_in_month(year, 12)
        return Days(
            hijri.gregorian(year, 1, 1), hijri.gregorian(year, 12, last), DatePrecision.YEAR
        )
    if not FIRST_YEAR <= year <= 2100:
        raise BadValue(f"'{year}' is no year that can be meant", "Write the year of the event")
    return Days(date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR)


def _named(name: str, year: int, day: int | None) -> Days | None:
    folded = name.casefold()
    if folded in _MONTHS:
        month = _MONTHS[folded]
        return _month(year, month) if day is None else _day(date(year, month, day))
    if folded in hijri.MONTHS and year in SOLAR_YEARS:
        month = hijri.MONTHS[folded]
        if day is None:
            return _month(year, month)
        return _day(hijri.gregorian(year, month, day))
    return None


def _is_serial(words: str) -> bool:
    return len(words) == 5 and words.isdigit() and FIRST_SERIAL <= int(words) <= LAST_SERIAL


def _serial(number: int) -> date:
    return _EXCEL_ZERO + timedelta(number)


def _digits(words: str) -> str:
    """Persian and Arabic digits as ASCII ones."""
    if words.isascii():
        return words
    return "".join(str(int(c)) if c.isdecimal() else c for c in words)
