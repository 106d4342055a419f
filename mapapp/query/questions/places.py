"""What the map draws one by one, and its cells by time (selection → features)."""

from __future__ import annotations

from datetime import date
from typing import Any

from mapapp.query.filters.params import Bounds
from mapapp.query.questions.series import Step, bins, dated
from mapapp.query.tables import selected
from mapapp.snapshot.schema import MERCATOR_BITS

Expr = Any

#: A cell's side is a tile's divided by 2 to this power: 32 pixels.
CELL_BITS = 3


FEATURE_COLUMNS = (
    "id", "title", "lat", "lng", "radius_m", "geo_precision", "area_id", "areal", "display_kind",
    "actors", "groups", "event_type", "killed_low", "killed_high", "killed_high_open",
    "killed_text", "wounded_low", "wounded_high", "wounded_high_open", "wounded_text", "earliest",
    "latest", "date_precision", "place_text", "place_name", "adm1_pcode", "adm1_name",
    "adm2_name", "background", "abroad", "disagreements", "source_ids",
)  # fmt: skip


def in_view(t: Expr, bounds: Bounds) -> Expr:
    """Mappable incidents whose point or disc meets the view."""
    west, south, east, north = map(float, bounds)
    fits = (t.north >= south) & (t.south <= north)
    after, before = t.east >= west, t.west <= east
    return t.filter(fits, after & before if west <= east else after | before)


def features_query(limit: int | None) -> Expr:
    """Mappable incidents, in the snapshot's order."""
    t = selected()
    rows = t.filter(t.mappable).order_by(t.row.asc())
    return (rows if limit is None else rows.limit(limit)).select(*FEATURE_COLUMNS)


def _cell_rows(zoom: int) -> tuple[Expr, Expr, Expr]:
    """Point-like incidents, and their cell's x and y."""
    t = selected()
    t = t.filter(t.mappable & ~t.areal)
    shift = max(0, MERCATOR_BITS - (zoom + CELL_BITS))
    return t, t.mx >> shift, t.my >> shift


def cell_bins_query(zoom: int, step: Step, span: tuple[date, date]) -> Expr:
    """Rows (x, y, first, last, count): members of a cell by the time bins they begin and end in.

    Equal `first` and `last` is certain; else the incident is possible in each bin between.
    Incidents without any day are left out.
    """
    t, x, y = _cell_rows(zoom)
    first, last = bins(t, step, span)
    rows = dated(t).select(x=x, y=y, first=first, last=last)
    return rows.group_by(["x", "y", "first", "last"]).aggregate(count=rows.count().cast("int64"))
