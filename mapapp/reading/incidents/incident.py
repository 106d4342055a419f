"""What has been gathered of one attack."""

from __future__ import annotations

from dataclasses import dataclass, field

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.attributions import Ascription
from mapapp.reading.dates import DateWords
from mapapp.reading.figures import Statement
from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords, holds

#: Date words and the days that they mean.
Dated = tuple[DateWords, DateInterval]

#: How days were made of "police said on Tuesday".
SAID_ON = "the day on which it was said, and the day before"


@dataclass
class Incident:
    """What has been gathered of one attack; places and dates with the sentence they stand in."""

    first: Facts
    facts: list[Facts] = field(default_factory=list)
    places: list[tuple[Facts, PlaceWords]] = field(default_factory=list)
    fallbacks: list[tuple[Facts, PlaceWords]] = field(default_factory=list)
    dates: list[tuple[Facts, DateWords, DateInterval]] = field(default_factory=list)
    statements: list[tuple[Facts, Statement]] = field(default_factory=list)
    ascriptions: list[tuple[Facts, Ascription]] = field(default_factory=list)
    said_on: list[tuple[Facts, DateWords, DateInterval]] = field(default_factory=list)
    past: bool = False
    doubted: list[Facts] = field(default_factory=list)  # sentences that name another cause
    listed: bool = False  # an entry of a list of attacks by day
    several: bool = False  # told of several provinces at once

    @property
    def place(self) -> tuple[Facts, PlaceWords] | None:
        """The finest place that the others hold; else that of those who speak of it."""
        rows = self.places or self.fallbacks
        if not rows:
            return None
        best = rows[0]
        if self.several:
            return best
        for row in rows[1:]:
            finer = row[1].fineness < best[1].fineness
            if finer and (holds(best[1].place, row[1].place) or best[1].abroad):
                best = row
        return best

    @property
    def day(self) -> tuple[Facts, DateWords, DateInterval] | None:
        """Its date with the words: of the deed, else the day on which it was said."""
        interval = self.interval
        if interval is not None:
            return next(row for row in self.dates if row[2] is interval)
        return next(iter(self.said_on or self.dates), None)

    @property
    def interval(self) -> DateInterval | None:
        """The first date that says most."""
        known = [row[2] for row in self.dates if row[2].earliest is not None]
        days = [i for i in known if is_day(i)]
        return next(iter(days or known), None)


def is_day(interval: DateInterval) -> bool:
    """Whether it is one day or a few: no week, month or year."""
    return interval.precision in (DatePrecision.DAY, DatePrecision.DAYS)


def fits(incident: Incident, place: PlaceWords) -> bool:
    """Whether a place can be that of an incident: one holds the other."""
    if not incident.places:
        return True
    best = incident.place
    rows = incident.places if incident.several or best is None else [best]
    for _, own in rows:
        if own.abroad or place.abroad:
            if own.abroad and place.abroad:
                return True
            continue
        if holds(own.place, place.place) or holds(place.place, own.place):
            return True
    return False
