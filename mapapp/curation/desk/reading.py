"""What a reader gave, laid on the desk; a second reading never overwrites (reading → desk).

What a person typed, changed, decided or moved stays as it is, wherever it is by now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from gazetteer import Gazetteer
from mapapp.curation.desk.desk import Asked, Desk, IncidentDraft, PageFacts
from mapapp.curation.document import Document
from mapapp.curation.grid import State, Value, with_row
from mapapp.curation.read_values import (
    attribution_statement,
    day_part,
    figure_statement,
    header_of,
    kind_part,
    target_part,
    where_part,
)
from mapapp.reading.model import Draft, Question, Reading, Span, Speaker
from mapapp.reading.model import Value as ReadValue


def desk_of(reading: Reading, page: PageFacts, gazetteer: Gazetteer) -> Desk:
    """The desk of a page that was read for the first time."""
    return read_again(Desk(page), reading, page, gazetteer)


def read_again(desk: Desk, reading: Reading, page: PageFacts, gazetteer: Gazetteer) -> Desk:
    """The desk after another reading of the same text.

    A value read anew at the words of one that nobody touched takes its place; one that is not read
    any more goes, unless a person touched it.
    """
    drafts = [_Read(draft, reading.text, gazetteer) for draft in reading.drafts]
    origins = {value.origin for draft in drafts for value, _ in draft.values}
    desk = _without_unread(replace(desk, page=page), origins)
    for draft in drafts:
        desk = _laid(desk, draft)
    answered = {own.key: own for own in desk.questions if own.answer}
    return replace(desk, questions=_asked(reading.questions, answered))


class _Read:
    """A draft as values of the desk, each with its speaker."""

    def __init__(self, draft: Draft, text: str, gazetteer: Gazetteer) -> None:
        self.draft = draft
        self.values: list[tuple[Value, Speaker | None]] = []
        if draft.day:
            self._part(draft.day, "date", day_part(draft.day, text))
        if draft.where:
            self._part(draft.where, "place", where_part(draft.where, text, gazetteer))
        if draft.kind:
            self._part(draft.kind, "event_type", kind_part(draft.kind, text))
        if draft.target:
            self._part(draft.target, "target", target_part(draft.target, text))
        for figure in draft.figures:
            content = figure_statement(figure, text)
            made = _value(figure, "claims", str(figure.property), content)
            self.values.append((made, figure.speaker))
        for said in draft.attributions:
            content = attribution_statement(said, text)
            self.values.append((_value(said, "claims", "attribution", content), said.speaker))

    def _part(self, read: ReadValue, part: str, content: Document) -> None:
        self.values.append((_value(read, part, part, content), None))


def _value(read: ReadValue, part: str, what: str, content: Document) -> Value:
    span = (read.span.start, read.span.end)
    return Value(
        "", part, content, "", span, read.rule, f"{what}:{span[0]}-{span[1]}", State.OPEN,
        by_person=False,
    )  # fmt: skip


def _without_unread(desk: Desk, origins: set[str]) -> Desk:
    """Without values that nobody touched and that are not read any more."""
    incidents = []
    for own in desk.incidents:
        values = tuple(v for v in own.grid.values if v.touched or v.origin in origins)
        speaking = {v.row for v in values}
        grid = replace(
            own.grid, values=values,
            speakers=tuple(s for s in own.grid.speakers if s.by_person or s.key in speaking),
        )  # fmt: skip
        parts = tuple(v for v in own.parts if v.touched or v.origin in origins)
        kept = replace(own, grid=grid, parts=parts)
        if kept.touched or any(kept.values()):
            incidents.append(kept)
    return replace(desk, incidents=tuple(incidents))


def _laid(desk: Desk, read: _Read) -> Desk:
    """The desk with a draft: in the incident that holds most of its values, else a new one."""
    holders: Counter[str] = Counter()
    where: dict[str, tuple[str, Value]] = {}
    for incident in desk.incidents:
        for value in incident.values():
            if value.origin:
                where[value.origin] = (incident.key, value)
    for value, _ in read.values:
        if value.origin in where:
            holders[where[value.origin][0]] += 1
    if holders:
        incident = desk.incident(holders.most_common(1)[0][0])
    else:
        desk, incident = desk.new_incident()
    desk = desk.put(_headed(incident, read.draft))
    for value, speaker in read.values:
        held = where.get(value.origin)
        if held is None:
            desk = desk.put(_with(desk.incident(incident.key), value, speaker))
        elif not held[1].touched:
            holder = desk.incident(held[0])
            desk = desk.put(_with(_dropping(holder, held[1]), value, speaker, held[1].key))
    return desk


def _headed(incident: IncidentDraft, draft: Draft) -> IncidentDraft:
    answered = {own.key: own for own in incident.questions if own.answer}
    if incident.touched:
        return replace(incident, questions=_asked(draft.questions, answered, incident.key))
    return replace(
        incident, title=draft.title, background=draft.background, country=draft.country or "AFG",
        questions=_asked(draft.questions, answered, incident.key),
    )  # fmt: skip


def _asked(
    questions: Iterable[Question], answered: dict[str, Asked], of: str = "page"
) -> tuple[Asked, ...]:
    found = {}
    for own in questions:
        at = pair(own.span)
        key = f"{of}.{own.code}.{at[0] if at else ''}"
        asked = Asked(key, own.code, own.text, own.field, own.options, at)
        found[key] = replace(asked, answer=answered[key].answer) if key in answered else asked
    return tuple({**answered, **found}.values())


def pair(span: Span | None) -> tuple[int, int] | None:
    """A span as two offsets."""
    return (span.start, span.end) if span else None


def _dropping(incident: IncidentDraft, value: Value) -> IncidentDraft:
    grid = incident.grid
    return replace(
        incident,
        parts=tuple(own for own in incident.parts if own.key != value.key),
        grid=replace(grid, values=tuple(own for own in grid.values if own.key != value.key)),
    )


def _with(
    incident: IncidentDraft, value: Value, speaker: Speaker | None, key: str = ""
) -> IncidentDraft:
    """The incident with a value that was read; a part that a person decided on stays decided."""
    grid = incident.grid
    name = key or f"{grid.name}v{grid.made}"
    grid = grid if key else replace(grid, made=grid.made + 1)
    if speaker is None:
        decided = any(own.part == value.part and own.touched for own in incident.parts)
        state = State.REJECTED if decided else State.OPEN
        made = replace(value, key=name, state=state)
        return replace(incident, grid=grid, parts=(*incident.parts, made))
    grid, row = with_row(grid, header_of(speaker), span=pair(speaker.span), by_person=False)
    made = replace(value, key=name, row=row)
    return replace(incident, grid=replace(grid, values=(*grid.values, made)))
