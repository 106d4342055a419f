"""Suggested pairs as CSV, each with its points and reasons, for work outside the page."""

from __future__ import annotations

import csv
import io

from mapapp.domain.selection import Selection
from mapapp.linking.decisions import DECISIONS, standing
from mapapp.linking.subjects import COLUMNS, subjects_of
from mapapp.linking.suggest import THRESHOLD, suggest, terms_of
from mapapp.query import Dashboard

HEADER = (
    "points", "left_id", "left_title", "left_earliest", "left_latest", "right_id", "right_title",
    "right_earliest", "right_latest", "reasons",
)  # fmt: skip

#: A cell that a spreadsheet would run as a formula is led by a quote.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def links_csv(dash: Dashboard, selection: Selection, threshold: int = THRESHOLD) -> str:
    """A row a pair that nobody has decided; `reasons` lists every term with its points."""
    subjects = subjects_of(dash.columns(selection, COLUMNS))
    decided = {
        frozenset((judgement.left_id, judgement.right_id))
        for judgement in standing(dash.judgements())
        if judgement.relation in DECISIONS
    }
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for suggestion in suggest(subjects, threshold=threshold, without=decided):
        reasons = "; ".join(
            f"{term.name} {term.points:+d}: {term.reason}"
            for term in terms_of(subjects, suggestion)
        )
        sides = [subjects.row(index) for index in (suggestion.left, suggestion.right)]
        cells = [side[name] for side in sides for name in ("id", "title", "earliest", "latest")]
        writer.writerow([suggestion.points, *(_safe(cell) for cell in cells), _safe(reasons)])
    return out.getvalue()


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
