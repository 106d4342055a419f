"""Which provinces and districts a shape on the map holds, or only touches (shape → area ids).

Areas are few: they are measured here, by their outlines of 2014, and the engine compares ids.
Circles and corridors are measured in an azimuthal equidistant plane about their middle, in which
distances from the middle are the great circle's; across a corridor they are off by the square of
its half length over the earth's radius, a sixth of it (0.15 % at 600 km). Drawn polygons are
straight in degrees, as GeoJSON has it (RFC 7946, 3.1.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape as geometry_of
from shapely.geometry.base import BaseGeometry

from gazetteer import Gazetteer
from mapapp.domain.selection import Circle, Corridor, Polygon
from mapapp.query.filters.params import Bounds

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


@lru_cache(maxsize=256)
def on_screen(bounds: Bounds) -> frozenset[str]:
    """The areas of which some part lies in a view."""
    west, south, east, north = bounds
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    boxes = [shapely.box(low, south, high, north) for low, high in sides]
    return frozenset(
        key for key, area in outlines().items() if any(area.intersects(box) for box in boxes)
    )


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

    line = shapely.points(points[0][::-1])
    if len(set(points)) > 1:
        line = shapely.linestrings([(lng, lat) for lat, lng in points])
    return shapely.transform(line, flat), shapely.transform(areas, flat)
