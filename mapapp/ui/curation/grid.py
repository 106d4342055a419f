"""The grid of speakers and what they say, as the browser shows it (grid → page → acts)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from mapapp.curation.acts import Act, apply
from mapapp.curation.figure_text import suggestions, text_of
from mapapp.curation.grid import COLUMNS, DETAILS, OTHERS, Grid, Speaker, State, Value
from mapapp.domain.actors import ACTORS, actor
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Property,
    SpeakerClass,
    label,
)
from mapapp.ui.parts.embed import addresses, declare

_MOUNT = declare("claims_grid", 120)

#: Words above a statement's own fields.
_DETAIL_WORDS: Final = {
    "words": "The few words that carry it",
    "paragraph": "Paragraph",
    "asserted_on": "Day it was said (YYYY-MM-DD)",
    "victim_text": "The page's word for the victims",
    "actor_text": "The page's word for the actor",
    "note": "Note of ours",
}


@dataclass
class Filled:
    """A grid while somebody fills it in: what could not be read of it, by cell, and how many of
    the browser's acts have been done. `guess` gives the kind of speaker that a name shows.
    """

    grid: Grid
    guess: Callable[[str], str] = lambda name: ""
    faults: dict[str, dict[str, str]] = field(default_factory=dict)
    applied: int = 0

    def hear(self, acts: object, paragraph: str) -> None:
        """Do what the browser tells that has not been done yet, in its order."""
        for act in new_acts(acts, self.applied):
            self.applied = int(act["n"])
            place = f"{act.get('row', '')}.{act.get('column', '')}"
            try:
                self.grid = apply(self.grid, act, paragraph=paragraph, guess=self.guess)
                self.faults.pop(place, None)
            except InvalidInput as error:
                self.faults[place] = {"typed": str(act.get("text", "")), "words": str(error)}


def new_acts(acts: object, applied: int) -> list[Act]:
    """The acts of a component's state that are numbered above `applied`."""
    found = [a for a in acts if isinstance(a, Mapping)] if isinstance(acts, (list, tuple)) else []
    return [act for act in found if isinstance(act.get("n"), int) and act["n"] > applied]


def show_grid(
    filled: Filled, key: str, publisher: str, sources: Mapping[str, str], paragraph: str
) -> None:
    """Draw the grid; `paragraph` is where a new statement stands unless it says so itself."""

    def heard() -> None:
        filled.hear(st.session_state[key].get("acts"), paragraph)

    _MOUNT(
        key=key,
        data={
            **addresses(),
            "choices": choices(),
            "applied": filled.applied,
            "grid": view(filled.grid, filled.faults, publisher, sources),
        },
        on_acts_change=heard,
    )


def choices() -> Mapping[str, Any]:
    """What the grid's lists offer, as (code, words)."""
    return {
        "speakers": [("", "Kind of speaker?"), *((own.value, label(own)) for own in SpeakerClass)],
        "kinds": [("", "Nothing said"), *((own.value, label(own)) for own in AttributionKind)],
        "actors": [("", "Of whom?"), *((own.id, own.name) for own in ACTORS)],
        "others": [(own, label(own)) for own in OTHERS],
        "details": [(name, _DETAIL_WORDS[name]) for name in DETAILS],
        "victims": list(suggestions()),
    }


def view(
    grid: Grid,
    faults: Mapping[str, Mapping[str, str]],
    publisher: str,
    sources: Mapping[str, str],
) -> Mapping[str, Any]:
    """The grid as data for the browser, with an empty row at its end."""
    speakers = [*grid.speakers, Speaker(grid.spare)]
    return {
        "rows": [_row(grid, own) for own in speakers],
        "publisher": publisher or "the publisher",
        "sources": [("", "Source of the record"), *sources.items()],
        "faults": {place: dict(own) for place, own in faults.items()},
    }


def _row(grid: Grid, speaker: Speaker) -> Mapping[str, Any]:
    said = [v for v in grid.values if v.row == speaker.key and v.state is not State.REJECTED]
    paragraphs = {str(own.content.get("paragraph") or "") for own in said}
    return {
        "key": speaker.key,
        "asserted_by": speaker.asserted_by,
        "speaker_class": speaker.speaker_class,
        "source": speaker.source,
        "span": speaker.span,
        "paragraph": paragraphs.pop() if len(paragraphs) == 1 else "",
        "cells": {str(measure): _cell(said, measure) for measure in COLUMNS},
        "attributions": [_attribution(v) for v in _on(said, Property.ATTRIBUTION)],
        "others": [
            {"key": v.key, "property": v.content["property"], "text": _other(v.content)}
            for v in said
            if v.content["property"] in OTHERS
        ],
        "details": [{**statement(v), "content": _plain(v.content), "has": _has(v)} for v in said],
    }


def _other(content: Mapping[str, Any]) -> str:
    if content["property"] in MEASURES:
        return text_of([content])
    return str(content.get("value", ""))


def _cell(said: Sequence[Value], measure: Property) -> Mapping[str, Any]:
    here = _on(said, measure)
    return {
        "text": text_of(own.content for own in here),
        "values": [statement(own) for own in here],
    }


def _attribution(value: Value) -> Mapping[str, Any]:
    content = value.content
    return statement(value) | {"kind": content.get("kind", ""), "actor": content.get("actor", "")}


def _on(said: Sequence[Value], prop: Property) -> list[Value]:
    return [own for own in said if own.content["property"] == prop]


def _has(value: Value) -> list[str]:
    prop = value.content["property"]
    left_out = set() if prop in MEASURES else {"victim_text"}
    return [
        name
        for name in DETAILS
        if name not in left_out | (set() if prop == Property.ATTRIBUTION else {"actor_text"})
    ]


def statement(value: Value) -> dict[str, Any]:
    """One statement as data for the browser."""
    return {
        "key": value.key,
        "said": summary(value.content),
        "words": str(value.content.get("words") or ""),
        "span": value.span,
        "rule": value.rule,
        "state": str(value.state),
        "by_person": value.by_person,
    }


def _plain(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(content[name]) for name in DETAILS if content.get(name)}


def summary(claim: Mapping[str, Any]) -> str:
    """A statement in a few words: "killed: at least 6 civilians"."""
    prop = str(claim.get("property", ""))
    if prop in MEASURES:
        said = text_of([claim])
    elif prop == Property.ATTRIBUTION:
        name = actor(str(claim["actor"])).short if claim.get("actor") else ""
        said = f"{label(str(claim.get('kind', '')))} {name}".strip()
    else:
        said = str(claim.get("value", ""))
        said = label(said) if prop == Property.EVENT_TYPE else said
    return f"{label(prop)}: {said}"
