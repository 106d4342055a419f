"""Where a row of a mapped table happened: by its point, or by its words alone (row → PlaceRef)."""

from __future__ import annotations

from gazetteer.model import Candidate
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.located import Exactness, Located, Locator, sure
from mapapp.importers.cells.places import place_ref
from mapapp.importers.cells.values import BadValue, coordinate
from mapapp.importers.forms.dataset import Columns, Context
from mapapp.importers.tables.table import Fault, Row

#: How far from the point things may lie, by what a person says the points stand for.
RADII = {
    GeoPrecision.SITE: 500.0,
    GeoPrecision.NEIGHBOURHOOD: 2_000.0,
    GeoPrecision.SETTLEMENT: 5_000.0,
    GeoPrecision.DISTRICT: 30_000.0,
    GeoPrecision.PROVINCE: 100_000.0,
}


class AmbiguousPlace(BadValue):
    """Place words that fit several places; a person chooses among `candidates`."""

    def __init__(self, key: str, candidates: tuple[Candidate, ...]) -> None:
        shown = "; ".join(f"{c.name} ({c.placetype}, {c.id})" for c in candidates[:4])
        super().__init__(f"'{key}' fits several places: {shown}", "Choose the one that is meant")
        self.key = key
        self.candidates = candidates


class MappedPlaces:
    """Finds the places of one table's rows; `choices` are words that fit several places, also
    those for which one was chosen: a choice can be looked at and changed."""

    def __init__(self, columns: Columns, precision: GeoPrecision | None, context: Context) -> None:
        self._columns, self._precision, self._context = columns, precision, context
        self._locator = Locator(context.gazetteer)
        self.choices: dict[str, tuple[Candidate, ...]] = {}

    def where(self, row: Row, country: str, faults: list[Fault]) -> Located | None:
        """The place of a row; None with its faults added where it cannot be told."""
        text = self._columns.text
        point: list[float | None] = []
        for role, limit in (("lat", 90), ("lng", 180)):
            try:
                point.append(coordinate(self._columns.cell(row, role), limit))
            except BadValue as error:
                faults.append(error.at(self._columns.title(role)))
                point.append(None)
        if faults:
            return None
        lat, lng = point
        if (lat is None) != (lng is None):
            faults.append(Fault(self._columns.title("lat" if lat is None else "lng"),
                                "is empty though the other coordinate is there",
                                "Write both or neither"))  # fmt: skip
            return None
        words = text(row, "place")
        units = (text(row, "province"), text(row, "district"))
        shown = words or units[1] or units[0]
        try:
            if lat is not None and lng is not None:
                precision = self._precision or GeoPrecision.PROVINCE
                exact = Exactness(precision, RADII.get(precision), "as the user of the table says")
                return self._locator.at(
                    country=country, text=shown, lat=lat, lng=lng, exactness=exact,
                    adm1=units[0], adm2=units[1],
                )  # fmt: skip
            return self._by_words(country, words, *units)
        except AmbiguousPlace as error:
            self.choices[error.key] = error.candidates
            faults.append(error.at(self._columns.title("place")))
        except BadValue as error:
            faults.append(error.at(self._columns.title("lat" if lat is not None else "place")))
        return None

    def _by_words(self, country: str, words: str, adm1: str, adm2: str) -> Located:
        """A row with words alone: one sure place, or a question; never a guess."""
        shown = ", ".join(w for w in (words, adm2, adm1) if w)
        if not shown:
            raise BadValue("nothing says where", "Write a place, a district or a province")
        if country != "AFG":
            return Located(PlaceRef(text=shown, adm1_name=adm1 or None, adm2_name=adm2 or None))
        gazetteer = self._context.gazetteer
        if shown in self._context.answers.places:
            chosen = self._context.answers.places[shown]
            if shown not in self.choices:
                self.choices[shown] = self._candidates(words or adm2, adm1, adm2)
            if not chosen:
                raise BadValue(f"'{shown}' was said to be none of the places known",
                               "Write coordinates")  # fmt: skip
            if chosen not in gazetteer:
                raise BadValue(f"'{chosen}' is no place of the gazetteer", "Choose another place")
            return Located(place_ref(gazetteer, chosen, shown))
        province = self._locator.province(adm1)
        if adm1 and province is None:
            raise BadValue(f"'{adm1}' is no province the gazetteer knows", "Correct the province")
        district = self._locator.district(adm2, province)
        if adm2 and district is None and not words:
            words = adm2
        unit = district or province
        if not words and unit is not None:
            return Located(place_ref(gazetteer, unit.id, shown))
        found = self._locator.search(words, unit)
        if sure(found):
            return Located(place_ref(gazetteer, found[0].id, shown))
        if found:
            raise AmbiguousPlace(shown, found)
        if unit is None:
            raise BadValue(f"'{words[:60]}' is no place the gazetteer knows",
                           "Correct the words, add the province, or write coordinates")  # fmt: skip
        remark = Fault("place", f"'{words[:60]}' is not known in {unit.name}; its {unit.placetype} "
                       "stands for it", "Nothing to do: the words are kept")  # fmt: skip
        return Located(place_ref(gazetteer, unit.id, shown), (remark,))

    def _candidates(self, words: str, adm1: str, adm2: str) -> tuple[Candidate, ...]:
        province = self._locator.province(adm1)
        return self._locator.search(words, self._locator.district(adm2, province) or province)
