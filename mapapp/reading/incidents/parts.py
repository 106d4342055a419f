"""A sentence that tells of several attacks, in parts of one each (facts → facts).

"Five were killed in A and three in B", "in A a mine killed two, while gunmen shot a man in B": the
places part the sentence, at the conjunction between them that leaves a figure on each side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from mapapp.reading.figures import Statement
from mapapp.reading.incidents.incident import is_day
from mapapp.reading.incidents.places_told import own_places
from mapapp.reading.incidents.sums import spread_attacks
from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

#: What joins two tellings, the strongest first.
_JOINTS = tuple(WORDS.set("incidents", name) for name in ("joints_strong", "joints", "joints_weak"))
#: Places coarser than a province part nothing.
_COARSEST = 4
#: What leads to a place, and so many tokens before it at most.
_LEADS = WORDS.set("places", "lead") | {"در", "په"}
_LEAD_TOKENS = 4
#: Words of a figure or a place that may stand between a joint and what it opens.
_NEAR = 12


def parts(facts: Facts) -> Iterator[Facts]:
    """The sentence's facts by attack, in order; most sentences are one part."""
    if facts.over_several or facts.period or spread_attacks(facts):
        yield facts
        return
    ends = [0]
    groups = _groups(own_places(facts))
    for before, behind in pairwise(groups):
        joint = _joint(facts, ends[-1], before[-1].end, behind[0].start)
        if joint is not None:
            ends.append(joint)
    if len(ends) == 1:
        ends += _joints_of_days(facts)
    ends.append(len(facts.sentence.lows))
    if len(ends) == 2:
        yield facts
        return
    for number, (start, end) in enumerate(pairwise(ends)):
        yield _part(facts, number, start, end)


def _groups(places: Sequence[PlaceWords]) -> list[list[PlaceWords]]:
    """Places in a row that are one: each holds the others or lies in them."""
    groups: list[list[PlaceWords]] = []
    for place in places:
        if place.fineness > _COARSEST and not place.abroad:
            continue
        if groups and all(_akin(place, other) for other in groups[-1]):
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _akin(one: PlaceWords, other: PlaceWords) -> bool:
    """Whether two can be of one attack: one lies in the other, or both abroad."""
    if one.abroad or other.abroad:
        return one.abroad == other.abroad
    return holds(one.place, other.place) or holds(other.place, one.place)


def _stands(statement: Statement) -> tuple[int, int]:
    """Where a figure stands: its people, where its verb is said once for two."""
    people = statement.people
    if statement.rule == "gapped" and people is not None:
        return people.start, people.end
    return statement.start, statement.end


def _joint(facts: Facts, start: int, place_end: int, next_place: int) -> int | None:
    """The token at which another attack begins, between two places; None where none does."""
    lows = facts.sentence.lows
    if _LEADS.isdisjoint(lows[max(0, next_place - _LEAD_TOKENS) : next_place]):
        return None
    figures = [_stands(s) for s in facts.statements if not s.subset]
    told = [*figures, *((k, k + 1) for k in facts.events)]
    for words in _JOINTS:
        rows = told if words is _JOINTS[0] else figures  # "a blast in A, while B was bombed"
        for k in range(next_place - 1, place_end - 1, -1):
            if lows[k] not in words or any(first < k < last for first, last in figures):
                continue
            left = any(start <= first and last <= k for first, last in rows)
            right = any(k < first <= next_place + _NEAR for first, _ in rows)
            if left and right:
                return k
    return None


def _joints_of_days(facts: Facts) -> Iterator[int]:
    """ "on 26 October four died, and on 1 November a bomb hurt three": where a day opens anew."""
    lows = facts.sentence.lows
    days = [d for d in facts.dates if d.interval is not None and is_day(d.interval)]
    for before, behind in pairwise(days):
        joint = next((k for k in (behind.start - 1, behind.start - 2) if lows[k] in _JOINTS[1]), 0)
        if before.interval == behind.interval or joint < before.end:
            continue
        figures = [_stands(s)[0] for s in facts.statements if not s.subset]
        if any(before.start < k < joint for k in figures) and any(k > behind.end for k in figures):
            yield joint


def _part(facts: Facts, number: int, start: int, end: int) -> Facts:
    """What stands between two tokens. A day is the sentence's where the first part has none of
    its own; who did it is all parts' where it opens the sentence.
    """
    first = min((_stands(s)[0] for s in facts.statements), default=0)
    leads = [a for a in facts.ascriptions if a.end <= first and number]
    dates = tuple(d for d in facts.dates if start <= d.start < end)
    return replace(
        facts,
        statements=tuple(s for s in facts.statements if start <= _stands(s)[0] < end),
        ascriptions=(*leads, *(a for a in facts.ascriptions if start <= a.start < end)),
        places=tuple(p for p in facts.places if start <= p.start < end),
        events=tuple(i for i in facts.events if start <= i < end),
        dates=dates or (facts.dates[:1] if number or len(facts.dates) == 1 else ()),
        part=number,
    )
