"""Totals of a selection with and without incidents that were decided to be doubles (snapshot).

Records judged the same count once: their speakers are put together as if they spoke of one
incident, and low, best and high are read from all of them. A record judged to be part of another
one does not count beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mapapp.domain.incident import Incident
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property
from mapapp.linking.decisions import standing
from mapapp.query import Dashboard, Figures, RangeTotal
from mapapp.query.questions.figures import total_of


@dataclass(frozen=True, slots=True)
class Overlap:
    """`doubles` incidents of the selection are counted beside one that tells of the same.

    `incidents`, `killed` and `wounded` are the totals without them; `groups` are the ids that
    count as one, each with the record that stands for it first.
    """

    doubles: int
    incidents: int
    killed: RangeTotal
    wounded: RangeTotal
    groups: tuple[tuple[str, ...], ...]


def overlap(dash: Dashboard, selection: Selection, figures: Figures) -> Overlap | None:
    """What a selection counts twice by decisions that stand, None where it counts nothing twice."""
    decided = [
        judgement
        for judgement in standing(dash.judgements())
        if judgement.relation in (Relation.SAME, Relation.PART_OF)
    ]
    named = tuple(
        dict.fromkeys(
            side for judgement in decided for side in (judgement.left_id, judgement.right_id)
        )
    )
    inside = set(dash.among(selection, named)) if named else set()
    decided = [
        judgement for judgement in decided if {judgement.left_id, judgement.right_id} <= inside
    ]
    if not decided:
        return None
    joined = groups(decided)
    each = {name: dash.incident(name).incident for group in joined for name in group.all}
    rest = dash.figures_without(selection, tuple(each))
    merged = [as_one([each[name] for name in group.whole]) for group in joined]
    rule = selection.rule
    return Overlap(
        figures.incidents - rest.incidents - len(merged),
        rest.incidents + len(merged),
        rest.killed + total_of(merged, Property.KILLED, rule),
        rest.wounded + total_of(merged, Property.WOUNDED, rule),
        tuple(group.all for group in joined),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Ids that count as one incident: `whole` are the same, `parts` lie within them."""

    whole: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every id."""
        return (*self.whole, *self.parts)


def groups(decided: Iterable[Judgement]) -> tuple[Group, ...]:
    """The groups that decisions make: `same` joins, and a part goes with what it is part of."""
    decided = list(decided)
    joined: dict[str, str] = {}

    def root(name: str) -> str:
        while joined.setdefault(name, name) != name:
            name = joined[name]
        return name

    for judgement in decided:
        joined[root(judgement.left_id)] = root(judgement.right_id)
    parts = {judgement.left_id for judgement in decided if judgement.relation is Relation.PART_OF}
    members: dict[str, list[str]] = {}
    for name in sorted(joined):
        members.setdefault(root(name), []).append(name)
    result = []
    for names in members.values():
        whole = tuple(name for name in names if name not in parts) or tuple(names)
        result.append(Group(whole, tuple(name for name in names if name not in whole)))
    return tuple(result)


def as_one(incidents: Sequence[Incident]) -> Incident:
    """The speakers of several records of one incident put together."""
    dates: dict[str, date] = {}
    for incident in incidents:
        dates |= dict(incident.source_dates)
    first = incidents[0]
    claims = tuple(
        replace(claim, incident_id=first.id) for incident in incidents for claim in incident.claims
    )
    return Incident(first.record, claims, (), dates)
