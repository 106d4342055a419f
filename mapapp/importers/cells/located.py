"""Where a foreign row happened: coordinates with their precision, administrative names, or words
through the gazetteer (row → PlaceRef).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gazetteer import BadQueryError, Gazetteer
from gazetteer.model import Candidate, Place, Result
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.places import candidate_ref, disc_of, place_ref
from mapapp.importers.cells.values import BadValue
from mapapp.importers.tables.table import Fault

#: A point so far outside the outlines (simplified, of 2014) may still be on the border, in metres.
BORDER_M = 30_000

#: West, south, east, north of Afghanistan, widened by BORDER_M.
_BOX = (60.2, 29.1, 75.2, 38.8)

#: "Province" before or behind a name, in Dari and Pashto and as they are spelled in Latin letters.
_WILAYAT = re.compile(
    r"^\s*(?:د )?(?:w[ie]lay[ae]t|ولا[یيى]ت)(?:-?[ei]\b| of\b)?\s*"
    r"|\s+(?:w[ie]lay[ae]t|ولا[یيى]ت)\s*$",
    re.IGNORECASE,
)
#: What says of words that they are a district's name.
_DISTRICT = re.compile(r"district|w[ou]lu?swal|ولسوال", re.IGNORECASE)
_PCODE = re.compile(r"AF\d{2}(?:\d{2})?", re.IGNORECASE)
#: So many places of rows are remembered.
_REMEMBERED = 100_000

#: A gazetteer answer below this is not taken for the place.
SURE = 0.85


@dataclass(frozen=True, slots=True)
class Exactness:
    """What a data set's precision code means here; `radius_m` is ours where it prints none."""

    precision: GeoPrecision
    radius_m: float | None
    meaning: str
    unit: str = ""  # the administrative unit that is meant: "district", "province"


@dataclass(frozen=True, slots=True)
class Located:
    """A place and what to mention of it."""

    place: PlaceRef
    remarks: tuple[Fault, ...] = ()


class Locator:
    """Finds administrative units and checks points; remembers what it found."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._names: dict[tuple[str, str], Place | None] = {}
        self._words: dict[tuple[str, str | None], Result] = {}
        self._points: dict[tuple[float, float], Place | None] = {}
        self._located: dict[tuple[object, ...], Located] = {}

    def province(self, name: str) -> Place | None:
        """The province that "Kabul province" or "Kabul" names, None where it is not known."""
        if not name:
            return None
        if ("", name) not in self._names:
            self._names["", name] = self._by_pcode(name, "province") or self._province(name)
        return self._names["", name]

    def _province(self, name: str) -> Place | None:
        name = _WILAYAT.sub("", name) or name
        words = name if "prov" in name.casefold() else f"{name} province"
        return self._unit(words, None, "province")

    def _by_pcode(self, code: str, placetype: str) -> Place | None:
        """The unit of a P-code of COD-AB ("AF21", "AF2101")."""
        if not _PCODE.fullmatch(code):
            return None
        if placetype == "province":
            own = ((place.adm1_pcode, place) for place in self._gazetteer.provinces())
        else:
            own = ((place.adm2_pcode, place) for place in self._gazetteer.districts())
        return next((place for pcode, place in own if pcode == code.upper()), None)

    def district(self, name: str, province: Place | None) -> Place | None:
        """The district of that name in a province; a P-code needs none."""
        if name and _PCODE.fullmatch(name):
            key = ("pcode", name)
            if key not in self._names:
                self._names[key] = self._by_pcode(name, "district")
            return self._names[key]
        if not name or province is None:
            return None
        if (province.id, name) not in self._names:
            words = name if _DISTRICT.search(name) else f"{name} district"
            self._names[province.id, name] = self._unit(words, province, "district")
        return self._names[province.id, name]

    def _unit(self, words: str, within: Place | None, placetype: str) -> Place | None:
        best = sure(self.search(words, within))
        if best is None or best.placetype != placetype or disc_of(best) is not None:
            return None
        return best.place

    def district_at(self, lat: float, lng: float) -> Place | None:
        """The Afghan district (2014) a point lies in."""
        if not (_BOX[1] <= lat <= _BOX[3] and _BOX[0] <= lng <= _BOX[2]):
            return None
        if (lat, lng) not in self._points:
            self._points[lat, lng] = self._gazetteer.area_at(lat, lng)
        return self._points[lat, lng]

    def search(self, words: str, within: Place | None) -> Result:
        """One sure place, several or a doubtful one to choose from (`ambiguous`), or none."""
        key = (words, within.id if within else None)
        if key not in self._words:
            self._words[key] = self._searched(*key)
        return self._words[key]

    def _searched(self, words: str, within: str | None) -> Result:
        try:
            result = self._gazetteer.search(words, within=within, limit=6)
        except BadQueryError:  # no text
            return Result(words)
        # The scores of ambiguous answers share one certainty between them.
        if result.ambiguous:
            return result
        only = tuple(c for c in result.candidates[:1] if c.score >= SURE)
        return replace(result, candidates=only)

    def check_point(self, lat: float, lng: float, country: str) -> Fault | None:
        """Refuse 0,0, swapped coordinates and points far outside Afghanistan (raises BadValue).

        A point outside the outlines but near them is remarked only: borders are simplified.
        """
        if lat == 0 and lng == 0:
            raise BadValue("is 0,0, which stands for 'not known' in many tables",
                           "Write the coordinates, or empty both cells")  # fmt: skip
        if country != "AFG" or self.district_at(lat, lng) is not None:
            return None
        if abs(lng) <= 90 and self.district_at(lng, lat) is not None:
            raise BadValue(
                f"the point {lat:g}, {lng:g} lies outside Afghanistan and {lng:g}, {lat:g} inside: "
                "latitude and longitude seem swapped", "Swap the two values, or the two columns",
            )  # fmt: skip
        if _BOX[1] <= lat <= _BOX[3] and _BOX[0] <= lng <= _BOX[2] and self._near(lat, lng):
            return Fault("latitude", f"the point {lat:g}, {lng:g} lies just outside the outline of "
                         "Afghanistan", "Nothing to do, if it is on the border")  # fmt: skip
        raise BadValue(f"the point {lat:g}, {lng:g} lies outside Afghanistan, the country named",
                       "Correct the coordinates or the country")  # fmt: skip

    def _near(self, lat: float, lng: float) -> bool:
        step = BORDER_M / 111_000
        around = ((a, b) for a in (-step, -step / 2, 0, step / 2, step)
                  for b in (-step, -step / 2, 0, step / 2, step))  # fmt: skip
        return any(self.district_at(lat + a, lng + b) is not None for a, b in around)

    def at(
        self,
        *,
        country: str,
        text: str,
        lat: float | None,
        lng: float | None,
        exactness: Exactness,
        adm1: str = "",
        adm2: str = "",
    ) -> Located:
        """The place of a row with coordinates or names; raises BadValue for a bad point."""
        key = (country, text, lat, lng, exactness, adm1, adm2)
        if key not in self._located:
            if len(self._located) >= _REMEMBERED:
                self._located.clear()
            self._located[key] = self._at(*key)
        return self._located[key]

    def _at(
        self, country: str, text: str, lat: float | None, lng: float | None, exactness: Exactness,
        adm1: str, adm2: str,
    ) -> Located:  # fmt: skip
        remarks: list[Fault] = []
        afghan = country == "AFG"
        if lat is not None and lng is not None:
            remark = self.check_point(lat, lng, country)
            if remark:
                remarks.append(remark)
        province = self.province(adm1) if afghan else None
        district = self.district(adm2, province)
        if afghan and lat is not None and lng is not None:
            province, district = self._by_point(
                lat, lng, adm1, adm2, province, district, exactness, remarks
            )
        if lat is None or lng is None:
            return self._by_names(text, adm1, adm2, province, district, exactness, remarks)
        area, radius = None, exactness.radius_m
        unit = {"district": district, "province": province if adm1 else None}.get(exactness.unit)
        if unit:
            area, radius = unit.id, unit.radius_m
        mappable = exactness.precision is not GeoPrecision.COUNTRY
        place = PlaceRef(
            text=text,
            place_id=area,
            adm1_pcode=province.adm1_pcode if province else None,
            adm1_name=province.name if province else adm1 or None,
            adm2_pcode=district.adm2_pcode if district else None,
            adm2_name=district.name if district else adm2 or None,
            geo_precision=exactness.precision,
            lat=lat if mappable else None,  # a point for a whole country would be a pin
            lng=lng if mappable else None,
            radius_m=radius if mappable else None,
            area_id=area,
        )
        return Located(place, tuple(remarks))

    def _by_point(
        self,
        lat: float,
        lng: float,
        adm1: str,
        adm2: str,
        province: Place | None,
        district: Place | None,
        exactness: Exactness,
        remarks: list[Fault],
    ) -> tuple[Place | None, Place | None]:
        """The row's own names stand; a point fills in what they leave open, if it is that exact."""
        inside = self.district_at(lat, lng)
        above = self._gazetteer.place(inside.parent_id) if inside and inside.parent_id else None
        if adm1 and province is None:
            remarks.append(Fault("adm_1", f"'{adm1}' is no province the gazetteer knows",
                                 "Nothing to do: the words are kept"))  # fmt: skip
        elif adm2 and district is None and "district" in adm2.casefold():
            remarks.append(Fault("adm_2", f"'{adm2}' is no district the gazetteer knows",
                                 "Nothing to do: the words are kept"))  # fmt: skip
        exact = exactness.precision in (
            GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT,
        )  # fmt: skip
        if province and above and province.id != above.id and exact:
            remarks.append(Fault("adm_1", f"the row says {province.name}, its point lies in "
                                 f"{above.name}", "Compare with the source"))  # fmt: skip
        if not adm1 and exactness.precision is not GeoPrecision.COUNTRY:
            province = above
        if not adm2 and exact and above and province and above.id == province.id:
            district = inside
        return province, district

    def _by_names(
        self,
        text: str,
        adm1: str,
        adm2: str,
        province: Place | None,
        district: Place | None,
        exactness: Exactness,
        remarks: list[Fault],
    ) -> Located:
        """Without coordinates: the settlement if it is sure, else the district or province."""
        unit = district or province
        if unit is None:
            place = PlaceRef(text=text, adm1_name=adm1 or None, adm2_name=adm2 or None)
            return Located(place, tuple(remarks))
        found = self.search(text, unit) if text else Result(text)
        finer = sure(found)
        if finer and (disc_of(finer) or not self._gazetteer.polygon_level(finer.place)):
            return Located(candidate_ref(self._gazetteer, finer, text), tuple(remarks))
        several = len(found.candidates) > 1
        return Located(place_ref(self._gazetteer, unit.id, text, ambiguous=several), tuple(remarks))


def sure(found: Result) -> Candidate | None:
    """The one place that can be taken for the one meant, if a search gave one."""
    return None if found.ambiguous else found.best
