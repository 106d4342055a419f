"""When, where and what a draft tells of, and the questions that stay open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    TargetType,
)
from mapapp.reading.actors import ActorName
from mapapp.reading.dari_pashto.words import DATA as DARI_PASHTO
from mapapp.reading.dari_pashto.words import word_set
from mapapp.reading.incidents import Incident
from mapapp.reading.incidents.incident import SAID_ON
from mapapp.reading.model import (
    Day,
    Draft,
    Kind,
    Span,
    Speaker,
    Target,
    Where,
)
from mapapp.reading.page import EVENT_WORDS, Facts
from mapapp.reading.places import PlaceWords
from mapapp.reading.voices import Voices
from mapapp.reading.words import WORDS

_TARGETS = {
    word: name for name, words in WORDS.data["target"].items() for word in words.split()
} | {word: name for name in DARI_PASHTO["target"] for word in word_set("target", name)}
_KIND_ORDER = (
    "suicide_attack",
    "bombing",
    "shelling",
    "armed_clash",
    "armed_attack",
    "raid",
    "offensive",
)


def title_of(draft: Draft) -> str:
    """Ours, and neutral: what, where and when; no perpetrator."""
    what = {
        EventType.SUICIDE_ATTACK: "Suicide attack", EventType.BOMBING: "Explosion",
        EventType.SHELLING: "Air strike or shelling", EventType.ARMED_CLASH: "Armed clash",
        EventType.ARMED_ATTACK: "Armed attack", EventType.RAID: "Raid",
        EventType.OFFENSIVE: "Offensive",
    }.get(draft.kind.event_type if draft.kind else EventType.OTHER, "Attack")  # fmt: skip
    where = draft.where.place.name or draft.where.place.text if draft.where else ""
    interval: DateInterval | None = draft.day.interval if draft.day else None
    when = ""
    if interval and interval.precision is DatePrecision.DAY and interval.earliest:
        when = f"{interval.earliest.day} {interval.earliest:%B %Y}"
    return ", ".join(part for part in (f"{what} in {where}" if where else what, when) if part)


@dataclass
class Described:
    """Values of a draft besides its claims; `voiced` holds for each sentence (by its number) the
    speakers with the tokens they reach over.
    """

    text: str
    published: date | None
    voices: Voices
    voiced: dict[int, tuple[tuple[int, int, Speaker], ...]]
    title: Facts | None
    owner: ActorName | None = None  # whose own page it is
    dateline: tuple[Facts, PlaceWords] | None = None

    def _span(self, facts: Facts, start: int, end: int) -> Span:
        row = facts.sentence.tokens
        return Span(row[start].start, row[end - 1].end)

    def _speaker(self, facts: Facts, at: int) -> Speaker:
        for first, last, speaker in self.voiced.get(facts.number, ()):
            if first <= at < last:
                return speaker
        return self.voices.publisher

    def _day(self, incident: Incident) -> Day | None:
        row = incident.day
        if row is None:
            return None
        facts, words, interval = row
        span = self._span(facts, words.start, words.end)
        rule = "day-of-the-word" if interval.derivation == SAID_ON else "date"
        return Day(span=span, words=span.of(self.text), rule=rule, interval=interval)

    def _where(self, incident: Incident) -> Where | None:
        best = incident.place
        if best is None:
            return None
        facts, place = best
        if not incident.places and place.place.geo_precision is not GeoPrecision.COUNTRY:
            rule = "of-the-speakers"
        else:
            rule = "gazetteer"
        span = self._span(facts, place.start, place.end)
        return Where(
            span=span, words=span.of(self.text), rule=rule,
            place=replace(place.place, text=span.of(self.text)),
            others=place.others, country=place.country,
        )  # fmt: skip

    def _kind(self, incident: Incident) -> Kind | None:
        found: dict[str, tuple[Facts, int]] = {}
        for facts in incident.facts:
            lows = facts.sentence.lows
            for i in facts.events:
                name = EVENT_WORDS[lows[i]]
                if name == "suicide" or lows[i] == "suicide":
                    name = "suicide_attack"
                found.setdefault(name, (facts, i))
        for name in _KIND_ORDER:
            if name in found:
                facts, i = found[name]
                span = self._span(facts, i, i + 1)
                return Kind(
                    span=span,
                    words=span.of(self.text),
                    rule="event-word",
                    event_type=EventType(name),
                )
        return None

    def _target(self, incident: Incident) -> Target | None:
        for facts in incident.facts:
            for i, word in enumerate(facts.sentence.lows):
                if word in _TARGETS and not any(
                    s.voice.start <= i < s.voice.end for s in facts.speeches
                ):
                    span = self._span(facts, i, i + 1)
                    return Target(
                        span=span,
                        words=span.of(self.text),
                        rule="target-word",
                        target_type=TargetType(_TARGETS[word]),
                    )
        return None
