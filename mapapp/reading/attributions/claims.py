"""That an actor says it did it: "claimed responsibility", "said its fighters attacked"."""

from __future__ import annotations

from collections.abc import Iterator

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.attributions.clause import DID, GROUP_WORDS, HYPOTHETICAL, Ascription, Clause
from mapapp.reading.speakers import Speech
from mapapp.reading.words import WORDS

_RESPONSIBILITY = WORDS.set("attributions", "responsibility")
_CLAIMING = WORDS.set("attributions", "claiming")
_TAKING = WORDS.set("attributions", "taking")
_SELF_DID = (DID - WORDS.set("attributions", "nouns_too")) | {
    "behind", "responsible", "detonated", "exploded",
}  # fmt: skip
_OWN = WORDS.set("attributions", "own")
_FIGHTERS = WORDS.set("attributions", "fighters")
_ATTACKERS = WORDS.set("people", "attackers")
_NOT = frozenset({"not", "n't", "no", "never", "yet", "neither"})
_AUTHORITIES = frozenset({"dfa", "dfa-mod", "dfa-moi"})


def claims(clause: Clause) -> list[Ascription]:
    """ "X claimed responsibility for …", "… was claimed by X", "X took credit"."""
    found: list[Ascription] = []
    for i in range(len(clause.lows)):
        claim = _passive(clause, i) if _is_passive(clause, i) else _active(clause, i)
        if claim is not None and claim.key not in {a.key for a in found if claim.rule != "claimed"}:
            found.append(claim)
    return found


def _is_passive(clause: Clause, i: int) -> bool:
    lows = clause.lows
    if lows[i] in _CLAIMING:
        return lows[i + 1 : i + 2] == ("by",)
    behind = lows[i] == "responsibility" and "claimed" in lows[i : i + 10]
    return behind and "claimed" not in lows[max(0, i - 4) : i]


def _passive(clause: Clause, i: int) -> Ascription | None:
    actor = clause.by(clause.lows.index("claimed", i) if clause.lows[i] == "responsibility" else i)
    if actor is None:
        return None
    return clause.make(i, actor.end, AttributionKind.CLAIMED, actor, "claimed-by", True)


def _active(clause: Clause, i: int) -> Ascription | None:
    lows = clause.lows
    if lows[i] in _CLAIMING:
        wanted, reach = _RESPONSIBILITY, 9
    elif lows[i] in _TAKING:
        wanted, reach = frozenset({"responsibility", "credit"}), 5
    else:
        return None
    if lows[i + 1 : i + 3] == ("to", "have") and clause.has(DID, i + 3, i + 6):
        wanted, reach = DID, 6  # "claimed to have fired rockets"
    hit = next((k for k in range(i + 1, min(i + reach, len(lows))) if lows[k] in wanted), 0)
    if not hit or clause.has(_NOT, i - 4, i) or any(w.isdigit() for w in lows[i + 1 : hit]):
        return None
    actor = clause.subject(i) or _subject_behind(clause, i, hit)
    if actor is None:
        return None
    start = actor.start if actor.start < i else i
    start = start if i - start < 14 else i - 4
    return clause.make(start, hit + 1, AttributionKind.CLAIMED, actor, "claimed", True)


def _subject_behind(clause: Clause, i: int, hit: int) -> ActorName | None:
    """ "taking responsibility, the front said": the subject follows."""
    if not clause.lows[i].endswith("ing"):
        return None
    found = clause.name_behind(hit, 5)
    if found is None and clause.has(GROUP_WORDS, hit + 1, hit + 6):
        return clause.group
    return found


def self_told(clause: Clause, known: set[str]) -> Iterator[Ascription]:
    """ "The front said its fighters attacked …": the actor's own word that it did it."""
    for speech in clause.speeches:
        actor = clause.voice_actor(speech)
        if actor is None or actor.key in known:
            continue
        hit = _own_deed(clause, speech.first, speech.last) or _announced(clause, speech)
        if hit is None:
            continue
        unreal = HYPOTHETICAL | {"not", "n't", "never", "nothing", "denied"}
        if not clause.has(unreal, max(speech.first, hit[0] - 6), hit[1]):
            known.add(actor.key)
            yield clause.make(*hit, AttributionKind.CLAIMED, actor, "own-deed", True)


def _announced(clause: Clause, speech: Speech) -> tuple[int, int] | None:
    """ "announced the raid itself"."""
    if speech.voice.actor in _AUTHORITIES:
        return None
    for i in range(speech.voice.start, min(speech.verb + 1, len(clause.lows))):
        deed = clause.has(_RESPONSIBILITY, i + 1, i + 5)
        confirms = speech.voice.actor in ARMED and clause.lows[i] in ("confirmed", "confirming")
        if (
            (clause.lows[i] == "announced" or confirms)
            and deed
            and not clause.has({"that"}, i + 1, i + 5)
        ):
            return i, i + 4
    return None


def _own_deed(clause: Clause, first: int, last: int) -> tuple[int, int] | None:
    """Where the speaker's own people do something, between two tokens."""
    lows = clause.lows
    for i in range(first, min(last, len(lows))):
        hit = _perfect(clause, first, i) if lows[i] in ("had", "have") else None
        hit = hit or (_of_its_own(clause, first, i) if lows[i] in _OWN else None)
        if hit is not None:
            return hit
    return None


def _perfect(clause: Clause, first: int, i: int) -> tuple[int, int] | None:
    """ "a detachment of the group had carried out", "selective targeting had destroyed"."""
    if not clause.has(_SELF_DID, i + 1, i + 2):
        return None
    own = clause.has({"group"}, max(first, i - 2), i) or clause.has(
        {"targeting"}, max(first, i - 3), i
    )
    return (max(first, i - 3), i + 3) if own else None


def _of_its_own(clause: Clause, first: int, i: int) -> tuple[int, int] | None:
    """ "its fighters attacked", "it was behind the blast", "was its work"."""
    lows = clause.lows
    if lows[i - 1 : i] in (("when",), ("as",), ("after",), ("where",), ("before",), ("while",)):
        return None  # of others
    if clause.has({"work", "doing"}, i + 1, i + 2) and clause.has({"was", "were"}, i - 1, i):
        return max(first, i - 2), i + 2
    behind = lows[i + 1 : i + 9]
    acts = not _FIGHTERS.isdisjoint(behind[:5]) or lows[i] in ("it", "we", "they")
    for k, word in enumerate(behind):
        if word in ("and", ";", ".") and k:
            return None
        passive = k and behind[k - 1] in ("were", "was", "been", "be")
        if word == "killed" and not _ATTACKERS.isdisjoint(behind[k + 1 : k + 5]):
            return None  # what became of the attackers
        if word in _SELF_DID and acts and (not passive or word in ("behind", "responsible")):
            return i, i + k + 3
        if word in ("man", "bomber", "work") and "was" in behind[:k]:
            return i, i + k + 2
    return None
