"""Who did it, in plain Dari and Pashto words (tokens → ascriptions)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.attributions import Ascription
from mapapp.reading.dari_pashto import words
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers import Speech

_RESPONSIBILITY: Final = words.word_set("attribution", "responsibility")
_NOBODY: Final = words.word_set("attribution", "nobody")
_NOT_TAKEN: Final = words.word_set("attribution", "not_taken")
_TAKEN: Final = words.word_set("attribution", "taken")
_PAST: Final = words.word_set("attribution", "past")
_UNKNOWN: Final = words.listed("attribution", "unknown")
_ARMED_MEN: Final = words.word_set("attribution", "armed_men")
_DID: Final = words.listed("attribution", "did")
_BLAMED: Final = words.listed("attribution", "blamed")
_AGENT_BEFORE: Final = words.listed("attribution", "agent_before")
_AGENT_BEHIND: Final = words.listed("attribution", "agent_behind")
_SUFFERED: Final = words.word_set("attribution", "suffered")
_DENIALS: Final = words.listed("speech", "denials")
_LIES: Final = words.word_set("attribution", "lies")
_FIGHTERS: Final = words.word_set("actors", "fighters")
#: Words of a statement at the most; the verb of a long sentence is left out.
_LONGEST: Final = 12
_THAT: Final = frozenset({"که", "چی"})
_AUTHORITIES: Final = frozenset({"dfa", "dfa-mod", "dfa-moi"})


@cache
def _names() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Names of actors by their first word, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for key, names in words.DATA["actors"].items():
        if key == "fighters":
            continue
        for name in names.split("|"):
            row = tuple(words.parts(name))
            if row:
                table.setdefault(row[0], []).append((row, key))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


def actor_names(sentence: Sentence, taliban_rule: bool) -> list[ActorName]:
    """Names of actors in order; `izafat` may stand between a name's words."""
    found: list[ActorName] = []
    i = 0
    while i < len(sentence.lows):
        end, key = _name_at(sentence.lows, i)
        if end == i:
            i += 1
            continue
        known = key != "Pakistan"
        shown = " ".join(token.text for token in sentence.tokens[i:end]) if known else key
        if key == "dfa" and not taliban_rule:
            key = "taliban-until-2021"
        found.append(ActorName(i, end, key, known, shown))
        i = end
    return found


def _name_at(lows: Sequence[str], i: int) -> tuple[int, str]:
    for row, key in _names().get(lows[i], ()):
        j, matched = i, 0
        while j < len(lows) and matched < len(row):
            if lows[j] == row[matched]:
                matched += 1
            elif not (lows[j] == "ی" and matched):
                break
            j += 1
        if matched == len(row):
            return j, key
    return i, ""


class AttributionFinder:
    """Finds them in one sentence; `group` is whom "this claim" means there."""

    def __init__(
        self, sentence: Sentence, names: Sequence[ActorName], speeches: Sequence[Speech],
        group: ActorName | None,
    ) -> None:  # fmt: skip
        self._sentence = sentence
        self._lows = sentence.lows
        self._names = list(names)
        self._speeches = speeches
        self._group = group

    def find(self) -> list[Ascription]:
        """In order; one statement of each kind for an actor."""
        found = [*self._responsibility(), *self._denied()]
        if not found:
            found = [*(self._did() or self._suffered()), *self._unknown_men()]
        seen: set[tuple[str, str]] = set()
        rows = []
        for one in sorted(found, key=lambda a: a.start):
            key = (str(one.kind), one.actor.key if one.actor else "")
            if key not in seen:
                seen.add(key)
                rows.append(one)
        return rows

    def _responsibility(self) -> list[Ascription]:
        lows = self._lows
        at = next((i for i, word in enumerate(lows) if word in _RESPONSIBILITY), None)
        if at is None:
            return []
        behind = set(lows[at:])
        nobody = next((i for i in range(at) if lows[i] in _NOBODY), None)
        if behind & _NOT_TAKEN and (nobody is not None or behind & _NOBODY):
            start = at if nobody is None else nobody
            return [self._make(start, self._last(at), AttributionKind.UNCLAIMED, None, "no-claim")]
        if not behind & _TAKEN:
            return []
        actor = next((n for n in self._names if n.key in ARMED or n.key == "Pakistan"), None)
        actor = actor or (self._names[-1] if self._names else self._group)
        if actor is None:
            return []
        if set(lows[: at + 1]) & _PAST:
            kind, rule, own = AttributionKind.SUSPECTED, "usual-pattern", False
        else:
            kind, rule, own = AttributionKind.CLAIMED, "claimed", True
        start = min(at, actor.start) if actor in self._names else at
        return [self._make(start, self._last(at), kind, actor, rule, own)]

    def _last(self, at: int) -> int:
        """Behind the verb that ends the clause."""
        for i in range(at + 1, len(self._lows)):
            if self._lows[i] in (".", "؛", "،") and i > at + 2:
                return i
        return len(self._lows)

    def _denied(self) -> list[Ascription]:
        """ "rejected the claim", "denied that there was an attack"."""
        found = []
        for i in range(len(self._lows)):
            denied = _DENIALS.at(self._lows, i)
            if not denied or not set(self._lows[max(0, i - 8) : i]) & _LIES:
                continue
            who = next((n for n in reversed(self._names) if n.start < i), None)
            start = next(
                (k for k in range(max(0, i - 8), i) if self._lows[k] in _LIES), max(0, i - 3)
            )
            if who is not None and who.key in ARMED:
                kind = AttributionKind.DENIED
                found.append(self._make(start, i + denied[0], kind, who, "denied"))
            elif self._group is not None and self._group.key in ARMED:
                kind = AttributionKind.CONTESTED
                found.append(self._make(start, i + denied[0], kind, self._group, "contested"))
        return found

    def _did(self) -> list[Ascription]:
        """ "its fighters attacked": a claim where the actor itself says so, else an attribution."""
        lows = self._lows
        for i in range(len(lows)):
            blamed = _BLAMED.at(lows, i)
            if blamed:
                accused = next(
                    (n for n in self._names if n.start < i and lows[n.end : n.end + 1] == ("را",)),
                    None,
                )
                if accused is not None:
                    kind = AttributionKind.ATTRIBUTED
                    return [self._make(accused.start, i + blamed[0], kind, accused, "blamed")]
            did = _DID.at(lows, i)
            if not did:
                continue
            actor = self._doer(i)
            if actor is None:
                continue
            speaks = next(
                (s.voice.actor for s in reversed(self._speeches) if s.first <= i < s.last), None
            )
            akin = speaks == actor.key or {speaks, actor.key} <= _AUTHORITIES
            told_by_itself = speaks is None and actor.key in ARMED
            if not (akin or told_by_itself) and speaks is None and actor.key != "Pakistan":
                continue
            kind = AttributionKind.CLAIMED if akin or told_by_itself else AttributionKind.ATTRIBUTED
            subject = [k for k in range(i) if lows[k] in _FIGHTERS and k >= self._clause(i)]
            if actor in self._names and self._clause(i) <= actor.start < i:
                subject.append(actor.start)
            start = min(subject, default=max(0, i - 4))
            end = min(i + did[0], start + _LONGEST)
            return [self._make(start, end, kind, actor, "deed", akin or told_by_itself)]
        return []

    def _suffered(self) -> list[Ascription]:
        """ "was shot dead by the Taliban": the agent of what is told as suffered."""
        lows = self._lows
        for name in self._names:
            lead = max(0, name.start - 6)
            before = next((k for k in range(lead, name.start) if _AGENT_BEFORE.at(lows, k)), None)
            behind = _AGENT_BEHIND.at(lows, name.end) if name.end < len(lows) else None
            if before is None and not behind:
                continue
            verb = next(
                (k for k in range(name.end, min(name.end + _LONGEST, len(lows)))
                 if lows[k] in _SUFFERED), None,
            )  # fmt: skip
            if verb is not None:
                start = name.start if before is None else before
                end = max(name.end, min(verb + 1, start + _LONGEST))
                return [self._make(start, end, AttributionKind.ATTRIBUTED, name, "agent")]
        return []

    def _doer(self, verb: int) -> ActorName | None:
        """Whose fighters, or who by name, stands before the verb and is not what was attacked."""
        clause = self._clause(verb)
        fighters = next((k for k in range(clause, verb) if self._lows[k] in _FIGHTERS), None)
        named = [n for n in self._names if clause <= n.start < verb]
        spoken = [s.voice for s in self._speeches if s.voice.actor in _AUTHORITIES]
        accused = [n for n in named if spoken and n.end > spoken[0].end and n.key == "Pakistan"]
        if accused:  # what the authorities say that others did
            return accused[0]
        subject = next(
            (
                n
                for n in named
                if n.start <= clause + 3 or (fighters is not None and n.start <= fighters + 3)
            ),
            None,
        )
        if subject is not None:
            return subject
        speaker = next((s.voice for s in self._speeches if s.voice.actor), None)
        others = set(self._lows[clause:verb]) & _ARMED_MEN
        own_deed = speaker is not None and speaker.actor in ARMED and not others
        if not own_deed and (fighters is None or fighters > clause + 4):
            return None
        own = (n for n in self._names if speaker is not None and n.key == speaker.actor)
        return next(own, self._group)

    def _clause(self, verb: int) -> int:
        return next((k + 1 for k in range(verb - 1, -1, -1) if self._lows[k] in _THAT), 0)

    def _unknown_men(self) -> list[Ascription]:
        for i in range(len(self._lows)):
            unknown = _UNKNOWN.at(self._lows, i)
            around = self._lows[max(0, i - 3) : i + 4]
            if unknown and set(around) & _ARMED_MEN:
                start = next(k for k in range(max(0, i - 3), i + 4) if self._lows[k] in _ARMED_MEN)
                start, end = min(start, i), max(i + unknown[0], start + 1)
                return [self._make(start, end, AttributionKind.UNCLAIMED, None, "unknown-men")]
        return []

    def _make(
        self, start: int, end: int, kind: AttributionKind, actor: ActorName | None, rule: str,
        self_said: bool = False,
    ) -> Ascription:  # fmt: skip
        return Ascription(max(start, 0), min(end, len(self._lows)), kind, actor, self_said, rule)
