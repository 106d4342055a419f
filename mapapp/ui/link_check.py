"""What a link may still mean: codes that exist nowhere are left out of its selection and named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.codes import unmatched

#: The lists of filters are beside the notice; it names no more than can be read at a glance.
_MOST: Final = 12


def usable(dash: Dashboard, selection: Selection) -> tuple[Selection, tuple[Problem, ...]]:
    """The selection without codes that exist nowhere, and a problem for each code in doubt.

    What exists but has no incident stays: nothing is the true answer then.
    """
    problems = []
    for part, code, problem in unmatched(dash, selection, _MOST):
        if problem.severity == "error":
            chosen = getattr(selection, part)
            rest: dict[str, Any] = {part: tuple(other for other in chosen if other != code)}
            selection = replace(selection, **rest)
            remedy = f"It was ignored; {problem.remedy[:1].lower()}{problem.remedy[1:]}"
            problem = replace(problem, remedy=remedy)
        problems.append(problem)
    return selection, tuple(problems)
