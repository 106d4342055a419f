"""Who speaks, over a whole page: pronouns, surnames and "the ministry" become the speaker meant
(facts → voices → incidents).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.actors import ARMED, ActorFinder, ActorName
from mapapp.reading.model import Span, Speaker
from mapapp.reading.page import Facts, publisher_class
from mapapp.reading.speakers import Voice
from mapapp.reading.tokens import tokens
from mapapp.reading.words import WORDS

_ISSUED = WORDS.set("voices", "issued")
_SMALL = frozenset(
    {"the", "a", "an", "of", "s", "for", "in", "at", "and", "mr", "mrs", "ms", "dr", "gen"}
)
_ARTICLES = WORDS.set("voices", "articles")
_STATES = frozenset({"Afghanistan", "Pakistan", "Iran", "Kabul", "Islamabad"})
_GROUP = frozenset({"group", "front", "organisation", "organization", "militants"})
_OFFICES = WORDS.set("speech", "official")
_STATEMENT = WORDS.set("voices", "statement")
_GENERIC = WORDS.set("voices", "generic")
_PLURAL = WORDS.set("voices", "plural")


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
        self._publisher = publisher
        self._publisher_words = _words(publisher)
        self.publisher = Speaker("", publisher_class(publisher))
        self._known: list[_Known] = []
        self.actors: dict[str, str] = {}  # actor by speaker's name

    def owner(self, rows: Sequence[Facts], finder: ActorFinder) -> ActorName | None:
        """The actor whose own statement a page is: by the publisher's name, or as its first lines
        say ("statement of the …"); the page's words are then that actor's.
        """
        row = tokens(self._publisher, 0, len(self._publisher))
        named = finder.find_in([t.low for t in row], [t.text for t in row])
        if named:
            self.publisher = Speaker("", SpeakerClass.PARTY)
            return named[0]
        for facts in rows[:3]:
            lows = facts.sentence.lows
            for name in facts.names:
                before = lows[max(0, name.start - 4) : name.start]
                after = lows[name.end : name.end + 5]
                titled = not facts.number and not name.start and after[:1] == ("statement",)
                if (
                    titled
                    or _ISSUED & set(before)
                    or (name.start <= 2 and {"announces", "announce"} & set(after))
                ):
                    start, end = (
                        facts.sentence.tokens[name.start],
                        facts.sentence.tokens[name.end - 1],
                    )
                    span = Span(start.start, end.end)
                    self.publisher = Speaker(span.of(self._text), SpeakerClass.PARTY, span)
                    return name
        return None

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
            longer = len(words) > len(found.words) and voice.speaker_class is not None
            bare = found.actor is not None and len(found.words) == 1 and found.actor == voice.actor
            if longer and not voice.pronoun and (bare or (words & found.words) - _GENERIC):
                found.name, found.span, found.words = name, span, words
                found.speaker_class = voice.speaker_class or found.speaker_class
        if found.actor is None:
            found.actor = voice.actor
        if found.actor:
            self.actors[found.name] = found.actor
        return found.speaker()

    def subject(self, facts: Facts) -> None:
        """The actor that a sentence begins with is whom "it" means in the next."""
        for name in facts.names[:1]:
            if name.start <= 3 and name.key != "insurgents":
                end, lows = name.end, facts.sentence.lows
                last = min(end + 4, len(lows)) if lows[end - 1].endswith("'s") else end
                while end < last and lows[end] in _OFFICES:
                    end += 1  # "the Taliban's police headquarters"
                self.claimed(facts, name.start, end, name.key, known=False)

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
            if word.startswith("one of") and plural:
                return known
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
        if (
            plain & _STATEMENT
            and voice.actor is None
            and voice.speaker_class is not SpeakerClass.OFFICIAL
        ):
            return self._stated()
        if plain & _STATEMENT and len(plain) <= 2:
            return self._stated()
        if len(plain) <= 2 and plain == generic:
            found = next((k for k in reversed(self._known) if generic & k.words), None)
            if found is None and plain & _GROUP:  # "the group": the armed one that spoke last
                armed = (k for k in reversed(self._known) if k.actor in ARMED)
                found = next(armed, None)
            return found
        if voice.actor is not None and len(plain) <= 3:
            own = [k for k in reversed(self._known) if k.actor == voice.actor]
            short = len(plain) <= 2
            found = next(
                (k for k in own
                 if k.words >= plain or (short and k.speaker_class is SpeakerClass.PARTY)), None,
            )  # fmt: skip
            if found:
                return found
        names = frozenset(w for w in self._names(voice, plain))
        for known in reversed(self._known):
            if names and names <= known.words and len(names) <= 3:
                return known
            if names and known.words and len(known.words) <= 3 and known.words <= plain:
                return known
        return None

    def _stated(self) -> _Known | None:
        """Whose statement it is: that of the last party or authority."""
        makers = (SpeakerClass.PARTY, SpeakerClass.OFFICIAL, SpeakerClass.MONITOR)
        return next((k for k in reversed(self._known) if k.speaker_class in makers), None)

    def claimed(
        self, facts: Facts, start: int, end: int, actor: str, *, known: bool = True
    ) -> None:
        """An actor that claimed an attack has spoken, though no verb of speech says so."""
        row = facts.sentence.tokens
        span = Span(row[start].start, row[end - 1].end)
        same = next((k for k in self._known if k.actor == actor), None)
        if same is not None:
            if not known:
                self._known.remove(same)
                self._known.append(same)
            return
        name = span.of(self._text)
        self._known.append(
            _Known(name, SpeakerClass.PARTY, span, _words(name), actor, facts.number)
        )
        self.actors[name] = actor

    @staticmethod
    def _names(voice: Voice, words: frozenset[str]) -> frozenset[str]:
        return frozenset() if words & _GENERIC or voice.actor else words


def _person(known: _Known) -> bool:
    return bool(known.words & {"spokesman", "spokesperson", "spokeswoman", "official", "commander",
                               "governor", "minister", "chief", "director"})  # fmt: skip


def _unknown_class(name: str) -> SpeakerClass:
    """A bare name is most often that of an official; a described person was there."""
    official = (name[:1].isupper() and " " in name) or name in _STATES
    return SpeakerClass.OFFICIAL if official else SpeakerClass.LOCAL_SOURCE


def _words(name: str) -> frozenset[str]:
    plain = "".join(c if c.isalnum() or c in "-" else " " for c in name.lower())
    return frozenset(w for w in plain.split() if w not in _SMALL)
