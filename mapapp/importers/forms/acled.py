"""ACLED rows, current and older headers, text and numeric codes, as claims by ACLED (row → claims).

ACLED's terms forbid giving its rows to others: its source is `private`, for who loaded it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from gazetteer import Candidate
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
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
from mapapp.importers.cells.day_values import Days, days
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
    latitude,
    longitude,
    record_id,
    shifted,
)
from mapapp.importers.tables.table import Cell, Fault, Row

SPEAKER = "ACLED"

_NAMES = """
event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 inter1
actor2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location
latitude longitude geo_precision source source_scale notes fatalities tags timestamp data_id
event_id_no_cnty iso3
"""

#: Columns of the export of today; those of older exports stand beside them or as aliases.
COLUMNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_NAMES.split(), ()),
    "assoc_actor_1": ("assoc_actor1",),
    "assoc_actor_2": ("assoc_actor2",),
}

#: inter1 and inter2: numbers in older exports, words today.
INTER = {
    "1": "State forces", "2": "Rebel group", "3": "Political militia", "4": "Identity militia",
    "5": "Rioters", "6": "Protesters", "7": "Civilians", "8": "External/Other forces",
}  # fmt: skip

_KINDS = {words.casefold(): words for words in INTER.values()}

#: geo_precision: 1 a named place, 2 near it or a part of a district, 3 the province. ACLED prints
#: no distances; the radii are ours, as with GED.
WHERE = {
    1: Exactness(GeoPrecision.SETTLEMENT, 5_000, "a named place"),
    2: Exactness(GeoPrecision.DISTRICT, 30_000, "near a named place, or a part of a district"),
    3: Exactness(GeoPrecision.PROVINCE, 100_000, "a larger region; the point is its capital or "
                 "centre", "province"),
}  # fmt: skip

#: time_precision: 1 the day, 2 the week, 3 the month.
WHEN = {1: DatePrecision.DAY, 2: DatePrecision.WEEK, 3: DatePrecision.MONTH}

#: sub_event_type to the kind of attack; what is no attack (agreements, arrests) is `other`.
EVENT_TYPES = {
    "armed clash": EventType.ARMED_CLASH,
    "government regains territory": EventType.OFFENSIVE,
    "non-state actor overtakes territory": EventType.OFFENSIVE,
    "suicide bomb": EventType.SUICIDE_ATTACK,
    "shelling/artillery/missile attack": EventType.SHELLING,
    "remote explosive/landmine/ied": EventType.BOMBING,
    "grenade": EventType.BOMBING,
    "attack": EventType.ARMED_ATTACK,
}


class Acled(CodedForm):
    """The format."""

    name = "acled"
    title = "ACLED export (current or before 2022)"

    columns = COLUMNS
    needed = (("event_id_cnty", "data_id"), ("event_date",), ("event_type",), ("fatalities",))
    days = ("event_date",)

    def reader(self, table: Headed, context: Context) -> AcledReader:
        """A converter for a file. ACLED has no versions: the days in a file's name are the period
        that was asked for."""
        columns = Columns(table.shape.header, COLUMNS, context.answers.defaults)
        version = context.version
        key = context.dataset or "acled"
        source = Source(
            id=f"{key}-{version}" if version else key,
            publisher="ACLED",
            title="Armed Conflict Location & Event Data"
            + (f", export of {version}" * bool(version)),
            language="en",
            redistribution=Redistribution.PRIVATE,
            licence="ACLED terms of use: not to be given to others. Cite acleddata.com",
            published_how=f"export of {version}" if version else "day of export not stated",
            url="https://acleddata.com",
            dataset=key,
            dataset_version=version or None,
        )
        return AcledReader(columns, Release(key, version, source), context)


class AcledReader:
    """Converts rows of one file."""

    def __init__(self, columns: Columns, release: Release, context: Context) -> None:
        self.release = release
        self.choices: dict[str, tuple[Candidate, ...]] = {}
        self._columns = columns
        self._order = context.order(columns.title("event_date"))
        self._days: dict[str, Callable[[Cell], Days | None]] = {}
        self._locator = Locator(context.gazetteer)

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        faults: list[Fault] = []
        key = self._columns.code(row, "event_id_cnty") or self._columns.code(row, "data_id")
        if not key:
            faults.append(Fault("event_id_cnty", "is empty", "Write ACLED's event id"))
        elif len(key) > 40 or " " in key:
            faults.append(Fault("event_id_cnty", f"'{key[:40]}' is no event id",
                                "Write ACLED's event id"))  # fmt: skip
        when = self._when(row, faults)
        number = self._columns.read(row, "fatalities", count, faults)
        for name in ("inter1", "inter2"):
            self._inter(row, name, faults)
        country = self._country(row, faults)
        where = None if faults else self._where(row, country, faults)
        if faults or when is None or where is None:
            return shifted(faults)
        kind = self._columns.text(row, "sub_event_type") or self._columns.text(row, "event_type")
        civilians = self._civilians(row)
        own_id = record_id(self.release.dataset, key)
        place_words = where.place.text
        record = IncidentRecord(
            id=own_id,
            title=f"{kind}, {place_words}" if place_words else kind,
            date=when,
            place=where.place,
            event_type=EVENT_TYPES.get(kind.casefold(), EventType.OTHER),
            target_type=TargetType.CIVILIANS if civilians else TargetType.UNKNOWN,
            target="civilians" if civilians else "",
            country=country,
            notes=tuple(self._notes(row)),
            dataset=self.release.dataset,
        )
        claims = self._claims(row, key, record, kind, number, civilians)
        remarks = (*where.remarks, *self._columns.remarks())
        return Converted(key, record, tuple(claims), remarks)

    def _code(self, row: Row, name: str, table: dict[int, Any], faults: list[Fault]) -> Any:
        code = self._columns.read(row, name, whole, faults)
        if code is not None and code not in table:
            faults.append(Fault(name, f"{code} is no code of {name}", "ACLED has 1 to 3"))
            return None
        return None if code is None else (code, table[code])

    def _inter(self, row: Row, name: str, faults: list[Fault]) -> str:
        """What kind of actor, whether coded in words or numbers (0 and empty: none)."""
        said = self._columns.code(row, name)
        if said in ("", "0"):
            return ""
        if said.isdigit():
            if said not in INTER:
                faults.append(Fault(name, f"{said} is no code of {name}", "ACLED has 1 to 8"))
            return INTER.get(said, "")
        if said.casefold() not in _KINDS:
            faults.append(Fault(name, f"'{said[:40]}' is no kind of actor ACLED has",
                                "Compare the row with its neighbours"))  # fmt: skip
        return _KINDS.get(said.casefold(), "")

    def _when(self, row: Row, faults: list[Fault]) -> DateInterval | None:
        before = len(faults)
        year = self._columns.code(row, "year")  # completes 13-Apr-22, as Excel saves it
        if year not in self._days:
            full = int(year) if len(year) == 4 and year.isdigit() else None
            self._days[year] = partial(days, order=self._order, year=full)
        read = self._columns.read(row, "event_date", self._days[year], faults)
        if len(faults) > before:
            return None
        if read is None or read.precision is not DatePrecision.DAY:
            name = self._columns.title("event_date")
            faults.append(Fault(name, "is empty or no day", "Write the day as YYYY-MM-DD"))
            return None
        coded = self._code(row, "time_precision", WHEN, faults)
        return _interval(read.earliest, *(coded or (None, DatePrecision.UNKNOWN)))

    def _country(self, row: Row, faults: list[Fault]) -> str:
        for name in ("iso3", "country", "iso"):
            words = self._columns.text(row, name)
            if words:
                code = countries.iso3(words)
                if code is None:
                    faults.append(Fault(name, f"'{words[:40]}' is no country that is known here",
                                        "Write its ISO 3166 code"))  # fmt: skip
                return code or ""
        faults.append(Fault("country", "is empty", "Write the country or its ISO 3166 code"))
        return ""

    def _where(self, row: Row, country: str, faults: list[Fault]) -> Located | None:
        lat = self._columns.read(row, "latitude", latitude, faults)
        lng = self._columns.read(row, "longitude", longitude, faults)
        coded = self._code(row, "geo_precision", WHERE, faults)
        if (lat is None) != (lng is None) and not faults:
            faults.append(Fault("latitude", "one of the two coordinates is empty",
                                "Write both or neither"))  # fmt: skip
        if faults:
            return None
        # Without the column nothing finer than a province may be claimed.
        exactness = coded[1] if coded else WHERE[3]
        text = self._columns.text
        try:
            return self._locator.at(
                country=country,
                text=next((w for w in (text(row, n) for n in ("location", "admin3", "admin2",
                                                              "admin1", "country")) if w), ""),
                lat=lat, lng=lng, exactness=exactness,
                adm1=text(row, "admin1"), adm2=text(row, "admin2"),
            )  # fmt: skip
        except BadValue as error:
            faults.append(error.at("latitude"))
            return None

    def _civilians(self, row: Row) -> bool:
        """Whether ACLED itself codes that civilians were targeted."""
        said = self._columns.text(row, "civilian_targeting").casefold()
        kind = self._columns.text(row, "event_type").casefold()
        return said == "civilian targeting" or kind == "violence against civilians"

    def _notes(self, row: Row) -> list[str]:
        found = []
        sides = []
        for actor, also, kind in (
            ("actor1", "assoc_actor_1", "inter1"), ("actor2", "assoc_actor_2", "inter2"),
        ):  # fmt: skip
            name = self._columns.text(row, actor)
            if name:
                more = [self._inter(row, kind, []), self._columns.text(row, also)]
                extra = "; with ".join(part for part in more if part)
                sides.append(f"{name} ({extra})" if extra else name)
        if sides:
            found.append(
                f"Actors as coded by ACLED: {' and '.join(sides)}. Their order says nothing of who "
                "attacked"
            )
        for name, words in (
            ("notes", "ACLED's note"),
            ("source", "ACLED's sources"),
            ("source_scale", "Scale of these sources"),
            ("tags", "ACLED's tags"),
        ):
            if said := self._columns.text(row, name):
                found.append(f"{words}: {said}")
        return found

    def _claims(
        self, row: Row, key: str, record: IncidentRecord, kind: str, number: int | None,
        civilians: bool,
    ) -> list[Claim]:  # fmt: skip
        claim = claim_maker(
            record.id, self.release, asserted_by=SPEAKER, speaker_class=SpeakerClass.ANALYST,
            locator=f"event {key}",
        )  # fmt: skip
        text = self._columns.text
        point = f"; coordinates {text(row, 'latitude')}, {text(row, 'longitude')}"
        found = [
            claim(Property.DATE, value=record.date.text, note=record.date.derivation),
            claim(Property.PLACE, value=record.place.text,
                  note=f"geo_precision {text(row, 'geo_precision') or 'not in the file'}{point}"),
            claim(Property.EVENT_TYPE, value=kind, note=text(row, "event_type")),
        ]  # fmt: skip
        if civilians:
            found.append(claim(Property.TARGET, value="civilians", note="civilian targeting"))
        if number is not None:
            # ACLED counts conservatively and prints no range; it does not say who the dead were.
            found.append(
                claim(Property.KILLED, value=str(number), low=number, high=number,
                      modifier=Modifier.EXACT, victim_class=VictimClass.UNSPECIFIED,
                      words=f"fatalities {number}")
            )  # fmt: skip
        for column in ("actor1", "actor2"):
            if name := text(row, column):
                note = f"{column}: the order of actors says nothing of who attacked"
                found.append(claim(Property.PARTICIPANT, value=name, note=note))
        return found


def _interval(day: date, code: int | None, precision: DatePrecision) -> DateInterval:
    """The days a precision stands for: the day, the week around it, its month."""
    if precision is DatePrecision.WEEK:
        # ACLED puts the day that is closest; the week may lie on either side of it.
        first, last = day - timedelta(6), day + timedelta(6)
    elif precision is DatePrecision.MONTH:
        first = day.replace(day=1)
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    else:
        first = last = day
    said = "not in the file" if code is None else str(code)
    return DateInterval(
        first, last, precision, str(day), f"as coded by ACLED; time_precision {said}"
    )
