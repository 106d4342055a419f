"""A mapping of any table's columns, guessed, corrected by a person, kept for next time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mapapp.domain.countries import country_name
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.vocab import GeoPrecision, Redistribution, SpeakerClass
from mapapp.importers.cells.countries import iso3, named_in
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.cells.marks import filled
from mapapp.importers.cells.values import BadValue, figure, with_attackers
from mapapp.importers.forms.dataset import column_key
from mapapp.importers.mapped.roles import (
    BY_CODE,
    Guess,
    counting_column,
    guess,
    keys_of,
    of_a_device,
)  # fmt: skip
from mapapp.importers.tables.sniff import Sniffed
from mapapp.importers.tables.table import REASON_COLUMNS, Cell


def _order(code: str) -> str:
    if code not in tuple(DayOrder):
        raise PydanticCustomError("enum", "no order of days", {"expected": ", ".join(DayOrder)})
    return code


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column means what, and what the table itself does not say.

    `columns` maps role codes to column names. `speaker` is who asserts what the rows say, where no
    column names one. `geo_precision` is how exact its coordinates are, None until a person says so.
    `country` is for tables without such a column. `dataset` is the table's key in the store.
    `places` are the places chosen for words that fit several ("" for none of them).
    `victims` are the source's word for the civilians that it counts.
    `rows_are_incidents` answers the question that a column of numbers of events raises,
    `country_is_sure` that of a table whose rows name several countries and some none, and
    `attackers_apart` that of cells like "4 (+1)": the second number is the attackers'.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    columns: AnyMapping[str, str]
    dataset: str
    title: str
    speaker: str
    speaker_class: SpeakerClass = SpeakerClass.LOCAL_SOURCE
    country: str = "AFG"
    geo_precision: GeoPrecision | None = None
    licence: str = "not stated"
    redistribution: Redistribution = Redistribution.PRIVATE
    date_orders: AnyMapping[str, Annotated[str, AfterValidator(_order)]] = field(
        default_factory=dict
    )
    places: AnyMapping[str, str] = field(default_factory=dict)
    victims: str = ""
    rows_are_incidents: bool = False
    attackers_apart: bool = False
    country_is_sure: bool = False

    def problems(self, header: tuple[str, ...]) -> tuple[Problem, ...]:
        """What keeps it from being used on a table with this header."""
        found = []
        for role, column in self.columns.items():
            if role not in BY_CODE:
                known = ", ".join(BY_CODE)
                found.append(Problem("mapping", role, "is no role", f"Choose one of: {known}"))
            elif column not in header:
                found.append(
                    Problem("mapping", role, f"the table has no column '{column}'",
                            "Choose one of its columns, or none")
                )  # fmt: skip
        by_column: dict[str, str] = {}
        for role, column in self.columns.items():
            if column in by_column:
                found.append(
                    Problem("mapping", role, f"'{column}' is already {by_column[column]}",
                            "Give a column one meaning")
                )  # fmt: skip
            by_column[column] = role
        own = completed(self, header)
        if "date" not in self.columns and "year" not in self.columns:
            found.append(
                Problem("mapping", "date", "no column holds the day or the year",
                        "Choose the column with the date")
            )  # fmt: skip
        if ("lat" in self.columns) != ("lng" in self.columns):
            found.append(
                Problem("mapping", "lat", "only one coordinate has a column", "Choose both or none")
            )
        points = "lat" in self.columns or "point" in self.columns
        if points and self.geo_precision is None and "exactness" not in own.columns:
            choices = ", ".join(p for p in GeoPrecision if p is not GeoPrecision.COUNTRY)
            found.append(
                Problem("mapping", "geo_precision", "the table does not say how exact its points "
                        "are", f"Say what a point stands for: {choices}")
            )  # fmt: skip
        where = ("lat", "point", "place", "district", "province", "country")
        if not any(role in own.columns for role in where):
            found.append(
                Problem("mapping", "place", "no column says where",
                        "Choose coordinates, a place in words, a district or a province")
            )  # fmt: skip
        counting = counting_column(header)
        if counting and not self.rows_are_incidents:
            found.append(
                Problem("mapping", "rows_are_incidents", f"'{counting}' counts events: a row is "
                        "the sum of several, not an incident, and its dead are those of all",
                        "Import the events themselves; or say rows_are_incidents if each row is "
                        "one")
            )  # fmt: skip
        if iso3(self.country) != self.country:
            found.append(
                Problem("mapping", "country", f"'{self.country}' is no country",
                        "Write its three letters (ISO 3166), like AFG")
            )  # fmt: skip
        for name in ("speaker", "dataset", "title"):
            if not getattr(self, name).strip():
                found.append(Problem("mapping", name, "is empty", "Write who or what it is"))
        return tuple(found)


def completed(mapping: Mapping, header: tuple[str, ...]) -> Mapping:
    """A mapping with the columns that belong to those it has: month and day beside the year, and
    what says of each row how exact its point is and in which country it lies.

    Only columns whose very name says so, and none that has another meaning.
    """
    wanted = ["exactness", "country"]
    if "year" in mapping.columns and "date" not in mapping.columns:
        wanted += ["month", "day"]
    used = set(mapping.columns.values())
    by_key = {column_key(name): name for name in reversed(header) if name not in used}
    more = {
        role: next(by_key[key] for key in keys_of(role) if key in by_key)
        for role in wanted
        if role not in mapping.columns and any(key in by_key for key in keys_of(role))
    }
    if of_a_device(more.get("exactness", ""), set(map(column_key, header))):
        del more["exactness"]
    return replace(mapping, columns={**mapping.columns, **more}) if more else mapping


def left_out(mapping: Mapping, sniffed: Sniffed) -> tuple[Problem, ...]:
    """Columns that a mapping does not name: those that are read all the same, those whose numbers
    are in no total, and those that are kept in the notes alone."""
    name = sniffed.table.path.name
    whole = completed(mapping, sniffed.header)
    more = {role: col for role, col in whole.columns.items() if role not in mapping.columns}
    found = [
        Problem(name, column, f"is read as “{BY_CODE[role].label}”, which the mapping does not say",
                "Give it another meaning if that is wrong", "warning")
        for role, column in more.items()
    ]  # fmt: skip
    rest = [column for column in sniffed.header if column not in whole.columns.values()]
    rest = [column for column in rest if column not in REASON_COLUMNS]
    filled_ones = [c for c in rest if any(filled(row.values.get(c)) for row in sniffed.sample)]
    numbers = [
        column for column in filled_ones
        if all(_is_number(row.values.get(column)) for row in sniffed.sample)
    ]  # fmt: skip
    if numbers:
        found.append(
            Problem(name, ", ".join(numbers), "hold numbers that are in no total: they are kept in "
                    "the notes", "Give a column a meaning if its numbers are to count", "warning")
        )  # fmt: skip
    if words := [column for column in filled_ones if column not in numbers]:
        found.append(
            Problem(name, ", ".join(words), "have no meaning of their own: they are kept in the "
                    "notes", "Nothing to do, if that is meant", "warning")
        )  # fmt: skip
    return tuple(found)


def without_country(mapping: Mapping, sniffed: Sniffed) -> tuple[Problem, ...]:
    """The question which country rows lie in that name none, where others name several.

    Only the first rows are looked at; a column of countries leaves nothing to ask.
    """
    whole = completed(mapping, sniffed.header).columns
    if mapping.country_is_sure or "country" in whole or "place" not in whole:
        return ()
    named: dict[str, None] = {}
    unnamed = ""
    for row in islice(sniffed.table.rows(), _LOOKED_AT):
        words = filled(row.values.get(whole["place"]))
        country, _ = named_in(words)
        if country is not None and country != mapping.country:
            named[country_name(country)] = None
        elif country is None and not unnamed:
            unnamed = words
    if len(named) < 2 or not unnamed:
        return ()
    shown = ", ".join(list(named)[:4])
    return (
        Problem("mapping", "country", f"rows name {shown}; others name no country, for example "
                f"'{unnamed[:60]}'", "Add a column of countries, name it in the words, or say "
                f"country_is_sure if all such rows are in {country_name(mapping.country)}"),
    )  # fmt: skip


def two_numbers(mapping: Mapping, sniffed: Sniffed) -> str:
    """A cell like "4 (+1)" among the first rows, "" where there is none."""
    columns = [mapping.columns[role] for role in ("killed", "wounded") if role in mapping.columns]
    for row in islice(sniffed.table.rows(), _LOOKED_AT if columns else 0):
        for column in columns:
            if with_attackers(row.values.get(column)):
                return filled(row.values.get(column))
    return ""


#: Rows looked at before a table's country is assumed.
_LOOKED_AT = 5_000


def _is_number(cell: Cell) -> bool:
    try:
        figure(cell)
    except BadValue:
        return False
    return True


def propose(sniffed: Sniffed) -> tuple[Mapping, tuple[Guess, ...]]:
    """A mapping to be corrected by a person, with the guess for each column and samples of it."""
    guesses = guess(sniffed.table.shape, sniffed.sample)
    name = sniffed.table.path.name.split(".")[0]
    slug = "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    slug = "-".join(part for part in slug.split("-") if part)[:40] or "table"
    columns = {found.role: found.column for found in guesses if found.role}
    proposed = Mapping(columns, f"table-{slug}", name, "")
    known = known_form(sniffed.header)
    if known is None:
        return proposed, guesses
    said = {role: column for role, column in known.columns.items() if column}
    rest = {r: c for r, c in columns.items() if r not in said and c not in said.values()}
    rest = rest if not known.speaker else {}  # a form known whole leaves nothing to guess
    words = re.findall(r"[^\W\d_]{4,}", name)
    country = next((code for word in words if (code := iso3(word))), known.country)
    known = replace(known, columns=said | rest, dataset=proposed.dataset, country=country)
    role_of = {column: role for role, column in known.columns.items()}
    return known, tuple(
        replace(found, role=role_of.get(found.column), reason=f"known of “{known.title}”"
                if found.column in said.values() else found.reason)
        for found in guesses
    )  # fmt: skip


def known_form(header: tuple[str, ...]) -> Mapping | None:
    """The mapping of a table that is known by its columns (`known.yaml`), None for another."""
    by_key = {column_key(name): name for name in reversed(header)}
    for plain in _known():
        if not all(column_key(name) in by_key for name in plain["needs"]):
            continue
        columns = {
            role: next((by_key[k] for k in map(column_key, names) if k in by_key), "")
            for role, names in plain["columns"].items()
        }
        own = {name: value for name, value in plain.items() if name != "needs"}
        return of_plain({"dataset": "", "speaker": ""} | own | {"columns": columns})
    return None


@lru_cache(maxsize=1)
def _known() -> list[dict[str, Any]]:
    text = Path(__file__).with_name("known.yaml").read_text("utf-8")
    found: list[dict[str, Any]] = YAML(typ="safe").load(text)
    return found


def fingerprint(header: tuple[str, ...]) -> str:
    """The same for tables with the same columns, in any order."""
    text = json.dumps(sorted(name.casefold() for name in header), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(mapping: Mapping, header: tuple[str, ...], folder: Path) -> Path:
    """Keep a mapping for tables with these columns."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{fingerprint(header)}.json"
    part = path.with_suffix(".part")
    plain = asdict(mapping) | {"header": list(header)}
    part.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
    return path


def saved(header: tuple[str, ...], folder: Path) -> Mapping | None:
    """The mapping kept for tables with these columns, None where there is none."""
    path = folder / f"{fingerprint(header)}.json"
    if not path.is_file():
        return None
    return load(path)


def load(path: Path) -> Mapping:
    """A mapping from a file of YAML or JSON; InvalidInput where it is none."""
    whole = f"{path.name} is no mapping of columns"
    try:
        text = path.read_text("utf-8")
        json_file = path.suffix.casefold() == ".json"
        plain = json.loads(text) if json_file else YAML(typ="safe").load(text)
    except (ValueError, OSError, YAMLError) as error:
        raise InvalidInput(f"{whole} ({error}). Write the form of docs/importing.md") from error
    if not isinstance(plain, dict):
        raise InvalidInput(
            f"{whole}: it holds no names with values. Write the form of docs/importing.md"
        )
    try:
        return of_plain(plain)
    except ValidationError as error:
        problems = tuple(_problem(path.name, fault) for fault in error.errors())
        raise InvalidInput(whole, problems) from None


def of_plain(plain: AnyMapping[str, Any]) -> Mapping:
    """A mapping of the values that `asdict` gives; ValidationError where it is none."""
    given = {name: value for name, value in plain.items() if name != "header"}
    if given.get("geo_precision") == "":
        given["geo_precision"] = None
    mapping: Mapping = TypeAdapter(Mapping).validate_python(given)
    return mapping


def _problem(where: str, fault: ErrorDetails) -> Problem:
    """A fault of a mapping's file in words."""
    name = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    match fault["type"]:
        case "unexpected_keyword_argument":
            known = ", ".join(field.name for field in fields(Mapping))
            return Problem(where, name, "is no part of a mapping", f"Known are {known}")
        case "missing":
            return Problem(where, name, "is not given", "Add a line with it")
        case "enum":
            allowed = fault["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return Problem(where, name, f"“{fault['input']}” is not known", f"Use one of {allowed}")
        case "string_type":
            return Problem(where, name, "is no text", 'Put it in quotes, like "2019"')
        case "mapping_type" | "dict_type":
            return Problem(where, name, "holds no names with values", "Write a line for each: a: b")
        case "bool_type" | "bool_parsing":
            return Problem(where, name, "is neither true nor false", "Write one of them")
        case _:
            return Problem(where, name, fault["msg"].lower(), "See docs/importing.md")


def corrected(mapping: Mapping, **changes: Any) -> Mapping:
    """A mapping with a person's corrections; a role set to "" has no column."""
    columns = dict(mapping.columns) | dict(changes.pop("columns", {}))
    return replace(mapping, columns={r: c for r, c in columns.items() if c}, **changes)
