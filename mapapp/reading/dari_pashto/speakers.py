"""Who says what in a Dari or Pashto sentence: plain speakers (tokens → speech)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mapapp.domain.vocab import SpeakerClass
from mapapp.importers.cells.marks import words_of
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.dari_pashto import words
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers import Speech, Voice

_VERBS: Final = words.listed("speech", "verbs")
_DENIALS: Final = words.listed("speech", "denials")
_BLAMED: Final = words.listed("attribution", "blamed")
_THAT: Final = words.word_set("speech", "that")
_BY: Final = words.listed("speech", "by")
_BY_BEHIND: Final = words.listed("speech", "by_behind")
_PRONOUNS: Final = words.word_set("speech", "pronouns")
_SAME: Final = words.listed("speech", "same")
_NAME_ENDS: Final = words.listed("speech", "name_ends")
_OPENING: Final = words.listed("speech", "opening")
_CLASSES: Final = tuple(
    (SpeakerClass(name), words.word_set("classes", name))
    for name in ("medical", "witness", "monitor", "analyst", "official", "local_source", "media")
)
_LONGEST: Final = 24
_NOT_NAMES: Final = words_of(
    "در به از با بر که این آن ان را برای تا هم نیز یک یو په کی له د او ته چی پر هیچ کسی باید و "
    "، , : ( ) « »"
)
_MARKS: Final = frozenset(["،", ",", ":", "؛", "«", "»", '"', "(", ")"])
_POINTING: Final = words_of("این همین آن همان دغه یاد یاده ی") | {"ان", "همان"}
_LOCAL: Final = words.word_set("classes", "residents")


def speeches(sentence: Sentence, names: Sequence[ActorName], taliban_rule: bool) -> list[Speech]:
    """In order; the words that each reaches over do not overlap."""
    lows = sentence.lows
    found: list[tuple[Voice, int, int]] = []  # voice, its verb, where its words begin
    begins = 0
    i = 0
    while i < len(lows):
        by = _BY.at(lows, i)
        behind = _BY_BEHIND.at(lows, i)
        blamed = _BLAMED.at(lows, i)
        denied = _DENIALS.at(lows, i)
        verb = _VERBS.at(lows, i) or denied
        if by:
            end = _comma(lows, i + by[0])
            voice = _voice(sentence, i + by[0], end, names, taliban_rule)
            if voice:
                found.append((voice, i, end))
            i = end
        elif behind:
            voice = _voice(sentence, begins, i, names, taliban_rule)
            if voice:
                found.append((voice, i, i + behind[0]))
            i += behind[0]
        elif blamed:
            accused = next((n.start for n in names if begins < n.start < i), i)
            voice = _voice(sentence, begins, accused, names, taliban_rule)
            if voice:
                found.append((voice, i, voice.end))
            i += blamed[0]
        elif verb:
            voice = _voice(sentence, begins, i, names, taliban_rule)
            if voice:
                found.append((voice, i, voice.end if denied else i + verb[0]))
            i += verb[0]
            if i < len(lows) and lows[i] in _THAT:
                begins = i + 1
        else:
            i += 1
    return _scopes(found, len(lows))


def _scopes(found: list[tuple[Voice, int, int]], size: int) -> list[Speech]:
    """Each reaches from its verb to the next; the first from the beginning where it has no "that".

    A verb that ends its sentence speaks of what stands before it.
    """
    rows = []
    for k, (voice, verb, begins) in enumerate(found):
        following = found[k + 1] if k + 1 < len(found) else None
        last = size if following is None else following[0].start
        if following is not None and last < begins:  # one speaker, two verbs
            last = following[1]
        first = begins if last - begins > 2 or k else voice.end
        rows.append(Speech(voice, verb, min(first, last), max(first, last)))
    return [row for row in rows if row.first < row.last]


def _comma(lows: Sequence[str], i: int) -> int:
    """Where a name behind "according to" ends: at its last comma before the clause."""
    for j in range(i, min(i + _LONGEST, len(lows))):
        if lows[j] in ("،", ",", ":"):
            return j
    return min(i + 6, len(lows))


def _voice(
    sentence: Sentence, start: int, end: int, names: Sequence[ActorName], taliban_rule: bool
) -> Voice | None:
    lows = sentence.lows
    start = _after_opening(lows, start, end)
    end = _end_of_name(lows, start, end)
    colon = next((i for i in range(start, end) if lows[i] == ":"), None)
    start = start if colon is None else _after_opening(lows, colon + 1, end)
    while end > start and lows[end - 1] in _MARKS:
        end -= 1
    if end <= start or end - start > _LONGEST:
        return None
    same = _SAME.at(lows, start)
    if lows[start] in _PRONOUNS or (same and start + same[0] >= end):
        return Voice(start, end, None, pronoun=True)
    row = set(lows[start:end])
    actor = next((n.key for n in names if start <= n.start < end), None)
    speaker_class = _class_of(row, actor)
    if speaker_class is None:
        return _bare_name(lows, start, end)
    if actor is None and speaker_class is SpeakerClass.OFFICIAL and taliban_rule:
        actor = "dfa"
    return Voice(start, end, speaker_class, actor=actor)


def _bare_name(lows: Sequence[str], start: int, end: int) -> Voice | None:
    """A name alone is most often that of an official; anything longer is no name."""
    row = lows[start:end]
    if not 2 <= len(row) <= 4 or set(row) & _NOT_NAMES or any(word.isdigit() for word in row):
        return None
    return Voice(start, end, SpeakerClass.OFFICIAL)


def _class_of(row: set[str], actor: str | None) -> SpeakerClass | None:
    """The class that a speaker's words show; None where they are no speaker that is known."""
    if actor is not None and actor in ARMED:
        return SpeakerClass.PARTY
    others = words.word_set("classes", "medical") | words.word_set("classes", "office")
    if row & _LOCAL and not row & others:
        return SpeakerClass.LOCAL_SOURCE
    return next((name for name, own in _CLASSES if row & own), None)


def _after_opening(lows: Sequence[str], start: int, end: int) -> int:
    while start < end:
        opening = _OPENING.at(lows, start)
        if not opening and lows[start] not in _MARKS and lows[start] not in _POINTING:
            break
        start += opening[0] if opening else 1
    return min(start, end)


def _end_of_name(lows: Sequence[str], start: int, end: int) -> int:
    for i in range(start + 1, end):
        if _NAME_ENDS.at(lows, i) or lows[i] in _THAT or lows[i] == "را":
            return i
    return end
