"""A file on its way in: where it is kept, how it is read, what its rows would become.

Pure of the page; serves upload → recognised → mapping → questions → preview.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar

import pandas as pd

from gazetteer import Gazetteer
from mapapp.domain import wording
from mapapp.domain.countries import country_name
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.incident_view import statements
from mapapp.domain.problems import Problem
from mapapp.domain.vocab import Property, label
from mapapp.importers import own_export as own_json
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers, Context, Converted, Format, Question
from mapapp.importers.forms.formats import format_named
from mapapp.importers.mapped import mapping as mappings
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping as ColumnMapping
from mapapp.importers.mapped.roles import BY_CODE, Guess
from mapapp.importers.tables.sniff import Sniffed, Survey, cells_as_text, convert_all, sniff, survey
from mapapp.importers.tables.table import REASON_COLUMNS, Fault, ReadOptions, Row
from mapapp.ingest.coverage import Declared
from mapapp.ingest.report import ImportReport
from mapapp.ingest.run import MAPPINGS, days_are_plain
from mapapp.store import Store

#: So many rows are tried out before an import; the import itself reads all.
TRIED_ROWS = 2_000

#: Rows of each kind shown in the preview.
SHOWN_ROWS = 50

#: An upload that nobody went on with is removed after a day.
_LEFT_S = 24 * 3600

#: The form asked for that means "any table, by a mapping of its columns".
BY_MAPPING = "table"

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Tried:
    """What the first rows became: good ones, those to be set aside, words for several places.

    `whole` says that these were all rows of the file.
    """

    rows: int
    good: tuple[tuple[Row, Converted], ...]
    aside: tuple[tuple[Row, tuple[Fault, ...]], ...]
    choices: Mapping[str, tuple[Mapping[str, Any], ...]]
    whole: bool


@dataclass(slots=True)
class Work:
    """One uploaded file and what its user has decided about it so far.

    `form` is "" (as recognised), `BY_MAPPING`, or the name of a format. `orders` are date orders
    by column, `places` gazetteer ids by words ("" for none of them). `large` says that the
    file goes in unread but for its beginning.
    """

    path: Path
    id: str
    options: ReadOptions = field(default_factory=ReadOptions)
    form: str = ""
    mapping: ColumnMapping | None = None
    orders: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    large: bool = False
    version: str = ""
    complete: bool = False
    allow_older: bool = False
    covers: Declared | None = None
    report: ImportReport | None = None
    failure: Exception | None = None
    _kept: dict[str, tuple[object, Any]] = field(default_factory=dict)

    def remembered(self, name: str, of: object, make: Callable[[], _Kept]) -> _Kept:
        """What `make` gives, made once for the same `of`: files may be large, runs are many."""
        if name not in self._kept or self._kept[name][0] != of:
            self._kept[name] = (of, make())
        found: _Kept = self._kept[name][1]
        return found

    def is_own(self) -> bool:
        """Whether the file is an export of this application."""
        return self.remembered("own", None, lambda: own_json.is_own(self.path))

    def sniffed(self) -> Sniffed:
        """The file looked at. Raises InvalidInput where there is no table in it."""
        return self.remembered("sniffed", self.options, lambda: sniff(self.path, self.options))

    def by_mapping(self) -> bool:
        """Whether its columns have to be given a meaning by a person."""
        return self.form == BY_MAPPING or (not self.form and self.sniffed().format is None)

    def format(self) -> Format:
        """The form its rows are read in; by a mapping only once there is one."""
        if self.by_mapping():
            assert self.mapping is not None  # the step of the mapping comes first
            return Mapped(self.mapping)
        return format_named(self.form) if self.form else _known(self.sniffed())

    def surveyed(self, form: Format) -> Survey:
        """One pass over all rows: how many, and what their dates say of themselves."""
        if self.large and days_are_plain(self.sniffed(), form):
            return Survey(0, {})  # where a later row has another day, the import looks at all
        columns = form.date_columns(self.sniffed().header)
        return self.remembered(
            "survey", (self.options, columns), lambda: survey(self.sniffed().table, columns)
        )

    def questions(self, form: Format) -> tuple[Question, ...]:
        """What only a person can decide, also where an answer is kept from last time."""
        return self.surveyed(form).questions(Answers())

    def answers(self) -> Answers:
        """What has been decided."""
        orders = {column: DayOrder(code) for column, code in self.orders.items()}
        return Answers(date_orders=orders, places=dict(self.places))

    def tried(self, form: Format, gazetteer: Gazetteer) -> Tried:
        """The first `TRIED_ROWS` as they would go in."""
        answers = form.answered(self.answers())
        of = (self.options, form.name, self.mapping, tuple(answers.date_orders.items()),
              tuple(self.places.items()), self.version)  # fmt: skip
        return self.remembered("tried", of, lambda: self._try(form, answers, gazetteer))

    def _try(self, form: Format, answers: Answers, gazetteer: Gazetteer) -> Tried:
        sniffed, surveyed = self.sniffed(), self.surveyed(form)
        context = Context(gazetteer, answers, surveyed.dates, version=self.version)
        reader = form.reader(sniffed.table, context)
        good: list[tuple[Row, Converted]] = []
        aside: list[tuple[Row, tuple[Fault, ...]]] = []
        rows = 0
        for row, found in islice(convert_all(sniffed.table, reader), TRIED_ROWS):
            rows += 1
            if isinstance(found, Converted):
                good.append((row, found))
            else:
                aside.append((row, found))
        return Tried(
            rows,
            tuple(good),
            tuple(aside),
            {words: tuple(c.as_dict() for c in found) for words, found in reader.choices.items()},
            rows == surveyed.rows,
        )


def _known(sniffed: Sniffed) -> Format:
    assert sniffed.format is not None  # else the columns are mapped
    return sniffed.format


def keep_upload(folder: Path, name: str, content: IO[bytes]) -> Work:
    """Put an upload on disk, in a folder of its own, and take away those left lying for a day."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_S:
                shutil.rmtree(left)
    token = secrets.token_hex(8)
    path = folder / token / clean_name(name)
    path.parent.mkdir()
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)
    return Work(path, token)


def waiting(inbox: Path) -> tuple[Path, ...]:
    """Files that someone put into the data folder's inbox: too large to send through a browser."""
    with suppress(OSError):
        return tuple(sorted(p for p in inbox.iterdir() if p.is_file() and p.name[0] != "."))
    return ()


def take(folder: Path, path: Path) -> Work:
    """Work on a file of the inbox, which stays there."""
    token = secrets.token_hex(8)
    kept = folder / token / clean_name(path.name)
    kept.parent.mkdir(parents=True)
    try:
        kept.hardlink_to(path)
    except OSError:  # another disk, or a system without links
        shutil.copyfile(path, kept)
    return Work(kept, token)


def size_words(size: int) -> str:
    """Bytes as a reader takes them in: "12 KB", "494 MB"."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / (1 << 20):,.1f} MB" if size < 10 << 20 else f"{size >> 20:,} MB"


def discard(work: Work) -> None:
    """Take an upload away from the disk."""
    shutil.rmtree(work.path.parent, ignore_errors=True)


def clean_name(name: str) -> str:
    """A file name that stays in its folder: no separators, no control characters, not hidden."""
    last = re.split(r"[/\\]", name)[-1]
    safe = re.sub(r"[^\w.() +-]", "_", last).lstrip(". ")
    stem, dot, ending = safe.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:12]}" if stem else safe[:100] or "upload"


def first_mapping(
    sniffed: Sniffed, store: Store, taken: Sequence[str]
) -> tuple[ColumnMapping, tuple[Guess, ...], bool]:
    """A mapping to begin with, the guess for each column, and whether it is one kept before.

    `taken` are data sets in the store: another table of the same file name is not to be mixed
    with one of them, as its rows would come to speak for the other's.
    """
    proposed, guesses = mappings.propose(sniffed)
    own = tuple(name for name in sniffed.header if name not in REASON_COLUMNS)
    kept = mappings.saved(own, store.data_dir / MAPPINGS)
    if kept is not None:
        return kept, guesses, True
    if proposed.dataset in taken:
        key = f"{proposed.dataset}-{mappings.fingerprint(own)[:6]}"
        proposed = mappings.corrected(proposed, dataset=key)
    return proposed, guesses, False


def columns_chosen(chosen: Mapping[str, str]) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Roles to columns, from columns to roles; a role chosen twice is a problem."""
    columns: dict[str, str] = {}
    problems = []
    for column, role in chosen.items():
        if role and role in columns:
            problems.append(
                Problem("mapping", column, f"is “{BY_CODE[role].label}” and so is "
                        f"“{columns[role]}”", "Give the meaning to one column alone")
            )  # fmt: skip
        elif role:
            columns[role] = column
    return columns, tuple(problems)


def sample_frame(sniffed: Sniffed) -> pd.DataFrame:
    """The first rows as they stand in the file."""
    width = len(sniffed.header)
    rows = [cells_as_text(row.cells)[:width] for row in sniffed.sample]
    return pd.DataFrame(
        [row + [""] * (width - len(row)) for row in rows], columns=list(sniffed.header)
    )


def good_frame(tried: Tried) -> pd.DataFrame:
    """Rows that go in, as incidents."""
    rows = []
    for row, found in tried.good[:SHOWN_ROWS]:
        record = found.record
        (incident,) = assemble([record], list(found.claims))
        rows.append(
            {
                "Row": row.number,
                "Date": wording.interval(record.date),
                "Place": record.place.text,
                "Province": record.place.adm1_name or "",
                "Known to the": label(record.place.geo_precision),
                "Killed": str(incident.headline(Property.KILLED)),
                "Wounded": str(incident.headline(Property.WOUNDED)),
                "Who did it": "; ".join(part.text for part in statements(incident)),
                "To note": "; ".join([*_apart(record), *(r.fault for r in found.remarks)]),
                "Incident": record.title,
            }
        )
    return pd.DataFrame(rows)


def _apart(record: IncidentRecord) -> Iterator[str]:
    """What keeps a row that goes in out of the totals, or off the map."""
    if record.abroad:
        yield f"abroad ({country_name(record.country)}): in no total"
    if not record.place.mappable:
        yield "not on the map"


def aside_frame(sniffed: Sniffed, tried: Tried) -> pd.DataFrame:
    """Rows to be set aside: field, fault and remedy, then their own cells."""
    rows = []
    for row, faults in tried.aside[:SHOWN_ROWS]:
        cells = dict(zip(sniffed.header, cells_as_text(row.cells), strict=False))
        rows.append(
            {
                "Row (line)": f"{row.number} ({row.line})",
                "Field": "; ".join(fault.field for fault in faults if fault.field),
                "What is wrong": "; ".join(fault.fault for fault in faults),
                "What to try": "; ".join(dict.fromkeys(fault.remedy for fault in faults)),
            }
            | {f"file: {name}": text for name, text in cells.items() if name not in REASON_COLUMNS}
        )
    return pd.DataFrame(rows)


def problem_frame(problems: Sequence[Problem]) -> pd.DataFrame:
    """Problems as a table."""
    return pd.DataFrame(
        [
            {"Where": p.where, "Field": p.field, "What": p.fault, "What to try": p.remedy}
            for p in problems
        ]
    )
