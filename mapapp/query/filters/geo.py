"""Distances as plain arithmetic that any SQL engine runs (selection → expression).

A thing known only to a radius or an area is "possibly within" a distance where the nearest point
of its disc is: distance − radius ≤ limit. See docs/store.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

import ibis

from mapapp.domain.selection import Circle, Corridor

Expr = Any

#: Mean radius of the earth, km.
EARTH_KM = 6371.0088


#: For boxes: a little less than a degree of latitude, degrees to spare, and where degrees of
#: longitude become too short to reckon with.
_KM_PER_DEGREE = 110.5
_MARGIN = 0.2
_POLAR = 80.0


def near(table: Expr, circle: Circle) -> Expr:
    """Whether an incident possibly lies in a circle."""
    away = _distance_km(table, circle.lat, circle.lng, math.cos(math.radians(circle.lat)))
    limit = float(circle.radius_km)
    box = _box(table, [(circle.lat, circle.lng)], limit)
    return table.mappable & box & (away - _radius_km(table) <= limit)


def along(table: Expr, corridor: Corridor) -> Expr:
    """Whether an incident possibly lies in a corridor.

    The nearest point of each leg is found on a plane true to scale at the leg's middle, and the
    distance to it is the great circle's.
    """
    points = corridor.points
    legs = list(pairwise(points)) or [(points[0], points[0])]
    away = ibis.least(*(_distance_to_leg_km(table, start, end) for start, end in legs))
    limit = float(corridor.radius_km)
    return table.mappable & _box(table, points, limit) & (away - _radius_km(table) <= limit)


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
