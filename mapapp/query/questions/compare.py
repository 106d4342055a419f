"""Two selections that differ in one part, and the difference of their totals (selection → table).

A difference is made between like and like only: the same measure, counted by the same rule. Ranges
are subtracted as ranges: the least it can be to the most it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.domain.wording import bounds_text, counted, short_day
from mapapp.query.filters.link import params_to_selection, selection_to_params
from mapapp.query.filters.table import BY_PART, FILTERS
from mapapp.query.questions.coverage import Coverage
from mapapp.query.questions.figures import Figures, RangeTotal

#: What two selections can be compared by, in the words of the page.
PARTS: Final[Mapping[str, str]] = {e.part: e.compared for e in FILTERS if e.compared}

#: The parameter that names the part, and what the second selection's parameters begin with.
PARAM: Final = "vs"
PREFIX: Final = "vs_"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The part that differs, and a selection that holds the second one's value of it alone."""

    part: str
    values: Selection = field(default_factory=Selection)

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise ValueError(f"nothing is compared by '{self.part}'; use {', '.join(PARTS)}")

    def other(self, selection: Selection) -> Selection:
        """The second selection: the first with the one part exchanged."""
        fields = BY_PART[self.part].fields
        return replace(selection, **{name: getattr(self.values, name) for name in fields})


def comparison_to_params(comparison: Comparison | None) -> dict[str, str | list[str]]:
    """The query parameters of a comparison, none where there is none."""
    if comparison is None:
        return {}
    selection = comparison.other(Selection())
    params: dict[str, str | list[str]] = {PARAM: comparison.part}
    names = {param.name for param in BY_PART[comparison.part].params}
    for name, value in selection_to_params(selection).items():
        if name in names:
            params[PREFIX + name] = value
    return params


def params_to_comparison(
    params: Mapping[str, Sequence[str]],
) -> tuple[Comparison | None, tuple[Problem, ...]]:
    """The comparison among query parameters; what cannot be used is named and left out."""
    part = next(iter(params.get(PARAM, ())), "")
    if not part:
        return None, ()
    if part not in PARTS:
        fault = f"nothing is compared by '{part[:40]}'"
        remedy = f"Use one of {', '.join(PARTS)}; no comparison is shown."
        return None, (Problem("link", PARAM, fault, remedy, severity="warning"),)
    names = {param.name for param in BY_PART[part].params}
    unprefixed = {name: params[PREFIX + name] for name in names if PREFIX + name in params}
    values, problems = params_to_selection(unprefixed)
    return Comparison(part, Comparison(part, values).other(Selection())), problems


@dataclass(frozen=True, slots=True)
class Amount:
    """A total of one measure: low to high (None: nobody gives a number; `high` None: no bound).

    `best` is by the rule that both selections share, None where there is none.
    """

    measure: str
    low: int | None
    high: int | None
    text: str
    best: int | None = None


def difference(first: Amount, second: Amount) -> str:
    """The first less the second, as the range that it can be: "3 to 8 more", "the same", "unknown".

    Raises ValueError where the measures differ: killed less wounded is nothing.
    """
    if first.measure != second.measure:
        raise ValueError(f"{first.measure} and {second.measure} have no difference")
    if first.low is None or second.low is None:
        return "unknown"
    least = None if second.high is None else first.low - second.high
    most = None if first.high is None else first.high - second.low
    if least is not None and least == most:
        return _more(least)
    if first.best is None or second.best is None:
        return _between(least, most)
    return f"{_between(least, most)}; best {_more(first.best - second.best)}"


def verdict(first: Amount, second: Amount) -> str:
    """What the difference says of the two: which is the more for certain, or that it is open."""
    if first.low is None or second.low is None:
        return "not known which is more"
    if second.high is not None and first.low > second.high:
        return "more in A, for certain"
    if first.high is not None and second.low > first.high:
        return "more in B, for certain"
    if first.low == first.high == second.low == second.high:
        return "the same in both"
    if second.high is not None and first.low == second.high:
        return "as many in A or more"
    if first.high is not None and second.low == first.high:
        return "as many in B or more"
    return "either may be more"


def _between(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return "any number fewer or more"
    if least is None:
        assert most is not None
        return f"at most {_more(most)}, or fewer" if most > 0 else f"at least {_more(most)}"
    if most is None:
        return f"at least {_more(least)}" if least >= 0 else f"at most {_more(least)}, or more"
    if least >= 0:
        return f"{least:,} to {_more(most)}"
    if most <= 0:
        return f"{-most:,} to {_more(least)}"
    return f"between {_more(least)} and {_more(most)}"


def _more(number: int) -> str:
    """ "3 more", "3 fewer", "the same"."""
    return f"{abs(number):,} {'more' if number > 0 else 'fewer'}" if number else "the same"


def amounts(figures: Figures) -> tuple[Amount, ...]:
    """The totals that are compared: incidents, killed, wounded, incidents where sources differ."""
    certain, possible = figures.certain, figures.incidents
    count = f"{possible:,}" if certain == possible else f"{certain:,}–{possible:,}"
    return (
        Amount("incidents", certain, possible, count),
        _range("reported killed", figures.killed, figures.incidents),
        _range("reported wounded", figures.wounded, figures.incidents),
    )


def _range(measure: str, total: RangeTotal, incidents: int) -> Amount:
    if total.low is None:
        # Of no incidents nothing is unknown, and nobody was reported killed in none.
        return Amount(measure, None, None, "unknown" if incidents else "–")
    high = None if total.high_open else total.high
    text = bounds_text(total.low, total.high, high_open=total.high_open)
    # What nobody gives a number for is in no total, and so in no difference.
    more = f" (+{total.unknown:,} without a number)" if total.unknown else ""
    return Amount(measure, total.low, high, text + more, total.best)


def coverage_notes(
    sides: Sequence[tuple[str, Selection, Iterable[str]]], declared: Mapping[str, Coverage]
) -> tuple[str, ...]:
    """What makes the two sides unlike in how they were watched, in sentences.

    `sides` are (name, selection, datasets with incidents in it).
    """
    notes = []
    (first, a, sets_a), (second, b, sets_b) = ((n, s, set(d)) for n, s, d in sides)
    for name, only in ((first, sets_a - sets_b), (second, sets_b - sets_a)):
        notes += [f"{dataset} has incidents in {name} only" for dataset in sorted(only)]
    lengths = [_days(side) for side in (a, b)]
    if None not in lengths and lengths[0] != lengths[1]:
        one, two = (counted(days or 0, "day") for days in lengths)
        notes.append(f"{first} is {one} long, {second} {two}; totals are not per day")
    for dataset in sorted(sets_a | sets_b):
        period_covered = declared.get(dataset)
        if period_covered is None or period_covered.first is None or period_covered.last is None:
            notes.append(f"{dataset} does not say which days it covers")
            continue
        for name, side in ((first, a), (second, b)):
            if _outside(side, period_covered.first, period_covered.last):
                period = f"{short_day(period_covered.first)} to {short_day(period_covered.last)}"
                notes.append(f"{dataset} covers {period} only; {name} reaches beyond that")
        if not period_covered.watched:
            notes.append(
                f"{dataset} is a hand-picked set: fewer incidents there need not mean that less "
                "happened"
            )
    return tuple(dict.fromkeys(notes))


def _days(selection: Selection) -> int | None:
    if selection.date_from is None or selection.date_to is None:
        return None
    return (selection.date_to - selection.date_from).days + 1


def _outside(selection: Selection, first: date, last: date) -> bool:
    start: Any = selection.date_from
    end: Any = selection.date_to
    return (start is not None and start < first) or (end is not None and end > last)
