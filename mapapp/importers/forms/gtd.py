"""GTD rows as claims by GTD (row → record + claims).

GTD is given to registered users and may not be passed on: its source is `private`. -9 and -99 mean
"not known" in its numbers; a day or month of 0 is not known either.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gazetteer import Candidate
from mapapp.domain import actors
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.importers.cells import countries
from mapapp.importers.cells.located import Exactness, Located, Locator
from mapapp.importers.cells.values import BadValue, count, whole
from mapapp.importers.forms.dataset import (
    CodedForm,
    Columns,
    Context,
    Converted,
    Headed,
    Release,
    claim_maker,
    coded_days,
    latitude,
    longitude,
    record_id,
    shifted,
)
from mapapp.importers.tables.table import Cell, Fault, Row, text_of

SPEAKER = "GTD"

#: The codebook's header, in its order.
COLUMNS: dict[str, tuple[str, ...]] = dict.fromkeys(
    Path(__file__).with_name("gtd_columns.txt").read_text("utf-8").split(), ()
)

#: specificity: 1 the place itself, 2 its district's or nearest centre, 3 the district, 4 the
#: province, 5 nothing. The radii are ours, as with GED.
WHERE = {
    1: Exactness(GeoPrecision.SETTLEMENT, 5_000, "the city, village or town"),
    2: Exactness(GeoPrecision.DISTRICT, 30_000, "the centre of the smallest division known"),
    3: Exactness(
        GeoPrecision.DISTRICT, 30_000, "the centre of a second-order division", "district"
    ),
    4: Exactness(
        GeoPrecision.PROVINCE, 100_000, "the centre of a first-order division", "province"
    ),
    5: Exactness(GeoPrecision.COUNTRY, None, "no place could be found"),
}

ATTACKS = {
    "bombing/explosion": EventType.BOMBING,
    "armed assault": EventType.ARMED_ATTACK,
    "assassination": EventType.ARMED_ATTACK,
}

#: targtype1 to ours; the rest is `unknown` here and kept in words.
TARGETS = {
    "1": TargetType.BUSINESS, "2": TargetType.OFFICIALS, "3": TargetType.SECURITY_FORCES,
    "4": TargetType.SECURITY_FORCES, "6": TargetType.TRANSPORT, "7": TargetType.DIPLOMATIC,
    "8": TargetType.EDUCATION, "14": TargetType.CIVILIANS, "15": TargetType.RELIGIOUS_SITE,
    "17": TargetType.ARMED_GROUP, "19": TargetType.TRANSPORT, "22": TargetType.POLITICAL_PARTY,
}  # fmt: skip

UNKNOWN_GROUP = "Unknown"


class Gtd(CodedForm):
    """The format."""

    name = "gtd"
    title = "Global database of START (GTD)"

    columns = COLUMNS
    needed = (("eventid",), ("iyear",), ("imonth",), ("iday",))

    def reader(self, table: Headed, context: Context) -> GtdReader:
        """A converter for a file."""
        key, version = context.dataset or "gtd", context.version
        source = Source(
            id=f"{key}-{version}" if version else key,
            publisher="START, University of Maryland",
            title="GTD" + (f", version {version}" if version else ""),
            language="en",
            redistribution=Redistribution.PRIVATE,
            licence="GTD terms of use: by registration, not to be given to others",
            published_how=f"version {version}" if version else "version not stated",
            url="https://www.start.umd.edu/gtd",
            dataset=key,
            dataset_version=version or None,
        )
        columns = Columns(table.shape.header, COLUMNS, context.answers.defaults)
        return GtdReader(columns, Release(key, version, source), context)


def known(cell: Cell) -> Cell:
    """A cell with GTD's codes for "not known" emptied."""
    return None if text_of(cell) in ("-9", "-99", "-9.0", "-99.0") else cell


def _whole(cell: Cell) -> int | None:
    return whole(known(cell))


def _count(cell: Cell) -> int | None:
    return count(known(cell))


def _latitude(cell: Cell) -> float | None:
    return latitude(known(cell))


def _longitude(cell: Cell) -> float | None:
    return longitude(known(cell))


class GtdReader:
    """Converts rows of one file."""

    def __init__(self, columns: Columns, release: Release, context: Context) -> None:
        self.release = release
        self.choices: dict[str, tuple[Candidate, ...]] = {}
        self._columns = columns
        self._locator = Locator(context.gazetteer)

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        faults: list[Fault] = []
        key = self._columns.code(row, "eventid")
        if not (key.isdigit() and len(key) == 12):
            faults.append(Fault("eventid", f"'{key[:40]}' is no event id of 12 digits",
                                "Format the column as text, so that no digit is lost"))  # fmt: skip
        when = self._when(row, faults)
        figures = {
            n: self._columns.read(row, n, _count, faults)
            for n in ("nkill", "nkillter", "nwound", "nwoundte")
        }
        for all_, own in (("nkill", "nkillter"), ("nwound", "nwoundte")):
            if (figures[own] or 0) > (figures[all_] or 0) and figures[all_] is not None:
                faults.append(Fault(own, f"{figures[own]} of {figures[all_]} is more than all",
                                    "Correct the figures"))  # fmt: skip
        words = self._columns.text(row, "country_txt")
        country = countries.iso3(words) if words else None
        if country is None:
            faults.append(Fault("country_txt", f"'{words[:40]}' is no country that is known here",
                                "Write its name or ISO 3166 code"))  # fmt: skip
        where = None if faults else self._where(row, country or "", faults)
        if faults or when is None or where is None:
            return shifted(faults)
        kind = self._columns.text(row, "attacktype1_txt") or "Attack"
        suicide = self._columns.code(row, "suicide") == "1"
        target = self._columns.text(row, "target1") or self._columns.text(row, "targtype1_txt")
        record = IncidentRecord(
            id=record_id(self.release.dataset, key),
            title=f"{kind}, {where.place.text}" if where.place.text else kind,
            date=when,
            place=where.place,
            event_type=EventType.SUICIDE_ATTACK
            if suicide
            else ATTACKS.get(kind.casefold(), EventType.OTHER),
            target_type=TARGETS.get(self._columns.code(row, "targtype1"), TargetType.UNKNOWN),
            target="" if target in ("Unknown", "-9", "-99") else target,
            country=country or "",
            notes=tuple(self._notes(row)),
            dataset=self.release.dataset,
        )
        claims = tuple(self._claims(row, key, record, kind, figures))
        return Converted(key, record, claims, (*where.remarks, *self._columns.remarks()))

    def _number(self, row: Row, name: str, faults: list[Fault]) -> int:
        return self._columns.read(row, name, _whole, faults) or 0

    def _when(self, row: Row, faults: list[Fault]) -> DateInterval | None:
        names = ("iyear", "imonth", "iday")
        when = coded_days(self._columns, row, names, _whole, SPEAKER, faults)
        said = self._columns.text(row, "approxdate")
        if when is None or not said:
            return when
        # "approxdate" is filled where the day coded is only the likeliest.
        if when.precision is DatePrecision.DAY:
            return replace(when, text=said, precision=DatePrecision.UNKNOWN)
        return replace(when, text=said)

    def _where(self, row: Row, country: str, faults: list[Fault]) -> Located | None:
        point = (
            self._columns.read(row, "latitude", _latitude, faults),
            self._columns.read(row, "longitude", _longitude, faults),
        )
        code = self._number(row, "specificity", faults) or 5
        if code not in WHERE:
            faults.append(Fault("specificity", f"{code} is no code", "GTD has 1 to 5"))
        if faults:
            return None
        if (point[0] is None) != (point[1] is None):
            faults.append(Fault("latitude", "one of the two coordinates is empty",
                                "Write both or neither"))  # fmt: skip
            return None
        exactness = WHERE[code]
        if self._columns.code(row, "vicinity") == "1" and code == 1:
            exactness = Exactness(GeoPrecision.DISTRICT, 25_000, "in the vicinity of the city")
        text = self._columns.text
        words = [text(row, n) for n in ("city", "provstate", "country_txt")]
        try:
            return self._locator.at(
                country=country,
                text=next((w for w in words if w not in ("", "Unknown", "unknown")), ""),
                lat=point[0], lng=point[1], exactness=exactness,
                adm1=words[1] if words[1] != "Unknown" else "",
            )  # fmt: skip
        except BadValue as error:
            faults.append(error.at("latitude"))
            return None

    def _notes(self, row: Row) -> list[str]:
        found = []
        if self._columns.code(row, "doubtterr") == "1":
            found.append("GTD doubts that this event meets its definition")
        for name in ("summary", "scite1", "scite2", "scite3", "addnotes"):
            if said := self._columns.text(row, name):
                words = {"summary": "GTD's summary", "addnotes": "GTD's note"}
                found.append(f"{words.get(name, 'Source named by GTD')}: {said}")
        return found

    def _claims(
        self, row: Row, key: str, record: IncidentRecord, kind: str, figures: dict[str, int | None]
    ) -> list[Claim]:
        claim = claim_maker(
            record.id, self.release, asserted_by=SPEAKER, speaker_class=SpeakerClass.ANALYST,
            locator=f"event {key}",
        )  # fmt: skip
        text = self._columns.text
        note = (f"specificity {text(row, 'specificity')}, vicinity {text(row, 'vicinity')}; "
                f"coordinates {text(row, 'latitude')}, {text(row, 'longitude')}")  # fmt: skip
        found = [
            claim(Property.DATE, value=record.date.text, note=record.date.derivation),
            claim(Property.PLACE, value=record.place.text, note=note),
            claim(Property.EVENT_TYPE, value=kind, note=f"attacktype1 {text(row, 'attacktype1')}"),
        ]
        if record.target:
            found.append(claim(Property.TARGET, value=record.target,
                               note=f"targtype1 {text(row, 'targtype1_txt')}"))  # fmt: skip
        if weapon := text(row, "weaptype1_txt"):
            found.append(claim(Property.WEAPON, value=weapon, words=text(row, "weapdetail")))
        for prop, all_, own in (
            (Property.KILLED, "nkill", "nkillter"), (Property.WOUNDED, "nwound", "nwoundte"),
        ):  # fmt: skip
            found += self._toll(claim, prop, figures[all_], figures[own], all_, own)
        return found + self._attributions(row, record, claim)

    @staticmethod
    def _toll(
        claim: Any, prop: Property, everyone: int | None, attackers: int | None, all_: str, own: str
    ) -> list[Claim]:
        """GTD's total has the attackers in it; they are counted apart here, as everywhere."""

        def figure(number: int, victims: VictimClass, words: str, note: str = "") -> Claim:
            made: Claim = claim(
                prop, value=str(number), low=number, high=number, modifier=Modifier.EXACT,
                victim_class=victims, words=words, note=note,
            )  # fmt: skip
            return made

        found = []
        if everyone is not None:
            note = (
                f"{all_} {everyone} less {own} {attackers}"
                if attackers
                else f"{all_}; how many attackers are among them is not stated"
                * (attackers is None)
            )
            found.append(
                figure(
                    everyone - (attackers or 0), VictimClass.UNSPECIFIED, f"{all_} {everyone}", note
                )
            )
        if attackers:
            found.append(figure(attackers, VictimClass.ATTACKERS, f"{own} {attackers}"))
        return found

    def _attributions(self, row: Row, record: IncidentRecord, claim: Any) -> list[Claim]:
        """gname with guncertain, and whether a claim was made (`claimed`, `claim2`, `claim3`)."""
        text = self._columns.text
        found: list[Claim] = []
        for group, doubt, said in (
            ("gname", "guncertain1", "claimed"), ("gname2", "guncertain2", "claim2"),
            ("gname3", "guncertain3", "claim3"),
        ):  # fmt: skip
            name = text(row, group)
            if not name:
                continue
            if name == UNKNOWN_GROUP:
                found.append(claim(
                    Property.ATTRIBUTION, attribution_kind=AttributionKind.UNCLAIMED,
                    actor_text=name, note=f"{group}: the perpetrator is not known to GTD",
                ))  # fmt: skip
                continue
            days = record.date
            actor = actors.resolve(name, country=record.country, on=days.earliest,
                                   until=days.latest) or name  # fmt: skip
            uncertain = self._columns.code(row, doubt) == "1"
            found.append(claim(
                Property.ATTRIBUTION, actor=actor, actor_text=name,
                attribution_kind=AttributionKind.SUSPECTED
                if uncertain
                else AttributionKind.ATTRIBUTED,
                note=f"{group}, {doubt} {text(row, doubt) or 'empty'}",
            ))  # fmt: skip
            if self._columns.code(row, said) == "1":
                found.append(claim(
                    Property.ATTRIBUTION, actor=actor, actor_text=name, asserted_by=name,
                    speaker_class=SpeakerClass.PARTY, attribution_kind=AttributionKind.CLAIMED,
                    note=f"{said} 1: GTD reports that the group said so",
                ))  # fmt: skip
        return found
