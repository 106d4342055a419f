"""Who says what in a sentence: speech, its speaker, and the words it reaches over
(tokens → speakers → incidents).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.actors import ARMED, ActorFinder, ActorName
from mapapp.reading.numbers import QUOTES
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

_VERBS = WORDS.set("speech", "verbs")
_PRONOUNS = frozenset(["he", "she", "they", "it"])
_BE_HAVE = WORDS.set("casualty", "be") | WORDS.set("casualty", "have")
_PREDICATES = frozenset(WORDS.casualty_words) - {"body", "dead", "injured", "wounded", "hurt"}
_ADVERBS = frozenset(
    [
        "also",
        "later",
        "earlier",
        "then",
        "has",
        "have",
        "had",
        "still",
        "however",
        "meanwhile",
        "initially",
        "immediately",
        "only",
        "now",
        "already",
        "reportedly",
        "again",
        "further",
        "previously",
        "subsequently",
        "did",
        "not",
        "yet",
        "himself",
        "herself",
        "itself",
        "themselves",
        "quickly",
        "officially",
        "repeatedly",
        "all",
        "both",
        "both,",
        "n't",
        "who",
    ]
)
_BOUNDARY = frozenset(";:()—") | QUOTES
_CONJUNCTIONS = frozenset(
    [
        "but",
        "while",
        "whereas",
        "although",
        "though",
        "because",
        "when",
        "after",
        "before",
        "as",
        "if",
    ]
)
_MAX_SPEAKER = 22
#: Behind the verb, and still no clause of its own.
_TAIL = frozenset(
    [
        "in",
        "on",
        "at",
        "to",
        "by",
        "via",
        "through",
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "statement",
        "interview",
        "message",
        "post",
        "x",
        "twitter",
        "telegram",
        "facebook",
        "video",
        "reporters",
        "media",
        "press",
        "conference",
        "told",
        "late",
        "early",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "that",
        "day",
        "evening",
        "night",
        "morning",
        "afternoon",
        "phone",
        "telephone",
        "condition",
        "of",
        "anonymity",
        "speaking",
        "with",
        "over",
        "an",
        "local",
        "released",
        "official",
        "account",
        "social",
        "platform",
        "separate",
        "brief",
        "written",
        "recorded",
        "audio",
        ",",
        ".",
        "journalists",
        "news",
        "agency",
        "us",
        "me",
        "them",
        "anonymously",
        "quoted",
        "as",
        "saying",
        "network",
        "television",
        "tv",
        "radio",
        "afp",
        "ap",
        "reuters",
        "bbc",
        "xinhua",
        "tolo",
        "tolonews",
        "this",
        "for",
        "from",
        "islamic",
        "state's",
    ]
)

_CLASSES: tuple[tuple[SpeakerClass, frozenset[str]], ...] = (
    (SpeakerClass.MEDICAL, WORDS.set("speech", "medical")),
    (SpeakerClass.MONITOR, WORDS.set("speech", "monitor")),
    (SpeakerClass.WITNESS, WORDS.set("speech", "witness")),
    (SpeakerClass.ANALYST, WORDS.set("speech", "analyst")),
    (SpeakerClass.OFFICIAL, WORDS.set("speech", "official")),
    (SpeakerClass.LOCAL_SOURCE, WORDS.set("speech", "local_source")),
    (SpeakerClass.MEDIA, WORDS.set("speech", "media")),
)
_STATEMENTS = frozenset(
    [
        "statement",
        "message",
        "post",
        "report",
        "communique",
        "communiqué",
        "letter",
        "tweet",
        "note",
    ]
)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as one sentence names it: tokens `start` to `end`."""

    start: int
    end: int
    speaker_class: SpeakerClass | None
    pronoun: bool = False
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A voice, its verb's token, and the tokens `first` to `last` that it speaks of."""

    voice: Voice
    verb: int
    first: int
    last: int


class SpeechFinder:
    """Finds the speech of a sentence."""

    def __init__(self, actor_finder: ActorFinder) -> None:
        self._actors = actor_finder

    def find(self, sentence: Sentence, names: Sequence[ActorName]) -> list[Speech]:
        """In order of the verbs; the words that each reaches over do not overlap."""
        found: list[tuple[Voice, int, bool]] = []  # voice, verb, whether it speaks backwards
        lows = sentence.lows
        for i, word in enumerate(lows):
            if word == "according" and lows[i + 1 : i + 2] == ("to",):
                voice = self._right(sentence, i + 2, names)
                if voice:
                    found.append((voice, i, self._words_before(sentence, i)))
            elif word in ("citing", "quoting") or (
                word == "quoted" and i and lows[i - 1] not in _BE_HAVE
            ):
                voice = self._right(sentence, i + 1, names)
                if voice and word != "quoting":
                    found.append((voice, i, self._words_before(sentence, i)))
            elif word in _VERBS and sentence.tokens[i].text[0].islower():
                speech = self._of_verb(sentence, i, names)
                if speech:
                    found.append(speech)
        return self._scopes(sentence, found)

    # -- subjects

    def _of_verb(
        self, sentence: Sentence, i: int, names: Sequence[ActorName]
    ) -> tuple[Voice, int, bool] | None:
        lows = sentence.lows
        j = i
        while j and (lows[j - 1] in _ADVERBS or lows[j - 1] in ("was", "were", "been", "is")):
            j -= 1
        if j and lows[j - 1] in ("to", "by", "of", "and", "that", "which"):
            if lows[j - 1] == "and":
                return None
            if lows[j - 1] not in ("which", "that"):
                return None
            j -= 1
        if i and lows[i - 1] in ("was", "were", "been", "is") and lows[i] not in ("quoted",):
            return None
        start = self._subject_start(sentence, j)
        voice = self._voice(sentence, start, j, names) if start is not None else None
        if voice is not None:
            return voice, i, self._speaks_backwards(sentence, voice, i)
        inverted = (
            lows[i] in _INVERTED and i and (lows[i - 1] in QUOTES or lows[i - 1] in (",", "?", "!"))
        )
        if inverted:
            voice = self._right(sentence, i + 1, names)
            if voice:
                return voice, i, True
        return None

    def _subject_start(self, sentence: Sentence, end: int) -> int | None:
        """Where the subject that ends before token `end` begins, with its appositions."""
        lows = sentence.lows
        if end == 0:
            return None
        closed = lows[end - 1] == ","
        i = end - 1 if closed else end
        start = self._segment(lows, i)
        if start >= i:
            return None
        steps = 0
        while start > 1 and lows[start - 1] == "," and steps < 3 and end - start < _MAX_SPEAKER:
            if not closed and steps == 0 and not self._needs_more(sentence, start, i):
                break
            earlier = self._segment(lows, start - 1)
            if earlier >= start - 1 or not self._nominal(sentence, earlier, start - 1):
                break
            start = earlier
            steps += 1
        return start

    def _needs_more(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether a part before a comma belongs to the subject: a name behind an office."""
        row = sentence.tokens[start:end]
        return bool(row) and all(t.capital or not t.word for t in row) and len(row) <= 4

    @staticmethod
    def _segment(lows: Sequence[str], end: int) -> int:
        """Where the run of words that ends at `end` begins: behind a mark or a conjunction."""
        i = end
        depth = 0
        while i and end - i < _MAX_SPEAKER:
            word = lows[i - 1]
            if word == ")":
                depth += 1
            elif word == "(" and depth:
                depth -= 1
            elif (
                (
                    not depth
                    and (word in _BOUNDARY or word in (",", ".", "!", "?") or word in _CONJUNCTIONS)
                )
                or (not depth and word == "that" and i < end)
                or (not depth and word == "and" and _clause_before(lows, i - 1))
            ):
                break
            i -= 1
        return i

    @staticmethod
    def _nominal(sentence: Sentence, start: int, end: int) -> bool:
        """Whether words can be a name or an office: no verb among them, and not long."""
        words = sentence.lows[start:end]
        if not words or len(words) > 12:
            return False
        if any(w in _PREDICATES or w in _BE_HAVE or w in _VERBS for w in words):
            return False
        return words[0] not in _LEADS

    def _right(self, sentence: Sentence, i: int, names: Sequence[ActorName]) -> Voice | None:
        """The speaker that begins at token `i`."""
        lows = sentence.lows
        j = i
        while j < len(lows) and j - i < _MAX_SPEAKER:
            word = lows[j]
            if word in QUOTES or word in (".", ";", ":", "—", "?", "!") or word in _RIGHT_ENDS:
                break
            if word == ",":
                after = self._until(lows, j + 1)
                if not self._nominal(sentence, j + 1, after) or not self._apposition(
                    sentence, j + 1, after
                ):
                    break
            if j > i and (word in _VERBS or word in _PREDICATES) and not sentence.tokens[j].capital:
                break
            j += 1
        return self._voice(sentence, i, j, names)

    @staticmethod
    def _until(lows: Sequence[str], i: int) -> int:
        j = i
        while (
            j < len(lows)
            and j - i < 14
            and lows[j] not in (",", ".", ";", ":")
            and lows[j] not in QUOTES
        ):
            j += 1
        return j

    @staticmethod
    def _apposition(sentence: Sentence, start: int, end: int) -> bool:
        row = sentence.tokens[start:end]
        office = any(t.low in WORDS.set("speech", "official") for t in row)
        return office or (len(row) <= 4 and all(t.capital for t in row if t.word))

    def _voice(
        self, sentence: Sentence, start: int, end: int, names: Sequence[ActorName]
    ) -> Voice | None:
        """The voice of tokens `start` to `end`, None where they are no speaker's."""
        lows = sentence.lows
        while start < end and (
            lows[start]
            in ("and", "but", ",", "meanwhile", "while", "however", "as", "for", "—", "-")
            or lows[start] in QUOTES
        ):
            start += 1
        start = self._without_lead(sentence, start, end)
        while end > start and (
            lows[end - 1] in (",", "who", "which", "that") or lows[end - 1] in QUOTES
        ):
            end -= 1
        if end <= start:
            return None
        words = lows[start:end]
        if len(words) == 1 and words[0] in _PRONOUNS:
            return Voice(start, end, None, pronoun=True)
        if words[0] in ("who", "which", "that", "there", "what", "we", "i", "you", "this"):
            return None
        cut = next((k for k, w in enumerate(words) if w in ("who", "which", "whose") and k), None)
        head = words[: cut or len(words)]
        if any(w in _PREDICATES and w not in ("dead",) for w in head) or any(
            w in ("was", "were", "is", "are", "had", "been") for w in head
        ):
            return None
        actor = next((n for n in names if start <= n.start and n.end <= end), None)
        speaker_class = self._class(words, head, actor)
        if speaker_class is None and not self._person(sentence, start, start + len(head)):
            return None
        return Voice(start, end, speaker_class, actor=actor.key if actor else None)

    @staticmethod
    def _without_lead(sentence: Sentence, start: int, end: int) -> int:
        """Behind "In Kabul", "On Monday", "Late on Saturday": what only leads in."""
        lows = sentence.lows
        if start < end and lows[start] in _LEADS:
            for i in range(start + 1, min(end, start + 9)):
                if (
                    lows[i] in ("the", "a", "an", "two", "three", "local", "officials", "police")
                    and i > start + 1
                ):
                    return i
        return start

    @staticmethod
    def _person(sentence: Sentence, start: int, end: int) -> bool:
        row = sentence.tokens[start:end]
        if any(t.low in WORDS.people for t in row):
            return True
        named = [t for t in row if t.word]
        return (
            bool(named)
            and len(named) <= 5
            and all(t.capital for t in named)
            and not any(t.low in _NOT_NAMES for t in named)
        )

    def _class(
        self, words: Sequence[str], head: Sequence[str], actor: ActorName | None
    ) -> SpeakerClass | None:
        given, all_words = set(head), set(words)
        if given & {"media", "reports"} and given <= {
            "local",
            "media",
            "reports",
            "the",
            "some",
            "news",
            "afghan",
            "state",
        }:
            return SpeakerClass.MEDIA
        if all_words & {"who", "whose"} and all_words & {
            "saw",
            "escaped",
            "survived",
            "witnessed",
            "seen",
        }:
            return SpeakerClass.WITNESS
        for speaker_class, nouns in _CLASSES[:2]:
            if given & nouns and not given & {"diplomat"}:
                return speaker_class
        if "nations" in given or ("rights" in given and not actor):
            return SpeakerClass.MONITOR
        if actor is not None and actor.key in ARMED:
            return SpeakerClass.PARTY
        if given & _CLASSES[2][1] and not actor:
            return SpeakerClass.WITNESS
        if given & _CLASSES[3][1]:
            return SpeakerClass.ANALYST
        if given & {"sources", "source"} and not given & _OFFICIAL_SOURCES:
            return SpeakerClass.LOCAL_SOURCE
        first = next((w for w in head if w in _LOCAL or w in _OFFICE), None)
        if first in _LOCAL and first not in _OFFICE:
            return SpeakerClass.LOCAL_SOURCE
        if {"accounts", "users"} & given:
            return SpeakerClass.MEDIA
        if first is not None:
            return SpeakerClass.OFFICIAL
        if given & _CLASSES[6][1]:
            return SpeakerClass.MEDIA
        if actor is not None:
            return SpeakerClass.OFFICIAL
        return None

    # -- what is spoken of

    @staticmethod
    def _words_before(sentence: Sentence, i: int) -> bool:
        return i > 2

    @staticmethod
    def _speaks_backwards(sentence: Sentence, voice: Voice, verb: int) -> bool:
        """Whether the words said stand before the speaker: "…, police said."."""
        lows = sentence.lows
        after = verb + 1
        rest = lows[after:]
        if lows[verb] in ("told", "tells", "informed"):
            k = next(
                (k for k, w in enumerate(rest[:8]) if w in ("that", ":", ",") or w in QUOTES), None
            )
            if k is not None and rest[k] == "that":
                return False
        if any(w == "that" for w in rest[:3]) or ":" in rest[:8]:
            return False
        if voice.start < 3:
            return False
        mark = lows[voice.start - 1]
        if mark not in (",", "—", "-") and mark not in QUOTES:
            return False
        for k, word in enumerate(rest):
            if word in (".", ";") and k < 12:
                return True
            if word in (",", "and", "but", "while"):
                return True
            if (
                word not in _TAIL
                and not sentence.tokens[after + k].capital
                and not word[0].isdigit()
            ):
                return False
        return True

    @staticmethod
    def _scopes(sentence: Sentence, found: list[tuple[Voice, int, bool]]) -> list[Speech]:
        found.sort(key=lambda row: row[1])
        speeches: list[Speech] = []
        taken = 0
        for n, (voice, verb, backwards) in enumerate(found):
            following = found[n + 1] if n + 1 < len(found) else None
            end = len(sentence.lows)
            if backwards:
                first, last = taken, min(voice.start, verb)
                taken = max(voice.end, verb + 1)
                if following is None:
                    speeches.append(Speech(voice, verb, first, last))
                    break
            else:
                first, last = min(verb, voice.start), end
                if following is not None:
                    last = following[0].start if not following[2] else end
                    if following[2]:
                        last = _clause_start(sentence.lows, verb, following[0].start)
                    last = max(last, verb + 1)
                taken = last
            speeches.append(Speech(voice, verb, first, last))
        return speeches


def _clause_start(lows: Sequence[str], start: int, end: int) -> int:
    for i in range(start, end):
        if lows[i] in (";", "but", "while"):
            return i
    return end


def _clause_before(lows: Sequence[str], i: int) -> bool:
    """Whether a clause ends at "and": a casualty word or a verb stands before it."""
    return any(w in _PREDICATES or w in _BE_HAVE or w in _VERBS for w in lows[max(0, i - 8) : i])


_INVERTED = frozenset(
    [
        "said",
        "says",
        "told",
        "added",
        "wrote",
        "reported",
        "confirmed",
        "claimed",
        "recalled",
        "recalls",
        "explained",
        "stated",
        "according",
    ]
)
_LEADS = frozenset(
    [
        "in",
        "on",
        "at",
        "after",
        "following",
        "late",
        "early",
        "earlier",
        "meanwhile",
        "during",
        "from",
        "near",
        "since",
        "last",
    ]
)
_RIGHT_ENDS = frozenset(
    ["who", "which", "when", "while", "but", "on", "late", "adding", "saying", "after"]
)
_NOT_NAMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "it",
        "he",
        "she",
        "they",
        "the",
    ]
)
_LOCAL = WORDS.set("speech", "local_source")
_OFFICE = WORDS.set("speech", "official")
_OFFICIAL_SOURCES = frozenset(
    [
        "police",
        "security",
        "government",
        "official",
        "officials",
        "intelligence",
        "military",
        "ministry",
        "taliban",
    ]
)
