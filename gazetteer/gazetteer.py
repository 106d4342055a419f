"""The Gazetteer: holds the places, walks their parents and answers the native questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import store
from .cities import DEFAULT_DISTRICTS, city_of, make_city_district
from .errors import BadCoordinatesError, BadQueryError, UnknownPlaceError
from .geometry import Outlines, bearing_deg, check_lat_lng, compass, distance_m
from .model import Candidate, Place, Result
from .names.index import NameIndex
from .names.phonetics import sound
from .names.text import fold

if TYPE_CHECKING:
    from .matching import Matcher
    from .mentions import Mention, MentionFinder

MAX_QUERY_CHARS = 20_000
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


class Gazetteer:
    """Afghan places by id, by name and by point. Use `Gazetteer.load()`; it is cached."""

    def __init__(self, content: store.Content, city_districts: dict[str, int]) -> None:
        self._content = content
        self._places = content.places
        self._index = NameIndex(content.names)
        self._cities = city_districts
        self._lines: dict[str, frozenset[str]] = {}

    @cached_property
    def _matcher(self) -> Matcher:
        from .matching import Matcher, read_foreign

        return Matcher(self, self._index, read_foreign(store.SOURCES / "foreign.csv"))

    @cached_property
    def _finder(self) -> MentionFinder:
        from .mentions import MentionFinder

        return MentionFinder(self, self._index)

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Gazetteer:
        """The packaged gazetteer; DataError when its files are missing or damaged."""
        return Gazetteer(store.read_places(), store.read_city_districts())

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

    def search(
        self,
        query: str,
        within: str | None = None,
        near_pages: Iterable[str] = (),
        limit: int = 5,
    ) -> Result:
        """Ranked candidates for place words as a reporter wrote them."""
        if not isinstance(query, str):
            raise BadQueryError(f"A query is text, not {type(query).__name__}.")
        if not query.strip():
            raise BadQueryError("The query is empty: give a place as a reporter wrote it.")
        if len(query) > MAX_QUERY_CHARS:
            raise BadQueryError(
                f"The query has {len(query):,} characters; {MAX_QUERY_CHARS:,} are read at most."
            )
        if limit < 1:
            raise BadQueryError(f"limit must be at least 1, not {limit}.")
        scope = self.place(within) if within is not None else None
        near = tuple(self.place(i) for i in near_pages)
        return self._matcher.search(query, scope, near, limit)

    def geocode_row(self, text: str, adm1: str = "", adm2: str = "", limit: int = 5) -> Result:
        """Search with the province and district columns of a table row.

        Each is a P-code or a name as its dataset spells it; a name that is not recognised
        leaves the level above to stand, and a note says so.
        """
        within, notes = self.resolve_admin(adm1, adm2)
        result = self.search(text, within.id if within else None, limit=limit)
        return replace(result, notes=(*result.notes, *notes))

    def resolve_admin(self, adm1: str, adm2: str) -> tuple[Place | None, tuple[str, ...]]:
        """The place that province and district columns name, and notes on what they do not."""
        notes: list[str] = []
        province = self._admin(adm1, "province", None)
        if adm1.strip() and province is None:
            notes.append(f"the province '{adm1}' is not known")
        district = self._admin(adm2, "district", province)
        if adm2.strip() and district is None:
            notes.append(f"the district '{adm2}' is not known in the province given")
        return district or province, tuple(notes)

    @lru_cache(maxsize=2048)  # noqa: B019 - tables repeat a few hundred admin names
    def _admin(self, text: str, level: str, inside: Place | None) -> Place | None:
        text = text.strip()
        if not text or not sound(fold(text)):
            return None
        for place in self.provinces() if level == "province" else self.districts():
            code = place.adm1_pcode if level == "province" else place.adm2_pcode
            if text.upper() == code:
                return place
        return self._matcher.admin(text, level, inside)

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city (sources/foreign.csv)."""
        return self._matcher.is_abroad(name)

    def same_place(self, first: str, second: str) -> float:
        """0–1: how likely two spellings name one place; above 0.5 is a yes.

        Both are looked up first, so that listed names that merely look alike (Balkh and
        Balkhab) are told apart; names this gazetteer does not hold are compared by sound.
        """
        return self._matcher.same_place(first, second)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Place, ...]:
        """Places a name that is still being typed can mean, the most prominent first.

        Any spelling or script: what begins alike comes first, then what sounds alike.
        """
        if not prefix.strip():
            raise BadQueryError("The prefix is empty: type at least one letter of a name.")
        return self._matcher.suggest(prefix, limit)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Place mentions in English prose, with exact spans, resolved together."""
        return self._finder.find(text)

    def with_layer(self, path: Path) -> Gazetteer:
        """A gazetteer with an imported layer's places and names added to these."""
        from . import layers

        return Gazetteer(layers.merge(self._content, layers.read_layer(path)), self._cities)

    def phrase(self, query: str, near_pages: Iterable[str] = (), limit: int = 5) -> Result:
        """Like `search`, for words known to be one place phrase and no sentence."""
        near = tuple(self.place(i) for i in near_pages)
        return self._matcher.phrase(query, None, near, limit)

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
