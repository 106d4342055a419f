"""Numbers as English prose puts them: words, digits, and how exactly ("at least", "over")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gazetteer.names.numbers import CARDINALS, TENS
from mapapp.domain.claim import bounds
from mapapp.domain.vocab import Modifier
from mapapp.reading.words import WORDS

_ONES = {word: n for n, word in enumerate(CARDINALS)}
#: No single attack has more; digits beyond are no number of people.
_MOST_DIGITS = 6
QUOTES = frozenset("\"“”'‘’«»")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `start` to `end`, with its bounds; `low` and `high` None for "dozens"."""

    start: int
    end: int
    low: int | None
    high: int | None
    modifier: Modifier
    plain: bool = True  # no more than a single digit or word: could be a year or a time


def _one(lows: Sequence[str], i: int) -> tuple[int, int] | None:
    """A number without its modifier: value and end."""
    word = lows[i]
    if word[0].isdigit():
        plain = word.replace(",", "")
        if plain.isdigit() and plain.isascii() and len(plain) <= _MOST_DIGITS:
            return int(plain), i + 1
        return None
    if word in ("half", "a") and lows[i + 1 : i + 2] and lows[i + 1] in ("a", "dozen"):
        if word == "half" and lows[i + 1 : i + 3] == ("a", "dozen"):
            return 6, i + 3
        if word == "a" and lows[i + 1] == "dozen":
            return 12, i + 2
        return None
    return _worded(lows, i)


def _worded(lows: Sequence[str], i: int) -> tuple[int, int] | None:
    total, part, j, seen = 0, 0, i, False
    while j < len(lows) and j < i + 10:
        word = lows[j]
        tens, _, ones = word.partition("-")
        if word in _ONES:
            part += _ONES[word]
        elif word in TENS:
            part += TENS[word]
        elif tens in TENS and ones in _ONES:
            part += TENS[tens] + _ONES[ones]
        elif word == "hundred" and (seen or lows[j - 1 : j] == ("a",)):
            part = (part or 1) * 100
        elif word == "thousand" and seen:
            total, part = (part or 1) * 1000, 0
        elif word == "dozen" and seen:
            part = (part or 1) * 12
        elif (
            word == "and" and seen and lows[j - 1] in ("hundred", "thousand") and j + 1 < len(lows)
        ):
            after = lows[j + 1]
            if after not in _ONES and after not in TENS and after.partition("-")[0] not in TENS:
                break
        else:
            break
        seen = True
        j += 1
    return (total + part, j) if seen else None


#: Words before a number and what they make of it; the longest first.
_BEFORE: tuple[tuple[tuple[str, ...], Modifier | str], ...] = tuple(
    (tuple(words.split()), meaning)
    for words, meaning in (
        ("at least", Modifier.AT_LEAST), ("no fewer than", Modifier.AT_LEAST),
        ("no less than", Modifier.AT_LEAST), ("not less than", Modifier.AT_LEAST),
        ("not fewer than", Modifier.AT_LEAST), ("a minimum of", Modifier.AT_LEAST),
        ("atleast", Modifier.AT_LEAST),
        ("more than", Modifier.OVER), ("over", Modifier.OVER), ("upwards of", Modifier.OVER),
        ("in excess of", Modifier.OVER), ("above", Modifier.OVER),
        ("up to", "most"), ("as many as", "most"), ("no more than", "most"),
        ("not more than", "most"), ("at most", "most"), ("fewer than", "under"),
        ("less than", "under"), ("under", "under"),
        ("about", Modifier.ABOUT), ("around", Modifier.ABOUT), ("approximately", Modifier.ABOUT),
        ("some", Modifier.ABOUT), ("nearly", Modifier.ABOUT), ("almost", Modifier.ABOUT),
        ("roughly", Modifier.ABOUT), ("an estimated", Modifier.ABOUT), ("close to", Modifier.ABOUT),
        ("estimated", Modifier.ABOUT),
    )
)  # fmt: skip
_VAGUE = WORDS.set("numbers", "vague")
_VAGUE_PHRASES: tuple[tuple[str, ...], ...] = (
    ("a", "number", "of"), ("a", "large", "number", "of"), ("an", "unknown", "number", "of"),
    ("a", "handful", "of"), ("a", "few"), ("a", "score", "of"), ("scores", "more"),
    ("an", "unspecified", "number", "of"), ("a", "small", "number", "of"),
    ("large", "numbers", "of"),
)  # fmt: skip


#: Words that a number can begin with; most words cannot.
_STARTS = frozenset(
    {*_ONES, *TENS, *_VAGUE, "hundred", "half", "a", "between", "both"}
    | {words[0] for words, _ in _BEFORE}
    | {words[0] for words in _VAGUE_PHRASES}
)


def number_at(lows: Sequence[str], i: int) -> Number | None:
    """The number, with its modifier, that begins at token `i`."""
    word = lows[i]
    if word not in _STARTS and not word[0].isdigit() and word.partition("-")[0] not in TENS:
        return None
    for words in _VAGUE_PHRASES:
        if tuple(lows[i : i + len(words)]) == words:
            end = i + len(words)
            return Number(i, end, None, None, Modifier.VAGUE, plain=False)
    for words, meaning in _BEFORE:
        if tuple(lows[i : i + len(words)]) == words:
            j = i + len(words)
            while j < len(lows) and (lows[j] in QUOTES or lows[j] in ("about", "another")):
                j += 1
            found = _one(lows, j) if j < len(lows) else None
            if found:
                return _bounded(lows, i, found, meaning)
            if j < len(lows) and lows[j] in _VAGUE and lows[j] not in ("few", "several", "many"):
                return Number(i, j + 1, None, None, Modifier.VAGUE, plain=False)
            return None
    if lows[i] == "between" or lows[i] in QUOTES:
        return _between(lows, i) if lows[i] == "between" else None
    if lows[i] == "both":
        return Number(i, i + 1, 2, 2, Modifier.EXACT, plain=False)
    found = _one(lows, i)
    if found:
        return _bounded(lows, i, found, None)
    if lows[i] == "many" and i and lows[i - 1] == "as":
        return None  # "three died and as many were hurt"
    if lows[i] in _VAGUE:
        end = i + 1
        if lows[end : end + 1] == ("dozen",) or tuple(lows[end : end + 1]) == ("hundred",):
            end += 1
        return Number(i, end, None, None, Modifier.VAGUE, plain=False)
    return None


def _between(lows: Sequence[str], i: int) -> Number | None:
    low = _one(lows, i + 1) if i + 1 < len(lows) else None
    if not low or low[1] + 1 >= len(lows) or lows[low[1]] != "and":
        return None
    high = _one(lows, low[1] + 1)
    if not high or high[0] < low[0]:
        return None
    return Number(i, high[1], low[0], high[0], Modifier.RANGE, plain=False)


def _bounded(
    lows: Sequence[str], i: int, found: tuple[int, int], meaning: Modifier | str | None
) -> Number:
    value, end = found
    plain = meaning is None and end == i + 1
    if meaning == "most":
        return Number(i, end, None, value, Modifier.RANGE, plain=False)
    if meaning == "under":
        return Number(i, end, None, max(value - 1, 0), Modifier.RANGE, plain=False)
    if meaning is None and end + 1 < len(lows) and lows[end] in ("or", "to", "-", "–"):
        if tuple(lows[end : end + 2]) == ("or", "more"):
            return Number(i, end + 2, value, None, Modifier.AT_LEAST, plain=False)
        more = _one(lows, end + 1)
        if more and value < more[0] <= value * 3 + 2:
            return Number(i, more[1], value, more[0], Modifier.RANGE, plain=False)
    modifier = meaning if isinstance(meaning, Modifier) else Modifier.EXACT
    low, high = bounds(value, modifier)
    return Number(i, end, low, high, modifier, plain)
