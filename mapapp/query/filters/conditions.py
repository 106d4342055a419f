"""The conditions that filters set on incidents (selection → expression)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis

from mapapp.domain.selection import Selection
from mapapp.query.filters import geo, params
from mapapp.snapshot.columns import fold_text

Expr = Any

#: More codes than these are asked for in one list.
_MANY = 100


def one_of(column: Expr, codes: Iterable[str]) -> Expr | None:
    """Whether a column is one of these codes; None where there are none."""
    wanted = tuple(codes)
    if not wanted:
        return None
    safe = [code for code in wanted if params.printable(code)]
    return column.isin(safe) if safe else ibis.literal(False)


def holds_any(column: Expr, codes: Iterable[str]) -> Expr | None:
    """Whether a list column holds one of these codes; None where there are none."""
    wanted = tuple(codes)
    if not wanted:
        return None
    safe = [code for code in wanted if params.printable(code)]
    if len(safe) > _MANY:
        # Thousands of conditions, as a link may ask for, take minutes to compile.
        return column.intersect(ibis.literal(safe, type="array<string>")).length() > 0
    # `contains OR contains` beats joins and `list_has_any` on every engine measured.
    return geo.any_of([column.contains(code) for code in safe])


def in_days(table: Expr, s: Selection) -> Expr | None:
    """Whether an incident lies in the days: possibly, or for certain where that is asked."""
    if s.date_from is None and s.date_to is None:
        return None
    conditions = []
    if s.date_certain:
        if s.date_from is not None:
            conditions.append(_known(table.earliest >= s.date_from))
        if s.date_to is not None:
            conditions.append(_known(table.latest <= s.date_to))
    else:
        if s.date_from is not None:
            conditions.append(table.latest.isnull() | (table.latest >= s.date_from))
        if s.date_to is not None:
            conditions.append(table.earliest.isnull() | (table.earliest <= s.date_to))
    return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]


def _known(condition: Expr) -> Expr:
    return condition.fill_null(False)


def said_by(table: Expr, s: Selection) -> Expr | None:
    """Groups, kinds and speakers together: one statement that has one of each."""
    if s.groups and s.speakers:
        return holds_any(table.voices, voices(s))
    if s.groups and s.kinds:
        return holds_any(table.tokens, [f"{k}:{g}" for g in s.groups for k in s.kinds])
    return holds_any(table.groups, s.groups)


def of_kind(table: Expr, s: Selection) -> Expr | None:
    """Kinds of statement, where no group is chosen."""
    if s.groups or not s.kinds:
        return None
    return holds_any(table.voices, voices(s)) if s.speakers else holds_any(table.kinds, s.kinds)


def by_speaker(table: Expr, s: Selection) -> Expr | None:
    """Who said it, where neither group nor kind is chosen."""
    return None if s.groups or s.kinds else holds_any(table.attributed_by, s.speakers)


def voices(s: Selection) -> list[str]:
    """The values of the column `voices` that groups, kinds and speakers together ask for."""
    return [
        f"{kind}:{group}:{speaker}"
        for group in s.groups or ("",)
        for kind in s.kinds or ("",)
        for speaker in s.speakers
    ]


def figure_within(table: Expr, measure: str, least: int | None, most: int | None) -> Expr | None:
    """Whether what is reported of `killed` or `wounded` can lie in a range."""
    if least is None and most is None:
        return None
    low, high = table[f"{measure}_low"], table[f"{measure}_high"]
    condition = low.notnull()
    if least is not None:
        condition &= table[f"{measure}_high_open"] | (high >= least)
    if most is not None:
        condition &= low <= most
    return condition


def has_words(table: Expr, s: Selection) -> Expr | None:
    """Whether every word stands in an incident's text."""
    words = [word for word in fold_text(s.text).split(" ") if word]
    if not words:
        return None
    if not all(map(params.printable, words)):
        return ibis.literal(False)
    condition = table.search_text.contains(words[0])
    for more in words[1:]:
        condition &= table.search_text.contains(more)
    return condition
