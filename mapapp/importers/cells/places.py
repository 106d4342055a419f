"""Gazetteer places as the map may draw them: own point, parent's area, or not mappable."""

from __future__ import annotations

from gazetteer import Gazetteer
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision

_PARTS_OF_A_TOWN = ("city_district", "neighbourhood")


def place_ref(
    gazetteer: Gazetteer,
    place_id: str,
    text: str,
    *,
    ambiguous: bool = False,
    precision: GeoPrecision | None = None,
) -> PlaceRef:
    """The `PlaceRef` of a gazetteer id, with the geometry that the gazetteer can vouch for.

    Where no source gives the place a point of its own, the nearest ancestor that has a point or an
    area stands in and the precision is that ancestor's; but a part of a town stays a
    `neighbourhood`, with the town's disc as its radius. `precision` overrides with a coarser one.
    Raises the gazetteer's `UnknownPlaceError` for an unknown id.
    """
    place = gazetteer.place(place_id)
    point = gazetteer.effective_geometry(place_id)
    known, area_id = point[3], point[4]
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
