"""Who speaks, over a whole page: pronouns, surnames and "the ministry" become the speaker meant
(facts → voices → incidents).
"""

from __future__ import annotations

from dataclasses import dataclass

from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.model import Span, Speaker
from mapapp.reading.page import Facts, publisher_class
from mapapp.reading.speakers import Voice

_ARTICLES = frozenset(["the", "a", "an", "this", "that", "its", "his", "her", "their"])
_STATEMENT = frozenset(
    [
        "statement",
        "message",
        "post",
        "report",
        "communique",
        "letter",
        "tweet",
        "note",
        "announcement",
        "release",
    ]
)
_GENERIC = frozenset(
    [
        "spokesman",
        "spokesperson",
        "spokeswoman",
        "official",
        "officials",
        "source",
        "sources",
        "ministry",
        "group",
        "front",
        "governor",
        "elder",
        "doctor",
        "police",
        "monitor",
        "mission",
        "agency",
        "department",
        "office",
        "witness",
        "witnesses",
        "resident",
        "residents",
        "commander",
        "minister",
        "director",
        "militants",
        "organisation",
        "organization",
        "medic",
        "army",
        "military",
        "party",
        "man",
        "woman",
        "driver",
        "shopkeeper",
        "nurse",
        "mayor",
        "chief",
        "authorities",
        "government",
        "family",
        "hospital",
        "surgeon",
        "analyst",
        "statement",
    ]
)
_PLURAL = frozenset(["sources", "residents", "witnesses", "officials", "authorities", "relatives", "locals", "elders", "doctors", "hospitals", "villagers", "media", "militants", "people"])  # fmt: skip


@dataclass
class _Known:
    name: str
    speaker_class: SpeakerClass
    span: Span
    words: frozenset[str]
    actor: str | None
    number: int

    def speaker(self) -> Speaker:
        return Speaker(self.name, self.speaker_class, self.span)


class Voices:
    """The speakers of one page, in the order in which they are met."""

    def __init__(self, text: str, publisher: str) -> None:
        self._text = text
        self._publisher_words = _words(publisher)
        self.publisher = Speaker("", publisher_class(publisher))
        self._known: list[_Known] = []
        self.actors: dict[str, str] = {}  # actor by speaker's name

    def speaker(self, facts: Facts, voice: Voice) -> Speaker:
        """Whom the words of a sentence mean."""
        row = facts.sentence.tokens
        span = Span(row[voice.start].start, row[voice.end - 1].end)
        name = span.of(self._text)
        words = _words(name)
        if voice.pronoun:
            found = self._pronoun(name.lower())
        elif self._is_publisher(words):
            return self.publisher
        else:
            found = self._same(words, voice)
        if found is None:
            if voice.pronoun or (voice.speaker_class is None and not words):
                return self.publisher
            found = _Known(
                name, voice.speaker_class or SpeakerClass.WITNESS, span, words, voice.actor,
                facts.number,
            )  # fmt: skip
            if voice.speaker_class is None:
                found.speaker_class = _unknown_class(name)
            self._known.append(found)
        else:
            self._known.remove(found)
            self._known.append(found)
            if (
                not voice.pronoun
                and len(words) > len(found.words)
                and voice.speaker_class is not None
            ):
                found.name, found.span, found.words = name, span, words
                found.speaker_class = voice.speaker_class
        if found.actor is None:
            found.actor = voice.actor
        if found.actor:
            self.actors[found.name] = found.actor
        return found.speaker()

    def last(self) -> Speaker | None:
        """Who spoke last."""
        return self._known[-1].speaker() if self._known else None

    def _is_publisher(self, words: frozenset[str]) -> bool:
        both = len(words & self._publisher_words)
        return bool(both) and 2 * both / (len(words) + len(self._publisher_words)) >= 0.6

    def _pronoun(self, word: str) -> _Known | None:
        for known in reversed(self._known):
            plural = bool(known.words & _PLURAL)
            organisation = known.actor is not None and not _person(known)
            if word in ("he", "she") and not plural and not organisation:
                return known
            if word == "they" and plural:
                return known
            if word == "it" and (organisation or known.words & _STATEMENT or not plural):
                return known
        return self._known[-1] if self._known and word != "it" else None

    def _same(self, words: frozenset[str], voice: Voice) -> _Known | None:
        plain = words - _ARTICLES
        if not plain:
            return None
        for known in reversed(self._known):
            if plain == known.words:
                return known
        generic = plain & _GENERIC
        if plain & _STATEMENT and len(plain) <= 2:
            return next(
                (k for k in reversed(self._known) if k.speaker_class is not SpeakerClass.WITNESS),
                None,
            )
        if len(plain) <= 2 and plain == generic:
            return next((k for k in reversed(self._known) if generic & k.words), None)
        if voice.actor is not None and len(plain) <= 3:
            found = next((k for k in reversed(self._known) if k.actor == voice.actor and (
                k.words >= plain or (len(plain) <= 2 and k.speaker_class is SpeakerClass.PARTY))), None)  # fmt: skip
            if found:
                return found
        names = frozenset(w for w in self._names(voice, plain))
        for known in reversed(self._known):
            if names and names <= known.words and len(names) <= 3:
                return known
            if names and known.words and len(known.words) <= 3 and known.words <= plain:
                return known
        return None

    @staticmethod
    def _names(voice: Voice, words: frozenset[str]) -> frozenset[str]:
        return frozenset() if words & _GENERIC or voice.actor else words


def _person(known: _Known) -> bool:
    return bool(known.words & {"spokesman", "spokesperson", "spokeswoman", "official", "commander",
                               "governor", "minister", "chief", "director"})  # fmt: skip


def _unknown_class(name: str) -> SpeakerClass:
    """A bare name is most often that of an official; a described person was there."""
    return (
        SpeakerClass.OFFICIAL if name[:1].isupper() and " " in name else SpeakerClass.LOCAL_SOURCE
    )


def _words(name: str) -> frozenset[str]:
    plain = "".join(c if c.isalnum() or c in "-" else " " for c in name.lower())
    return frozenset(
        w for w in plain.split() if w not in ("the", "a", "an", "of", "s", "for", "in", "at", "and")
    )
