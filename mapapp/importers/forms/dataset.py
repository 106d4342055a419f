"""What every coded data set has in common on the way from row to claims: names of columns, release,
what a converted row is, and how ids are made (row → record + claims).
"""

from __future__ import annotations

import calendar
import hashlib
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from gazetteer import Candidate, Gazetteer
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.problems import Problem
from mapapp.domain.source import Source
from mapapp.domain.vocab import DatePrecision, Property
from mapapp.importers.cells.day_column import DateColumn
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.cells.marks import empty, folded
from mapapp.importers.cells.values import BadValue, coordinate
from mapapp.importers.tables.table import REASON_COLUMNS, Cell, Fault, Row, Shape, text_of

T = TypeVar("T")

#: So many texts that were parsed are remembered for each parser; longer ones hardly come again.
_PARSED = 50_000
_SHORT = 80


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a data set: its key in the store, its version ("" unknown), its source."""

    dataset: str
    version: str
    source: Source


@dataclass(frozen=True, slots=True)
class Converted:
    """A good row: the key it has in its data set, its record and claims, and what to mention."""

    key: str
    record: IncidentRecord
    claims: tuple[Claim, ...]
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something only a person can decide before rows go in: the answers by code, with words."""

    field: str
    ask: str
    options: tuple[tuple[str, str], ...]
    examples: tuple[str, ...] = ()

    def problem(self, name: str) -> Problem:
        """The question as a problem, for who cannot be asked."""
        choices = " or ".join(f"{code} ({words})" for code, words in self.options)
        shown = f", for example {', '.join(self.examples)}" if self.examples else ""
        return Problem(name, self.field, self.ask + shown, f"Answer {choices}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person has decided: date orders by column ("*" for all), values for columns a file
    lacks, places chosen by the words of the row (gazetteer id, or "" for none of them)."""

    date_orders: Mapping[str, DayOrder] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def order(self, column: str) -> DayOrder | None:
        """The order chosen for a column."""
        return self.date_orders.get(column) or self.date_orders.get("*")


class Headed(Protocol):
    """What a converter has to know of a table: the file's name, for its version, and its header."""

    @property
    def path(self) -> Path:
        """Where it is."""
        ...

    @property
    def shape(self) -> Shape:
        """Its header."""
        ...


class RowReader(Protocol):
    """Converts the rows of one file, one at a time.

    `choices` are place words that fit several places, met so far: a person chooses one each.
    """

    release: Release
    choices: dict[str, tuple[Candidate, ...]]

    def convert(self, row: Row) -> Converted | tuple[Fault, ...]:
        """The row as claims, or why it cannot go in."""
        ...


class Format(Protocol):
    """A known form of table."""

    name: str
    title: str

    def recognises(self, header: tuple[str, ...]) -> float:
        """How surely a header is of this form, 0 to 1."""
        ...

    def date_columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Columns whose values have to be seen before a date in them is read."""
        ...

    def answered(self, answers: Answers) -> Answers:
        """The answers given, with what the form itself knows."""
        ...

    def reader(self, table: Headed, context: Context) -> RowReader:
        """A converter for a file."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a converter may need beside the row."""

    gazetteer: Gazetteer
    answers: Answers
    dates: Mapping[str, DateColumn]
    version: str = ""
    dataset: str = ""

    def order(self, column: str) -> DayOrder | None:
        """How dates of a column are read: as answered, else as its values prove."""
        chosen = self.answers.order(column)
        if chosen is not None or column not in self.dates:
            return chosen
        return self.dates[column].order()


class Seen:
    """The keys of a file's good rows so far: the same key twice is a fault of the later row."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._rows = array("q")
        self._contents = array("q")

    def fault(self, key: str, number: int, cells: Hashable) -> Fault | None:
        """Why a row cannot go in beside those before it; None where its key is new."""
        content = hash(cells)
        at = self._first.setdefault(key, len(self._rows))
        if at == len(self._rows):
            self._rows.append(number)
            self._contents.append(content)
            return None
        if self._contents[at] == content:
            return Fault("id", f"is the same row as row {self._rows[at]}", "Leave it out")
        return Fault("id", f"has the id of row {self._rows[at]} and another content",
                     "Give it an id of its own, or keep one of both")  # fmt: skip


def column_key(name: str) -> str:
    """A column's name as it is compared: "High (est.)" and "high_est" are one."""
    return re.sub(r"[\W_]+", "_", folded(name)).strip("_")


_POINT_ZERO = re.compile(r"(?<=\d)\.0+$")


class Columns:
    """The columns of a known form, found by name among a file's, by any of their aliases."""

    def __init__(
        self,
        header: Iterable[str],
        aliases: Mapping[str, tuple[str, ...]],
        defaults: Mapping[str, str] | None = None,
    ) -> None:
        by_key = {column_key(name): name for name in reversed(tuple(header))}
        self.found: dict[str, str] = {}
        for name, others in aliases.items():
            for alias in (name, *others):
                if column_key(alias) in by_key:
                    self.found[name] = by_key[column_key(alias)]
                    break
        self._defaults = defaults or {}
        self._emptied: dict[str, None] = {}
        self._told: set[str] = set()
        self._parsed: dict[Callable[[Cell], Any], dict[str, Any]] = defaultdict(dict)
        self._texts: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.found or name in self._defaults

    def cell(self, row: Row, name: str) -> Cell:
        """The cell, the default where the file has no such column, else None: also for a mark
        that stands for nothing, as R's NA."""
        column = self.found.get(name)
        if column is None:
            return self._defaults.get(name)
        cell = row.values.get(column)
        if type(cell) is str and empty(cell):
            self._emptied[str(cell).strip()] = None
            return None
        return cell

    def remarks(self) -> tuple[Fault, ...]:
        """Which marks were read as empty cells since this was asked last."""
        found = tuple(
            Fault("", f"'{mark}' alone in a cell is read as an empty cell, not as a value or 0",
                  "Nothing to do, if it stands for nothing", once=True)
            for mark in self._emptied
            if mark not in self._told
        )  # fmt: skip
        self._told.update(self._emptied)
        self._emptied.clear()
        return found

    def text(self, row: Row, name: str) -> str:
        """The cell as text, "" where there is nothing."""
        raw = row.values.get(self.found.get(name, ""))
        if type(raw) is not str:
            cell = self.cell(row, name)
            return "" if cell is None else text_of(cell)
        if len(raw) > _SHORT:
            return raw.strip()
        known = self._texts.get(raw)
        if known is None:
            cell = self.cell(row, name)
            _room(self._texts)
            known = self._texts[raw] = "" if cell is None else text_of(cell)
        return known

    def code(self, row: Row, name: str) -> str:
        """The cell as a code: "2.0", as programs write a whole number, is "2"."""
        return _POINT_ZERO.sub("", self.text(row, name))

    def title(self, name: str) -> str:
        """What the file calls the column."""
        return self.found.get(name, name)

    def read(
        self, row: Row, name: str, parse: Callable[[Cell], T | None], faults: list[Fault]
    ) -> T | None:
        """What `parse` makes of the cell; why it cannot be used is added to `faults`.

        A text is parsed once: codes, counts and days repeat in a file. So `parse` has to be the
        same function from row to row.
        """
        raw = row.values.get(self.found.get(name, ""))
        try:
            if type(raw) is not str:
                return parse(self.cell(row, name))
            known: dict[str, T | None] = self._parsed[parse]
            if raw not in known:
                value = parse(self.cell(row, name))
                _room(known)
                known[raw] = value
            return known[raw]
        except BadValue as error:
            faults.append(error.at(self.title(name)))
            return None


def _room(known: dict[str, Any]) -> None:
    """Forget what was read, where it has become much."""
    if len(known) >= _PARSED:
        known.clear()


def coded_days(
    columns: Columns, row: Row, names: tuple[str, str, str], parse: Callable[[Cell], int | None],
    coder: str, faults: list[Fault],
) -> DateInterval | None:  # fmt: skip
    """The days of a date whose year, month and day have columns of their own (`names`).

    A month or day that is empty or 0 is not known. What is no date is added to `faults`.
    """
    before = len(faults)
    year, month, day = parts = [columns.read(row, name, parse, faults) or 0 for name in names]
    if len(faults) > before:
        return None
    if not 1900 <= year <= 2100 or not 0 <= month <= 12:
        fault = f"{year}-{month}-{day} is no day"
        faults.append(Fault(columns.title(names[0]), fault, "Correct the date"))
        return None
    last_day = calendar.monthrange(year, month or 12)[1]
    if month and not 0 <= day <= last_day:
        fault = f"{year}-{month} has no day {day}"
        faults.append(Fault(columns.title(names[2]), fault, "Correct the date"))
        return None
    first, last = date(year, month or 1, 1), date(year, month or 12, last_day)
    precision = DatePrecision.MONTH if month else DatePrecision.YEAR
    if month and day:
        first = last = date(year, month, day)
        precision = DatePrecision.DAY
    note = ", ".join(f"{name} {part}" for name, part in zip(names, parts, strict=True))
    text = "-".join(f"{part:02}" for part in parts if part)
    return DateInterval(first, last, precision, text, f"as coded by {coder}; {note}")


def latitude(cell: Cell) -> float | None:
    """Degrees north; see `coordinate`."""
    return coordinate(cell, 90)


def longitude(cell: Cell) -> float | None:
    """Degrees east; see `coordinate`."""
    return coordinate(cell, 180)


def known_share(header: Iterable[str], aliases: Mapping[str, tuple[str, ...]]) -> float:
    """Which part of a header's columns a form knows."""
    known = {column_key(a) for name, others in aliases.items() for a in (name, *others)}
    keys = [column_key(name) for name in header if name not in REASON_COLUMNS]
    return sum(key in known for key in keys) / max(1, len(keys))


class CodedForm:
    """What forms with column names of their own have in common.

    `columns` are their names by key, with aliases; of each tuple in `needed` one has to be there;
    `days` are the columns that hold days.
    """

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...] = ()
    days: tuple[str, ...] = ()

    def recognises(self, header: tuple[str, ...]) -> float:
        """How surely a header is of this form, 0 to 1: the more of it is known."""
        found = Columns(header, self.columns)
        if not all(any(name in found for name in one) for one in self.needed):
            return 0.0
        return 0.6 + 0.4 * known_share(header, self.columns)

    def date_columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns that hold days, as the header has them."""
        found = Columns(header, self.columns).found
        return tuple(found[name] for name in self.days if name in found)

    def answered(self, answers: Answers) -> Answers:
        """The answers as given: the form leaves none open."""
        return answers


def record_id(dataset: str, key: str) -> str:
    """A stable id for a row's record: `ucdp-ged-129953`; long or odd keys become a hash."""
    slug = re.sub(r"[^a-z0-9]+", "-", key.casefold()).strip("-")
    if not slug or len(slug) > 40 or slug != key.casefold():
        slug = f"{slug[:24]}-{hashlib.sha256(key.encode()).hexdigest()[:10]}".strip("-")
    return f"{dataset}-{slug}"


def version_in(name: str, pattern: str = r"v?(\d{1,2})[._](\d)(?:[._](\d{1,2}))?(?!\d)") -> str:
    """The version that a file's name carries ("GEDEvent_v26_0_1.csv" → "26.0.1"), else ""."""
    found = re.search(pattern, name)
    return ".".join(part for part in found.groups() if part) if found else ""


def shifted(faults: list[Fault]) -> tuple[Fault, ...]:
    """Faults of a row; where three fields or more have the wrong type it is said to be shifted."""
    if len({fault.field for fault in faults}) < 3:
        return tuple(faults)
    whole = Fault("", "its values seem shifted into other columns: "
                  f"{', '.join(fault.field for fault in faults[:4])} do not hold what they should",
                  "Compare the row with its neighbours and move the values back")  # fmt: skip
    return (whole, *faults)


def claim_maker(record_id: str, release: Release, **same: Any) -> Callable[..., Claim]:
    """What makes the claims of a row, `claim(property, **content)`: their source is the release,
    and all have the fields in `same`.

    As the constructor makes them, in a third of the time: a million rows have seven million claims.
    """
    shared = {**_UNSAID, "incident_id": record_id, "source_id": release.source.id, **same}

    def claim(prop: Property, **content: Any) -> Claim:
        made = object.__new__(Claim)
        fields_of = vars(made)
        fields_of.update(shared)
        fields_of["property"] = prop
        fields_of.update(content)
        made.__post_init__()
        return made

    return claim


#: What a claim holds where nothing is said.
_UNSAID = {own.name: own.default for own in fields(Claim) if own.default is not MISSING}
