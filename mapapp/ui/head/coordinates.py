"""Coordinates as people write them: "34.35, 62.2", "34°20'N 62°12'E" (page → point).

Strict: what could be read in two ways is not read, because a wrong place looks as sure as a right
one. (geopy's reader takes "34 20 N, 62 12 E" for 62° N, 12° E.)
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LatLng = tuple[float, float]

_SIGNS: Final = str.maketrans(
    {"′": "'", "’": "'", "´": "'", "″": '"', "”": '"', "º": "°", "،": ",", "؛": ";", "−": "-",
     "٫": "."}
)  # fmt: skip

_ONE: Final = re.compile(
    r"""(?P<before>[NSEW])?\s*
        (?P<degrees>[+-]?\d{1,3}(?:\.\d+)?)(?:\s*°)?
        (?:\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*')?
        (?:\s*(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:"|''))?
        (?(before)|(?:\s*(?P<after>[NSEW]))?)""",
    re.VERBOSE | re.IGNORECASE,
)
#: "34,35; 62,2": a comma within the numbers, as in much of the world.
_COMMAS: Final = re.compile(r"([+-]?\d{1,3}),(\d+)\s*[;\s]\s*([+-]?\d{1,3}),(\d+)")

#: South, north and west, east of Afghanistan, to tell longitude before latitude from its order.
_SOUTH, _NORTH, _WEST, _EAST = 29.0, 39.0, 60.0, 75.5


def read(text: str) -> tuple[LatLng, ...]:
    """The places that a text may mean as coordinates, (lat, lng) in degrees; empty if none.

    Two where longitude may have been written first: the second is then the one that lies in
    Afghanistan.
    """
    plain = "".join(_digit(char) for char in text.strip()).translate(_SIGNS)
    plain = _COMMAS.sub(r"\1.\2;\3.\4", plain) if _COMMAS.fullmatch(plain) else plain
    first = _ONE.match(plain)
    if first is None:
        return ()
    rest = plain[first.end() :]
    second = _ONE.fullmatch(rest.lstrip(",;/ \t"))
    if second is None or not (rest[:1] in ",;/ \t" or first["after"] or first["minutes"]):
        return ()
    one, other = _degrees(first), _degrees(second)
    sides = (_side(first), _side(second))
    if one is None or other is None or (sides[0] == "") != (sides[1] == ""):
        return ()
    if sides[0] and sides[0] in "EW":
        one, other, sides = other, one, sides[::-1]
    if sides[0] and (sides[0] not in "NS" or sides[1] not in "EW"):
        return ()
    if sides[0]:
        return _possible((one, other))
    swapped = _SOUTH <= other <= _NORTH and _WEST <= one <= _EAST
    return (*_possible((one, other)), *(_possible((other, one)) if swapped else ()))


def _digit(char: str) -> str:
    """Persian and Arabic digits as ours."""
    return str(unicodedata.digit(char)) if char.isdecimal() else char


def _side(match: re.Match[str]) -> str:
    return (match["before"] or match["after"] or "").upper()


def _degrees(match: re.Match[str]) -> float | None:
    minutes, seconds = float(match["minutes"] or 0), float(match["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    degrees = float(match["degrees"])
    sign = -1 if match["degrees"].startswith("-") or _side(match) in ("S", "W") else 1
    return sign * (abs(degrees) + minutes / 60 + seconds / 3600)


def _possible(place: LatLng) -> tuple[LatLng, ...]:
    return (place,) if abs(place[0]) <= 90 and abs(place[1]) <= 180 else ()
