"""What a sentence says of who did it (actors, speakers → attributions → incidents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.actors import ARMED, ActorName
from mapapp.reading.numbers import QUOTES
from mapapp.reading.sentences import Sentence
from mapapp.reading.speakers import Speech
from mapapp.reading.words import WORDS

_DID = frozenset(
    [
        "attacked",
        "ambushed",
        "stormed",
        "bombed",
        "shelled",
        "targeted",
        "raided",
        "struck",
        "executed",
        "assassinated",
        "killed",
        "shot",
        "fired",
        "detonated",
        "hit",
        "carried",
        "launched",
        "assaulted",
        "opened",
        "surprised",
        "planted",
        "threw",
        "blew",
        "martyred",
        "murdered",
        "abducted",
        "ambush",
        "attack",
        "wounded",
        "mined",
        "conducted",
        "beheaded",
        "tortured",
        "stabbed",
        "engaged",
        "killing",
        "targeting",
        "attacking",
        "eliminated",
        "destroyed",
        "kidnapped",
        "massacred",
        "clashed",
    ]
)
_PASSIVE = frozenset(
    [
        "killed",
        "attacked",
        "ambushed",
        "shot",
        "claimed",
        "carried",
        "bombed",
        "targeted",
        "shelled",
        "fired",
        "struck",
        "executed",
        "detained",
        "arrested",
        "assassinated",
        "abducted",
        "launched",
        "conducted",
        "planted",
        "engaged",
        "taken",
        "murdered",
        "beaten",
        "tortured",
        "perpetrated",
        "raided",
        "wounded",
        "committed",
        "orchestrated",
        "martyred",
        "stabbed",
        "hit",
    ]
)
_RESPONSIBILITY = frozenset({"responsibility", "credit", "attack", "bombing", "blast", "explosion", "assault", "killing",
                             "shooting", "attacks", "raid", "ambush", "killings", "operation", "it", "both", "assassination", "strike"})  # fmt: skip
_CLAIMING = frozenset(["claimed", "claims", "claiming", "claim"])
_TAKING = frozenset(
    ["took", "taken", "taking", "takes", "assumed", "accepted", "accepts", "accepting", "take"]
)
_SELF_DID = _DID | frozenset(["behind", "responsible", "detonated", "blown", "exploded"])
_OWN = frozenset(["its", "our", "his", "their", "it", "we"])
_FIGHTERS = frozenset(
    [
        "fighters",
        "fighter",
        "forces",
        "men",
        "soldiers",
        "soldier",
        "unit",
        "members",
        "bomber",
        "militants",
        "mujahideen",
        "operatives",
        "detachment",
        "gunmen",
        "warriors",
        "combatants",
    ]
)
_UNKNOWN = frozenset(["unknown", "unidentified", "unnamed"])
_ATTACKERS = frozenset(
    [
        "gunmen",
        "men",
        "assailants",
        "attackers",
        "individuals",
        "persons",
        "people",
        "person",
        "man",
        "gunman",
        "assailant",
        "perpetrators",
        "motorcyclists",
        "group",
        "shooters",
        "armed",
        "bikers",
        "militants",
    ]
)
_BLAME = frozenset(
    ["blamed", "blames", "blame", "blaming", "accused", "accuses", "accuse", "accusing"]
)
_HYPOTHETICAL = WORDS.set("casualty", "unreal") - {"ordered", "planned", "fear"}
_GROUP_WORDS = frozenset(
    ["group", "front", "it", "organisation", "organization", "outfit", "militants", "movement"]
)
_LIES = frozenset(
    [
        "lie",
        "false",
        "baseless",
        "propaganda",
        "untrue",
        "lies",
        "rejected",
        "fabricated",
        "disputed",
        "disputes",
        "unfounded",
        "dismissed",
        "rejects",
    ]
)


@dataclass(frozen=True, slots=True)
class Ascription:
    """One statement of who did it, at tokens `start` to `end`; `self_said` by the actor itself."""

    start: int
    end: int
    kind: AttributionKind
    actor: ActorName | None
    self_said: bool
    rule: str


class AttributionFinder:
    """Finds them in one sentence; `group` is whom "the group" means there."""

    def __init__(
        self,
        sentence: Sentence,
        names: Sequence[ActorName],
        speeches: Sequence[Speech],
        group: ActorName | None,
    ) -> None:
        self._sentence = sentence
        self._lows = sentence.lows
        self._names = list(names)
        self._speeches = speeches
        self._group = group

    def find(self) -> list[Ascription]:
        """In order; one for each place and actor."""
        found = [*self._nobody(), *self._denials()]
        taken = {a.actor.key for a in found if a.actor}
        if not any(a.kind is AttributionKind.UNCLAIMED and a.rule != "unknown-men" for a in found):
            found += self._claims()
        found += self._self_told(found)
        claimed = {a.actor.key for a in found if a.actor} | taken
        found += [a for a in self._blames() if a.actor and a.actor.key not in claimed]
        known = {a.actor.key for a in found if a.actor}
        found += [a for a in self._deeds() if a.actor and a.actor.key not in known]
        return sorted(found, key=lambda a: a.start)

    def _make(
        self, start: int, end: int, kind: AttributionKind, actor: ActorName | None, rule: str,
        self_said: bool = False,
    ) -> Ascription:  # fmt: skip
        return Ascription(max(start, 0), min(end, len(self._lows)), kind, actor, self_said, rule)

    # -- nobody

    def _nobody(self) -> list[Ascription]:
        lows = self._lows
        for i, word in enumerate(lows):
            window = lows[i : i + 16]
            claim = next(
                (
                    k
                    for k, w in enumerate(window)
                    if w in ("claimed", "claim", "claims", "responsibility", "admitted")
                    or (
                        w in ("said", "took", "taken", "claiming")
                        and "responsib" in " ".join(window)
                    )
                ),
                None,
            )
            nobody = word in ("no", "nobody", "none", "neither", "noone", "yet") and i + 1 < len(
                lows
            )
            if (
                word == "no"
                and i + 1 < len(lows)
                and lows[i + 1]
                not in (
                    "one",
                    "group",
                    "groups",
                    "individual",
                    "militant",
                    "immediate",
                    "claim",
                    "armed",
                    "party",
                    "organisation",
                    "organization",
                    "person",
                    "terrorist",
                    "side",
                    "entity",
                    "claims",
                    "other",
                )
            ):
                nobody = False
            if word == "yet":
                nobody = lows[i + 1 : i + 2] == ("to",) and "claim" in window[:5]
            if nobody and claim is not None and claim < 15:
                end = next(
                    (
                        k
                        for k, w in enumerate(window)
                        if w
                        in ("responsibility", "attack", "bombing", "blast", "explosion", "killings")
                    ),
                    claim,
                )
                return [
                    self._make(
                        i, i + max(end, claim) + 1, AttributionKind.UNCLAIMED, None, "no-claim"
                    )
                ]
            if (
                nobody
                and word in ("nobody", "none", "no")
                and ("carried" in window or "behind" in window)
                and "said" in window
            ):
                return [self._make(i, i + 12, AttributionKind.UNCLAIMED, None, "no-claim")]
            if (
                word in ("not", "n't", "unclear", "unknown")
                and "who" in lows[i + 1 : i + 5]
                and lows[i - 1 : i] != ("do",)
            ):
                return [self._make(i - 2, i + 8, AttributionKind.UNCLAIMED, None, "not-known-who")]
            if (
                word in ("not", "never")
                and "claimed" in lows[i : i + 4]
                and any(w in ("been", "yet") for w in lows[max(0, i - 3) : i + 4])
                and not self._name_before(i, 4)
            ):
                return [self._make(i - 2, i + 6, AttributionKind.UNCLAIMED, None, "not-claimed")]
            if (
                word in ("identity", "identities", "perpetrators", "motive")
                and any(w in ("unknown", "unclear") for w in window)
                and word != "motive"
            ):
                return [self._make(i, i + 10, AttributionKind.UNCLAIMED, None, "identity-unknown")]
        return self._unknown_men()

    def _unknown_men(self) -> list[Ascription]:
        lows = self._lows
        for i, word in enumerate(lows):
            if word in _UNKNOWN:
                for k in range(i + 1, min(i + 4, len(lows))):
                    if lows[k] in _ATTACKERS:
                        if lows[k] == "armed" and k + 1 < len(lows) and lows[k + 1] in _ATTACKERS:
                            k += 1
                        if self._doers(i, k):
                            return [
                                self._make(i, k + 1, AttributionKind.UNCLAIMED, None, "unknown-men")
                            ]
        return []

    def _doers(self, i: int, k: int) -> bool:
        around = self._lows[max(0, i - 4) : k + 8]
        return any(
            w in _DID or w in _PASSIVE or w in WORDS.casualty_words or w == "by" for w in around
        )

    def _name_before(self, i: int, reach: int) -> ActorName | None:
        for name in reversed(self._names):
            if name.end <= i and i - name.end <= reach:
                return name
        return None

    # -- claims

    def _claims(self) -> list[Ascription]:
        lows = self._lows
        found: list[Ascription] = []
        for i, word in enumerate(lows):
            hit = 0
            if word in _CLAIMING:
                hit = next(
                    (k for k in range(i + 1, min(i + 9, len(lows))) if lows[k] in _RESPONSIBILITY),
                    0,
                )
            elif word in _TAKING and i + 1 < len(lows):
                hit = next(
                    (
                        k
                        for k in range(i + 1, min(i + 5, len(lows)))
                        if lows[k] in ("responsibility", "credit")
                    ),
                    0,
                )
            elif (
                word == "responsibility"
                and "claimed" in lows[i : i + 10]
                and lows[max(0, i - 4) : i].count("claimed") == 0
            ):
                j = lows.index("claimed", i)
                actor = self._by(j)
                if actor:
                    found.append(
                        self._make(i, actor.end, AttributionKind.CLAIMED, actor, "claimed-by", True)
                    )
                continue
            if word in _CLAIMING and lows[i + 1 : i + 2] == ("by",):
                actor = self._by(i)
                if actor and actor.key not in {a.actor.key for a in found if a.actor}:
                    found.append(
                        self._make(i, actor.end, AttributionKind.CLAIMED, actor, "claimed-by", True)
                    )
                continue
            if not hit or (word == "claim" and lows[i - 1 : i] == ("no",)):
                continue
            if any(
                w in ("not", "n't", "no", "never", "yet", "neither")
                for w in lows[max(0, i - 4) : i]
            ):
                continue
            if any(w.isdigit() for w in lows[i + 1 : hit]):
                continue
            actor = self._subject(i)
            if actor:
                start = actor.start if actor.start < i else i
                found.append(
                    self._make(
                        start if i - start < 14 else i - 4,
                        hit + 1,
                        AttributionKind.CLAIMED,
                        actor,
                        "claimed",
                        True,
                    )
                )
        return found

    def _by(self, i: int) -> ActorName | None:
        """The actor behind "by"."""
        for k in range(i, min(i + 6, len(self._lows))):
            if self._lows[k] == "by":
                return next((n for n in self._names if k < n.start <= k + 5), None) or (
                    self._group if self._lows[k + 1 : k + 3] == ("the", "group") else None
                )
        return None

    def _subject(self, i: int) -> ActorName | None:
        """The actor that is the subject of the verb at `i`, or "the group" before it."""
        name = None
        for candidate in self._names:
            if candidate.end <= i and i - candidate.end <= 18 and candidate.key != "insurgents":
                between = self._lows[candidate.end : i]
                if any(w in (";", ".") for w in between):
                    continue
                if self._lows[max(0, candidate.start - 1) : candidate.start] in (
                    ("against",),
                    ("on",),
                ):
                    continue
                name = candidate
                if len(between) <= 3:
                    break
                if "'s" not in between[:1]:
                    pass
        if name is not None:
            return name
        before = self._lows[max(0, i - 8) : i]
        if self._group is not None and any(w in _GROUP_WORDS for w in before):
            return self._group
        return None

    def _self_told(self, found: Sequence[Ascription]) -> list[Ascription]:
        """ "The front said its fighters attacked …": the actor's own word that it did it."""
        rows: list[Ascription] = []
        known = {a.actor.key for a in found if a.actor}
        for speech in self._speeches:
            actor = self._voice_actor(speech)
            if actor is None or actor.key in known:
                continue
            lows = self._lows
            hit = self._own_deed(speech.first, speech.last)
            if hit is None:
                continue
            if any(
                w in _HYPOTHETICAL or w in ("not", "n't", "never", "nothing", "denied")
                for w in lows[max(speech.first, hit[0] - 6) : hit[1]]
            ):
                continue
            rows.append(
                self._make(hit[0], hit[1], AttributionKind.CLAIMED, actor, "own-deed", True)
            )
            known.add(actor.key)
        return rows

    def _voice_actor(self, speech: Speech) -> ActorName | None:
        voice = speech.voice
        inside = [n for n in self._names if voice.start <= n.start < voice.end]
        if inside:
            return inside[0]
        words = self._lows[voice.start : voice.end]
        if self._group is not None and any(w in _GROUP_WORDS for w in words):
            return self._group
        return None

    def _own_deed(self, first: int, last: int) -> tuple[int, int] | None:
        lows = self._lows
        for i in range(first, min(last, len(lows))):
            if lows[i] not in _OWN:
                continue
            clause = lows[i + 1 : i + 9]
            fighter = any(w in _FIGHTERS for w in clause[:5])
            for k, word in enumerate(clause):
                if word in ("and", ";", ".") and k:
                    break
                deed = word in _SELF_DID and word not in ("hit",)
                passive = k and clause[k - 1] in ("were", "was", "been", "be")
                if (
                    deed
                    and not (passive and word not in ("behind", "responsible"))
                    and (fighter or lows[i] in ("it", "we"))
                ):
                    return i, i + k + 3
                if word in ("man", "bomber", "work") and "was" in clause[:k]:
                    return i, i + k + 2
        return None

    # -- denials and doubts of others

    def _denials(self) -> list[Ascription]:
        lows = self._lows
        rows: list[Ascription] = []
        for i, word in enumerate(lows):
            window = lows[i : i + 14]
            deny = word in ("denied", "denies", "deny", "denying") and any(
                w
                in (
                    "involvement",
                    "responsibility",
                    "hand",
                    "role",
                    "involved",
                    "behind",
                    "part",
                    "carrying",
                    "accusation",
                    "accusations",
                    "allegations",
                    "allegation",
                    "charge",
                    "charges",
                    "killed",
                    "responsible",
                    "attacked",
                    "targeted",
                )
                for w in window
            )
            nothing = (
                window[:3] == ("nothing", "to", "do")
                or window[:3] == ("was", "not", "involved")
                or window[:3] == ("was", "not", "behind")
            )
            if deny or nothing:
                actor = self._subject(i) or (self._near(i))
                if actor is not None and not self._others_deed(i, actor):
                    rows.append(
                        self._make(i, i + 10, AttributionKind.DENIED, actor, "denied", True)
                    )
        rows += self._contested()
        return rows

    def _near(self, i: int) -> ActorName | None:
        return self._name_before(i, 12)

    def _others_deed(self, i: int, actor: ActorName) -> bool:
        """ "The Taliban denied that Daesh was behind it" is no denial of its own part."""
        return any(n.start > i and n.start - i < 8 and n.key != actor.key for n in self._names)

    def _contested(self) -> list[Ascription]:
        lows = self._lows
        if not any(w in _LIES for w in lows):
            return []
        for i, word in enumerate(lows):
            if (
                word in ("claim", "claims", "statement", "version", "account", "responsibility")
                and i
            ):
                owner = self._owner(i)
                if owner is None:
                    continue
                speaker = next(
                    (
                        s
                        for s in self._speeches
                        if self._voice_actor(s) is None or self._voice_actor(s).key != owner.key
                    ),
                    None,
                )  # type: ignore[union-attr]
                lie = next((k for k, w in enumerate(lows) if w in _LIES), 0)
                if speaker is not None or any(n.key != owner.key for n in self._names):
                    start, end = min(owner.start, lie), max(i, lie) + 1
                    return [self._make(start, end, AttributionKind.CONTESTED, owner, "contested")]
        return []

    def _owner(self, i: int) -> ActorName | None:
        name = self._name_before(i, 3)
        if name is not None:
            return name
        if self._lows[i + 1 : i + 2] in (("by",), ("of",)):
            return next((n for n in self._names if i < n.start <= i + 4), None)
        if self._group is not None and "group" in self._lows[max(0, i - 3) : i]:
            return self._group
        return None

    # -- blame and suspicion

    def _blames(self) -> list[Ascription]:
        lows = self._lows
        rows: list[Ascription] = []
        for i, word in enumerate(lows):
            if word in _BLAME:
                actor = next((n for n in self._names if i < n.start <= i + 6), None)
                passive = i and lows[i - 1] in ("been", "was", "were", "is")
                if passive or (actor is None and lows[i - 1 : i] == ("had",)):
                    actor = self._subject(i)
                if actor and not any(w in ("nobody", "no") for w in lows[i + 1 : i + 3]):
                    rows.append(
                        self._make(
                            i, max(i + 1, actor.end), AttributionKind.ATTRIBUTED, actor, "blamed"
                        )
                    )
        rows += self._suspicions()
        return rows

    def _suspicions(self) -> list[Ascription]:
        lows = self._lows
        rows: list[Ascription] = []
        for name in self._names:
            before = lows[max(0, name.start - 8) : name.start]
            after = lows[name.end : name.end + 12]
            hint = (
                (before and before[-1] in ("suspected", "likely", "probably", "alleged"))
                or "hallmark" in before
                or "hallmarks" in before
                or ("looks" in before and "like" in before)
                or "suspicion" in before
                or "suspects" in before
                or "suspect" in before
                or ("believed" in before and "be" in before)
                or ("believe" in before)
                or ("suspected" in before)
                or ("suspected" in after[:4] and not name.key == "dfa")
                or (name.key in ARMED and "name" in before and "shouted" in before)
            )
            usual = (
                name.key in ARMED
                and any(
                    w
                    in (
                        "previously",
                        "repeatedly",
                        "often",
                        "past",
                        "frequently",
                        "regularly",
                        "routinely",
                        "similar",
                        "earlier",
                        "usually",
                        "recent",
                    )
                    for w in after
                )
                and any(
                    w
                    in (
                        "claimed",
                        "carried",
                        "targeted",
                        "attacked",
                        "attacks",
                        "responsibility",
                        "responsible",
                        "targeting",
                    )
                    for w in after
                )
                and not any(w in ("not", "n't") for w in after[:3])
            )
            if hint or usual:
                start = max(0, name.start - 4) if hint else name.start
                rows.append(
                    self._make(
                        start,
                        name.end if hint else name.end + 6,
                        AttributionKind.SUSPECTED,
                        name,
                        "suspected" if hint else "usual-pattern",
                    )
                )
        return rows

    # -- deeds told as facts

    def _deeds(self) -> list[Ascription]:
        lows = self._lows
        rows: list[Ascription] = []
        for name in self._names:
            before = lows[max(0, name.start - 6) : name.start]
            if self._is_target(name):
                continue
            by = (before and before[-1] in ("by",)) or before[-2:] in (
                ("by", "the"),
                ("by", "suspected"),
            )
            passive = by and any(w in _PASSIVE for w in before)
            attack_by = by and any(
                w
                in (
                    "attack",
                    "strike",
                    "strikes",
                    "bombing",
                    "ambush",
                    "raid",
                    "airstrike",
                    "airstrikes",
                    "fire",
                    "assault",
                    "attacks",
                    "shelling",
                    "offensive",
                )
                for w in before
            )
            if passive or attack_by:
                rows.append(
                    self._make(
                        max(0, name.start - 3), name.end, AttributionKind.ATTRIBUTED, name, "by"
                    )
                )
                continue
            deed = self._deed_after(name)
            if deed:
                rows.append(self._make(name.start, deed, AttributionKind.ATTRIBUTED, name, "deed"))
        return rows

    def _deed_after(self, name: ActorName) -> int:
        """Where a deed whose subject the actor is ends, 0 where there is none."""
        lows = self._lows
        i = name.end
        while i < len(lows) and i < name.end + 7:
            word = lows[i]
            if word in _DID and lows[i] not in ("attack", "ambush", "targeting", "killing"):
                between = lows[name.end : i]
                if (
                    word in ("opened", "carried", "launched")
                    and i + 2 < len(lows)
                    and lows[i + 1] not in ("fire", "out", "an", "a", "attacks", "strikes", "air")
                ):
                    return 0
                if any(
                    w in ("was", "were", "been", "is", "are", "be", "being", "by") for w in between
                ):
                    return 0
                if any(
                    w in _HYPOTHETICAL or w in ("not", "to", "n't", "never", "no", "has", "who")
                    for w in between
                ):
                    return 0
                if lows[i + 1 : i + 2] == ("by",) or lows[i + 1 : i + 3] == ("in", "the"):
                    return 0
                return min(i + 4, len(lows))
            if (
                word in (",", ";", ".", "was", "were", "and", ":")
                or word in WORDS.set("speech", "verbs")
                or word in QUOTES
            ):
                return 0
            if word in _POSTS:
                return 0
            i += 1
        return 0

    def _is_target(self, name: ActorName) -> bool:
        """ "a Taliban convoy", "against the Taliban", "three Taliban were killed"."""
        lows = self._lows
        before = lows[max(0, name.start - 2) : name.start]
        if before and before[-1] in (
            "against",
            "on",
            "of",
            "to",
            "with",
            "at",
            "between",
            "and",
            "from",
        ):
            return before[-1] not in ("of", "and") or (
                before[-1] == "of"
                and "gunmen" not in before
                and "fighters" not in before
                and "forces" not in before
            )
        if before[-2:] in (
            ("against", "the"),
            ("on", "the"),
            ("to", "the"),
            ("with", "the"),
            ("at", "the"),
        ):
            return True
        for k in range(name.start, min(name.end + 4, len(lows))):
            if lows[k] in WORDS.casualty_words and lows[k] != "kill" and not self._takes_object(k):
                return True
            if lows[k] in (",", ";", "."):
                break
        return False

    def _takes_object(self, k: int) -> bool:
        after = self._lows[k + 1 : k + 2]
        return bool(after) and after[0] not in (
            "in",
            "by",
            "and",
            "when",
            "during",
            "after",
            ",",
            ".",
            "on",
            "at",
            "as",
            "near",
            "or",
            "while",
        )


_POSTS = frozenset(
    [
        "checkpoint",
        "checkpost",
        "outpost",
        "post",
        "patrol",
        "convoy",
        "vehicle",
        "base",
        "headquarters",
        "centre",
        "center",
        "commander",
        "official",
        "officials",
        "intelligence",
        "ministry",
        "governor",
        "car",
        "ranger",
        "building",
        "police",
        "spokesman",
    ]
)
