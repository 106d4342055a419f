"""The places of a gazetteer: by id and by point, their parents, areas and outlines.

Matching asks these; the words that name them are the business of `matching`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from . import store
from .cities import DEFAULT_DISTRICTS, city_of, make_city_district
from .errors import BadCoordinatesError, BadQueryError, UnknownPlaceError
from .geometry import Outlines, bearing_deg, check_lat_lng, compass, distance_m
from .model import Candidate, Place

LEVELS = ("province", "district")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest place with a point: how far the asked point lies from it, and which way."""

    place: Place
    distance_m: float
    bearing_deg: float
    compass: str


@dataclass(frozen=True, slots=True)
class Reverse:
    """What lies at a point: None for each level when it is outside Afghanistan."""

    lat: float
    lng: float
    province: Place | None
    district: Place | None
    nearest: Nearest | None


class Places:
    """Afghan places by id and by point, with what holds them."""

    def __init__(self, content: store.Content, city_districts: dict[str, int]) -> None:
        self._content = content
        self._places = content.places
        self._cities = city_districts
        self._lines: dict[str, frozenset[str]] = {}

    def place(self, place_id: str) -> Place:
        """The place with this id; UnknownPlaceError (a KeyError) for any other text."""
        known = self._places.get(place_id)
        if known is not None:
            return known
        numbered = city_of(place_id)
        if numbered:
            city, number = self._places.get(numbered[0]), numbered[1]
            if city is not None and 1 <= number <= self.city_districts(city.id):
                return make_city_district(city, number)
        raise UnknownPlaceError(place_id)

    def __contains__(self, place_id: object) -> bool:
        try:
            self.place(str(place_id))
        except UnknownPlaceError:
            return False
        return True

    def places(self) -> tuple[Place, ...]:
        """Every listed place (city districts are made on demand and not listed)."""
        return tuple(self._places.values())

    def city_districts(self, city_id: str) -> int:
        """How many numbered districts the rule allows this town."""
        return self._cities.get(city_id, DEFAULT_DISTRICTS)

    def ancestors(self, place_id: str) -> tuple[Place, ...]:
        """Parents from the nearest up to the country; empty for the country."""
        found = []
        parent = self.place(place_id).parent_id
        while parent is not None:
            found.append(self.place(parent))
            parent = found[-1].parent_id
        return tuple(found)

    def line(self, place: Place) -> frozenset[str]:
        """The ids of a place, its ancestors and the other parents that sources give them."""
        known = self._lines.get(place.id)
        if known is None:
            members = (place, *self.ancestors(place.id))
            known = frozenset(i for p in members for i in (p.id, *p.parents_elsewhere))
            self._lines[place.id] = known
        return known

    def provinces(self) -> tuple[Place, ...]:
        """The 34 provinces in P-code order."""
        return tuple(p for p in self._places.values() if p.placetype == "province")

    def districts(self, adm1_pcode: str | None = None) -> tuple[Place, ...]:
        """The districts of a province (P-code or place id), or all 401, in P-code order."""
        if adm1_pcode and adm1_pcode.startswith("prov:"):
            adm1_pcode = self.place(adm1_pcode).adm1_pcode
        return tuple(
            p
            for p in self._places.values()
            if p.placetype == "district" and (adm1_pcode is None or p.adm1_pcode == adm1_pcode)
        )

    @cached_property
    def _outlines(self) -> dict[str, Outlines]:
        return {level: Outlines(store.DATA / f"{level}s.geojson") for level in LEVELS}

    def polygon(self, place_id: str) -> dict[str, Any] | None:
        """The GeoJSON geometry of a province or district (2014); None for other places."""
        place = self.place(place_id)
        outlines = self._outlines.get(place.placetype)
        return outlines.by_id.get(place.id) if outlines else None

    def polygons(self, level: str) -> dict[str, Any]:
        """A GeoJSON FeatureCollection of 'province' or 'district' polygons of 2014.

        Properties: id, name, adm1_pcode, adm2_pcode, label_lng, label_lat.
        """
        if level not in LEVELS:
            raise BadQueryError(f"Polygons exist for {' and '.join(LEVELS)}, not for {level!r}.")
        return self._outlines[level].collection

    def effective_geometry(self, place_id: str) -> tuple[float, float, float, str, str | None]:
        """(lat, lng, radius_m, geo_precision, area_place_id) to draw a place honestly.

        A place without a point takes its nearest ancestor's. `area_place_id` is the province
        or district whose polygon stands for the location when nothing finer is known.
        """
        for place in (self.place(place_id), *self.ancestors(place_id)):
            if place.lat is not None and place.lng is not None:
                area = place.id if self.polygon_level(place) else None
                return place.lat, place.lng, place.radius_m, place.geo_precision, area
        raise UnknownPlaceError(place_id)

    @staticmethod
    def polygon_level(place: Place) -> bool:
        """Whether places of this type are drawn as areas."""
        return place.placetype in ("province", "district", "country")

    def candidate(self, place: Place, score: float, reasons: Iterable[str]) -> Candidate:
        """A candidate with the effective geometry of its place."""
        lat, lng, radius_m, _, _ = self.effective_geometry(place.id)
        return Candidate(place, score, tuple(reasons), lat, lng, radius_m)

    def descendants(self, place_ids: frozenset[str]) -> frozenset[str]:
        """The ids of these places and of every listed place inside them."""
        return self._descendants(place_ids)

    @lru_cache(maxsize=512)  # noqa: B019 - one gazetteer lives as long as the process
    def _descendants(self, place_ids: frozenset[str]) -> frozenset[str]:
        found = set(place_ids)
        for place in self._places.values():
            up: str | None = place.id
            while up is not None:
                above = self._places[up]
                if up in place_ids or not place_ids.isdisjoint(above.parents_elsewhere):
                    found.add(place.id)
                    break
                up = above.parent_id
        return frozenset(found)

    def area_at(self, lat: float, lng: float) -> Place | None:
        """The district at a point, or None outside Afghanistan."""
        district = self._outlines["district"].at(lng, lat)
        return self.place(district) if district else None

    def nearest_area(self, lat: float, lng: float) -> tuple[Place, float]:
        """The district whose border is nearest to a point abroad, and the metres to it."""
        district, metres = self._outlines["district"].nearest(lng, lat)
        return self.place(district), metres

    def reverse(self, lat: float, lng: float) -> Reverse:
        """District and province at a point, and the nearest settlement or site.

        Raises BadCoordinatesError for coordinates that are not on Earth, and for a point
        outside Afghanistan whose swapped coordinates lie inside.
        """
        check_lat_lng(lat, lng)
        district_id = self._outlines["district"].at(lng, lat)
        if district_id is None:
            if -90.0 <= lng <= 90.0 and self._outlines["district"].at(lat, lng):
                raise BadCoordinatesError(
                    f"{lat}, {lng} is outside Afghanistan, but {lng}, {lat} is inside: "
                    "latitude comes first, then longitude."
                )
            return Reverse(lat, lng, None, None, None)
        district = self.place(district_id)
        province = self.place(district.parent_id or "")
        best: tuple[float, Place] | None = None
        for place in self._places.values():
            if place.lat is None or place.lng is None or self.polygon_level(place):
                continue
            if abs(place.lat - lat) > 1.5:
                continue
            away = distance_m(place.lat, place.lng, lat, lng)
            if best is None or away < best[0]:
                best = (away, place)
        nearest = None
        if best:
            place = best[1]
            bearing = bearing_deg(place.lat or 0.0, place.lng or 0.0, lat, lng)
            nearest = Nearest(place, round(best[0], 1), round(bearing, 1), compass(bearing))
        return Reverse(lat, lng, province, district, nearest)
