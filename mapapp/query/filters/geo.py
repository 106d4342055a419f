"""Distances as plain arithmetic that any SQL engine runs (selection → expression).

What is known to a radius lies in a shape surely where its whole disc does, possibly where any of it
does; what is known to an area, by the area's outline (see `areas.py`). A point is a disc of no
radius. See docs/store.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

import ibis

from mapapp.domain.selection import Circle, Corridor, Polygon
from mapapp.query.filters import areas
from mapapp.query.filters.areas import EARTH_KM

Expr = Any

#: For boxes: a little less than a degree of latitude, degrees to spare, and where degrees of
#: longitude become too short to reckon with.
_KM_PER_DEGREE = 110.5
_MARGIN = 0.2
_POLAR = 80.0


def within(table: Expr, shape: Circle | Corridor | Polygon, *, certain: bool) -> Expr:
    """Whether an incident lies in a shape: possibly, or for certain where that is asked."""
    reached = areas.reach(shape)
    outlined = table.areal & ~table.area_id.isin(areas.without_outline())
    by_outline = table.area_id.isin(sorted(reached.inside if certain else reached.touched))
    if isinstance(shape, Polygon):
        by_disc = _in_polygon(table, shape, certain=certain)
    else:
        by_disc = _in_reach(table, shape, certain=certain)
    return table.mappable & ((outlined & by_outline) | (~outlined & by_disc))


def _in_reach(table: Expr, shape: Circle | Corridor, *, certain: bool) -> Expr:
    """Whether a disc lies within a distance of a point or a line, or any of it.

    The nearest point of each leg is found on a plane true to scale at the leg's middle, and the
    distance to it is the great circle's.
    """
    if isinstance(shape, Circle):
        points: Sequence[tuple[float, float]] = [(shape.lat, shape.lng)]
        away = _distance_km(table, shape.lat, shape.lng, math.cos(math.radians(shape.lat)))
    else:
        points = shape.points
        legs = list(pairwise(points)) or [(points[0], points[0])]
        away = ibis.least(*(_distance_to_leg_km(table, start, end) for start, end in legs))
    limit, radius = float(shape.radius_km), _radius_km(table)
    fits = (away + radius if certain else away - radius) <= limit
    return _box(table, points, limit) & fits


def _in_polygon(table: Expr, polygon: Polygon, *, certain: bool) -> Expr:
    """Whether a disc lies in a polygon, or any of it.

    The border's nearest point is found in a plane true to scale at the disc's own latitude.
    """
    edges = list(pairwise([*polygon.points, polygon.points[0]]))
    crossed = reduce(
        lambda all_of, one: all_of + one,
        (
            ((table.lat >= min(y0, y1)) & (table.lat < max(y0, y1))
             & (table.lng < (table.lat - y0) * ((x1 - x0) / (y1 - y0)) + x0)).cast("int64")
            for (y0, x0), (y1, x1) in edges if y0 != y1
        ),
    )  # fmt: skip
    inside = crossed % 2 == 1
    border = ibis.least(*(_squared_km(table, start, end) for start, end in edges))
    radius = _radius_km(table)
    fits = inside & (border >= radius * radius) if certain else inside | (border <= radius * radius)
    latitudes, longitudes = zip(*polygon.points, strict=True)
    box = (
        (table.north >= min(latitudes)) & (table.south <= max(latitudes))
        & (table.east >= min(longitudes)) & (table.west <= max(longitudes))
    )  # fmt: skip
    exact = table.radius_m.fill_null(0.0) == 0.0
    return box & ((exact & inside) | (~exact & fits))


def _squared_km(table: Expr, start: tuple[float, float], end: tuple[float, float]) -> Expr:
    """The square of the distance from a point to an edge."""
    degree = math.radians(EARTH_KM)
    across = table.lat.radians().cos() * degree
    x0, y0 = (start[1] - table.lng) * across, (start[0] - table.lat) * degree
    right, up = (end[1] - start[1]) * across, (end[0] - start[0]) * degree
    length = ibis.greatest(right * right + up * up, 1e-12)
    share = ibis.greatest(0.0, ibis.least(1.0, -(x0 * right + y0 * up) / length))
    x, y = x0 + share * right, y0 + share * up
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
    return table.radius_m.fill_null(0.0) / 1000.0


def _distance_to_leg_km(table: Expr, start: tuple[float, float], end: tuple[float, float]) -> Expr:
    (lat0, lng0), (lat1, lng1) = start, end
    squeeze = math.cos(math.radians((lat0 + lat1) / 2))
    up, right = lat1 - lat0, (lng1 - lng0) * squeeze
    length_squared = up * up + right * right
    if length_squared == 0:
        return _distance_km(table, lat0, lng0, math.cos(math.radians(lat0)))
    along_leg = ((table.lat - lat0) * up + (table.lng - lng0) * (squeeze * right)) / length_squared
    share = ibis.greatest(0.0, ibis.least(1.0, along_leg))
    lat, lng = share * up + lat0, share * (lng1 - lng0) + lng0
    return _distance_km(table, lat, lng, lat.radians().cos())


def _distance_km(table: Expr, lat: Any, lng: Any, cosine: Any) -> Expr:
    """Great-circle (haversine) distance; `cosine` is that of `lat`."""
    half_lat = _half_sine_squared(table.lat - lat)
    half_lng = _half_sine_squared(table.lng - lng)
    inner = half_lat + table.lat.radians().cos() * cosine * half_lng
    return ibis.least(1.0, inner).sqrt().asin() * (2 * EARTH_KM)


def _half_sine_squared(degrees: Expr) -> Expr:
    half = (degrees.radians() / 2).sin()
    return half * half


def any_of(conditions: list[Expr]) -> Expr:
    """At least one condition; never fulfilled where there is none."""
    return reduce(or_, conditions) if conditions else ibis.literal(False)
