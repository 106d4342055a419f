"""What an import is asked to do, whoever asks: the command line, the page, a program (→ run)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers, Format
from mapapp.importers.forms.formats import format_named
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import of_plain as mapping_of_plain
from mapapp.importers.tables.table import ReadOptions
from mapapp.ingest import coverage
from mapapp.ingest.coverage import Declared


@dataclass(frozen=True, slots=True)
class Order:
    """One file to import, and how.

    `format` is a name, a form (`Mapped` for a mapping of columns, which is kept for the next table
    with such columns), or None to recognise it or to use the mapping kept. `dataset` and `version`
    say what the file's name does not. With `complete` the file is the whole of its data set for
    the countries in it, and what it lacks is withdrawn; `allow_older` lets it replace a newer
    release. `covers` declares which days and places the file is of, and whether they were watched.
    `by` is the name under which the log records it.
    """

    path: Path
    format: str | Format | None = None
    answers: Answers = field(default_factory=Answers)
    options: ReadOptions = field(default_factory=ReadOptions)
    dataset: str = ""
    version: str = ""
    complete: bool = False
    allow_older: bool = False
    covers: Declared | None = None
    by: str = "import"

    def plain(self) -> dict[str, Any]:
        """The order as JSON has it, for another process."""
        form = self.format
        answers = self.answers
        return {
            "path": str(self.path),
            "format": form if form is None or isinstance(form, str) else form.name,
            "mapping": asdict(form.mapping) if isinstance(form, Mapped) else None,
            "date_orders": dict(answers.date_orders),
            "defaults": dict(answers.defaults),
            "places": dict(answers.places),
            "options": asdict(self.options),
            "covers": coverage.plain(self.covers) if self.covers else None,
        } | {name: getattr(self, name) for name in _PLAIN}

    @staticmethod
    def of_plain(plain: Mapping[str, Any]) -> Order:
        """The order that `plain` wrote."""
        form: str | Format | None = plain["format"]
        if plain["mapping"] is not None:
            form = Mapped(mapping_of_plain(plain["mapping"]))
        elif form is not None:
            form = format_named(str(form))
        date_orders = {column: DayOrder(code) for column, code in plain["date_orders"].items()}
        return Order(
            Path(plain["path"]),
            form,
            Answers(date_orders, plain["defaults"], plain["places"]),
            ReadOptions(**plain["options"]),
            covers=coverage.of_plain(plain["covers"]) if plain["covers"] else None,
            **{name: plain[name] for name in _PLAIN},
        )


#: Fields that are the same in JSON.
_PLAIN = ("dataset", "version", "complete", "allow_older", "by")
