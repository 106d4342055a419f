"""The line of figures: how many incidents, and their casualties as ranges (selection → figures)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mapapp.domain.incident import Incident
from mapapp.domain.vocab import Property, Rule, VictimGroup
from mapapp.domain.wording import bounds_text
from mapapp.query.tables import Query, incidents_in, weight
from mapapp.snapshot.schema import MEASURES, best_column, group_columns
from mapapp.snapshot.summaries import COUNTS, added, figure_measures

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

    def __add__(self, other: RangeTotal) -> RangeTotal:
        """The total of both; what neither has a number of stays None."""
        return RangeTotal(
            _added((self.low, other.low)),
            _added((self.best, other.best)),
            _added((self.high, other.high)),
            self.high_open or other.high_open,
            self.unknown + other.unknown,
            self.rule,
        )


def _added(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def total_of(incidents: Iterable[Incident], measure: Property, rule: Rule) -> RangeTotal:
    """The total of incidents at hand, as a question sums it."""
    figures = [incident.headline(measure, rule) for incident in incidents]
    return RangeTotal(
        _added(figure.low for figure in figures),
        _added(figure.best for figure in figures),
        _added(figure.high for figure in figures),
        any(figure.high_open for figure in figures),
        sum(not figure.known for figure in figures),
        rule,
    )


#: Reported killed and wounded of one victim group.
GroupTotals = tuple[RangeTotal, RangeTotal]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of incidents, and their totals.

    `certain`: those that lie in the chosen days and places for certain (all where that was not
    counted). `unclaimed`: a source says that no one has claimed it, and no statement on record
    claims it. `no_statement`: nobody says anything of who did it. `not_mappable`: no geometry
    finer than the country. `undated`: no day known on
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

    @property
    def doubt(self) -> str:
        """ "surely 1,067, possibly 649 more"; empty where all lie there for certain."""
        possible = self.incidents - self.certain
        return f"surely {self.certain:,}, possibly {possible:,} more" if possible else ""


def measure_columns(measure: str, rule: Rule) -> tuple[str, ...]:
    """The columns of `figure_measures` that `measure_totals` adds up."""
    ends = ("low", "high", "open", "known")
    return (*(f"{measure}_{end}" for end in ends), best_column(measure, rule))


def measure_totals(rows: Expr, measure: str, rule: Rule) -> dict[str, Expr]:
    """Totals of `measure_columns`: `<measure>_low`, `_best`, `_high`, `_open` and `_unknown`."""
    return {
        f"{measure}_low": added(rows, f"{measure}_low"),
        f"{measure}_best": added(rows, best_column(measure, rule)),
        f"{measure}_high": added(rows, f"{measure}_high"),
        f"{measure}_open": added(rows, f"{measure}_open") > 0,
        f"{measure}_unknown": incidents_in(rows) - added(rows, f"{measure}_known"),
    }


def figures_question(rule: Rule) -> Query:
    """One row of all figures but `certain`."""

    def query(t: Expr) -> Expr:
        rows = t.select(**figure_measures(t), **weight(t))
        aggregates = {"incidents": incidents_in(rows)} | {n: added(rows, n) for n in COUNTS}
        for measure in MEASURES:
            aggregates |= measure_totals(rows, measure, rule)
        return rows.aggregate(**aggregates)

    return Query(("figures", rule), query, frozenset())


def groups_question() -> Query:
    """One row with the totals of every victim group: a question of its own, for its many columns.

    Asked with the figures it would double what they take, and few readers open it.
    """

    def query(t: Expr) -> Expr:
        aggregates: dict[str, Expr] = {}
        for measure in MEASURES:
            for group in VictimGroup:
                low, high, is_open = group_columns(measure, group)
                aggregates[low] = t[low].sum()
                aggregates[high] = t[high].sum()
                aggregates[is_open] = t[is_open].fill_null(False).any().fill_null(False)
                aggregates[f"{group}_{measure}_unknown"] = (t.count() - t[low].count()).cast(
                    "int64"
                )
        return t.aggregate(**aggregates)

    return Query("victim groups", query)


def read_figures(answer: pa.Table, certain: int | None, rule: Rule) -> Figures:
    """The figures of `figures_query`'s row; `certain` None: not counted."""
    (row,) = answer.to_pylist()
    return Figures(
        row["incidents"],
        **{name: row[name] for name in COUNTS},
        certain=row["incidents"] if certain is None else certain,
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


def rules_question() -> Query:
    """One row: the sum of every rule's best figures of both measures."""

    def query(t: Expr) -> Expr:
        names = [best_column(measure, rule) for measure in MEASURES for rule in Rule]
        return t.aggregate(**{name: added(t, name) for name in names})

    return Query("rules", query, frozenset())


def read_rule_totals(answer: pa.Table) -> Mapping[Rule, RuleTotals]:
    """The totals by rule, in the order of `Rule`."""
    (row,) = answer.to_pylist()
    return {
        rule: RuleTotals(row[best_column("killed", rule)], row[best_column("wounded", rule)])
        for rule in Rule
    }
