"""A selection in words: one sentence, and one chip for each thing that can be removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mapapp.domain.countries import HOME, country_name
from mapapp.domain.selection import Selection
from mapapp.query.filters.entry import Codes, Flag
from mapapp.query.filters.table import CODES, DATE, FILTERS
from mapapp.query.filters.words import Labels, countries_words, either

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
        _PLURALS.get(code, CODES["event_types"].word(labels, code))
        for code in selection.event_types
    ]
    subject = either(types, last="and") if types else "attacks"
    active = [entry for entry in FILTERS if entry.active(selection)]
    flags = [entry for entry in active if isinstance(entry, Flag)]
    also = [entry.phrase(selection, labels) for entry in flags]
    apart = (DATE, CODES["event_types"])  # at the end, and the subject
    fragments = [
        words
        for entry in active
        if not isinstance(entry, Flag) and entry not in apart
        if (words := entry.phrase(selection, labels))
    ]
    text = " ".join([subject[:1].upper() + subject[1:], *fragments])
    dated = selection.date_from or selection.date_to
    if not fragments and not types and not dated:
        everywhere = tuple(labels.get("countries", {}).values()) if selection.abroad else ()
        text = f"All attacks in {countries_words(everywhere or (country_name(HOME),))}"
        if everywhere:
            also = [entry.phrase(selection, labels) for entry in flags if entry.part != "abroad"]
    if dated:
        text += f", {DATE.phrase(selection, labels)}"
    return text + (f", also those {either(also, last='and')}" if also else "")


def active_parts(selection: Selection, labels: Labels = _NONE) -> tuple[ActivePart, ...]:
    """The chips: every active part, a list of codes one by one, in the order of the link."""
    chips = []
    for entry in FILTERS:
        if not entry.active(selection):
            continue
        if not isinstance(entry, Codes):
            words = entry.chip(selection, labels)
            chips.append(ActivePart(entry.part, words, entry.lifted(selection)))
            continue
        codes = entry.chosen(selection)
        for code in codes:
            rest: dict[str, Any] = {entry.part: tuple(c for c in codes if c != code)}
            words = entry.one_says.format(entry.word(labels, code))
            chips.append(ActivePart(entry.part, words, replace(selection, **rest), code))
    return tuple(chips)
