"""Gathered incidents become drafts: values with their words, speakers with their class, questions
(incidents → drafts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    SpeakerClass,
    TargetType,
    VictimClass,
    label,
)
from mapapp.reading.attributions import Ascription
from mapapp.reading.figures import Statement
from mapapp.reading.incidents import Incident
from mapapp.reading.model import (
    Attribution,
    Day,
    Draft,
    Figure,
    Kind,
    Question,
    Span,
    Speaker,
    Target,
    Where,
)
from mapapp.reading.page import EVENT_WORDS, Facts
from mapapp.reading.voices import Voices
from mapapp.reading.words import WORDS

_TARGETS = {word: name for name, words in WORDS.data["target"].items() for word in words.split()}
_KIND_ORDER = (
    "suicide_attack",
    "bombing",
    "shelling",
    "armed_clash",
    "armed_attack",
    "raid",
    "offensive",
)
_AUTHORITIES = frozenset({"dfa", "dfa-mod", "dfa-moi", "al-farooq-corps"})
_LONG_AGO, _YEARS_AGO = 12, 300


@dataclass
class Drafter:
    """Makes the drafts of one page."""

    text: str
    published: date | None
    voices: Voices
    voiced: dict[int, tuple[tuple[int, int, Speaker], ...]]  # by sentence: first, last, speaker
    title: Facts | None

    def drafts(self, incidents: Sequence[Incident]) -> tuple[Draft, ...]:
        """The drafts of what is worth one, in the order of the page."""
        made = [(i, self._draft(i)) for i in incidents if self._is_one(i)]
        if self.title is not None and made:
            made[0] = (made[0][0], self._with_title(made[0][1]))
        newest = max(
            (
                d.day.interval.latest
                for _, d in made
                if d.day and d.day.interval.latest and not d.background
            ),
            default=None,
        )
        rows = []
        for incident, draft in made:
            rows.append(replace(draft, background=self._background(incident, draft, newest)))
        return tuple(rows)

    @staticmethod
    def _is_one(incident: Incident) -> bool:
        """Whether there is enough: a figure, a word on who did it, or an attack with day and place."""
        if incident.statements:
            return True
        kinds = {a.kind for _, a in incident.ascriptions}
        if kinds - {AttributionKind.SUSPECTED, AttributionKind.CONTESTED} and (
            incident.places or incident.dates
        ):
            return True
        return bool(incident.places and incident.dates and incident.ascriptions)

    def _span(self, facts: Facts, start: int, end: int) -> Span:
        row = facts.sentence.tokens
        return Span(row[start].start, row[end - 1].end)

    def _speaker(self, facts: Facts, at: int) -> Speaker:
        for first, last, speaker in self.voiced.get(facts.number, ()):
            if first <= at < last:
                return speaker
        return self.voices.publisher

    def _draft(self, incident: Incident) -> Draft:
        figures = self._figures(incident.statements)
        attributions = self._attributions(incident.ascriptions)
        figures, attributions = self._sides(incident, figures, attributions)
        first, last = incident.facts[0].sentence, incident.facts[-1].sentence
        day, where, kind = self._day(incident), self._where(incident), self._kind(incident)
        draft = Draft(
            title="", span=Span(first.start, max(last.end, first.end)), day=day, where=where,
            kind=kind, target=self._target(incident), figures=figures, attributions=attributions,
            questions=self._questions(incident, day, where, figures),
        )  # fmt: skip
        return replace(draft, title=_title(draft))

    # -- figures

    def _figures(self, rows: Sequence[tuple[Facts, Statement]]) -> tuple[Figure, ...]:
        made: list[Figure] = []
        for facts, statement in rows:
            figure = self._figure(facts, statement)
            same = next((k for k, f in enumerate(made) if _same(f, figure)), None)
            if same is None:
                made.append(figure)
            else:
                made[same] = _repeated(made[same], figure)
        return tuple(made)

    def _figure(self, facts: Facts, statement: Statement) -> Figure:
        span = self._span(facts, statement.start, statement.end)
        at = statement.people.start if statement.people else statement.start
        victim_class = statement.victim_class or VictimClass.UNSPECIFIED
        people = statement.people
        victim_text = facts.text(self.text, people.start, people.end) if people else ""
        return Figure(
            span=span, words=span.of(self.text), rule=statement.rule, property=statement.measure,
            low=statement.low, high=statement.high, modifier=statement.modifier,
            victim_class=victim_class, speaker=self._speaker(facts, at), victim_text=victim_text,
            subset_of=VictimClass.UNSPECIFIED if statement.subset else None,
        )  # fmt: skip

    def _with_title(self, draft: Draft) -> Draft:
        """A figure of the title that the body gives is its repeat, else it is the publisher's."""
        if self.title is None:
            return draft
        figures = list(draft.figures)
        for statement in self.title.statements:
            figure = self._figure(self.title, statement)
            same = next(
                (
                    k
                    for k, f in enumerate(figures)
                    if (f.property, f.low, f.high) == (figure.property, figure.low, figure.high)
                ),
                None,
            )
            if same is None:
                if not self.title.period:
                    figures.append(figure)
            else:
                figures[same] = _repeated(figures[same], figure)
        figures.sort(key=lambda f: f.span)
        return replace(draft, figures=tuple(figures))

    # -- who did it

    def _attributions(self, rows: Sequence[tuple[Facts, Ascription]]) -> tuple[Attribution, ...]:
        made: list[Attribution] = []
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
            else:
                made[same] = replace(made[same], repeats=(*made[same].repeats, attribution.span))
        claimed = {a.actor_text_key for a in made if a.kind is AttributionKind.CLAIMED}
        return tuple(
            a
            for a in made
            if not (a.kind is AttributionKind.SUSPECTED and a.actor_text_key in claimed)
        )

    def _attribution(self, facts: Facts, row: Ascription) -> Attribution:
        span = self._span(facts, row.start, row.end)
        speaker = self._speaker(facts, row.start)
        actor_text, actor = "", None
        if row.actor is not None:
            actor_text = row.actor.words
            actor = row.actor.key if row.actor.known else None
        if row.self_said and row.actor is not None:
            speaker = self._self(facts, row, speaker)
        return Attribution(
            span=span, words=span.of(self.text), rule=row.rule, kind=row.kind, speaker=speaker,
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

    def _sides(
        self, incident: Incident, figures: tuple[Figure, ...], attributions: tuple[Attribution, ...]
    ) -> tuple[tuple[Figure, ...], tuple[Attribution, ...]]:
        """An authority whose own side attacked or was attacked is a party."""
        hit = any(
            f.victim_class
            in (VictimClass.DE_FACTO_AUTHORITY_PERSONNEL, VictimClass.OFFICIALS, VictimClass.GUARDS)
            and f.subset_of is None
            for f in figures
        )
        did = any(
            (a.actor in _AUTHORITIES)
            and a.kind in (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)
            for a in attributions
        )
        others = {
            a.actor_text_key
            for a in attributions
            if a.kind in (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)
        }

        def turned(speaker: Speaker) -> Speaker:
            if speaker.speaker_class is not SpeakerClass.OFFICIAL:
                return speaker
            actor = self.voices.actors.get(speaker.name)
            foreign = actor is not None and actor not in _AUTHORITIES and actor in others
            if ((hit or did) and (actor is None or actor in _AUTHORITIES)) or foreign:
                return replace(speaker, speaker_class=SpeakerClass.PARTY)
            return speaker

        return (
            tuple(replace(f, speaker=turned(f.speaker)) for f in figures),
            tuple(replace(a, speaker=turned(a.speaker)) for a in attributions),
        )

    # -- when, where, what

    def _day(self, incident: Incident) -> Day | None:
        interval = incident.interval
        if interval is None:
            rows = incident.dates[:1]
        else:
            rows = [row for row in incident.dates if row[2] is interval][:1]
        for facts, words, found in rows:
            span = self._span(facts, words.start, words.end)
            return Day(span=span, words=span.of(self.text), rule="date", interval=found)
        return None

    def _where(self, incident: Incident) -> Where | None:
        best = incident.place
        if best is None:
            return None
        facts, place = best
        span = self._span(facts, place.start, place.end)
        return Where(
            span=span, words=span.of(self.text), rule="gazetteer", place=replace_text(place.place, span.of(self.text)),
            others=place.others, country="" if place.abroad else "AFG",
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

    def _background(self, incident: Incident, draft: Draft, newest: date | None) -> bool:
        """An attack of long ago, beside a newer one or years back."""
        latest = draft.day.interval.latest if draft.day else None
        if self.published is None or latest is None:
            return incident.past
        if latest < self.published - timedelta(_YEARS_AGO):
            return True
        if newest is not None and latest < newest - timedelta(_LONG_AGO):
            return True
        return incident.past and newest is not None and latest < newest

    def _questions(
        self, incident: Incident, day: Day | None, where: Where | None, figures: Sequence[Figure]
    ) -> tuple[Question, ...]:
        rows: list[Question] = []
        if day is not None and day.interval.earliest is None and day.interval.latest is None:
            rows.append(
                Question(
                    "date-open",
                    f"Which day is “{day.words}”? The page does not say.",
                    "date",
                    day.span,
                )
            )
        if day is not None and "differ" in day.interval.derivation:
            rows.append(
                Question(
                    "weekday-and-date-differ",
                    f"“{day.words}”: the weekday is not that of the date. Which one holds?",
                    "date",
                    day.span,
                    (str(day.interval.earliest), str(day.interval.latest)),
                )
            )
        if where is not None and where.place.ambiguous:
            options = tuple(
                f"{p.name} ({label(str(p.geo_precision))})" for p in (where.place, *where.others)
            )
            rows.append(
                Question(
                    "place-ambiguous",
                    f"Which place is “{where.words}”?",
                    "place",
                    where.span,
                    options,
                )
            )
        for figure in figures:
            if figure.property == "casualties":
                rows.append(
                    Question(
                        "killed-and-wounded-together",
                        f"“{figure.words}” counts killed and wounded together. It stays so unless the page says more.",
                        "figures",
                        figure.span,
                    )
                )
        by: dict[tuple[str, str], list[Figure]] = {}
        for figure in figures:
            if figure.low is not None and figure.subset_of is None and figure.speaker.name:
                by.setdefault((figure.speaker.name, str(figure.property)), []).append(figure)
        for (name, measure), same in by.items():
            if (
                len({(f.low, f.high) for f in same}) > 1
                and len({f.victim_class for f in same}) == 1
            ):
                rows.append(
                    Question(
                        "two-figures-of-one-speaker",
                        f"{name} gives several figures of {measure}. Which is the last?",
                        "figures",
                        same[-1].span,
                        tuple(f.words for f in same),
                    )
                )
        return tuple(rows)


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


def _repeated(figure: Figure, again: Figure) -> Figure:
    victim_class = figure.victim_class
    if victim_class is VictimClass.UNSPECIFIED:
        victim_class = again.victim_class
    return replace(figure, repeats=(*figure.repeats, again.span), victim_class=victim_class)


def replace_text(place: object, text: str):  # type: ignore[no-untyped-def]
    """The place with the page's words."""
    return replace(place, text=text)  # type: ignore[type-var]


def _title(draft: Draft) -> str:
    """Ours, and neutral: what, where and when; no perpetrator."""
    what = {
        EventType.SUICIDE_ATTACK: "Suicide attack", EventType.BOMBING: "Explosion",
        EventType.SHELLING: "Air strike or shelling", EventType.ARMED_CLASH: "Armed clash",
        EventType.ARMED_ATTACK: "Armed attack", EventType.RAID: "Raid", EventType.OFFENSIVE: "Offensive",
    }.get(draft.kind.event_type if draft.kind else EventType.OTHER, "Attack")  # fmt: skip
    where = draft.where.place.name or draft.where.place.text if draft.where else ""
    interval: DateInterval | None = draft.day.interval if draft.day else None
    when = ""
    if interval and interval.precision is DatePrecision.DAY and interval.earliest:
        when = f"{interval.earliest.day} {interval.earliest:%B %Y}"
    return ", ".join(part for part in (f"{what} in {where}" if where else what, when) if part)
