"""The whole map of a selection in one pass over its rows: cells, areas, totals (selection → map).

The engine groups by (area, cell, kind) and knows nothing of kinds side by side: one row a kind and
sums of integers cost it half of what a column a kind and means of degrees do. `read_picture` puts
the kinds of a cell side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query.questions.places import cell, from_afar
from mapapp.query.tables import Query, incidents_in, weight
from mapapp.snapshot.mercator import unproject_all
from mapapp.snapshot.summaries import OF_PLACES, PLACES, added, map_measures

Expr = Any


@dataclass(frozen=True, slots=True)
class Picture:
    """What a selection looks like from afar.

    `cells`: point-like incidents, columns x, y (index a 2**(zoom + CELL_BITS) square grid), count,
    lat, lng (the mean of the members' web-mercator coordinates), one_spot (all share one
    coordinate, so that zooming in never parts them), row (the smallest of the members') and a
    count for each display kind. `areas`: incidents known only to an area, columns area_id,
    geo_precision, count and a count for each display kind. `total` counts all incidents,
    `mappable` those in cells and areas.
    """

    cells: pa.Table
    areas: pa.Table
    total: int
    mappable: int


def picture_question(zoom: int) -> Query:
    """Rows (area_id, geo_precision, x, y, kind, n, sum_x, …): an area, a cell, or neither."""

    def query(t: Expr) -> Expr:
        x, y = cell(t, zoom)
        if "n" in t.columns:
            area, level = t.area_id, t.area_level
        else:
            area, level = (t.areal.ifelse(t[name], None) for name in ("area_id", "geo_precision"))
            x, y = (t.areal.ifelse(None, part) for part in (x, y))
        keys = {"area_id": area, "geo_precision": level, "x": x, "y": y, "kind": t.display_kind}
        rows = t.select(**keys, **map_measures(t), **weight(t))
        return rows.group_by(list(keys)).aggregate(
            n=incidents_in(rows), **{name: added(rows, name) for name in OF_PLACES}
        )

    reads = frozenset({*PLACES, "display_kind"}) if from_afar(zoom) else None
    return Query(("picture", zoom), query, reads, of_places=True)


def read_picture(answer: pa.Table) -> Picture:
    """The picture of `picture_question`'s rows."""
    in_area = pc.is_valid(answer["area_id"])
    in_cell = pc.and_(pc.is_valid(answer["x"]), pc.invert(in_area))
    cells, areas = _cells(answer.filter(in_cell)), _areas(answer.filter(in_area))
    mappable = sum(pc.sum(part["count"]).as_py() or 0 for part in (cells, areas))
    return Picture(cells, areas, pc.sum(answer["n"]).as_py() or 0, mappable)


def _cells(rows: pa.Table) -> pa.Table:
    column = {name: rows[name].to_numpy() for name in _NUMBERS}
    key = column["x"] << 32 | column["y"]
    cells, first, at = np.unique(key, return_index=True, return_inverse=True)
    size = len(cells)
    count = _sums(at, column["n"], size)
    low_x, low_y, row = (_ends(np.minimum, at, column[n], size) for n in ("min_x", "min_y", "row"))
    high_x, high_y = (_ends(np.maximum, at, column[n], size) for n in ("max_x", "max_y"))
    with np.errstate(invalid="ignore"):
        mean_x, mean_y = (_sums(at, column[n], size) / count for n in ("sum_x", "sum_y"))
    lat, lng = unproject_all(mean_x, mean_y)
    return pa.table(
        {
            "x": column["x"][first],
            "y": column["y"][first],
            "count": count,
            "lat": lat,
            "lng": lng,
            "one_spot": (low_x == high_x) & (low_y == high_y),
            "row": row,
            **_kinds(rows, at, column["n"], size),
        }
    )


_NUMBERS = ("x", "y", "n", "sum_x", "sum_y", "min_x", "max_x", "min_y", "max_y", "row")


def _areas(rows: pa.Table) -> pa.Table:
    # An area's id says its level, but only the store knows how.
    names = pc.binary_join_element_wise(rows["geo_precision"], rows["area_id"], "\n")
    keys = names.combine_chunks().dictionary_encode()
    at, size = keys.indices.to_numpy(), len(keys.dictionary)
    n = rows["n"].to_numpy()
    level, area_id = (
        pa.array([name.split("\n", 1)[part] for name in keys.dictionary.to_pylist()], pa.string())
        for part in (0, 1)
    )
    return pa.table(
        {
            "area_id": area_id,
            "geo_precision": level,
            "count": _sums(at, n, size),
            **_kinds(rows, at, n, size),
        }
    ).sort_by("area_id")  # an engine's groups come in any order


def _kinds(rows: pa.Table, at: Any, n: Any, size: int) -> dict[str, Any]:
    kinds = rows["kind"].combine_chunks()
    masks = {}
    for kind in DISPLAY_KINDS:
        of_kind = pc.equal(kinds, kind).to_numpy(zero_copy_only=False)
        masks[kind] = _sums(at[of_kind], n[of_kind], size)
    return masks


def _sums(at: Any, values: Any, size: int) -> Any:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, at, values)
    return sums


def _ends(end: Any, at: Any, values: Any, size: int) -> Any:
    most = np.iinfo(np.int64)
    ends = np.full(size, most.max if end is np.minimum else most.min, np.int64)
    end.at(ends, at, values)
    return ends
