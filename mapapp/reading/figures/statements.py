"""Casualty words of a sentence, and the statements that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import Modifier, Property, VictimClass
from mapapp.reading.numbers import QUOTES
from mapapp.reading.people import People
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

_KILLED_TOGETHER = WORDS.set("casualty", "together_killed")
_WOUNDED_TOGETHER = WORDS.set("casualty", "together_wounded")


@dataclass(frozen=True, slots=True)
class Predicate:
    """A casualty word or phrase at tokens `start` to `end`."""

    start: int
    end: int
    measure: Property
    form: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure in a sentence, before its speaker and its incident are known.

    `start` and `end` are tokens. `subset` marks a part of the figure before it; `period` a sum
    over weeks or more.
    """

    start: int
    end: int
    measure: Property
    low: int | None
    high: int | None
    modifier: Modifier
    victim_class: VictimClass | None
    people: People | None
    predicate: Predicate
    rule: str
    subset: bool = False
    elided: bool = False


def predicates(sentence: Sentence) -> list[Predicate]:
    """The casualty words of a sentence, "killed and wounded" as one."""
    lows = sentence.lows
    found: list[Predicate] = []
    i = 0
    while i < len(lows):
        phrase = WORDS.casualty_phrases.at(lows, i)
        if phrase:
            size, (measure, form) = phrase[0], phrase[1].split()
            found.append(Predicate(i, i + size, Property(measure), form))
            i += size
            continue
        word = WORDS.casualty_words.get(lows[i])
        if word:
            found.append(Predicate(i, i + 1, Property(word[0]), word[1]))
        i += 1
    return _together(lows, found)


def _together(lows: Sequence[str], found: list[Predicate]) -> list[Predicate]:
    merged: list[Predicate] = []
    for predicate in found:
        before = merged[-1] if merged else None
        if before is not None and before.measure is not Property.CASUALTIES:
            between = [w for w in lows[before.end : predicate.start] if w not in QUOTES]
            words = {lows[before.end - 1], lows[predicate.start]}
            joined = between in (["and"], ["or"], ["&"], ["/"], ["and", "the"], ["or", "been"])
            pair = words & _KILLED_TOGETHER and words & _WOUNDED_TOGETHER
            active = before.form == "active" and predicate.form == "active"
            if joined and before.measure is not predicate.measure and (pair or active):
                merged[-1] = Predicate(
                    before.start, predicate.end, Property.CASUALTIES, before.form
                )
                continue
        merged.append(predicate)
    return merged
