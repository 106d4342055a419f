"""Dates as tables write them, to days (row → record).

DD/MM and MM/DD are never guessed: the whole column decides (`day_column.py`), else the person is
asked. A range or an alternative is the days it spans; a doubt beside a day is refused, never read
as the day. Only a time of day may be dropped; one with an offset first moves its day to Kabul's.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from mapapp.domain import solar_hijri as hijri
from mapapp.domain.vocab import DatePrecision
from mapapp.importers.cells import day_names
from mapapp.importers.cells.marks import filled
from mapapp.importers.cells.values import BadValue
from mapapp.importers.tables.table import Cell

#: The day of an incident is that of its place (docs/method.md).
KABUL = timezone(timedelta(hours=4, minutes=30))

#: What is dated before is a slip of the pen.
FIRST_YEAR = 1800

#: A bare number is a spreadsheet's day between these: 1 January 1970 and 31 December 2069.
FIRST_SERIAL, LAST_SERIAL = 25569, 62093
_EXCEL_ZERO = date(1899, 12, 30)
_SPREADSHEET_ZERO = (_EXCEL_ZERO, date(1899, 12, 31))
#: Days by which the numbers of a workbook that counts from 1904 are behind.
BEHIND_1904 = (date(1904, 1, 1) - _EXCEL_ZERO).days

#: Years of the Solar Hijri calendar that dates of our field can have (1879 to 2030); above them
#: stand years of the lunar calendar, which this importer does not convert.
SOLAR_YEARS = range(1258, 1410)
LUNAR_YEARS = range(1410, 1500)

#: Days that "or" may hold apart.
_ALTERNATIVE_DAYS = 31

_NAME = r"([^\W\d]+(?: [^\W\d]+)?)\.?"
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2}|[?xX]{1,2})\2(\d{1,2}|[?xX]{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_SLASH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ \-/,]*{_NAME}[ \-/,']*(\d{{4}}|\d{{2}})"
)
_MONTH_DAY = re.compile(rf"{_NAME}[ \-/]*(\d{{1,2}})(?:st|nd|rd|th)?[ \-/,]+(\d{{4}}|\d{{2}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[ \-/,]+{_NAME}[ \-/,]*(\d{{1,2}})")
_DAY_NAME = re.compile(rf"\d{{1,2}}[ \-/]*{_NAME}")
_MONTH_YEAR = re.compile(rf"{_NAME}[ \-/,]*(\d{{4}})")
_YEAR_NAME = re.compile(rf"(\d{{4}})[ \-/,]+{_NAME}")
_PART = re.compile(r"(?:early|mid|late|beginning|end|middle|start|first half|second half)[ \-]+"
                   r"(?:of )?(?=[^\W\d]|\d{4}$)", re.IGNORECASE)  # fmt: skip
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}")
_SPELLED = re.compile(
    r"([A-Za-z]{3} [A-Za-z]{3} \d{1,2}) (\d\d:\d\d:\d\d) (?:([A-Z]{3,4}) )?(\d{4})"
)

_ZONE = r"(?:(?:UTC|GMT)?\s?[+\-−]\d{1,2}(?::?\d{2})?|Z|UTC|GMT|AFT|PKT|IRST|MSK|CET)"
_TIME = re.compile(
    r"(?P<sep>[T ,]|^)\s*(?:at |um |kl\. |ساعت )?"
    r"(?:(?P<h>\d{1,2})[:h](?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?"
    r"|(?:(?<=T)(?=\d{4})|(?=\d{4}\s*(?:hrs?|hours|h|Z)$))(?P<hh>\d{2})(?P<mm>\d{2})(?:\d{2})?"
    r"|(?P<h12>\d{1,2})(?=\s*[ap]\.?m))"
    rf"\s*(?P<half>[ap]\.?m\.?)?\s*(?:hrs?|hours|h|Uhr|local time|local)?\s*"
    rf"(?P<zone>{_ZONE})?\s*(?:\((?:UTC|GMT|[^)]*time)\))?$",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    rf"^(\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?\s*{_ZONE}?)[\s,\-–]+(?=\S)",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(
    r"[ ,(]+(?:in the |at )?(?:early )?(?:morning|afternoon|evening|night|noon|midnight|dawn|dusk|"
    r"صبح|عصر|شب|ظهر)\)?$", re.IGNORECASE)  # fmt: skip
_OFFSETS = {"z": 0, "utc": 0, "gmt": 0, "aft": 270, "pkt": 300, "irst": 210, "msk": 180, "cet": 60}

#: Words around a day that say nothing of it.
_FILLERS = re.compile(
    r"(?<!\S)(?:of|on|the|de|del|den|der|am|le|el|г\.?|سال|ماه|مورخ|روز|کال|د|تاریخ)(?!\S)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s+(?:-|–|—|−|to|until|till|through|thru|bis|au|à|al|hasta|تا|الی|تر|до|по)\s+"
    r"|\s*(?:–|—|−|/|\.\.+|…|-)\s*", re.IGNORECASE)  # fmt: skip
_EITHER = re.compile(
    r"\s+(?:or|and|oder|und|ou|et|o|y|یا|او|و|или|и)\s+|\s*[&;|]\s*", re.IGNORECASE
)
_OPENING = re.compile(
    r"^(?:from|between|von|vom|zwischen|du|entre|از|بین|либо|с|со|от|между|either|on|c/o)\s+",
    re.IGNORECASE,
)


class DayOrder(StrEnum):
    """Which comes first in 03/04/2019, or second in 2019-03-04."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    YDM = "ydm"


@dataclass(frozen=True, slots=True)
class Days:
    """Inclusive days, how exactly they are known, and what was decided in reading them ("")."""

    earliest: date
    latest: date
    precision: DatePrecision
    note: str = ""


def days(
    cell: Cell, order: DayOrder | None = None, *, year: int | None = None, from_1904: bool = False
) -> Days | None:
    """The days that a cell names, None for one that names none.

    `year` is the row's own year where another column has it: it decides a year of two figures.
    `from_1904` is for bare numbers of a workbook that counts from 1904. Raises BadValue for
    anything else, also for 03/04/2019 without an `order`.
    """
    if isinstance(cell, datetime):
        if cell.tzinfo is None:
            return _day(cell.date())
        return replace(_day(cell.astimezone(KABUL).date()), note=_moved(cell.isoformat()))
    if isinstance(cell, date):
        return _day(cell)
    shown = filled(cell)
    if not shown:
        return None
    return _read(shown, order, year, from_1904)


@lru_cache(maxsize=50_000)
def _read(shown: str, order: DayOrder | None, year: int | None, from_1904: bool) -> Days:
    words = ascii_digits(shown)
    reader = _Reader(order, year, from_1904)
    try:
        found = reader.read(words)
    except ValueError as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue(f"'{shown}' is no date ({error})", "Correct the day or month") from error
    if found is None:
        if _has_day(words, reader):
            raise BadValue(
                f"'{shown[:40]}' says more than a day",
                "Write the day alone; where it is doubted, the first and the last possible day in "
                "two columns",
            )
        raise BadValue(f"'{shown[:40]}' is not a date", "Write the day as YYYY-MM-DD")
    if found.earliest in _SPREADSHEET_ZERO or words.startswith("1900-01-00"):
        raise BadValue(f"'{shown[:40]}' is what a spreadsheet shows for 0 or an empty cell",
                       "Write the day, or empty the cell")  # fmt: skip
    if found.earliest.year < FIRST_YEAR or found.earliest > tomorrow():
        says = "lies in the future" if found.earliest.year > FIRST_YEAR else "is too long ago"
        raise BadValue(f"'{shown[:40]}' {says}", "Correct the year")
    return found


def tomorrow() -> date:
    """The last day that anything can have happened on, anywhere on earth."""
    return datetime.now(UTC).date() + timedelta(1)


def of_parts(year: Cell, month: Cell, day: Cell) -> Days | None:
    """The days that three cells name; a month may be in words, 0 and -9 stand for not known."""
    said = [filled(cell) for cell in (year, month, day)]
    parts = ["" if _UNSAID.fullmatch(ascii_digits(text)) else ascii_digits(text) for text in said]
    parts = [text.removesuffix(".0") for text in parts]
    if not parts[0]:
        return None
    if not parts[1]:
        return days(parts[0])
    if not _YEAR.fullmatch(parts[0]):
        raise BadValue(f"'{said[0][:40]}' is no year", "Write the year with four digits")
    own_year = int(parts[0])
    month_number = int(parts[1]) if parts[1].isdigit() else _month_named(parts[1], own_year)
    if not month_number or not 1 <= month_number <= 12:
        raise BadValue(f"'{said[1][:40]}' is no month", "Write a number from 1 to 12, or its name")
    if not parts[2]:
        return _month(own_year, month_number)
    if not parts[2].isdigit():
        raise BadValue(f"'{said[2][:40]}' is no day of a month", "Write a number from 1 to 31")
    return days(f"{own_year:04}-{month_number:02}-{int(parts[2]):02}")


_UNSAID = re.compile(r"0+(?:\.0)?|-9+(?:\.0)?|99")


def _month_named(name: str, year: int) -> int | None:
    solar = day_names.solar_month(name) if year in SOLAR_YEARS else None
    return solar or day_names.month(name)


class _Reader:
    """Reads texts of one column."""

    def __init__(self, order: DayOrder | None, year: int | None, from_1904: bool) -> None:
        self._order, self._year = order, year
        self._behind = BEHIND_1904 if from_1904 else 0

    def read(self, words: str) -> Days | None:
        """One day, month or year; a range of them; or one of two."""
        words = " ".join(words.replace("\u200c", " ").split())
        if words[-1:] in "-–—−":
            return None  # "2024-03-05 –": a range without its end
        found = self.single(words)
        if found is None and self._year is not None and _DAY_NAME.fullmatch(words):
            found = self.single(f"{words} {self._year}")
        return found or self._several(words)

    def single(self, words: str) -> Days | None:
        """One day, month or year, perhaps with its weekday and the time."""
        words, moved, shift = _without_time(words.strip().strip(",;"))
        words, weekday = _without_weekday(words)
        words = " ".join(_FILLERS.sub(" ", words).split()).strip(" ,;-")
        found = self._form(words.removesuffix(".0") if words[:1].isdigit() else words)
        if found is None:
            return None
        one = found.precision is DatePrecision.DAY
        if weekday is not None and one and found.earliest.weekday() != weekday:
            raise BadValue(
                f"{found.earliest} was a {calendar.day_name[found.earliest.weekday()]}, the cell "
                f"says {calendar.day_name[weekday]}", "Correct the day or the weekday",
            )  # fmt: skip
        if moved and one:
            day = found.earliest + timedelta(shift)
            return replace(_day(day), note=_moved(moved))
        return found

    def _form(self, words: str) -> Days | None:
        if found := _YMD.fullmatch(words):
            return self._year_first(words, *found.group(1, 3, 4))
        if found := _COMPACT.fullmatch(words):
            return _calendar_day(*(int(part) for part in found.groups()))
        if _SERIAL.fullmatch(words):
            serial = int(words.partition(".")[0]) + self._behind
            if FIRST_SERIAL <= serial <= LAST_SERIAL:
                return _day(_EXCEL_ZERO + timedelta(serial))
        if _EPOCH.fullmatch(words):
            return _epoch(words)
        if _YEAR.fullmatch(words):
            return _year(int(words))
        if found := _NUMERIC.fullmatch(words):
            return self._numeric(words, int(found[1]), int(found[3]), found[4])
        if found := _YEAR_MONTH.fullmatch(words):
            return _month(int(found[1]), int(found[2]))
        if found := _MONTH_SLASH_YEAR.fullmatch(words):
            return _month(int(found[2]), int(found[1]))
        return self._in_words(words)

    def _in_words(self, words: str) -> Days | None:
        if part := _PART.match(words):
            whole = self._form(words[part.end() :])
            long = (DatePrecision.MONTH, DatePrecision.YEAR)
            return whole if whole and whole.precision in long else None
        if found := _DAY_MONTH.fullmatch(words):
            return self._named(words, found[2], found[3], int(found[1]))
        if found := _MONTH_DAY.fullmatch(words):
            return self._named(words, found[1], found[3], int(found[2]))
        if found := _YEAR_FIRST.fullmatch(words):
            return self._named(words, found[2], found[1], int(found[3]))
        if found := _MONTH_YEAR.fullmatch(words):
            return self._named(words, found[1], found[2], None)
        if found := _YEAR_NAME.fullmatch(words):
            return self._named(words, found[2], found[1], None)
        return None

    def _year_first(self, words: str, year: str, second: str, third: str) -> Days:
        month, day = (third, second) if self._order is DayOrder.YDM else (second, third)
        if not month.isdigit() or int(month) == 0:
            return _year(int(year))
        if not day.isdigit() or int(day) == 0:
            return _month(int(year), int(month))
        return _calendar_day(int(year), int(month), int(day))

    def _numeric(self, words: str, first: int, second: int, year: str) -> Days:
        full, note = int(year), ""
        if len(year) == 2:
            if self._year is None or self._year % 100 != full or full in (first, second):
                raise BadValue(
                    f"'{words}' has a year of two digits", "Write the year with four digits"
                )
            full, note = self._year, _SHORT_YEAR
        order = self._order
        if order not in (DayOrder.DMY, DayOrder.MDY):
            if first != second:
                raise BadValue(
                    f"'{words}' can be read day first and month first",
                    "Say which: DD/MM (dmy) or MM/DD (mdy)",
                )
            order = DayOrder.DMY
        day, month = (first, second) if order is DayOrder.DMY else (second, first)
        if month > 12 >= day:
            other = "day" if order is DayOrder.MDY else "month"
            raise BadValue(
                f"'{words}' does not fit the order of this column; it has the {other} first",
                "Write the day as YYYY-MM-DD",
            )
        if day == 0:
            return _month(full, month)
        return replace(_calendar_day(full, month, day), note=note)

    def _named(self, words: str, name: str, year: str, day: int | None) -> Days | None:
        full, note = int(year), ""
        if len(year) == 2:
            if day_names.month(name) is None:
                return None
            full, note = self._full_year(words, full), _SHORT_YEAR
        if full in SOLAR_YEARS and (solar := day_names.solar_month(name)):
            return _month(full, solar) if day is None else _day(hijri.gregorian(full, solar, day))
        number = day_names.month(name)
        if number is None:
            return None
        if day is None:
            return _month(full, number)
        return replace(_day(date(full, number, day)), note=note)

    def _full_year(self, words: str, short: int) -> int:
        """The year of two figures beside a month in words: the row's, else the last one past."""
        if self._year is not None:
            if self._year % 100 != short:
                raise BadValue(f"'{words}' is not of {self._year}, the year of its row",
                               "Correct one of both")  # fmt: skip
            return self._year
        last = tomorrow().year
        full = last - (last - short) % 100
        if full < 1970:
            raise BadValue(f"'{words}' has a year of two digits", "Write the year with four digits")
        return full

    def _several(self, words: str) -> Days | None:
        words = _OPENING.sub("", words)
        for pattern, joined in (
            (_BETWEEN, "the days from the first to the last"),
            (_EITHER, "one of the days from the first to the last"),
        ):
            for split in pattern.finditer(words):
                left, right = words[: split.start()].strip(), words[split.end() :].strip()
                pair = self._pair(left, right) if left and right else None
                if pair is None:
                    continue
                first, last = pair
                if first.earliest > last.latest:
                    raise BadValue(f"'{words}' runs backwards", "Swap the two days")
                span = (last.latest - first.earliest).days
                if pattern is _EITHER and span > _ALTERNATIVE_DAYS:
                    raise BadValue(
                        f"'{words}' names days far apart",
                        "Write one row for each, or the first and the last day",
                    )
                precision = first.precision
                if precision is DatePrecision.DAY and span:
                    precision = DatePrecision.DAYS
                return Days(first.earliest, last.latest, precision, joined if span else "")
        return None

    def _pair(self, left: str, right: str) -> tuple[Days, Days] | None:
        """Both ends of a range, each completed by what only the other one says."""
        year = re.search(r"\d{4}", right)
        tail = re.sub(r"^\d{1,2}(?:st|nd|rd|th|\.)?", "", right)
        head = re.sub(r"\d{1,2}(?:st|nd|rd|th)?$", "", left)
        lefts = dict.fromkeys((left, *((f"{left} {year[0]}", f"{left}, {year[0]}") if year else ()),
                               left + tail, f"{left} {tail.strip()}"))  # fmt: skip
        rights = dict.fromkeys((right, head + right))
        for one in lefts:
            for other in rights:
                try:
                    first, last = self.single(one), self.single(other)
                except ValueError:
                    continue
                # A month and a day, or a year and a month, are no two ends of one thing.
                if first and last and first.precision is last.precision:
                    return first, last
        return None


_SHORT_YEAR = "its year of two figures was completed"


def _moved(time: str) -> str:
    return f"{time} is the day in Kabul, of UTC+04:30"


def _without_time(words: str) -> tuple[str, str, int]:
    """A text without its time of day; the time as written and the days by which it moves, where
    it has an offset."""
    words = _TIME_OF_DAY.sub("", words)
    if found := _SPELLED.fullmatch(words):  # as `date` and Java print it
        zone = f" {found[3]}" if found[3] else ""
        words = f"{found[1]} {found[4]} {found[2]}{zone}"
    if first := _TIME_FIRST.match(words):
        words = f"{words[first.end() :]} {first[1]}"
    found = _TIME.search(words)
    if not found or found.start() == 0:
        return words, "", 0
    hour = int(found["h"] or found["hh"] or found["h12"])
    minute = int(found["m"] or found["mm"] or 0)
    half = (found["half"] or "")[:1].lower()
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return words, "", 0
    if half:
        hour = hour % 12 + 12 * (half == "p")
    rest = words[: found.start()]
    if not found["zone"]:
        return rest, "", 0
    minutes = hour * 60 + minute - _offset(found["zone"]) + 270
    return rest, words, minutes // 1440


def _offset(zone: str) -> int:
    """Minutes east of Greenwich."""
    plain = zone.casefold().replace("−", "-")
    if plain in _OFFSETS:
        return _OFFSETS[plain]
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", plain)
    assert found is not None  # by the form of `_ZONE`
    size = int(found[2]) * 60 + int(found[3] or 0)
    return -size if found[1] == "-" else size


def _without_weekday(words: str) -> tuple[str, int | None]:
    if words[:1].isdigit() and words[-1:].isdigit():
        return words, None
    for form in (r"^([^\W\d]+(?: [^\W\d]+)?)\.?[\s,،\-]+(?=[^\W_])", r"[\s,،(]+([^\W\d]+)\.?\)?$"):
        found = re.search(form, words)
        for name in (found[1], found[1].split()[0]) if found else ():
            number = day_names.weekday(name)
            if found and number is not None and day_names.month(name) is None:
                end = found.start(1) + len(name)
                rest = words[end:] if form[0] == "^" else words[: found.start()]
                return rest.strip(" ,،.-()"), number
    return words, None


def _has_day(words: str, reader: _Reader) -> bool:
    """Whether some part of a text is a day: the rest then says something of it."""
    pieces = re.findall(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2} \w+ \d{4}"
                        r"|\w+ \d{1,2}, \d{4}|(?:19|20)\d\d", words)  # fmt: skip
    return any(piece != words for piece in pieces)


def _epoch(words: str) -> Days | None:
    """Seconds or milliseconds since 1970, as the day in Kabul."""
    number = float(words)
    seconds = number / 1000 if number >= 1e11 else number
    if not 0 <= seconds <= datetime.now(UTC).timestamp() + 86_400:
        return None
    unit = "milliseconds" if number >= 1e11 else "seconds"
    day = datetime.fromtimestamp(seconds, KABUL).date()
    return replace(_day(day), note=f"{words} is {unit} since 1970, as the day in Kabul")


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


def ascii_digits(words: str) -> str:
    """Persian and Arabic digits as ASCII ones."""
    if words.isascii():
        return words
    return "".join(str(int(c)) if c.isdecimal() else c for c in words)
