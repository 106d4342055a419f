"""Whose people were hit and who is a party: classes that hang on speaker and incident."""

from __future__ import annotations

from dataclasses import replace

from mapapp.domain.actors import TALIBAN_RULE
from mapapp.domain.vocab import (
    AttributionKind,
    SpeakerClass,
    VictimClass,
)
from mapapp.reading.actors import ARMED
from mapapp.reading.drafts.described import Described
from mapapp.reading.figures import Statement
from mapapp.reading.incidents import Incident
from mapapp.reading.model import (
    Attribution,
    Figure,
    Speaker,
)
from mapapp.reading.page import Facts
from mapapp.reading.words import WORDS

_TROOPS = WORDS.set("drafts", "troops")
_NAMED = WORDS.set("drafts", "named")
_FORCES = WORDS.set("drafts", "forces")
_THINGS = WORDS.set("drafts", "things")
#: Officials who command nobody, and sources whose side is not said.
_ASIDE = WORDS.set("drafts", "aside")
_OF_AUTHORITIES = frozenset(
    {VictimClass.DE_FACTO_AUTHORITY_PERSONNEL, VictimClass.FORMER_GOVERNMENT_FORCES}
)
_SELF = frozenset({"it", "they", "we", "he"})
_PAKISTAN = frozenset({"pakistan", "pakistani", "pakistan's", "islamabad", "rawalpindi", "ispr"})
_AUTHORITIES = frozenset({"dfa", "dfa-mod", "dfa-moi", "al-farooq-corps"})


def _forces_hit(incident: Incident) -> bool:
    """Whether the words say that a post, a vehicle or the like of the authorities was attacked."""
    for facts in incident.facts:
        lows = facts.sentence.lows
        for i, word in enumerate(lows[:-1]):
            things = word in _FORCES and not _THINGS.isdisjoint(lows[i + 1 : i + 4])
            spoken = any(s.voice.start <= i < s.voice.end for s in facts.speeches)
            if things and facts.events and not spoken:
                return True
    return False


class Sides(Described):
    """Classes of victims and speakers in one incident."""

    def _of_own(self, facts: Facts, statement: Statement, speaker: Speaker) -> VictimClass:
        """ "one of its soldiers" are the speaker's: foreign where a foreign force speaks."""
        found = statement.victim_class or VictimClass.UNSPECIFIED
        people = statement.people
        if people is None:
            return found
        own = self._own_people(facts, statement, speaker)
        if own is not None and found is not VictimClass.ATTACKERS:
            return own
        if found not in _OF_AUTHORITIES:
            return found
        words = facts.sentence.lows[people.start : people.end]
        foreign = self.voices.actors.get(speaker.name) in ("Pakistan", "coalition", "Iran")
        foreign = foreign or "pakistani" in speaker.name.lower()
        before = facts.sentence.lows[: people.start]
        if foreign and not {"taliban", "afghan", "afghans"} & {*words, *before}:
            return VictimClass.FOREIGN_FORCES
        return found

    def _own_people(
        self, facts: Facts, statement: Statement, speaker: Speaker
    ) -> VictimClass | None:
        """Whose "its men", "two of his fighters" are: the speaker's side."""
        people = statement.people
        first = max(0, people.start - 4) if people is not None else 0
        for k in range(first, people.start if people is not None else 0):
            if facts.sentence.lows[k] in WORDS.casualty_words:
                first = k  # "its forces killed three fighters": theirs killed, not were killed
        words = set(facts.sentence.lows[first : people.end]) if people is not None else set()
        lows, predicate = facts.sentence.lows, statement.predicate
        lost = lows[predicate.end - 1] == "lost" and not _SELF.isdisjoint(
            lows[max(0, predicate.start - 2) : predicate.start]
        )
        own = lost or bool(words & {"its", "his", "their", "our"})
        if not own or not words & _TROOPS or words & _NAMED:
            return None
        actor = self.voices.actors.get(speaker.name)
        if actor in ARMED:
            return VictimClass.ARMED_GROUP_MEMBERS
        official = speaker.speaker_class in (SpeakerClass.OFFICIAL, SpeakerClass.PARTY)
        foreign = actor in ("Pakistan", "coalition", "Iran") or "pakistani" in speaker.name.lower()
        if official and not foreign:
            rule = self.published is None or self.published >= TALIBAN_RULE
            return (
                VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
                if rule
                else VictimClass.FORMER_GOVERNMENT_FORCES
            )
        return None

    def _sides(
        self, incident: Incident, figures: tuple[Figure, ...], attributions: tuple[Attribution, ...]
    ) -> tuple[tuple[Figure, ...], tuple[Attribution, ...]]:
        """An authority whose own side attacked or was attacked is a party."""
        own = {
            VictimClass.DE_FACTO_AUTHORITY_PERSONNEL, VictimClass.OFFICIALS, VictimClass.GUARDS,
        }  # fmt: skip
        if self.published is not None and self.published < TALIBAN_RULE:
            own.add(VictimClass.FORMER_GOVERNMENT_FORCES)
        hit = _forces_hit(incident) or any(
            f.victim_class in own and f.subset_of is None for f in figures
        )
        did = any(
            (a.actor in _AUTHORITIES)
            and a.kind in (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)
            for a in attributions
        )
        soldiers = any(f.victim_class is VictimClass.FOREIGN_FORCES for f in figures)
        fought = {
            f.speaker.name for f in figures if f.victim_class is VictimClass.ARMED_GROUP_MEMBERS
        }
        others = {
            a.actor_text_key
            for a in attributions
            if a.kind in (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)
        }

        def turned(speaker: Speaker) -> Speaker:
            aside = not _ASIDE.isdisjoint(speaker.name.lower().split())
            if speaker.speaker_class is not SpeakerClass.OFFICIAL or aside:
                return speaker
            actor = self.voices.actors.get(speaker.name)
            foreign = actor is not None and actor not in _AUTHORITIES and actor.lower() in others
            if not _PAKISTAN.isdisjoint(speaker.name.lower().split()):
                foreign = "pakistan" in others or soldiers
            elif speaker.name in fought and speaker.name:
                return replace(speaker, speaker_class=SpeakerClass.PARTY)
            if ((hit or did) and (actor is None or actor in _AUTHORITIES)) or foreign:
                return replace(speaker, speaker_class=SpeakerClass.PARTY)
            return speaker

        return (
            tuple(replace(f, speaker=turned(f.speaker)) for f in figures),
            tuple(replace(a, speaker=turned(a.speaker)) for a in attributions),
        )
