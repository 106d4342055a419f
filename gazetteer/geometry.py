"""Polygon look-ups without a geometry library: point in polygon, distances, bearings.

Serves reverse geocoding and the map's outlines. GeoJSON is lng-lat; every function here
takes its arguments in the order its name or signature says.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from .errors import BadCoordinatesError, DataError

EARTH_RADIUS_M = 6_371_008.8
COMPASS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip


def check_lat_lng(lat: float, lng: float) -> None:
    """BadCoordinatesError unless these are finite degrees on Earth."""
    if not (math.isfinite(lat) and math.isfinite(lng)):
        raise BadCoordinatesError(f"Coordinates must be finite numbers, not {lat}, {lng}.")
    if not -90.0 <= lat <= 90.0:
        raise BadCoordinatesError(
            f"Latitude {lat} is beyond 90 degrees. Latitude comes first, then longitude."
        )
    if not -180.0 <= lng <= 180.0:
        raise BadCoordinatesError(f"Longitude {lng} is beyond 180 degrees.")


def distance_m(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Great-circle metres between two points (haversine)."""
    f1, f2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((f2 - f1) / 2) ** 2
    half += math.cos(f1) * math.cos(f2) * math.sin(math.radians(lng2 - lng1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def bearing_deg(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Initial bearing from the first to the second point, degrees clockwise from north."""
    f1, f2 = math.radians(lat1), math.radians(lat2)
    d = math.radians(lng2 - lng1)
    y = math.sin(d) * math.cos(f2)
    x = math.cos(f1) * math.sin(f2) - math.sin(f1) * math.cos(f2) * math.cos(d)
    return math.degrees(math.atan2(y, x)) % 360.0


def compass(bearing: float) -> str:
    """The nearest of 16 compass points, such as 'SSE'."""
    return COMPASS[round(bearing / 22.5) % 16]


def move(lat: float, lng: float, bearing: float, metres: float) -> tuple[float, float]:
    """(lat, lng) reached from a point by a bearing and a distance."""
    angle, f1, b = metres / EARTH_RADIUS_M, math.radians(lat), math.radians(bearing)
    f2 = math.asin(math.sin(f1) * math.cos(angle) + math.cos(f1) * math.sin(angle) * math.cos(b))
    step = math.atan2(
        math.sin(b) * math.sin(angle) * math.cos(f1), math.cos(angle) - math.sin(f1) * math.sin(f2)
    )
    return math.degrees(f2), (lng + math.degrees(step) + 180.0) % 360.0 - 180.0


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [ring for polygon in polygons for ring in polygon]


def contains(geometry: dict[str, Any], lng: float, lat: float) -> bool:
    """Whether a GeoJSON (Multi)Polygon covers the point, by the even-odd rule."""
    inside = False
    for ring in _rings(geometry):
        x1, y1 = ring[-1]
        for x2, y2 in ring:
            if (y1 > lat) != (y2 > lat) and lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                inside = not inside
            x1, y1 = x2, y2
    return inside


def border_m(geometry: dict[str, Any], lng: float, lat: float) -> float:
    """Metres from a point to the nearest border of a GeoJSON (Multi)Polygon.

    Measured in a plane around the point, which is exact enough for distances below 300 km.
    """
    east = EARTH_RADIUS_M * math.radians(1.0) * math.cos(math.radians(lat))
    north = EARTH_RADIUS_M * math.radians(1.0)
    best = math.inf
    for ring in _rings(geometry):
        x1, y1 = (ring[-1][0] - lng) * east, (ring[-1][1] - lat) * north
        for point in ring:
            x2, y2 = (point[0] - lng) * east, (point[1] - lat) * north
            dx, dy = x2 - x1, y2 - y1
            length = dx * dx + dy * dy
            at = max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length)) if length else 0.0
            best = min(best, math.hypot(x1 + at * dx, y1 + at * dy))
            x1, y1 = x2, y2
    return best


class Outlines:
    """The polygons of one level, read on first use and found by place id or by point."""

    def __init__(self, path: Path) -> None:
        try:
            collection = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"The polygon file {path.name} cannot be read: {error}") from error
        self.collection: dict[str, Any] = collection
        self.by_id: dict[str, dict[str, Any]] = {}
        self._boxes: list[tuple[float, float, float, float, str]] = []
        for feature in collection["features"]:
            place_id, geometry = feature["properties"]["id"], feature["geometry"]
            self.by_id[place_id] = geometry
            points = [p for ring in _rings(geometry) for p in ring]
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            self._boxes.append((min(xs), min(ys), max(xs), max(ys), place_id))

    def at(self, lng: float, lat: float) -> str | None:
        """The id of the place whose polygon covers the point, or None."""
        for west, south, east, north, place_id in self._boxes:
            near = west <= lng <= east and south <= lat <= north
            if near and contains(self.by_id[place_id], lng, lat):
                return place_id
        return None

    def nearest(self, lng: float, lat: float) -> tuple[str, float]:
        """The id of the place whose border is nearest to a point outside all, and how far."""
        reach = 1.0  # degrees; boxes farther off are left out while any is nearer
        while True:
            near = [
                (border_m(self.by_id[i], lng, lat), i)
                for west, south, east, north, i in self._boxes
                if west - reach <= lng <= east + reach and south - reach <= lat <= north + reach
            ]
            if near or reach > 360.0:
                metres, place_id = min(near)
                return place_id, metres
            reach *= 3.0
