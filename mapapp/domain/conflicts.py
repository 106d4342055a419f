"""What statements about an incident cannot all hold, between whom, and why in words.

A mark in the page is never without its reason (claims → panel, comparison, filters).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mapapp.domain.actors import actor, akin
from mapapp.domain.claim import Claim
from mapapp.domain.headline import Total, cannot_all_hold
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Modifier,
    Property,
    VictimClass,
    label,
)

#: Properties on which speakers differ where their words do.
WORDED = (
    Property.DATE,
    Property.PLACE,
    Property.EVENT_TYPE,
    Property.TARGET,
    Property.WEAPON,
)

_STATED = (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements on one property that do not fit together.

    `name` is the measure, the property or "perpetrator"; `claims` are the ids of the statements;
    `reason` one sentence part, without a full stop. `alone`: a speaker contradicts himself.
    """

    name: str
    claims: frozenset[str]
    reason: str
    alone: bool = False


def conflicts(
    claims: Iterable[Claim],
    totals: Callable[[Property], Sequence[Total]],
    source_dates: Mapping[str, date],
) -> tuple[Conflict, ...]:
    """Every conflict among the current claims of an incident, figures first.

    `totals` gives the speakers' totals of a measure; `source_dates` are the days of sources by id.
    Figures differ where no number fits all of them: 3 and at least 6 do, 2 and at least 2 do not.
    """
    by_property: dict[Property, list[Claim]] = {}
    for claim in claims:
        if claim.current:
            by_property.setdefault(claim.property, []).append(claim)
    result: list[Conflict] = []
    for measure in MEASURES:
        if measure in by_property:
            result += _figures(totals(measure), by_property[measure])
    result += _perpetrator(by_property.get(Property.ATTRIBUTION, []), source_dates)
    for prop in WORDED:
        result += _words(by_property.get(prop, []), str(prop))
    return tuple(result)


def total_words(total: Total) -> str:
    """A speaker's total as it was put: "3", "at least 6", "more than 20", "about 200"."""
    if total.low is None:
        return "no number"
    if total.modifier is Modifier.OVER:
        return f"more than {total.low - 1:,}"
    if total.high is None:
        return f"at least {total.low:,}"
    if total.low != total.high:
        return f"{total.low:,} to {total.high:,}"
    return f"about {total.low:,}" if total.modifier is Modifier.ABOUT else f"{total.low:,}"


def fits(one: Total, other: Total) -> bool:
    """Whether some number is within both totals; with intervals, all fit where each pair does."""
    return (other.high is None or (one.low or 0) <= other.high) and (
        one.high is None or (other.low or 0) <= one.high
    )


def _figures(totals: Sequence[Total], claims: Sequence[Claim]) -> Iterable[Conflict]:
    if not cannot_all_hold(totals):
        return
    numbered = [total for total in totals if total.numeric]
    claim_ids: dict[str, frozenset[str]] = {
        total.speaker: frozenset(
            c.id
            for c in claims
            if c.asserted_by == total.speaker
            and c.victim_class is not VictimClass.ATTACKERS
            and (c.low is not None or c.high is not None)
        )
        for total in numbered
    }
    apart = [t for t in numbered if any(not fits(t, other) for other in numbered)]
    if apart:
        name = str(claims[0].property)
        listed = _listed(f"{t.speaker} says {total_words(t)}" for t in sorted(apart, key=_order))
        yield Conflict(
            name,
            frozenset().union(*(claim_ids[t.speaker] for t in apart)),
            f"no number fits all: {listed}",
        )
    for total in numbered:
        if total.contradicts_itself:
            parts = sorted({_figure(c) for c in claims if c.id in claim_ids[total.speaker]})
            yield Conflict(
                str(claims[0].property),
                claim_ids[total.speaker],
                f"{total.speaker} gives figures that do not fit together ({_listed(parts)}); "
                f"read as {total_words(total)}",
                alone=True,
            )


def _order(total: Total) -> tuple[int, str]:
    return (total.low or 0, total.speaker)


def _figure(claim: Claim) -> str:
    whom = "" if claim.victim_class is VictimClass.UNSPECIFIED else label(claim.victim_class or "")
    among = " among them" if claim.subset_of is not None else ""
    number = claim.value or str(claim.low if claim.low is not None else claim.high)
    return f"{number} {whom}{among}".strip()


def _perpetrator(claims: Sequence[Claim], dates: Mapping[str, date]) -> Iterable[Conflict]:
    stated = [c for c in claims if c.attribution_kind in _STATED and c.actor]
    for claim in claims:
        name = actor(claim.actor).short if claim.actor else ""
        about = [c for c in stated if c.actor and claim.actor and akin(c.actor, claim.actor)]
        match claim.attribution_kind:
            case AttributionKind.CONTESTED:
                yield _against(claim, about, f"{claim.asserted_by} contests that it was {name}")
            case AttributionKind.DENIED:
                yield _against(claim, about, f"{claim.asserted_by} denies it for {name}")
            case AttributionKind.UNCLAIMED if stated:
                before = _said_before(claim, stated, dates)
                yield _against(
                    claim,
                    stated,
                    f"{claim.asserted_by} reports no claim, or that it is not known who did it"
                    + (" (said before the claim)" if before else ""),
                )
            case _:
                pass
    rivals = [
        c for c in stated if any(not akin(c.actor or "", other.actor or "") for other in stated)
    ]
    if rivals:
        yield Conflict(
            "perpetrator",
            frozenset(c.id for c in rivals),
            f"different perpetrators are named: {_listed(_statement(c) for c in rivals)}",
        )


def _against(claim: Claim, others: Sequence[Claim], reason: str) -> Conflict:
    if others:
        reason += f", while it is {_listed(_statement(c) for c in others)}"
    return Conflict("perpetrator", frozenset({claim.id, *(c.id for c in others)}), reason)


def _said_before(claim: Claim, others: Sequence[Claim], dates: Mapping[str, date]) -> bool:
    def day(claim: Claim) -> date | None:
        return claim.asserted_on or dates.get(claim.source_id)

    own = day(claim)
    known = [found for other in others if (found := day(other)) is not None]
    return own is not None and len(known) == len(others) and all(own < found for found in known)


def _statement(claim: Claim) -> str:
    name = actor(claim.actor).short if claim.actor else ""
    if claim.attribution_kind is AttributionKind.CLAIMED:
        return f"claimed by {name} ({claim.asserted_by})"
    return f"attributed to {name} by {claim.asserted_by}"


def _words(statements: Sequence[Claim], name: str) -> Iterable[Conflict]:
    by_value: dict[str | None, list[Claim]] = {}
    for claim in statements:
        by_value.setdefault(claim.value, []).append(claim)
    if len(by_value) < 2:
        return
    listed = _listed(
        f"“{value_words(claims[0])}” ({_listed(dict.fromkeys(c.asserted_by for c in claims))})"
        for claims in by_value.values()
    )
    speakers = {c.asserted_by for c in statements}
    yield Conflict(
        name,
        frozenset(c.id for c in statements),
        f"{statements[0].asserted_by} says it in two ways: {listed}"
        if len(speakers) == 1
        else f"speakers say it differently: {listed}",
        alone=len(speakers) == 1,
    )


def value_words(claim: Claim) -> str:
    """The value of a claim that is no figure, in words; vocabulary codes lose their underscores."""
    text = claim.value or claim.words or "not said"
    return label(text) if claim.property in (Property.EVENT_TYPE, Property.TARGET) else text


def _listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *first, last = list(dict.fromkeys(words))
    return f"{', '.join(first)} and {last}" if first else last
