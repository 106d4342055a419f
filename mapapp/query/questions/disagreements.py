"""Which incidents are in dispute, on what and by how much (selection → ranked rows)."""

from __future__ import annotations

from typing import Any, Literal, get_args

import ibis
import pyarrow as pa

from mapapp.query.tables import Query, incidents_in

Expr = Any

#: What the rows can be ranked by: the difference between the highest and the lowest figure, how
#: many times the lowest the highest is, how many things are in dispute, the day, the figures
#: themselves, how many speak of it.
DisagreementOrder = Literal[
    "killed_spread", "killed_ratio", "wounded_spread", "subjects", "date", "killed_low",
    "killed_high", "speakers",
]  # fmt: skip
ORDERS: tuple[DisagreementOrder, ...] = get_args(DisagreementOrder)

_COLUMNS = (
    "id", "title", "earliest", "latest", "place_name", "place_text", "adm1_name", "disagreements",
    "doubts", "speakers", "origins", "killed_low", "killed_high", "killed_high_open",
    "wounded_low", "wounded_high", "wounded_high_open",
)  # fmt: skip

#: The ratio of a range that begins at nobody has no number; such rows come before all others.
FROM_NOBODY = 1e9


def spread(t: Expr, measure: str) -> Expr:
    """Highest less lowest figure, null where the measure is not in dispute."""
    return ibis.ifelse(
        t.disagreements.contains(measure), t[f"{measure}_high"] - t[f"{measure}_low"], ibis.null()
    ).cast("int64")


def ratio(t: Expr, measure: str) -> Expr:
    """How many times the lowest figure the highest is, null where it is not in dispute."""
    low, high = t[f"{measure}_low"], t[f"{measure}_high"]
    times = ibis.ifelse(
        low > 0, high.cast("float64") / low.cast("float64"), ibis.literal(FROM_NOBODY)
    )
    # A speaker against himself leaves one figure, which is no times another.
    return ibis.ifelse(t.disagreements.contains(measure) & (high > low), times, ibis.null()).cast(
        "float64"
    )


def disputed_question(order: DisagreementOrder, limit: int) -> Query:
    """Incidents in dispute with their figures, differences and ratios, the widest first."""

    def query(t: Expr) -> Expr:
        t = t.filter(t.disagreements.length() > 0)
        named = t.select(
            *_COLUMNS,
            killed_spread=spread(t, "killed"),
            killed_ratio=ratio(t, "killed"),
            wounded_spread=spread(t, "wounded"),
            wounded_ratio=ratio(t, "wounded"),
            subjects=t.disagreements.length().cast("int64"),
            date=t.earliest.coalesce(t.latest),
        )
        # A column may be ordered by once only.
        keys = dict.fromkeys((order, "killed_spread", "subjects", "date"))
        by = [part for key in keys for part in (named[key].isnull(), named[key].desc())]
        return named.order_by([*by, named.id.asc()]).limit(limit)

    return Query(("disputed", order, limit), query)


def subjects_question() -> Query:
    """Rows (code, n): how many incidents are in dispute on each thing."""

    def query(t: Expr) -> Expr:
        named = t.select(code=t.disagreements.unnest())
        return named.group_by("code").aggregate(n=incidents_in(named))

    return Query("subjects", query)


def read_subjects(answer: pa.Table) -> tuple[tuple[str, int], ...]:
    """The same as pairs, most first."""
    pairs = zip(answer["code"].to_pylist(), answer["n"].to_pylist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
