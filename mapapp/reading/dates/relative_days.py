"""Days that count from another: "yesterday", "last month", "a week earlier", "ten days ago"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.dates.calendar_days import CalendarDays
from mapapp.reading.dates.words import DateWords, open_interval, words_of
from mapapp.reading.numbers import number_at
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

_PARTS = WORDS.set("dates", "parts")
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
#: Behind "two days before" they say that it counts from what was told.
_OPEN_BEFORE = frozenset({"on", "in", "at", "when", "and", "a", "an", "gunmen"})
_POINTING = (("the",), ("that",), ("this",))
_UNITS = {"day": 1, "night": 1, "week": 7, "month": 30, "year": 365, "hour": 0, "minute": 0}
_FIXED = tuple(
    (tuple(words.split()), low, high)
    for words, low, high in (
        ("the day before yesterday", 2, 2), ("day before yesterday", 2, 2), ("last night", 1, 0),
        ("yesterday", 1, 1), ("this morning", 0, 0), ("this afternoon", 0, 0),
        ("this evening", 0, 0), ("tonight", 0, 0), ("today", 0, 0), ("earlier today", 0, 0),
        ("overnight", 1, 0), ("this week", 6, 0),
    )
)  # fmt: skip
_LINKED = tuple(
    (tuple(words.split()), low, high)
    for words, low, high in (
        ("that night", 0, 0), ("that day", 0, 0), ("that evening", 0, 0), ("the same day", 0, 0),
        ("same day", 0, 0), ("the next day", 1, 1), ("the following day", 1, 1),
        ("the day before", -1, -1), ("the previous day", -1, -1), ("the same night", 0, 0),
        ("the same time", 0, 0),
        ("hours later", 0, 1), ("an hour later", 0, 1), ("minutes later", 0, 0),
        ("hours earlier", -1, 0), ("days earlier", -7, -1), ("days after", 1, 7),
        ("a year and a half earlier", -640, -450),        ("weeks earlier", -35, -7),
    )
)  # fmt: skip


class RelativeDays(CalendarDays):
    """Dates that count from the day of publication, or from the date before."""

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
                    return DateWords(
                        i, end, open_interval(sentence, i, end, "no day of publication")
                    )
                return DateWords(i, end, self._span(sentence, i, end, low, high))
        if self._published is not None and lows[i] in ("last", "earlier", "past", "previous"):
            found = self._week_or_month(sentence, i)
            if found:
                return found
        if self._published is not None and lows[i : i + 3] in (
            ("over", "the", "weekend"), ("at", "the", "weekend"), ("during", "the", "weekend"),
        ):  # fmt: skip
            back = (self._published.weekday() - 6) % 7
            return DateWords(i, i + 3, self._span(sentence, i, i + 3, back + 1, back))
        if lows[i] in ("past", "last") and i + 2 < len(lows):
            number = number_at(lows, i + 1)
            if number and number.high and lows[number.end : number.end + 1] == ("hours",):
                days = -(-number.high // 24)
                return DateWords(
                    i, number.end + 1, self._span(sentence, i, number.end + 1, days, 0)
                )
            if number and number.high and lows[number.end : number.end + 1] == ("days",):
                return DateWords(
                    i, number.end + 1, self._span(sentence, i, number.end + 1, number.high, 0)
                )
        return self._linked(lows, i)

    def _span(
        self, sentence: Sentence, start: int, end: int, low: int, high: int
    ) -> DateInterval | None:
        if self._published is None:
            return open_interval(sentence, start, end, "no day of publication")
        first, last = self._published - timedelta(low), self._published - timedelta(high)
        precision = DatePrecision.DAY if first == last else DatePrecision.DAYS
        why = f"counted from {self._published.isoformat()}"
        return DateInterval(first, last, precision, words_of(sentence, start, end), why)

    def _week_or_month(self, sentence: Sentence, i: int) -> DateWords | None:
        lows, day = sentence.lows, self._published
        if day is None:
            return None
        this = lows[i : i + 2] == ("earlier", "this")
        unit = (
            lows[i + 2] if this and i + 2 < len(lows) else lows[i + 1] if i + 1 < len(lows) else ""
        )
        end = i + 3 if this else i + 2
        text = words_of(sentence, i, min(end, len(lows)))
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
        """ "a week earlier", "hours later", "that night": counted from the date before."""
        for words, low, high in _LINKED:
            if lows[i : i + len(words)] == words:
                return DateWords(i, i + len(words), None, (low, high), past=high < -20)
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
        behind = lows[end + 2 : end + 6]
        named = bool(behind) and behind[0].isalpha() and behind[0] not in _OPEN_BEFORE
        attack = behind[:1] in _POINTING and not _EVENT_NOUNS.isdisjoint(behind)
        if word == "before" and named and not attack:
            return None  # "two days before the elections"
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
