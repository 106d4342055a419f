"""One import on its way: what both ways of recording rows are given, and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.forms.dataset import Context, Format, Release, RowReader
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.sniff import Sniffed, Survey
from mapapp.importers.tables.table import Fault, Table
from mapapp.ingest.order import Order
from mapapp.ingest.report import Progress
from mapapp.log.entries import Contents

#: Remarks on rows that went in, named in a report.
_NAMED = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file's rows are read. `surveyed` is None where nobody has looked at every row's dates.

    `workers` are how many processes may convert rows beside this one.
    """

    sniffed: Sniffed
    form: Format
    context: Context
    surveyed: Survey | None
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A file to record: what was ordered, how its rows are read, and where bad ones go.

    `name` is that of the import's folder.
    """

    order: Order
    read: Reading
    reader: RowReader
    aside: AsideFile
    name: str
    tell: Progress

    @property
    def table(self) -> Table:
        """The file's rows."""
        return self.read.sniffed.table

    def check_whole(self) -> None:
        """Raise InvalidInput where a file that is to be complete is known to be broken off."""
        if self.order.complete and is_broken(self.table):
            raise InvalidInput(
                f"{self.table.path.name} breaks off, so that what it lacks may not be withdrawn. "
                "Download it again, or import it without saying that it is complete",
                tuple(p for p in self.table.shape.notices if p.severity == "error"),
            )


def is_broken(table: Table) -> bool:
    """Whether a table that was read to its end is known not to be whole."""
    return any(problem.severity == "error" for problem in table.shape.notices)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recording a file came to; numbers as in `ImportReport`. `before` is when it began to
    change the log."""

    read: int
    imported: int
    added: int
    revised: int
    unchanged: int
    withdrawn: int
    absent: int
    before: datetime
    remarks: list[Problem]
    changes_path: str | None = None


class Remarks:
    """What is to be noted of rows that went in, the first of them by name."""

    def __init__(self, name: str) -> None:
        self.found: list[Problem] = []
        self._name = name
        self._once: set[Fault] = set()

    def add(self, number: int, remarks: Iterable[Fault]) -> None:
        """Take note of a row's."""
        for one in remarks:
            if one.once and one in self._once:
                continue
            self._once.update((one,) if one.once else ())
            if len(self.found) < _NAMED:
                where = f"{self._name} row {number}"
                self.found.append(Problem(where, one.field, one.fault, one.remedy, "warning"))


def refuse_older(contents: Contents, release: Release) -> None:
    """Raise InvalidInput where a newer release of the data set is already there."""
    versions = [
        source.dataset_version
        for source in contents.sources
        if source.dataset == release.dataset and source.dataset_version
    ]
    newest = max(versions, key=_version_key, default="")
    if newest and not release.version:
        raise InvalidInput(
            f"the store has {release.dataset} {newest}, and nothing says which release "
            "this file is. Say its version, or another name of data set"
        )
    if release.version and _version_key(newest) > _version_key(release.version):
        raise InvalidInput(
            f"the store has {release.dataset} {newest}, and this file is version "
            f"{release.version}: its rows would replace newer ones. Import it under "
            "another name of data set, or allow the older release"
        )


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
