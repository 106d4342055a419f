"""UCDP GED rows, of every release and export, as claims by UCDP (row → record + claims).

What a column supports and what it does not is set out in docs/decisions/import-ged.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

from gazetteer import Candidate
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.vocab import (
    DatePrecision,
    Modifier,
    Property,
    VictimClass,
)
from mapapp.importers.cells import countries
from mapapp.importers.cells.day_values import Days, days
from mapapp.importers.cells.located import Exactness, Locator
from mapapp.importers.cells.values import BadValue, count, whole
from mapapp.importers.forms import ged_codes
from mapapp.importers.forms.dataset import (
    CodedForm,
    Columns,
    Context,
    Converted,
    Headed,
    Release,
    claim_maker,
    known_share,
    latitude,
    longitude,
    record_id,
    shifted,
    version_in,
)
from mapapp.importers.forms.ged_codes import ONE_SIDED
from mapapp.importers.forms.ged_sides import (
    SPEAKER,
    SPEAKER_CLASS,
    attributions,
    notes,
    victims_of_side,
)
from mapapp.importers.tables.table import Cell, Fault, Row

T = TypeVar("T")

PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "combatant_deaths")


class Ged(CodedForm):
    """The format."""

    name = "ucdp-ged"
    title = "UCDP Georeferenced Event Dataset (yearly or candidate)"
    columns = ged_codes.COLUMNS
    days = ("date_start", "date_end")

    def recognises(self, header: tuple[str, ...]) -> float:
        """Needs an id, a day, a toll and a column of UCDP's own."""
        found = Columns(header, ged_codes.COLUMNS)
        toll = any(name in found for name in ("best", *PARTS))
        own = sum(name in found for name in ged_codes.TYPICAL)
        if "id" not in found or "date_start" not in found or not toll or own == 0:
            return 0.0
        return 0.55 + 0.2 * known_share(header, ged_codes.COLUMNS) + 0.05 * own

    def reader(self, table: Headed, context: Context) -> GedReader:
        """A converter for a file; its version is what the context or the file's name says."""
        version = context.version or version_in(table.path.name)
        release = ged_codes.release(version, context.dataset)
        columns = Columns(table.shape.header, ged_codes.COLUMNS, context.answers.defaults)
        return GedReader(columns, release, context)


class GedReader:
    """Converts rows of one file."""

    def __init__(self, columns: Columns, release: Release, context: Context) -> None:
        self.release = release
        self.choices: dict[str, tuple[Candidate, ...]] = {}
        self._columns = columns
        self._locator = Locator(context.gazetteer)
        self._days = {
            name: partial(days, order=context.order(columns.title(name)))
            for name in ("date_start", "date_end")
        }

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        faults: list[Fault] = []
        event = Event(self, row, faults)
        if faults:
            return shifted(faults)
        return event.converted()

    # The rest of the work is per row; it is kept in `Event`, which holds the row's values.

    @property
    def columns(self) -> Columns:
        """The file's columns."""
        return self._columns

    @property
    def locator(self) -> Locator:
        """Finds places, and remembers them from row to row."""
        return self._locator

    def days(self, name: str) -> Callable[[Cell], Days | None]:
        """What reads the cells of a date column, by the order that the column proves."""
        return self._days[name]


class Event:
    """One row's values, read and checked; faults are added to the list given."""

    def __init__(self, reader: GedReader, row: Row, faults: list[Fault]) -> None:
        self._reader, self._row, self._faults = reader, row, faults
        self.key = reader.columns.code(row, "id")
        if self.key.isdigit() is False:
            self._fault("id", f"'{self.key[:40]}' is no event number", "Write UCDP's event number")
        self.kind = self._code("type_of_violence", ged_codes.VIOLENCE)
        self.side_a, self.side_b = self._text("side_a"), self._text("side_b")
        if self.kind is None and self.side_b == "Civilians":
            self.kind = ONE_SIDED  # only there the codebook has civilians as a side
        self._read_figures()
        self._read_days()
        self._read_country()
        self._read_place()

    def _text(self, name: str) -> str:
        return self._reader.columns.text(self._row, name)

    def _fault(self, name: str, fault: str, remedy: str) -> None:
        self._faults.append(Fault(self._reader.columns.title(name), fault, remedy))

    def _read(self, name: str, parse: Callable[[Cell], T | None]) -> T | None:
        return self._reader.columns.read(self._row, name, parse, self._faults)

    def _code(self, name: str, table: Mapping[int, object]) -> int | None:
        """A code of a table; None where the file has no such column or an empty cell."""
        code = self._read(name, whole)
        if code is not None and code not in table:
            known = f"{min(table)} to {max(table)}"
            self._fault(name, f"{code} is no code of {name}", f"The codebook has {known}")
            return None
        return code

    def _read_figures(self) -> None:
        self.parts = {name: self._read(name, count) for name in PARTS}
        self.low, self.best, self.high = (self._read(n, count) for n in ("low", "best", "high"))
        self.best_is_sum = False
        four = [self.parts[name] for name in PARTS[:4]]
        if "best" not in self._reader.columns and all(n is not None for n in four):
            # The codebook defines the best estimate as the sum of the four.
            self.best, self.best_is_sum = sum(n or 0 for n in four), True
        low, best, high = self.low, self.best, self.high
        if low is not None and high is not None and low > high:
            self._fault("low", f"low {low} is above high {high}", "Correct the figures")
        elif best is not None and (
            (low is not None and best < low) or (high is not None and best > high)
        ):
            self._fault("best", f"best {best} lies outside low {low} to high {high}",
                        "Correct the figures")  # fmt: skip

    def _read_days(self) -> None:
        self.when = DateInterval(None, None, DatePrecision.UNKNOWN)
        bounds: list[date] = []
        for name, side in (("date_start", "earliest"), ("date_end", "latest")):
            if name == "date_end" and name not in self._reader.columns:
                continue
            faults = len(self._faults)
            read = self._read(name, self._reader.days(name))
            if read is not None:
                bounds.append(getattr(read, side))
            elif len(self._faults) == faults:
                self._fault(name, "is empty", "Write the day as YYYY-MM-DD")
        self.date_prec = self._read("date_prec", whole)
        if not bounds or (len(bounds) < 2 and "date_end" in self._reader.columns):
            return
        start, end = bounds[0], bounds[-1]
        if start > end:
            self._fault("date_start", f"{start} is after the end {end}", "Swap the two dates")
            return
        precision = ged_codes.DATE.get(self.date_prec or 0, DatePrecision.UNKNOWN)
        if precision is DatePrecision.DAY and start != end:
            precision = DatePrecision.DAYS
        said = "not in the file" if self.date_prec is None else str(self.date_prec)
        shown = str(start) if start == end else f"{start} to {end}"
        if precision is DatePrecision.UNKNOWN and self.date_prec is not None:
            said += ", no code of the codebook"
        self.when = DateInterval(
            start, end, precision, shown, f"as coded by UCDP; date_prec {said}"
        )

    def _read_country(self) -> None:
        self.country = ""
        words = self._text("iso3") or self._text("country")
        if words:
            self.country = countries.iso3(words) or ""
            if not self.country:
                self._fault("country", f"'{words[:40]}' is no country that is known here",
                            "Write its ISO 3166 code")  # fmt: skip
        elif "country" in self._reader.columns or "iso3" in self._reader.columns:
            self._fault("country", "is empty", "Write the country or its ISO 3166 code")

    def _read_place(self) -> None:
        self.lat = self._read("latitude", latitude)
        self.lng = self._read("longitude", longitude)
        if (self.lat is None) != (self.lng is None) and not self._faults:
            name = "latitude" if self.lat is None else "longitude"
            self._fault(name, "is empty though the other coordinate is there",
                        "Write both or neither")  # fmt: skip
        self.where_prec = self._code("where_prec", ged_codes.WHERE)
        if self._faults:
            return
        if not self.country:  # a file without a column of countries
            inside = self.lat is not None and self.lng is not None
            if inside and self._reader.locator.district_at(self.lat or 0.0, self.lng or 0.0):
                self.country = "AFG"
            else:
                self._fault("country", "the file has no country, and the point is not in "
                            "Afghanistan", "Add a column 'country'")  # fmt: skip
                return
        self.exactness: Exactness = (
            ged_codes.WHERE_NOT_STATED
            if self.where_prec is None
            else ged_codes.WHERE[self.where_prec]
        )
        words = ("where_coordinates", "where_description", "adm_2", "adm_1", "country")
        self.where = next((w for w in map(self._text, words) if w), "")
        try:
            self.located = self._reader.locator.at(
                country=self.country,
                text=self.where,
                lat=self.lat,
                lng=self.lng,
                exactness=self.exactness,
                adm1=self._text("adm_1"),
                adm2=self._text("adm_2"),
            )
        except BadValue as error:
            self._fault("latitude", error.fault, error.remedy)

    def converted(self) -> Converted:
        """The record and its claims."""
        kind, event_type, target_type, target = (
            ged_codes.VIOLENCE[self.kind] if self.kind else ged_codes.NOT_STATED
        )
        release = self._reader.release
        own_id = record_id(release.dataset, self.key)
        record = IncidentRecord(
            id=own_id,
            title=f"{kind}, {self.where}" if self.where else kind,
            date=self.when,
            place=self.located.place,
            event_type=event_type,
            target_type=target_type,
            target=target,
            country=self.country,
            notes=tuple(self._notes(kind)),
            dataset=release.dataset,
        )
        return Converted(self.key, record, tuple(self._claims(own_id, kind)), self.located.remarks)

    def _notes(self, kind: str) -> list[str]:
        clarity, status = self._text("event_clarity"), self._text("code_status")
        article = self._text("source_article") or self._text("source_headline")
        return notes(self.kind, kind, self.side_a, self.side_b, clarity, status, article)

    def _claims(self, own_id: str, kind: str) -> list[Claim]:
        claim = claim_maker(
            own_id, self._reader.release, asserted_by=SPEAKER, speaker_class=SPEAKER_CLASS,
            locator=f"event {self.key}",
        )  # fmt: skip
        code = f"type_of_violence {self.kind}" if self.kind else "type_of_violence not in the file"
        point = "" if self.lat is None else f"; coordinates {self.lat:g}, {self.lng:g}"
        units = ", ".join(w for w in (self._text("adm_2"), self._text("adm_1")) if w)
        prec = "not in the file" if self.where_prec is None else str(self.where_prec)
        found = [
            claim(Property.DATE, value=self.when.text, note=self.when.derivation),
            claim(
                Property.PLACE, value=self.where,
                note=f"where_prec {prec}: {self.exactness.meaning}{point}"
                + (f"; {units}" if units else ""),
            ),
            claim(Property.EVENT_TYPE, value=kind, note=code),
        ]  # fmt: skip
        if self.kind == ONE_SIDED:
            found.append(claim(Property.TARGET, value="civilians", note=code))
        found += self._tolls(claim)
        found += self._attributions(claim)
        found += self._participants(claim)
        return found

    def _tolls(self, claim: Callable[..., Claim]) -> list[Claim]:
        found: list[Claim] = []
        if self.best is not None:
            coded = "; ".join(f"{n} {v}" for n, v in self.parts.items() if v is not None)
            note = "the sum of the four, which the codebook defines as best" * self.best_is_sum
            if self.low is None or self.high is None:
                low, high, modifier = self.best, self.best, Modifier.ABOUT
            else:
                low, high, modifier = self.low, self.high, Modifier.RANGE
            found.append(
                claim(
                    Property.KILLED, value=str(self.best), low=low, high=high, modifier=modifier,
                    victim_class=VictimClass.UNSPECIFIED, words=coded, note=note,
                )
            )  # fmt: skip
        whole_known = self.best is not None
        for name, number in self.parts.items():
            if not number:
                continue  # 0 coded stands in the words of the total
            victim, words = self._victims(name)
            subset = VictimClass.UNSPECIFIED if victim is VictimClass.UNSPECIFIED else None
            found.append(
                claim(
                    Property.KILLED, value=str(number), low=number, high=number,
                    modifier=Modifier.ABOUT,  # the codebook calls each a best estimate
                    victim_class=victim, victim_text=words,
                    subset_of=subset if whole_known else None, words=f"{name} {number}",
                )
            )  # fmt: skip
        return found

    def _victims(self, name: str) -> tuple[VictimClass, str]:
        """Whom a column counts, as far as the codebook and the sides' names say."""
        if name == "deaths_civilians":
            return VictimClass.CIVILIANS, "civilians"
        if name == "deaths_unknown":
            return VictimClass.UNSPECIFIED, "status unknown"
        if name == "combatant_deaths":
            return VictimClass.UNSPECIFIED, "combatants of either side"
        side = self.side_a if name == "deaths_a" else self.side_b
        if not side:
            return VictimClass.UNSPECIFIED, name
        # UCDP names both sides alike where it has identified neither ("XXX70").
        words = side if self.side_a != self.side_b else f"{side} ({name})"
        return victims_of_side(side, self.kind, self.country, self.when.earliest), words

    def _attributions(self, claim: Callable[..., Claim]) -> list[Claim]:
        """One-sided violence has a perpetrator by definition: side_a. Other sides take part."""
        if self.kind != ONE_SIDED or not self.side_a:
            return []
        return [
            claim(
                Property.ATTRIBUTION,
                attribution_kind=kind,
                actor=actor,
                actor_text=self.side_a,
                note="side_a of one-sided violence"
                if actor
                else "UCDP's code for an actor it has not identified",
            )
            for kind, actor in attributions(self.side_a, self.country, self.when.earliest)
        ]

    def _participants(self, claim: Callable[..., Claim]) -> list[Claim]:
        """The sides of state-based and non-state violence: never who did it."""
        if self.kind == ONE_SIDED:
            return []
        return [
            claim(Property.PARTICIPANT, value=side, note=f"{name}: UCDP does not code who attacked")
            for name, side in (("side_a", self.side_a), ("side_b", self.side_b))
            if side
        ]
