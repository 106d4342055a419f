"""Rows kept as they were, made into claims when someone asks (row → record + claims).

A kept row is two texts: its form (which importer reads it, header, release and answers, as JSON)
and its cells. Both together give what the importer gave when the row went in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from mapapp.domain.problems import StoreUnavailable
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.acled import Acled
from mapapp.importers.forms.dataset import (
    Answers,
    Columns,
    Context,
    Converted,
    Format,
    Release,
    RowReader,
)
from mapapp.importers.forms.formats import format_named
from mapapp.importers.forms.ged import Ged
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping, of_plain
from mapapp.importers.tables.table import Cell, Shape, make_row, text_of

#: A unit separator between the cells of a row of text as kept. A row that holds one itself, or
#: cells of other types, is kept as JSON after a record separator.
BETWEEN = "\x1f"
TYPED = "\x1e"


@dataclass(frozen=True, slots=True)
class _File:
    """What a converter is told of the file that its rows were in."""

    shape: Shape
    path: Path = Path()


@dataclass(frozen=True, slots=True)
class KeptForm:
    """How rows of one file are read. `mapping` is that of a table without a known form."""

    form: str
    header: tuple[str, ...]
    dataset: str
    version: str
    orders: AnyMapping[str, str] = field(default_factory=dict)
    defaults: AnyMapping[str, str] = field(default_factory=dict)
    places: AnyMapping[str, str] = field(default_factory=dict)
    mapping: Mapping | None = None
    from_1904: bool = False

    @staticmethod
    def made(form: Format, shape: Shape, release: Release, context: Context) -> KeptForm:
        """The form of a file's rows, with what was answered and what its dates prove."""
        header = shape.header
        orders = {name: context.order(name) for name in form.date_columns(header)}
        said = context.answers
        own = form.mapping if isinstance(form, Mapped) else None
        return KeptForm(
            form.name, header, release.dataset, release.version,
            {name: str(order) for name, order in orders.items() if order},
            dict(said.defaults), dict(said.places),
            replace(own, date_orders={}, places={}) if own else None,
            shape.from_1904,
        )  # fmt: skip

    def text(self) -> str:
        """The form as kept beside each row."""
        plain = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def of(text: str) -> KeptForm:
        """The form that `text` wrote; the first ones, of GED alone, did not name it."""
        plain: dict[str, Any] = {"form": Ged.name, "version": ""} | json.loads(text)
        plain["header"] = tuple(plain["header"])
        if plain.get("mapping"):
            plain["mapping"] = of_plain(plain["mapping"])
        return KeptForm(**plain)

    def reader(self, gazetteer: Gazetteer) -> RowReader:
        """What converts its rows."""
        form: Format = (
            format_named(self.form)
            if self.mapping is None
            else Mapped(
                replace(self.mapping, rows_are_incidents=True)  # what went in was asked about then
            )
        )
        orders = {column: DayOrder(code) for column, code in self.orders.items()}
        answers = Answers(orders, dict(self.defaults), dict(self.places))
        context = Context(gazetteer, answers, {}, version=self.version, dataset=self.dataset)
        return form.reader(_File(Shape(self.header, 0, from_1904=self.from_1904)), context)


def state_of(form: str, cells: str) -> int | None:
    """When the publisher last changed a kept row, in its own count; None where it does not say.

    ACLED's `timestamp` does: its files have no versions, and one event comes in many of them.
    """
    kept = _form_of(form)
    if kept.form != Acled.name:
        return None
    column = Columns(kept.header, {"timestamp": ()}).found.get("timestamp")
    text = text_of(parted(cells)[kept.header.index(column)]) if column else ""
    return int(text) if text.isascii() and text.isdigit() else None


@lru_cache(maxsize=16)
def _form_of(form: str) -> KeptForm:
    return KeptForm.of(form)


def joined(cells: Sequence[Cell]) -> str:
    """A row's cells as one text."""
    with suppress(TypeError):  # of cells of other types
        text = BETWEEN.join(cells)  # type: ignore[arg-type]
        if text.count(BETWEEN) == len(cells) - 1 and text[:1] != TYPED:
            return text
    return TYPED + json.dumps(list(map(_plain, cells)), separators=(",", ":"))


def parted(text: str) -> list[Cell]:
    """The cells that `joined` made one text of."""
    if text[:1] != TYPED:
        return list(text.split(BETWEEN))
    return [_typed(item) for item in json.loads(text[1:])]


def _plain(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return {"time": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell


def _typed(item: Any) -> Cell:
    if isinstance(item, dict):
        kind, text = next(iter(item.items()))
        return datetime.fromisoformat(text) if kind == "time" else date.fromisoformat(text)
    found: Cell = item
    return found


def converted(form: str, cells: str) -> Converted:
    """The record and claims of a kept row, by the packaged gazetteer.

    Raises StoreUnavailable where a later version of the importer would set the row aside.
    """
    reader, header = _reader(form)
    found = reader.convert(make_row(1, 1, parted(cells), header))
    if not isinstance(found, Converted):
        raise StoreUnavailable(
            f"a row imported by an older version of this program cannot be read any more "
            f"({found[0]}). Import its file again"
        )
    return found


@lru_cache(maxsize=16)
def _reader(form: str) -> tuple[RowReader, tuple[str, ...]]:
    kept = KeptForm.of(form)
    return kept.reader(_gazetteer()), kept.header


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()
