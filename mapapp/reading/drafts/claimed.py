"""Figures and attributions of one incident, with their speakers and repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapapp.domain.actors import akin
from mapapp.domain.vocab import (
    AttributionKind,
    SpeakerClass,
    VictimClass,
)
from mapapp.reading.actors import ARMED
from mapapp.reading.attributions import Ascription
from mapapp.reading.attributions.clause import DID
from mapapp.reading.drafts.sides import Sides
from mapapp.reading.figures import Statement
from mapapp.reading.incidents import Incident
from mapapp.reading.model import (
    Attribution,
    Figure,
    Speaker,
)
from mapapp.reading.page import Facts
from mapapp.reading.words import WORDS

_ONE_SIDE = frozenset(
    {VictimClass.DE_FACTO_AUTHORITY_PERSONNEL, VictimClass.ARMED_GROUP_MEMBERS,
     VictimClass.FOREIGN_FORCES, VictimClass.FORMER_GOVERNMENT_FORCES}
)  # fmt: skip

_BODIES = frozenset({"bodies", "corpses"})
_BE = WORDS.set("casualty", "be")


def _same(one: Figure, other: Figure) -> bool:
    if (one.property, one.low, one.high, one.modifier) != (
        other.property,
        other.low,
        other.high,
        other.modifier,
    ):
        return False
    if one.speaker.name != other.speaker.name:
        return False
    if one.victim_class == other.victim_class:
        return True
    classes = {one.victim_class, other.victim_class}
    return VictimClass.UNSPECIFIED in classes and one.low != 1 and one.low is not None


def _of_class(figure: Figure, victim_class: VictimClass) -> Figure:
    if figure.victim_class is not VictimClass.UNSPECIFIED:
        return figure
    return replace(figure, victim_class=victim_class)


def repeated(figure: Figure, again: Figure) -> Figure:
    """A figure with one more place where it is said."""
    victim_class = figure.victim_class
    if victim_class is VictimClass.UNSPECIFIED:
        victim_class = again.victim_class
    return replace(figure, repeats=(*figure.repeats, again.span), victim_class=victim_class)


class Claimed(Sides):
    """The claims of a draft."""

    def _figures(self, rows: Sequence[tuple[Facts, Statement]]) -> tuple[Figure, ...]:
        made: list[Figure] = []
        numbers: list[int] = []  # of the sentences: a sentence does not repeat itself
        side: VictimClass | None = None  # whom the figures before count, where it is one side
        for facts, statement in rows:
            bodies = not _BODIES.isdisjoint(
                facts.sentence.lows[statement.start : statement.end + 1]
            )
            if statement.victim_class is None and statement.elided and not bodies:
                statement = replace(statement, victim_class=side)
            elif statement.victim_class in _ONE_SIDE and not made:
                side = statement.victim_class
            figure = self._figure(facts, statement)
            if numbers and numbers[-1] == facts.number and self._others(facts, statement):
                whole = next((f for f in reversed(made) if f.subset_of is None), made[-1])
                figure = _of_class(figure, whole.victim_class)
            same = next((k for k, f in enumerate(made) if _same(f, figure)), None)
            if same is None or numbers[same] == facts.number:
                made.append(figure)
                numbers.append(facts.number)
            else:
                made[same] = repeated(made[same], figure)
        return tuple(made)

    @staticmethod
    def _others(facts: Facts, statement: Statement) -> bool:
        """ "killing four members of the group and wounding two others"."""
        people = statement.people
        if statement.rule == "along-with":
            return False
        return people is not None and "others" in facts.sentence.lows[people.start : people.end]

    def _figure(self, facts: Facts, statement: Statement) -> Figure:
        span = self._span(facts, statement.start, statement.end)
        at = statement.people.start if statement.people else statement.start
        people = statement.people
        speaker = self._speaker(facts, at)
        victim_class = self._of_own(facts, statement, speaker)
        victim_text = facts.text(self.text, people.start, people.end) if people else ""
        return Figure(
            span=span, words=span.of(self.text), rule=statement.rule, property=statement.measure,
            low=statement.low, high=statement.high, modifier=statement.modifier,
            victim_class=victim_class, speaker=speaker, victim_text=victim_text,
            subset_of=VictimClass.UNSPECIFIED if statement.subset else None,
        )  # fmt: skip

    def _attributions(self, rows: Sequence[tuple[Facts, Ascription]]) -> tuple[Attribution, ...]:
        made: list[Attribution] = []
        deadly: list[bool] = []  # whether the sentence of each tells of the dead
        for facts, row in rows:
            attribution = self._attribution(facts, row)
            same = next(
                (
                    k
                    for k, a in enumerate(made)
                    if a.kind == attribution.kind
                    and a.actor_text_key == attribution.actor_text_key
                    and (
                        a.speaker.name == attribution.speaker.name
                        or a.kind in (AttributionKind.CLAIMED, AttributionKind.UNCLAIMED)
                    )
                ),
                None,
            )
            if same is None:
                made.append(attribution)
                deadly.append(row.rule != "deed" or bool(facts.statements))
            elif not deadly[same] and facts.statements:
                deadly[same] = True
                earlier = (*made[same].repeats, made[same].span)
                made[same] = replace(attribution, repeats=earlier)
            else:
                made[same] = replace(made[same], repeats=(*made[same].repeats, attribution.span))
        claimed = {a.actor_text_key for a in made if a.kind is AttributionKind.CLAIMED}
        return tuple(
            a
            for a in made
            if not (a.kind is AttributionKind.SUSPECTED and a.actor_text_key in claimed)
        )

    def _with_own(
        self, incident: Incident, attributions: tuple[Attribution, ...]
    ) -> tuple[Attribution, ...]:
        """A group's own page that tells of an attack on its enemy claims it, named again or not."""
        owner = self.owner
        if (
            owner is None
            or owner.key not in ARMED
            or any(a.kind is AttributionKind.CLAIMED for a in attributions)
        ):
            return attributions
        for facts in incident.facts:
            ours = [s for f, s in incident.statements if f is facts]
            if not facts.events or self.voiced.get(facts.number) or not (ours or facts.dates):
                continue
            lows = facts.sentence.lows
            deeds = (i for i in facts.events if lows[i] in DID and lows[i - 1] not in _BE)
            event = next(deeds, facts.events[0])
            span = self._span(facts, max(0, event - 3), event + 1)
            claim = Attribution(
                span=span, words=span.of(self.text), rule="own-statement",
                kind=AttributionKind.CLAIMED, speaker=self.voices.publisher,
                actor=owner.key if owner.known else None, actor_text=owner.words,
            )  # fmt: skip
            return (claim, *attributions)
        return attributions

    def _attribution(self, facts: Facts, row: Ascription) -> Attribution:
        span = self._span(facts, row.start, row.end)
        speaker = self._speaker(facts, row.start)
        actor_text, actor = "", None
        if row.actor is not None:
            actor_text = row.actor.words
            actor = row.actor.key if row.actor.known else None
        kind = row.kind
        own = (
            self.owner is not None and row.actor is not None and akin(self.owner.key, row.actor.key)
        )
        said_by = self.voices.actors.get(speaker.name, "")
        mine = not speaker.name or speaker == self.voices.publisher
        unnamed = not {"source", "sources"}.isdisjoint(speaker.name.lower().split())
        if row.actor is not None and said_by and not unnamed and akin(said_by, row.actor.key):
            own = mine = True
        if own and kind is AttributionKind.ATTRIBUTED and mine:
            kind = AttributionKind.CLAIMED
        elif row.self_said and row.actor is not None:
            speaker = self._self(facts, row, speaker)
        return Attribution(
            span=span, words=span.of(self.text), rule=row.rule, kind=kind, speaker=speaker,
            actor=actor, actor_text=actor_text,
        )  # fmt: skip

    def _self(self, facts: Facts, row: Ascription, speaker: Speaker) -> Speaker:
        """The actor speaks of itself; where the sentence names no speaker, its name is one."""
        actor = row.actor
        if actor is None:
            return speaker
        if speaker.name and self.voices.actors.get(speaker.name) == actor.key:
            return replace(speaker, speaker_class=SpeakerClass.PARTY)
        if not any(n.start == actor.start and n.key == actor.key for n in facts.names):
            return speaker
        span = self._span(facts, actor.start, actor.end)
        return Speaker(span.of(self.text), SpeakerClass.PARTY, span)
