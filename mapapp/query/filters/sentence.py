"""A selection in words: one sentence, and one chip for each thing that can be removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mapapp.domain.selection import Selection
from mapapp.query.filters.table import BY_PART, FILTERS
from mapapp.query.filters.words import Labels, either, word

#: The order in which parts are said; the subject comes before them and the days after.
_ORDER = (
    "targets", "provinces", "districts", "near", "along", "groups", "kinds", "speakers", "victims",
    "participants", "killed", "wounded", "doubts", "sources", "geo_precisions", "date_precisions",
    "text", "datasets",
)  # fmt: skip

_PLURALS = {
    "armed_attack": "armed attacks",
    "bombing": "bombings",
    "suicide_attack": "suicide attacks",
    "complex_attack": "complex attacks",
    "armed_clash": "armed clashes",
    "offensive": "offensives",
    "raid": "raids",
    "shelling": "shelling",
    "other": "other attacks",
}

_NONE: Labels = {}


@dataclass(frozen=True, slots=True)
class ActivePart:
    """One thing a reader chose: its words, and the selection without it.

    A part with several codes has one entry a code; `value` is that code, else None.
    """

    part: str
    words: str
    without: Selection
    value: str | None = None


def sentence(selection: Selection, labels: Labels = _NONE) -> str:
    """The filters as one sentence: "Attacks in Herat or Kabul claimed by ISKP, Sep–Dec 2022"."""
    types = [
        _PLURALS.get(code, word(labels, "event_types", code)) for code in selection.event_types
    ]
    subject = either(types, last="and") if types else "attacks"
    fragments = [
        words
        for part in _ORDER
        if BY_PART[part].active(selection) and (words := BY_PART[part].phrase(selection, labels))
    ]
    said = " ".join([subject[:1].upper() + subject[1:], *fragments])
    if not fragments and not types and not (selection.date_from or selection.date_to):
        said = "All attacks in Afghanistan"
    if selection.date_from or selection.date_to:
        said += f", {BY_PART['date'].phrase(selection, labels)}"
    also = [
        BY_PART[part].phrase(selection, labels)
        for part in ("background", "abroad")
        if BY_PART[part].active(selection)
    ]
    return said + (f", also those {either(also, last='and')}" if also else "")


def active_parts(selection: Selection, labels: Labels = _NONE) -> tuple[ActivePart, ...]:
    """The chips: every active part, a list of codes one by one, in the order of the link."""
    found = []
    for entry in FILTERS:
        if not entry.active(selection):
            continue
        if entry.codes is None:
            found.append(
                ActivePart(entry.part, entry.chip(selection, labels), entry.lifted(selection))
            )
            continue
        codes = getattr(selection, entry.codes)
        for code in codes:
            rest: dict[str, Any] = {entry.codes: tuple(c for c in codes if c != code)}
            words = word(labels, entry.part, code)
            if entry.part == "speakers":
                words = f"according to {words}"  # else it could be whom a statement is about
            if entry.part == "participants":
                words = f"side: {words}"  # else it could be who did it
            found.append(ActivePart(entry.part, words, replace(selection, **rest), code))
    return tuple(found)
