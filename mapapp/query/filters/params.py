"""Values in a link or a request: how each kind is written as text and read again (text ↔ value).

Readers raise `Fault` with what is wrong and what to try; nothing else. Pages, `/data` and `/api`
read a value by the same reader, and differ only in what they do with its `Fault`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.selection import Circle, Corridor, Polygon

#: west, south, east, north in degrees; west > east crosses the antimeridian.
Bounds = tuple[float, float, float, float]

#: The closest a map can look.
MAX_ZOOM = 22

#: Bounds on what a link may hold, so that a hostile one costs little.
MAX_CODES = 500
MAX_CODE_LENGTH = 200
MAX_TEXT_LENGTH = 500
MAX_POINTS = 100
MAX_CORNERS = 40
MAX_KM = 2000.0

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RANGE = re.compile(r"(\d{0,7})(-)?(\d{0,7})", re.ASCII)


class Fault(Exception):
    """A value that cannot be read: what is wrong, and what to try.

    `kept` is the part of a list of codes that can be used all the same.
    """

    def __init__(self, fault: str, remedy: str, kept: tuple[str, ...] = ()) -> None:
        super().__init__(fault)
        self.fault, self.remedy, self.kept = fault, remedy, kept


def read_day(text: str) -> date:
    """An ISO day."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Fault(f"“{shorten(text)}” is not a day", "write it like 2022-09-30")


def read_flag(text: str) -> bool:
    """1 or 0, true or false."""
    if text in ("1", "true", "0", "false"):
        return text in ("1", "true")
    raise Fault(f"“{shorten(text)}” is neither 1 nor 0", "write 1 for yes, or leave it out")


def read_codes(text: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
    """Codes with commas between them, without repeats; `known` are those there are, if fixed."""
    codes = tuple(dict.fromkeys(unescape(part) for part in text.split(",") if part))
    if len(codes) > MAX_CODES:
        raise Fault(f"{len(codes)} values are too many", f"choose {MAX_CODES} at most")
    for code in codes:
        if len(code) > MAX_CODE_LENGTH or not printable(code):
            raise Fault(f"“{shorten(code)}” is not a code", "choose the value on the page")
    if known is not None:
        allowed = tuple(known)
        strange = next((code for code in codes if code not in allowed), None)
        if strange is not None:
            valid = tuple(code for code in codes if code in allowed)
            remedy = f"choose of {', '.join(allowed)}"
            raise Fault(f"“{shorten(strange)}” is not known", remedy, valid)
    return codes


def write_codes(codes: Iterable[str]) -> str:
    """Codes with commas between them; a comma inside a code is written %2C."""
    return ",".join(escape(code) for code in codes)


def escape(code: str) -> str:
    """A code without commas; `%` guards itself."""
    return code.replace("%", "%25").replace(",", "%2C")


def unescape(text: str) -> str:
    """What `escape` was given."""
    return text.replace("%2C", ",").replace("%25", "%")


def read_range(text: str) -> tuple[int | None, int | None]:
    """`2-20`, `5-` (at least), `-3` (at most), `4` (exactly)."""
    match = _RANGE.fullmatch(text)
    if match and (match[1] or match[3]):
        low = int(match[1]) if match[1] else None
        high = int(match[3]) if match[3] else None
        if match[2] is None:
            high = low
        if low is None or high is None or low <= high:
            return low, high
    raise Fault(f"“{shorten(text)}” is not a range of numbers", "write it like 2-20, 5- or -3")


def write_range(low: int | None, high: int | None) -> str:
    """The range as `read_range` reads it, empty where both ends are open."""
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    return f"{'' if low is None else low}-{'' if high is None else high}"


def read_text(text: str) -> str:
    """Free text."""
    if len(text) > MAX_TEXT_LENGTH:
        raise Fault(f"it has {len(text)} characters", f"search for {MAX_TEXT_LENGTH} at most")
    if not printable(text):
        raise Fault("it holds control characters", "type the words again")
    return text


def read_circle(text: str) -> Circle:
    """`lat,lng,km`."""
    numbers = _numbers(text.split(","))
    if len(numbers) != 3:
        raise Fault(f"“{shorten(text)}” is not lat,lng,km", "write it like 34.5,69.2,25")
    lat, lng, km = numbers
    return Circle(*_point(lat, lng), _km(km))


def write_circle(circle: Circle) -> str:
    """The circle as `read_circle` reads it."""
    return ",".join(_number(n) for n in (circle.lat, circle.lng, circle.radius_km))


def read_corridor(text: str) -> Corridor:
    """`lat,lng;lat,lng,km`."""
    *first, last = text.split(";")
    *last_point, km = last.split(",")
    pairs = [_numbers(pair.split(",")) for pair in first] + [_numbers(last_point)]
    if len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
        raise Fault(
            f"“{shorten(text)}” is not a line", "write it like 34.3,62.2;34.4,62.5,10 (km last)"
        )
    if len(pairs) > MAX_POINTS:
        raise Fault(f"the line has {len(pairs)} points", f"draw it with {MAX_POINTS} at most")
    points = tuple(_point(lat, lng) for lat, lng in pairs)
    return Corridor(points, _km(_numbers([km])[0]))


def write_corridor(corridor: Corridor) -> str:
    """The corridor as `read_corridor` reads it."""
    points = ";".join(f"{_number(lat)},{_number(lng)}" for lat, lng in corridor.points)
    return f"{points},{_number(corridor.radius_km)}"


def read_polygon(text: str) -> Polygon:
    """`lat,lng;lat,lng;lat,lng`: the corners; the first may be said again at the end."""
    pairs = [_numbers(pair.split(",")) for pair in text.split(";")]
    if any(len(pair) != 2 for pair in pairs):
        raise Fault(
            f"“{shorten(text)}” is not a list of corners", "write it like 34,69;35,69;35,70"
        )
    points = [_point(lat, lng) for lat, lng in pairs]
    if len(points) > 1 and points[0] == points[-1]:
        del points[-1]
    if len(points) > MAX_CORNERS:
        raise Fault(f"it has {len(points)} corners", f"draw it with {MAX_CORNERS} at most")
    if len(set(points)) < 3 or _surface(points) == 0:
        raise Fault("it encloses nothing", "give three corners at least that are not on one line")
    return Polygon(tuple(points))


def write_polygon(polygon: Polygon) -> str:
    """The polygon as `read_polygon` reads it."""
    return ";".join(f"{_number(lat)},{_number(lng)}" for lat, lng in polygon.points)


def _surface(points: list[tuple[float, float]]) -> float:
    turns = zip(points, (*points[1:], points[0]), strict=True)
    return sum(a[1] * b[0] - b[1] * a[0] for a, b in turns)


def read_bounds(text: str) -> Bounds:
    """`west,south,east,north`, or six numbers with heights, which nothing here has.

    West may equal or exceed east: a box of no width, or one across the antimeridian.
    """
    remedy = "give west,south,east,north in degrees, e.g. 60.5,29.4,74.9,38.5"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise Fault(f"“{shorten(text)}” is not four numbers", remedy)
    west, south, east, north = numbers
    if south > north:
        raise Fault(f"“{shorten(text)}” has its south above its north", remedy)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and south >= -90 and north <= 90):
        raise Fault(f"“{shorten(text)}” reaches beyond the globe", remedy)
    return west, south, east, north


def read_as_of(text: str) -> Moment:
    """A day, or a time in UTC."""
    try:
        return read_moment(text)
    except ValueError as error:
        remedy = "write it like 2026-11-25 or 2026-11-25T18:50:00Z (UTC)"
        raise Fault(str(error), remedy) from None


def read_zoom(text: str, most: int = MAX_ZOOM) -> int:
    """A whole zoom from 0 to `most`."""
    return read_whole_number(text, 0, most)


def read_whole_number(text: str, least: int, most: int) -> int:
    """A whole number in a range, both ends included."""
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
        return int(text)
    fault = f"“{shorten(text)}” is not a whole number in range"
    raise Fault(fault, f"give {least} to {most}")


def printable(text: str) -> bool:
    """Whether text has neither control characters nor broken surrogates."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


def shorten(text: str, limit: int = 40) -> str:
    """Text cut for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _numbers(texts: list[str]) -> list[float]:
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)):
        raise Fault(f"“{shorten(','.join(texts))}” is not all numbers", "write plain numbers")
    return numbers


def _number(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _point(lat: float, lng: float) -> tuple[float, float]:
    if not -90 <= lat <= 90 or not -180 <= lng <= 180:
        raise Fault(
            f"{_number(lat)}, {_number(lng)} is not on the earth",
            "give latitude first, then longitude, in degrees",
        )
    return lat, lng


def _km(km: float) -> float:
    if not 0 < km <= MAX_KM:
        raise Fault(f"{_number(km)} km cannot be searched", f"choose up to {MAX_KM:.0f} km")
    return km
