"""Speakers × what they say of one incident, as an editor fills it in (form ↔ grid).

Rows are speakers, columns the figures and who did it. Every change is a pure function of the grid
and gives a new one. The form of a record and the drafts of a page that was read share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from mapapp.curation.document import Document
from mapapp.curation.figure_text import TOLD, figures_of, text_of
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Property,
    SpeakerClass,
    label,
)

#: The figures that have a column.
COLUMNS: Final = (Property.KILLED, Property.WOUNDED, Property.CASUALTIES)

#: What a speaker can say beside those and who did it.
OTHERS: Final = tuple(
    str(own) for own in Property if own not in COLUMNS and own is not Property.ATTRIBUTION
)

#: A statement's own fields beside those that its column holds.
DETAILS: Final = ("words", "paragraph", "asserted_on", "victim_text", "actor_text", "note")

_HEADER: Final = ("asserted_by", "speaker_class", "source")


class State(StrEnum):
    """What a person decided about a value; what nobody has looked at is open."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a draft: `content` is a part of a seed file (`part` names it).

    `row` is the speaker of a statement. `span` is where in the page's text it stands (code points,
    half-open), `rule` what found it there, and `origin` what it was found as, which stays when a
    person changes it. `by_person` says that somebody typed it or changed it.
    """

    key: str
    part: str
    content: Document
    row: str = ""
    span: tuple[int, int] | None = None
    rule: str = ""
    origin: str = ""
    state: State = State.ACCEPTED
    by_person: bool = True

    @property
    def touched(self) -> bool:
        """Whether a person typed, changed or decided it."""
        return self.by_person or self.state is not State.OPEN

    def changed(self, content: Document) -> Value:
        """The value as a person has it now."""
        return replace(self, content=content, by_person=True, state=State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A row: the page's word for who speaks ("" is the publisher), the kind of speaker, and the
    source where it is not the record's.
    """

    key: str
    asserted_by: str = ""
    speaker_class: str = ""
    source: str = ""
    span: tuple[int, int] | None = None
    by_person: bool = True

    @property
    def header(self) -> tuple[str, str, str]:
        """What makes two rows one."""
        return self.asserted_by, self.speaker_class, self.source


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows and the statements in them; `name` begins the keys that are made here.

    Rows and statements are numbered apart: what is typed into the empty row goes by its key, which
    a statement made meanwhile must not change.
    """

    name: str = ""
    speakers: tuple[Speaker, ...] = ()
    values: tuple[Value, ...] = ()
    made: int = field(default=0)
    made_rows: int = field(default=0)

    @property
    def spare(self) -> str:
        """The key of the row that is not there yet."""
        return f"{self.name}r{self.made_rows}"

    def speaker(self, key: str) -> Speaker:
        """A row; KeyError for a key that is none."""
        for own in self.speakers:
            if own.key == key:
                return own
        raise KeyError(key)

    def value(self, key: str) -> Value:
        """A statement; KeyError for a key that is none."""
        for own in self.values:
            if own.key == key:
                return own
        raise KeyError(key)

    def of(self, row: str, prop: str) -> tuple[Value, ...]:
        """The statements of a speaker on a property that are not rejected."""
        return tuple(
            own
            for own in self.values
            if own.row == row and own.content["property"] == prop and own.state != State.REJECTED
        )


def grid_of(claims: Iterable[Document], name: str = "") -> Grid:
    """The grid of the statements of a record's form."""
    grid = Grid(name)
    for claim in claims:
        # In a seed file a speaker of no stated class is a news medium.
        header = (str(claim.get("asserted_by") or ""),
                  str(claim.get("speaker_class") or SpeakerClass.MEDIA),
                  str(claim.get("source") or ""))  # fmt: skip
        grid, row = with_row(grid, header)
        content = {name: own for name, own in claim.items() if name not in _HEADER}
        grid = _added(grid, row, content)
    return grid


def claims_of(grid: Grid, *, only_accepted: bool = False) -> list[Document]:
    """The statements as the form has them, in their order; what was rejected is left out."""
    made = []
    for own in grid.values:
        wanted = own.state is State.ACCEPTED if only_accepted else own.state is not State.REJECTED
        if wanted:
            made.append(own.content | said_by(grid.speaker(own.row)))
    return made


def unclear(grid: Grid) -> tuple[Problem, ...]:
    """What has to be said of speakers before their statements can be recorded."""
    speaking = {own.row for own in grid.values if own.state is not State.REJECTED}
    return tuple(
        Problem("record", f"speaker {own.asserted_by}", "is of no kind yet",
                f"Choose one: {', '.join(map(label, SpeakerClass))}")
        for own in grid.speakers
        if own.key in speaking and own.asserted_by and not own.speaker_class
    )  # fmt: skip


def said_by(speaker: Speaker) -> Document:
    """Who says it, in the form of a seed file."""
    said = {name: getattr(speaker, name) for name in _HEADER}
    return {name: own for name, own in said.items() if own}


def with_row(grid: Grid, header: tuple[str, str, str], **more: Any) -> tuple[Grid, str]:
    """The grid with a row of this header, and the row's key."""
    for own in grid.speakers:
        if own.header == header:
            return grid, own.key
    row = Speaker(grid.spare, *header, **more)
    return replace(grid, speakers=(*grid.speakers, row), made_rows=grid.made_rows + 1), row.key


def set_speaker(grid: Grid, key: str, name: str, text: str) -> Grid:
    """A row's name, class or source; a key that is not there yet makes the row."""
    if name not in _HEADER:
        raise KeyError(name)
    grid = _with_key(grid, key)
    change: dict[str, Any] = {name: " ".join(text.split()), "by_person": True}
    return replace(
        grid,
        speakers=tuple(replace(own, **change) if own.key == key else own for own in grid.speakers),
    )


def drop_speaker(grid: Grid, key: str) -> Grid:
    """Without a row; what it says is rejected, what a person typed there goes."""
    for own in [own for own in grid.values if own.row == key]:
        grid = reject(grid, own.key)
    used = {own.row for own in grid.values}
    return replace(
        grid, speakers=tuple(own for own in grid.speakers if own.key != key or own.key in used)
    )


def set_figures(grid: Grid, key: str, measure: str, text: str, paragraph: str = "") -> Grid:
    """A cell as typed. Figures that say the same as before keep their words and paragraph.

    Raises InvalidInput for what is no figure.
    """
    if measure not in COLUMNS:
        raise InvalidInput(f"“{measure}” is no column; choose one of {', '.join(COLUMNS)}")
    typed = figures_of(text)
    grid = _with_key(grid, key)
    left = list(grid.of(key, measure))
    if text_of(typed) == text_of(own.content for own in left):
        return grid
    near = _paragraph(grid, key, paragraph)
    for figure in typed:
        held = _best(left, figure)
        if held is None:
            grid = _added(grid, key, {"property": measure, **near, **figure})
            continue
        left.remove(held)
        if _told(held.content) != _told(figure):
            rest = {name: own for name, own in held.content.items() if name not in TOLD}
            grid = put(grid, held.changed({**rest, **figure}))
    for gone in left:
        grid = reject(grid, gone.key)
    return grid


def _told(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(figure.get(name) for name in TOLD)


def _best(left: list[Value], figure: Mapping[str, Any]) -> Value | None:
    """Which of the figures before is meant: the same one, else one of the same people, else the
    first.
    """
    tests: tuple[Callable[[Value], bool], ...] = (
        lambda own: _told(own.content) == _told(figure),
        lambda own: (
            own.content.get("victim_class") == figure["victim_class"]
            and own.content.get("subset_of") == figure.get("subset_of")
        ),
        lambda own: own.content.get("value") == figure.get("value"),
    )
    for test in tests:
        for own in left:
            if test(own):
                return own
    return None


def set_attribution(
    grid: Grid, key: str, value: str, kind: str, actor: str, paragraph: str = ""
) -> Grid:
    """What a speaker says of who did it; `value` is "" for a new statement, `kind` "" takes it
    away.
    """
    grid = _with_key(grid, key)
    if not kind:
        return reject(grid, value) if value else grid
    content: Document = {"property": str(Property.ATTRIBUTION), "kind": kind}
    if actor and kind != AttributionKind.UNCLAIMED:
        content["actor"] = actor
    if not value:
        return _added(grid, key, {**_paragraph(grid, key, paragraph), **content})
    held = grid.value(value)
    rest = {n: own for n, own in held.content.items() if n not in ("kind", "actor")}
    if kind == AttributionKind.UNCLAIMED:
        rest.pop("actor_text", None)
    return put(grid, held.changed({**rest, **content}))


def set_other(grid: Grid, key: str, value: str, prop: str, text: str, paragraph: str = "") -> Grid:
    """Another word of a speaker on date, place, kind …; an empty one takes it away."""
    if prop not in OTHERS:
        raise InvalidInput(f"“{prop}” is nothing that a speaker can say beside figures")
    grid, text = _with_key(grid, key), text.strip()
    if not text:
        return reject(grid, value) if value else grid
    said: Document = {"value": text}
    if prop in MEASURES:
        figures = figures_of(text)
        if len(figures) != 1:
            raise InvalidInput(f"“{text}” is more than one figure; write each by itself")
        said = figures[0]
    if not value:
        return _added(grid, key, {"property": prop, **_paragraph(grid, key, paragraph), **said})
    held = grid.value(value)
    rest = {name: own for name, own in held.content.items() if name not in TOLD}
    return put(grid, held.changed({**rest, "property": prop, **said}))


def set_detail(grid: Grid, value: str, name: str, text: str) -> Grid:
    """A statement's words, paragraph, day, note or own word for victims or actor."""
    if name not in DETAILS:
        raise KeyError(name)
    held, text = grid.value(value), text.strip()
    content = {n: own for n, own in held.content.items() if n != name}
    if str(held.content.get(name, "")) == text:
        return grid
    return put(grid, held.changed(content | ({name: text} if text else {})))


def set_paragraph(grid: Grid, key: str, text: str) -> Grid:
    """The paragraph of all that a speaker says."""
    for own in grid.values:
        if own.row == key and own.state is not State.REJECTED:
            grid = set_detail(grid, own.key, "paragraph", text)
    return grid


def reject(grid: Grid, value: str) -> Grid:
    """Without a statement: what the page was read to say stays, as rejected."""
    held = grid.value(value)
    if held.origin:
        return put(grid, replace(held, state=State.REJECTED))
    return replace(grid, values=tuple(own for own in grid.values if own.key != value))


def put(grid: Grid, value: Value) -> Grid:
    """The grid with a statement as it is now."""
    return replace(
        grid, values=tuple(value if own.key == value.key else own for own in grid.values)
    )


def _added(grid: Grid, row: str, content: Document, **more: Any) -> Grid:
    value = Value(f"{grid.name}v{grid.made}", "claims", content, row, **more)
    return replace(grid, values=(*grid.values, value), made=grid.made + 1)


def _with_key(grid: Grid, key: str) -> Grid:
    if any(own.key == key for own in grid.speakers):
        return grid
    if key != grid.spare:
        raise KeyError(key)
    row = Speaker(key)
    return replace(grid, speakers=(*grid.speakers, row), made_rows=grid.made_rows + 1)


def _paragraph(grid: Grid, row: str, default: str) -> Document:
    """Where a new statement of a row stands: beside the row's others, else as the record."""
    for own in reversed(grid.values):
        if own.row == row and own.state is not State.REJECTED and own.content.get("paragraph"):
            return {"paragraph": own.content["paragraph"]}
    return {"paragraph": default} if default else {}
