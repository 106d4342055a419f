"""The desk as data for the browser (desk → page). Pure but for the gazetteer's names of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from gazetteer import Gazetteer
from mapapp.curation.change import Draft
from mapapp.curation.desk.desk import PARTS, Asked, Desk, IncidentDraft
from mapapp.curation.desk.recording import document_of, page_source
from mapapp.curation.filled import day_of
from mapapp.curation.grid import State, Value
from mapapp.domain import wording
from mapapp.domain.source import Source
from mapapp.domain.vocab import EventType, TargetType, label
from mapapp.importers.cells.places import Disc, place_ref
from mapapp.linking.likeness import Likeness
from mapapp.ui.curation.grid import choices as grid_choices
from mapapp.ui.curation.grid import statement
from mapapp.ui.curation.grid import view as grid_view

#: What stands for a kind that nobody has said, where a draft is compared only.
_OPEN_CODES: Final = (("event_type", "value", "other"), ("target", "type", "unknown"))
_NOWHERE: Final = {"paragraph": "1"}

#: What a part's words are lit as.
_KINDS: Final = {"date": "date", "place": "place", "event_type": "kind", "target": "kind"}


def choices() -> Mapping[str, Any]:
    """What the lists of the desk offer."""
    return {
        **grid_choices(),
        "kinds_of_attack": [("", "Kind of attack?"), *((e.value, label(e)) for e in EventType)],
        "targets": [("", "Kind of target?"), *((t.value, label(t)) for t in TargetType)],
    }


def incident_view(
    incident: IncidentDraft,
    number: int,
    gazetteer: Gazetteer,
    *,
    publisher: str,
    faults: Mapping[str, Mapping[str, str]],
    wanting: Sequence[str],
    alike: Sequence[Likeness],
) -> Mapping[str, Any]:
    """One draft."""
    parts = {name: _part(incident, name, gazetteer) for name in PARTS}
    own = {place: fault for place, fault in faults.items() if place.startswith(incident.key + ".")}
    return {
        "key": incident.key,
        "name": f"Incident {number}",
        "title": incident.title,
        "dropped": incident.dropped,
        "background": incident.background,
        "parts": parts,
        "grid": grid_view(incident.grid, own, publisher, {}),
        "values": [own for own in parts.values() if own and own["key"]]
        + [
            statement(value) | {"kind": _lit_as(value)}
            for value in incident.grid.values
            if value.state is not State.REJECTED
        ],
        "questions": [
            question_view(own) for own in incident.questions if not _settled(incident, own)
        ],
        "open": len(incident.open_values()),
        "wanting": list(wanting),
        "alike": [
            {"id": own.id, "title": own.title, "reasons": list(own.reasons),
             "joined": own.id == incident.joins}
            for own in alike
        ],
    }  # fmt: skip


def _settled(incident: IncidentDraft, asked: Asked) -> bool:
    """Whether a person has decided on the part that a question without an answer is about."""
    part = incident.part(asked.field) if asked.field in PARTS else None
    return not asked.answer and part is not None and part.touched


def _lit_as(value: Value) -> str:
    return "who" if value.content.get("property") == "attribution" else "figure"


def question_view(asked: Asked) -> Mapping[str, Any]:
    """A question with its answers."""
    return {
        "key": asked.key,
        "text": asked.text,
        # Which place is meant is chosen among the places themselves.
        "options": [] if asked.field == "place" else list(asked.options),
        "span": asked.span,
        "answer": asked.answer,
        "said": asked.text,
    }


def _part(incident: IncidentDraft, name: str, gazetteer: Gazetteer) -> Mapping[str, Any] | None:
    value = incident.part(name)
    others = [
        {"key": own.key, "said": _said(own, gazetteer)}
        for own in incident.parts
        if own.part == name and own is not value
    ]
    if value is None:
        empty = {"key": "", "content": {}, "shown": "", "candidates": [], "said": ""}
        return empty | {"others": others} if others else None
    content = value.content
    return {
        "key": value.key,
        "said": f"{label(name)}: {_said(value, gazetteer)}",
        "words": str(content.get("words") or content.get("text") or ""),
        "span": value.span,
        "rule": value.rule,
        "kind": _KINDS[name],
        "state": str(value.state),
        "by_person": value.by_person,
        "content": {own: str(held) for own, held in content.items() if isinstance(held, str)},
        "shown": _shown(value, gazetteer),
        "candidates": _candidates(content, gazetteer) if name == "place" else [],
        "others": others,
    }


def _said(value: Value, gazetteer: Gazetteer) -> str:
    content = value.content
    if value.part == "event_type":
        return label(str(content.get("value") or "not chosen yet"))
    if value.part == "target":
        return str(content.get("text") or label(str(content.get("type") or "")))
    return _shown(value, gazetteer) or str(content.get("text") or "")


def _shown(value: Value, gazetteer: Gazetteer) -> str:
    """What was made of the words: the days, the place."""
    content = value.content
    if value.part == "date":
        first, last = day_of(content.get("earliest")), day_of(content.get("latest"))
        return _days(first, last) if first or last else ""
    if value.part == "place":
        return place_words(content, gazetteer) if content.get("id") else ""
    return ""


def _days(first: date | None, last: date | None) -> str:
    return wording.day_range(first, last)


def place_words(content: Mapping[str, Any], gazetteer: Gazetteer) -> str:
    """A place of a part by its names: "Fayzabad (settlement), Badakhshan"."""
    place = gazetteer.place(str(content["id"]))
    above = [own.name for own in gazetteer.ancestors(place.id) if own.placetype != "country"]
    disc = [str(Disc(**content["disc"]))] if content.get("disc") else []
    kind = place.placetype.replace("_", " ")
    names = [name for name in above if name != place.name]
    return ", ".join([*disc, f"{place.name} ({kind})", *names])


def _candidates(content: Mapping[str, Any], gazetteer: Gazetteer) -> list[Mapping[str, Any]]:
    """The place and the others that the words can mean, with what the small map draws."""
    own = {name: content[name] for name in ("id", "disc") if name in content}
    found = []
    for entry in [*([own] if own else []), *content.get("others", [])]:
        disc = Disc(**entry["disc"]) if entry.get("disc") else None
        place = place_ref(gazetteer, str(entry["id"]), str(content.get("text") or ""), disc=disc)
        found.append(
            {"id": entry["id"], "name": place_words(entry, gazetteer), "lat": place.lat,
             "lng": place.lng, "radius_m": place.radius_m, "chosen": entry is own}
        )  # fmt: skip
    return sorted(found, key=lambda each: str(each["name"]))


def reading_words(desk: Desk) -> str:
    """What was found, in one line."""
    kept = desk.wanted
    values = sum(1 for own in kept for _ in own.values())
    if not kept:
        return "No incident was read in this page. Mark words in it, or add one by hand."
    return f"{wording.counted(len(kept), 'incident')}, {wording.counted(values, 'value')}"


def as_if_accepted(
    desk: Desk, incident: IncidentDraft, gazetteer: Gazetteer, known: Mapping[str, Source]
) -> Draft:
    """A draft of a record with all that was read of an incident, to compare it with others."""

    def taken(values: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(
            replace(own, state=State.ACCEPTED) if own.state is State.OPEN else own for own in values
        )

    whole = replace(
        incident,
        parts=taken(incident.parts),
        grid=replace(incident.grid, values=taken(incident.grid.values)),
    )
    source, new = page_source(desk, known)
    document = document_of(whole, source, gazetteer, ())
    for name, field, code in _OPEN_CODES:
        if not document[name].get(field):
            document[name] = {**_NOWHERE, **document[name], field: code}
    document["target"].setdefault("text", "not said")
    return Draft(document, new)
