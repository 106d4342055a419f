"""Gazetteer places as the map may draw them: own point, parent's area, or not mappable."""

from __future__ import annotations

from dataclasses import dataclass

from gazetteer import Candidate, Gazetteer
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.exactness import coarser

_PARTS_OF_A_TOWN = ("city_district", "neighbourhood")
#: A larger disc than this reaches over several districts, in metres.
_OF_A_DISTRICT = 30_000.0


@dataclass(frozen=True, slots=True)
class Disc:
    """Where a distance ends ("20 km south of Jurm"): degrees, and the radius in metres."""

    lat: float
    lng: float
    radius_m: float

    def __str__(self) -> str:
        return f"within {self.radius_m / 1000:.0f} km of {self.lat:.2f}, {self.lng:.2f}"

    def lies_in(self, gazetteer: Gazetteer, place_id: str) -> bool:
        """Whether its middle lies in this district or province, or beyond the border beside it."""
        district = gazetteer.area_at(self.lat, self.lng)
        district = district or gazetteer.nearest_area(self.lat, self.lng)[0]
        inside = gazetteer.polygon_level(gazetteer.place(place_id))
        return inside and place_id in gazetteer.line(district)


def disc_of(candidate: Candidate) -> Disc | None:
    """The disc inside a candidate's area that the words mean; None for a place as it lies."""
    place = candidate.place
    found = Disc(candidate.lat, candidate.lng, candidate.radius_m)
    if place.lat is None or place.lng is None or not Gazetteer.polygon_level(place):
        return None
    return None if found == Disc(place.lat, place.lng, place.radius_m) else found


def candidate_text(candidate: Candidate) -> str:
    """A gazetteer's answer as it is offered: "Herat (province)", a disc with its middle."""
    words = f"{candidate.name} ({candidate.placetype.replace('_', ' ')})"
    disc = disc_of(candidate)
    return f"{disc}, {words}" if disc else words


def candidate_ref(gazetteer: Gazetteer, candidate: Candidate, text: str) -> PlaceRef:
    """The `PlaceRef` of a gazetteer's answer."""
    return place_ref(gazetteer, candidate.id, text, disc=disc_of(candidate))


def place_ref(
    gazetteer: Gazetteer,
    place_id: str,
    text: str,
    *,
    ambiguous: bool = False,
    precision: GeoPrecision | None = None,
    disc: Disc | None = None,
) -> PlaceRef:
    """The `PlaceRef` of a gazetteer id, with the geometry that the gazetteer can vouch for.

    Where no source gives the place a point of its own, the nearest ancestor that has a point or an
    area stands in and the precision is that ancestor's; but a part of a town stays a
    `neighbourhood`, with the town's disc as its radius. `precision` overrides with a coarser one;
    `disc` is drawn in place of the area it lies in, and is never said to be finer than a district.
    Raises the gazetteer's `UnknownPlaceError` for an unknown id.
    """
    place = gazetteer.place(place_id)
    *point, known, area_id = gazetteer.effective_geometry(place_id)
    if disc is not None:
        point, area_id = [disc.lat, disc.lng, disc.radius_m], None
        if disc.radius_m > _OF_A_DISTRICT:
            known = coarser(GeoPrecision(known), GeoPrecision.PROVINCE)
    geo_precision = precision or GeoPrecision(known)
    if precision is None and place.placetype in _PARTS_OF_A_TOWN and known == "settlement":
        # The part of the town is known, only its outline is not: the town's disc bounds it.
        geo_precision = GeoPrecision.NEIGHBOURHOOD
    line = (place, *gazetteer.ancestors(place_id))
    adm1 = next((p for p in line if p.placetype == "province"), None)
    adm2 = next((p for p in line if p.placetype == "district"), None)
    # A point for the whole country would be a pin that pretends.
    lat, lng, radius_m = (
        (None, None, None)
        if geo_precision is GeoPrecision.COUNTRY
        else (point[0], point[1], point[2])
    )
    return PlaceRef(
        text=text,
        place_id=place.id,
        name=place.name,
        adm1_pcode=place.adm1_pcode,
        adm1_name=adm1.name if adm1 else None,
        adm2_pcode=place.adm2_pcode,
        adm2_name=adm2.name if adm2 else None,
        geo_precision=geo_precision,
        lat=lat,
        lng=lng,
        radius_m=radius_m,
        area_id=area_id,
        ambiguous=ambiguous,
    )
