"""What an editor does with the drafts of a page, and what becomes of them (act → desk).

An act is plain JSON from the browser: `op` says what. Those of the grid are `curation/acts.py`'s,
with the incident they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gazetteer import Gazetteer
from gazetteer.errors import GazetteerError
from mapapp.curation import acts as grid_acts
from mapapp.curation.desk.desk import PARTS, Asked, Desk, IncidentDraft
from mapapp.curation.desk.words import marked
from mapapp.curation.document import Document
from mapapp.curation.filled import day_of, days_of, speaker_class_of
from mapapp.curation.grid import Grid, State, Value, with_row
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import DatePrecision, EventType, GeoPrecision, TargetType
from mapapp.importers.cells.places import disc_of

Act = Mapping[str, Any]

#: What a person can set of a part, and the codes that it must be one of.
_FIELDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "date": {"text": (), "earliest": (), "latest": (), "derivation": (),
             "precision": tuple(DatePrecision)},
    "place": {"text": (), "precision": ("", *GeoPrecision)},
    "event_type": {"value": tuple(EventType)},
    "target": {"type": tuple(TargetType), "text": ()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What acts need beside the desk: the page's text, "" where it is not at hand."""

    text: str
    gazetteer: Gazetteer


def apply(desk: Desk, act: Act, context: Context) -> Desk:
    """The desk after an act. Raises InvalidInput for one that cannot be."""
    op = _text(act, "op")
    try:
        if op in _OPS:
            return _OPS[op](desk, act, context)
        if op in grid_acts.OPS:
            incident = desk.incident(_text(act, "incident"))
            target = incident.part("target")
            kind = str(target.content.get("type", "")) if target else ""
            grid = grid_acts.apply(
                incident.grid, act, paragraph=_paragraph(incident),
                guess=lambda name: speaker_class_of(name, kind),
            )  # fmt: skip
            return desk.put(replace(incident, grid=grid))
    except KeyError as error:
        raise InvalidInput("this value or incident is not there any more; look again") from error
    raise InvalidInput(f"“{op}” is nothing that can be done here")


def _text(act: Act, name: str) -> str:
    found = act.get(name, "")
    return found if isinstance(found, str) else ""


def _paragraph(incident: IncidentDraft) -> str:
    """Where a new statement stands unless it says so itself: beside the day or the place."""
    for name in PARTS:
        if (own := incident.part(name)) and own.content.get("paragraph"):
            return str(own.content["paragraph"])
    for value in incident.grid.values:
        if value.state is not State.REJECTED and value.content.get("paragraph"):
            return str(value.content["paragraph"])
    return ""


def _decide(desk: Desk, value: str, state: State) -> Desk:
    incident = desk.holder(value)
    parts = tuple(_decided(own, value, state, incident.parts) for own in incident.parts)
    grid = replace(
        incident.grid,
        values=tuple(
            replace(own, state=state) if own.key == value else own for own in incident.grid.values
        ),
    )
    return desk.put(replace(incident, parts=parts, grid=grid))


def _decided(own: Value, value: str, state: State, among: tuple[Value, ...]) -> Value:
    """A part after a decision: accepting one of several for a part rejects the others."""
    if own.key == value:
        return replace(own, state=state)
    chosen = next((other for other in among if other.key == value), None)
    if chosen is not None and state is State.ACCEPTED and chosen.part == own.part:
        return replace(own, state=State.REJECTED)
    return own


def _accept(desk: Desk, act: Act, context: Context) -> Desk:
    return _decide(desk, _text(act, "value"), State.ACCEPTED)


def _reject(desk: Desk, act: Act, context: Context) -> Desk:
    return _decide(desk, _text(act, "value"), State.REJECTED)


def _accept_all(desk: Desk, act: Act, context: Context) -> Desk:
    key = _text(act, "incident")
    for own in desk.incident(key).open_values():
        desk = _decide(desk, own.key, State.ACCEPTED)
    return desk


def _part(desk: Desk, act: Act, context: Context) -> Desk:
    """A field of a part as a person says it; other words for a day or place are read anew."""
    part, name, text = (_text(act, own) for own in ("part", "name", "text"))
    codes = _FIELDS[part][name]
    text = " ".join(text.split())
    if codes and text not in codes:
        raise InvalidInput(f"“{text}” is not one of {', '.join(own for own in codes if own)}")
    incident = desk.incident(_text(act, "incident"))
    held = incident.part(part)
    content = dict(held.content) if held else _beside(incident)
    content[name] = text
    if part == "date" and name == "text":
        content = {**_without(content, "earliest", "latest", "precision", "derivation"),
                   **days_of(text, day_of(desk.page.published))}  # fmt: skip
    if part == "place" and name == "text":
        content = {**_without(content, "id", "disc", "ambiguous", "others"),
                   **place_of(text, context.gazetteer)}  # fmt: skip
    content = {own: value for own, value in content.items() if value not in ("", None, [])}
    return desk.put(_set_part(incident, part, content))


def _unsaid(desk: Desk, act: Act, context: Context) -> Desk:
    """A part that the page does not tell; the day then lies on or before that of publication."""
    part, incident = _text(act, "part"), desk.incident(_text(act, "incident"))
    told = desk.page.published
    how = f"the page gives no day; it is of {told}" if told else "the page gives no day"
    content = {
        "date": {"text": "not said", "precision": str(DatePrecision.UNKNOWN), "derivation": how,
                 **({"latest": told} if told else {})},
        "place": {"text": "not said", "id": "country:af"},
        "event_type": {"value": str(EventType.OTHER)},
        "target": {"type": str(TargetType.UNKNOWN), "text": "not said"},
    }[part]  # fmt: skip
    return desk.put(_set_part(incident, part, {**_beside(incident), **content}))


def _beside(incident: IncidentDraft) -> Document:
    paragraph = _paragraph(incident)
    return {"paragraph": paragraph} if paragraph else {}


def _without(content: Document, *names: str) -> Document:
    return {name: own for name, own in content.items() if name not in names}


def _set_part(
    incident: IncidentDraft, part: str, content: Document, span: tuple[int, int] | None = None
) -> IncidentDraft:
    """The incident with a part as a person has it; what was read for it stays, as it is or
    changed.
    """
    held = incident.part(part)
    if held is not None and span is None:
        parts = tuple(o.changed(content) if o.key == held.key else o for o in incident.parts)
        return replace(incident, parts=_others_rejected(parts, part, held.key))
    grid = incident.grid
    key = f"{grid.name}v{grid.made}"
    made = Value(key, part, content, span=span)
    return replace(
        incident,
        parts=_others_rejected((*incident.parts, made), part, key),
        grid=replace(grid, made=grid.made + 1),
    )


def _others_rejected(parts: tuple[Value, ...], part: str, key: str) -> tuple[Value, ...]:
    """One value stands for a part; the others that were read stay, as rejected."""
    return tuple(
        replace(own, state=State.REJECTED) if own.part == part and own.key != key else own
        for own in parts
        if own.part != part or own.key == key or own.origin
    )


def place_of(text: str, gazetteer: Gazetteer) -> Document:
    """The place that words mean, and what else they can mean; several and none chosen where the
    gazetteer does not decide.
    """
    try:
        found = gazetteer.search(text)
    except GazetteerError:
        return {}
    offered: list[Document] = []
    for own in found.candidates[:6]:
        disc = disc_of(own)
        offered.append({"id": own.id} | ({"disc": _disc(disc)} if disc else {}))
    if not offered:
        return {}
    if found.ambiguous:
        return {"others": offered}
    return {**offered[0], "others": offered[1:]}


def _disc(disc: Any) -> Document:
    return {"lat": disc.lat, "lng": disc.lng, "radius_m": disc.radius_m}


def _place(desk: Desk, act: Act, context: Context) -> Desk:
    """One of the places that the words can mean; `id` is the gazetteer's."""
    incident = desk.incident(_text(act, "incident"))
    held = incident.part("place")
    if held is None:
        raise KeyError("place")
    content = dict(held.content)
    first = {name: content[name] for name in ("id", "disc", "precision") if name in content}
    offered = [*([first] if "id" in first else []), *content.get("others", [])]
    chosen = next((own for own in offered if own["id"] == _text(act, "id")), None)
    if chosen is None:
        raise KeyError(_text(act, "id"))
    rest = [own for own in offered if own is not chosen]
    content = _without(content, "id", "disc", "precision", "ambiguous", "others")
    return desk.put(_set_part(incident, "place", {**content, **chosen, "others": rest}))


def _title(desk: Desk, act: Act, context: Context) -> Desk:
    incident, text = desk.incident(_text(act, "incident")), " ".join(_text(act, "text").split())
    return desk.put(replace(incident, title=text, title_by_person=True))


def _background(desk: Desk, act: Act, context: Context) -> Desk:
    incident = desk.incident(_text(act, "incident"))
    return desk.put(replace(incident, background=bool(act.get("on"))))


def _target_of(desk: Desk, key: str) -> tuple[Desk, IncidentDraft]:
    return desk.new_incident() if key == "new" else (desk, desk.incident(key))


def _move(desk: Desk, act: Act, context: Context) -> Desk:
    """A value in another incident, or in a new one: so a draft is split."""
    value = _text(act, "value")
    source = desk.holder(value)
    desk, target = _target_of(desk, _text(act, "to"))
    if target.key == source.key:
        return desk
    moved = next(own for own in source.values() if own.key == value)
    desk = desk.put(_taken(source, moved))
    return desk.put(_given(target, moved, source.grid))


def _taken(incident: IncidentDraft, value: Value) -> IncidentDraft:
    grid = incident.grid
    values = tuple(own for own in grid.values if own.key != value.key)
    speaking = {own.row for own in values}
    rows = tuple(
        own for own in grid.speakers if own.key != value.row or own.key in speaking
    )  # a speaker who says nothing any more goes with what was said
    parts = tuple(own for own in incident.parts if own.key != value.key)
    return replace(incident, parts=parts, grid=replace(grid, values=values, speakers=rows))


def _given(incident: IncidentDraft, value: Value, from_: Grid) -> IncidentDraft:
    """The incident with a value of another; a person put it there, and so it is looked at."""
    state = State.ACCEPTED if value.state is State.OPEN else value.state
    if value.part in PARTS:
        parts = (*incident.parts, replace(value, state=state))
        if state is State.ACCEPTED:
            parts = _others_rejected(parts, value.part, value.key)
        return replace(incident, parts=parts)
    speaker = from_.speaker(value.row)
    grid, row = with_row(
        incident.grid, speaker.header, span=speaker.span, by_person=speaker.by_person
    )
    made = replace(value, row=row, state=state)
    return replace(incident, grid=replace(grid, values=(*grid.values, made)))


def _merge(desk: Desk, act: Act, context: Context) -> Desk:
    """Two drafts of one incident as one; parts of the second stand where the first has none."""
    source, target = desk.incident(_text(act, "incident")), desk.incident(_text(act, "into"))
    if source.key == target.key:
        return desk
    for own in source.values():
        if own.part in PARTS:
            lacks = target.part(own.part) is None and own is source.part(own.part)
            state = own.state if lacks else State.REJECTED
            if lacks or own.origin:
                target = replace(target, parts=(*target.parts, replace(own, state=state)))
        else:
            state = own.state
            target = _given(target, own, source.grid)
            values = tuple(
                replace(v, state=state) if v.key == own.key else v for v in target.grid.values
            )
            target = replace(target, grid=replace(target.grid, values=values))
    target = replace(
        target,
        questions=(*target.questions, *source.questions),
        title=target.title or source.title,
        background=target.background and source.background,
    )
    desk = replace(desk, incidents=tuple(o for o in desk.incidents if o.key != source.key))
    return desk.put(target)


def _drop(desk: Desk, act: Act, context: Context) -> Desk:
    incident = desk.incident(_text(act, "incident"))
    return desk.put(replace(incident, dropped=bool(act.get("on", True))))


def _new(desk: Desk, act: Act, context: Context) -> Desk:
    return desk.new_incident()[0]


def _join(desk: Desk, act: Act, context: Context) -> Desk:
    """These claims go to a record that is there, or ("") to one of their own."""
    return desk.put(replace(desk.incident(_text(act, "incident")), joins=_text(act, "record")))


def _answer(desk: Desk, act: Act, context: Context) -> Desk:
    """What a person says to a question, and what follows: the day, or which figures hold."""
    key, said = _text(act, "question"), _text(act, "text")
    for incident in desk.incidents:
        for asked in incident.questions:
            if asked.key == key and said in asked.options:
                questions = tuple(
                    replace(own, answer=said) if own.key == key else own
                    for own in incident.questions
                )
                desk = desk.put(replace(incident, questions=questions))
                return _follow(desk, incident.key, asked, said)
    raise KeyError(key)


def _follow(desk: Desk, key: str, asked: Asked, said: str) -> Desk:
    incident = desk.incident(key)
    if asked.field == "date" and (when := incident.part("date")) and day_of(said):
        days = {"earliest": said, "latest": said, "precision": str(DatePrecision.DAY),
                "derivation": f"chosen by a person of {' and '.join(asked.options)}"}  # fmt: skip
        return desk.put(_set_part(incident, "date", {**when.content, **days}))
    if asked.field == "figures":
        for own in incident.grid.values:
            words = str(own.content.get("words") or "")
            if own.content["property"] != "attribution" and words in _lines(asked.options):
                held = words == " ".join(said.split())
                desk = _decide(desk, own.key, State.ACCEPTED if held else State.REJECTED)
    return desk


def _lines(options: tuple[str, ...]) -> set[str]:
    return {" ".join(own.split()) for own in options}


def _make(desk: Desk, act: Act, context: Context) -> Desk:
    """Words of the page, marked by a person, as a value of an incident."""
    start, end = act.get("start"), act.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise InvalidInput("mark the words in the page first")
    what = _text(act, "kind")
    found = marked(context.text, start, end, what)
    desk, incident = _target_of(desk, _text(act, "incident"))
    if what == "speaker":
        return desk.put(_speaking(incident, found.words, found.span, _text(act, "value")))
    if what in PARTS:
        content: Document = {"paragraph": found.paragraph}
        if what == "date":
            content |= {"text": found.words, **days_of(found.words, day_of(desk.page.published))}
        elif what == "place":
            content |= {"text": found.words, **place_of(found.words, context.gazetteer)}
        elif what == "event_type":
            content |= {"words": found.words}
        else:
            content |= {"words": found.words, "text": found.words}
        return desk.put(_set_part(incident, what, content, found.span))
    row = _row_for(incident, _text(act, "value"))
    grid, key = (incident.grid, row) if row else with_row(incident.grid, ("", "media", ""))
    made = Value(f"{grid.name}v{grid.made}", "claims", found.statement, key, found.span)
    grid = replace(grid, values=(*grid.values, made), made=grid.made + 1)
    return desk.put(replace(incident, grid=grid))


def _row_for(incident: IncidentDraft, value: str) -> str:
    """The speaker of the value that is being looked at, where the incident has it."""
    return next((own.row for own in incident.grid.values if own.key == value), "")


def _speaking(
    incident: IncidentDraft, words: str, span: tuple[int, int], value: str
) -> IncidentDraft:
    """The words as who says the value that is being looked at; else as a speaker without one."""
    grid, row = with_row(incident.grid, (words, "", ""), span=span)
    values = tuple(
        replace(own, row=row, by_person=True, state=State.ACCEPTED)
        if own.key == value and own.part not in PARTS
        else own
        for own in grid.values
    )
    return replace(incident, grid=replace(grid, values=values))


_OPS: Final[Mapping[str, Callable[[Desk, Act, Context], Desk]]] = {
    "accept": _accept,
    "reject": _reject,
    "accept_all": _accept_all,
    "part": _part,
    "place": _place,
    "unsaid": _unsaid,
    "title": _title,
    "background": _background,
    "move": _move,
    "merge": _merge,
    "drop_incident": _drop,
    "new_incident": _new,
    "join": _join,
    "answer": _answer,
    "make": _make,
}
