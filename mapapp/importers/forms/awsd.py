"""Rows of the Aid Worker Security Database (AWSD) as claims by it (row → record + claims).

AWSD counts aid workers alone: whoever else was killed or wounded is not in its figures. The
columns are those of its download, older ones without "detained" and "District" too.
"""

from __future__ import annotations

from collections.abc import Callable

from gazetteer import Candidate
from mapapp.domain import actors
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
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
from mapapp.importers.cells.marks import filled
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
    column_key,
    latitude,
    longitude,
    record_id,
    shifted,
    version_in,
)
from mapapp.importers.tables.table import Fault, Row

SPEAKER = "Aid Worker Security Database"

_NAMES = (
    "Incident ID", "Year", "Month", "Day", "Country Code", "Country", "Region", "District", "City",
    "UN", "INGO", "ICRC", "NRCS and IFRC", "NNGO", "Other", "Nationals killed",
    "Nationals wounded", "Nationals kidnapped", "Nationals detained", "Total nationals",
    "Internationals killed", "Internationals wounded", "Internationals kidnapped",
    "Internationals detained", "Total internationals", "Total killed", "Total wounded",
    "Total kidnapped", "Total detained", "Total affected", "Gender Male", "Gender Female",
    "Gender Unknown", "Means of attack", "Attack context", "Location", "Latitude", "Longitude",
    "Motive", "Actor type", "Actor name", "Details", "Verified", "Source",
)  # fmt: skip

COLUMNS: dict[str, tuple[str, ...]] = {column_key(name): () for name in _NAMES}

#: Without a code of precision, a point is as exact as the finest name beside it. AWSD puts points
#: near the middle of a settlement and moves some for safety; the radii are ours.
WHERE = (
    ("city", Exactness(GeoPrecision.SETTLEMENT, 10_000, "near the settlement named")),
    ("district", Exactness(GeoPrecision.DISTRICT, 30_000, "the district is named", "district")),
    ("region", Exactness(GeoPrecision.PROVINCE, 100_000, "the region is named", "province")),
)  # fmt: skip
_COUNTRY = Exactness(GeoPrecision.COUNTRY, None, "only the country is named")

#: Means of attack to the kind of attack; what is no attack with arms (arrests, kidnapping) and what
#: has no kind here (from the air) is `other`, with AWSD's words in the claim.
MEANS = {
    "shooting": EventType.ARMED_ATTACK,
    "shelling": EventType.SHELLING,
    "complex attack": EventType.COMPLEX_ATTACK,
    "body-borne ied": EventType.SUICIDE_ATTACK,
    "roadside ied": EventType.BOMBING,
    "vehicle-born ied": EventType.BOMBING,
    "vehicle-borne ied": EventType.BOMBING,
    "landmine": EventType.BOMBING,
    "other explosives": EventType.BOMBING,
}

#: Where the means are not known, the context may tell the kind.
CONTEXTS = {"raid": EventType.RAID, "combat/crossfire": EventType.ARMED_CLASH}

#: What each measure counts: the word in its columns.
FIGURES = (
    (Property.KILLED, "killed"), (Property.WOUNDED, "wounded"), (Property.KIDNAPPED, "kidnapped"),
)  # fmt: skip

#: Columns that stand in the record's notes, with the words before them.
_NOTED = (
    ("details", "AWSD's summary"), ("location", "Kind of place"), ("attack_context", "Context"),
    ("motive", "Motive as assessed by AWSD"), ("verified", "Verified by AWSD"),
    ("source", "Kind of source"),
)  # fmt: skip
_EMPLOYERS = ("UN", "INGO", "ICRC", "NRCS and IFRC", "NNGO", "Other")


class Awsd(CodedForm):
    """The format."""

    name = "awsd"
    title = "Aid Worker Security Database (AWSD)"

    columns = COLUMNS
    needed = (("incident_id",), ("year",), ("nationals_killed",), ("internationals_killed",))

    def reader(self, table: Headed, context: Context) -> AwsdReader:
        """A converter for a file; its version is what is said, or the day in the file's name."""
        key = context.dataset or "awsd"
        version = context.version or version_in(table.path.name, r"(\d{4}-\d{2}-\d{2})")
        source = Source(
            id=f"{key}-{version}" if version else key,
            publisher="Humanitarian Outcomes",
            title="Aid Worker Security Database" + f", as of {version}" * bool(version),
            language="en",
            redistribution=Redistribution.PRIVATE,
            licence="Free to download and cite; the file states no terms for giving it to others",
            published_how=f"download of {version}" if version else "day of download not stated",
            url="https://www.aidworkersecurity.org",
            dataset=key,
            dataset_version=version or None,
        )
        columns = Columns(table.shape.header, COLUMNS, context.answers.defaults)
        return AwsdReader(columns, Release(key, version, source), context)


class AwsdReader:
    """Converts rows of one file."""

    def __init__(self, columns: Columns, release: Release, context: Context) -> None:
        self.release = release
        self.choices: dict[str, tuple[Candidate, ...]] = {}
        self._columns = columns
        self._locator = Locator(context.gazetteer)

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        faults: list[Fault] = []
        key = self._columns.text(row, "incident_id")
        if not key.isdigit():
            faults.append(Fault(self._columns.title("incident_id"),
                                f"'{key[:40]}' is no incident number",
                                "Write AWSD's incident number"))  # fmt: skip
        when = coded_days(self._columns, row, ("year", "month", "day"), whole, "AWSD", faults)
        figures = {word: self._figure(row, word, faults) for _, word in FIGURES}
        country = self._country(row, faults)
        where = None if faults else self._where(row, country, faults)
        if faults or when is None or where is None:
            return shifted(faults)
        means = self._known(row, "means_of_attack")
        context = self._known(row, "attack_context")
        kind = MEANS.get(_plain(means)) or CONTEXTS.get(_plain(context)) or EventType.OTHER
        words = f"Attack on aid workers ({means.lower()})" if means else "Attack on aid workers"
        record = IncidentRecord(
            id=record_id(self.release.dataset, key),
            title=f"{words}, {where.place.text}" if where.place.text else words,
            date=when,
            place=where.place,
            event_type=kind,
            target_type=TargetType.CIVILIANS,
            target="aid workers",
            country=country,
            notes=tuple(self._notes(row)),
            dataset=self.release.dataset,
        )
        claim = claim_maker(
            record.id, self.release, asserted_by=SPEAKER, speaker_class=SpeakerClass.MONITOR,
            locator=f"incident {key}",
        )  # fmt: skip
        claims = [
            claim(Property.DATE, value=when.text, note=when.derivation),
            claim(Property.PLACE, value=where.place.text, note=self._where_note(row)),
            claim(Property.EVENT_TYPE, value=means or "not stated",
                  note=f"attack context: {context or 'not stated'}"),
            claim(Property.TARGET, value="aid workers", note="AWSD records no other attacks"),
            *self._tolls(row, claim, figures),
            *self._attributions(row, record, claim),
        ]  # fmt: skip
        remarks = (*where.remarks, *self._remarks(row, figures), *self._columns.remarks())
        return Converted(key, record, tuple(claims), remarks)

    def _known(self, row: Row, name: str) -> str:
        """The cell's text; "" also where it says that nothing is known, or was withheld."""
        text = filled(self._columns.cell(row, name))
        return "" if text.casefold() == "redacted" else text

    def _figure(
        self, row: Row, word: str, faults: list[Fault]
    ) -> tuple[int | None, int | None, int | None]:
        """All, nationals, internationals; without a total, the two together are one."""
        names = (f"total_{word}", f"nationals_{word}", f"internationals_{word}")
        total, home, abroad = (self._columns.read(row, name, count, faults) for name in names)
        if total is None and (home is not None or abroad is not None):
            total = (home or 0) + (abroad or 0)
        return total, home, abroad

    def _country(self, row: Row, faults: list[Fault]) -> str:
        words = [self._columns.text(row, name) for name in ("country_code", "country")]
        code = next((code for code in map(countries.iso3, filter(None, words)) if code), None)
        if code is None:
            said = words[1] or words[0]
            faults.append(Fault(self._columns.title("country"),
                                f"'{said[:40]}' is no country that is known here",
                                "Write its name or ISO 3166 code"))  # fmt: skip
        return code or ""

    def _exactness(self, row: Row) -> Exactness:
        return next((exact for name, exact in WHERE if self._known(row, name)), _COUNTRY)

    def _where(self, row: Row, country: str, faults: list[Fault]) -> Located | None:
        lat = self._columns.read(row, "latitude", latitude, faults)
        lng = self._columns.read(row, "longitude", longitude, faults)
        if faults:
            return None
        if (lat is None) != (lng is None):
            faults.append(Fault(self._columns.title("latitude"),
                                "one of the two coordinates is empty",
                                "Write both or neither"))  # fmt: skip
            return None
        words = (self._known(row, name) for name in ("city", "district", "region", "country"))
        try:
            return self._locator.at(
                country=country, text=next(filter(None, words), ""), lat=lat, lng=lng,
                exactness=self._exactness(row), adm1=self._known(row, "region"),
                adm2=self._known(row, "district"),
            )  # fmt: skip
        except BadValue as error:
            faults.append(error.at(self._columns.title("latitude")))
            return None

    def _where_note(self, row: Row) -> str:
        point = ", ".join(self._columns.text(row, name) for name in ("latitude", "longitude"))
        return f"{self._exactness(row).meaning}; coordinates {point}"

    def _notes(self, row: Row) -> list[str]:
        text = self._columns.text
        notes = [f"{words}: {said}" for name, words in _NOTED if (said := text(row, name))]
        for words, names in (
            ("Employers of those affected", [*((name, name) for name in _EMPLOYERS)]),
            ("Those affected", [("men", "gender_male"), ("women", "gender_female"),
                                ("not known", "gender_unknown"), ("detained", "total_detained")]),
        ):  # fmt: skip
            counted = [
                f"{word} {number}"
                for word, name in names
                if (number := text(row, column_key(name))) not in ("", "0")
            ]
            if counted:
                notes.append(f"{words}: {', '.join(counted)}")
        return notes

    def _remarks(
        self, row: Row, figures: dict[str, tuple[int | None, int | None, int | None]]
    ) -> list[Fault]:
        remarks = []
        for word, (total, home, abroad) in figures.items():
            if home is not None and abroad is not None and home + abroad != total:
                name = self._columns.title(f"total_{word}")
                remarks.append(Fault(name, f"{total} is not the sum of {home} and {abroad}",
                                     "Compare with the source: the total was taken"))  # fmt: skip
        return remarks

    def _tolls(
        self, row: Row, claim: Callable[..., Claim],
        figures: dict[str, tuple[int | None, int | None, int | None]],
    ) -> list[Claim]:  # fmt: skip
        claims = []
        for prop, word in FIGURES:
            total, home, abroad = figures[word]
            if total is None or (prop is Property.KIDNAPPED and not total):
                continue
            stated = self._columns.text(row, f"total_{word}")
            parts = (("nationals", home), ("internationals", abroad))
            claims.append(
                claim(
                    prop, value=str(total), low=total, high=total, modifier=Modifier.EXACT,
                    victim_class=VictimClass.AID_WORKERS, victim_text="aid workers",
                    words=", ".join(f"{who} {number}" for who, number in parts
                                    if number is not None),
                    note="" if stated else "the sum of nationals and internationals",
                )
            )  # fmt: skip
        return claims

    def _attributions(
        self, row: Row, record: IncidentRecord, claim: Callable[..., Claim]
    ) -> list[Claim]:
        """Actor name, else its type: as AWSD holds it. "Unknown" is said, an empty cell is not."""
        coded, name = self._columns.text(row, "actor_type"), self._known(row, "actor_name")
        kind_of_actor = "" if coded.casefold().startswith("unknown") else coded
        note = f"actor type {coded or 'empty'}"
        if not name and not kind_of_actor:
            if not coded and not self._columns.text(row, "actor_name"):
                return []
            return [claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.UNCLAIMED,
                          actor_text="Unknown", note=f"{note}: not known to AWSD")]  # fmt: skip
        days = record.date
        actor = actors.resolve(name, country=record.country, on=days.earliest, until=days.latest)
        actor = actor or name
        return [
            claim(
                Property.ATTRIBUTION, attribution_kind=AttributionKind.ATTRIBUTED,
                actor=actor or kind_of_actor, actor_text=name or kind_of_actor,
                note=note if name else f"{note}; no name is given",
            )
        ]  # fmt: skip


def _plain(words: str) -> str:
    """A code as it is compared: "Combat / Crossfire" and "Combat/Crossfire" are one."""
    return "/".join(part.strip() for part in words.casefold().split("/"))
