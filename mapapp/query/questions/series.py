"""Incidents over time and by category (selection → series, breakdown).

An incident is in a bin for certain where its whole interval lies inside, possibly where it
overlaps. The engine counts pairs of (first bin, last bin), of which there are few; running sums
over the bins make the series, so that an imprecise date costs no more than a precise one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, Literal

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import Rule
from mapapp.query.filters.entry import Codes
from mapapp.query.filters.table import CODES
from mapapp.query.questions.figures import measure_columns, measure_totals
from mapapp.query.tables import Query, incidents_in, weight
from mapapp.snapshot.schema import MEASURES
from mapapp.snapshot.summaries import MONTHS, figure_measures

Expr = Any
Step = Literal["day", "week", "month", "year"]

#: Steps that are made of whole months, as pre-aggregated tables are.
WHOLE_MONTHS: Final = frozenset({"month", "year"})

_UNITS: dict[str, str] = {"day": "D", "week": "W", "month": "M", "year": "Y"}

#: What a series can be stacked or broken down by: every filter that is a list of codes, by the
#: name of its parameter; and the kind that gives an incident its colour.
BY: Final[Mapping[str, Codes]] = {
    "display_kind": replace(CODES["kinds"], column="display_kind"),
    **{entry.param: entry for entry in CODES.values()},
}


def check_by(by: str) -> None:
    """Raises InvalidInput where `by` is not in `BY`."""
    if by not in BY:
        raise InvalidInput(f"there is no breakdown by '{by}'; use one of {', '.join(BY)}")


def pairs_question(step: Step, span: tuple[date, date], by: str | None = None) -> Query:
    """Rows (first, last[, code], n): how many incidents lie from one bin to another.

    Open sides end with the data's `span`. Incidents without any day are left out.
    """

    def query(t: Expr) -> Expr:
        t = dated(t)
        first, last = bins(t, step, span)
        columns = {"first": first, "last": last} | ({"code": codes_of(t, by)} if by else {})
        rows = t.select(**columns, **weight(t))
        return rows.group_by(list(columns)).aggregate(n=incidents_in(rows))

    reads = frozenset({*MONTHS, *((BY[by].column,) if by else ())})
    return Query(("pairs", step, span, by), query, reads if step in WHOLE_MONTHS else None)


def dated(t: Expr) -> Expr:
    """Incidents of which some day is known, on one side at least."""
    return t.filter(t.earliest.notnull() | t.latest.notnull())


def bins(t: Expr, step: Step, span: tuple[date, date]) -> tuple[Expr, Expr]:
    """The first days of the bins that an incident's interval begins and ends in."""
    unit = _UNITS[step]
    first, last = _day(span[0]), _day(span[1])
    # Conditions instead of least() and greatest(), whose word on nulls differs between engines.
    earliest = t.earliest.fill_null(ibis.ifelse(t.latest < first, t.latest, first))
    latest = t.latest.fill_null(ibis.ifelse(t.earliest > last, t.earliest, last))
    return earliest.truncate(unit).cast("date"), latest.truncate(unit).cast("date")


def _day(day: date) -> Expr:
    return ibis.date(day.year, day.month, day.day)


def codes_of(t: Expr, by: str) -> Expr:
    """The code column of a breakdown, one row a code; no code reads as an empty one."""
    column = t[BY[by].column]
    return column.unnest() if BY[by].many else column.fill_null("")


def read_series(answer: pa.Table, step: Step, shown: tuple[date, date] | None) -> pa.Table:
    """Columns bin_start, certain, possible, without gaps; `shown` bounds the bins, if given."""
    starts = _bin_starts(answer, step, shown)
    certain, possible = _running(answer, starts)
    return pa.table(
        {
            "bin_start": pa.array(starts, pa.date32()),
            "certain": pa.array(certain),
            "possible": pa.array(possible),
        }
    )


def read_stacked(answer: pa.Table, step: Step, shown: tuple[date, date] | None) -> pa.Table:
    """As `read_series` with a column `code`; bins in which a code has nothing are left out."""
    starts = _bin_starts(answer, step, shown)
    parts = []
    for code in sorted(set(answer["code"].to_pylist())):
        of_code = answer.filter(pc.equal(answer["code"], code))
        certain, possible = _running(of_code, starts)
        dated = possible > 0
        parts.append(
            pa.table(
                {
                    "bin_start": pa.array(starts, pa.date32()).filter(pa.array(dated)),
                    "code": pa.array([code] * int(dated.sum()), pa.string()),
                    "certain": pa.array(certain[dated]),
                    "possible": pa.array(possible[dated]),
                }
            )
        )
    empty = pa.table(
        {
            "bin_start": pa.array([], pa.date32()),
            "code": pa.array([], pa.string()),
            "certain": pa.array([], pa.int64()),
            "possible": pa.array([], pa.int64()),
        }
    )
    return pa.concat_tables([empty, *parts])


def _bin_starts(answer: pa.Table, step: Step, shown: tuple[date, date] | None) -> list[date]:
    if answer.num_rows == 0:
        return []
    first, last = min(answer["first"].to_pylist()), max(answer["last"].to_pylist())
    if shown is not None:
        first = max(first, bin_start(shown[0], step))
        last = min(last, bin_start(shown[1], step))
    return list(_steps(first, last, step))


def _running(answer: pa.Table, starts: list[date]) -> tuple[Any, Any]:
    """Certain and possible counts a bin, as arrays of int64."""
    size = len(starts)
    certain = np.zeros(size, np.int64)
    change = np.zeros(size + 1, np.int64)
    if size:
        days = np.array(starts, "datetime64[D]")
        first = answer["first"].to_numpy().astype("datetime64[D]")
        last = answer["last"].to_numpy().astype("datetime64[D]")
        n = answer["n"].to_numpy()
        begins = np.searchsorted(days, first)
        ends = np.searchsorted(days, last, side="right")
        inside = begins < ends  # else it lies outside the bins shown
        np.add.at(change, begins[inside], n[inside])
        np.add.at(change, ends[inside], -n[inside])
        alone = inside & (first == last)
        np.add.at(certain, begins[alone], n[alone])
    return certain, np.cumsum(change)[:size]


def bin_start(day: date, step: Step) -> date:
    """The first day of the bin a day lies in; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def month_starts(first: date, last: date) -> Iterator[date]:
    """The first days of the months from one day's to another's."""
    return _steps(bin_start(first, "month"), last, "month")


def _steps(first: date, last: date, step: Step) -> Iterator[date]:
    while first <= last:
        yield first
        if step in ("day", "week"):
            first += timedelta(days=1 if step == "day" else 7)
        else:
            months = first.year * 12 + first.month - 1 + (1 if step == "month" else 12)
            first = date(months // 12, months % 12 + 1, 1)


def breakdown_question(by: str, rule: Rule) -> Query:
    """Rows (code, incidents, totals of killed and wounded) of each code."""

    def query(t: Expr) -> Expr:
        measures = figure_measures(t)
        names = [name for measure in MEASURES for name in measure_columns(measure, rule)]
        columns = {name: measures[name] for name in names}
        rows = t.select(code=codes_of(t, by), **columns, **weight(t))
        return rows.group_by("code").aggregate(
            incidents=incidents_in(rows),
            **measure_totals(rows, "killed", rule),
            **measure_totals(rows, "wounded", rule),
        )

    return Query(("breakdown", by, rule), query, frozenset({BY[by].column}))


def counts_question(by: str) -> Query:
    """Rows (code, n) of each code."""

    def query(t: Expr) -> Expr:
        rows = t.select(code=codes_of(t, by), **weight(t))
        return rows.group_by("code").aggregate(n=incidents_in(rows))

    return Query(("counts", by), query, frozenset({BY[by].column}))
