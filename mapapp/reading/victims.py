"""Whom a noun phrase of people names, by its words and by the day (people → classes)."""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.domain.vocab import VictimClass
from mapapp.reading.words import WORDS

SECURITY = WORDS.set("phrases", "security")
_FOREIGN = WORDS.set("phrases", "foreign")


class Victims:
    """Classes of victims; `taliban_rule` says who the Taliban are on the page's day."""

    def __init__(self, actor_words: dict[str, str], taliban_rule: bool) -> None:
        self._actor_words = actor_words
        self._taliban_rule = taliban_rule

    def _class(self, lows: Sequence[str], start: int, end: int) -> VictimClass | None:
        """Whom the words of a noun phrase name."""
        words = lows[start:end]
        if not words:
            return None
        given = set(words)
        named = next((self._actor_words[w] for w in words if w in self._actor_words), None)
        kinds = [WORDS.people[w] for w in words if w in WORDS.people]
        kind = kinds[-1] if kinds else ""
        if "attackers" in kinds:
            return VictimClass.ATTACKERS
        if any(w == "former" or w.startswith("ex-") for w in words) and (
            kind in ("forces", "officials", "") or given & SECURITY
        ):
            return VictimClass.FORMER_GOVERNMENT_FORCES
        if given & _FOREIGN and (
            kind in ("forces", "") or given & SECURITY or {"border", "guards"} <= given
        ):
            return VictimClass.FOREIGN_FORCES
        if given & {"aid", "humanitarian"} and kind:
            return VictimClass.AID_WORKERS
        bodyguards = kind == "guards" and not (named or given & {"border", "coast"})
        if bodyguards or kind in ("children", "women", "students", "worshippers", "aid_workers"):
            return VictimClass(kind)
        if self._commands_forces(kind, given) or (
            given & {"nds", "intelligence"} and given & {"agent", "agents", "employees", "members"}
        ):
            kind = "forces"
        return self._of_actor(named, kind, given)

    @staticmethod
    def _commands_forces(kind: str, given: set[str]) -> bool:
        """ "a police commander" is no fighter of an armed group."""
        offices = {"police", "army", "military", "security", "intelligence", "border", "brigade"}
        return (
            kind == "armed_group_members"
            and bool({"commander", "commanders"} & given)
            and bool(offices & given)
        )

    def _of_actor(self, named: str | None, kind: str, given: set[str]) -> VictimClass:
        forces = (
            VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
            if self._taliban_rule
            else VictimClass.FORMER_GOVERNMENT_FORCES
        )
        if named in ("dfa", "dfa-mod", "dfa-moi"):
            if kind == "officials":
                return VictimClass.OFFICIALS
            return forces if self._taliban_rule else VictimClass.ARMED_GROUP_MEMBERS
        if named == "taliban-until-2021" or (named and named != "unidentified"):
            return VictimClass.ARMED_GROUP_MEMBERS
        if kind == "forces" or (kind in ("", "guards") and given & SECURITY | given & {"border"}):
            return forces if kind or given & {"security", "police"} else VictimClass.UNSPECIFIED
        if kind == "officials":
            return VictimClass.OFFICIALS
        if kind == "armed_group_members" or kind == "civilians":
            return VictimClass(kind)
        return VictimClass.UNSPECIFIED
