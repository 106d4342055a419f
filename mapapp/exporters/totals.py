"""Sums over the incidents of an extract, as ranges (claims → picture, standalone page)."""

from __future__ import annotations

from mapapp.domain.incident import Incident
from mapapp.domain.vocab import Property, Rule
from mapapp.domain.wording import counted
from mapapp.query import RangeTotal
from mapapp.query.filters.words import days_words
from mapapp.query.questions.figures import total_of


def total_line(number: int, killed: RangeTotal, wounded: RangeTotal) -> list[str]:
    """ "19 incidents", "reported killed 96–118 (3 without a number)", "reported wounded …"."""
    parts = [counted(number, "incident")]
    for name, sum_ in (("killed", killed), ("wounded", wounded)):
        gap = f" ({sum_.unknown:,} without a number)" if sum_.unknown else ""
        parts.append(f"reported {name} {sum_}{gap}")
    return parts


def figures_line(incidents: tuple[Incident, ...], rule: Rule) -> str:
    """ "19 incidents, Aug 2021 – May 2024 · reported killed 96–118 (3 without a number) · …"."""
    sums = (total_of(incidents, measure, rule) for measure in (Property.KILLED, Property.WOUNDED))
    parts = total_line(len(incidents), *sums)
    days = [
        day
        for incident in incidents
        for day in (incident.record.date.earliest, incident.record.date.latest)
        if day is not None
    ]
    if days:
        parts[0] += f", {days_words(min(days), max(days))}"
    return " · ".join(parts)
