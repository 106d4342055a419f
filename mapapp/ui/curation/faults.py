"""What the checks of a record find, said in the words of its form (check → page)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mapapp.domain.problems import Problem

#: A field of the file, and the part of the form and the label under which it is typed.
_LABELS: Final[Mapping[str, str]] = {
    "id": "1 · Id",
    "title": "1 · Title",
    "source": "1 · Source",
    "country": "1 · Country",
    "date.earliest": "2 · First possible day",
    "date.latest": "2 · Last possible day",
    "date.precision": "2 · Known to",
    "date.text": "2 · The source's words for it",
    "date.derivation": "2 · How the days were made of them",
    "place.text": "3 · The source's words for the place",
    "place.id": "3 · Find it in the gazetteer",
    "place.precision": "3 · How exactly known",
    "event_type.value": "4 · Kind of attack",
    "target.type": "4 · Kind of target",
    "target.text": "4 · The target, in our own words",
    "notes": "6 · Notes",
}

#: An empty field, as the checks of a file put it.
_EMPTY: Final = re.compile(r"^is missing$|^'': ")
_CLAIM: Final = re.compile(r"^claims[.\[](\d+)\]?(?:\.(.+))?$")


def in_the_form(problem: Problem) -> str:
    """ "2 · First possible day: is empty. Fill it in"; a place in the file where none is known."""
    label = _label(problem.field)
    if label is None:
        return str(problem)
    if _EMPTY.match(problem.fault):
        return f"{label}: is empty. Fill it in"
    return f"{label}: {problem.fault}. {problem.remedy}"


def _label(field: str) -> str | None:
    claim = _CLAIM.match(field)
    if claim:
        inner = f", {claim[2]}" if claim[2] else ""
        return f"5 · Statement {claim[1]}{inner}"
    return _LABELS.get(field)
