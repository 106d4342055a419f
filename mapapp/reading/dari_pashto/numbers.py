"""Numbers of people in Dari and Pashto: words, digits of three scripts, and how exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mapapp.domain.claim import bounds
from mapapp.domain.vocab import Modifier
from mapapp.reading.dari_pashto import words
from mapapp.reading.numbers import Number

_VALUES: Final = words.values("numbers", "values")
_LONGEST: Final = max(map(len, _VALUES))
_ONES: Final = words.word_set("numbers", "ones_of_pashto")
_TENS: Final = words.values("numbers", "tens_of_pashto")
_VAGUE: Final = words.listed("numbers", "vague")
_BEFORE: Final = words.with_meaning("numbers", "before", 1)
_OVER_BEHIND: Final = words.listed("numbers", "over_behind")
_BEFORE_OVER: Final = words.word_set("numbers", "before_over_behind")
_WEEKDAYS: Final = words.values("dates", "weekdays")
_AND: Final = "و"
_THOUSAND: Final = frozenset({"هزار", "زر", "زره"})
_MOST_DIGITS: Final = 6


def number_at(lows: Sequence[str], i: int) -> Number | None:
    """The number, with what limits it, that begins at token `i`."""
    vague = _VAGUE.at(lows, i)
    if vague:
        return Number(i, i + vague[0], None, None, Modifier.VAGUE, plain=False)
    limited = _BEFORE.at(lows, i)
    if limited:
        found = _plain(lows, i + limited[0]) if i + limited[0] < len(lows) else None
        return _limited(i, found, limited[1]) if found else None
    if lows[i] in _BEFORE_OVER:  # "له لسو زیات": more than ten
        found = _plain(lows, i + 1) if i + 1 < len(lows) else None
        behind = _OVER_BEHIND.at(lows, found[1]) if found and found[1] < len(lows) else None
        if found and behind:
            return _limited(i, (found[0], found[1] + behind[0]), "over")
        return None
    found = _plain(lows, i)
    return _or_more(lows, i, found) if found else None


def _or_more(lows: Sequence[str], i: int, found: tuple[int, int]) -> Number:
    """ "دو یا سه تن", "۵ تا ۷ تن": a range; else the number alone."""
    value, end = found
    if end + 1 < len(lows) and lows[end] in ("یا", "تا", "الی", "-", "–"):
        more = _plain(lows, end + 1)
        if more and value < more[0] <= 3 * value + 2:
            return Number(i, more[1], value, more[0], Modifier.RANGE, plain=False)
    return Number(i, end, value, value, Modifier.EXACT, plain=end == i + 1)


def _limited(start: int, found: tuple[int, int], meaning: str) -> Number:
    value, end = found
    if meaning in ("most", "under"):
        high = value if meaning == "most" else max(value - 1, 0)
        return Number(start, end, None, high, Modifier.RANGE, plain=False)
    modifier = Modifier(meaning)
    low, high_or_open = bounds(value, modifier)
    return Number(start, end, low, high_or_open, modifier, plain=False)


def _plain(lows: Sequence[str], i: int) -> tuple[int, int] | None:
    """Value and end of a number in digits or words."""
    digits = lows[i].replace(",", "")
    if digits.isdigit() and digits.isascii():
        return (int(digits), i + 1) if len(digits) <= _MOST_DIGITS else None
    if _weekday_at(lows, i) or (lows[i] == "سی" and lows[max(0, i - 1) : i] == ("بی",)):
        return None  # "سه شنبه" is a day, "بی‌بی‌سی" a broadcaster
    total, end = 0, i
    smallest = 1_000_000
    while end < len(lows):
        j = end + 1 if end > i and lows[end] == _AND else end
        one = _one(lows, j) if j < len(lows) else None
        if one is None or (end > i and (j == end or one[0] >= smallest)):
            break
        value, after = one
        if after < len(lows) and lows[after] in _THOUSAND:
            value, after = value * 1000, after + 1
        total, end = total + value, after
        smallest = _size(value)
    return (total, end) if end > i else None


def _size(value: int) -> int:
    """What a further part has to be smaller than."""
    for size in (1000, 100, 10):
        if value >= size and value % size == 0:
            return size
    return 1


def _one(lows: Sequence[str], i: int) -> tuple[int, int] | None:
    if i + 1 < len(lows) and lows[i] in _ONES and (lows[i + 1],) in _TENS:
        return _VALUES[(lows[i],)] + _TENS[(lows[i + 1],)], i + 2
    for size in range(min(_LONGEST, len(lows) - i), 0, -1):
        value = _VALUES.get(tuple(lows[i : i + size]))
        if value is not None:
            if size == 1 and lows[i + 1 : i + 2] == ("صد",) and 1 <= value <= 9:
                return value * 100, i + 2
            return value, i + size
    return None


def _weekday_at(lows: Sequence[str], i: int) -> bool:
    """ "سه شنبه" is a Tuesday and no three."""
    return tuple(lows[i : i + 2]) in _WEEKDAYS
