"""Distances as plain arithmetic that any SQL engine runs, and numpy over columns in memory
(selection → expression).

What is known to a radius lies in a shape surely where its whole disc does, possibly where any of it
does; what is known to an area, by the area's outline (see `areas.py`). A point is a disc of no
radius. See docs/store.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import ne, or_
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mapapp.domain.selection import Circle, Corridor, Polygon
from mapapp.query.filters import areas
from mapapp.query.filters.areas import EARTH_KM
from mapapp.snapshot.schema import MERCATOR_BITS

Expr = Any

#: For boxes: a little less than a degree of latitude, degrees to spare, and where degrees of
#: longitude become too short to reckon with.
_KM_PER_DEGREE = 110.5
_MARGIN = 0.2
_POLAR = 80.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Places in memory: the columns of incidents that a shape is measured by, in place of a table.

    What is measured of them is an array of numpy in place of an expression.
    """

    rows: pa.Table

    def __getattr__(self, name: str) -> Any:
        if name == "area_id":
            return self.rows[name]
        return self.rows[name].to_numpy()

    def where(self, chosen: NDArray[np.bool_]) -> Columns:
        """Those that are chosen."""
        return Columns(self.rows.filter(pa.array(chosen)))


def within(table: Expr, shape: Circle | Corridor | Polygon, *, certain: bool) -> Expr:
    """Whether an incident lies in a shape: possibly, or for certain where that is asked."""
    reached = areas.reach(shape)
    # An area of no known outline is a disc about its label point.
    outlined = table.areal & _among(table.area_id, list(areas.outlines()))
    by_outline = _among(table.area_id, sorted(reached.inside if certain else reached.touched))
    measure: Callable[..., Expr] = _in_reach
    if isinstance(shape, Polygon):
        measure = _in_polygon if shape.box is None else _in_rectangle
    by_disc = _of_those(table, ~outlined, lambda t: measure(t, shape, certain=certain))
    return table.mappable & ((outlined & by_outline) | by_disc)


def _in_reach(table: Expr, shape: Circle | Corridor, *, certain: bool) -> Expr:
    """Whether a disc lies within a distance of a point or a line, or any of it.

    The nearest point of each leg is found on a plane true to scale at the leg's middle, and the
    distance to it is the great circle's.
    """
    limit = float(shape.radius_km)
    points: Sequence[tuple[float, float]] = (
        [(shape.lat, shape.lng)] if isinstance(shape, Circle) else shape.points
    )
    legs = list(pairwise(points)) or [(points[0], points[0])]

    def fits(t: Expr) -> Expr:
        away = _least(*(_distance_to_leg_km(t, start, end) for start, end in legs))
        return (away + _radius_km(t) if certain else away - _radius_km(t)) <= limit

    return _of_those(table, _box(table, points, limit), fits)


def _in_polygon(table: Expr, polygon: Polygon, *, certain: bool) -> Expr:
    """Whether a disc lies in a polygon, or any of it.

    Sides cost an engine dear: small discs in cells far from the border are answered by their cell.
    """
    sides = list(pairwise([*polygon.points, polygon.points[0]]))

    def exact(t: Expr) -> Expr:
        # On an odd number of sides one comes out.
        inside = reduce(ne, (_crossed(t, *side) for side in sides if side[0][0] != side[1][0]))
        border = _least(*(_squared_km(t, *part) for side in sides for part in _parts(*side)))
        radius = _radius_km(t)
        return inside & (border >= radius**2) if certain else inside | (border <= radius**2)

    cells = areas.cells(polygon)
    small = _radius_km(table) <= areas.SMALL_KM
    place = (table.mx >> cells.shift) * (1 << MERCATOR_BITS) + (table.my >> cells.shift)
    far_in = small & _among(place, cells.inside)
    return far_in | _of_those(table, ~small | _among(place, cells.border), exact)


def _in_rectangle(table: Expr, polygon: Polygon, *, certain: bool) -> Expr:
    """The same of a rectangle along the degrees, by a disc's box; at its corners by distance."""
    assert polygon.box is not None
    west, south, east, north = map(float, polygon.box)
    if certain:
        return (
            (table.south >= south) & (table.north <= north)
            & (table.west >= west) & (table.east <= east)
        )  # fmt: skip
    corners = [((lat, lng), (lat, lng)) for lat in (south, north) for lng in (west, east)]
    corner = _least(*(_squared_km(table, *at) for at in corners))
    radius = _radius_km(table)
    return (
        (table.north >= south) & (table.south <= north)
        & (table.east >= west) & (table.west <= east)
        & (((table.lat >= south) & (table.lat <= north))
           | ((table.lng >= west) & (table.lng <= east)) | (corner <= radius**2))
    )  # fmt: skip


def _crossed(table: Expr, start: tuple[float, float], end: tuple[float, float]) -> Expr:
    """Whether a line from a point to the east crosses a side."""
    (y0, x0), (y1, x1) = start, end
    slope = (x1 - x0) / (y1 - y0)
    beside = (table.lat >= min(y0, y1)) & (table.lat < max(y0, y1))
    return beside & (table.lng < table.lat * slope + (x0 - y0 * slope))


def _parts(
    start: tuple[float, float], end: tuple[float, float]
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """A side in parts of a degree of latitude at most, each of which a plane is true enough for."""
    number = max(1, math.ceil(abs(end[0] - start[0])))
    stops = [
        (start[0] + (end[0] - start[0]) * n / number, start[1] + (end[1] - start[1]) * n / number)
        for n in range(number + 1)
    ]
    return pairwise(stops)


def _squared_km(table: Expr, start: tuple[float, float], end: tuple[float, float]) -> Expr:
    """The square of the distance from a point to a side, in a plane true to scale at its middle.

    Within 1 % where the point is no farther than a degree. A side may be a point.
    """
    degree = math.radians(EARTH_KM)
    across = degree * math.cos(math.radians((start[0] + end[0]) / 2))
    up, right = end[0] - start[0], end[1] - start[1]
    length = (up * degree) ** 2 + (right * across) ** 2 or 1.0
    by_lat, by_lng = up * degree**2 / length, right * across**2 / length
    along_side = table.lat * by_lat + table.lng * by_lng - (start[0] * by_lat + start[1] * by_lng)
    share = _between_0_and_1(along_side)
    y = (table.lat - start[0] - share * up) * degree
    x = (table.lng - start[1] - share * right) * across
    return x * x + y * y


def _box(table: Expr, points: Sequence[tuple[float, float]], radius_km: float) -> Expr:
    """Whether a disc meets a box that is surely large enough: four comparisons spare most sines."""
    up = radius_km / _KM_PER_DEGREE + _MARGIN
    south, north = min(lat for lat, _ in points) - up, max(lat for lat, _ in points) + up
    fits = (table.north >= south) & (table.south <= north)
    across = up / max(0.01, math.cos(math.radians(min(89.9, max(abs(south), abs(north))))))
    west, east = min(lng for _, lng in points) - across, max(lng for _, lng in points) + across
    if max(abs(south), abs(north)) > _POLAR or west < -180 or east > 180:
        return fits
    # A disc across the antimeridian has its other end on the far side.
    across_it = (table.west < -180.0) | (table.east > 180.0)
    return fits & (((table.east >= west) & (table.west <= east)) | across_it)


def _radius_km(table: Expr) -> Expr:
    radius = table.radius_m
    known = np.nan_to_num(radius) if isinstance(radius, np.ndarray) else radius.fill_null(0.0)
    return known / 1000.0


def _distance_to_leg_km(table: Expr, start: tuple[float, float], end: tuple[float, float]) -> Expr:
    (lat0, lng0), (lat1, lng1) = start, end
    squeeze = math.cos(math.radians((lat0 + lat1) / 2))
    up, right = lat1 - lat0, (lng1 - lng0) * squeeze
    length_squared = up * up + right * right
    if length_squared == 0:
        return _distance_km(table, lat0, lng0, math.cos(math.radians(lat0)))
    along_leg = ((table.lat - lat0) * up + (table.lng - lng0) * (squeeze * right)) / length_squared
    share = _between_0_and_1(along_leg)
    lat, lng = share * up + lat0, share * (lng1 - lng0) + lng0
    return _distance_km(table, lat, lng, _called("cos", _called("radians", lat)))


def _distance_km(table: Expr, lat: Any, lng: Any, cosine: Any) -> Expr:
    """Great-circle (haversine) distance; `cosine` is that of `lat`."""
    half_lat = _half_sine_squared(table.lat - lat)
    half_lng = _half_sine_squared(table.lng - lng)
    inner = half_lat + _called("cos", _called("radians", table.lat)) * cosine * half_lng
    return _called("asin", _called("sqrt", _least(1.0, inner))) * (2 * EARTH_KM)


def _half_sine_squared(degrees: Expr) -> Expr:
    half = _called("sin", _called("radians", degrees) / 2)
    return half * half


def _of_those(table: Expr, which: Expr, measure: Callable[[Expr], Expr]) -> Expr:
    """Whether it is one of those and what is measured holds; in memory only those are measured."""
    if not isinstance(table, Columns):
        return which & measure(table)
    holds = np.zeros(len(which), bool)
    if which.any():
        holds[which] = measure(table.where(which))
    return holds


def _among(column: Expr, values: Sequence[Any]) -> Expr:
    if isinstance(column, np.ndarray):
        return np.isin(column, values)
    if isinstance(column, pa.ChunkedArray):
        return pc.is_in(column, value_set=pa.array(values, column.type)).to_numpy()
    return column.isin(values)


def _least(*terms: Expr) -> Expr:
    in_memory = any(isinstance(term, np.ndarray) for term in terms)
    return reduce(np.minimum, terms) if in_memory else ibis.least(*terms)


def _between_0_and_1(term: Expr) -> Expr:
    if isinstance(term, np.ndarray):
        return np.clip(term, 0.0, 1.0)
    return ibis.greatest(0.0, ibis.least(1.0, term))


def _called(function: str, term: Expr) -> Expr:
    in_memory = isinstance(term, np.ndarray)
    return getattr(np, function)(term) if in_memory else getattr(term, function)()


def any_of(conditions: list[Expr]) -> Expr:
    """At least one condition; never fulfilled where there is none."""
    return reduce(or_, conditions) if conditions else ibis.literal(False)
