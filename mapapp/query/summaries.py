"""Which pre-aggregated table answers a question exactly (question + selection → SQL).

A summary (`mapapp/snapshot/summaries.py`) counts incidents by some columns. It covers a question
where it has the columns that the question reads, and every column that the selection's filters
read; what they read is taken from their expressions, so that a new filter is never missed. Days are
kept to the month there: a selection is covered where it begins and ends with a month. Else the rows
are asked. See docs/decisions/query-preaggregated.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

import ibis
import ibis.expr.operations as ops

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters.entry import Filter
from mapapp.query.filters.table import DATE, FILTERS
from mapapp.query.tables import (
    SELECTED,
    Compiled,
    Expr,
    Query,
    Recent,
    compile_query,
    table,
)
from mapapp.snapshot.schema import TYPE_NAMES
from mapapp.snapshot.summaries import CATALOGUE, MONTHS, Summary

_CHOICES: Recent[str | None] = Recent(4096)
_QUESTIONS: Recent[Compiled] = Recent(1024)
_SELECTIONS: Recent[Compiled] = Recent(1024)


def choose(
    held: Mapping[str, int], question: Query, selection: Selection, dialect: str
) -> tuple[Compiled, Compiled] | None:
    """A question and a selection, both over the smallest summary that covers them.

    `held` are a snapshot's summaries with their rows. None where the rows are to be asked.
    """
    if not held or question.reads is None:
        return None
    selection = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule restricts nothing
    names = tuple(sorted(held.items()))
    name = _CHOICES.get(
        (names, question.key, selection), lambda: _smallest(held, question, selection)
    )
    if name is None:
        return None
    summary = CATALOGUE[name]
    compiled = _QUESTIONS.get(
        (dialect, question.key, name),
        lambda: compile_query(question.query(_table(summary, SELECTED)), dialect),
    )
    of = _SELECTIONS.get(
        (dialect, selection, name),
        lambda: compile_query(_restricted(_table(summary, name), selection), dialect),
    )
    return compiled, of


def _smallest(held: Mapping[str, int], question: Query, selection: Selection) -> str | None:
    read = _read_by(selection)
    if read is None or question.reads is None:
        return None
    covering = [
        (rows, name)
        for name, rows in held.items()
        if (summary := CATALOGUE[name]).of_places == question.of_places
        and read | question.reads <= set(summary.dimensions)
    ]
    return min(covering)[1] if covering else None


def _read_by(selection: Selection) -> frozenset[str] | None:
    """The columns that a selection's filters read, None where single days matter."""
    columns: set[str] = set()
    for entry, condition in _conditions(table("incidents"), selection, FILTERS):
        read = {field.name for field in condition.op().find(ops.Field)}
        by_day = read & {*MONTHS, "month"}
        if by_day and not (entry is DATE and _whole_months(selection)):
            return None
        columns |= read
    return frozenset(columns)


def _conditions(
    t: Expr, selection: Selection, entries: tuple[Filter, ...]
) -> list[tuple[Filter, Expr]]:
    asked = ((entry, entry.expression(t, selection)) for entry in entries)
    return [(entry, condition) for entry, condition in asked if condition is not None]


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
