"""Rows of any table, by a mapping of its columns, as claims by whoever made it (row → claims)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    Modifier,
    TargetType,
)
from mapapp.importers.cells import countries
from mapapp.importers.cells.day_values import DayOrder, Days, days, of_parts
from mapapp.importers.cells.marks import empty, filled, folded, is_total
from mapapp.importers.cells.values import BadValue, Figure, count, figure, with_attackers
from mapapp.importers.forms.dataset import (
    Answers,
    Columns,
    Context,
    Converted,
    Headed,
    Release,
    column_key,
    record_id,
    shifted,
)
from mapapp.importers.mapped.claims import ATTACKERS, FIGURES, claims_of, of_both_times, unread
from mapapp.importers.mapped.mapping import Mapping, completed, left_out, without_country
from mapapp.importers.mapped.places import MappedPlaces
from mapapp.importers.mapped.roles import counting_column, is_a_form
from mapapp.importers.tables.sniff import Sniffed
from mapapp.importers.tables.table import REASON_COLUMNS, Fault, Row, text_of


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
        kept = {name: DayOrder(code) for name, code in self.mapping.date_orders.items()}
        return replace(
            answers,
            date_orders=kept | dict(answers.date_orders),
            places=dict(self.mapping.places) | dict(answers.places),
        )

    def notices(self, sniffed: Sniffed) -> tuple[Problem, ...]:
        """What is to be said of the mapping of a file: columns read though they have no role, and
        those that are only kept in the notes."""
        return left_out(self.mapping, sniffed)

    def check(self, sniffed: Sniffed) -> None:
        """Raise InvalidInput with the questions that a look at the file's rows raises."""
        if asked := without_country(self.mapping, sniffed):
            raise InvalidInput(f"{sniffed.table.path.name} cannot be read without an answer", asked)

    def reader(self, table: Headed, context: Context) -> MappedReader:
        """A converter; InvalidInput where the mapping does not fit the table."""
        problems = self.mapping.problems(table.shape.header)
        if problems:
            raise InvalidInput(f"the mapping does not fit {table.path.name}", problems)
        return MappedReader(self.mapping, table, context)


#: Columns in which KoboToolbox and ODK Central say what became of a submission.
_REVIEWS = ("validation_status", "validation_status_label", "validation_status_uid", "reviewstate")
_NOT_APPROVED = re.compile(r"not[ _]approved|rejected|on[ _]hold|has ?issues")


class MappedReader:
    """Converts rows of one table; `choices` is as in `MappedPlaces`."""

    def __init__(self, mapping: Mapping, table: Headed, context: Context) -> None:
        self._context = context
        mapping = completed(mapping, table.shape.header)
        self._mapping = mapping
        self._counting = counting_column(table.shape.header)
        self._from_1904 = table.shape.from_1904
        aliases: dict[str, tuple[str, ...]] = dict.fromkeys(mapping.columns, ())
        self._columns = Columns((), aliases, context.answers.defaults)
        self._columns.found.update(mapping.columns)
        self._places = MappedPlaces(self._columns, mapping, context)
        self.choices = self._places.choices
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
        # Forms alone have such columns: a table's own "review state" may say anything.
        own = self._header if is_a_form(self._header) else ()
        self._reviews = [name for name in own if column_key(name.rsplit("/")[-1]) in _REVIEWS]

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or its faults."""
        if no_incident := (*self._of_sums(row), *self._not_approved(row)):
            return no_incident
        faults: list[Fault] = []
        text = self._columns.text
        key = text(row, "id") or self._content_key(row)
        if "id" in self._mapping.columns and not text(row, "id"):
            faults.append(Fault(self._columns.title("id"), "is empty", "Give the row an id"))
        when = self._when(row, faults)
        figures = self._figures(row, faults)
        self._check_sum(row, faults)
        country = self._country(row, faults)
        found = self._places.where(row, country, faults)
        if faults or when is None or found is None:
            return shifted(faults)
        country, where = found
        kind = filled(self._columns.cell(row, "event_type"))
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
        remarks = (
            *where.remarks,
            *unread(self._columns, row),
            *of_both_times(self._columns, row, when, country),
            *self._columns.remarks(),
        )
        claims = claims_of(
            row, key, record, kind, figures,
            columns=self._columns, mapping=self._mapping, release=self.release,
        )  # fmt: skip
        return Converted(key, record, tuple(claims), remarks)

    def _of_sums(self, row: Row) -> Iterator[Fault]:
        """A fault of a row that adds up others, by its first words."""
        for role in ("id", "title", "place", "district", "province", "date", "year", "month"):
            if is_total(self._columns.cell(row, role)):
                yield Fault(self._columns.title(role), "names a row of sums, not an incident",
                            "Leave the row out, or correct the cell")  # fmt: skip
                return

    def _not_approved(self, row: Row) -> Iterator[Fault]:
        """A fault of a submission that KoboToolbox or ODK Central say was rejected or waits."""
        for name in self._reviews:
            said = text_of(row.values.get(name))
            if _NOT_APPROVED.search(folded(said)):
                yield Fault(name, f"was not approved where the form was filled in ('{said[:40]}')",
                            "Approve it there, or empty the cell")  # fmt: skip

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
        parts = [self._columns.cell(row, role) for role in ("year", "month", "day")]
        if start is None and not faults:
            try:
                start = of_parts(*parts)
            except BadValue as error:
                faults.append(error.at(self._columns.title("year")))
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
        said = words or "-".join(text for part in parts if (text := text_of(part)))
        derivation = "; ".join(["as the table has it", *((start.note,) if start.note else ())])
        return DateInterval(first, last, precision, said, derivation)

    def _days(self, row: Row, role: str, faults: list[Fault]) -> Days | None:
        name = self._mapping.columns.get(role)
        if name is None:
            return None
        try:
            return days(self._columns.cell(row, role), self._context.order(name),
                        year=self._own_year(row), from_1904=self._from_1904)  # fmt: skip
        except BadValue as error:
            faults.append(error.at(name))
            return None

    def _own_year(self, row: Row) -> int | None:
        """The year of the row's column of years, which completes one of two figures."""
        said = self._columns.text(row, "year").removesuffix(".0")
        return int(said) if len(said) == 4 and said.isascii() and said.isdigit() else None

    def _check_sum(self, row: Row, faults: list[Fault]) -> None:
        """A row that counts no event is no incident, also where rows are said to be incidents."""
        name = self._counting
        if name is None:
            return
        try:
            number = count(row.values.get(name))
        except BadValue:
            return
        if number == 0:
            faults.append(Fault(name, "counts 0 events: there is no incident",
                                "Nothing to do"))  # fmt: skip

    def _figures(self, row: Row, faults: list[Fault]) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        for role, _, _ in FIGURES:
            if role in self._columns:
                both = with_attackers(self._columns.cell(row, role))
                if both and self._mapping.attackers_apart and role in ("killed", "wounded"):
                    found[role], found[f"{role}{ATTACKERS}"] = both
                    continue
                said = self._columns.read(row, role, figure, faults)
                if said is not None:
                    found[role] = said
        for measure in ("killed", "wounded"):
            if f"{measure}_low" in self._columns or f"{measure}_high" in self._columns:
                self._bounds(row, measure, found, faults)
        return found

    def _bounds(
        self, row: Row, measure: str, found: dict[str, Figure], faults: list[Fault]
    ) -> None:
        """The columns of the lowest and the highest number, put beside the best one."""
        names = (f"{measure}_low", f"{measure}_high")
        before = len(faults)
        low, high = (self._columns.read(row, name, count, faults) for name in names)
        if len(faults) > before:
            return
        best = found[measure].value if measure in found else None
        if low is not None and high is not None and low > high:
            faults.append(Fault(self._columns.title(names[0]), f"low {low} is above high {high}",
                                "Correct the figures"))  # fmt: skip
        elif best is not None and ((low or 0) > best or (high is not None and best > high)):
            fault = f"{best} lies outside low {low} to high {high}"
            faults.append(Fault(self._columns.title(measure), fault, "Correct the figures"))
        elif low is not None or high is not None:
            found[measure] = Figure(best, low, high, Modifier.RANGE)

    def _country(self, row: Row, faults: list[Fault]) -> str:
        words = filled(self._columns.cell(row, "country"))
        if not words:
            return ""
        code = countries.iso3(words)
        if code is None:
            fault = f"'{words[:40]}' is no country that is known here"
            remedy = "Write its name or ISO 3166 code"
            faults.append(Fault(self._columns.title("country"), fault, remedy))
        return code or ""

    def _notes(self, row: Row) -> list[str]:
        text = self._columns.text
        found = [text(row, "notes")]
        if unread(self._columns, row):
            found += [
                f"{self._columns.title(role)}: {words}"
                for role in ("actor", "claimed_by")
                if (words := text(row, role))
            ]
        if url := text(row, "url"):
            found.append(f"Link given in the table: {url}")
        mapped = set(self._mapping.columns.values())
        rest = [
            f"{name}: {value}"
            for name in self._header
            if name not in mapped
            and name not in REASON_COLUMNS
            and not empty(row.values.get(name))
            and (value := text_of(row.values.get(name)))
        ]
        if rest:
            found.append("Other columns: " + "; ".join(rest))
        return [note for note in found if note]


def _vocabulary(codes: Any, words: str, default: Any) -> Any:
    """A code of a vocabulary where the words are one, else the default."""
    key = column_key(words)
    return codes(key) if key in set(codes) else default
