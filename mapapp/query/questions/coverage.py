"""Quiet, or not watched: what each data set covers, month by month (selection → strips).

A month without incidents means one thing where a data set watched it and another where nobody
looked. The sources of a data set declare what it covers (`Source.covers_…`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa

from mapapp.domain.countries import HOME
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.query.questions import series
from mapapp.query.tables import Query, incidents_in, weight
from mapapp.snapshot.summaries import MONTHS

Expr = Any


class State(StrEnum):
    """What is known of one month of one province in one data set."""

    RECORDED = "recorded"  # some incident lies in it for certain
    POSSIBLY = "possibly"  # some incident may lie in it
    QUIET = "quiet"  # watched, and none recorded
    UNWATCHED = "unwatched"  # within the period of a hand-picked set, none recorded
    OUTSIDE = "outside"  # outside the declared period or area: not monitored
    UNDECLARED = "undeclared"  # none recorded, and the data set does not say what it covers


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a data set declares: days (None: not declared), whether it watches, and in words."""

    dataset: str
    first: date | None
    last: date | None
    watched: bool
    here: bool
    how: str
    sources: int
    provinces: frozenset[str] = frozenset()  # those covered; none: all


@dataclass(frozen=True, slots=True)
class Strip:
    """One province: its states a month, and the incidents that lie in a month for certain."""

    code: str
    label: str
    states: tuple[State, ...]
    certain: tuple[int, ...]
    incidents: int

    def months(self, *states: State) -> int:
        """How many months are in one of these states."""
        return sum(state in states for state in self.states)


@dataclass(frozen=True, slots=True)
class Strips:
    """A data set's strips over `months` (their first days); `undated` incidents are in none."""

    coverage: Coverage
    months: tuple[date, ...]
    strips: tuple[Strip, ...]
    undated: int


def recorded(selection: Selection) -> Selection:
    """The selection with nothing but place, days and data sets left: all that was recorded."""
    return replace(
        Selection(),
        date_from=selection.date_from,
        date_to=selection.date_to,
        provinces=selection.provinces,
        datasets=selection.datasets,
        background=selection.background,
    )


def months_question(span: tuple[date, date]) -> Query:
    """Rows (dataset, province, first, last, n): incidents from one month to another.

    No province reads as an empty one. First and last are null where no day is known.
    """

    def query(t: Expr) -> Expr:
        first, last = series.bins(t, "month", span)
        dated = t.earliest.notnull() | t.latest.notnull()
        keys = {
            "dataset": t.dataset,
            "province": t.province.fill_null(""),
            "first": dated.ifelse(first, None),
            "last": dated.ifelse(last, None),
        }
        rows = t.select(**keys, **weight(t))
        return rows.group_by(list(keys)).aggregate(n=incidents_in(rows))

    return Query(("coverage", span), query, frozenset({*MONTHS, "dataset", "province"}))


def declared(sources: Iterable[Source]) -> Mapping[str, Coverage]:
    """What each data set covers: what its sources declare, taken together."""
    by_dataset: dict[str, list[Source]] = {}
    for source in sources:
        by_dataset.setdefault(source.dataset, []).append(source)
    coverage = {}
    for dataset, periods in by_dataset.items():
        saying = [s for s in periods if s.covers_from is not None and s.covers_to is not None]
        coverage[dataset] = Coverage(
            dataset,
            min((s.covers_from for s in saying if s.covers_from), default=None),
            max((s.covers_to for s in saying if s.covers_to), default=None),
            watched=bool(saying) and all(s.covers_watched for s in saying),
            here=all(not s.covers_countries or HOME in s.covers_countries for s in saying),
            how="; ".join(dict.fromkeys(s.covers_how for s in saying if s.covers_how)),
            sources=len(periods),
            # A source that covers all of them leaves none out.
            provinces=frozenset(p for s in saying for p in s.covers_provinces)
            if all(s.covers_provinces for s in saying)
            else frozenset(),
        )
    return coverage


def strips(
    answer: pa.Table,
    coverages: Mapping[str, Coverage],
    provinces: Mapping[str, str],
    span: tuple[date, date],
    days: tuple[date | None, date | None] = (None, None),
    wanted: Collection[str] = (),
) -> tuple[Strips, ...]:
    """A data set's strips for each with incidents in the answer, most incidents first.

    One that declares to cover the country is there without any incident too: that is what quiet
    looks like; `wanted` are the data sets chosen, none for all. `provinces` maps the codes of all
    provinces to their names, in the order to show. The months run over the data's `span` and what
    the data sets declare, within the chosen `days`.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in answer.to_pylist():
        rows.setdefault(row["dataset"], []).append(row)
    for name, own_coverage in coverages.items():
        if own_coverage.here and own_coverage.first and (not wanted or name in wanted):
            rows.setdefault(name, [])
    own_days = [
        day for name in rows if (c := coverages.get(name)) for day in (c.first, c.last) if day
    ]
    first, last = min([span[0], *own_days]), max([span[1], *own_days])
    first, last = max(first, days[0] or first), min(last, days[1] or last)
    result = []
    months = tuple(series.month_starts(first, last))
    for dataset, periods in rows.items():
        coverage = coverages.get(dataset) or Coverage(dataset, None, None, False, True, "", 0)
        codes = dict(provinces) | ({"": "province not known"} if _placeless(periods) else {})
        result.append(
            Strips(
                coverage,
                months,
                tuple(
                    _strip(
                        code, name, [r for r in periods if r["province"] == code], coverage, months
                    )
                    for code, name in codes.items()
                ),
                sum(row["n"] for row in periods if row["first"] is None),
            )
        )
    return tuple(sorted(result, key=lambda s: -sum(strip.incidents for strip in s.strips)))


def _placeless(rows: list[dict[str, Any]]) -> bool:
    return any(row["province"] == "" for row in rows)


def _strip(
    code: str,
    name: str,
    rows: list[dict[str, Any]],
    coverage: Coverage,
    months: tuple[date, ...],
) -> Strip:
    certain = np.zeros(len(months), np.int64)
    change = np.zeros(len(months) + 1, np.int64)
    days = np.array(months, "datetime64[D]")
    for row in rows:
        if row["first"] is None:
            continue
        begin = int(np.searchsorted(days, np.datetime64(row["first"])))
        end = int(np.searchsorted(days, np.datetime64(row["last"]), side="right"))
        if begin < end:
            change[begin] += row["n"]
            change[end] -= row["n"]
            if row["first"] == row["last"]:
                certain[begin] += row["n"]
    possible = np.cumsum(change)[: len(months)]
    return Strip(
        code,
        name,
        tuple(
            _state(int(sure), int(may), month, coverage, code)
            for sure, may, month in zip(certain, possible, months, strict=True)
        ),
        tuple(int(n) for n in certain),
        sum(row["n"] for row in rows),
    )


def _state(certain: int, possible: int, month: date, coverage: Coverage, code: str) -> State:
    if certain:
        return State.RECORDED
    if possible:
        return State.POSSIBLY
    if coverage.first is None or coverage.last is None:
        return State.UNDECLARED
    inside = series.bin_start(coverage.first, "month") <= month <= coverage.last
    inside &= not coverage.provinces or code in coverage.provinces
    if not inside or not coverage.here:
        return State.OUTSIDE
    return State.QUIET if coverage.watched else State.UNWATCHED
