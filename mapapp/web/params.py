"""Query parameters of the data routes to plain values (serves query → route).

A broken filter is ignored and named in a warning, as on the page; a broken view (`bbox`, `zoom`,
`step`) has no sensible reading and is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.query import params_to_selection
from mapapp.store import Snapshot, Store

Bounds = tuple[float, float, float, float]  # west, south, east, north, degrees

STEPS: Final = ("day", "week", "month")
MAX_ZOOM: Final = 22

#: Seconds that a request waits for the data of an earlier time to be prepared by another.
WAIT_S: Final = 60.0

#: Parameters of these routes themselves; all others belong to the selection.
OWN: Final = frozenset({"bbox", "zoom", "step", "as_of", "part", "order", "desc", "after"})


@dataclass(frozen=True, slots=True)
class TablePage:
    """Which page of the table: its order, and where the page before it ended ("": the first)."""

    order: str = "date"
    descending: bool = True
    after: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A data request: what is selected, the view (None: all of it), and what was ignored.

    `as_of` asks for the data as they were then, None for those of now.
    `part` names a filter whose options are asked for; `page` is looked at when its table is made.
    """

    selection: Selection
    bounds: Bounds | None
    zoom: int
    step: str
    warnings: tuple[Problem, ...]
    as_of: Moment | None = None
    part: str = ""
    page: TablePage = TablePage()


def parse(query: Sequence[tuple[str, str]]) -> Question:
    """The question in a request's parameters, in which a name may come more than once.

    Raises InvalidInput for a view that cannot be read.
    """
    own: dict[str, str] = {}
    filters: dict[str, list[str]] = {}
    for name, value in query:
        if name in OWN:
            own[name] = value
        else:
            filters.setdefault(name, []).append(value)
    selection, warnings = params_to_selection(filters)
    return Question(
        selection=selection,
        bounds=_bounds(own["bbox"]) if "bbox" in own else None,
        zoom=_zoom(own.get("zoom", "5")),
        step=_step(own.get("step", "month")),
        warnings=warnings,
        as_of=_moment(own["as_of"]) if own.get("as_of") else None,
        part=own.get("part", ""),
        page=TablePage(own.get("order", "date"), own.get("desc", "1") != "0", own.get("after", "")),
    )


def timeless(selection: Selection) -> Selection:
    """The selection without its dates: time is scrubbed in the browser over what it holds."""
    return replace(selection, date_from=None, date_to=None, date_certain=False)


def problems_json(problems: Sequence[Problem]) -> list[Mapping[str, str]]:
    """Problems as they stand in an answer."""
    return [{"field": p.field, "fault": p.fault, "remedy": p.remedy} for p in problems]


def _refuse(field: str, fault: str, remedy: str) -> InvalidInput:
    problem = Problem("request", field, fault, remedy)
    return InvalidInput(str(problem), (problem,))


def _bounds(text: str) -> Bounds:
    remedy = "Give west,south,east,north in degrees, e.g. bbox=60.5,29.4,74.9,38.5."
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _refuse("bbox", "bbox is not four numbers with commas between them", remedy) from None
    if not all(math.isfinite(n) for n in (west, south, east, north)):
        raise _refuse("bbox", "bbox holds a number that is not finite", remedy)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _refuse("bbox", "bbox is empty or beyond the globe", remedy)
    return west, south, east, north


def snapshot(store: Store, as_of: Moment | None) -> Snapshot:
    """The data of now, or as they were at `as_of`. Raises InvalidInput, StoreUnavailable."""
    # A reader waits for a building no longer than a browser would.
    return store.current() if as_of is None else store.at(as_of.end, wait_s=WAIT_S)


def _moment(text: str) -> Moment:
    try:
        return read_moment(text)
    except ValueError as error:
        remedy = "Write it like 2026-11-25 or 2026-11-25T18:50:00Z (UTC)."
        raise _refuse("as_of", str(error), remedy) from None


def _zoom(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= MAX_ZOOM:
        return int(text)
    raise _refuse("zoom", "zoom is not a whole number in range", f"Give 0 to {MAX_ZOOM}.")


def _step(text: str) -> str:
    if text in STEPS:
        return text
    raise _refuse("step", "step is not known", f"Give one of {', '.join(STEPS)}.")
