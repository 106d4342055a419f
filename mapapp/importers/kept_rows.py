"""Rows kept as they were, made into claims when someone asks (row → record + claims).

A kept row is two texts: its form (header, release and how its dates are read, as JSON) and its
cells. Both together give what the importer gave when the row went in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gazetteer import Gazetteer
from mapapp.domain.problems import StoreUnavailable
from mapapp.importers import ged_codes
from mapapp.importers.dataset import Answers, Columns, Context, Converted, Release
from mapapp.importers.day_values import Order
from mapapp.importers.ged import GedReader
from mapapp.importers.table import make_row

#: No cell holds it: a unit separator between the cells of a row as kept.
BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """How rows of one file of GED are read."""

    header: tuple[str, ...]
    dataset: str
    version: str
    orders: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """The form as kept beside each row."""
        plain = {"header": self.header, "dataset": self.dataset, "version": self.version,
                 "orders": dict(self.orders)}  # fmt: skip
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def of(text: str) -> KeptForm:
        """The form that `text` wrote."""
        plain = json.loads(text)
        return KeptForm(
            tuple(plain["header"]), plain["dataset"], plain["version"],
            tuple(plain["orders"].items()),
        )  # fmt: skip

    def release(self) -> Release:
        """The release its rows are of."""
        return ged_codes.release(self.version, self.dataset)

    def reader(self, gazetteer: Gazetteer) -> GedReader:
        """What converts its rows."""
        orders = {column: Order(code) for column, code in self.orders}
        columns = Columns(self.header, ged_codes.COLUMNS)
        return GedReader(columns, self.release(), Context(gazetteer, Answers(orders), {}))


def joined(cells: Sequence[str]) -> str:
    """A row's cells as one text."""
    return BETWEEN.join(cells)


def converted(form: str, cells: str) -> Converted:
    """The record and claims of a kept row, by the packaged gazetteer.

    Raises StoreUnavailable where a later version of the importer would set the row aside.
    """
    reader, header = _reader(form)
    found = reader.convert(make_row(1, 1, cells.split(BETWEEN), header))
    if not isinstance(found, Converted):
        raise StoreUnavailable(
            f"a row imported by an older version of this program cannot be read any more "
            f"({found[0]}). Import its file again"
        )
    return found


@lru_cache(maxsize=16)
def _reader(form: str) -> tuple[GedReader, tuple[str, ...]]:
    kept = KeptForm.of(form)
    return kept.reader(_gazetteer()), kept.header


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer.load()
