"""What is this file? Its form, what has to be asked, and its first rows (file → preview)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gazetteer import Gazetteer
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.cells.day_column import DateColumn
from mapapp.importers.forms.dataset import (
    Answers,
    Context,
    Converted,
    Format,
    Question,
    RowReader,
    Seen,
)
from mapapp.importers.forms.formats import FORMATS, format_named
from mapapp.importers.mapped.roles import guess
from mapapp.importers.tables.delimited import DelimitedTable
from mapapp.importers.tables.reading import open_table
from mapapp.importers.tables.table import (
    Cell,
    Fault,
    ReadOptions,
    Row,
    Table,
    make_row,
    shape_of,
    text_of,
)
from mapapp.importers.tables.workbook import WorkbookTable

#: A form is recognised from this share of its columns on.
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file looked at: its table, the form it has (None: to be mapped), its first rows."""

    table: Table
    format: Format | None
    sample: tuple[Row, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns."""
        return self.table.shape.header

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What was noticed while opening it."""
        return tuple(self.table.shape.notices)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over all rows tells before any goes in: how dates are to be read."""

    rows: int
    dates: dict[str, DateColumn]

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """What only a person can decide, without what is answered already."""
        return tuple(
            Question(
                name,
                "both orders of day and month occur"
                if column.contradictions()
                else "day and month cannot be told apart in any value",
                column.options(),
                column.contradictions() or tuple(column.undecided),
            )
            for name, column in self.dates.items()
            if column.asks() and answers.order(name) is None
        )

    def verdicts(self, name: str) -> tuple[Problem, ...]:
        """What was decided about dates, and by which value."""
        return tuple(
            Problem(name, column, sentence, "Look at the preview", "warning")
            for column, dates in self.dates.items()
            for sentence in dates.verdict()
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would go in, each with what became of it."""

    rows: tuple[tuple[Row, Converted | tuple[Fault, ...]], ...]
    notices: tuple[Problem, ...]
    questions: tuple[Question, ...] = field(default=())


def sniff(path: Path, options: ReadOptions | None = None, *, sample: int = 20) -> Sniffed:
    """Open a file and tell its form. Raises InvalidInput where there is no table in it."""
    table = _open(Path(path), options or ReadOptions())
    rows = []
    for row in table.rows():
        rows.append(row)
        if len(rows) >= sample:
            break
    scored = [(form.recognises(table.shape.header), form) for form in FORMATS]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return Sniffed(table, best[1] if best[0] >= _SURE else None, tuple(rows))


def _open(path: Path, options: ReadOptions) -> Table:
    """A file's table; of a workbook the sheet whose columns mean most, unless one is named."""
    table = open_table(path, options)
    if not isinstance(table, WorkbookTable) or options.sheet or len(table.sheets) < 2:
        return table
    meant = {name: _meaning(rows, path.name) for name, rows in table.sheets.items()}
    best = max(meant, key=lambda name: meant[name])  # the first of those that mean as much
    if best == table.sheet or meant[best] <= meant[table.sheet]:
        return table
    return open_table(path, replace(options, sheet=best))


def _meaning(beginning: Sequence[Sequence[Cell]], name: str) -> float:
    """How much the columns of a sheet mean: those of a known form, else how many can be guessed."""
    shape = shape_of(beginning, name)
    if len(shape.header) < 2 or len(beginning) <= shape.skip:
        return 0.0
    rows = [
        make_row(number, number, tuple(cells) + (None,) * (len(shape.header) - len(cells)),
                 shape.header)
        for number, cells in enumerate(beginning[shape.skip :], 1)
    ]  # fmt: skip
    known = max(form.recognises(shape.header) for form in FORMATS)
    return 100 * known + sum(guessed.role is not None for guessed in guess(shape, rows))


def choose(sniffed: Sniffed, name: str | None) -> Format:
    """The format asked for by name, else the one recognised; InvalidInput where there is none."""
    if name:
        return format_named(name)
    if sniffed.format is None:
        sheet = ""
        if isinstance(sniffed.table, WorkbookTable) and len(sniffed.table.sheets) > 1:
            others = ", ".join(sniffed.table.sheets)
            sheet = f" (sheet '{sniffed.table.sheet}' of {others}; choose with --sheet)"
        raise InvalidInput(
            f"{sniffed.table.path.name}{sheet} has the columns of no data set known here. Write a "
            "mapping of columns with 'python -m mapapp map FILE' and give it with --mapping, or "
            'bring the file on the page "Bring your data"'
        )
    return sniffed.format


def survey(table: Table, columns: Sequence[str]) -> Survey:
    """Look at the date columns of every row, once; skipped where nothing in a sample needs it."""
    dates = {name: DateColumn(name) for name in columns}
    count = 0
    if isinstance(table, DelimitedTable):  # a third of the time that whole rows take
        header = table.shape.header
        places = [(header.index(name), column) for name, column in dates.items()]
        for _, cells, fault in table.raw():
            count += 1
            fits = len(cells) == len(header) or not make_row(0, 0, cells, header).faults
            if fault is None and fits:
                for at, column in places:
                    column.see(cells[at], count)
        return Survey(count, dates)
    for row in table.rows():
        count += 1
        if row.faults:
            continue
        for name, column in dates.items():
            column.see(row.values.get(name), row.number)
    return Survey(count, dates)


def preview(
    sniffed: Sniffed,
    form: Format,
    surveyed: Survey,
    gazetteer: Gazetteer,
    answers: Answers | None = None,
    **context: str,
) -> Preview:
    """How the sample's rows would go in."""
    answers = form.answered(answers or Answers())
    reader = form.reader(sniffed.table, Context(gazetteer, answers, surveyed.dates, **context))
    name = sniffed.table.path.name
    rows = tuple((row, row.faults or reader.convert(row)) for row in sniffed.sample)
    return Preview(rows, sniffed.notices + surveyed.verdicts(name), surveyed.questions(answers))


def convert_all(
    table: Table, reader: RowReader
) -> Iterator[tuple[Row, Converted | tuple[Fault, ...]]]:
    """Every row with what became of it; the same key twice in a file is a fault of the later."""
    seen = Seen()
    for row in table.rows():
        found = row.faults or reader.convert(row)
        if isinstance(found, Converted):
            again = seen.fault(found.key, row.number, row.cells)
            yield row, (again,) if again else found
        else:
            yield row, found


def cells_as_text(cells: Sequence[Cell]) -> list[str]:
    """Cells for a table of text; floats as short as they round-trip."""
    return [text_of(cell) for cell in cells]
