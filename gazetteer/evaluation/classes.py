"""Measures the ways in which reporters write places, class by class.

A case is right, flagged (ambiguous), silent (nothing answered) or wrong: answered with another
place and no flag. A class is what one mechanism must get right; `wrong` is what must not be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..gazetteer import Gazetteer
from ..geometry import distance_m
from ..model import Candidate
from . import cases
from .cases import Case
from .sets import HALVES
from .split import half
from .tally import table

SURE = 0.9
Judge = Callable[[Gazetteer, Case], "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: 'right', 'flagged', 'silent' or 'wrong', and how sure it was.

    `covered` says whether the answer's disc holds the true point; None where it is not known.
    """

    kind: str
    score: float = 0.0
    covered: bool | None = None
    said: str = ""


@dataclass
class Count:
    """Outcomes of one class on one half."""

    outcomes: list[tuple[Case, Outcome]] = field(default_factory=list)

    def of(self, kind: str) -> int:
        """How many cases ended so."""
        return sum(o.kind == kind for _, o in self.outcomes)

    def share(self, kind: str) -> float:
        """The part of all cases that ended so; 0 of none."""
        return self.of(kind) / len(self.outcomes) if self.outcomes else 0.0

    def sure(self) -> tuple[int, int]:
        """(right, all) of the answers scored `SURE` and more."""
        scored = [o for _, o in self.outcomes if o.score >= SURE]
        return sum(o.kind == "right" for o in scored), len(scored)


def judge_phrase(gazetteer: Gazetteer, case: Case) -> Outcome:
    """One place phrase, with the province or district of its row if the case gives one."""
    result = gazetteer.geocode_row(case.text, case.adm1, case.adm2)
    best, beyond = result.best, result.abroad
    if beyond is not None and beyond.lat is not None and beyond.lng is not None and case.point:
        near = distance_m(*case.point, beyond.lat, beyond.lng) <= case.meant.within_m
        kind = "right" if near else "flagged" if result.ambiguous else "wrong"
        return Outcome(kind, said=f"in {beyond.country}")
    if best is None:
        return Outcome("right" if case.meant.nothing else "silent")
    said = f"{best.id} {best.score:.2f}{' flagged' if result.ambiguous else ''}"
    covered = None
    if case.point:
        covered = distance_m(*case.point, best.lat, best.lng) <= best.radius_m
    if case.meant.several:
        named = {c.adm1_pcode for c in result.candidates}
        right = result.ambiguous and set(case.meant.pcodes) <= named
        return Outcome("right" if right else "wrong", 0.0, None, said)
    right = fits(best, case)
    kind = "right" if right and not result.ambiguous else "flagged" if result.ambiguous else "wrong"
    if right and result.ambiguous and case.meant.doubt:
        kind = "right"
    score = best.score if kind != "flagged" else 0.0
    return Outcome(kind, score, covered, said)


def judge_sentence(gazetteer: Gazetteer, case: Case) -> Outcome:
    """A sentence: the place meant is among its mentions, and no other sure place beside it."""
    mentions = gazetteer.mentions(case.text)
    said = "; ".join(
        f"{m.text}: {m.result.best.id} {m.result.best.score:.2f}" for m in mentions if m.result.best
    )
    tops = [(m.result.best, m.ambiguous) for m in mentions if m.result.best]
    beyond = [m.result.abroad for m in mentions if m.result.abroad and m.result.abroad.lat]
    if beyond and case.point:
        return Outcome("right", said="beyond the border")
    if case.meant.nothing:
        sure = [b.score for b, doubted in tops if not doubted]
        kind = "right" if not tops else "wrong" if sure else "flagged"
        return Outcome(kind, max(sure, default=0.0), None, said)
    beside = [
        b for b, doubted in tops
        if not doubted and b.score >= SURE and not fits(b, case) and not holds(b, case)
        and not (case.point and b.placetype == "province")
    ]  # fmt: skip
    if beside:
        return Outcome("wrong", beside[0].score, None, said)
    right = [(b, doubted) for b, doubted in tops if fits(b, case)]
    if right:
        return Outcome("right", 0.0 if right[0][1] else right[0][0].score, None, said)
    return Outcome("flagged" if tops else "silent", 0.0, None, said)


def fits(candidate: Candidate, case: Case) -> bool:
    """Whether a candidate is what the case means: near its point, or of its unit."""
    meant = case.meant
    if meant.nothing:
        return False
    if meant.within_m and case.point:
        return distance_m(*case.point, candidate.lat, candidate.lng) <= meant.within_m
    codes = {candidate.adm1_pcode, candidate.adm2_pcode} - {None}
    finest = candidate.adm2_pcode or candidate.adm1_pcode
    if meant.or_coarser:
        return finest in {p for code in meant.pcodes for p in (code, code[:4])}
    return bool(codes & set(meant.pcodes))


def holds(candidate: Candidate, case: Case) -> bool:
    """Whether a candidate is the province of what is meant, or a place of the same district."""
    finest = candidate.adm2_pcode or candidate.adm1_pcode
    return finest in {p for code in case.meant.pcodes for p in (code, code[:4])}


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson); (0, 1) of nothing."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, right / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def measure(
    gazetteer: Gazetteer, folder: Path, villages: Path | None = None
) -> dict[str, dict[str, Count]]:
    """{class: {half: Count}} of every class whose set is in the folder."""
    counts: dict[str, dict[str, Count]] = {}
    judges: dict[str, Judge] = {"phrase": judge_phrase, "sentence": judge_sentence}
    for case in cases.every(folder, villages):
        judged = judges[case.mode](gazetteer, case)
        halves = counts.setdefault(case.kind, {h: Count() for h in HALVES})
        halves[half(case.key)].outcomes.append((case, judged))
    return counts


def report(counts: dict[str, dict[str, Count]]) -> list[str]:
    """The table of classes, one line a class and half."""
    rows = []
    for kind, halves in counts.items():
        for name, count in halves.items():
            if count.outcomes:
                rows.append([kind, name, *_cells(count)])
    header = [
        "class", "half", "cases", "right", "95 %", "flagged", "silent", "wrong, unflagged",
        "≥ 0.9 that are right", "disc covers the truth",
    ]  # fmt: skip
    return table("Places as reporters write them, class by class", header, rows)


def _cells(count: Count) -> Iterator[str]:
    total, right = len(count.outcomes), count.of("right")
    low, high = wilson(right, total)
    yield str(total)
    yield f"{100 * right / total:.1f} %"
    yield f"{100 * low:.0f}–{100 * high:.0f}"
    for kind in ("flagged", "silent", "wrong"):
        yield f"{100 * count.share(kind):.1f} % ({count.of(kind)})"
    good, sure = count.sure()
    yield f"{good}/{sure}" if sure else "–"
    covered = [o.covered for _, o in count.outcomes if o.covered is not None]
    yield f"{100 * sum(covered) / len(covered):.1f} % of {len(covered)}" if covered else "–"


def errors(counts: dict[str, dict[str, Count]]) -> Iterator[str]:
    """The cases of the tuned half that were wrong without a flag, in words."""
    for kind, halves in counts.items():
        for case, outcome in halves["tuned"].outcomes:
            if outcome.kind == "wrong":
                given = ", ".join(filter(None, (case.adm2, case.adm1)))
                yield f"{kind}: {case.text} [{given}]: {outcome.said}"
