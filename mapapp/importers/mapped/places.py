"""Where a row of a mapped table happened: by its point, or by its words alone (row → PlaceRef).

A point is never more exact than the row's own words or its column of exactness; words are never
taken for a place that is only spelled like them, or for one of two that they name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from gazetteer.model import Candidate, Place, Result
from mapapp.domain.countries import country_name
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells import countries
from mapapp.importers.cells.exactness import coarser, exactness
from mapapp.importers.cells.located import Exactness, Located, Locator, sure
from mapapp.importers.cells.marks import filled
from mapapp.importers.cells.places import candidate_ref, place_ref
from mapapp.importers.cells.values import BadValue, coordinate, point
from mapapp.importers.forms.dataset import Columns, Context
from mapapp.importers.mapped.mapping import Mapping
from mapapp.importers.tables.json_table import GEOMETRY
from mapapp.importers.tables.table import Fault, Row, text_of

#: Said of words that a longer list of villages may know (see docs/gazetteer.md).
UNKNOWN = "is no place the gazetteer knows"

#: How far from the point things may lie, by what a person says the points stand for.
RADII = {
    GeoPrecision.SITE: 500.0,
    GeoPrecision.NEIGHBOURHOOD: 2_000.0,
    GeoPrecision.SETTLEMENT: 5_000.0,
    GeoPrecision.DISTRICT: 30_000.0,
    GeoPrecision.PROVINCE: 100_000.0,
}

#: What geocoders and country lists give for "Afghanistan": degrees of latitude and longitude.
MIDDLES = (
    (33.93911, 67.709953), (33.0, 65.0), (33.0, 66.0), (34.0, 66.0), (34.0, 65.0),
    (33.83, 66.03), (33.768006, 66.238514), (33.8352, 66.0260), (34.5333, 66.0),
)  # fmt: skip
#: So near to a middle a point is it, in degrees: about a kilometre.
_AT_MIDDLE = 0.01


class AmbiguousPlace(BadValue):
    """Place words that fit several places, or one that is doubtful; a person chooses among
    `candidates`."""

    def __init__(self, key: str, found: Result) -> None:
        shown = "; ".join(f"{c.name} ({c.placetype}, {c.id})" for c in found.candidates[:4])
        why = "names" if found.parts else "fits"
        why = f"{why} several places" if len(found.candidates) > 1 else (
            f"may be another place ({found.candidates[0].reasons[-1]})")  # fmt: skip
        super().__init__(f"'{key}' {why}: {shown}", "Choose the one that is meant, or none")
        self.key = key
        self.candidates = found.candidates


@dataclass(frozen=True, slots=True)
class _Words:
    """What a row says of its place in words; `spot` is finer than the district, "" if not said."""

    country: str
    spot: str
    district: str
    province: str

    @property
    def shown(self) -> str:
        """All of it, finest first."""
        return ", ".join(w for w in (self.spot, self.district, self.province) if w)

    def finest(self) -> GeoPrecision | None:
        """How exact the finest words can be; None where there are none."""
        if self.spot:
            return GeoPrecision.SITE
        if self.district:
            return GeoPrecision.DISTRICT
        return GeoPrecision.PROVINCE if self.province else None


class MappedPlaces:
    """Finds the places of one table's rows; `choices` are words that fit several places, also
    those for which one was chosen: a choice can be looked at and changed."""

    def __init__(self, columns: Columns, mapping: Mapping, context: Context) -> None:
        self._columns, self._context = columns, context
        self._precision, self._country = mapping.geo_precision, mapping.country
        self._locator = Locator(context.gazetteer)
        self.choices: dict[str, tuple[Candidate, ...]] = {}

    def where(self, row: Row, country: str, faults: list[Fault]) -> tuple[str, Located] | None:
        """The country and the place of a row; None with its faults added where they cannot be
        told. `country` is that of its column, "" where it has none."""
        spot = self._point(row, faults)
        if faults:
            return None
        words = self._words(row, country, spot is not None, faults)
        if words is None:
            return None
        try:
            if spot is not None:
                return words.country, self._by_point(row, words, *spot)
            if not words.shown:
                return words.country, self._country_only(row, words, named=bool(country))
            return words.country, self._by_words(words, named=bool(country))
        except AmbiguousPlace as error:
            self.choices[error.key] = error.candidates
            faults.append(error.at(self._title(words)))
        except BadValue as error:
            at = self._columns.title("lat") if spot is not None else self._title(words)
            faults.append(error.at(at))
        return None

    def _title(self, words: _Words) -> str:
        """The column of the finest words."""
        role = "place" if words.spot else "district" if words.district else "province"
        roles = (role, "place", "district", "province")
        return self._columns.title(next((r for r in roles if r in self._columns), "place"))

    def _point(self, row: Row, faults: list[Fault]) -> tuple[float, float] | None:
        """Latitude and longitude, of two columns or of one."""
        found: list[float | None] = []
        for role, limit in (("lat", 90), ("lng", 180)):
            try:
                found.append(coordinate(self._columns.cell(row, role), limit))
            except BadValue as error:
                faults.append(error.at(self._columns.title(role)))
                found.append(None)
        lat, lng = found
        if faults:
            return None
        if (lat is None) != (lng is None):
            faults.append(Fault(self._columns.title("lat" if lat is None else "lng"),
                                "is empty though the other coordinate is there",
                                "Write both or neither"))  # fmt: skip
            return None
        if lat is not None and lng is not None:
            return lat, lng
        for role in ("point", "place"):
            cell = self._columns.cell(row, role)
            if (both := point(cell)) is not None:
                return both
            if role == "point" and filled(cell):
                faults.append(
                    Fault(self._columns.title(role), f"'{filled(cell)[:40]}' is no latitude and "
                          "longitude", "Write both in degrees: 34.5281, 69.1723")
                )  # fmt: skip
                return None
        return None

    def _words(self, row: Row, country: str, has_point: bool, faults: list[Fault]) -> _Words | None:
        """The row's words for its place, without those that say nothing; the country that they
        end in counts, where it does not contradict the column's."""
        said = {
            role: filled(self._columns.cell(row, role))
            for role in ("place", "district", "province")
        }
        if point(said["place"]) is not None:
            said["place"] = ""
        named, rest = countries.named_in(said["place"])
        if named is not None:
            if country and named != country and not has_point:
                faults.append(
                    Fault(self._columns.title("place"),
                          f"'{said['place'][:60]}' names {country_name(named)}, the "
                          f"row's country is {country_name(country)}",
                          "Correct one of both")
                )  # fmt: skip
                return None
            if named != "AFG":
                said["place"] = rest or said["place"]  # "Gaza" says more than its country
            elif not rest:
                said["place"] = ""
        own = country or named or self._country
        return _Words(own, said["place"], said["district"], said["province"])

    def _country_only(self, row: Row, words: _Words, *, named: bool) -> Located:
        """A row that names its country alone: held, counted and listed, and on no map."""
        geometry = text_of(row.values.get(GEOMETRY))
        if geometry:
            raise BadValue(f"its geometry is a {_geometry(geometry)}, which is not read",
                           "Give each event one point, or its place in words")  # fmt: skip
        if not named and not countries.named_in(filled(self._columns.cell(row, "place")))[0]:
            raise BadValue("nothing says where", "Write a place, a district or a province")
        return Located(PlaceRef(text=country_name(words.country)))

    def _by_point(self, row: Row, words: _Words, lat: float, lng: float) -> Located:
        remarks: list[Fault] = []
        precision = self._precision or GeoPrecision.PROVINCE
        said, meant = exactness(self._columns.cell(row, "exactness"))
        if meant is not None:
            precision = meant
        elif said:
            remarks.append(
                Fault(self._columns.title("exactness"),
                      f"'{self._columns.text(row, 'exactness')[:40]}' is no exactness known "
                      "here; the point is taken for the province",
                      "Write site, settlement, district, province or country")
            )  # fmt: skip
            precision = GeoPrecision.PROVINCE
        finest = words.finest()
        if finest is not None:
            precision = coarser(precision, finest)
        elif self._says_places and words.country == "AFG":
            precision = coarser(precision, self._middle(lat, lng) or precision)
        unit = precision.value if finest is precision else ""
        exact = Exactness(precision, RADII.get(precision), "as the table says", unit)
        found = self._locator.at(
            country=words.country, text=words.spot or words.district or words.province,
            lat=lat, lng=lng, exactness=exact, adm1=words.province, adm2=words.district,
        )  # fmt: skip
        return replace(found, remarks=(*found.remarks, *remarks))

    @property
    def _says_places(self) -> bool:
        """Whether the table has any column of places in words."""
        return any(role in self._columns for role in ("place", "district", "province"))

    def _middle(self, lat: float, lng: float) -> GeoPrecision | None:
        """What a point stands for that is the middle of the country or of a province."""

        def at(own_lat: float | None, own_lng: float | None) -> bool:
            if own_lat is None or own_lng is None:
                return False
            return abs(lat - own_lat) < _AT_MIDDLE and abs(lng - own_lng) < _AT_MIDDLE

        if any(at(*middle) for middle in MIDDLES):
            return GeoPrecision.COUNTRY
        provinces = self._context.gazetteer.provinces()
        return GeoPrecision.PROVINCE if any(at(p.lat, p.lng) for p in provinces) else None

    def _by_words(self, words: _Words, *, named: bool) -> Located:
        """A row with words alone: one sure place, or a question; never a guess."""
        shown, country = words.shown, words.country
        if country != "AFG":
            return Located(PlaceRef(text=shown, adm1_name=words.province or None,
                                    adm2_name=words.district or None))  # fmt: skip
        if shown in self._context.answers.places:
            return self._chosen(words)
        province = self._province(words)
        district = self._locator.district(words.district, province)
        spot = words.spot or ("" if district else words.district)
        unit = district or province
        if not spot and unit is not None:
            return Located(place_ref(self._context.gazetteer, unit.id, shown))
        return self._searched(spot, unit, shown, named=named)

    def _province(self, words: _Words) -> Place | None:
        name = words.province
        province = self._locator.province(name)
        if name and province is None:
            found = self._locator.search(name, None)
            if found.parts:
                raise AmbiguousPlace(words.shown, found)
            raise BadValue(f"'{name}' is no province the gazetteer knows", "Correct the province")
        return province

    def _searched(self, spot: str, unit: Place | None, shown: str, *, named: bool) -> Located:
        found, gazetteer = self._locator.search(spot, unit), self._context.gazetteer
        best = found.best
        if unit is not None and not named and not (best and best.whole):
            self._refuse_abroad(spot, unit)
        if best is not None:
            if found.ambiguous or (unit is None and not best.exact):
                raise AmbiguousPlace(shown, found)
            if not best.whole:
                self._refuse_two(spot, shown, found)
            return Located(candidate_ref(gazetteer, best, shown), _remarks(spot[:60], best))
        what, remedy = _not_here(spot[:60], found)
        if unit is None and not named:
            raise BadValue(what, remedy)
        if unit is None:
            what += "; the row's country stands for it, which is on no map"
            remark = Fault("place", what, "Add the province, or write coordinates")
            return Located(PlaceRef(text=shown), (remark,))
        what += f"; the {unit.placetype} {unit.name} stands for it"
        remark = Fault("place", what, "Nothing to do: the words are kept")
        return Located(place_ref(gazetteer, unit.id, shown), (remark,))

    def _refuse_two(self, spot: str, shown: str, found: Result) -> None:
        """Refuse "Sangin, Kajaki": a part that was not understood names a district or a province
        by itself, which is not one of those around the rest."""
        gazetteer, best = self._context.gazetteer, found.candidates[0]
        for part in re.split(r"\s*[,،]\s*", spot):
            own = sure(self._locator.search(part, None))
            if own is None or not gazetteer.polygon_level(own.place):
                continue
            if own.id not in gazetteer.line(best.place) and best.id not in gazetteer.line(
                own.place
            ):
                raise AmbiguousPlace(shown, replace(found, candidates=(own, best)))

    def _refuse_abroad(self, spot: str, unit: Place) -> None:
        """Refuse a known place of another country beside an Afghan province or district: in a
        table without countries nothing says which of both is meant."""
        over_there = self._locator.search(spot, None)
        if over_there.abroad is not None and over_there.abroad.border_m is None:
            what, _ = _not_here(spot[:60], over_there)
            raise BadValue(f"{what}, the row's {unit.placetype} is {unit.name}",
                           "Write the row's country, or correct one of both")  # fmt: skip

    def _chosen(self, words: _Words) -> Located:
        """The place that a person chose for the words."""
        shown, gazetteer = words.shown, self._context.gazetteer
        chosen = self._context.answers.places[shown]
        if shown not in self.choices:
            self.choices[shown] = self._candidates(words)
        if not chosen:
            raise BadValue(f"'{shown}' was said to be none of the places known",
                           "Write coordinates")  # fmt: skip
        if chosen not in gazetteer:
            raise BadValue(f"'{chosen}' is no place of the gazetteer", "Choose another place")
        offered = next((c for c in self.choices[shown] if c.id == chosen), None)
        if offered is not None:
            return Located(candidate_ref(gazetteer, offered, shown))
        return Located(place_ref(gazetteer, chosen, shown))

    def _candidates(self, words: _Words) -> tuple[Candidate, ...]:
        province = self._locator.province(words.province)
        if words.province and province is None:
            return self._locator.search(words.province, None).candidates
        unit = self._locator.district(words.district, province) or province
        spot = words.spot or words.district
        return self._locator.search(spot, unit).candidates if spot else ()


def _remarks(spot: str, best: Candidate) -> tuple[Fault, ...]:
    """What is to be said of a place that was taken for the words."""
    if not best.whole:
        what = f"'{spot}' {UNKNOWN}; the {best.placetype} {best.name} stands for it"
        return (Fault("place", what, "Nothing to do: the words are kept"),)
    what = f"'{spot}' is read as {best.name}, which is spelled nearly so"
    return (Fault("place", what, "Compare it with the source"),) if best.near else ()


def _not_here(spot: str, found: Result) -> tuple[str, str]:
    """Why words lead to no place in Afghanistan, and what to try."""
    if found.abroad is None:
        return f"'{spot}' {UNKNOWN}", (
            "Correct the words, add the province or the country, or write coordinates")  # fmt: skip
    country = found.abroad.country or "another country"
    where = f"is in {country}"
    if found.abroad.border_m is not None:
        where = f"ends in {country}, {found.abroad.border_m / 1000:.0f} km beyond the border"
    return f"'{spot}' {where}", "Write the country, or the province that is meant"


def _geometry(text: str) -> str:
    """What kind of geometry a cell holds, with the number of its parts."""
    try:
        plain = json.loads(text)
        kind = str(plain.get("type", "geometry"))
        parts = plain.get("coordinates") or plain.get("geometries") or ()
    except (ValueError, AttributeError):
        return "geometry"
    return f"{kind} of {len(parts)} parts" if kind.startswith(("Multi", "Geometry")) else kind
