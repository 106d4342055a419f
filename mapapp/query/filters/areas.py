"""Which provinces and districts a shape on the map holds, or only touches (shape → area ids).

Areas are few: they are measured here, by their outlines of 2014, and the engine compares ids.
Circles and corridors are measured in an azimuthal equidistant plane about their middle, in which
distances from the middle are the great circle's; across a corridor they are off by the square of
its half length over the earth's radius, a sixth of it (0.15 % at 600 km). Drawn polygons are
straight in degrees, as GeoJSON has it (RFC 7946, 3.1.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape as geometry_of
from shapely.geometry.base import BaseGeometry

from gazetteer import Gazetteer
from mapapp.domain.selection import Circle, Corridor, Polygon
from mapapp.query.filters.params import Bounds
from mapapp.snapshot.mercator import project, unproject_all
from mapapp.snapshot.schema import MERCATOR_BITS

#: Mean radius of the earth, km.
EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Reach:
    """Ids of the areas that lie in a shape whole, and of those of which some part does."""

    inside: frozenset[str]
    touched: frozenset[str]


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, BaseGeometry]:
    """The outlines of provinces and districts by the ids of the places."""
    gazetteer = Gazetteer.load()
    return {
        feature["properties"]["id"]: shapely.make_valid(geometry_of(feature["geometry"]))
        for level in ("province", "district")
        for feature in gazetteer.polygons(level)["features"]
    }


@lru_cache(maxsize=1)
def without_outline() -> tuple[str, ...]:
    """Provinces and districts of which no outline is known: they are discs about a point."""
    gazetteer = Gazetteer.load()
    places = (*gazetteer.provinces(), *gazetteer.districts())
    return tuple(place.id for place in places if place.id not in outlines())


@lru_cache(maxsize=256)
def reach(shape: Circle | Corridor | Polygon) -> Reach:
    """The areas that a shape holds or touches."""
    ids = np.array(list(outlines()))
    areas = np.array(list(outlines().values()), dtype=object)
    if isinstance(shape, Polygon):
        drawn = shapely.make_valid(shapely.Polygon([(lng, lat) for lat, lng in shape.points]))
        shapely.prepare(drawn)
        inside, touched = shapely.covers(drawn, areas), shapely.intersects(drawn, areas)
    else:
        core, areas = _flat(shape, areas)
        touched = shapely.distance(core, areas) <= shape.radius_km
        corners, of = shapely.get_coordinates(areas, return_index=True)
        away = shapely.distance(core, shapely.points(corners))
        farthest = np.zeros(len(areas))
        np.maximum.at(farthest, of, away)
        inside = farthest <= shape.radius_km
    return Reach(frozenset(ids[inside].tolist()), frozenset(ids[touched].tolist()))


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of the web-mercator square about a polygon, as x * 2**MERCATOR_BITS + y of what its
    columns `mx` and `my` are when shifted by `shift`.

    A disc of `SMALL_KM` about any point of an `inside` one lies in the polygon; about any point
    that is in no cell of either list it lies outside.
    """

    shift: int
    inside: tuple[int, ...]
    border: tuple[int, ...]


#: What is known to a neighbourhood or a town lies within so many km.
SMALL_KM = 5.0

#: A polygon's box is so many cells wide or high, half of it at least.
_CELLS_ACROSS = 32


@lru_cache(maxsize=256)
def cells(polygon: Polygon) -> Cells:
    """The cells that answer for most points whether they are in a polygon."""
    drawn = shapely.make_valid(shapely.Polygon([(lng, lat) for lat, lng in polygon.points]))
    shapely.prepare(drawn)
    west, south, east, north = drawn.bounds
    up = SMALL_KM / 110.0
    across = up / max(0.01, np.cos(np.radians(min(89.0, max(abs(south), abs(north)) + up))))
    x, y = project(np.array([north + up, south - up]), np.array([west - across, east + across]))
    shift = max(0, int(max(x[1] - x[0], y[1] - y[0]) // _CELLS_ACROSS).bit_length())
    columns, rows = (np.arange(low >> shift, (high >> shift) + 1) for low, high in (x, y))
    grid_x, grid_y = (side.ravel() for side in np.meshgrid(columns, rows))
    size = float(1 << shift)
    upper, left = unproject_all(grid_x * size, grid_y * size)
    lower, right = unproject_all((grid_x + 1) * size, (grid_y + 1) * size)
    boxes = shapely.box(left - across, lower - up, right + across, upper + up)
    key = (grid_x << MERCATOR_BITS) + grid_y
    inside = shapely.covers(drawn, boxes)
    border = shapely.intersects(drawn, boxes) & ~inside
    return Cells(shift, tuple(key[inside].tolist()), tuple(key[border].tolist()))


def in_view(area_id: str, bounds: Bounds | None) -> bool:
    """Whether any part of an area lies in a view; one without an outline, by its label point."""
    return bounds is None or area_id in _in_view(bounds)


@lru_cache(maxsize=256)
def _in_view(bounds: Bounds) -> frozenset[str]:
    west, south, east, north = bounds
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [shapely.box(low, south, high, north) for low, high in sides]
    points = {
        key: shapely.Point(at[1], at[0])
        for key in without_outline()
        if (at := label_point(key)) is not None
    }
    return frozenset(
        key
        for key, area in (*outlines().items(), *points.items())
        if any(area.intersects(box) for box in boxes)
    )


@lru_cache(maxsize=1024)
def label_point(area_id: str) -> tuple[float, float] | None:
    """Where an area has its label (latitude, longitude), None where no such place is known."""
    gazetteer = Gazetteer.load()
    if area_id not in gazetteer:
        return None
    lat, lng, *_ = gazetteer.effective_geometry(area_id)
    return lat, lng


@lru_cache(maxsize=1024)
def province_of(area_id: str) -> str | None:
    """The province that a district lies in, None of a province itself."""
    gazetteer = Gazetteer.load()
    place = gazetteer.place(area_id) if area_id in gazetteer else None
    return place.parent_id if place is not None and place.placetype == "district" else None


@lru_cache(maxsize=1024)
def box(area_id: str) -> Bounds | None:
    """The box of an area's outline, else of its label point."""
    if area_id in outlines():
        west, south, east, north = outlines()[area_id].bounds
        return west, south, east, north
    at = label_point(area_id)
    return (at[1], at[0], at[1], at[0]) if at else None


def extent(boxes: Iterable[Bounds | None]) -> Bounds | None:
    """The box of all boxes."""
    sides = list(zip(*filter(None, boxes), strict=True))
    return (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])) if sides else None


def _flat(shape: Circle | Corridor, areas: Any) -> tuple[BaseGeometry, Any]:
    """The middle line of a shape, and areas, in km about its middle."""
    points = [(shape.lat, shape.lng)] if isinstance(shape, Circle) else list(shape.points)
    middle = np.radians(np.mean([(min(p), max(p)) for p in zip(*points, strict=True)], axis=1))

    def flat(degrees: Any) -> Any:
        lng, lat = np.radians(degrees).T
        lat0, lng0 = middle
        turn = lng - lng0
        cosine = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(turn)
        angle = np.arccos(np.clip(cosine, -1.0, 1.0))
        # At the middle itself the scale is 1.
        scale = EARTH_KM * np.divide(
            angle, np.sin(angle), out=np.ones_like(angle), where=np.sin(angle) > 1e-12
        )
        x = scale * np.cos(lat) * np.sin(turn)
        y = scale * (np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(turn))
        return np.column_stack([x, y])

    # A leg shorter than a tenth of a metre is none: a distance to it divides by its length.
    apart = [key for key, _ in groupby((round(lng, 6), round(lat, 6)) for lat, lng in points)]
    line = shapely.linestrings(apart) if len(apart) > 1 else shapely.points(apart[0])
    # A leg is straight in degrees, as on the map and for points; long ones bend in km.
    line = shapely.segmentize(line, 0.1)
    # Between two corners an outline may lie farther from a bent line than at either.
    return shapely.transform(line, flat), shapely.transform(shapely.segmentize(areas, 0.02), flat)
