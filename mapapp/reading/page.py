"""A page's sentences with all that is found in each, before it is known what belongs to which
attack (mentions → facts → incidents).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gazetteer import Gazetteer
from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.actors import ActorFinder, ActorName
from mapapp.reading.attributions import Ascription, Clause, ascriptions
from mapapp.reading.dari_pashto.words import DATA as DARI_PASHTO
from mapapp.reading.dari_pashto.words import word_set
from mapapp.reading.dates import DateFinder, DateWords
from mapapp.reading.figures import FigureFinder, Statement
from mapapp.reading.numbers import QUOTES
from mapapp.reading.people import PeopleFinder
from mapapp.reading.places import PlaceFinder, PlaceWords
from mapapp.reading.referents import Referents
from mapapp.reading.sentences import Sentence, sentences
from mapapp.reading.speakers import Speech, SpeechFinder
from mapapp.reading.words import WORDS

#: Words that say an attack was told of, by event type.
EVENT_WORDS: dict[str, str] = {}
for _name, _words in WORDS.data["event"].items():
    for _word in _words.split():
        EVENT_WORDS.setdefault(_word.replace("_", " "), _name)
for _name in DARI_PASHTO["event"]:
    EVENT_WORDS.update(dict.fromkeys(word_set("event", _name), _name))
_PLANS = WORDS.set("page", "plans")
_FURNITURE = (
    "read also", "read more", "also read", "related", "see also", "more from", "share this",
    "share", "subscribe", "follow us", "advertisement", "most read", "most viewed", "recommended",
    "copyright", "©", "photo:", "image:", "tags", "you may also like", "newsletter", "sign up",
    "more stories", "more news", "latest news", "trending", "editor's picks", "in pictures",
    "watch:", "listen:", "about the author", "our correspondent", "comments", "leave a comment",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """One sentence with what was found in it."""

    sentence: Sentence
    statements: tuple[Statement, ...]
    speeches: tuple[Speech, ...]
    names: tuple[ActorName, ...]
    dates: tuple[DateWords, ...]
    places: tuple[PlaceWords, ...]
    ascriptions: tuple[Ascription, ...]
    events: tuple[int, ...]  # tokens that tell of an attack
    period: bool  # a sum over weeks or more
    cause: bool  # what it tells has another cause than an attack
    plan: bool  # arrests, plots, threats
    quoted: bool  # begins inside quotation marks
    furniture: bool = False
    over_several: bool = False  # figures are of several attacks together
    part: int = 0  # of a sentence that tells of several attacks, which

    @property
    def number(self) -> int:
        """Its place among the sentences."""
        return self.sentence.number

    def text(self, text: str, start: int, end: int) -> str:
        """The words of tokens `start` to `end`."""
        row = self.sentence.tokens
        return text[row[start].start : row[end - 1].end]


@dataclass
class PageReader:
    """Reads sentence after sentence; `seconds` ends it, then `complete` is False."""

    text: str
    publisher: str
    published: date | None
    gazetteer: Gazetteer
    deadline: float | None = None
    complete: bool = True

    def facts(self) -> Iterator[Facts]:
        """The facts of each sentence in order."""
        actor_finder = ActorFinder(self.published)
        people_finder = PeopleFinder(actor_finder.words(), actor_finder.taliban_rule)
        speech_finder = SpeechFinder()
        date_finder = DateFinder(self.published)
        place_finder = PlaceFinder(self.text, self.gazetteer)
        referents = Referents(people_finder)
        group: ActorName | None = None
        open_quote, paragraph, furniture = False, -1, False
        for sentence in sentences(self.text):
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.complete = False
                return
            if sentence.paragraph != paragraph:
                if paragraph >= 0:
                    open_quote = open_quote and sentence.tokens[0].text in QUOTES
                paragraph = sentence.paragraph
                furniture = _furniture(sentence, furniture)
            names = actor_finder.find(sentence)
            speeches = speech_finder.find(sentence, names)
            people = [
                p for p in people_finder.find(sentence)
                if not any(s.voice.start <= p.start < s.voice.end for s in speeches)
            ]  # fmt: skip
            statements = FigureFinder(sentence, people).find()
            quoted = open_quote or sentence.tokens[0].text in QUOTES
            open_quote = _quote_state(sentence, open_quote)
            told = ascriptions(Clause(sentence, names, speeches, group))
            for name in names:
                if name.key not in (
                    "dfa",
                    "dfa-mod",
                    "dfa-moi",
                    "coalition",
                    "Pakistan",
                    "insurgents",
                ):
                    group = name
            yield Facts(
                sentence=sentence,
                statements=referents.classed(sentence, statements, names, speeches),
                speeches=tuple(speeches),
                names=tuple(names),
                dates=tuple(date_finder.find(sentence)),
                places=tuple(place_finder.find(sentence)),
                ascriptions=tuple(told),
                events=tuple(i for i, w in enumerate(sentence.lows) if w in EVENT_WORDS),
                period=WORDS.periods.within(sentence.lows) is not None,
                over_several=WORDS.over_several.within(sentence.lows) is not None,
                cause=WORDS.causes.within(sentence.lows) is not None,
                plan=bool(_PLANS & set(sentence.lows)),
                quoted=quoted,
                furniture=furniture,
            )


def _furniture(sentence: Sentence, before: bool) -> bool:
    """Whether a paragraph is a link, an advertisement or the like."""
    start = " ".join(sentence.lows[:4])
    if any(start.startswith(words) for words in _FURNITURE) and len(sentence.tokens) < 30:
        return True
    return before and sentence.heading


def _quote_state(sentence: Sentence, before: bool) -> bool:
    state = before
    for token in sentence.tokens:
        if token.text == '"':
            state = not state
        elif token.text in "“«":
            state = True
        elif token.text in "”»":
            state = False
    return state


#: Publishers that are no medium, by words of their names.
_MONITORS = WORDS.set("page", "monitors")
_PARTIES = WORDS.set("page", "parties")
_MEDICAL = WORDS.set("page", "medical")


def publisher_class(publisher: str) -> SpeakerClass:
    """What kind of speaker a publisher is, by its name."""
    words = set(publisher.lower().replace("-", " ").split())
    if words & _MONITORS:
        return SpeakerClass.MONITOR
    if words & _MEDICAL:
        return SpeakerClass.MEDICAL
    if words & _PARTIES:
        return SpeakerClass.PARTY
    return SpeakerClass.MEDIA
