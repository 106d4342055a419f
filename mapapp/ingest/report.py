"""What became of a file: the report of an import, and the folder it is kept in (import → page)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mapapp.domain.problems import Problem
from mapapp.domain.wording import counted
from mapapp.store.store import Store

#: Told how far an import is (0 to 1) and what it is doing.
Progress = Callable[[float, str], None]

#: What an import is doing when its rows are recorded.
PUBLISHING = "publishing"

#: The name of our own export among the formats.
OWN = "mapapp-json"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. Rows: `rows_in` = `imported` + `set_aside`, always.

    Of the imported ones `added` are new, `revised` changed since the release before, `unchanged`
    say the same. `withdrawn` incidents were taken out as the newer release no longer has them;
    `absent` are not in this file and stay. `aside_path` is the file of rows set aside, with a
    reason each. `choices` are place words that fit several places, with the candidates: answer
    them with `Answers.places` and import the file again. `before` is the time to which
    `roll_back` returns. `changes_path` is the list of incidents that a newer release kept as rows
    added, revised or withdrew.
    """

    id: str
    file: str
    format: str
    dataset: str
    version: str
    source_id: str
    rows_in: int
    imported: int
    set_aside: int
    added: int
    revised: int
    unchanged: int
    withdrawn: int
    absent: int
    reasons: Mapping[str, int]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    aside_path: str | None
    before: str
    elapsed_s: float
    choices: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    changes_path: str | None = None

    def __post_init__(self) -> None:
        if self.rows_in != self.imported + self.set_aside:
            raise AssertionError(f"{self.file}: rows were lost on the way: {self}")

    @property
    def broken(self) -> bool:
        """Whether the file is known to break off."""
        return any(notice.severity == "error" for notice in self.notices)

    def sentences(self) -> tuple[str, ...]:
        """The report as a person reads it."""
        name = f"{self.dataset} {self.version}".strip() or "incidents"
        found = [
            f"{self.file}: {counted(self.rows_in, 'row')} in, {self.imported:,} imported, "
            f"{self.set_aside:,} set aside",
            f"{name}: {self.added:,} added, {self.revised:,} revised, {self.unchanged:,} "
            f"unchanged, {self.withdrawn:,} withdrawn",
        ]
        if self.absent:
            found.append(
                f"{self.absent:,} incidents of {self.dataset} are not in this file and stay; if it "
                "is the whole of a newer release, import it as complete to withdraw them"
            )
        if self.changes_path:
            found.append(f"incidents added, revised and withdrawn: {self.changes_path}")
        found += [f"set aside: {count:,} × {reason}" for reason, count in self.reasons.items()]
        if self.aside_path:
            found.append(f"rows set aside, with reasons: {self.aside_path}")
        return tuple(found)


def reports(store: Store) -> tuple[ImportReport, ...]:
    """The reports of all imports into a store, newest first."""
    found = []
    for path in sorted((store.data_dir / "imports").glob("*/report.json"), reverse=True):
        with suppress(ValueError, TypeError, KeyError):  # of another version of this program
            found.append(read_report(path))
    return tuple(found)


def new_folder(store: Store, name: str) -> Path:
    """A new folder for an import; what interrupted ones left behind is removed."""
    imports = store.data_dir / "imports"
    imports.mkdir(parents=True, exist_ok=True)
    for left in imports.glob("*/*.part"):
        with suppress(OSError):
            left.unlink()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", Path(name).stem)[:40].strip("-").lower() or "file"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    folder = imports / f"{stamp}-{slug}"
    folder.mkdir()
    return folder


def write_report(folder: Path, report: ImportReport) -> None:
    """Keep a report with its import."""
    part = folder / "report.json.part"
    part.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(folder / "report.json")


def read_report(path: Path) -> ImportReport:
    """The report kept in a file."""
    plain: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name in ("problems", "notices", "remarks"):
        plain[name] = tuple(Problem(**item) for item in plain[name])
    return ImportReport(**plain)
