"""Query parameters of the data routes to plain values (serves query → route).

A broken filter is ignored and named in a warning, as on the page; a broken view (`bbox`, `zoom`,
`step`) has no sensible reading and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from mapapp.domain.moment import Moment
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.query import params_to_selection
from mapapp.query.filters.params import (
    Bounds,
    Fault,
    read_as_of,
    read_bounds,
    read_zoom,
    shorten,
)
from mapapp.store import Snapshot, Store

T = TypeVar("T")

STEPS: Final = ("day", "week", "month")

#: Seconds that a request waits for the data of an earlier time to be prepared by another.
WAIT_S: Final = 60.0

#: Parameters of these routes themselves; all others belong to the selection.
OWN: Final = frozenset({"bbox", "zoom", "view", "step", "as_of", "part", "order", "desc", "after"})


@dataclass(frozen=True, slots=True)
class TablePage:
    """Which page of the table: its order, and where the page before it ended ("": the first)."""

    order: str = "date"
    descending: bool = True
    after: str = ""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A data request: what is selected, the view (None: all of it), and what was ignored.

    `as_of` asks for the data as they were then, None for those of now.
    `part` names a filter whose options are asked for; `page` is looked at when its table is made.
    `seen` is the part of `bounds` that is on the screen.
    """

    selection: Selection
    bounds: Bounds | None
    zoom: int
    step: str
    warnings: tuple[Problem, ...]
    as_of: Moment | None = None
    part: str = ""
    page: TablePage = TablePage()
    seen: Bounds | None = None


def parse(query: Sequence[tuple[str, str]]) -> DataRequest:
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
    return DataRequest(
        selection=selection,
        bounds=_view("bbox", own["bbox"], read_bounds) if "bbox" in own else None,
        zoom=_view("zoom", own.get("zoom", "5"), read_zoom),
        step=_view("step", own.get("step", "month"), _step),
        warnings=warnings,
        as_of=_view("as_of", own["as_of"], read_as_of) if own.get("as_of") else None,
        part=own.get("part", ""),
        page=TablePage(own.get("order", "date"), own.get("desc", "1") != "0", own.get("after", "")),
        seen=_view("view", own["view"], read_bounds) if "view" in own else None,
    )


def timeless(selection: Selection) -> Selection:
    """The selection without its dates: time is scrubbed in the browser over what it holds."""
    return replace(selection, date_from=None, date_to=None, date_certain=False)


def problems_json(problems: Sequence[Problem]) -> list[Mapping[str, str]]:
    """Problems as they stand in an answer."""
    return [{"field": p.field, "fault": p.fault, "remedy": p.remedy} for p in problems]


def snapshot(store: Store, as_of: Moment | None) -> Snapshot:
    """The data of now, or as they were at `as_of`. Raises InvalidInput, StoreUnavailable."""
    # A reader waits for a building no longer than a browser would.
    return store.current() if as_of is None else store.at(as_of.end, wait_s=WAIT_S)


def _view(name: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except Fault as fault:
        problem = Problem("request", name, fault.fault, fault.remedy)
        raise InvalidInput(str(problem), (problem,)) from None


def _step(text: str) -> str:
    if text in STEPS:
        return text
    raise Fault(f"“{shorten(text)}” is no step", f"give one of {', '.join(STEPS)}")
