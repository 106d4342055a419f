"""What a selection shows in a view, as the JSON that the map layer reads (query → JSON).

Single incidents as long as they are few, cells with counts beyond that. The keys are documented
in docs/map.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query import Dashboard
from mapapp.query.dashboard import OVERVIEW_ZOOM
from mapapp.query.filters import areas
from mapapp.query.filters.params import Bounds
from mapapp.query.questions.picture import Picture
from mapapp.query.questions.series import Step

#: Above so many a view gets cells: a canvas draws these in a few ms, JSON of them is ~130 kB gzip.
SINGLE_LIMIT: Final = 2000

#: Incidents known only to an area, each with its own line in the answer up to this many.
AREAL_LIMIT: Final = 500

#: Up to this zoom the cells of the whole selection are few, and panning asks for nothing.
WHOLE_UP_TO_ZOOM: Final = 7


def view(dash: Dashboard, selection: Selection, bounds: Bounds | None, zoom: int) -> dict[str, Any]:
    """The answer to `/data/view` for a selection without dates.

    `mode` is `incidents` or `cells`; `covers` the bounds (w, s, e, n) that the answer is good
    for, None where it holds the whole selection. Areas are never cut by the bounds: the part of a
    province in view may lie far from its label point.
    """
    # Further in, totals and areas are those of the country's view, which is most often at hand.
    whole = dash.picture(selection, None, zoom if zoom <= WHOLE_UP_TO_ZOOM else OVERVIEW_ZOOM)
    answer: dict[str, Any] = {
        "mode": "incidents",
        "covers": None,
        "counts": {
            "total": whole.total,
            "mappable": whole.mappable,
            "not_mappable": whole.total - whole.mappable,
        },
    }
    if whole.mappable <= SINGLE_LIMIT:
        return answer | {"incidents": incidents(dash.features(selection))}
    answer |= _areas(dash, selection, whole)
    seen = whole
    if zoom > WHOLE_UP_TO_ZOOM:
        seen = dash.picture(selection, bounds, zoom)
        answer["covers"] = bounds
        if (pc.sum(seen.cells["count"]).as_py() or 0) <= SINGLE_LIMIT:
            answer["incidents"] += incidents(dash.features(selection, bounds, areal=False))
            return answer
    return answer | {"mode": "cells", "zoom": zoom, "cells": _cells(dash, seen)}


def bins(
    dash: Dashboard, selection: Selection, bounds: Bounds | None, zoom: int, step: Step
) -> dict[str, Any]:
    """The answer to `/data/bins`: columns cell, first, last, count, a row a cell and span of bins.

    `cell` is an index into `keys` (`x:y`), `first` and `last` are indices into `starts`, ISO days.
    Equal ends are certain, else it is possible in each bin between. The view up to
    `WHOLE_UP_TO_ZOOM` holds the whole selection, and so do its bins.
    """
    within = bounds if zoom > WHOLE_UP_TO_ZOOM else None
    rows = dash.cell_bins(selection, within, zoom, step)
    first, last = (rows[name].to_numpy().astype("datetime64[D]") for name in ("first", "last"))
    starts = np.unique(np.concatenate([first, last]))
    cells, cell = np.unique(rows["x"].to_numpy() << 32 | rows["y"].to_numpy(), return_inverse=True)
    return {
        "step": step,
        "starts": [str(day) for day in starts],
        "keys": [f"{key >> 32}:{key & 0xFFFFFFFF}" for key in cells.tolist()],
        "cell": cell.astype(np.uint32),
        "first": np.searchsorted(starts, first).astype(np.uint32),
        "last": np.searchsorted(starts, last).astype(np.uint32),
        "count": rows["count"].to_numpy().astype(np.uint32),
    }


def counts(
    dash: Dashboard,
    selection: Selection,
    bounds: Bounds | None,
    zoom: int,
    seen: Bounds | None,
) -> dict[str, Any]:
    """The answer to `/data/counts`: what there is under the selection's days, counted exactly.

    `total` counts what is mappable. `cells` are those of the view as {key: [count, mix]}, empty
    without days, for the view has them then; `areas` as in the view, with `sure` of them in the
    days for certain, and `seen`: whether any part of the area lies in `seen`. `points` are
    point-like incidents whose point lies there (everywhere for None): a mix, and how many for
    certain. `extent` is the box of all points and areas, None without any.
    """
    whole = dash.picture(selection, None, zoom if zoom <= WHOLE_UP_TO_ZOOM else OVERVIEW_ZOOM)
    dated = selection.date_from is not None or selection.date_to is not None
    cells = whole.cells
    if dated and zoom > WHOLE_UP_TO_ZOOM:
        cells = dash.picture(selection, bounds, zoom).cells
    strict = replace(selection, date_certain=True) if dated else selection
    sure = {row["area_id"]: row["count"] for row in dash.areas(strict).to_pylist()}
    points = dash.points(selection, seen)
    found = [_area(row) for row in whole.areas.to_pylist()]
    everywhere = dash.points(selection, None).extent
    boxes = [everywhere] if everywhere else []
    return {
        "total": whole.mappable,
        "cells": _counted_cells(cells) if dated else {},
        "areas": [
            area | {"sure": sure.get(area["id"], 0), "seen": areas.in_view(area["id"], seen)}
            for area in found
        ],
        "points": {
            "mix": points.mix,
            "sure": sum(dash.points(strict, seen).mix.values()),
        },
        "extent": areas.extent([*boxes, *(areas.box(area["id"]) for area in found)]),
    }


def series(dash: Dashboard, selection: Selection, step: Step) -> dict[str, Any]:
    """The answer to `/data/series`: columns `start` (ISO days), `certain` and `possible`."""
    table = dash.series(selection, step)
    first, last = dash.span(selection)
    return {
        "step": step,
        "start": [day.isoformat() for day in table["bin_start"].to_pylist()],
        "certain": table["certain"].to_pylist(),
        "possible": table["possible"].to_pylist(),
        "span": [_day(first), _day(last)],
    }


def figures(dash: Dashboard, selection: Selection) -> dict[str, Any]:
    """The answer to `/data/figures`: the line of figures as the page words it, by figure."""
    own = dash.figures(selection)
    return {
        "figures": {
            "incidents": f"{own.incidents:,}",
            "doubt": f"({own.doubt})" if own.doubt else "",
            "reported killed": str(own.killed) if own.incidents else "–",
            "reported wounded": str(own.wounded) if own.incidents else "–",
            "unclaimed": f"{own.unclaimed:,}",
            "disputed": f"{own.disputed:,}",
            "not-mappable": f"{own.not_mappable:,}",
        }
    }


def incidents(rows: pa.Table) -> list[dict[str, Any]]:
    """Feature rows as the layer reads them: dates as ISO days, the killed figures in one object."""
    return [_incident(row) for row in rows.to_pylist()]


def _areas(dash: Dashboard, selection: Selection, whole: Picture) -> dict[str, Any]:
    """Incidents known only to an area: single ones, or counts where there are too many."""
    if (pc.sum(whole.areas["count"]).as_py() or 0) <= AREAL_LIMIT:
        return {"incidents": incidents(dash.features(selection, areal=True)), "areas": []}
    return {"incidents": [], "areas": [_area(row) for row in whole.areas.to_pylist()]}


def _incident(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "lat": row["lat"],
        "lng": row["lng"],
        "radius_m": row["radius_m"],
        "geo_precision": row["geo_precision"],
        "area_id": row["area_id"],
        "areal": row["areal"],
        "place": row["place_name"] or row["place_text"],
        "kind": row["display_kind"],
        "actors": row["actors"] or [],
        "event_type": row["event_type"],
        "killed": row["killed_text"],
        "killed_low": row["killed_low"],
        "killed_high": row["killed_high"],
        "earliest": _day(row["earliest"]),
        "latest": _day(row["latest"]),
        "date_precision": row["date_precision"],
    }


def _cells(dash: Dashboard, seen: Picture) -> list[dict[str, Any]]:
    rows = seen.cells.to_pylist()
    ids = dash.ids_of([row["row"] for row in rows if row["count"] == 1])
    return [
        {
            "key": f"{row['x']}:{row['y']}",
            "lat": round(row["lat"], 5),
            "lng": round(row["lng"], 5),
            "count": row["count"],
            "one_spot": row["one_spot"],
            "id": ids.get(row["row"]),
            "mix": _mix(row),
        }
        for row in rows
    ]


def _counted_cells(cells: pa.Table) -> dict[str, list[Any]]:
    return {f"{row['x']}:{row['y']}": [row["count"], _mix(row)] for row in cells.to_pylist()}


def _area(row: Mapping[str, Any]) -> dict[str, Any]:
    at = areas.label_point(row["area_id"])
    return {
        "id": row["area_id"],
        "level": row["geo_precision"],
        "within": areas.province_of(row["area_id"]),
        "lat": at[0] if at else None,
        "lng": at[1] if at else None,
        "count": row["count"],
        "mix": _mix(row),
    }


def _mix(row: Mapping[str, Any]) -> dict[str, int]:
    return {kind: row[kind] for kind in DISPLAY_KINDS if row[kind]}


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
