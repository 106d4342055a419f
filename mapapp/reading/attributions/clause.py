"""A sentence as statements of who did it are looked for in: its words, actors and speakers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ActorName
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers import Speech
from mapapp.reading.words import WORDS

DID = WORDS.set("attributions", "did")
GROUP_WORDS = WORDS.set("attributions", "group_words")
HYPOTHETICAL = WORDS.set("casualty", "unreal") - {"ordered", "planned", "fear"}
#: How far a subject may stand from its verb, in tokens.
_REACH = 18


@dataclass(frozen=True, slots=True)
class Ascription:
    """One statement of who did it, at tokens `start` to `end`; `self_said` by the actor itself."""

    start: int
    end: int
    kind: AttributionKind
    actor: ActorName | None
    self_said: bool
    rule: str

    @property
    def key(self) -> str:
        """The actor's, empty where it names none."""
        return self.actor.key if self.actor else ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence; `group` is whom "the group" means there."""

    sentence: Sentence
    names: Sequence[ActorName]
    speeches: Sequence[Speech]
    group: ActorName | None

    @property
    def lows(self) -> tuple[str, ...]:
        """The words in lower case."""
        return self.sentence.lows

    def has(self, words: frozenset[str] | set[str], start: int, end: int) -> bool:
        """Whether one of the words stands between two tokens."""
        return not words.isdisjoint(self.lows[max(0, start) : max(0, end)])

    def make(
        self, start: int, end: int, kind: AttributionKind, actor: ActorName | None, rule: str,
        self_said: bool = False,
    ) -> Ascription:  # fmt: skip
        """An ascription inside the sentence."""
        return Ascription(max(start, 0), min(end, len(self.lows)), kind, actor, self_said, rule)

    def unclaimed(self, start: int, end: int, rule: str) -> Ascription:
        """That nobody is known to have done it."""
        return self.make(start, end, AttributionKind.UNCLAIMED, None, rule)

    def name_before(self, i: int, reach: int) -> ActorName | None:
        """The last actor named at most `reach` tokens before one."""
        return next((n for n in reversed(self.names) if n.end <= i <= n.end + reach), None)

    def name_behind(self, i: int, reach: int) -> ActorName | None:
        """The first actor named at most `reach` tokens behind one."""
        return next((n for n in self.names if i < n.start <= i + reach), None)

    def by(self, i: int) -> ActorName | None:
        """The actor behind "by"."""
        for k in range(i, min(i + 6, len(self.lows))):
            if self.lows[k] == "by":
                group = self.lows[k + 1 : k + 3] == ("the", "group")
                return self.name_behind(k, 5) or (self.group if group else None)
        return None

    def subject(self, i: int) -> ActorName | None:
        """The actor that is the subject of the verb at `i`, or "the group" before it."""
        found = None
        for name in self.names:
            reached = name.end <= i <= name.end + _REACH and name.key != "insurgents"
            if not reached or self.has({";", "."}, name.end, i):
                continue
            if self.has({"against", "on"}, name.start - 1, name.start):
                continue
            found = name
            if i - name.end <= 3:
                break
        if found is None and self.has(GROUP_WORDS, i - 8, i):
            return self.group
        return found

    def voice_actor(self, speech: Speech) -> ActorName | None:
        """The actor that speaks."""
        voice = speech.voice
        inside = next((n for n in self.names if voice.start <= n.start < voice.end), None)
        if inside is None and self.has(GROUP_WORDS, voice.start, voice.end):
            return self.group
        return inside

    def spoken(self, i: int) -> ActorName | None:
        """The actor whose words reach over token `i`."""
        for speech in self.speeches:
            if speech.first <= i < speech.last or speech.verb == i:
                return self.voice_actor(speech)
        return None
