"""What the map draws: single incidents, cells with counts, shaded areas (selection → features)."""

from __future__ import annotations

from typing import Any

import ibis

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_ORDER, NO_STATEMENT
from mapapp.query.figures import count
from mapapp.query.filters import restrict
from mapapp.query.series import Step, bins, dated
from mapapp.query.tables import table
from mapapp.store.schema import MERCATOR_BITS

Expr = Any

#: west, south, east, north in degrees; west > east crosses the antimeridian.
Bounds = tuple[float, float, float, float]

#: A cell's side is a tile's divided by 2 to this power: 32 pixels.
CELL_BITS = 3

_M_PER_DEGREE = 111_320.0

DISPLAY_KINDS = (*map(str, DISPLAY_ORDER), NO_STATEMENT)

FEATURE_COLUMNS = (
    "id", "title", "lat", "lng", "radius_m", "geo_precision", "area_id", "areal", "display_kind",
    "actors", "groups", "event_type", "killed_low", "killed_high", "killed_high_open",
    "killed_text", "wounded_low", "wounded_high", "wounded_high_open", "wounded_text", "earliest",
    "latest", "date_precision", "place_text", "place_name", "adm1_pcode", "adm1_name",
    "adm2_name", "background", "abroad", "disagreements", "source_ids",
)  # fmt: skip


def _in_view(t: Expr, bounds: Bounds | None) -> Expr:
    """Incidents whose point or disc meets the view."""
    if bounds is None:
        return t
    west, south, east, north = bounds
    up = t.radius_m.fill_null(0.0) / _M_PER_DEGREE
    # A disc is as many times wider in degrees of longitude as the cosine is small.
    across = up / ibis.greatest(0.01, t.lat.radians().cos())
    fits = (t.lat + up >= float(south)) & (t.lat - up <= float(north))
    after, before = t.lng + across >= float(west), t.lng - across <= float(east)
    return t.filter(fits, after & before if west <= east else after | before)


def features_query(selection: Selection, bounds: Bounds | None, limit: int | None) -> Expr:
    """Mappable incidents that meet the view, in the snapshot's order."""
    t = restrict(table("incidents"), selection)
    t = _in_view(t.filter(t.mappable), bounds)
    rows = t.select(*FEATURE_COLUMNS, t.row).order_by("row")
    return (rows if limit is None else rows.limit(limit)).drop("row")


def feature_count_query(selection: Selection, bounds: Bounds | None) -> Expr:
    """One number: how many `features_query` would give without a limit."""
    t = restrict(table("incidents"), selection)
    t = _in_view(t.filter(t.mappable), bounds)
    return t.aggregate(n=t.count().cast("int64"))


def _cell_rows(selection: Selection, bounds: Bounds | None, zoom: int) -> tuple[Expr, Expr, Expr]:
    """Point-like incidents, and their cell's x and y."""
    t = restrict(table("incidents"), selection)
    t = _in_view(t.filter(t.mappable & ~t.areal), bounds)
    shift = max(0, MERCATOR_BITS - (zoom + CELL_BITS))
    return t, t.mx >> shift, t.my >> shift


def cells_query(selection: Selection, bounds: Bounds | None, zoom: int) -> Expr:
    """Rows (x, y, count, lat, lng, one_spot, id, a count for each display kind).

    x and y index cells of a 2**(zoom + CELL_BITS) square grid; lat and lng are the mean of the
    members. `one_spot`: all share one coordinate, so that zooming in never parts them. `id` is
    the smallest of the members', the incident itself where the count is 1.
    """
    t, x, y = _cell_rows(selection, bounds, zoom)
    rows = t.select("id", "lat", "lng", "mx", "my", "display_kind", x=x, y=y)
    kinds = {kind: count(rows.display_kind == kind) for kind in DISPLAY_KINDS}
    return rows.group_by(["x", "y"]).aggregate(
        count=rows.count().cast("int64"),
        lat=rows.lat.mean(),
        lng=rows.lng.mean(),
        one_spot=(rows.mx.min() == rows.mx.max()) & (rows.my.min() == rows.my.max()),
        id=rows.id.min(),
        **kinds,
    )


def cell_bins_query(
    selection: Selection, bounds: Bounds | None, zoom: int, step: Step, span: Any
) -> Expr:
    """Rows (x, y, first, last, count): members of a cell by the time bins they begin and end in.

    Equal `first` and `last` is certain; else the incident is possible in each bin between.
    Incidents without any day are left out.
    """
    t, x, y = _cell_rows(selection, bounds, zoom)
    first, last = bins(t, step, span)
    rows = dated(t).select(x=x, y=y, first=first, last=last)
    return rows.group_by(["x", "y", "first", "last"]).aggregate(count=rows.count().cast("int64"))


def areas_query(selection: Selection) -> Expr:
    """Rows (area_id, geo_precision, count, a count for each display kind) of shaded areas."""
    t = restrict(table("incidents"), selection)
    t = t.filter(t.areal)
    kinds = {kind: count(t.display_kind == kind) for kind in DISPLAY_KINDS}
    return t.group_by(["area_id", "geo_precision"]).aggregate(
        count=t.count().cast("int64"), **kinds
    )
