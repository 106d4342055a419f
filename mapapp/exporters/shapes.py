"""The honest geometry of an incident: a point, the disc it lies in, or the area it is known to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from gazetteer import Gazetteer
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision

#: [[[lng, lat], …ring], …polygon's rings], … as in a GeoJSON MultiPolygon.
Polygons = list[list[list[list[float]]]]

AREAS = (GeoPrecision.DISTRICT, GeoPrecision.PROVINCE)
_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Shape:
    """What to draw of a place: `lat` and `lng` are the point, or where an area has its label."""

    kind: Literal["site", "disc", "area"]
    lat: float
    lng: float
    radius_m: float | None
    area_id: str | None = None


def shape(place: PlaceRef) -> Shape | None:
    """The shape of a place, None where it is not mappable.

    An area without an outline (three districts are newer than the outlines) is a disc.
    """
    if not place.mappable or place.lat is None or place.lng is None:
        return None
    if place.geo_precision in AREAS:
        if place.area_id is not None and outline(place.area_id) is not None:
            return Shape("area", place.lat, place.lng, place.radius_m, place.area_id)
        return Shape("disc", place.lat, place.lng, place.radius_m)
    if place.geo_precision is GeoPrecision.SITE or not place.radius_m:
        return Shape("site", place.lat, place.lng, place.radius_m)
    return Shape("disc", place.lat, place.lng, place.radius_m)


def outline(place_id: str) -> Polygons | None:
    """The outline of a province or district of 2014, None for other places."""
    gazetteer = Gazetteer.load()
    return polygons(gazetteer.polygon(place_id)) if place_id in gazetteer else None


def polygons(geometry: dict[str, Any] | None) -> Polygons | None:
    """A GeoJSON Polygon or MultiPolygon as polygons."""
    if geometry is None:
        return None
    result: Polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    return result


def circle(lat: float, lng: float, radius_m: float, sides: int = 36) -> list[tuple[float, float]]:
    """A closed ring of (lng, lat) around a point, anticlockwise."""
    up = radius_m / _M_PER_DEGREE
    across = up / max(0.01, math.cos(math.radians(lat)))
    turns = [2 * math.pi * (i % sides) / sides for i in range(sides + 1)]
    return [(lng + across * math.cos(turn), lat + up * math.sin(turn)) for turn in turns]
