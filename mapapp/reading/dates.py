"""Days that a text names, reckoned from the day of publication (tokens → dates → incidents).

There is no default of today: a weekday without a day of publication stays open.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mapapp.domain import solar_hijri
from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.importers.cells.day_names import solar_month
from mapapp.reading.numbers import number_at
from mapapp.reading.sentences import Sentence

_PARTS = frozenset(
    ["morning", "afternoon", "evening", "night", "noon", "midday", "dawn", "midnight"]
)
_MAX_YEAR = 2100


@dataclass(frozen=True, slots=True)
class DateWords:
    """Date words at tokens `start` to `end`.

    `interval` is None where they hang on another date: then `shift` says how many days from it
    at least and at most. `fault` names a doubt ("weekday-and-date-differ").
    """

    start: int
    end: int
    interval: DateInterval | None
    shift: tuple[int, int] | None = None
    fault: str = ""
    past: bool = False  # says that it lies back: "last year", "in November"


class DateFinder:
    """Finds the date words of sentences; `published` is the day that they count from."""

    def __init__(self, published: date | None) -> None:
        self._published = published

    def find(self, sentence: Sentence) -> list[DateWords]:
        """In order; they do not overlap."""
        found: list[DateWords] = []
        i = 0
        while i < len(sentence.lows):
            row = self._at(sentence, i)
            if row is None:
                i += 1
            else:
                found.append(row)
                i = row.end
        return found

    def _at(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        token = sentence.tokens[i]
        if token.capital and token.text.isalpha() and not token.text.isupper():
            day = _weekday(lows[i])
            if day is not None:
                return self._weekday(sentence, i, day)
        return (
            self._iso(sentence, i)
            or self._calendar(sentence, i)
            or self._relative(sentence, i)
            or self._ago(lows, i)
            or self._year(sentence, i)
        )

    # -- days of the week

    def _weekday(self, sentence: Sentence, i: int, day: int) -> DateWords:
        lows = sentence.lows
        start, end = i, i + 1
        last = i > 0 and lows[i - 1] == "last"
        if last:
            start = i - 1
        while end < len(lows) and lows[end] in _PARTS:
            end += 1
        behind = end + 1 if end < len(lows) and lows[end] == "," else end
        if behind < len(lows) and lows[behind] == "the":
            behind += 1
        exact = self._calendar(sentence, behind) if behind < len(lows) else None
        if exact is None and behind < len(lows) and lows[behind] == "(":
            exact = self._calendar(sentence, behind + 1) if behind + 1 < len(lows) else None
        if exact is not None and exact.interval and exact.interval.precision is DatePrecision.DAY:
            return self._both(start, exact, day)
        if self._published is None:
            return DateWords(start, end, _open(sentence, start, end, "no day of publication"))
        back = (self._published.weekday() - day) % 7
        if last and back == 0:
            back = 7
        found = self._published - timedelta(back)
        return DateWords(start, end, _day(found, sentence, start, end, self._published))

    def _both(self, start: int, exact: DateWords, day: int) -> DateWords:
        """A weekday and a date: the range of the two where they differ."""
        interval = exact.interval
        if interval is None or interval.earliest is None or interval.earliest.weekday() == day:
            return DateWords(start, exact.end, interval)
        near = min(
            (interval.earliest + timedelta(k) for k in range(-3, 4)),
            key=lambda d: (d.weekday() != day, abs((d - interval.earliest).days)),  # type: ignore[operator]
        )
        low, high = sorted((interval.earliest, near))
        both = DateInterval(low, high, DatePrecision.DAYS, interval.text, "weekday and date differ")
        return DateWords(start, exact.end, both, fault="weekday-and-date-differ")

    # -- dates of a calendar

    def _iso(self, sentence: Sentence, i: int) -> DateWords | None:
        text = sentence.lows[i]
        if len(text) != 10 or text[4:5] != "-":
            return None
        try:
            return DateWords(i, i + 1, _day(date.fromisoformat(text), sentence, i, i + 1, None))
        except ValueError:
            return None

    def _calendar(self, sentence: Sentence, i: int) -> DateWords | None:
        """ "3 December 2022", "December 3rd", "the 14th of Asad", "November", "Oct. 26"."""
        lows = sentence.lows
        start = i
        if lows[i] == "the" and i + 1 < len(lows) and _ordinal(lows[i + 1]):
            i += 1
        number = _ordinal(lows[i])
        if number:
            j = i + 1
            if j < len(lows) and lows[j] == "of":
                j += 1
            if j < len(lows):
                found = self._month_of(sentence, j)
                if found:
                    return self._dated(sentence, start, j + 1, number, found)
            return None
        qualifier = lows[i] in ("late", "early", "mid") and i + 1 < len(lows)
        j = i + 1 if qualifier else i
        found = self._month_of(sentence, j)
        if not found:
            return None
        j += 1
        if j < len(lows) and lows[j] == ".":
            j += 1
        number = _ordinal(lows[j]) if j < len(lows) else None
        if number and not qualifier:
            return self._dated(sentence, start, j + 1, number, found)
        return self._month(sentence, start, j, found, lows[i] if qualifier else "")

    @staticmethod
    def _month_of(sentence: Sentence, i: int) -> tuple[int, bool] | None:
        """The month at a token and whether it is a Solar Hijri one; a capital is asked for."""
        token = sentence.tokens[i]
        if not token.capital or not token.text.isalpha():
            return None
        if token.low in _MONTHS:
            return _MONTHS[token.low], False
        solar = solar_month(token.low) if token.low in _SOLAR else None
        return (solar, True) if solar else None

    def _year_at(self, sentence: Sentence, i: int) -> tuple[int, int] | None:
        lows = sentence.lows
        j = i + 1 if i < len(lows) and lows[i] == "," else i
        if j < len(lows) and lows[j] == "of":
            j += 1
        if j < len(lows) and len(lows[j]) == 4 and lows[j].isdigit() and lows[j].isascii():
            year = int(lows[j])
            if 1300 <= year <= _MAX_YEAR:
                return year, j + 1
        return None

    def _dated(
        self, sentence: Sentence, start: int, end: int, number: int, found: tuple[int, bool]
    ) -> DateWords | None:
        number_of_month, solar = found
        given = self._year_at(sentence, end)
        if given:
            end = given[1]
        years: Sequence[int]
        if given:
            years = (given[0],)
        elif self._published is None:
            return DateWords(start, end, _open(sentence, start, end, "no year"))
        elif solar:
            this = solar_hijri.solar_hijri(self._published)[0]
            years = (this, this - 1)
        else:
            years = (self._published.year, self._published.year - 1)
        for year in years:
            try:
                if solar:
                    day = solar_hijri.gregorian(year, number_of_month, number)
                else:
                    day = date(year, number_of_month, number)
            except ValueError:
                continue
            if given or self._published is None or day <= self._published + timedelta(1):
                interval = _day(day, sentence, start, end, None if given else self._published)
                after = sentence.lows[end : end + 1]
                night = solar and "night" in sentence.lows[max(0, start - 3) : end + 5]
                if after and after[0] in _PARTS:
                    end += 1
                if night:
                    interval = DateInterval(day, day + timedelta(1), DatePrecision.DAYS,
                                            interval.text, "a night of the solar calendar")  # fmt: skip
                return DateWords(start, end, interval)
        return None

    def _month(
        self, sentence: Sentence, start: int, end: int, found: tuple[int, bool], part: str
    ) -> DateWords | None:
        number, solar = found
        if sentence.tokens[start].low == "may" and start == 0:
            return None
        given = self._year_at(sentence, end)
        preposed = start > 0 and sentence.lows[start - 1] in (
            "in", "since", "of", "last", "during", "until", "by", "from", "to", "earlier", "and",
            "until", "through", "between",
        )  # fmt: skip
        if solar or not (given or preposed or part):
            return None
        if given:
            year, end = given
        elif self._published is None:
            return DateWords(start, end, _open(sentence, start, end, "no year"), past=True)
        else:
            year = self._published.year - (number > self._published.month)
        first = date(year, number, 1)
        last = date(year, number, calendar.monthrange(year, number)[1])
        if part == "late":
            first = date(year, number, 21)
        elif part == "early":
            last = date(year, number, 10)
        if self._published and first <= self._published < last:
            last = self._published
        text = _words(sentence, start, end)
        past = self._published is None or last < self._published - timedelta(10)
        return DateWords(
            start, end, DateInterval(first, last, DatePrecision.MONTH, text), past=past
        )

    def _year(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        text = lows[i]
        if not (len(text) == 4 and text.isdigit() and text.isascii()):
            return None
        if (
            not 1990 <= int(text) <= _MAX_YEAR
            or not i
            or lows[i - 1] not in ("in", "of", "since", "during", "and", "early", "late", "mid")
        ):
            return None
        year = int(text)
        if self._published and year > self._published.year:
            return None
        interval = DateInterval(
            date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR, _words(sentence, i, i + 1)
        )
        return DateWords(i, i + 1, interval, past=True)

    # -- words that count from a day

    def _relative(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        for words, low, high in _FIXED:
            size = len(words)
            if lows[i : i + size] == words:
                end = i + size
                if words[-1] in ("yesterday", "today"):
                    while end < len(lows) and lows[end] in _PARTS:
                        end += 1
                if self._published is None:
                    return DateWords(i, end, _open(sentence, i, end, "no day of publication"))
                return DateWords(i, end, self._span(sentence, i, end, low, high))
        if self._published is not None and lows[i] in ("last", "earlier", "past", "previous"):
            found = self._week_or_month(sentence, i)
            if found:
                return found
        if lows[i] in ("past", "last") and i + 2 < len(lows):
            number = number_at(lows, i + 1)
            if number and number.high and lows[number.end : number.end + 1] == ("days",):
                return DateWords(
                    i, number.end + 1, self._span(sentence, i, number.end + 1, number.high, 0)
                )
        return self._linked(lows, i)

    def _span(
        self, sentence: Sentence, start: int, end: int, low: int, high: int
    ) -> DateInterval | None:
        if self._published is None:
            return _open(sentence, start, end, "no day of publication")
        first, last = self._published - timedelta(low), self._published - timedelta(high)
        precision = DatePrecision.DAY if first == last else DatePrecision.DAYS
        why = f"counted from {self._published.isoformat()}"
        return DateInterval(first, last, precision, _words(sentence, start, end), why)

    def _week_or_month(self, sentence: Sentence, i: int) -> DateWords | None:
        lows, day = sentence.lows, self._published
        if day is None:
            return None
        this = lows[i : i + 2] == ("earlier", "this")
        unit = (
            lows[i + 2] if this and i + 2 < len(lows) else lows[i + 1] if i + 1 < len(lows) else ""
        )
        end = i + 3 if this else i + 2
        text = _words(sentence, i, min(end, len(lows)))
        if unit == "week":
            first = day - timedelta(day.weekday() + (0 if this else 7))
            last = day if this else first + timedelta(6)
            return DateWords(
                i, end, DateInterval(first, last, DatePrecision.WEEK, text), past=not this
            )
        if unit == "month":
            start = day.replace(day=1)
            if this:
                return DateWords(
                    i, end, DateInterval(start, day, DatePrecision.MONTH, text), past=True
                )
            last = start - timedelta(1)
            return DateWords(
                i,
                end,
                DateInterval(last.replace(day=1), last, DatePrecision.MONTH, text),
                past=True,
            )
        if unit == "year":
            year = day.year if this else day.year - 1
            last = day if this else date(year, 12, 31)
            return DateWords(
                i, end, DateInterval(date(year, 1, 1), last, DatePrecision.YEAR, text), past=True
            )
        return None

    @staticmethod
    def _linked(lows: Sequence[str], i: int) -> DateWords | None:
        """ "a week earlier", "two days before", "hours later", "that night": from the date before."""
        for words, low, high in _LINKED:
            if lows[i : i + len(words)] == words:
                return DateWords(i, i + len(words), None, (low, high))
        number = number_at(lows, i)
        start = i
        if number is None and lows[i] == "a":
            value, end = 1, i + 1
        elif number is not None and number.high is not None:
            value, end = number.high, number.end
        else:
            return None
        if end + 1 >= len(lows):
            return None
        unit, word = lows[end], lows[end + 1]
        days = _UNITS.get(unit.removesuffix("s"))
        if days is None or word not in ("earlier", "later", "before", "after"):
            return None
        sign = -1 if word in ("earlier", "before") else 1
        if days == 0:
            return DateWords(start, end + 2, None, (0, 0) if sign < 0 else (0, 1))
        if days == 365:
            return DateWords(
                start,
                end + 2,
                None,
                (sign * 365 * value - 183, sign * 365 * value + 183),
                past=True,
            )
        loose = {1: 0, 7: 0, 30: 3}[days] if value == 1 or days == 1 else days // 7
        shift = sign * days * value
        return DateWords(start, end + 2, None, (shift - loose, shift + loose), past=shift < -20)

    def _ago(self, lows: Sequence[str], i: int) -> DateWords | None:
        """ "three days ago", "two months and seven days ago", "seven years ago"."""
        days, j, coarse = 0, i, 0
        for _ in range(3):
            number = number_at(lows, j) if j < len(lows) else None
            value, end = (number.high, number.end) if number and number.high else (None, j)
            if value is None and j < len(lows) and lows[j] in ("a", "an"):
                value, end = 1, j + 1
            if value is None or end >= len(lows):
                return None
            unit = _UNITS.get(lows[end].removesuffix("s"))
            if not unit or value > 5000:
                return None
            days += unit * value
            coarse = {1: 0, 7: 3, 30: 15, 365: 183}[unit]
            j = end + 1
            if j < len(lows) and lows[j] == "ago":
                break
            if j < len(lows) and lows[j] == "and":
                j += 1
                continue
            return None
        else:
            return None
        if self._published is None:
            return DateWords(i, j + 1, DateInterval(None, None, DatePrecision.UNKNOWN), past=True)
        middle = self._published - timedelta(days)
        first, last = middle - timedelta(coarse), middle + timedelta(coarse)
        last = min(last, self._published)
        if coarse == 183:
            first, last = date(middle.year, 1, 1), min(date(middle.year, 12, 31), self._published)
        precision = DatePrecision.DAY if first == last else DatePrecision.DAYS
        why = f"counted from {self._published.isoformat()}"
        return DateWords(i, j + 1, DateInterval(first, last, precision, "", why), past=days > 20)


_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365, "hour": 0, "minute": 0}
_FIXED = tuple(
    (tuple(words.split()), low, high)
    for words, low, high in (
        ("the day before yesterday", 2, 2), ("day before yesterday", 2, 2), ("last night", 1, 0),
        ("yesterday", 1, 1), ("this morning", 0, 0), ("this afternoon", 0, 0),
        ("this evening", 0, 0), ("tonight", 0, 0), ("today", 0, 0), ("earlier today", 0, 0),
    )
)  # fmt: skip
_LINKED = tuple(
    (tuple(words.split()), low, high)
    for words, low, high in (
        ("that night", 0, 0), ("that day", 0, 0), ("that evening", 0, 0), ("the same day", 0, 0),
        ("same day", 0, 0), ("the next day", 1, 1), ("the following day", 1, 1),
        ("the day before", -1, -1), ("the previous day", -1, -1), ("the same night", 0, 0),
        ("hours later", 0, 1), ("an hour later", 0, 1), ("minutes later", 0, 0),
    )
)  # fmt: skip
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_SOLAR = frozenset(
    [
        "hamal",
        "sawr",
        "saur",
        "jawza",
        "jauza",
        "saratan",
        "asad",
        "sunbula",
        "mizan",
        "aqrab",
        "qaws",
        "jadi",
        "dalw",
        "hut",
    ]
)
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)} | {
    "sat": 5,
    "sun": 6,
    "mon": 0,
    "tue": 1,
    "wed": 2,
    "thu": 3,
    "fri": 4,
}


def _weekday(word: str) -> int | None:
    return _WEEKDAYS.get(word)


def _ordinal(word: str) -> int | None:
    """A day of a month: "3", "3rd", "14th"."""
    digits = word.rstrip("stndrh")
    if not digits.isdigit() or not digits.isascii() or len(digits) > 2:
        return None
    return int(digits) if 1 <= int(digits) <= 31 else None


def _words(sentence: Sentence, start: int, end: int) -> str:
    return " ".join(t.text for t in sentence.tokens[start:end])


def _open(sentence: Sentence, start: int, end: int, why: str) -> DateInterval:
    return DateInterval(None, None, DatePrecision.UNKNOWN, _words(sentence, start, end), why)


def _day(
    day: date, sentence: Sentence, start: int, end: int, counted_from: date | None
) -> DateInterval:
    why = f"counted from {counted_from.isoformat()}" if counted_from else "as written"
    return DateInterval(day, day, DatePrecision.DAY, _words(sentence, start, end), why)
