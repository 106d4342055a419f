"""The district or province that stands for a place (serves log → public snapshot)."""

from __future__ import annotations

from gazetteer import Gazetteer
from gazetteer.model import Place
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision


class GazetteerAreas:
    """`Areas` by the gazetteer's P-codes, then by its outlines."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._provinces = {p.adm1_pcode: p for p in gazetteer.provinces()}
        self._districts = {p.adm2_pcode: p for p in gazetteer.districts()}
        self._made: dict[str, PlaceRef] = {}

    def area_of(self, place: PlaceRef, level: GeoPrecision) -> PlaceRef:
        """The area of this level, a wider one where that is not known; last the country."""
        area: Place | None = None
        if level is not GeoPrecision.COUNTRY:
            district = self._districts.get(place.adm2_pcode) if place.adm2_pcode else None
            if district is None and place.lat is not None and place.lng is not None:
                district = self._at(place.lat, place.lng, place.geo_precision)
            if level is GeoPrecision.DISTRICT:
                area = district
            if area is None:
                code = district.adm1_pcode if district else place.adm1_pcode
                area = self._provinces.get(code) if code else None
        return self.named(area.id if area else "")

    def named(self, place_id: str) -> PlaceRef:
        """The area with a gazetteer's id, as every place in it leaves; the country for ""."""
        if not place_id:
            return PlaceRef(text="place not shown", geo_precision=GeoPrecision.COUNTRY)
        if place_id not in self._made:
            self._made[place_id] = self._area(self._gazetteer.place(place_id))
        return self._made[place_id]

    def _at(self, lat: float, lng: float, precision: GeoPrecision) -> Place | None:
        # The label point of a province lies in some district by chance.
        exact = precision not in (GeoPrecision.PROVINCE, GeoPrecision.COUNTRY)
        return self._gazetteer.area_at(lat, lng) if exact else None

    def _area(self, place: Place) -> PlaceRef:
        district = place.placetype == "district"
        above = self._provinces.get(place.adm1_pcode) if district else place
        lat, lng, radius_m, _, area_id = self._gazetteer.effective_geometry(place.id)
        return PlaceRef(
            text=place.name,
            place_id=place.id,
            name=place.name,
            adm1_pcode=place.adm1_pcode,
            adm1_name=above.name if above else None,
            adm2_pcode=place.adm2_pcode if district else None,
            adm2_name=place.name if district else None,
            geo_precision=GeoPrecision.DISTRICT if district else GeoPrecision.PROVINCE,
            lat=lat,
            lng=lng,
            radius_m=radius_m,
            area_id=area_id,
        )
