"""The totals of a selection under every rule, side by side (selection → totals)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mapapp.domain.vocab import Rule
from mapapp.query.tables import selected
from mapapp.snapshot.schema import MEASURES, best_column

Expr = Any


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
