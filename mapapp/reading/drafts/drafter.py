"""Gathered incidents become drafts: values with their words, speakers with their class, questions
(incidents → drafts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mapapp.domain.vocab import (
    AttributionKind,
    VictimClass,
)
from mapapp.reading.drafts.claimed import Claimed, repeated
from mapapp.reading.drafts.described import title_of
from mapapp.reading.drafts.questions import questions
from mapapp.reading.incidents import Incident
from mapapp.reading.incidents.incident import is_day
from mapapp.reading.incidents.places_told import own_places
from mapapp.reading.model import (
    Draft,
    Figure,
    Span,
)
from mapapp.reading.words import WORDS

_ATTACK_WORDS = WORDS.set("drafts", "attack_words")
_ATTACKS = WORDS.set("drafts", "attacks")
#: Days before the news: told with it, told in passing beside it, and in passing anyhow.
_JUST_BEFORE, _LONG_AGO, _YEARS_AGO = 3, 12, 300


def _abroad(figure: Figure) -> Figure:
    """Soldiers and police abroad are not the de facto authorities'."""
    if figure.victim_class is not VictimClass.DE_FACTO_AUTHORITY_PERSONNEL:
        return figure
    return replace(figure, victim_class=VictimClass.FOREIGN_FORCES)


def _surely(incident: Incident) -> bool:
    """Whether the words say attack, not only explosion."""
    return any(_ATTACK_WORDS & set(f.sentence.lows) for f in incident.facts)


class Drafter(Claimed):
    """Makes the drafts of one page."""

    def drafts(self, incidents: Sequence[Incident]) -> tuple[Draft, ...]:
        """The drafts of what is worth one, in the order of the page."""
        self._dated_places(incidents)
        made = [(i, self._draft(i)) for i in incidents if self._is_one(i)]
        news = next((k for k, (i, _) in enumerate(made) if not i.past), 0)
        if self.title is not None and made:
            made[news] = (made[news][0], self._with_title(made[news][1]))
        newest = max(
            (
                d.day.interval.latest
                for i, d in made
                if d.day and d.day.interval.latest and (is_day(d.day.interval) or not i.past)
            ),
            default=None,
        )
        rows: list[Draft] = []
        seen = False  # whether the newest attack has been told of
        for incident, draft in made:
            latest = draft.day.interval.latest if draft.day else None
            rows.append(replace(draft, background=self._background(incident, draft, newest, seen)))
            seen = seen or (newest is not None and latest == newest)
        return tuple(rows)

    @staticmethod
    def _is_one(incident: Incident) -> bool:
        """Whether there is enough: a figure, a word on who did it, or a day and a place."""
        if not incident.places and not incident.dates and not incident.fallbacks:
            return False
        if incident.doubted and not incident.ascriptions and not _surely(incident):
            return False
        if incident.statements:
            return True
        kinds = {a.kind for _, a in incident.ascriptions}
        if not any(f.events for f in incident.facts) and kinds == {AttributionKind.ATTRIBUTED}:
            return False  # "the police destroyed poppies"
        if kinds - {AttributionKind.SUSPECTED, AttributionKind.CONTESTED} and (
            incident.places or incident.dates
        ):
            return True
        return bool(incident.places and incident.dates and incident.ascriptions)

    def _dated_places(self, incidents: Sequence[Incident]) -> None:
        """Where no sentence names a place, that of the title stands, then that of the dateline."""
        title, first = self.title, incidents[0] if incidents else None
        placeless = first is not None and not first.places and (first.dates or first.fallbacks)
        if first is not None and placeless and title is not None and not title.cause:
            first.fallbacks[:0] = [(title, place) for place in own_places(title)]
        if self.dateline is not None and all(not i.places and not i.fallbacks for i in incidents):
            for incident in incidents:
                incident.fallbacks.append(self.dateline)

    def _draft(self, incident: Incident) -> Draft:
        figures = self._figures(incident.statements)
        attributions = self._with_own(incident, self._attributions(incident.ascriptions))
        if incident.place is not None and incident.place[1].abroad:
            figures = tuple(_abroad(f) for f in figures)
        figures, attributions = self._sides(incident, figures, attributions)
        first, last = incident.facts[0].sentence, incident.facts[-1].sentence
        day, where, kind = self._day(incident), self._where(incident), self._kind(incident)
        doubted = [self._span(f, 0, len(f.sentence.tokens)) for f in incident.doubted]
        draft = Draft(
            title="", span=Span(first.start, max(last.end, first.end)), day=day, where=where,
            kind=kind, target=self._target(incident), figures=figures, attributions=attributions,
            questions=questions(day, where, figures, doubted),
        )  # fmt: skip
        return replace(draft, title=title_of(draft))

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
                lows = set(self.title.sentence.lows)  # ";" parts two matters
                if not self.title.period and not _ATTACKS & lows and ";" not in lows:
                    figures.append(figure)
            else:
                figures[same] = repeated(figures[same], figure)
        figures.sort(key=lambda f: f.span)
        attributions = list(draft.attributions)
        for row in self.title.ascriptions:
            title = self._attribution(self.title, row)
            same = next(
                (k for k, a in enumerate(attributions) if a.actor_text_key == title.actor_text_key),
                None,
            )
            if same is None:
                attributions.insert(0, title)
            elif attributions[same].kind is title.kind:
                attributions[same] = replace(
                    attributions[same], repeats=(*attributions[same].repeats, title.span)
                )
        return replace(draft, figures=tuple(figures), attributions=tuple(attributions))

    def _background(
        self, incident: Incident, draft: Draft, newest: date | None, seen: bool
    ) -> bool:
        """An attack of long ago, beside a newer one or years back."""
        latest = draft.day.interval.latest if draft.day else None
        if not draft.country:
            return True  # in a war elsewhere
        if self.published is None or latest is None:
            return incident.past
        if latest < self.published - timedelta(_YEARS_AGO):
            return True
        if seen and newest is not None and latest < newest - timedelta(_LONG_AGO):
            return not incident.listed
        if not incident.past or newest is None:
            return incident.past
        first = draft.day.interval.earliest if draft.day else None
        if draft.day and is_day(draft.day.interval):
            return latest < newest - timedelta(_JUST_BEFORE)
        return latest < newest or (seen and (first or latest) < newest)
