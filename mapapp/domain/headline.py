"""Headline figures: the speakers' totals of a measure, their range, and the best by a named rule.

The reasoning is set out, with worked examples, in docs/method.md; `tests/domain/test_headline.py`
holds the examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mapapp.domain.claim import Claim
from mapapp.domain.vocab import (
    INDEPENDENCE,
    OVERLAPPING_CLASSES,
    VICTIM_GROUP,
    WIDER_CLASS,
    Modifier,
    Property,
    Rule,
    SpeakerClass,
    VictimClass,
    VictimGroup,
)

#: Order of preference between totals of the same rank: exact before at least before about.
_PREFERRED = (
    Modifier.EXACT, Modifier.RANGE, Modifier.AT_LEAST, Modifier.OVER, Modifier.ABOUT,
    Modifier.VAGUE,
)  # fmt: skip
_MODIFIER_RANK = {modifier: rank for rank, modifier in enumerate(_PREFERRED)}


@dataclass(frozen=True, slots=True)
class Total:
    """What one speaker's figures for a measure come to, over disjoint victim classes.

    `low` and `high` are inclusive (None: open, or no number at all); `best` is the number as said;
    `modifier` the loosest among the parts. `contradicts_itself` marks a speaker who gives
    different numbers for the same class with no order between them.
    """

    speaker: str
    speaker_class: SpeakerClass
    low: int | None
    high: int | None
    best: int | None
    modifier: Modifier
    asserted_on: date | None
    contradicts_itself: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the speaker gave any number."""
        return self.low is not None


@dataclass(frozen=True, slots=True)
class Headline:
    """A measure of an incident: lowest to highest over its speakers, and the best by `rule`.

    `high_modifier` is `at_least` or `over` where the highest total is itself only a lower bound;
    `high` is then the number that bound starts from. All None where nobody gives a number.
    """

    low: int | None = None
    best: int | None = None
    high: int | None = None
    low_modifier: Modifier | None = None
    high_modifier: Modifier | None = None
    rule: Rule = Rule.INDEPENDENT_FIRST
    best_speaker: str | None = None
    speakers: int = 0

    @property
    def high_open(self) -> bool:
        """Whether the true highest figure may lie above `high`."""
        return self.high_modifier in (Modifier.AT_LEAST, Modifier.OVER)

    @property
    def known(self) -> bool:
        """Whether any speaker gives a number."""
        return self.low is not None

    def __str__(self) -> str:
        """The range as the page writes it: "2–20", "3–≥6", "~213", "unknown"."""
        if self.low is None or self.high is None:
            return "unknown"
        low, high = _figure(self.low, self.low_modifier), _figure(self.high, self.high_modifier)
        if self.low == self.high:
            return high
        # The word of the lower bound is dropped where an upper bound exists: "at least 2" to 6.
        return f"{self.low if low[0] in '≥>' else low}–{high}"


def _figure(number: int, modifier: Modifier | None) -> str:
    if modifier is Modifier.AT_LEAST:
        return f"≥{number}"
    if modifier is Modifier.OVER:
        return f">{number - 1}"
    if modifier is Modifier.ABOUT:
        return f"~{number}"
    return str(number)


def totals(
    claims: Iterable[Claim],
    measure: Property,
    group: VictimGroup | None = None,
    source_dates: dict[str, date] | None = None,
) -> tuple[Total, ...]:
    """Each speaker's total of `measure`, in the order the speakers appear.

    With `group` None everyone but the attackers is counted; else only that group's classes. A
    speaker who gives only vague figures has a total without numbers. `source_dates` stands in for
    an undated assertion when the rule asks which is later.
    """
    by_speaker: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.property is measure and claim.current and _in_group(claim, group):
            by_speaker[claim.asserted_by].append(claim)
    return tuple(
        _total(name, claims_of_speaker, source_dates or {})
        for name, claims_of_speaker in by_speaker.items()
    )


def _in_group(claim: Claim, group: VictimGroup | None) -> bool:
    assert claim.victim_class is not None  # Claim.__post_init__ refuses it for measures
    group_of_claim = VICTIM_GROUP[claim.victim_class]
    return group_of_claim is not VictimGroup.ATTACKERS if group is None else group_of_claim is group


def _total(speaker: str, claims: list[Claim], source_dates: dict[str, date]) -> Total:
    latest, contradicts = _latest_per_class(claims, source_dates)
    classes = {claim.victim_class for claim in latest}
    whole = [c for c in latest if not _inside_another(c, classes)]
    parts = [c for c in latest if c not in whole]
    # An estimate of a part bounds nothing: a coded data set splits its best figure, not its low.
    firm = [c for c in parts if c.modifier not in (Modifier.ABOUT, Modifier.RANGE)]
    floor = max((c.low for c in firm if c.low is not None), default=None)
    when = max((d for c in latest if (d := _when(c, source_dates))), default=None)
    numbered = [c for c in whole if c.low is not None or c.high is not None]
    # Classed differently by two sources, a speaker counts as the less independent of the two.
    speaker_class = max((c.speaker_class for c in claims), key=INDEPENDENCE.index)
    if not numbered:
        # Only a part is numbered ("20 children among the dead"): the whole is at least that.
        modifier = Modifier.VAGUE if floor is None else Modifier.AT_LEAST
        return Total(speaker, speaker_class, floor, None, floor, modifier, when, contradicts)
    low = sum(c.low or 0 for c in numbered)
    high = (
        None
        if any(c.high is None for c in whole)
        else sum(c.high for c in numbered if c.high is not None)
    )
    best = sum(_as_said(c) for c in numbered)
    modifier = max((c.modifier or Modifier.EXACT for c in numbered), key=_MODIFIER_RANK.__getitem__)
    if high is None and modifier not in (Modifier.AT_LEAST, Modifier.OVER):
        modifier = Modifier.AT_LEAST
    if floor is not None and floor > low:
        low, high, best = floor, None, floor
        modifier, contradicts = Modifier.AT_LEAST, True
    return Total(speaker, speaker_class, low, high, best, modifier, when, contradicts)


def _latest_per_class(
    all_claims: list[Claim], source_dates: dict[str, date]
) -> tuple[list[Claim], bool]:
    """One claim a class: the speaker's latest; of undated different ones the lowest, flagged."""
    by_class: dict[tuple[VictimClass | None, VictimClass | None, str], list[Claim]]
    by_class = defaultdict(list)
    for claim in all_claims:
        by_class[claim.victim_class, claim.subset_of, claim.victim_text].append(claim)
    latest, contradicts = [], False
    for claims in by_class.values():
        claims.sort(key=lambda c: _when(c, source_dates) or date.min)
        last_day = _when(claims[-1], source_dates)
        rivals = [c for c in claims if _when(c, source_dates) == last_day]
        numbered = [c for c in rivals if c.low is not None] or rivals
        contradicts |= len({(c.low, c.high) for c in numbered}) > 1
        latest.append(min(numbered, key=lambda c: (c.low or 0, c.id)))
    return latest, contradicts


def _inside_another(claim: Claim, classes: set[VictimClass | None]) -> bool:
    """Whether another figure of the same speaker already contains this one."""
    victim_class = claim.victim_class
    if claim.subset_of is not None:
        return True
    if victim_class is not VictimClass.UNSPECIFIED and VictimClass.UNSPECIFIED in classes:
        return victim_class is not VictimClass.ATTACKERS
    if victim_class in WIDER_CLASS and WIDER_CLASS[victim_class] in classes:
        return True
    # Children and students may be the same people: of overlapping classes only one is a whole.
    rivals = classes & OVERLAPPING_CLASSES
    return victim_class in OVERLAPPING_CLASSES and victim_class != min(rivals, key=lambda c: str(c))


def _when(claim: Claim, source_dates: dict[str, date]) -> date | None:
    return claim.asserted_on or source_dates.get(claim.source_id)


def _as_said(claim: Claim) -> int:
    """The number the speaker said; for "over 20" that is 20's lower bound 21."""
    if claim.modifier is Modifier.RANGE and claim.value is not None:
        return int(claim.value)
    return claim.low if claim.low is not None else claim.high or 0


def headline(speaker_totals: Iterable[Total], rule: Rule = Rule.INDEPENDENT_FIRST) -> Headline:
    """Low and high over all speakers, and the best figure by `rule`."""
    numbered = [t for t in speaker_totals if t.numeric]
    if not numbered:
        return Headline(rule=rule)
    lowest = min(numbered, key=lambda t: (t.low or 0, _MODIFIER_RANK[t.modifier]))
    # The rank too: which of two like totals was imported first must not show.
    highest = max(numbered, key=lambda t: (_upper(t), t.high is None, _MODIFIER_RANK[t.modifier]))
    chosen = _choose(numbered, rule)
    return Headline(
        low=lowest.low,
        best=chosen.best,
        high=_upper(highest),
        low_modifier=lowest.modifier,
        high_modifier=highest.modifier,
        rule=rule,
        best_speaker=chosen.speaker,
        speakers=len(numbered),
    )


def cannot_all_hold(speaker_totals: Iterable[Total]) -> bool:
    """Whether no number fits every speaker's total, or a speaker contradicts itself."""
    numbered = [t for t in speaker_totals if t.numeric]
    if any(t.contradicts_itself for t in numbered):
        return True
    upper = [t.high for t in numbered if t.high is not None]
    return bool(upper) and max(t.low or 0 for t in numbered) > min(upper)


def _upper(total: Total) -> int:
    """The most that a total says; of an open one the number that it starts from."""
    if total.high is not None:
        return total.high
    assert total.low is not None  # only numeric totals come here
    # "0 to 5, about 1" and some others without a number: at least what was said as the best.
    return max(total.low, total.best or 0)


def _choose(numbered: list[Total], rule: Rule) -> Total:
    def later(total: Total) -> int:
        return -(total.asserted_on or date.min).toordinal()

    def key(total: Total) -> tuple[int | str, ...]:
        independence = INDEPENDENCE.index(total.speaker_class)
        tie = (later(total), _MODIFIER_RANK[total.modifier], total.best or 0, total.speaker)
        match rule:
            case Rule.LOWEST:
                return (total.low or 0, independence, *tie)
            case Rule.HIGHEST:
                return (-_upper(total), independence, *tie)
            case Rule.LATEST:
                return (later(total), independence, *tie)
            case Rule.INDEPENDENT_FIRST:
                return (independence, *tie)

    return min(numbered, key=key)
