"""Days of a calendar and of the week, reckoned from the day of publication."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from mapapp.domain import solar_hijri
from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.importers.cells.day_names import solar_month
from mapapp.reading.dates.words import (
    DateWords,
    day_interval,
    day_of_month,
    open_interval,
    words_of,
)
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

_PARTS = WORDS.set("dates", "parts")
_MAX_YEAR = 2100
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
_BEFORE_YEAR = frozenset(("in", "of", "since", "during", "and", "early", "late", "mid"))
_SOLAR = WORDS.set("dates", "solar")


class CalendarDays:
    """Dates as a calendar writes them; `published` is the day that they count from."""

    def __init__(self, published: date | None) -> None:
        self._published = published

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
            return DateWords(
                start, end, open_interval(sentence, start, end, "no day of publication")
            )
        back = (self._published.weekday() - day) % 7
        if last and back == 0:
            back = 7
        found = self._published - timedelta(back)
        return DateWords(start, end, day_interval(found, sentence, start, end, self._published))

    def _both(self, start: int, exact: DateWords, day: int) -> DateWords:
        """A weekday and a date: the range of the two where they differ."""
        interval = exact.interval
        if interval is None or interval.earliest is None or interval.earliest.weekday() == day:
            return DateWords(start, exact.end, interval)
        written = interval.earliest
        near = next(
            shifted
            for shifted in (written + timedelta(k) for k in (-1, 1, -2, 2, -3, 3))
            if shifted.weekday() == day
        )
        low, high = sorted((written, near))
        both = DateInterval(low, high, DatePrecision.DAYS, interval.text, "weekday and date differ")
        return DateWords(start, exact.end, both, fault="weekday-and-date-differ")

    def _iso(self, sentence: Sentence, i: int) -> DateWords | None:
        text = sentence.lows[i]
        if len(text) != 10 or text[4:5] != "-":
            return None
        try:
            return DateWords(
                i, i + 1, day_interval(date.fromisoformat(text), sentence, i, i + 1, None)
            )
        except ValueError:
            return None

    def _calendar(self, sentence: Sentence, i: int) -> DateWords | None:
        """ "3 December 2022", "December 3rd", "the 14th of Asad", "November", "Oct. 26"."""
        lows = sentence.lows
        start = i
        if lows[i] == "the" and i + 1 < len(lows) and day_of_month(lows[i + 1]):
            i += 1
        number = day_of_month(lows[i])
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
        number = day_of_month(lows[j]) if j < len(lows) else None
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
            return DateWords(start, end, open_interval(sentence, start, end, "no year"))
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
                interval = day_interval(
                    day, sentence, start, end, None if given else self._published
                )
                after = sentence.lows[end : end + 1]
                night = solar and "night" in sentence.lows[max(0, start - 3) : end + 5]
                if after and after[0] in _PARTS:
                    end += 1
                if night:
                    why = "a night of the solar calendar"
                    interval = DateInterval(
                        day, day + timedelta(1), DatePrecision.DAYS, interval.text, why
                    )
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
            "in", "since", "of", "last", "during", "until", "by", "from", "to", "earlier",
            "until", "through", "between",
        )  # fmt: skip
        if solar or not (given or preposed or part):
            return None
        if given:
            year, end = given
        elif self._published is None:
            return DateWords(start, end, open_interval(sentence, start, end, "no year"), past=True)
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
        text = words_of(sentence, start, end)
        past = self._published is None or last < self._published - timedelta(10)
        return DateWords(
            start, end, DateInterval(first, last, DatePrecision.MONTH, text), past=past
        )

    @staticmethod
    def _of_attack(lows: Sequence[str], i: int) -> bool:
        """ "the 2020 attack": the year says which."""
        return lows[i - 1] in ("the", "a") and not _EVENT_NOUNS.isdisjoint(lows[i + 1 : i + 4])

    def _year(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        text = lows[i]
        if not (len(text) == 4 and text.isdigit() and text.isascii()):
            return None
        if (
            not 1990 <= int(text) <= _MAX_YEAR
            or not i
            or (lows[i - 1] not in _BEFORE_YEAR and not self._of_attack(lows, i))
        ):
            return None
        year = int(text)
        if self._published and year > self._published.year:
            return None
        interval = DateInterval(
            date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR, words_of(sentence, i, i + 1)
        )
        return DateWords(i, i + 1, interval, past=True)
