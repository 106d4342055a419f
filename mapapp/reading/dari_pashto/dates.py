"""Days that Dari and Pashto name, reckoned from the day of publication (tokens → dates)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from mapapp.domain import solar_hijri
from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.importers.cells.day_names import month, solar_month
from mapapp.importers.cells.marks import words_of
from mapapp.reading.dari_pashto import words
from mapapp.reading.dari_pashto.numbers import number_at
from mapapp.reading.dates import DateWords
from mapapp.reading.sentences import Sentence

_FIXED: Final = words.with_meaning("dates", "fixed", 2)
_LINKED: Final = words.with_meaning("dates", "linked", 2)
_WEEKDAYS: Final = words.values("dates", "weekdays")
_AROUND: Final = words.word_set("dates", "around")
_WEEKS: Final = words.listed("dates", "weeks")
_UNITS: Final = words.values("dates", "units")
_AGO: Final = words.word_set("dates", "ago")
#: Days further back than anything is told of by counting, and those that lie long ago.
_MOST_DAYS: Final = 20_000
_LONG: Final = 20
_BETWEEN: Final = words_of("، , ( که د")


class DateFinder:
    """Finds the date words of sentences; `published` is the day that they count from."""

    def __init__(self, published: date | None) -> None:
        self._published = published

    def find(self, sentence: Sentence) -> list[DateWords]:
        """In order; words that stand side by side are one date."""
        found: list[DateWords] = []
        i = 0
        while i < len(sentence.lows):
            one = self._at(sentence, i)
            if one is None:
                i += 1
                continue
            before = found[-1] if found else None
            if before is not None and self._side_by_side(sentence, before, one):
                found[-1] = self._joined(sentence, before, one)
            else:
                found.append(one)
            i = found[-1].end
        return found

    def _at(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        fixed = _FIXED.at(lows, i)
        if fixed:
            low, high = map(int, fixed[1].split())
            return self._counted(sentence, i, i + fixed[0], low, high)
        week = _WEEKS.at(lows, i)
        if week:
            return self._week(sentence, i, i + week[0])
        ago = self._ago(sentence, i)
        if ago is not None:
            return ago
        linked = _LINKED.at(lows, i)
        if linked:
            low, high = map(int, linked[1].split())
            return DateWords(i, i + linked[0], None, (low, high))
        for size in (2, 1):
            weekday = _WEEKDAYS.get(tuple(lows[i : i + size]))
            joined = sentence.lows[i + size : i + size + 1]
            if joined and joined[0].startswith("ال"):
                continue  # a name: "جمعه‌الدین"
            if weekday is not None and len(lows) >= i + size:
                return self._weekday(sentence, i, i + size, weekday)
        return self._calendar(sentence, i)

    def _week(self, sentence: Sentence, start: int, end: int) -> DateWords:
        """ "هفته‌ی گذشته": the calendar week before, as the English reader has it."""
        if self._published is None:
            return DateWords(start, end, _open(sentence, start, end), past=True)
        first = self._published - timedelta(self._published.weekday() + 7)
        text = _words(sentence, start, end)
        week = DateInterval(first, first + timedelta(6), DatePrecision.WEEK, text)
        return DateWords(start, end, week, past=True)

    def _ago(self, sentence: Sentence, i: int) -> DateWords | None:
        """ "سه روز پیش", "دوه ورځې مخکې"; "سه روز پیش از آن" counts from the date before."""
        lows = sentence.lows
        number = number_at(lows, i)
        if number is None or number.high is None or number.end + 1 >= len(lows):
            return None
        unit, behind = _UNITS.get((lows[number.end],)), number.end + 1
        if unit is None or lows[behind] not in _AGO or number.high * unit > _MOST_DAYS:
            return None
        days, loose, end = number.high * unit, unit // 2, behind + 1
        if lows[end : end + 1] == ("تر",):  # "پیش‌تر"
            end += 1
        if lows[end : end + 1] == ("از",):
            if lows[end + 1 : end + 2] not in (("ان",), ("این",)):
                return None
            return DateWords(i, end + 2, None, (-days - loose, loose - days), past=days > _LONG)
        found = self._counted(sentence, i, end, days + loose, days - loose)
        return replace(found, past=days > _LONG)

    def _counted(self, sentence: Sentence, start: int, end: int, low: int, high: int) -> DateWords:
        if self._published is None:
            return DateWords(start, end, _open(sentence, start, end))
        first, last = self._published - timedelta(low), self._published - timedelta(high)
        return DateWords(start, end, self._interval(sentence, start, end, first, last))

    def _weekday(self, sentence: Sentence, start: int, end: int, weekday: int) -> DateWords:
        lows = sentence.lows
        if start and lows[start - 1] in _AROUND:
            start -= 1
        if start and lows[start] in ("روز", "ورخ") and lows[start - 1] == "د":
            start -= 1
        while end < len(lows) and lows[end] in _AROUND and lows[end] != "د":
            end += 1
        if self._published is None:
            return DateWords(start, end, _open(sentence, start, end))
        day = self._published - timedelta((self._published.weekday() - weekday) % 7)
        return DateWords(start, end, self._interval(sentence, start, end, day, day))

    def _calendar(self, sentence: Sentence, i: int) -> DateWords | None:
        """ "۳ عقرب", "۲۲ جدی ۱۴۰۴", "د وري ۱۲مه", "۵ اکتوبر"."""
        lows = sentence.lows
        if not (lows[i].isdigit() and lows[i].isascii() and 1 <= int(lows[i][:4]) <= 31):
            return None
        if i + 1 >= len(lows):
            return None
        solar, gregorian = solar_month(lows[i + 1]), month(lows[i + 1])
        if solar is None and gregorian is None:
            return None
        end, year = i + 2, None
        if end < len(lows) and lows[end].isdigit() and len(lows[end]) == 4:
            year, end = int(lows[end]), end + 1
        day = self._day(int(lows[i]), solar, gregorian, year)
        if day is None:
            return DateWords(i, end, _open(sentence, i, end))
        return DateWords(i, end, self._interval(sentence, i, end, day, day))

    def _day(
        self, number: int, solar: int | None, gregorian: int | None, year: int | None
    ) -> date | None:
        """The day; without a year the last one before publication."""
        if year is None and self._published is None:
            return None
        years: tuple[int, ...] = (year,) if year else ()
        if not years and self._published is not None:
            this = solar_hijri.solar_hijri(self._published)[0] if solar else self._published.year
            years = (this, this - 1)
        for own in years:
            try:
                if solar and own < 1700:
                    day = solar_hijri.gregorian(own, solar, number)
                else:
                    day = date(own, gregorian or 0, number)
            except ValueError:
                continue
            if year or self._published is None or day <= self._published + timedelta(1):
                return day
        return None

    def _side_by_side(self, sentence: Sentence, before: DateWords, one: DateWords) -> bool:
        between = sentence.lows[before.end : one.start]
        return len(between) <= 2 and all(w in _BETWEEN or w in _AROUND for w in between)

    def _joined(self, sentence: Sentence, before: DateWords, one: DateWords) -> DateWords:
        """ "دیروز (چهارشنبه، ۳ عقرب)": where the parts differ, all the days that they name."""
        rows = [d.interval for d in (before, one) if d.interval and d.interval.earliest]
        start, end = before.start, one.end
        if "(" in sentence.lows[start:end] and sentence.lows[end : end + 1] == (")",):
            end += 1
        if not rows:
            return DateWords(start, end, before.interval or one.interval, before.shift)
        first = min(row.earliest for row in rows if row.earliest)
        last = max(row.latest for row in rows if row.latest)
        same = len({(row.earliest, row.latest) for row in rows}) == 1
        if not same and all(row.earliest and row.latest for row in rows):
            later = max(row.earliest for row in rows if row.earliest)
            earlier = min(row.latest for row in rows if row.latest)
            if later <= earlier:  # a night and its day
                first, last, same = later, earlier, True
        found = self._interval(sentence, start, end, first, last)
        return DateWords(start, end, found, fault="" if same else "weekday-and-date-differ")

    def _interval(
        self, sentence: Sentence, start: int, end: int, first: date, last: date
    ) -> DateInterval:
        precision = DatePrecision.DAY if first == last else DatePrecision.DAYS
        why = f"counted from {self._published.isoformat()}" if self._published else "as written"
        return DateInterval(first, last, precision, _words(sentence, start, end), why)


def _words(sentence: Sentence, start: int, end: int) -> str:
    return " ".join(token.text for token in sentence.tokens[start:end])


def _open(sentence: Sentence, start: int, end: int) -> DateInterval:
    return DateInterval(
        None, None, DatePrecision.UNKNOWN, _words(sentence, start, end), "no day of publication"
    )
