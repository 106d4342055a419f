"""Cells to numbers and coordinates, each refusal saying what is wrong (row → record)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapapp.domain.claim import bounds
from mapapp.domain.vocab import Modifier
from mapapp.importers.cells.marks import filled
from mapapp.importers.tables.table import Cell, Fault

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_AT_LEAST = re.compile(
    r"(?:at least|minimum|min\.?|no fewer than|≥|>=|au moins|mindestens|не менее|минимум|حداقل|"
    r"دست ?کم|لږ تر لږه)\s*(\d+)|(\d+)\s*(?:\+|or more|et plus|und mehr|и более)"
)
_OVER = re.compile(
    r"(?:over|more than|above|>|plus de|über|mehr als|более|больше|свыше|بیش از|بیشتر از)\s*(\d+)"
)
_ABOUT = re.compile(
    r"(?:about|around|approximately|approx\.?|some|nearly|almost|circa|ca\.?|c\.|~|≈|environ|etwa|"
    r"rund|около|примерно|حدود|در حدود|شاوخوا)\s*(\d+)"
)
_RANGE = re.compile(
    r"(?:between\s+|from\s+|entre\s+|de\s+|zwischen\s+|от\s+|بین\s+)?"
    r"(\d+)\s*(?:-|–|—|to|and|or|à|et|ou|bis|und|до|или|تا|الی|و|یا)\s*(\d+)"
)
#: Words behind a number that say no more than that people are counted.
_PEOPLE = re.compile(
    r"(?<=\d)\s*(?:people|persons?|individuals|personnes?|personen|человека?|نفر|تن|کس|تنه|کسان)$"
)
#: What codebooks print for "not known", and a figure of an attack almost never is.
_CODES_FOR_NOTHING = frozenset({999, 9999, 99999, 999999})
_VAGUE = re.compile(
    r"(dozens?|scores?|several|many|some|hundreds?|a few|multiple|(?:an )?unknown number|"
    r"number (?:is )?(?:unknown|not known)|few|a number|numerous|tens|unspecified number)( of .*)?"
    r"|plusieurs|des dizaines|des centaines|несколько|десятки|сотни|چندین|چند تن|(?:ده|"
    r"صد)\W?ها(?: تن| نفر)?|تعدادی|شماری"
)
#: "4 (+1)": lists of attacks so count the attackers apart, others mean one more that died later.
_PLUS = re.compile(r"(\d+)\s*(?:\(\s*\+\s*(\d+)[^)]*\)|\+\s*(\d+))")
#: Words that may be 0 or not known.
_NO_ONE = re.compile(r"none|no|nobody|no one|nil|no (?:deaths?|casualties|injur\w+|fatalit\w+)"
                     r"|keine?|aucune?|هیچ|هیڅ|نه")  # fmt: skip
_SEPARATED = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_DMS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*[°º]?\s*(?:(\d+(?:[.,]\d+)?)\s*['′]\s*(?:(\d+(?:[.,]\d+)?)\s*(?:\"|″|''))?)?"
    r"\s*([NSEW])?",
    re.IGNORECASE,
)


class BadValue(ValueError):
    """A cell that cannot be used; `fault` and `remedy` complete a `Fault`."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy

    def at(self, field: str) -> Fault:
        """The fault with its field."""
        return Fault(field, self.fault, self.remedy)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of people as put: the number, inclusive bounds (None is open), and how."""

    value: int | None
    low: int | None
    high: int | None
    modifier: Modifier


def whole(cell: Cell) -> int | None:
    """A whole number of any sign, None for an empty cell."""
    if isinstance(cell, bool):
        raise BadValue(f"'{cell}' is not a number", "Write digits")
    words = filled(cell)
    if not words:
        return None
    if _NO_ONE.fullmatch(words.casefold()):
        raise BadValue(f"'{words}' may be 0 or not known", "Write 0, or empty the cell")
    if _PLUS.fullmatch(words):
        raise BadValue(
            f"'{words}' holds two numbers", "Say attackers_apart if the second is that of the "
            "attackers, or write one number",
        )  # fmt: skip
    plain = words.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise BadValue(f"'{_short(words)}' is not a whole number", "Write digits only")
    if _SEPARATED.fullmatch(plain):
        raise BadValue(
            f"'{words}' may be a thousand or a fraction", "Write the number without separators"
        )
    number = float(plain.replace(",", "."))
    if not number.is_integer() or abs(number) > 2**53:
        raise BadValue(f"'{words}' is not a whole number", "Write a whole number")
    return int(number)


def count(cell: Cell) -> int | None:
    """A number of people: whole, not negative, below two thousand million; None if empty."""
    number = whole(cell)
    if number is None:
        return None
    if number < 0:
        raise BadValue(
            f"{number} is negative; a number of people cannot be",
            "Write a number from 0 up, or empty the cell where the number is not known",
        )
    if number >= 2**31:
        raise BadValue(f"{number} is no number of people", "Correct the number")
    return number


def figure(cell: Cell) -> Figure | None:
    """A number as people write it: "12", "12+", "over 20", "about 30", "3-6", "dozens"."""
    said = filled(cell).casefold().replace("\u200c", " ")
    words = _PEOPLE.sub("", said)
    if not words:
        return None
    if found := _AT_LEAST.fullmatch(words):
        return _figure(found[1] or found[2], Modifier.AT_LEAST)
    if found := _OVER.fullmatch(words):
        return _figure(found[1], Modifier.OVER)
    if found := _ABOUT.fullmatch(words):
        return _figure(found[1], Modifier.ABOUT)
    if _VAGUE.fullmatch(words):
        return Figure(None, None, None, Modifier.VAGUE)
    if found := _RANGE.fullmatch(words):
        low, high = count(found[1]), count(found[2])
        if low is not None and high is not None and low > high:
            raise BadValue(f"'{words}' runs from {low} down to {high}", "Swap the two numbers")
        return Figure(None, low, high, Modifier.RANGE)
    number = count(words if words.isdigit() else cell)
    if number in _CODES_FOR_NOTHING and words == said:
        raise BadValue(f"{number} may stand for 'not known'",
        "Empty the cell; if it is the number, "
                       f"write “{number} people”")  # fmt: skip
    return None if number is None else _figure(str(number), Modifier.EXACT)


def with_attackers(cell: Cell) -> tuple[Figure, Figure] | None:
    """The two numbers of "4 (+1)" where the second is that of the attackers; None for others."""
    found = _PLUS.fullmatch(filled(cell))
    if not found:
        return None
    return _figure(found[1], Modifier.EXACT), _figure(found[2] or found[3], Modifier.EXACT)


def _figure(digits: str, modifier: Modifier) -> Figure:
    number = count(digits)
    return Figure(number, *bounds(number, modifier), modifier)


def coordinate(cell: Cell, limit: int) -> float | None:
    """Degrees: "34.5", "34,5", "34°31'N"; None if empty. `limit` is 90 or 180."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        degrees = float(cell)
        if degrees != degrees:
            return None
    else:
        words = filled(cell)
        if not words:
            return None
        if words[:1] in "NSEWnsew" and words[1:2] in " 0123456789":
            words = words[1:].strip() + words[0]
        sign, plain = (-1, words[1:].strip()) if words[:1] in "-−" else (1, words)
        found = _DMS.fullmatch(plain)
        if not found:
            raise BadValue(f"'{_short(words)}' is not degrees", "Write degrees like 34.5167")
        parts = [float((part or "0").replace(",", ".")) for part in found.groups()[:3]]
        side = (found[4] or "").upper()
        if side and (side in "NS") != (limit == 90):
            raise BadValue(
                f"'{words}' is the other coordinate", "Swap the columns of latitude and longitude"
            )
        if parts[1] >= 60 or parts[2] >= 60:
            raise BadValue(f"'{words}' has 60 minutes or seconds or more", "Correct it")
        degrees = sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)
        degrees = -degrees if side and side in "SW" else degrees
    if not -limit <= degrees <= limit:
        raise BadValue(
            f"{degrees:g} is beyond {limit}°", "Check whether latitude and longitude are swapped"
        )
    return degrees


#: Behind both, forms write the altitude and the accuracy.
_PAIR = re.compile(r"([^,;\s]+)\s*[,;\s]\s*([^,;\s]+)(?:[,\s]+(-?[\d.]+)(?:[,\s]+(-?[\d.]+))?)?")
_DECIMAL_COMMAS = re.compile(r"(-?\d+,\d+)\s*[;\s]\s*(-?\d+,\d+)")
_WKT = re.compile(r"(?:SRID=\d+;)?POINT\s*Z?M?\s*\(\s*(\S+)[\s,]+([^\s)]+)[^)]*\)", re.IGNORECASE)
_NAMED = re.compile(r"lat\w*\W+([-+\d.]+)\W+(?:lng|lon\w*)\W+([-+\d.]+)\W*", re.IGNORECASE)
_IN_LINK = re.compile(r".*(?:@|[?&](?:q|ll|query)=|^geo:)(-?\d+\.\d+),(-?\d+\.\d+).*")
_GEOJSON = re.compile(
    r'\{.*"type":\s*"Point".*"coordinates":\s*\[\s*([-\d.eE]+),\s*([-\d.eE]+)[^\]]*\].*\}'
)
_SIDED = re.compile(r"(.*[NS])[\s,;]+(.*[EW])", re.IGNORECASE)


def point(cell: Cell) -> tuple[float, float] | None:
    """Latitude and longitude that stand in one cell, in this order; None where it holds none.

    "36.709, 67.111", "36°42'N 67°6'E", a map's link, and what forms write (latitude first, then
    altitude and accuracy); WKT and GeoJSON, which have the longitude first.
    """
    words = filled(cell).strip("()[] ")
    if not any(char.isdigit() for char in words):
        return None
    for pattern, lng_first in (
        (_WKT, True), (_GEOJSON, True), (_NAMED, False), (_IN_LINK, False), (_SIDED, False),
        (_DECIMAL_COMMAS, False), (_PAIR, False),
    ):  # fmt: skip
        found = pattern.fullmatch(words)
        if not found and words[-1:] not in ")]":
            found = pattern.fullmatch(words + ")")
        if not found:
            continue
        first, second = found[1], found[2]
        lat, lng = (second, first) if lng_first else (first, second)
        if pattern is _PAIR and not ("." in lat and "." in lng) and "°" not in words:
            return None  # "5, 12" may be anything
        if pattern is _PAIR and found[4] and "." in found[3] and _alike(found):
            return None  # a second pair beside the first
        try:
            one, other = coordinate(lat, 90), coordinate(lng, 180)
        except BadValue:
            return None
        return None if one is None or other is None else (one, other)
    return None


def _alike(found: re.Match[str]) -> bool:
    """Whether the third and fourth number of a cell are so near the first two, in degrees, that
    they may be another place, or the other corner of one."""
    try:
        a, b, c, d = (float(part) for part in found.groups())
    except ValueError:
        return False
    return abs(a - c) < 5 and abs(b - d) < 5


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"
