"""What a reader gives: a `Reading` of drafts, whose values each stand on words of the page.

Spans are half-open offsets in Unicode code points into the text as it was read. A value without a
span cannot be made, and a `Reading` refuses one whose words are not those of the text at its span.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mapapp.domain.claim import bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import (
    AttributionKind,
    EventType,
    Modifier,
    Property,
    SpeakerClass,
    TargetType,
    VictimClass,
)

#: Measures a page is read for.
READ_MEASURES = (Property.KILLED, Property.WOUNDED, Property.CASUALTIES)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span from {self.start} to {self.end} holds no words")

    def of(self, text: str) -> str:
        """The words; ValueError where the span reaches beyond the text."""
        if self.end > len(text):
            raise ValueError(f"the span ends at {self.end}, the text at {len(text)}")
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether they share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value read from the page: where it stands, its words, and the rule that found it.

    `rule` is a short stable name ("passive", "according-to"), for people and for measuring.
    `repeats` are further places where the same speaker says the same.
    """

    span: Span
    words: str
    rule: str
    repeats: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if len(self.words) != self.span.end - self.span.start:
            raise ValueError(f"{self.words!r} is not as long as its span {self.span}")
        if not self.rule:
            raise ValueError(f"the value on {self.words!r} names no rule")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who asserts something. `name` is the page's words, empty where the publisher speaks.

    `span` is where the page names the speaker, None for the publisher.
    """

    name: str
    speaker_class: SpeakerClass
    span: Span | None = None

    def __post_init__(self) -> None:
        if bool(self.name) != (self.span is not None):
            raise ValueError("a named speaker stands in the text, the publisher has no span")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Value):
    """A statement of a number of people: who says it, of whom, and with which bounds.

    `low` and `high` are inclusive, None is open, as in `domain.claim`. `subset_of` names the
    class whose figure by the same speaker already holds this one.
    """

    property: Property
    low: int | None
    high: int | None
    modifier: Modifier
    victim_class: VictimClass
    speaker: Speaker
    victim_text: str = ""
    subset_of: VictimClass | None = None

    def __post_init__(self) -> None:
        Value.__post_init__(self)
        if self.property not in READ_MEASURES:
            raise ValueError(f"'{self.property}' is not a measure that pages are read for")
        if self.low is not None and self.high is not None and not 0 <= self.low <= self.high:
            raise ValueError(f"{self.low} to {self.high} are no bounds of a number of people")
        if self.modifier is Modifier.RANGE:
            return
        value = self.value
        if (self.low, self.high) != bounds(value, self.modifier):
            raise ValueError(f"{self.low} to {self.high} are not what '{self.modifier}' means")

    @builtins.property
    def value(self) -> int | None:
        """The number as said; None for "dozens" and for a range."""
        if self.modifier in (Modifier.VAGUE, Modifier.RANGE) or self.low is None:
            return None
        return self.low - 1 if self.modifier is Modifier.OVER else self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(Value):
    """What a speaker says of who did it. `actor` is an id of `domain.actors` or None where the
    words name none of them; `actor_text` is the page's word, empty for `unclaimed`.
    """

    kind: AttributionKind
    speaker: Speaker
    actor: str | None = None
    actor_text: str = ""

    def __post_init__(self) -> None:
        Value.__post_init__(self)
        if not self.actor_text and self.kind is not AttributionKind.UNCLAIMED:
            raise ValueError(f"an attribution of kind '{self.kind}' needs an actor")

    @builtins.property
    def actor_text_key(self) -> str:
        """What tells its actor from others: the id, or the word where it has none."""
        return self.actor or self.actor_text.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Value):
    """When it happened, as the words say it."""

    interval: DateInterval


@dataclass(frozen=True, slots=True, kw_only=True)
class Where(Value):
    """Where it happened: the place the words mean, and the others that they can mean.

    `country` is an ISO 3166-1 alpha-3 code, "" where the words name a foreign place of no known
    country. A place abroad has no gazetteer id.
    """

    place: PlaceRef
    others: tuple[PlaceRef, ...] = ()
    country: str = "AFG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Value):
    """What kind of attack the words say it was."""

    event_type: EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Value):
    """Whom or what the words say was attacked."""

    target_type: TargetType


@dataclass(frozen=True, slots=True)
class Question:
    """What the page leaves open and a person has to decide.

    `code` is stable ("weekday-without-a-day"), `text` is for people, `field` names what of the
    draft it is about (date, place, figures, attribution, incident), `options` are answers that
    the page allows, in words; empty where there is no list.
    """

    code: str
    text: str
    field: str
    span: Span | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One incident as the page has it. What the page does not say is None, never guessed.

    `title` is ours, neutral, and names no perpetrator. `span` reaches from the first to the last
    paragraph that speaks of it. `background` marks an attack mentioned in passing.
    """

    title: str
    span: Span
    day: Day | None = None
    where: Where | None = None
    kind: Kind | None = None
    target: Target | None = None
    figures: tuple[Figure, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    background: bool = False
    questions: tuple[Question, ...] = ()

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-3; Afghanistan where the page names no other country."""
        return self.where.country if self.where else "AFG"

    def values(self) -> Iterator[Value]:
        """All values of the draft."""
        for value in (self.day, self.where, self.kind, self.target):
            if value is not None:
                yield value
        yield from self.figures
        yield from self.attributions


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as read: its text, what was known of it, the drafts and what stays open.

    `language` is ISO 639-1 ("en", "fa", "ps"). `reader` names what read it ("rules"). `complete`
    is False where the text was longer than is read, or the time was up: then `questions` says so.
    """

    text: str
    publisher: str
    published: date | None
    language: str
    drafts: tuple[Draft, ...] = ()
    questions: tuple[Question, ...] = ()
    reader: str = "rules"
    complete: bool = True

    def __post_init__(self) -> None:
        for draft in self.drafts:
            draft.span.of(self.text)
            for value in draft.values():
                self._check(value)
        for question in (*self.questions, *(q for d in self.drafts for q in d.questions)):
            if question.span is not None:
                question.span.of(self.text)

    def _check(self, value: Value) -> None:
        if value.span.of(self.text) != value.words:
            raise ValueError(f"the text has other words than {value.words!r} at {value.span}")
        for span in value.repeats:
            span.of(self.text)
        speaker = getattr(value, "speaker", None)
        if speaker is not None and speaker.span is not None:
            speaker.span.of(self.text)
