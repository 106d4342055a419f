"""What a link may still mean: codes that exist nowhere are left out of its selection and named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gazetteer import Gazetteer
from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard


def usable(
    dash: Dashboard, selection: Selection, gazetteer: Gazetteer
) -> tuple[Selection, tuple[Problem, ...]]:
    """The selection without codes that exist nowhere, and a problem for each code in doubt.

    A province or district that exists but has no incident stays: nothing is the true answer then.
    Everything else that the data do not have is taken for a broken link and ignored.
    """
    exists = {
        "provinces": {place.adm1_pcode for place in gazetteer.provinces()},
        "districts": {place.adm2_pcode for place in gazetteer.districts()},
    }
    kept: dict[str, Any] = {}
    problems = []
    for part, code in dash.missing(selection):
        if code in exists.get(part, ()):
            remedy = "It matches nothing; remove the filter"
        else:
            remedy = "It was ignored; check the link for a misspelling"
            chosen = kept.get(part, getattr(selection, part))
            kept[part] = tuple(other for other in chosen if other != code)
        problems.append(Problem("link", part, f"the data have no “{code}”", remedy, "warning"))
    return replace(selection, **kept), tuple(problems)
