"""Sums over the incidents of an extract, as ranges (claims → picture, standalone page)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mapapp.domain.incident import Incident
from mapapp.domain.vocab import Property, Rule
from mapapp.query.filters.words import days_words


@dataclass(frozen=True, slots=True)
class Sum:
    """A measure over incidents: `low` to `high` people, `unknown` incidents without a number."""

    low: int | None
    high: int | None
    high_open: bool
    unknown: int

    def __str__(self) -> str:
        """ "96–118", "3–≥6", "unknown"."""
        if self.low is None or self.high is None:
            return "unknown"
        high = f"{'≥' if self.high_open else ''}{self.high:,}"
        return high if self.low == self.high else f"{self.low:,}–{high}"


def total(incidents: Iterable[Incident], measure: Property, rule: Rule) -> Sum:
    """The sum of a measure; null is not 0."""
    low = high = unknown = known = 0
    is_open = False
    for incident in incidents:
        figure = incident.headline(measure, rule)
        if figure.low is None or figure.high is None:
            unknown += 1
            continue
        known += 1
        low, high = low + figure.low, high + figure.high
        is_open |= figure.high_open
    return Sum(low, high, is_open, unknown) if known else Sum(None, None, False, unknown)


def figures_line(incidents: tuple[Incident, ...], rule: Rule) -> str:
    """ "19 incidents, Aug 2021 – May 2024 · reported killed 96–118 (3 without a number) · …"."""
    number = len(incidents)
    parts = [f"{number:,} incident{'' if number == 1 else 's'}"]
    days = [
        day
        for incident in incidents
        for day in (incident.record.date.earliest, incident.record.date.latest)
        if day is not None
    ]
    if days:
        parts[0] += f", {days_words(min(days), max(days))}"
    for measure in (Property.KILLED, Property.WOUNDED):
        found = total(incidents, measure, rule)
        gap = f" ({found.unknown:,} without a number)" if found.unknown else ""
        parts.append(f"reported {measure} {found}{gap}")
    return " · ".join(parts)
