"""Suggestions that two records are the same incident, best first (snapshot → suggestions)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mapapp.linking.blocking import candidate_pairs
from mapapp.linking.subjects import Flags, Ints, Subjects
from mapapp.linking.terms import (
    MOST_OF_SLOW,
    QUICK,
    SLOW,
    Term,
    date_points,
    explain,
    place_points,
    source_points,
)

#: From so many points a pair is suggested; docs/linking.md has the figures this rests on.
THRESHOLD = 4

#: (points less those of the best other partner of either record, points) from high to low; where
#: there is no other partner the first counts.
_MARGINS = ((4, 3), (2, 1), (-1, 0), (-2, -1))
_WORSE = -3
_MOST_OF_MARGIN = 3


#: A pair is suggested where no other of either record has more points than it by more than
#: `_BEHIND_ALONE`, where so few come near either at all; by more than `_BEHIND`, where so few are
#: suggested beside it; in a greater crowd, where none has more at all.
_BEHIND_ALONE = 3
_ALONE = 4
_BEHIND = 1
_FEW = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two ids (in their order), the points, and how the pair stands among others.

    `left` and `right` are the places in the `Subjects` it was made from. `rival_id` is the best
    other partner of either record, None where there is none near; `margin_points` are part of
    `points`.
    """

    left_id: str
    right_id: str
    points: int
    left: int
    right: int
    margin_points: int = 0
    rival_id: str | None = None

    @property
    def pair(self) -> frozenset[str]:
        """The two ids, whichever comes first."""
        return frozenset((self.left_id, self.right_id))


def suggest(
    subjects: Subjects,
    *,
    threshold: int = THRESHOLD,
    without: Collection[frozenset[str]] = (),
) -> tuple[Suggestion, ...]:
    """Pairs that reach `threshold`, best first; `without` are pairs that a person has decided."""
    left, right, points = _near(subjects, threshold - _MOST_OF_MARGIN)
    rival, margin = _rivals(left, right, points)
    earned = np.zeros(len(left), np.int64) + _WORSE
    for least, step in reversed(_MARGINS):
        earned = np.where(margin >= least, step, earned)
    # Being alone says something only of records near in time or place, told by different sources.
    near = date_points(subjects, left, right) + place_points(subjects, left, right) > 0
    near &= source_points(subjects, left, right) == 0
    earned = np.where(near, earned, np.minimum(earned, 0))
    ids = subjects.rows["id"].to_pylist()
    decided = set(without)
    suggestions = []
    enough = np.flatnonzero(points + earned >= threshold)
    open_ = [
        frozenset((ids[left[place]], ids[right[place]])) not in decided for place in enough.tolist()
    ]
    enough = enough[np.asarray(open_, np.bool_)]
    near_either = np.bincount(np.concatenate([left, right]), minlength=len(subjects))
    alone = np.maximum(near_either[left], near_either[right])[enough] <= _ALONE
    enough = enough[_foremost(left[enough], right[enough], points[enough], alone)]
    for place in enough.tolist():
        pair = int(left[place]), int(right[place])
        other = ids[rival[place]] if rival[place] >= 0 else None
        step = int(earned[place])
        total = int(points[place]) + step
        suggestions.append(Suggestion(ids[pair[0]], ids[pair[1]], total, *pair, step, other))
    return tuple(sorted(suggestions, key=lambda one: (-one.points, one.left_id, one.right_id)))


def pair_of(subjects: Subjects) -> Suggestion:
    """The two records of `subjects` as a pair with their points, however few.

    Others are not looked at, so that no points are for them.
    """
    one, two = subjects.rows["id"].to_pylist()
    return Suggestion(one, two, sum(term.points for term in explain(subjects, 0, 1)), 0, 1)


def _foremost(left: Ints, right: Ints, points: Ints, alone: Flags) -> Flags:
    """Which pairs are among the best of both their records; `alone`: little else comes near.

    Where many die every day in the same towns, each record comes near a dozen others: those that
    fit worse than another are no help to who has to look at them all.
    """
    sides = np.concatenate([left, right])
    many = int(sides.max(initial=-1)) + 1
    best = np.full(many, np.iinfo(np.int64).min)
    np.maximum.at(best, sides, np.concatenate([points, points]))
    count = np.bincount(sides, minlength=many)
    lag = np.maximum(best[left], best[right]) - points
    crowd = np.maximum(count[left], count[right])
    behind = np.where(alone, _BEHIND_ALONE, np.where(crowd <= _FEW, _BEHIND, 0))
    return np.asarray(lag <= behind, np.bool_)


def _near(subjects: Subjects, least: int) -> tuple[Ints, Ints, Ints]:
    """All candidate pairs with so many points at least, before others are looked at."""
    none = np.zeros(0, np.int64)
    portions = [(none, none, none)]
    for a, b in candidate_pairs(subjects):
        points = np.zeros(len(a), np.int64)
        for term in QUICK:
            points += term(subjects, a, b)
        possible = points >= least - MOST_OF_SLOW
        a, b, points = a[possible], b[possible], points[possible]
        for term in SLOW:
            points = points + term(subjects, a, b)
        enough = points >= least
        portions.append((a[enough], b[enough], points[enough]))
    left, right, points = (np.concatenate(parts) for parts in zip(*portions, strict=True))
    # Pairs that share several cells come several times.
    _, first = np.unique(left * len(subjects) + right, return_index=True)
    return left[first], right[first], points[first]


def _rivals(left: Ints, right: Ints, points: Ints) -> tuple[Ints, Ints]:
    """The best other partner of either record of each pair (-1: none), and the lead over it."""
    best: dict[int, list[tuple[int, int]]] = {}
    for a, b, score in zip(left.tolist(), right.tolist(), points.tolist(), strict=True):
        for side, other in ((a, b), (b, a)):
            held = best.setdefault(side, [])
            held.append((score, other))
            held.sort(reverse=True)
            del held[2:]
    rival = np.full(len(left), -1, np.int64)
    margin = np.full(len(left), _MARGINS[0][0], np.int64)
    for place, (a, b, score) in enumerate(
        zip(left.tolist(), right.tolist(), points.tolist(), strict=True)
    ):
        others = [top for top in best[a] if top[1] != b] + [top for top in best[b] if top[1] != a]
        if others:
            top, rival[place] = max(others)
            margin[place] = score - top
    return rival, margin


def terms_of(subjects: Subjects, suggestion: Suggestion) -> tuple[Term, ...]:
    """The score of a suggestion, term by term; their points add up to its points."""
    terms = explain(subjects, suggestion.left, suggestion.right)
    if not suggestion.margin_points:
        return terms
    if suggestion.rival_id is None:
        reason = "no other record comes near either of them"
    elif suggestion.margin_points > 0:
        reason = f"no other record fits either of them as well (next: {suggestion.rival_id})"
    else:
        reason = f"one of them fits {suggestion.rival_id} better"
    return (*terms, Term("other records", suggestion.margin_points, reason))
