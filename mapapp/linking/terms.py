"""The terms of the score: what speaks for two records being one incident, in whole points.

Each term is one function over pairs of a `Subjects`, so that the same arithmetic ranks millions of
pairs and explains a single one. Points were set on the tuning halves of docs/linking.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gazetteer.geometry import distance_m
from mapapp.domain.actors import actor
from mapapp.domain.vocab import label
from mapapp.linking.subjects import NO_BOUND, NONE, Floats, Ints, Subjects

#: (longest of the two intervals up to days, points) where the intervals meet.
_DATE_POINTS = ((1, 4), (3, 3), (10, 2), (31, 1))
#: (gap between the intervals up to days, points).
_GAP_POINTS = ((1, 2), (2, -1), (3, -3))

#: (the larger of the two radii up to metres, points) where the discs meet.
_PLACE_POINTS = ((5_000.0, 4), (15_000.0, 3), (30_000.0, 2), (60_000.0, 1))
#: (distance less both radii up to metres, points).
_APART_POINTS = ((5_000.0, 0), (12_000.0, -2), (25_000.0, -4))

#: (figure from, points) where both name the same number; agreeing on one dead says little.
_AGREED_POINTS = ((20, 4), (8, 3), (3, 2), (1, 1))

#: Kinds of attack that reports of one attack name in different ways.
_ALIKE = frozenset({"bombing", "suicide_attack", "complex_attack"})
#: Codes that leave the kind open.
_OPEN = frozenset({"other", "unknown"})


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: its name, its points, and the reason in words."""

    name: str
    points: int
    reason: str


def date_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """Intervals that meet, the more exact the more; a gap counts against."""
    gap = np.maximum(s.start[a], s.start[b]) - np.minimum(s.end[a], s.end[b])
    longest = np.maximum(s.end[a] - s.start[a], s.end[b] - s.start[b]) + 1
    meet = _stepped(longest, _DATE_POINTS, 0)
    apart = _stepped(gap, _GAP_POINTS, -8)
    return np.where(gap <= 0, meet, apart)


def distances_m(s: Subjects, a: Ints, b: Ints) -> Floats:
    """Metres between the marks, NaN where one has none."""
    lat1, lat2 = np.radians(s.lat[a]), np.radians(s.lat[b])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * (
        np.sin(np.radians(s.lng[b] - s.lng[a]) / 2) ** 2
    )
    return np.asarray(2 * 6_371_008.8 * np.arcsin(np.sqrt(half)), np.float64)


def place_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The distance less both radii; discs that meet count the more the smaller they are."""
    apart = distances_m(s, a, b) - s.radius_m[a] - s.radius_m[b]
    larger = np.maximum(s.radius_m[a], s.radius_m[b])
    meet = _stepped(larger, _PLACE_POINTS, 0)
    far = _stepped(apart, _APART_POINTS, -8)
    provinces = (s.adm1[a] != NONE) & (s.adm1[b] != NONE) & (s.adm1[a] != s.adm1[b])
    # The disc around a province reaches into its neighbours; the records name two provinces.
    elsewhere = provinces & (larger > _PLACE_POINTS[-1][0])
    points = np.where(apart <= 0, np.where(elsewhere, -4, meet), far)
    return np.where(np.isnan(apart), -1, points)


def name_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The place's words sound the same; said only where the marks are known no finer."""
    same = (s.place_name[a] != NONE) & (s.place_name[a] == s.place_name[b])
    return np.where(same & (place_points(s, a, b) <= 2), 2, 0)


def _figure_points(low_high: tuple[Ints, Ints], a: Ints, b: Ints) -> Ints:
    low, high = low_high
    known = (low[a] != NONE) & (low[b] != NONE)
    lowest, highest = np.maximum(low[a], low[b]), np.minimum(high[a], high[b])
    exact = (low[a] == low[b]) & (high[a] == high[b]) & (high[a] != NO_BOUND)
    agreed = np.where(exact, _from(low[a], _AGREED_POINTS), np.where(highest > 0, 1, 0))
    ratio = (lowest + 1) / (highest + 1)
    differ = np.where(ratio <= 1.5, 0, np.where(ratio <= 3, -2, -4))
    return np.where(known, np.where(lowest <= highest, agreed, differ), 0).astype(np.int64)


def killed_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """Ranges of reported killed: the same figure, ranges that meet, ranges apart."""
    return _figure_points(s.killed, a, b)


def wounded_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The same of reported wounded; figures of wounded move more, so that less is made of them."""
    return np.clip(_figure_points(s.wounded, a, b), -1, 3)


def kind_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The kind of attack; bombing, suicide attack and several means may be one thing."""
    return _coded(s.event_type[a], s.event_type[b], s.event_types, _ALIKE)


def target_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The type of the target."""
    return _coded(s.target_type[a], s.target_type[b], s.target_types, frozenset())


def source_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """Against, where both rest on one and the same source, which tells them apart."""
    same = (s.source[a] != NONE) & (s.source[a] == s.source[b])
    return np.where(same, -6, 0)


def actor_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """The same actor said to have done it; different ones speak against."""
    left, right = s.actors[a], s.actors[b]
    known = (left != NONE) & (right != NONE)
    size = len(s.actor_sets) + 1
    # Few sets of actors make many pairs: each pair of sets is looked at once.
    pairs, of = np.unique(left[known] * size + right[known], return_inverse=True)
    earned = [
        2 if s.actor_sets[pair // size] & s.actor_sets[pair % size] else -3
        for pair in pairs.tolist()
    ]
    result = np.zeros(len(a), np.int64)
    result[known] = np.asarray(earned, np.int64)[of]
    return result


def word_points(s: Subjects, a: Ints, b: Ints) -> Ints:
    """Words for the target that both have; rare ones count more."""
    seen: dict[frozenset[str], int] = {}
    result = np.zeros(len(a), np.int64)
    for place, (left, right) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        shared = s.words[left] & s.words[right]
        if shared:
            if shared not in seen:
                seen[shared] = _worth(s, shared)
            result[place] = seen[shared]
    return result


def _worth(s: Subjects, shared: frozenset[str]) -> int:
    rare = sum(1 for word in shared if _rare(s, word))
    common = len(shared) - rare
    return min(3, (2 if rare else 0) + max(0, rare - 1) + (1 if common >= 2 else 0))


def _rare(s: Subjects, word: str) -> bool:
    return s.frequency[word] <= max(2, len(s) // 200)


#: Terms that are cheap over millions of pairs, and the one that is asked of the rest.
Points = Callable[[Subjects, Ints, Ints], Ints]
QUICK: tuple[Points, ...] = (
    date_points, place_points, name_points, killed_points, wounded_points, kind_points,
    target_points, source_points, actor_points,
)  # fmt: skip
SLOW: tuple[Points, ...] = (word_points,)
#: No pair gets more from the slow one.
MOST_OF_SLOW = 3


def explain(s: Subjects, left: int, right: int) -> tuple[Term, ...]:
    """Every term of one pair with its reason, those without points left out."""
    a, b = np.array([left]), np.array([right])
    one, two = s.row(left), s.row(right)
    told: tuple[tuple[str, Points, Callable[[], str]], ...] = (
        ("date", date_points, lambda: _date_words(s, left, right)),
        ("place", place_points, lambda: _place_words(s, left, right)),
        ("name of the place", name_points, lambda: _names(one["place_text"], two["place_text"])),
        ("killed", killed_points, lambda: _figures("killed", one, two)),
        ("wounded", wounded_points, lambda: _figures("wounded", one, two)),
        ("kind of attack", kind_points, lambda: _both(one["event_type"], two["event_type"])),
        ("target", target_points, lambda: _both(one["target_type"], two["target_type"])),
        ("words for the target", word_points, lambda: _shared_words(s, left, right)),
        ("who did it", actor_points, lambda: _actors(s, left, right)),
        ("source", source_points, lambda: "both rest on the same source, which tells of two"),
    )
    told_points = [(name, int(points(s, a, b)[0]), words) for name, points, words in told]
    return tuple(Term(name, points, words()) for name, points, words in told_points if points)


def _date_words(s: Subjects, a: int, b: int) -> str:
    gap = int(max(s.start[a], s.start[b]) - min(s.end[a], s.end[b]))
    longest = int(max(s.end[a] - s.start[a], s.end[b] - s.start[b])) + 1
    if gap > 0:
        return f"{gap} day{'s' * (gap > 1)} apart"
    return "the same day" if longest == 1 else f"the days meet, known to {longest} days"


def _place_words(s: Subjects, a: int, b: int) -> str:
    if not (s.placed[a] and s.placed[b]):
        return "one is not known finer than the country"
    apart = distance_m(s.lat[a], s.lng[a], s.lat[b], s.lng[b])
    radii = s.radius_m[a], s.radius_m[b]
    less = apart - sum(radii)
    between = f"{apart / 1000:.1f} km between the marks"
    if less > 0:
        return f"{between}, {less / 1000:.1f} km beyond both radii"
    return f"{between}, within the radii of {radii[0] / 1000:.3g} and {radii[1] / 1000:.3g} km"


def _names(one: str, two: str) -> str:
    return f"both “{one}”" if one == two else f"“{one}” and “{two}” sound alike"


def _figures(measure: str, one: dict[str, str], two: dict[str, str]) -> str:
    first, second = one[f"{measure}_text"], two[f"{measure}_text"]
    return f"both {first}" if first == second else f"{first} and {second}"


def _both(one: str, two: str) -> str:
    return f"both {label(one)}" if one == two else f"{label(one)} and {label(two)}"


def _shared_words(s: Subjects, a: int, b: int) -> str:
    shared = sorted(s.words[a] & s.words[b], key=lambda word: (s.frequency[word], word))
    return "both say " + ", ".join(f"“{word}”" for word in shared[:5])


def _actors(s: Subjects, a: int, b: int) -> str:
    one, two = (s.actor_sets[int(s.actors[side])] for side in (a, b))
    shared = one & two
    if shared:
        return "both name " + ", ".join(sorted(actor(name).short for name in shared))
    names = [", ".join(sorted(actor(name).short for name in side)) for side in (one, two)]
    return f"{names[0]} and {names[1]}"


def _stepped(values: Ints | Floats, steps: tuple[tuple[float, int], ...], beyond: int) -> Ints:
    """The points of the first step that a value does not exceed."""
    limits = np.array([limit for limit, _ in steps])
    points = np.array([*(step_points for _, step_points in steps), beyond], np.int64)
    return points[np.searchsorted(limits, values, side="left")]


def _from(values: Ints, steps: tuple[tuple[int, int], ...]) -> Ints:
    """The points of the first step that a value reaches, 0 below all."""
    result = np.zeros(len(values), np.int64)
    for least, points in reversed(steps):
        result = np.where(values >= least, points, result)
    return result


def _coded(left: Ints, right: Ints, codes: tuple[str, ...], alike: frozenset[str]) -> Ints:
    silent = np.array([code in _OPEN for code in codes] + [True])
    similar = np.array([code in alike for code in codes] + [False])
    known = ~silent[left] & ~silent[right]
    same = left == right
    return np.where(known, np.where(same, 1, np.where(similar[left] & similar[right], 0, -1)), 0)
