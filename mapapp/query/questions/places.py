"""What the map draws one by one, and its cells by time (selection → features)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mapapp.query.filters.params import Bounds
from mapapp.query.questions.series import WHOLE_MONTHS, Step, bins, dated
from mapapp.query.tables import Query, incidents_in, weight
from mapapp.snapshot.schema import MERCATOR_BITS
from mapapp.snapshot.summaries import CELL_LEVEL, MONTHS, PLACES

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


def on_screen(t: Expr, bounds: Bounds) -> Expr:
    """Mappable incidents whose very point lies in the view."""
    west, south, east, north = map(float, bounds)
    after, before = t.lng >= west, t.lng <= east
    return t.filter(
        t.mappable, t.lat.between(south, north), after & before if west <= east else after | before
    )


def features_question(limit: int | None, areal: bool | None) -> Query:
    """Mappable incidents, in the snapshot's order; those known only to an area, or only others."""

    def query(t: Expr) -> Expr:
        wanted = [] if areal is None else [t.areal == areal]
        rows = t.filter(t.mappable, *wanted).order_by(t.row.asc())
        return (rows if limit is None else rows.limit(limit)).select(*FEATURE_COLUMNS)

    return Query(("features", limit, areal), query)


@dataclass(frozen=True, slots=True)
class Points:
    """Point-like incidents: how many of each display kind, and their box (None without any)."""

    mix: Mapping[str, int]
    extent: Bounds | None


def points_question() -> Query:
    """Rows (kind, n, west, south, east, north) of point-like incidents."""

    def query(t: Expr) -> Expr:
        rows = t.filter(t.mappable & ~t.areal)
        return rows.group_by(kind=rows.display_kind).aggregate(
            n=rows.count().cast("int64"),
            west=rows.lng.min(), south=rows.lat.min(), east=rows.lng.max(), north=rows.lat.max(),
        )  # fmt: skip

    return Query("points", query)


def read_points(answer: pa.Table) -> Points:
    """What `points_question` found."""
    if not answer.num_rows:
        return Points({}, None)
    west, south = (pc.min(answer[name]).as_py() for name in ("west", "south"))
    east, north = (pc.max(answer[name]).as_py() for name in ("east", "north"))
    mix = dict(zip(answer["kind"].to_pylist(), answer["n"].to_pylist(), strict=True))
    return Points(mix, (west, south, east, north))


def cell(t: Expr, zoom: int) -> tuple[Expr, Expr]:
    """The x and y of the cell in which an incident's point lies."""
    if "n" in t.columns:
        coarser = CELL_LEVEL - (zoom + CELL_BITS)
        return t.cell_x >> coarser, t.cell_y >> coarser
    shift = max(0, MERCATOR_BITS - (zoom + CELL_BITS))
    return t.mx >> shift, t.my >> shift


def from_afar(zoom: int) -> bool:
    """Whether the cells of a zoom are no finer than those of pre-aggregated tables."""
    return zoom + CELL_BITS <= CELL_LEVEL


def cell_bins_question(zoom: int, step: Step, span: tuple[date, date]) -> Query:
    """Rows (x, y, first, last, count): members of a cell by the time bins they begin and end in.

    Equal `first` and `last` is certain; else the incident is possible in each bin between.
    Incidents without any day are left out.
    """

    def query(t: Expr) -> Expr:
        alone = t.cell_x.notnull() if "n" in t.columns else t.mappable & ~t.areal
        t = dated(t.filter(alone))
        x, y = cell(t, zoom)
        first, last = bins(t, step, span)
        rows = t.select(x=x, y=y, first=first, last=last, **weight(t))
        return rows.group_by(["x", "y", "first", "last"]).aggregate(count=incidents_in(rows))

    covered = from_afar(zoom) and step in WHOLE_MONTHS
    reads = frozenset({*PLACES, *MONTHS}) if covered else None
    return Query(("cell_bins", zoom, step, span), query, reads, of_places=True)
