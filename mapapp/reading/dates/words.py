"""Date words of a text and the intervals they stand for."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.sentences import Sentence

_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)} | {
    "sat": 5,
    "sun": 6,
    "mon": 0,
    "tue": 1,
    "wed": 2,
    "thu": 3,
    "fri": 4,
}


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


def weekday(word: str) -> int | None:
    """The number of a day of the week, 0 for Monday; None for another word."""
    return _WEEKDAYS.get(word)


def day_of_month(word: str) -> int | None:
    """A day of a month: "3", "3rd", "14th"."""
    digits = word.rstrip("stndrh")
    if not digits.isdigit() or not digits.isascii() or len(digits) > 2:
        return None
    return int(digits) if 1 <= int(digits) <= 31 else None


def words_of(sentence: Sentence, start: int, end: int) -> str:
    """Tokens `start` to `end` as text."""
    return " ".join(t.text for t in sentence.tokens[start:end])


def open_interval(sentence: Sentence, start: int, end: int, why: str) -> DateInterval:
    """No days: the words say too little."""
    return DateInterval(None, None, DatePrecision.UNKNOWN, words_of(sentence, start, end), why)


def day_interval(
    day: date, sentence: Sentence, start: int, end: int, counted_from: date | None
) -> DateInterval:
    """One day, as written or counted from another."""
    why = f"counted from {counted_from.isoformat()}" if counted_from else "as written"
    return DateInterval(day, day, DatePrecision.DAY, words_of(sentence, start, end), why)
