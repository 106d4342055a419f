"""Incidents over time and by category (selection → series, breakdown).

An incident is in a bin for certain where its whole interval lies inside, possibly where it
overlaps. The engine counts pairs of (first bin, last bin), of which there are few; running sums
over the bins make the series, so that an imprecise date costs no more than a precise one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import Rule
from mapapp.query.questions.facets import LISTS
from mapapp.query.questions.figures import measure_totals
from mapapp.query.tables import selected
from mapapp.snapshot.schema import MEASURES, best_column

Expr = Any
Step = Literal["day", "week", "month", "year"]

_UNITS: dict[str, str] = {"day": "D", "week": "W", "month": "M", "year": "Y"}

#: What a series can be stacked or broken down by: the column, and its words' column if it has one.
BY: dict[str, tuple[str, str | None]] = {
    "display_kind": ("display_kind", None),
    "kind": ("kinds", None),
    "group": ("groups", None),
    "event_type": ("event_type", None),
    "target": ("target_type", None),
    "province": ("adm1_pcode", "adm1_name"),
    "district": ("adm2_pcode", "adm2_name"),
    "victim": ("victims", None),
    "source": ("source_ids", None),
    "dataset": ("dataset", None),
}

#: By → the part of a selection whose labels its codes have.
PART = {
    "display_kind": "kinds",
    "kind": "kinds",
    "group": "groups",
    "event_type": "event_types",
    "target": "targets",
    "province": "provinces",
    "district": "districts",
    "victim": "victims",
    "source": "sources",
    "dataset": "datasets",
}


def check_by(by: str) -> None:
    """Raises InvalidInput where `by` is not in `BY`."""
    if by not in BY:
        raise InvalidInput(f"there is no breakdown by '{by}'; use one of {', '.join(BY)}")


def pairs_query(step: Step, span: tuple[date, date], by: str | None = None) -> Expr:
    """Rows (first, last[, code], n): how many incidents lie from one bin to another.

    Open sides end with the data's `span`. Incidents without any day are left out.
    """
    t = dated(selected())
    first, last = bins(t, step, span)
    columns = {"first": first, "last": last}
    if by is not None:
        columns["code"] = codes_of(t, by)
    rows = t.select(**columns)
    return rows.group_by(list(columns)).aggregate(n=rows.count().cast("int64"))


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
    column = BY[by][0]
    return t[column].unnest() if column in LISTS else t[column].fill_null("")


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
        own = answer.filter(pc.equal(answer["code"], code))
        certain, possible = _running(own, starts)
        kept = possible > 0
        parts.append(
            pa.table(
                {
                    "bin_start": pa.array(starts, pa.date32()).filter(pa.array(kept)),
                    "code": pa.array([code] * int(kept.sum()), pa.string()),
                    "certain": pa.array(certain[kept]),
                    "possible": pa.array(possible[kept]),
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


def breakdown_query(by: str, rule: Rule) -> Expr:
    """Rows (code, incidents, totals of killed and wounded) of each code."""
    t = selected()
    columns = [
        column
        for measure in MEASURES
        for column in (
            f"{measure}_low",
            f"{measure}_high",
            f"{measure}_high_open",
            best_column(measure, rule),
        )
    ]
    rows = t.select(*columns, code=codes_of(t, by))
    return rows.group_by("code").aggregate(
        incidents=rows.count().cast("int64"),
        **measure_totals(rows, "killed", rule),
        **measure_totals(rows, "wounded", rule),
    )


def counts_query(by: str) -> Expr:
    """Rows (code, n) of each code."""
    t = selected()
    rows = t.select(code=codes_of(t, by))
    return rows.group_by("code").aggregate(n=rows.count().cast("int64"))
