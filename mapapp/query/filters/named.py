"""What a point on the map is called (latitude, longitude → words)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gazetteer import Gazetteer
from gazetteer.errors import BadCoordinatesError
from gazetteer.model import Place

#: Points are the same to so many digits of a degree: a metre.
_DIGITS = 5

#: A point so near to a place is called by it, metres.
_NEAR_M = 500.0

#: Farther from any place a point has no name, metres.
_FAR_M = 60_000.0


@lru_cache(maxsize=1)
def _places() -> Mapping[tuple[float, float], Place]:
    """The place at a point; of several the finest."""
    found: dict[tuple[float, float], Place] = {}
    for place in sorted(Gazetteer.load().places(), key=lambda own: -own.radius_m):
        if place.lat is not None and place.lng is not None:
            found[round(place.lat, _DIGITS), round(place.lng, _DIGITS)] = place
    return found


@lru_cache(maxsize=1024)
def named(lat: float, lng: float) -> str:
    """ "Kabul", "Jurm district", "a point 5 km N of Kabul"; empty where no place is near."""
    place = _places().get((round(lat, _DIGITS), round(lng, _DIGITS)))
    if place is not None:
        return _words(place)
    try:
        nearest = Gazetteer.load().reverse(lat, lng).nearest
    except BadCoordinatesError:  # far outside, where it would be inside with its numbers swapped
        return ""
    if nearest is None or nearest.distance_m > _FAR_M:
        return ""
    if nearest.distance_m <= _NEAR_M:
        return _words(nearest.place)
    away = nearest.distance_m / 1000
    return f"a point {away:.{0 if away >= 10 else 1}f} km {nearest.compass} of {nearest.place.name}"


def _words(place: Place) -> str:
    if place.placetype in ("province", "district") and place.placetype not in place.name.lower():
        return f"{place.name} {place.placetype}"
    return place.name
