"""Rows of any table, by a mapping of its columns, as claims by whoever made it (row → claims)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from gazetteer.model import Candidate
from mapapp.domain import actors
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.problems import InvalidInput
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.importers import countries
from mapapp.importers.dataset import (
    Answers,
    Columns,
    Context,
    Converted,
    Headed,
    Release,
    claim_for,
    column_key,
    record_id,
    shifted,
)
from mapapp.importers.day_values import Order, days
from mapapp.importers.located import Exactness, Located, Locator, sure
from mapapp.importers.mapping import Mapping
from mapapp.importers.places import place_ref
from mapapp.importers.table import REASON_COLUMNS, Fault, Row, text_of
from mapapp.importers.values import BadValue, Figure, coordinate, count, figure

#: How far from the point things may lie, by what a person says the points stand for.
RADII = {
    GeoPrecision.SITE: 500.0,
    GeoPrecision.NEIGHBOURHOOD: 2_000.0,
    GeoPrecision.SETTLEMENT: 5_000.0,
    GeoPrecision.DISTRICT: 30_000.0,
    GeoPrecision.PROVINCE: 100_000.0,
}

_FIGURES = (
    ("killed", Property.KILLED, VictimClass.UNSPECIFIED),
    ("civilians_killed", Property.KILLED, VictimClass.CIVILIANS),
    ("wounded", Property.WOUNDED, VictimClass.UNSPECIFIED),
    ("casualties", Property.CASUALTIES, VictimClass.UNSPECIFIED),
)


class AmbiguousPlace(BadValue):
    """Place words that fit several places; a person chooses among `candidates`."""

    def __init__(self, key: str, candidates: tuple[Candidate, ...]) -> None:
        shown = "; ".join(f"{c.name} ({c.placetype}, {c.id})" for c in candidates[:4])
        super().__init__(f"'{key}' fits several places: {shown}", "Choose the one that is meant")
        self.key = key
        self.candidates = candidates


class Mapped:
    """A format made of a mapping."""

    name = "table"
    title = "Table by a mapping of columns"

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping

    def recognises(self, header: tuple[str, ...]) -> float:
        """Whether the header has every column of the mapping."""
        return float(not self.mapping.problems(header))

    def date_columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Columns that hold days."""
        del header
        found = (self.mapping.columns.get(role) for role in ("date", "date_end"))
        return tuple(name for name in found if name)

    def answered(self, answers: Answers) -> Answers:
        """Answers with the date orders and places kept in the mapping."""
        kept = {name: Order(code) for name, code in self.mapping.date_orders.items()}
        return replace(
            answers,
            date_orders=kept | dict(answers.date_orders),
            places=dict(self.mapping.places) | dict(answers.places),
        )

    def reader(self, table: Headed, context: Context) -> MappedReader:
        """A converter; InvalidInput where the mapping does not fit the table."""
        problems = self.mapping.problems(table.shape.header)
        if problems:
            raise InvalidInput(f"the mapping does not fit {table.path.name}", problems)
        return MappedReader(self.mapping, table, context)


class MappedReader:
    """Converts rows of one table; `choices` collects the words that fit several places, also
    those for which one was chosen: a choice can be looked at and changed."""

    def __init__(self, mapping: Mapping, table: Headed, context: Context) -> None:
        self._mapping = mapping
        self._context = context
        aliases: dict[str, tuple[str, ...]] = dict.fromkeys(mapping.columns, ())
        self._columns = Columns((), aliases, context.answers.defaults)
        self._columns.found.update(mapping.columns)
        self._locator = Locator(context.gazetteer)
        self.choices: dict[str, tuple[Candidate, ...]] = {}
        key = context.dataset or mapping.dataset
        version = context.version
        self.release = Release(
            key,
            version,
            Source(
                id=f"{key}-{version}" if version else key,
                publisher=mapping.speaker,
                title=mapping.title + (f", {version}" if version else ""),
                language="und",
                redistribution=mapping.redistribution,
                licence=mapping.licence,
                published_how=version or "a table given by its user",
                dataset=key,
                dataset_version=version or None,
            ),
        )
        self._header = table.shape.header

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        faults: list[Fault] = []
        text = self._columns.text
        key = text(row, "id") or self._content_key(row)
        if "id" in self._mapping.columns and not text(row, "id"):
            faults.append(Fault(self._columns.title("id"), "is empty", "Give the row an id"))
        when = self._when(row, faults)
        figures = self._figures(row, faults)
        country = self._country(row, faults)
        where = self._where(row, country, faults)
        if faults or when is None or where is None:
            return shifted(faults)
        kind = text(row, "event_type")
        title = text(row, "title") or ", ".join(w for w in (kind, where.place.text) if w)
        record = IncidentRecord(
            id=record_id(self.release.dataset, key),
            title=title or "Incident",
            date=when,
            place=where.place,
            event_type=_vocabulary(EventType, kind, EventType.OTHER),
            target_type=_vocabulary(TargetType, text(row, "target"), TargetType.UNKNOWN),
            target=text(row, "target"),
            country=country,
            notes=tuple(self._notes(row)),
            dataset=self.release.dataset,
        )
        return Converted(
            key, record, tuple(self._claims(row, key, record, kind, figures)), where.remarks
        )

    def _content_key(self, row: Row) -> str:
        """The id of a row without one: its content, so that importing twice adds nothing."""
        cells = [
            (name, text_of(row.values.get(name)))
            for name in self._header
            if name not in REASON_COLUMNS
        ]
        text = json.dumps(sorted(cells), ensure_ascii=False)
        return "row-" + hashlib.sha256(text.encode()).hexdigest()[:16]

    def _when(self, row: Row, faults: list[Fault]) -> DateInterval | None:
        start, end = self._days(row, "date", faults), self._days(row, "date_end", faults)
        if start is None and not faults:
            start = self._days(row, "year", faults)
        if faults:
            return None
        title = self._columns.title("date" if "date" in self._mapping.columns else "year")
        if start is None:
            faults.append(Fault(title, "is empty", "Write the day as YYYY-MM-DD, or the year"))
            return None
        first, last, precision = start.earliest, start.latest, start.precision
        if end is not None:
            last = end.latest
            if first > last:
                faults.append(
                    Fault(title, f"{first} is after the end {last}", "Swap the two dates")
                )
                return None
            if precision is DatePrecision.DAY and first != last:
                precision = DatePrecision.DAYS
        words = " to ".join(
            dict.fromkeys(
                w for w in (self._columns.text(row, n) for n in ("date", "date_end")) if w
            )
        )
        said = words or self._columns.text(row, "year")
        return DateInterval(first, last, precision, said, "as the table has it")

    def _days(self, row: Row, role: str, faults: list[Fault]) -> Any:
        name = self._mapping.columns.get(role)
        if name is None:
            return None
        try:
            return days(row.values.get(name), self._context.order(name))
        except BadValue as error:
            faults.append(error.at(name))
            return None

    def _figures(self, row: Row, faults: list[Fault]) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        for role, _, _ in _FIGURES:
            try:
                said = figure(self._columns.cell(row, role))
            except BadValue as error:
                faults.append(error.at(self._columns.title(role)))
                continue
            if said is not None:
                found[role] = said
        try:
            low, high = (count(self._columns.cell(row, r)) for r in ("killed_low", "killed_high"))
        except BadValue as error:
            faults.append(error.at(self._columns.title("killed_low")))
            return found
        best = found["killed"].value if "killed" in found else None
        if low is not None and high is not None and low > high:
            name = self._columns.title("killed_low")
            faults.append(Fault(name, f"low {low} is above high {high}", "Correct the figures"))
        elif best is not None and ((low or 0) > best or (high is not None and best > high)):
            fault = f"{best} lies outside low {low} to high {high}"
            faults.append(Fault(self._columns.title("killed"), fault, "Correct the figures"))
        elif low is not None or high is not None:
            found["killed"] = Figure(best, low, high, Modifier.RANGE)
        return found

    def _country(self, row: Row, faults: list[Fault]) -> str:
        words = self._columns.text(row, "country")
        if not words:
            return self._mapping.country
        code = countries.iso3(words)
        if code is None:
            fault = f"'{words[:40]}' is no country that is known here"
            remedy = "Write its name or ISO 3166 code"
            faults.append(Fault(self._columns.title("country"), fault, remedy))
        return code or ""

    def _where(self, row: Row, country: str, faults: list[Fault]) -> Located | None:
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
                precision = self._mapping.geo_precision or GeoPrecision.PROVINCE
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

    def _notes(self, row: Row) -> list[str]:
        text = self._columns.text
        found = [text(row, "notes")]
        if url := text(row, "url"):
            found.append(f"Link given in the table: {url}")
        mapped = set(self._mapping.columns.values())
        rest = [
            f"{name}: {value}"
            for name in self._header
            if name not in mapped
            and name not in REASON_COLUMNS
            and (value := text_of(row.values.get(name)))
        ]
        if rest:
            found.append("Other columns: " + "; ".join(rest))
        return [note for note in found if note]

    def _claims(
        self, row: Row, key: str, record: IncidentRecord, kind: str, figures: dict[str, Figure]
    ) -> list[Claim]:
        text = self._columns.text
        speaker = {
            "asserted_by": text(row, "source") or self._mapping.speaker,
            "speaker_class": self._mapping.speaker_class,
        }
        locator = f"row {key}" if "id" in self._mapping.columns else "row without an id"

        def claim(prop: Property, **content: Any) -> Claim:
            return claim_for(
                record.id, self.release, property=prop, locator=locator, **(speaker | content)
            )

        point = [text(row, role) for role in ("lat", "lng")]
        found = [
            claim(Property.DATE, value=record.date.text),
            claim(Property.PLACE, value=record.place.text,
                  note=f"coordinates {', '.join(point)}" if all(point) else ""),
        ]  # fmt: skip
        if kind:
            found.append(claim(Property.EVENT_TYPE, value=kind))
        if record.target:
            found.append(claim(Property.TARGET, value=record.target))
        for role, prop, victims in _FIGURES:
            if role not in figures:
                continue
            said = figures[role]
            found.append(
                claim(
                    prop, value=None if said.value is None else str(said.value), low=said.low,
                    high=said.high, modifier=said.modifier, victim_class=victims,
                    words=text(row, role),
                )
            )  # fmt: skip
        found += self._attributions(row, claim)
        return found

    def _attributions(self, row: Row, claim: Any) -> list[Claim]:
        found: list[Claim] = []
        name = self._columns.text(row, "actor")
        unknown = ("unknown", "unidentified", "n/a", "na", "-", "none", "not known", "unclaimed")
        if name.casefold() in unknown:
            found.append(
                claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.UNCLAIMED,
                      actor_text=name)
            )  # fmt: skip
        elif name:
            found.append(
                claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.ATTRIBUTED,
                      actor=actors.resolve(name) or name, actor_text=name)
            )  # fmt: skip
        by = self._columns.text(row, "claimed_by")
        if by and by.casefold() not in (*unknown, "no", "0", "false"):
            found.append(
                claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.CLAIMED,
                      actor=actors.resolve(by) or by, actor_text=by, asserted_by=by,
                      speaker_class=SpeakerClass.PARTY, note="as the table reports")
            )  # fmt: skip
        return found


def _vocabulary(codes: Any, words: str, default: Any) -> Any:
    """A code of a vocabulary where the words are one, else the default."""
    key = column_key(words)
    return codes(key) if key in set(codes) else default
