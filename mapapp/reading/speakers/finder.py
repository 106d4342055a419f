"""Who says what in a sentence: speech, its speaker, and the words it reaches over
(tokens → speakers → incidents).
"""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.reading.actors import ActorName
from mapapp.reading.numbers import QUOTES
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers.naming import Naming
from mapapp.reading.speakers.speech import Speech, Voice
from mapapp.reading.words import WORDS

_VERBS = WORDS.set("speech", "verbs")
_BE_HAVE = WORDS.set("casualty", "be") | WORDS.set("casualty", "have")
_PREDICATES = frozenset(WORDS.casualty_words) - {"body", "dead", "injured", "wounded", "hurt"}
_ADVERBS = WORDS.set("speakers", "adverbs")
#: Behind the verb, and still no clause of its own.
_TAIL = WORDS.set("speakers", "tail")
_INVERTED = WORDS.set("speakers", "inverted")
_SAID_BY = WORDS.set("speakers", "said_by")
_NOUNS_TOO = WORDS.set("speakers", "nouns_too")
_NOUN_MARKS = WORDS.set("speakers", "noun_marks")
_PARTICIPLES = WORDS.set("speakers", "participles")
_TAKING = WORDS.set("attributions", "taking")
_CLOSED = frozenset({",", "?", "!"})
_CLAIMED = WORDS.set("speakers", "claimed")


def _clause_start(lows: Sequence[str], start: int, end: int) -> int:
    for i in range(start, end):
        if lows[i] in (";", "but", "while"):
            return i
    return end


class SpeechFinder(Naming):
    """Finds the speech of a sentence."""

    def find(self, sentence: Sentence, names: Sequence[ActorName]) -> list[Speech]:
        """In order of the verbs; the words that each reaches over do not overlap."""
        found: list[tuple[Voice, int, bool]] = []  # voice, verb, whether it speaks backwards
        pending: tuple[Voice, int, bool] | None = None  # who claimed, and may go on to say
        lows = sentence.lows
        for i, word in enumerate(lows):
            if word == "according" and lows[i + 1 : i + 2] == ("to",):
                voice = self._right(sentence, i + 2, names)
                if voice:
                    found.append((voice, i, self._words_before(sentence, i)))
            elif word in _SAID_BY and lows[i + 1 : i + 2] == ("by",):
                voice = self._right(sentence, i + 2, names)
                if voice and voice.speaker_class:
                    found.append((voice, i, True))
            elif word in ("citing", "quoting") or (
                word == "quoted" and i and lows[i - 1] not in _BE_HAVE
            ):
                voice = self._right(sentence, i + 1, names)
                if voice and word != "quoting":
                    found.append((voice, i, self._words_before(sentence, i)))
            elif word in _PARTICIPLES and i > 2 and lows[i - 1] == ",":
                first = next((k + 1 for k in range(min(8, i)) if lows[k] == ":"), 0)
                voice = found[-1][0] if found else self._right(sentence, first, names)
                if voice:
                    found.append((voice, i, False))
            elif word in _TAKING and "responsibility" in lows[i + 1 : i + 4]:
                pending = self._of_verb(sentence, i, names)
            elif word in _VERBS and sentence.tokens[i].text[0].islower():
                if self._claims_a_deed(lows, i):
                    pending = self._of_verb(sentence, i, names)
                    continue
                if pending and i > 1 and lows[i - 1] == "and":
                    found.append((pending[0], i, False))
                    continue
                speech = self._of_verb(sentence, i, names)
                if speech and not self._goes_on(lows, speech[0], found):
                    found.append(speech)
            elif self._holds(lows, i, names):
                speech = self._of_verb(sentence, i, names)
                if speech:
                    found.append(speech)
        if not found:
            found = self._labelled(sentence, names)
        return self._scopes(sentence, found)

    @staticmethod
    def _goes_on(
        lows: Sequence[str], voice: Voice, found: Sequence[tuple[Voice, int, bool]]
    ) -> bool:
        """ "one of them said that he saw …": the same voice."""
        first = voice.start - 1 if lows[voice.start - 1 : voice.start] == ("that",) else voice.start
        return voice.pronoun and bool(found) and found[-1][1] == first - 1

    @staticmethod
    def _holds(lows: Sequence[str], i: int, names: Sequence[ActorName]) -> bool:
        """ "relatives hold the Taliban responsible", "elders suspect the group"."""
        if lows[i] in ("hold", "holds", "held"):
            return "responsible" in lows[i + 1 : i + 7]
        return lows[i] in ("suspect", "suspects") and any(i < n.start <= i + 3 for n in names)

    def _labelled(
        self, sentence: Sentence, names: Sequence[ActorName]
    ) -> list[tuple[Voice, int, bool]]:
        """ "Zadran, spokesman of the police: …"."""
        lows = sentence.lows
        colon = next((k for k in range(1, min(18, len(lows))) if lows[k] == ":"), 0)
        if lows[colon - 1].isdigit() and lows[colon + 1 : colon + 2] and lows[colon + 1].isdigit():
            return []  # "at 12:15"
        if not colon or not QUOTES.isdisjoint(lows[:colon]):
            return []
        voice = self._voice(sentence, 0, colon, names)
        return [(voice, colon, False)] if voice and voice.speaker_class else []

    @staticmethod
    def _claims_a_deed(lows: Sequence[str], i: int) -> bool:
        """ "claimed responsibility for an attack that killed five" says nothing of five."""
        if lows[i] not in ("claimed", "claims", "claim"):
            return False
        return any(w in _CLAIMED for w in lows[i + 1 : i + 7]) and "that" not in lows[i + 1 : i + 3]

    def _of_verb(
        self, sentence: Sentence, i: int, names: Sequence[ActorName]
    ) -> tuple[Voice, int, bool] | None:
        lows = sentence.lows
        j = i
        if lows[i : i + 2] in (("speaks", "for"), ("spoke", "for")):
            return None
        if j and lows[self._segment(lows, j)] == "according":
            return None  # "according to a statement posted …"
        if i and lows[i] in _NOUNS_TOO and lows[i - 1] in _NOUN_MARKS:
            return None
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
        named = i + 1 < len(lows) and lows[i + 1] not in _TAIL - {"a", "an", "the"}
        if named and lows[i] in _INVERTED and i and lows[i - 1] == ",":
            voice = self._right(sentence, i + 1, names)
            if voice and voice.end < len(lows) and lows[voice.end] == ".":
                return voice, i, True  # "…, a woman, said Dr X."
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
        if voice.start > 2 and lows[voice.start - 1] in QUOTES and lows[voice.start - 2] in _CLOSED:
            return True  # "…," Zadran said, adding that …
        if any(w == "that" for w in rest[:3]) or ":" in rest[:8]:
            return False
        if voice.start < 3:
            return False
        short = next((k for k, w in enumerate(rest) if w in (".", ";")), len(rest))
        mark = lows[voice.start - 1]
        if mark not in (",", "—", "-") and mark not in QUOTES:
            return False
        if short <= 6 and not any(w in WORDS.casualty_words for w in rest[:short]):
            return True
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
                    lows = sentence.lows
                    begin, end = min(voice.start, verb), max(voice.end, verb + 1)
                    if lows[begin - 1 : begin] == lows[end : end + 1] == (",",):
                        last = len(lows)  # "his nephew, the source added, died later"
                    speeches.append(Speech(voice, verb, first, last))
                    break
            else:
                first = verb if sentence.lows[verb] in _PARTICIPLES else min(verb, voice.start)
                last = end
                if following is not None:
                    last = following[0].start if not following[2] else end
                    if last <= verb:  # the same voice goes on: "said five died, adding that …"
                        last = following[1]
                    if following[2]:
                        last = _clause_start(sentence.lows, verb, following[0].start)
                    last = max(last, verb + 1)
                taken = last
            speeches.append(Speech(voice, verb, first, last))
        return speeches
