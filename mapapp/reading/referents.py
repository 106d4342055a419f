"""Whom a figure without a class of its own counts: "the commander" of the sentence before, "ten of
them", "killing three" at a checkpoint (figures → classes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapapp.domain.vocab import VictimClass
from mapapp.reading.actors import ActorName
from mapapp.reading.figures import Statement
from mapapp.reading.people import People, PeopleFinder
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers import Speech
from mapapp.reading.words import WORDS

_AUTHORITIES = frozenset({"dfa", "dfa-mod", "dfa-moi"})
_OPEN = (None, VictimClass.UNSPECIFIED)
#: Nouns that say nothing of a side: those in a vehicle or a post are its crew.
_CREW = frozenset({"men", "riders", "occupants"})


class Referents:
    """Classes of those named so far on one page."""

    def __init__(self, people: PeopleFinder) -> None:
        self._people = people
        self._classes: dict[str, VictimClass] = {}  # by noun
        self._last: ActorName | None = None  # the actor named last before this sentence

    def classed(
        self,
        sentence: Sentence,
        statements: Sequence[Statement],
        names: Sequence[ActorName],
        speeches: Sequence[Speech],
    ) -> tuple[Statement, ...]:
        """The statements of a sentence, those that refer to others with the class of these."""
        voices = [s.voice for s in speeches]
        silent = [n for n in names if not any(v.start <= n.start < v.end for v in voices)]
        found = tuple(self._one(sentence, s, silent) for s in statements)
        if names:
            self._last = names[-1]
        return found

    def _one(
        self, sentence: Sentence, statement: Statement, names: Sequence[ActorName]
    ) -> Statement:
        people = statement.people
        if people is None or people.end < 1:
            return statement
        words = sentence.lows[people.start : people.end]
        if statement.victim_class in _OPEN and "group" in words:
            name = self._named(people, names)
            return replace(statement, victim_class=_side(name)) if name else statement
        if people.of_them and statement.victim_class is None:
            meant = self._people.before(sentence, people)
            if statement.subset:
                return replace(statement, victim_class=meant)
            name = self._named(people, names) if "them" in words else None
            if meant is None and name is not None:
                meant = _side(name)
            if meant is not None:
                return replace(statement, victim_class=meant)
        first, head = words[0], words[-1]
        if first in ("the", "its", "his", "their") and head in self._classes:
            return replace(statement, victim_class=self._classes[head])
        if statement.victim_class in _OPEN and (people.elided or head in _CREW):
            crew = self._people.crew(sentence)
            return replace(statement, victim_class=crew or statement.victim_class)
        if statement.victim_class is not None and head in WORDS.people:
            self._classes[head] = statement.victim_class
        return statement

    def _named(self, people: People, names: Sequence[ActorName]) -> ActorName | None:
        return next((n for n in reversed(names) if n.end <= people.start), self._last)


def _side(name: ActorName) -> VictimClass:
    """Whose people "members of the group" are."""
    if name.key in _AUTHORITIES:
        return VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
    return (
        VictimClass.FOREIGN_FORCES
        if name.key in ("Pakistan", "coalition")
        else VictimClass.ARMED_GROUP_MEMBERS
    )
