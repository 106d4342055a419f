"""A release of a data set that is kept as a file of rows beside the log (importers → log)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFile:
    """One release of a data set too large for single claims in the log.

    `folder` is where its rows are, under `datasets/<dataset>` of the data folder, and is never
    written again. `before` is the folder of the release that it replaced, "" for the first. The
    counts say what it changed; `rows` is how many incidents it holds.
    """

    dataset: str
    version: str
    folder: str
    rows: int
    added: int = 0
    revised: int = 0
    withdrawn: int = 0
    before: str = ""

    @property
    def id(self) -> str:
        """The data set: one release of it stands at a time."""
        return self.dataset
