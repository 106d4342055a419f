"""What the checks of a record find, said in the words of its form (check → page)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mapapp.domain.problems import Problem
from mapapp.ui.curation.grid import summary

#: A field of the file, and the part of the form and the label under which it is typed.
_LABELS: Final[Mapping[str, str]] = {
    "id": "5 · Id",
    "title": "5 · Title",
    "source": "1 · Source",
    "country": "5 · Country",
    "date.earliest": "2 · First possible day",
    "date.latest": "2 · Last possible day",
    "date.precision": "2 · Known to",
    "date.text": "2 · Day",
    "date.derivation": "2 · How the days were made of them",
    "date": "2 · Day",
    "place.text": "2 · Place",
    "place.id": "2 · Place",
    "place": "2 · Place",
    "place.precision": "2 · How exactly known",
    "event_type.value": "3 · Kind of attack",
    "target.type": "3 · Kind of target",
    "target.text": "3 · The target, in our own words",
    "notes": "5 · Notes",
}
_OF_THE_SOURCE: Final[Mapping[str, str]] = {
    "id": "Number or short name",
    "publisher": "Publisher",
    "title": "Title of the page",
    "url": "Address of the page",
    "language": "Language",
    "licence": "Licence",
    "published.earliest": "Published",
    "published.latest": "Published, last possible day",
    "published.how": "Published",
}

#: An empty field, as the checks of a file put it.
_EMPTY: Final = re.compile(r"^is missing$|^'': ")
_CLAIM: Final = re.compile(r"^claims[.\[](\d+)\]?(?:\.(.+))?$")
_PARAGRAPH: Final = re.compile(r"^(?:date|place|event_type|target)\.paragraph$")


def in_the_form(problems: Sequence[Problem], document: Mapping[str, Any]) -> list[str]:
    """ "2 · First possible day: is empty. Fill it in", once where several parts say the same.

    `document` is what was checked: a statement's fault names who says what.
    """
    return list(dict.fromkeys(_said(own, document) for own in problems))


def _said(problem: Problem, document: Mapping[str, Any]) -> str:
    label = _label(problem, document)
    if _EMPTY.match(problem.fault):
        return f"{label}: is empty. Fill it in"
    return f"{label}: {problem.fault}. {problem.remedy}"


def _label(problem: Problem, document: Mapping[str, Any]) -> str:
    field = problem.field
    if problem.where.startswith("source "):
        return f"1 · {_OF_THE_SOURCE.get(field, field)}"
    if _PARAGRAPH.match(field):
        return "2 · Paragraph of the page"
    claims = document.get("claims", ())
    if (claim := _CLAIM.match(field)) and int(claim[1]) <= len(claims):
        said = claims[int(claim[1]) - 1]
        who = said.get("asserted_by") or "the publisher"
        inner = f", {claim[2].replace('_', ' ')}" if claim[2] else ""
        return f"4 · {who}, {summary(said)}{inner}"
    return _LABELS.get(field) or f"4 · {field[:1].upper()}{field[1:]}"
