"""A Dari or Pashto page's sentences with what is found in each, as `page` has English ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from gazetteer import Gazetteer
from mapapp.domain import actors
from mapapp.domain.vocab import SpeakerClass, VictimClass
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.dari_pashto import words
from mapapp.reading.dari_pashto.attributions import AttributionFinder, actor_names
from mapapp.reading.dari_pashto.dates import DateFinder
from mapapp.reading.dari_pashto.figures import FigureFinder, own_side
from mapapp.reading.dari_pashto.places import places_of
from mapapp.reading.dari_pashto.speakers import speeches
from mapapp.reading.dari_pashto.tokens import tokens
from mapapp.reading.dates import DateWords
from mapapp.reading.figures import Statement
from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceFinder
from mapapp.reading.sentences import Sentence, sentences
from mapapp.reading.speakers import Speech, Voice

_CAUSES: Final = words.listed("no_incident", "causes")
_PERIODS: Final = words.listed("no_incident", "periods")
_PLANS: Final = words.word_set("no_incident", "plans")
_FURNITURE: Final = words.listed("no_incident", "furniture")
_STATEMENT: Final = words.word_set("no_incident", "statement")
_EVENTS: Final = frozenset(
    word for name in words.DATA["event"] for word in words.word_set("event", name)
)


@dataclass
class PageReader:
    """Reads sentence after sentence; `deadline` ends it, then `complete` is False."""

    text: str
    published: date | None
    gazetteer: Gazetteer
    deadline: float | None = None
    complete: bool = True

    def facts(self) -> Iterator[Facts]:
        """The facts of each sentence in order."""
        rule = self.published is None or self.published >= actors.TALIBAN_RULE
        dates = DateFinder(self.published)
        places = PlaceFinder(self.text, self.gazetteer)
        group: ActorName | None = None
        voice: str | None = None
        author: ActorName | None = None
        paragraph, furniture, caused = -1, False, False
        for sentence in sentences(self.text, tokens):
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.complete = False
                return
            if sentence.paragraph != paragraph:
                paragraph, furniture = sentence.paragraph, _is_furniture(sentence)
            names = actor_names(sentence, rule)
            author = author or _author(sentence, names)
            said = speeches(sentence, names, rule)
            said = said or _of_author(sentence, author, names)
            voice = next((s.voice.actor for s in said if s.voice.actor), voice)
            ascriptions = AttributionFinder(sentence, names, said, group).find()
            for name in names:
                if name.key in ARMED:
                    group = name
            if sentence.heading:
                caused = _CAUSES.within(sentence.lows) is not None
            # A story whose title names another cause tells of no attack.
            statements = [] if caused else FigureFinder(sentence, rule).find()
            yield Facts(
                sentence=sentence,
                statements=tuple(_with_side(s, sentence, said, voice) for s in statements),
                speeches=tuple(said), names=tuple(names),
                dates=tuple(_of_deed(dates.find(sentence), said)),
                places=places_of(places, sentence, statements),
                ascriptions=tuple(ascriptions),
                events=tuple(i for i, w in enumerate(sentence.lows) if w in _EVENTS),
                period=_PERIODS.within(sentence.lows) is not None,
                cause=caused or _CAUSES.within(sentence.lows) is not None,
                plan=bool(_PLANS & set(sentence.lows)),
                quoted=False, furniture=furniture,
            )  # fmt: skip


def _with_side(
    statement: Statement, sentence: Sentence, said: list[Speech], voice: str | None
) -> Statement:
    """ "one of their men", as the speaker says: the class of the speaker's own people."""
    if not own_side(statement, sentence.lows):
        return statement
    actor = next((s.voice.actor for s in said if s.voice.actor), voice)
    if actor is not None and actor.startswith("dfa"):
        return replace(statement, victim_class=VictimClass.DE_FACTO_AUTHORITY_PERSONNEL)
    return replace(statement, victim_class=VictimClass.ARMED_GROUP_MEMBERS)


def _author(sentence: Sentence, names: list[ActorName]) -> ActorName | None:
    """Whose statement the page is, by its first line."""
    if sentence.paragraph or not set(sentence.lows) & _STATEMENT:
        return None
    return next((name for name in names if name.key in ARMED), None)


def _of_author(
    sentence: Sentence, author: ActorName | None, names: list[ActorName]
) -> list[Speech]:
    """A sentence of a statement in which nobody else speaks is its author's."""
    if author is None or sentence.heading:
        return []
    size = len(sentence.lows)
    own = next((n for n in names if n.key == author.key), None)
    first, last = (own.start, own.end) if own else (0, 1)
    voice = Voice(first, last, SpeakerClass.PARTY, pronoun=own is None, actor=author.key)
    return [Speech(voice, 0, 0, size)]


def _of_deed(found: list[DateWords], said: list[Speech]) -> list[DateWords]:
    """ "said on Monday that last night …": the day of the word goes where one of the deed is."""
    spoken = [d for d in found if any(s.voice.end <= d.start < s.verb for s in said)]
    return [d for d in found if d not in spoken] or found


def _is_furniture(sentence: Sentence) -> bool:
    lows = sentence.lows
    return len(lows) < 40 and any(_FURNITURE.at(lows, i) for i in range(min(4, len(lows))))
