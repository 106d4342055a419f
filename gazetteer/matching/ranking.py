"""Turns weighed places into ranked candidates with scores, and says when they are rivals.

A score is the share of the weight a place has among its rivals, times how sure its name is.
Places that a bare name cannot tell apart (a province and its city, two districts) are
rivals; a town and its own district are not, for both lie in one district.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model import Candidate, Place, Result
from ..places import Places
from .prominence import Prominence

RIVAL = 0.10  # a rival with this part of the best weight makes an answer ambiguous
MOST_SURE = 0.995


@dataclass(frozen=True, slots=True)
class Found:
    """A place a segment can mean: its weight among rivals, how sure the name is, and why.

    `likeness` is that of the spelling (0–1), `exact` whether its letters are a listed name's.
    `whole` is False for an area that stands for an unknown part of it.
    """

    place: Place
    weight: float
    quality: float
    reasons: tuple[str, ...]
    likeness: float = 1.0
    exact: bool = True
    whole: bool = True


class Ranking:
    """Ranks what was found in one gazetteer."""

    def __init__(self, places: Places, prominence: Prominence) -> None:
        self._places = places
        self._prominence = prominence

    def rank(
        self,
        query: str,
        found: Sequence[Found],
        limit: int,
        notes: tuple[str, ...],
    ) -> Result:
        """Candidates best first; ambiguous when a rival comes near the best."""
        if not found:
            return Result(query, (), False, notes)
        groups: dict[str, list[Found]] = {}
        for f in found:
            groups.setdefault(group(f.place), []).append(f)
        weights = [max(f.weight for f in members) for members in groups.values()]
        total = sum(w for w in weights if w >= RIVAL * max(weights))
        candidates: list[Candidate] = []
        tops: list[tuple[float, str]] = []
        for key, members in groups.items():
            members = sorted(members, key=self._order)
            strongest = max(f.weight for f in members)
            share = min(1.0, strongest / total)
            tops.append((share, key))
            for position, f in enumerate(members):
                part = 1.0 if position == 0 else 0.9 * min(1.0, f.weight / strongest)
                score = min(MOST_SURE, f.quality * share * part)
                reasons = f.reasons
                if share < 0.9 and len(groups) > 1:
                    reasons = (*reasons, f"{len(groups)} places bear this name")
                made = self._places.candidate(f.place, score, reasons)
                candidates.append(replace(made, likeness=f.likeness, exact=f.exact, whole=f.whole))
        candidates.sort(key=lambda c: (-c.score, c.id))
        tops.sort(reverse=True)
        best_line = self._places.line(candidates[0].place)
        held = {group(candidates[0].place)}
        held |= {  # a district that holds the best answer does not contradict it
            key
            for key, members in groups.items()
            if any(f.place.id in best_line and f.place.placetype != "province" for f in members)
            or all(self._centre(f.place, candidates[0].place) for f in members)
        }
        rivals = [share for share, key in tops if key not in held]
        ambiguous = bool(rivals) and rivals[0] >= RIVAL * tops[0][0]
        ambiguous = ambiguous or _twins(groups[group(candidates[0].place)], candidates[0].place)
        return Result(query, tuple(candidates[:limit]), ambiguous, notes)

    def _centre(self, town: Place, best: Place) -> bool:
        """Whether a town is said to lie in the district that is the best answer."""
        return (
            best.placetype == "district"
            and town.placetype == "settlement"
            and best.id in self._places.line(town)
        )

    def _order(self, f: Found) -> tuple[float, int, bool, str]:
        """Within one district: a capital before its district, other towns after theirs; of like
        ones that spelled as listed."""
        rank = (
            0
            if f.place.id in self._prominence.capitals
            else {"district": 1}.get(f.place.placetype, 2)
        )
        exactness = -round(f.quality, 1)
        return (exactness, rank, not f.exact, f.place.id)


def _twins(members: Sequence[Found], best: Place) -> bool:
    """Whether the owner's list has several villages of the best one's name in its district."""
    own = [f for f in members if f.place.own_list]
    named = [f for f in own if f.place.id == best.id]
    return bool(named) and sum(f.exact >= named[0].exact for f in own) > 1


def group(place: Place) -> str:
    """Answers with the same key agree on the district (or are the same province or place)."""
    if place.placetype == "province":
        return f"province {place.adm1_pcode}"
    if place.placetype in ("district", "settlement"):
        return f"district {place.adm2_pcode}"
    return place.id
