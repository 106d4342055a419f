"""That a speaker or the page says that an actor did it, or is suspected of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.attributions.clause import DID, HYPOTHETICAL, Ascription, Clause
from mapapp.reading.numbers import QUOTES
from mapapp.reading.words import WORDS

_BLAME = WORDS.set("attributions", "blame")
_DEEDS = WORDS.set("attributions", "deeds")
_OTHER_CHARGES = WORDS.set("attributions", "other_charges")
_HINTS = WORDS.set("attributions", "hints")
_BEFORE = WORDS.set("attributions", "before")
_ATTACKING = WORDS.set("attributions", "attacking")
_STRIKES = WORDS.set("attributions", "strikes")
_FIRE = WORDS.set("attributions", "fire")
_HABIT = WORDS.set("attributions", "habit")
_POSTS = WORDS.set("attributions", "posts")
_PASSIVE = WORDS.set("attributions", "passive") | WORDS.set("attributions", "attacks_by")
_NO_OBJECT = WORDS.set("attributions", "no_object")
_STOPS = WORDS.set("speech", "verbs") | QUOTES | {",", ";", ".", "was", "were", "and", ":"}
_TOWARD = frozenset({"against", "on", "to", "with", "at", "between", "from"})
_UNDONE = HYPOTHETICAL | {"not", "to", "n't", "never", "no", "has", "who"} | {
    "was", "were", "been", "is", "are", "be", "being", "by",
}  # fmt: skip
#: Armed groups of which habits are told; "militants" have none.
_BE = frozenset({"is", "are", "was", "were", "be", "been"})
_GROUPS = ARMED - {"insurgents"}
_STATES = frozenset({"Pakistan", "Iran"})


def blames(clause: Clause) -> Iterator[Ascription]:
    """ "blamed the Taliban", "accused Pakistan of killing", and suspicions."""
    for i, word in enumerate(clause.lows):
        if word not in _BLAME or (word.startswith("acc") and not _of_a_deed(clause, i)):
            continue
        actor = clause.name_behind(i, 6)
        which = next((k for k in range(i - 1, max(0, i - 12), -1) if clause.lows[k] == "which"), 0)
        if actor is None and which:
            actor = clause.name_before(which, 2)
        elif clause.has({"been", "was", "were", "is"}, i - 1, i):
            actor = clause.subject(i)
        if actor is not None and not clause.has({"nobody", "no"}, i + 1, i + 3):
            end = max(i + 1, actor.end)
            usual = clause.has(_USUALLY, i - 2, i)
            kind = AttributionKind.SUSPECTED if usual else AttributionKind.ATTRIBUTED
            yield clause.make(i, end, kind, actor, "usual-pattern" if usual else "blamed")
    yield from _responsible(clause)
    yield from _suspicions(clause)


def _responsible(clause: Clause) -> Iterator[Ascription]:
    """ "hold the Taliban responsible", "the Taliban are to blame", "pointed the finger at …"."""
    lows = clause.lows
    for name in clause.names:
        before, after = lows[max(0, name.start - 5) : name.start], lows[name.end : name.end + 6]
        held = not _HOLD.isdisjoint(before) and "responsible" in after[:3]
        to_blame = after[:1] and after[0] in _BE and _TO_BLAME in (after[1:3], after[2:4])
        finger = not {"finger", "fingers", "blame"}.isdisjoint(before) and before[-1] in _ONTO
        work = before[-3:] in (("the", "work", "of"), ("the", "handiwork", "of"))
        own = clause.spoken(name.start)
        if (held or to_blame or finger or work) and (own is None or own.key != name.key):
            end = min(name.end + 4, len(lows)) if held or to_blame else name.end
            yield clause.make(name.start - 4, end, AttributionKind.ATTRIBUTED, name, "responsible")


def _of_a_deed(clause: Clause, i: int) -> bool:
    """ "accused of killing", and not of sheltering or failing."""
    after = set(clause.lows[i + 1 : i + 16])
    deed = after & (DID | _DEEDS) or any(w in WORDS.casualty_words for w in after)
    uncharged = not after & {"of", "for"} and "by" not in clause.lows[i + 1 : i + 3]
    if uncharged and clause.name_behind(i, 4) is not None:
        return True  # "residents accuse Daesh": of what is told
    return (bool(deed) and not after & _OTHER_CHARGES) or clause.lows[i - 1 : i] == ("had",)


def _suspicions(clause: Clause) -> Iterator[Ascription]:
    for name in clause.names:
        before = clause.lows[max(0, name.start - 8) : name.start]
        after = clause.lows[name.end : name.end + 18]
        if _hinted(clause, name, before, after):
            start, end, rule = name.start - 4, name.end, "suspected"
        elif _usual(name, after):
            start, end, rule = name.start, name.end + 6, "usual-pattern"
        else:
            continue
        yield clause.make(start, end, AttributionKind.SUSPECTED, name, rule)


def _hinted(clause: Clause, name: ActorName, before: Sequence[str], after: Sequence[str]) -> bool:
    """ "suspected ISKP fighters attacked", "bears the hallmarks of", "suspicion fell on"."""
    if before and before[-1] in ("suspected", "likely", "probably", "alleged"):
        return "by" in before[-2:] or bool(_deed_after(clause, name))
    given = set(before)
    hints = (k for k in range(max(0, name.start - 8), name.start) if clause.lows[k] in _HINTS)
    hinted = any(not _noun_of_men(clause, k) for k in hints)
    pointed = before[-1:] == ("the",) and not {"pointed", "points"}.isdisjoint(before[-3:])
    shouted = name.key in ARMED and {"name", "shouted"} <= given
    like = {"looks", "like"} <= given or {"believed", "be"} <= given
    is_suspected = name.key != "dfa" and any(
        after[k : k + 1] == ("suspected",) and (not k or after[k - 1] in _BE) for k in range(4)
    )
    return hinted or pointed or shouted or like or is_suspected


def _noun_of_men(clause: Clause, k: int) -> bool:
    """ "four suspects were in custody": men, where the word could be a verb."""
    counted = clause.has({"the", "a", "several", "all", "other", "two", "three"}, k - 1, k)
    return clause.lows[k] in ("suspect", "suspects") and (counted or clause.has(_BE, k + 1, k + 2))


def _usual(name: ActorName, after: Sequence[str]) -> bool:
    """ "has claimed similar attacks in the past"."""
    given = set(after)
    known = name.key in _GROUPS and not given & {"not", "n't"}
    return known and bool(given & _BEFORE) and bool(given & _ATTACKING)


def deeds(clause: Clause) -> Iterator[Ascription]:
    """Deeds told as facts: "Taliban forces opened fire", "killed by", "in Pakistani strikes"."""
    lows = clause.lows
    past = ("in", "the", "past") in zip(lows, lows[1:], lows[2:], strict=False)
    usual = past or any(
        w in _HABIT and not (w == "many" and lows[k + 1 : k + 2] == ("of",))
        for k, w in enumerate(lows)
    )
    if not _LIES.isdisjoint(lows) and not _CHARGES.isdisjoint(lows):
        return  # "the insinuation that X did it is a lie"
    hedged = not _HEDGES.isdisjoint(lows)
    for name in clause.names:
        if _is_target(clause, name):
            continue
        habit = usual or clause.has({"has", "have"}, name.end, name.end + 4)
        if habit and name.key not in _GROUPS:
            continue
        kind = AttributionKind.SUSPECTED if habit or hedged else AttributionKind.ATTRIBUTED
        if _done_by(clause, name):
            yield clause.make(name.start - 3, name.end, kind, name, "by")
            continue
        end = _deed_after(clause, name) or _behind_it(clause, name)
        if end:
            yield clause.make(name.start, end, kind, name, "deed")


def _done_by(clause: Clause, name: ActorName) -> bool:
    """ "killed by X", "an attack by X", "in X air strikes", "an X operation that killed …"."""
    before = clause.lows[max(0, name.start - 6) : name.start]
    by = before[-1:] == ("by",) or before[-2:] in (("by", "the"), ("by", "suspected"))
    if by and clause.has(_VICTIMS, name.start - 9, name.start):
        return False  # what became of the attackers
    struck = before[-1:] not in _NO_STRIKES and clause.has(_STRIKES, name.end, name.end + 2)
    one = before[-1:] in _OF_STRIKES and clause.has(_ATTACKS, name.end, name.end + 2)
    operation = clause.has(_OPERATION, name.end, name.end + 3) and clause.has(
        {"resulted", "killed", "killing", "left"}, name.end + 1, name.end + 16
    )
    return struck or one or operation or (by and not _PASSIVE.isdisjoint(before))


_HEDGES = frozenset({"possibility", "possibly", "allegedly", "perhaps", "probably"})
_LIES = WORDS.set("attributions", "lies")
_CHARGES = frozenset({"insinuation", "allegation", "allegations", "accusation", "accusations"})
_OBJECTS_ASKED = frozenset(
    {"killed", "wounded", "shot", "targeted", "attacked", "ambushed", "struck", "bombed", "shelled"}
)
_ATTACKS = frozenset({"attack", "attacks", "ambush", "assault", "raid", "bomb"})
_OPERATION = frozenset({"operation", "operations"})
_OF_STRIKES = ((), ("in",), ("an",), ("a",))
_NO_STRIKES = (("no",), ("any",), ("against",), ("of",), ("future",), ("possible",), ("more",))
_USUALLY = frozenset({"usually", "often", "routinely", "regularly", "frequently", "commonly"})
_HOLD = frozenset({"hold", "holds", "held", "holding"})
_TO_BLAME = ("to", "blame")
_ONTO = frozenset({"at", "on", "the"})
_VICTIMS = frozenset({"attackers", "attacker", "assailants", "gunmen", "bomber"})


def _behind_it(clause: Clause, name: ActorName) -> int:
    """Where "the Taliban did it", "ISIS was behind it", "the fire came from a post of X" ends."""
    after = clause.lows[name.end : name.end + 4]
    is_behind = after[:1] in (("was",), ("were",), ("is",)) and after[1:2] == ("behind",)
    did = after[:1] == ("did",) and after[1:2] in (("it",), ("this",), ("that",))
    if did or is_behind:
        return min(name.end + 3, len(clause.lows))
    before = set(clause.lows[max(0, name.start - 5) : name.start])
    if {"came", "from"} <= before and clause.has(_FIRE, name.start - 9, name.start):
        return name.end
    return 0


def _deed_after(clause: Clause, name: ActorName) -> int:
    """Where a deed whose subject the actor is ends, 0 where there is none."""
    lows = clause.lows
    for i in range(name.end, min(name.end + 7, len(lows))):
        if lows[i] in DID and lows[i] not in ("attack", "ambush", "targeting", "killing"):
            return min(i + 4, len(lows)) if _is_deed(clause, name, i) else 0
        if lows[i] in _STOPS or lows[i] in _POSTS or lows[i].removesuffix("s") in _POSTS:
            return 0
    return 0


def _is_deed(clause: Clause, name: ActorName, i: int) -> bool:
    lows, word = clause.lows, clause.lows[i]
    if lows[i - 1] in ("the", "a", "an") or clause.has(_UNDONE, name.end, i):
        return False
    if word in _OBJECTS_ASKED and not _takes_object(clause, i):
        return False
    if clause.has({"power", "control"}, i + 1, i + 3):
        return False  # "the Taliban seized power"
    if word == "conducted" and not clause.has(
        _STRIKES | {"attack", "operation", "raid"}, i + 1, i + 5
    ):
        return False
    begins = word in ("opened", "carried", "launched") and i + 2 < len(lows)
    begun = _STRIKES | _FIRE | {"out", "attack", "attacks", "assault", "operation", "operations"}
    if begins and not clause.has(begun, i + 1, i + 5):
        return False
    return lows[i + 1 : i + 2] != ("by",) and lows[i + 1 : i + 3] != ("in", "the")


def _is_target(clause: Clause, name: ActorName) -> bool:
    """ "against the Taliban", "three Taliban were killed", "in Pakistan"."""
    lows = clause.lows
    before = lows[max(0, name.start - 2) : name.start]
    last = before[-1] if before else ""
    strikes = clause.has(_STRIKES, name.end, name.end + 2)
    if name.key in _STATES and last in ("in", "at", "near", "from", "of") and not strikes:
        return True
    if last in _TOWARD or (last == "the" and before[0] in _TOWARD - {"between", "from"}):
        return True
    if last == "of" and {"gunmen", "fighters", "forces"}.isdisjoint(before):
        return True
    for k in range(name.start, min(name.end + 4, len(lows))):
        casualty = lows[k] in WORDS.casualty_words and lows[k] != "kill"
        if casualty and not _takes_object(clause, k):
            return True
        if lows[k] in (",", ";", "."):
            break
    return False


def _takes_object(clause: Clause, k: int) -> bool:
    after = clause.lows[k + 1 : k + 2]
    return bool(after) and after[0] not in _NO_OBJECT
