"""Words that a person marked in a page, as a value (words → value)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from mapapp.curation.document import Document
from mapapp.curation.figure_text import figures_of
from mapapp.curation.read_values import paragraph_of
from mapapp.domain.actors import resolve
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import AttributionKind, Modifier, Property, VictimClass
from mapapp.reading.actors import ActorFinder
from mapapp.reading.numbers import Number, number_at
from mapapp.reading.people import PeopleFinder
from mapapp.reading.sentences import sentences

#: A value stands on few words: no more of a page is ever kept.
MOST_CHARACTERS: Final = 160

_MEASURES: Final = (Property.KILLED, Property.WOUNDED, Property.CASUALTIES)


@dataclass(frozen=True, slots=True)
class Marked:
    """The words as one line, where they stand, and what they say as a statement."""

    words: str
    span: tuple[int, int]
    paragraph: str
    statement: Document = field(default_factory=dict)


def marked(text: str, start: int, end: int, what: str) -> Marked:
    """What the words from `start` to `end` are, as a person says: a measure, who did it
    ("attribution"), a speaker or a part. Raises InvalidInput where they cannot be.
    """
    if not text:
        raise InvalidInput("the page's text is not at hand any more; paste it again")
    if not 0 <= start < end <= len(text):
        raise InvalidInput("mark the words in the page first")
    words = " ".join(text[start:end].split())
    if not words:
        raise InvalidInput("mark the words in the page first")
    if len(words) > MOST_CHARACTERS:
        raise InvalidInput(
            f"mark only the few words that carry it: {MOST_CHARACTERS} characters at most"
        )
    paragraph = str(paragraph_of(text, start))
    found = Marked(words, (start, end), paragraph)
    place = {"paragraph": paragraph, "words": words}
    if what in _MEASURES:
        return Marked(words, (start, end), paragraph, {"property": what, **figure(words), **place})
    if what == Property.ATTRIBUTION:
        said: Document = {"property": what, "kind": str(AttributionKind.ATTRIBUTED)}
        actor = resolve(words)
        said |= {"actor": actor} if actor else {}
        return Marked(words, (start, end), paragraph, {**said, "actor_text": words, **place})
    if what not in ("speaker", "date", "place", "event_type", "target"):
        raise InvalidInput(f"words cannot be made a “{what}”")
    return found


def figure(words: str) -> Document:
    """The figure that words give: "at least six people"; without any number it is vague."""
    try:
        (only,) = figures_of(words)
        return {name: own for name, own in only.items() if name != "words"}
    except (InvalidInput, ValueError):
        pass
    names = ActorFinder(None)
    finder = PeopleFinder(names.words(), names.taliban_rule)
    for sentence in sentences(words):
        for people in finder.find(sentence):
            if people.number is not None:
                said = people.victim_class or VictimClass.UNSPECIFIED
                return {"victim_class": str(said), **_bounds(people.number)}
        for place in range(len(sentence.lows)):
            if number := number_at(sentence.lows, place):
                return {"victim_class": str(VictimClass.UNSPECIFIED), **_bounds(number)}
    return {"victim_class": str(VictimClass.UNSPECIFIED), "modifier": str(Modifier.VAGUE)}


def _bounds(number: Number) -> Document:
    if number.modifier is Modifier.RANGE:
        return {"modifier": str(Modifier.RANGE), "low": number.low, "high": number.high}
    if number.low is None:
        return {"modifier": str(Modifier.VAGUE)}
    value = number.low - 1 if number.modifier is Modifier.OVER else number.low
    return {"modifier": str(number.modifier), "value": value}
