"""The line of figures: how many incidents, and their casualties as ranges (selection → figures)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mapapp.domain.vocab import AttributionKind, Rule, VictimGroup
from mapapp.domain.wording import bounds_text
from mapapp.query.tables import selected
from mapapp.snapshot.schema import MEASURES, best_column, group_columns

Expr = Any


@dataclass(frozen=True, slots=True)
class RangeTotal:
    """Reported people over the incidents: sums of their lowest, best and highest figures.

    All None where no incident has a number (null is not 0). `high_open`: some highest figure is
    itself only a lower bound. `unknown` counts incidents without a number. `best` follows `rule`;
    it is None for a victim group's total, which no rule is kept for.
    """

    low: int | None
    best: int | None
    high: int | None
    high_open: bool
    unknown: int
    rule: Rule

    def __str__(self) -> str:
        """The range as the page writes it: "96–118", "3–≥6", "unknown"."""
        return bounds_text(self.low, self.high, high_open=self.high_open)


#: Reported killed and wounded of one victim group.
GroupTotals = tuple[RangeTotal, RangeTotal]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of incidents, and their totals.

    `certain`: those that lie in the chosen days for certain. `unclaimed`: a source says that no
    one has claimed it, and no statement on record claims it. `no_statement`: nobody says anything
    of who did it. `not_mappable`: no geometry finer than the country. `undated`: no day known on
    either side. `disputed`: current claims differ on something. `killed` and `wounded` leave
    attackers out.
    """

    incidents: int
    certain: int
    killed: RangeTotal
    wounded: RangeTotal
    unclaimed: int
    no_statement: int
    not_mappable: int
    undated: int
    disputed: int


def count(condition: Expr) -> Expr:
    """How many rows fulfil a condition; null counts as no."""
    return condition.nullif(False).count().cast("int64")


def total(column: Expr) -> Expr:
    """The sum, null where no row has a number."""
    return column.sum()


def missing(t: Expr, column: str) -> Expr:
    """How many rows have no value."""
    return (t.count() - t[column].count()).cast("int64")


def measure_totals(t: Expr, measure: str, rule: Rule) -> dict[str, Expr]:
    """Aggregates of a measure: `<measure>_low`, `_best`, `_high`, `_open` and `_unknown`."""
    return {
        f"{measure}_low": total(t[f"{measure}_low"]),
        f"{measure}_best": total(t[best_column(measure, rule)]),
        f"{measure}_high": total(t[f"{measure}_high"]),
        f"{measure}_open": count(t[f"{measure}_high_open"]) > 0,
        f"{measure}_unknown": missing(t, f"{measure}_low"),
    }


def figures_query(rule: Rule) -> Expr:
    """One row of all figures but `certain`."""
    t = selected()
    unclaimed = t.kinds.contains(str(AttributionKind.UNCLAIMED)) & ~t.kinds.contains(
        str(AttributionKind.CLAIMED)
    )
    aggregates: dict[str, Expr] = {
        "incidents": t.count().cast("int64"),
        "unclaimed": count(unclaimed),
        "no_statement": count(t.display_kind == "none"),
        "not_mappable": count(~t.mappable),
        "undated": count(t.earliest.isnull() & t.latest.isnull()),
        "disputed": count(t.disagreements.length() > 0),
    }
    for measure in MEASURES:
        aggregates |= measure_totals(t, measure, rule)
    return t.aggregate(**aggregates)


def groups_query() -> Expr:
    """One row with the totals of every victim group: a question of its own, for its many columns.

    Asked with the figures it would double what they take, and few readers open it.
    """
    t = selected()
    aggregates: dict[str, Expr] = {}
    for measure in MEASURES:
        for group in VictimGroup:
            low, high, is_open = group_columns(measure, group)
            aggregates[low] = total(t[low])
            aggregates[high] = total(t[high])
            aggregates[is_open] = count(t[is_open]) > 0
            aggregates[f"{group}_{measure}_unknown"] = missing(t, low)
    return t.aggregate(**aggregates)


def read_figures(answer: pa.Table, certain: int, rule: Rule) -> Figures:
    """The figures of `figures_query`'s row."""
    (row,) = answer.to_pylist()
    counts = {name: row[name] for name in _COUNTS}
    return Figures(
        **counts,
        certain=certain,
        killed=range_total(row, "killed", rule),
        wounded=range_total(row, "wounded", rule),
    )


def read_groups(answer: pa.Table, rule: Rule) -> Mapping[VictimGroup, GroupTotals]:
    """The totals of `groups_query`'s row, by victim group."""
    (row,) = answer.to_pylist()

    def of_group(measure: str, group: VictimGroup) -> RangeTotal:
        low, high, is_open = group_columns(measure, group)
        unknown = row[f"{group}_{measure}_unknown"]
        return RangeTotal(row[low], None, row[high], row[is_open], unknown, rule)

    return {group: (of_group("killed", group), of_group("wounded", group)) for group in VictimGroup}


_COUNTS = (
    "incidents", "unclaimed", "no_statement", "not_mappable", "undated", "disputed",
)  # fmt: skip


def range_total(row: Mapping[str, Any], measure: str, rule: Rule) -> RangeTotal:
    """The total that `measure_totals` named in a row."""
    return RangeTotal(
        row[f"{measure}_low"],
        row[f"{measure}_best"],
        row[f"{measure}_high"],
        bool(row[f"{measure}_open"]),
        row[f"{measure}_unknown"],
        rule,
    )


@dataclass(frozen=True, slots=True)
class RuleTotals:
    """Sums of the best figures by one rule; None where no incident has a number."""

    killed: int | None
    wounded: int | None


def rule_totals_query() -> Expr:
    """One row: the sum of every rule's best figures of both measures."""
    t = selected()
    return t.aggregate(
        **{
            best_column(measure, rule): t[best_column(measure, rule)].sum()
            for measure in MEASURES
            for rule in Rule
        }
    )


def read_rule_totals(answer: pa.Table) -> Mapping[Rule, RuleTotals]:
    """The totals by rule, in the order of `Rule`."""
    (row,) = answer.to_pylist()
    return {
        rule: RuleTotals(row[best_column("killed", rule)], row[best_column("wounded", rule)])
        for rule in Rule
    }
