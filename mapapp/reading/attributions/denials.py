"""That an actor denies its part, or that a speaker doubts what another says of it."""

from __future__ import annotations

from collections.abc import Iterator

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.attributions.clause import Ascription, Clause
from mapapp.reading.words import WORDS

_DENYING = frozenset({"denied", "denies", "deny", "denying"})
_DENIED = WORDS.set("attributions", "denied")
_LIES = WORDS.set("attributions", "lies")
_CLAIMS = WORDS.set("attributions", "claims_of")
_REJECTING = WORDS.set("attributions", "rejecting")
_CHARGES = frozenset(
    {"accusation", "accusations", "allegation", "allegations", "charge", "charges"}
)
_TOLD = frozenset({"claim", "claims", "report", "statement", "account", "version", "it", "this"})
_NO_PART = (("nothing", "to", "do"), ("was", "not", "involved"), ("was", "not", "behind"))


def denials(clause: Clause) -> Iterator[Ascription]:
    """ "X denied involvement", "said it had nothing to do with it"."""
    lows = clause.lows
    for i, word in enumerate(lows):
        deny = word in _DENYING and clause.has(_DENIED, i, i + 14)
        if not deny and lows[i : i + 3] not in _NO_PART and not _rejects_charge(clause, i):
            continue
        actor = clause.spoken(i) or clause.subject(i) or clause.name_before(i, 12)
        # "The Taliban denied that Daesh was behind it" is no denial of its own part.
        other = actor and any(i < n.start < i + 8 and n.key != actor.key for n in clause.names)
        if actor is not None and not other:
            yield clause.make(i, i + 10, AttributionKind.DENIED, actor, "denied", True)


def _rejects_charge(clause: Clause, i: int) -> bool:
    """ "called the accusation propaganda", "a charge that the militants rejected"."""
    if clause.lows[i] not in _REJECTING:
        return False
    return clause.has(_CHARGES, i + 1, i + 4) or clause.has(_CHARGES, i - 6, i - 1)


def contested(clause: Clause) -> Iterator[Ascription]:
    """ "called the claim of X a lie": what X says of itself is disputed."""
    lows = clause.lows
    lie = next((k for k, w in enumerate(lows) if w in _LIES), None)
    if lie is None:
        yield from _rejected(clause)
        return
    for i, word in enumerate(lows):
        owner = _owner(clause, i) if word in _CLAIMS and i else None
        if owner is None:
            continue
        actors = [clause.voice_actor(s) for s in clause.speeches]
        others = any(a is None or a.key != owner.key for a in actors)
        if others or any(n.key != owner.key for n in clause.names):
            start, end = min(owner.start, lie), max(i, lie) + 1
            yield clause.make(start, end, AttributionKind.CONTESTED, owner, "contested")
            return
    yield from _rejected(clause)


def _rejected(clause: Clause) -> Iterator[Ascription]:
    """ "dismissed the report as baseless": what the group that was named last says of itself."""
    group = clause.group
    for i, word in enumerate(clause.lows):
        if word not in _REJECTING or group is None or not clause.has(_TOLD, i + 1, i + 4):
            continue
        speaker = clause.spoken(i) or clause.subject(i)
        others = any(n.key in ARMED for n in clause.names if n.start > i)
        if speaker is not None and speaker.key not in ARMED and not others:
            yield clause.make(i, i + 6, AttributionKind.CONTESTED, group, "contested")
            return


def _owner(clause: Clause, i: int) -> ActorName | None:
    """Whose claim the word at `i` is: "the IS statement", "the claim of the front"."""
    if clause.has({"by", "of"}, i + 1, i + 2):
        found = clause.name_behind(i, 4)
        if found is not None:
            return found
    name = clause.name_before(i, 3)
    if name is None and clause.has({"group"}, i - 3, i):
        return clause.group
    return name
