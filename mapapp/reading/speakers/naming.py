"""Which words name a speaker, and of what class he is."""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.numbers import QUOTES, number_at
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers.speech import Voice, actor_of
from mapapp.reading.words import WORDS, word_set

_VERBS = WORDS.set("speech", "verbs")
_PRONOUNS = WORDS.set("speakers", "pronouns")
_BE_HAVE = WORDS.set("casualty", "be") | WORDS.set("casualty", "have")
_PREDICATES = frozenset(WORDS.casualty_words) - {"body", "dead", "injured", "wounded", "hurt"}
_BOUNDARY = frozenset(";:()—-") | QUOTES
_CONJUNCTIONS = WORDS.set("speakers", "conjunctions")
_MAX_SPEAKER = 22
_CLASSES: tuple[tuple[SpeakerClass, frozenset[str]], ...] = (
    (SpeakerClass.MEDICAL, WORDS.set("speech", "medical")),
    (SpeakerClass.MONITOR, WORDS.set("speech", "monitor")),
    (SpeakerClass.WITNESS, WORDS.set("speech", "witness")),
    (SpeakerClass.ANALYST, WORDS.set("speech", "analyst")),
    (SpeakerClass.OFFICIAL, WORDS.set("speech", "official")),
    (SpeakerClass.LOCAL_SOURCE, WORDS.set("speech", "local_source")),
    (SpeakerClass.MEDIA, WORDS.set("speech", "media")),
)
_SPOKEN = _VERBS - word_set(
    "report reports claims counts state lists numbered listed shared put puts gave speaks spoke"
)
_INSERTED = WORDS.set("speakers", "inserted")
_WAYS = WORDS.set("speakers", "ways")
_HAPPENINGS = WORDS.set("speakers", "happenings")
_CASUALTIES = frozenset({"wounded", "injured", "dead", "killed", "hurt"})
_DEEDS = WORDS.set("attributions", "did") - {"attack", "ambush", "hit"}
_VERBAL = frozenset({"was", "were", "is", "are", "had", "been"})
_NO_VOICE = WORDS.set("speakers", "no_voice")
_FRONTS = WORDS.set("speakers", "fronts")
_DAYS = WORDS.set("speakers", "days")
_SUBJECT_STARTS = WORDS.set("speakers", "subject_starts")
_LEADS = WORDS.set("speakers", "leads")
_RIGHT_ENDS = WORDS.set("speakers", "right_ends")
_NOT_NAMES = WORDS.set("speakers", "not_names")
_SPEAKERS = frozenset().union(*(nouns for _, nouns in _CLASSES))
_LOCAL = WORDS.set("speech", "local_source")
_OFFICE = WORDS.set("speech", "official")
_OFFICIAL_SOURCES = WORDS.set("speakers", "official_sources")


def _abbreviated(lows: Sequence[str], i: int) -> bool:
    """Whether the mark at `i` is the full stop of "Dr."."""
    return lows[i] == "." and i > 0 and lows[i - 1] in WORDS.abbreviations


def _bounds(lows: Sequence[str], i: int, end: int) -> bool:
    """Whether the word at `i` ends the run that is read backwards from `end`."""
    word = lows[i]
    if word in _BOUNDARY or word in (",", ".", "!", "?") or word in _CONJUNCTIONS:
        return True
    if word in _SPOKEN and i + 1 < end and lows[i - 1 : i] not in (("a",), ("an",), ("the",)):
        return True
    return (word == "that" and i + 1 < end) or (word == "and" and _clause_before(lows, i))


def _clause_before(lows: Sequence[str], i: int) -> bool:
    """Whether a clause ends at "and": a verb stands before it, no mark between."""
    for k in range(i - 1, max(-1, i - 9), -1):
        if lows[k] in (",", ";", ":") or lows[k] in QUOTES:
            return False
        if lows[k] in _PREDICATES or lows[k] in _BE_HAVE or lows[k] in _SPOKEN:
            return True
    return False


def _counted(words: Sequence[str]) -> bool:
    """Whether words count victims: "five wounded", "injured 15"; and name nobody who speaks."""
    if words[0] in _CASUALTIES and len(words) > 1 and number_at(words, 1):
        return True
    return words[0] not in _LOCAL and words[-1] in _CASUALTIES and "who" not in words


def _set_apart(words: Sequence[str], k: int) -> bool:
    """Whether an insertion begins at a comma: ", in a statement …", ", which some accuse"."""
    if words[k] != ",":
        return False
    after = words[k + 1 : k + 4]
    return (
        after[0] == "which"
        or after[0] in _INSERTED - {"reached"}
        or (after[0] in ("in", "on", "via") and not _WAYS.isdisjoint(after))
    )


class Naming:
    """Reads the words beside a verb of speech as a speaker."""

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
        if closed and start > 1 and lows[start - 1] == "that":  # "a charity that runs …, said"
            earlier = self._segment(lows, start - 1)
            if lows[earlier] in ("a", "an", "the") and self._nominal(sentence, earlier, start - 1):
                start = earlier
        behind = self._insertion(lows, end) if closed else 0
        if behind:  # "officials, speaking on condition of anonymity because …, said"
            earlier = self._segment(lows, behind)
            if self._nominal(sentence, earlier, behind):
                return earlier
        if not closed and lows[start] in ("which", "whom", "whose") and i - start > 1:
            return start + 1
        aside = closed and start > 2 and lows[start - 1] in ("while", "though", "although")
        if aside and lows[start - 2] == ",":  # "the NRF, while confirming the attack, claims"
            earlier = self._segment(lows, start - 2)
            if self._nominal(sentence, earlier, start - 2):
                return earlier
        steps = 0
        while start > 1 and lows[start - 1] == "," and steps < 3 and end - start < _MAX_SPEAKER:
            relative = lows[start] in ("which", "who", "whose")
            if (
                not closed
                and steps == 0
                and not relative
                and not self._needs_more(sentence, start, i)
            ):
                break
            earlier = self._segment(lows, start - 1)
            if earlier >= start - 1 or not self._nominal(sentence, earlier, start - 1):
                break
            if not closed and not relative and not self._apposition(sentence, earlier, start - 1):
                break
            start = earlier
            steps += 1
        return start

    @staticmethod
    def _insertion(lows: Sequence[str], end: int) -> int:
        """The comma at which ", speaking by telephone," begins that ends before `end`."""
        for k in range(end - 2, max(0, end - 1 - 2 * _MAX_SPEAKER), -1):
            if lows[k] == "," and lows[k + 1] in _INSERTED:
                return k
            if lows[k] in (";", ".") or lows[k] in QUOTES:
                return 0
        return 0

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
            elif not depth and not _abbreviated(lows, i - 1) and _bounds(lows, i - 1, end):
                break
            i -= 1
        return i

    @staticmethod
    def _nominal(sentence: Sentence, start: int, end: int) -> bool:
        """Whether words can be a name or an office: no verb among them, and not long."""
        words = sentence.lows[start:end]
        if words and words[-1] in _CASUALTIES:
            return False  # "12 killed and 26 injured, Ghulam Farooq, …"
        if not words or len(words) > 12 or words[0] in ("including", "among", "mostly", "many"):
            return False
        said = [t.low for t in sentence.tokens[start:end] if t.text != "IS"]
        if any(w in _PREDICATES or w in _BE_HAVE or w in _VERBS for w in said):
            return False
        if not _DEEDS.isdisjoint(words) or words[0] in _PRONOUNS:
            return False
        return words[0] not in _LEADS

    def _right(self, sentence: Sentence, i: int, names: Sequence[ActorName]) -> Voice | None:
        """The speaker that begins at token `i`."""
        lows = sentence.lows
        if lows[i + 2 : i + 4] in (("posted", "by"), ("issued", "by"), ("released", "by")):
            i += 4  # "according to a statement posted by the front"
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
        office = row[:1] and row[0].low != "and" and any(t.low in _SPEAKERS for t in row)
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
        if lows[start] in ("speaking", "talking") and "," in lows[start:end]:
            start = lows.index(",", start) + 1
        start = self._without_lead(sentence, start, end)
        while start < end and (
            lows[start][0].isdigit() or lows[start] in (":", ".", "whose") or lows[start] in _VERBS
        ):
            start += 1
        while end > start and lows[end - 1] == ",":
            end -= 1
        end = self._without_day(lows, start, end)
        while end > start and (
            lows[end - 1] in (",", "who", "which", "that") or lows[end - 1] in QUOTES
        ):
            end -= 1
        if end <= start:
            return None
        words = lows[start:end]
        if (len(words) == 1 and words[0] in _PRONOUNS) or words == ("one", "of", "them"):
            return Voice(start, end, None, pronoun=True)
        if words[0] in _NO_VOICE or words[-1] == "'s" or _counted(words):
            return None
        cut = next(
            (
                k
                for k, w in enumerate(words)
                if w in ("who", "which", "that", "whose", "while", "though", "although") and k
            ),
            None,
        )
        head = words[: cut or len(words)]
        aside = next((k for k in range(1, len(words) - 1) if _set_apart(words, k)), None)
        if aside:
            end, words = start + aside, words[:aside]
            head = words
        elif cut and words[cut] in ("while", "though", "although"):
            end, words = start + cut - 1, words[: cut - 1]
            head = words
        if _HAPPENINGS & set(head) and not actor_of(names, start, end):
            return None
        counts = any(WORDS.casualty_phrases.at(lows, k) for k in range(start, start + len(head)))
        plain = [t.low for t in sentence.tokens[start : start + len(head)] if t.text != "IS"]
        if counts or any((w in _PREDICATES and w != "dead") or w in _VERBAL for w in plain):
            return None
        actor = actor_of(names, start, end)
        if actor is not None and "from" in lows[max(start, actor.start - 2) : actor.start]:
            start = actor.start  # "the reports came from the front, which says"
            words = head = lows[actor.start : actor.end]
        speaker_class = self._class(*self._first_of_two(words, head), actor)
        if speaker_class is None and not self._person(sentence, start, start + len(head)):
            return None
        return Voice(start, end, speaker_class, actor=actor.key if actor else None)

    @staticmethod
    def _first_of_two(
        words: Sequence[str], head: Sequence[str]
    ) -> tuple[Sequence[str], Sequence[str]]:
        """ "police and a hospital": the class is that of the first, where each has one."""
        k = next((k for k, w in enumerate(head) if w == "and" and k), 0)
        two = not _SPEAKERS.isdisjoint(head[:k]) and not _SPEAKERS.isdisjoint(head[k:])
        return (head[:k], head[:k]) if two else (words, head)

    @staticmethod
    def _without_lead(sentence: Sentence, start: int, end: int) -> int:
        """Behind "In Kabul", "On Monday", "Late on Saturday": what only leads in."""
        lows = sentence.lows
        later = next(
            (
                i
                for i in range(start, min(end, start + 5))
                if lows[i] in ("later", "earlier", "ago")
            ),
            None,
        )
        if later is not None and later + 1 < end:
            return later + 1
        if start < end and lows[start] in _LEADS:
            if lows[end - 1] in _PRONOUNS:
                return end - 1
            for i in range(start + 2, min(end, start + 10)):
                inner = lows[i - 1] in _LEADS or lows[i - 1] in ("of", "to", "by", "with")
                if (lows[i] in _SUBJECT_STARTS and not inner) or lows[i - 1] in _DAYS:
                    return i
        return start

    @staticmethod
    def _without_day(lows: Sequence[str], start: int, end: int) -> int:
        """ "the ministry on Tuesday": the day is no part of the name."""
        for k in range(max(start + 1, end - 4), end):
            if lows[k] in ("on", "late", "early") and all(
                w in _DAYS or w in ("on", "late", "early", ",") for w in lows[k:end]
            ):
                return k
        if end - start > 2 and lows[end - 2 : end] in ((",", "however"), (",", "meanwhile")):
            return end - 2
        return end - 1 if end - start > 1 and lows[end - 1] in _DAYS else end

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
            "wounded",
            "injured",
            "hurt",
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
        if given & {"elder", "elders"} and not given & {"spokesman"}:
            return SpeakerClass.LOCAL_SOURCE
        if given & {"sources", "source"} and not given & _OFFICIAL_SOURCES:
            return SpeakerClass.LOCAL_SOURCE
        if given & _FRONTS and not given & {"spokesman", "ministry"}:
            return SpeakerClass.PARTY
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
