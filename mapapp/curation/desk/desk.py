"""A page that was read, as it lies on an editor's desk: its drafts and what was decided of them.

Plain frozen values; the page's text is no part of them. `acts.py` changes them, `reading.py` makes
them of a reading, `recording.py` makes records of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mapapp.curation.document import Document
from mapapp.curation.grid import Grid, State, Value

#: Parts that an incident has one of, in the order of the page.
PARTS = ("date", "place", "event_type", "target")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of the page itself; `sha256` is of its text, which is kept nowhere.

    `published` is an ISO day or "", `url` the address as typed: it is never fetched.
    """

    sha256: str
    publisher: str = ""
    published: str = ""
    title: str = ""
    url: str = ""
    language: str = "en"
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the page leaves open; `answer` is what a person said, "" before."""

    key: str
    code: str
    text: str
    field: str
    options: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """One incident: its parts (date, place, kind, target, each with what else was read for it),
    its statements, and what is asked.

    `joins` is the id of the record that these claims go to as a further source, "" for a record of
    its own; `dropped` says that a person wants none of it.
    """

    key: str
    grid: Grid
    parts: tuple[Value, ...] = ()
    title: str = ""
    title_by_person: bool = False
    background: bool = False
    country: str = "AFG"
    questions: tuple[Asked, ...] = ()
    joins: str = ""
    dropped: bool = False

    def part(self, name: str) -> Value | None:
        """What stands for a part: the last that is not rejected, accepted before open."""
        here = [own for own in self.parts if own.part == name and own.state is not State.REJECTED]
        accepted = [own for own in here if own.state is State.ACCEPTED]
        standing = accepted or here
        return standing[-1] if standing else None

    def values(self) -> Iterator[Value]:
        """Every value, also those that were rejected."""
        yield from self.parts
        yield from self.grid.values

    def open_values(self) -> list[Value]:
        """The values that nobody has decided on and that accepting would record."""
        standing = {id(own) for name in PARTS if (own := self.part(name))}
        return [
            own
            for own in self.values()
            if own.state is State.OPEN and (own.part not in PARTS or id(own) in standing)
        ]

    @property
    def touched(self) -> bool:
        """Whether a person did anything with it."""
        return (
            self.dropped
            or bool(self.joins)
            or self.title_by_person
            or any(own.touched for own in self.values())
            or any(own.answer for own in self.questions)
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """A page, its drafts, and how many keys were made."""

    page: PageFacts
    incidents: tuple[IncidentDraft, ...] = ()
    questions: tuple[Asked, ...] = ()
    made: int = field(default=0)

    def incident(self, key: str) -> IncidentDraft:
        """An incident; KeyError for a key that is none."""
        for own in self.incidents:
            if own.key == key:
                return own
        raise KeyError(key)

    def holder(self, value: str) -> IncidentDraft:
        """The incident that holds a value; KeyError where none does."""
        for own in self.incidents:
            if any(held.key == value for held in own.values()):
                return own
        raise KeyError(value)

    def put(self, incident: IncidentDraft) -> Desk:
        """The desk with an incident as it is now, at its end where it is new."""
        if all(own.key != incident.key for own in self.incidents):
            return replace(self, incidents=(*self.incidents, incident))
        return replace(
            self,
            incidents=tuple(incident if o.key == incident.key else o for o in self.incidents),
        )

    def new_incident(self) -> tuple[Desk, IncidentDraft]:
        """The desk with an empty incident at its end."""
        key = f"i{self.made}"
        incident = IncidentDraft(key, Grid(f"{key}."))
        return replace(self, made=self.made + 1).put(incident), incident

    @property
    def wanted(self) -> tuple[IncidentDraft, ...]:
        """The incidents that were not dropped."""
        return tuple(own for own in self.incidents if not own.dropped)


def content_of(value: Value | None) -> Document:
    """A part's content without what only the desk needs."""
    if value is None:
        return {}
    return {name: own for name, own in value.content.items() if name != "others"}
