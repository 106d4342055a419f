"""UCDP GED rows, of every release and export, as claims by UCDP (row → record + claims).

What a column supports and what it does not is set out in docs/decisions/import-ged.md.
"""

from __future__ import annotations

from gazetteer import Candidate
from mapapp.importers.cells.day_values import Days, days
from mapapp.importers.cells.located import Locator
from mapapp.importers.forms import ged_codes
from mapapp.importers.forms.dataset import (
    Answers,
    Columns,
    Context,
    Converted,
    Headed,
    Release,
    known_share,
    shifted,
    version_in,
)
from mapapp.importers.forms.ged_event import PARTS, Event
from mapapp.importers.tables.table import Fault, Row


class Ged:
    """The format."""

    name = "ucdp-ged"
    title = "UCDP Georeferenced Event Dataset (yearly or candidate)"

    def recognises(self, header: tuple[str, ...]) -> float:
        """Needs an id, a day, a toll and a column of UCDP's own."""
        found = Columns(header, ged_codes.COLUMNS)
        toll = any(name in found for name in ("best", *PARTS))
        own = sum(name in found for name in ged_codes.TYPICAL)
        if "id" not in found or "date_start" not in found or not toll or own == 0:
            return 0.0
        return 0.55 + 0.2 * known_share(header, ged_codes.COLUMNS) + 0.05 * own

    def date_columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Start and end."""
        found = Columns(header, ged_codes.COLUMNS).found
        return tuple(found[n] for n in ("date_start", "date_end") if n in found)

    def answered(self, answers: Answers) -> Answers:
        """The answers as given."""
        return answers

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
        self._context = context
        self._locator = Locator(context.gazetteer)

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

    def days(self, row: Row, name: str) -> Days | None:
        """A date cell, by the order its column proves."""
        cell = self._columns.cell(row, name)
        return days(cell, self._context.order(self._columns.title(name)))
