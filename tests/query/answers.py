"""Every question of the dashboard and its answer in a form that two ways of asking can compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.table import CODES
from mapapp.query.questions.series import BY

#: Kabul and around it.
VIEW: Final = (68.5, 34.0, 70.0, 35.0)

Ask = Callable[[Dashboard, Selection], Any]


def _rows(table: pa.Table, *without: str) -> list[dict[str, Any]]:
    """The rows in an order of their own: no question without an order promises one."""
    kept = table.drop_columns([name for name in without if name in table.column_names])
    return sorted(kept.to_pylist(), key=repr)


def _picture(dash: Dashboard, s: Selection, zoom: int, view: Any = None) -> Any:
    """`row` numbers rows as an engine's tables do; what it stands for is the incident's id."""
    found = dash.picture(s, view, zoom)
    single = found.cells.filter(pa.compute.equal(found.cells["count"], 1))
    ids = sorted(dash.ids_of(single["row"].to_pylist()).values())
    return _rows(found.cells, "row"), _rows(found.areas), found.total, found.mappable, ids


QUESTIONS: Final[Mapping[str, Ask]] = {
    "figures": lambda d, s: d.figures(s),
    "victim groups": lambda d, s: d.by_victim_group(s),
    "count": lambda d, s: d.count(s),
    "table": lambda d, s: d.table(s).to_pylist(),
    "table by killed": lambda d, s: d.table(s, "killed", limit=20).to_pylist(),
    "table by place": lambda d, s: d.table(s, "place_name", False, limit=20).to_pylist(),
    "unmappable": lambda d, s: d.unmappable(s).to_pylist(),
    "features": lambda d, s: _rows(d.features(s)),
    "features in view": lambda d, s: _rows(d.features(s, VIEW)),
    "areas": lambda d, s: _rows(d.areas(s)),
    "sources": lambda d, s: _rows(d.sources(s)),
    "span": lambda d, s: d.span(),
    "labels": lambda d, s: d.labels(),
    "emptied by": lambda d, s: d.emptied_by(s),
    "missing": lambda d, s: d.missing(s),
    "coverage": lambda d, s: d.coverage(s, {"AF01": "Kabul", "AF32": "Herat"}),
    "chips": lambda d, s: d.active_parts(s),
    **{f"facet {part}": partial(lambda d, s, p: d.facet(s, p), p=part) for part in CODES},
    **{
        f"series by {step}": partial(lambda d, s, p: d.series(s, p).to_pylist(), p=step)
        for step in ("day", "week", "month", "year")
    },
    **{f"breakdown by {by}": partial(lambda d, s, p: _rows(d.breakdown(s, p)), p=by) for by in BY},
    **{
        f"stacked by {by}": partial(lambda d, s, p: _rows(d.stacked(s, "month", p)), p=by)
        for by in ("display_kind", "province", "group", "type", "weapon")
    },
    **{f"picture {zoom}": partial(_picture, zoom=zoom) for zoom in (0, 5, 7, 8, 14)},
    "picture in view": partial(_picture, zoom=9, view=VIEW),
    "bins": lambda d, s: _rows(d.cell_bins(s, None, 6)),
    "bins by year": lambda d, s: _rows(d.cell_bins(s, None, 7, "year")),
    "bins by week in view": lambda d, s: _rows(d.cell_bins(s, VIEW, 9, "week")),
}
