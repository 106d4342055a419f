"""Which pre-aggregated table answers a question exactly, and the question over it.
(selection → SQL)

A summary (`mapapp/snapshot/summaries.py`) counts incidents by some columns. It covers a question
where it has the columns that the question groups by, and every column that the selection's filters
read; what they read is taken from their expressions, so that a new filter is never missed. Days are
kept to the month there: a selection is covered where it begins and ends with a month. Else the rows
are asked. See docs/decisions/query-preaggregated.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.operations as ops

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters.entry import Filter
from mapapp.query.filters.table import FILTERS
from mapapp.query.questions.facets import COLUMNS, LISTS
from mapapp.query.questions.places import CELL_BITS
from mapapp.query.questions.series import BY, bins, codes_of, dated
from mapapp.query.tables import SELECTED, Expr, Question, Recent, compile_question, table
from mapapp.snapshot.schema import MEASURES, TYPE_NAMES, best_column
from mapapp.snapshot.summaries import CATALOGUE, CELL_LEVEL, MONTHS, PLACES, Summary

#: Steps of time that are made of whole months.
_STEPS: Final = frozenset({"month", "year"})


@dataclass(frozen=True, slots=True)
class Weighted:
    """A question over a summary: the columns it reads, and its expression over them."""

    columns: frozenset[str]
    of_places: bool
    query: Callable[[Expr], Expr]


_CHOICES: Recent[str | None] = Recent(4096)
_WEIGHTED: Recent[Question] = Recent(1024)
_SELECTIONS: Recent[Question] = Recent(1024)


def choose(
    held: Mapping[str, int], key: Hashable, selection: Selection, dialect: str
) -> tuple[Question, Question] | None:
    """The question of `key` and the selection, both over the smallest summary that covers them.

    `held` are a snapshot's summaries with their rows, `key` is as `Dashboard` names its questions.
    None where the rows are to be asked.
    """
    if not held:
        return None
    selection = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule restricts nothing
    names = tuple(sorted(held.items()))
    name = _CHOICES.get((names, key, selection), lambda: _smallest(held, key, selection))
    if name is None:
        return None
    summary = CATALOGUE[name]
    weighted = _weighted(key)
    assert weighted is not None
    question = _WEIGHTED.get(
        (dialect, key, name),
        lambda: compile_question(weighted.query(_table(summary, SELECTED)), dialect),
    )
    of = _SELECTIONS.get(
        (dialect, selection, name),
        lambda: compile_question(_restricted(_table(summary, name), selection), dialect),
    )
    return question, of


def _smallest(held: Mapping[str, int], key: Hashable, selection: Selection) -> str | None:
    weighted, read = _weighted(key), _read_by(selection)
    if weighted is None or read is None:
        return None
    covering = [
        (rows, name)
        for name, rows in held.items()
        if (summary := CATALOGUE[name]).of_places == weighted.of_places
        and read | weighted.columns <= set(summary.dimensions)
    ]
    return min(covering)[1] if covering else None


def _read_by(selection: Selection) -> frozenset[str] | None:
    """The columns that a selection's filters read, None where single days matter."""
    found: set[str] = set()
    for entry, condition in _conditions(table("incidents"), selection, FILTERS):
        columns = _columns_of(condition)
        by_day = columns & {*MONTHS, "month"}
        if by_day and not (entry.part == "date" and _whole_months(selection)):
            return None
        found |= columns
    return frozenset(found)


def _conditions(
    t: Expr, selection: Selection, entries: tuple[Filter, ...]
) -> list[tuple[Filter, Expr]]:
    asked = ((entry, entry.expression(t, selection)) for entry in entries)
    return [(entry, condition) for entry, condition in asked if condition is not None]


def _columns_of(condition: Expr) -> set[str]:
    return {field.name for field in condition.op().find(ops.Field)}


def _whole_months(s: Selection) -> bool:
    begins = s.date_from is None or s.date_from.day == 1
    return begins and (s.date_to is None or (s.date_to + timedelta(days=1)).day == 1)


@cache
def _table(summary: Summary, name: str) -> Expr:
    fields = {field.name: TYPE_NAMES[field.type] for field in summary.schema}
    return ibis.table(fields, name=name)


def _restricted(summary: Expr, selection: Selection) -> Expr:
    active = tuple(e for e, _ in _conditions(table("incidents"), selection, FILTERS))
    conditions = [condition for _, condition in _conditions(summary, selection, active)]
    return summary.filter(*conditions) if conditions else summary


# The questions, each as its module asks it of rows, with `n` incidents a row.


def _weighted(key: Hashable) -> Weighted | None:
    kind, *rest = key if isinstance(key, tuple) else (key,)
    make = _QUESTIONS.get(kind)
    return make(*rest) if make is not None else None


def _count(_rest: Any = None) -> Weighted:
    return Weighted(frozenset(), False, lambda t: t.aggregate(n=_n(t)))


def _figures(rule: Rule) -> Weighted:
    def query(t: Expr) -> Expr:
        counts = ("unclaimed", "no_statement", "not_mappable", "undated", "disputed")
        aggregates = {"incidents": _n(t)} | {name: _whole(t[name]) for name in counts}
        for measure in MEASURES:
            aggregates |= _totals(t, measure, rule)
        return t.aggregate(**aggregates)

    return Weighted(frozenset(), False, query)


def _facet(part: str, narrowed_by: tuple[str, ...]) -> Weighted | None:
    if narrowed_by:
        return None
    column = COLUMNS[part]

    def query(t: Expr) -> Expr:
        codes = t.select(code=t[column].unnest() if column in LISTS else t[column], n=t.n)
        codes = codes.filter(codes.code.notnull())
        return codes.group_by("code").aggregate(n=_n(codes))

    return Weighted(frozenset({column}), False, query)


def _pairs(step: Any, span: Any, by: str | None) -> Weighted | None:
    if step not in _STEPS:
        return None

    def query(t: Expr) -> Expr:
        t = dated(t)
        first, last = bins(t, step, span)
        columns = {"first": first, "last": last}
        if by is not None:
            columns["code"] = codes_of(t, by)
        rows = t.select(**columns, n=t.n)
        return rows.group_by(list(columns)).aggregate(n=_n(rows))

    own = {BY[by][0]} if by is not None else set()
    return Weighted(frozenset({*MONTHS, *own}), False, query)


def _breakdown(by: str, rule: Rule) -> Weighted:
    def query(t: Expr) -> Expr:
        columns = [name for measure in MEASURES for name in _total_columns(measure, rule)]
        rows = t.select(*columns, code=codes_of(t, by), n=t.n)
        return rows.group_by("code").aggregate(
            incidents=_n(rows), **_totals(rows, "killed", rule), **_totals(rows, "wounded", rule)
        )

    return Weighted(frozenset({BY[by][0]}), False, query)


def _counts(by: str) -> Weighted:
    def query(t: Expr) -> Expr:
        rows = t.select(code=codes_of(t, by), n=t.n)
        return rows.group_by("code").aggregate(n=_n(rows))

    return Weighted(frozenset({BY[by][0]}), False, query)


def _picture(zoom: int) -> Weighted | None:
    coarser = CELL_LEVEL - (zoom + CELL_BITS)
    if coarser < 0:
        return None

    def query(t: Expr) -> Expr:
        rows = t.select(
            "n", "sum_x", "sum_y", "min_x", "max_x", "min_y", "max_y", "row",
            area_id=t.area_id, geo_precision=t.area_level,
            x=t.cell_x >> coarser, y=t.cell_y >> coarser, kind=t.display_kind,
        )  # fmt: skip
        return rows.group_by(["area_id", "geo_precision", "x", "y", "kind"]).aggregate(
            n=_n(rows),
            sum_x=rows.sum_x.sum(),
            sum_y=rows.sum_y.sum(),
            min_x=rows.min_x.min(),
            max_x=rows.max_x.max(),
            min_y=rows.min_y.min(),
            max_y=rows.max_y.max(),
            row=rows.row.min(),
        )

    return Weighted(frozenset({*PLACES, "display_kind"}), True, query)


def _coverage(span: Any) -> Weighted:
    def query(t: Expr) -> Expr:
        first, last = bins(t, "month", span)
        dated_too = t.earliest.notnull() | t.latest.notnull()
        rows = t.select(
            dataset=t.dataset,
            province=t.adm1_pcode.fill_null(""),
            first=dated_too.ifelse(first, None),
            last=dated_too.ifelse(last, None),
            n=t.n,
        )
        return rows.group_by(["dataset", "province", "first", "last"]).aggregate(n=_n(rows))

    return Weighted(frozenset({*MONTHS, "dataset", "adm1_pcode"}), False, query)


def _cell_bins(zoom: int, step: Any, span: Any) -> Weighted | None:
    coarser = CELL_LEVEL - (zoom + CELL_BITS)
    if coarser < 0 or step not in _STEPS:
        return None

    def query(t: Expr) -> Expr:
        t = dated(t.filter(t.cell_x.notnull()))
        first, last = bins(t, step, span)
        rows = t.select(x=t.cell_x >> coarser, y=t.cell_y >> coarser, first=first, last=last, n=t.n)
        return rows.group_by(["x", "y", "first", "last"]).aggregate(count=_n(rows))

    return Weighted(frozenset({*PLACES, *MONTHS}), True, query)


def _n(t: Expr) -> Expr:
    """How many incidents; the sum over no rows is 0."""
    return _whole(t.n)


def _whole(column: Expr) -> Expr:
    return column.sum().fill_null(0).cast("int64")


def _totals(t: Expr, measure: str, rule: Rule) -> dict[str, Expr]:
    """As `figures.measure_totals`."""
    return {
        f"{measure}_low": t[f"{measure}_low"].sum(),
        f"{measure}_best": t[best_column(measure, rule)].sum(),
        f"{measure}_high": t[f"{measure}_high"].sum(),
        f"{measure}_open": _whole(t[f"{measure}_open"]) > 0,
        f"{measure}_unknown": _whole(t.n) - _whole(t[f"{measure}_known"]),
    }


def _total_columns(measure: str, rule: Rule) -> tuple[str, ...]:
    ends = ("low", "high", "open", "known")
    return (*(f"{measure}_{end}" for end in ends), best_column(measure, rule))


#: By the first part of the key that `Dashboard` gives a question.
_QUESTIONS: Final[Mapping[Any, Callable[..., Weighted | None]]] = {
    "count": _count,
    "figures": _figures,
    "facet": _facet,
    "pairs": _pairs,
    "breakdown": _breakdown,
    "counts": _counts,
    "picture": _picture,
    "cell_bins": _cell_bins,
    "coverage": _coverage,
}
