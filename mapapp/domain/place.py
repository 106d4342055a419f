"""Where something happened: the gazetteer place, the words as reported, and the honest geometry."""

from __future__ import annotations

from dataclasses import dataclass

from mapapp.domain.vocab import GeoPrecision


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """An incident's place as the map may draw it.

    `place_id` is the gazetteer's, None for coordinates given by the user or places abroad.
    `lat`/`lng` are degrees, the centre of a disc of `radius_m` metres, or the label point of the
    area `area_id` (a gazetteer province or district) where the place is known only to that.
    No coordinates and no area: not mappable.
    """

    text: str
    place_id: str | None = None
    name: str = ""
    adm1_pcode: str | None = None
    adm1_name: str | None = None
    adm2_pcode: str | None = None
    adm2_name: str | None = None
    geo_precision: GeoPrecision = GeoPrecision.COUNTRY
    lat: float | None = None
    lng: float | None = None
    radius_m: float | None = None
    area_id: str | None = None
    ambiguous: bool = False

    def __post_init__(self) -> None:
        if (self.lat is None) != (self.lng is None):
            raise ValueError("give both lat and lng or neither")
        if self.lat is not None and not -90 <= self.lat <= 90:
            raise ValueError(f"latitude {self.lat} is beyond 90°; are lat and lng swapped?")
        if self.lng is not None and not -180 <= self.lng <= 180:
            raise ValueError(f"longitude {self.lng} is beyond 180°; are lat and lng swapped?")

    @property
    def mappable(self) -> bool:
        """Whether there is a geometry finer than the country to draw."""
        return self.geo_precision is not GeoPrecision.COUNTRY and self.lat is not None
