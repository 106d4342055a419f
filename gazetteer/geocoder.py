"""GazetteerGeocoder: the gazetteer behind geopy's `Geocoder` interface.

It works offline, inside `RateLimiter` and with `geopy.distance`. An online geocoder of
geopy's may be given as `fallback`; it is off by default and asked at most once a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from .errors import BadCoordinatesError, BadQueryError, UnknownPlaceError
from .gazetteer import Gazetteer
from .geometry import check_lat_lng
from .model import Candidate, Place, Result
from .places import Reverse

FALLBACK_DELAY_S = 1.0


class _Geocodes(Protocol):
    def geocode(self, query: str, **options: Any) -> Any: ...


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """Afghan places by name and by point, offline.

    Examples::

        geocoder = GazetteerGeocoder()
        geocoder.geocode("Police District 4 of Herat").raw["score"]
        geocoder.reverse((34.34, 62.2)).address
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        fallback: _Geocodes | None = None,
        fallback_delay_s: float = FALLBACK_DELAY_S,
        timeout: Any = DEFAULT_SENTINEL,
        user_agent: str | None = None,
    ) -> None:
        super().__init__(timeout=timeout, user_agent=user_agent)
        self.gazetteer = gazetteer or Gazetteer.load()
        self._fallback = (
            RateLimiter(fallback.geocode, min_delay_seconds=fallback_delay_s) if fallback else None
        )

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        within: str | None = None,
        near_pages: Sequence[str] = (),
        limit: int = 5,
        accept_ambiguous: bool = True,
    ) -> Location | list[Location] | None:
        """Locations for place words, best first; None when there is none.

        `Location.raw` holds id, placetype, P-codes, `radius_m`, `score`, `reasons` and
        `ambiguous`. With `accept_ambiguous=False` doubtful words give None. Raises
        GeocoderQueryError for an empty or overlong query and for unknown ids.
        """
        try:
            result = self.gazetteer.search(query, within, near_pages, limit)
        except (BadQueryError, UnknownPlaceError) as error:
            raise GeocoderQueryError(str(error)) from error
        if result.ambiguous and not accept_ambiguous:
            return None
        found = [self._location(result, c) for c in result.candidates if c.lat is not None]
        if not found:
            if self._fallback is None:
                return None
            return self._fallback(query, exactly_one=exactly_one, timeout=timeout)
        return found[0] if exactly_one else found

    def reverse(
        self,
        query: Point | tuple[float, float] | str,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """What lies at a point (lat first); None outside Afghanistan.

        The first Location stands at the asked point and says where that is; a list adds the
        nearest place, the district and the province. Raises GeocoderQueryError for
        coordinates that are not on Earth or evidently swapped.
        """
        del timeout
        try:
            if isinstance(query, tuple):
                check_lat_lng(*query[:2])  # geopy's Point warns before it refuses
            point = query if isinstance(query, Point) else Point(query)
            found = self.gazetteer.reverse(point.latitude, point.longitude)
        except (BadCoordinatesError, ValueError, TypeError) as error:
            raise GeocoderQueryError(str(error)) from error
        if found.district is None or found.province is None:
            return None
        raw = _reverse_raw(found, found.district, found.province)
        here = Location(raw["address"], point, raw)
        if exactly_one:
            return here
        places = [found.nearest.place] if found.nearest else []
        return [here] + [
            Location(
                self._address(p.id), Point(p.lat, p.lng), {"id": p.id, "placetype": p.placetype}
            )
            for p in (*places, found.district, found.province)
            if p.lat is not None
        ]

    def _location(self, result: Result, candidate: Candidate) -> Location:
        raw = {**candidate.as_dict(), "ambiguous": result.ambiguous, "query": result.query}
        return Location(self._address(candidate.id), Point(candidate.lat, candidate.lng), raw)

    def _address(self, place_id: str) -> str:
        line = [self.gazetteer.place(place_id), *self.gazetteer.ancestors(place_id)]
        kinds = {"district": " district", "province": " province"}
        return ", ".join(p.name + kinds.get(p.placetype, "") for p in line)


def _reverse_raw(found: Reverse, district: Place, province: Place) -> dict[str, Any]:
    parts = [f"{district.name} district", f"{province.name} province", "Afghanistan"]
    raw: dict[str, Any] = {
        "district": district.id,
        "province": province.id,
        "adm1_pcode": province.adm1_pcode,
        "adm2_pcode": district.adm2_pcode,
    }
    if found.nearest:
        near = found.nearest
        parts.insert(0, f"{near.distance_m / 1000:.1f} km {near.compass} of {near.place.name}")
        raw["nearest"] = {
            "id": near.place.id,
            "distance_m": near.distance_m,
            "bearing_deg": near.bearing_deg,
        }
    raw["address"] = ", ".join(parts)
    return raw
