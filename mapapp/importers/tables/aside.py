"""Rows set aside: written in their original form with the reason beside them (faults → file).

A CSV in the file's own encoding and delimiter: four columns that say where, what and what to try,
then the row's cells as they were. Corrected, it can be imported as it is.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from mapapp.domain.problems import Problem
from mapapp.importers.tables import files
from mapapp.importers.tables.table import REASON_COLUMNS, Cell, Fault, Row, Table

_HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")

_QUOTED = re.compile(r"(?<!\w)'.*?'(?!\w)|“.*?”")
#: What is offered for a place differs from row to row.
_CHOICES = re.compile(r"(several places|may be another place)\b.*")

#: So many are named in a report; the file holds all.
NAMED = 200


class AsideFile:
    """Collects rows set aside; the file appears under its name only when it is complete."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self.rows = 0
        self.reasons: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._name = table.path.name
        self._part = path.with_name(path.name + ".part")
        # UTF-16 is awkward in most programs: what is not one byte a letter is written as UTF-8.
        encoding = table.encoding if table.encoding in ("cp1252", "latin-1") else "utf-8-sig"
        self._file = self._part.open(
            "w", encoding=encoding, errors=files.error_handler("utf-8"), newline=""
        )
        self._writer = csv.writer(self._file, delimiter=table.delimiter or ",")
        header = [n for n in table.shape.header if n not in REASON_COLUMNS]
        self._kept = [i for i, n in enumerate(table.shape.header) if n not in REASON_COLUMNS]
        self._width = len(table.shape.header)
        self._writer.writerow([*REASON_COLUMNS, *header])

    def __enter__(self) -> AsideFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if kind is None and self.rows:
            self._part.replace(self.path)
        else:
            with suppress(FileNotFoundError):
                self._part.unlink()

    def add(self, row: Row, faults: Sequence[Fault]) -> None:
        """Set a row aside."""
        self.rows += 1
        where = f"row {row.number} (line {row.line})"
        self.reasons[reason_of(faults[0])] += 1
        for fault in faults:
            if len(self.problems) < NAMED:
                self.problems.append(
                    Problem(f"{self._name} {where}", fault.field, fault.fault, fault.remedy)
                )
        kept = [row.cells[i] for i in self._kept if i < len(row.cells)]
        self._writer.writerow(
            [
                where,
                "; ".join(fault.field for fault in faults if fault.field),
                "; ".join(fault.fault for fault in faults),
                "; ".join(dict.fromkeys(fault.remedy for fault in faults)),
                *map(_written, [*kept, *row.cells[self._width :]]),
            ]
        )


def reason_of(fault: Fault) -> str:
    """A fault without the row's own numbers and words, to count alike ones together."""
    words = []
    text = _QUOTED.sub("…", fault.fault)
    for word in _CHOICES.sub(r"\1", text).split():
        digits = any(c.isdigit() for c in word)
        words.append("…" if digits or word[:1] in "'‘“" else word)
    return f"{fault.field}: {' '.join(words)}" if fault.field else " ".join(words)


def _written(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    # Half a letter, as JSON can hold it, is written as JSON does.
    return text if text.isascii() else _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
