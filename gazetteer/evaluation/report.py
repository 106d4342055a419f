"""Runs every visible set and makes the tables; what `python -m gazetteer.evaluate` prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..gazetteer import Gazetteer
from . import classes, homonyms, spans
from .baselines import Baselines
from .headlines import headlines
from .names import pairs, variants
from .sets import HALVES
from .strings import geocode
from .tally import table


def run(folder: Path, show_errors: bool, villages: Path | None = None) -> Iterator[str]:
    """The lines of the report. DataError when a set is missing.

    `villages` is a CSV list of one's own to measure with (see `evaluation/cases.py`).
    """
    gazetteer = Gazetteer.load()
    baselines = Baselines(gazetteer)
    scored: dict[str, list[tuple[float, bool]]] = {h: [] for h in HALVES}
    errors: list[str] = []
    parts = (
        pairs(gazetteer, baselines, folder),
        variants(gazetteer, baselines, folder),
        geocode(gazetteer, folder),
        headlines(gazetteer, folder),
    )
    for lines, tallies in parts:
        yield from lines
        for name, tally in tallies.items():
            scored[name.split("/")[0]].extend(tally.scored)
            if name.startswith("tuned"):
                errors.extend(tally.errors)
    yield from homonyms.report(gazetteer)
    yield from spans.report(gazetteer, folder.parent / "source-documents")
    rows = []
    for name, pairs_of in scored.items():
        sure = [right for score, right in pairs_of if score >= 0.9]
        rights = [score for score, right in pairs_of if right]
        rows.append([
            name, str(len(sure)),
            f"{100 * sum(sure) / len(sure):.1f} %" if sure else "–",
            f"{100 * sum(s >= 0.9 for s in rights) / len(rights):.1f} %" if rights else "–",
        ])  # fmt: skip
    yield from table(
        "Calibration over all sets",
        ["half", "answers scored ≥ 0.9", "of them right", "right answers scored ≥ 0.9"],
        rows,
    )
    counts = classes.measure(gazetteer, folder, villages)
    yield from classes.report(counts)
    if show_errors:
        errors.extend(classes.errors(counts))
        yield from ["", "## Errors on the tuned half", "", *(f"- {e}" for e in errors)]
