"""The timeline component: histogram, brush over a range of days, playback (page ↔ map layer)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from mapapp.ui.parts.embed import addresses, declare

Range = tuple[date | None, date | None]

_TIMELINE = declare("timeline", 96)


@dataclass(frozen=True, slots=True)
class TimelineState:
    """What the reader did in the timeline since the last run; None: nothing.

    `range` is inclusive days, `(None, None)` for all dates; `step` is day, week or month.
    """

    range: Range | None
    step: str | None


def timeline(
    query: str,
    selected: Range,
    step: str,
    *,
    key: str,
    on_range: Callable[[Range], None] | None = None,
    on_step: Callable[[str], None] | None = None,
    assets_url: str = "assets",
) -> TimelineState:
    """Draw the timeline, full width, 96 px high (about 150 px on a phone).

    `query` is the URL form of the selection *without* `from`, `to`, `certain`, as given to
    `ViewToken`: the browser fetches its bins from `/data/series`, so that nothing large goes
    through the script. `selected` is the range of the selection, `step` the bins shown.

    The script runs again only when the reader lets go of the brush, pauses, or chooses a step;
    then `on_range` or `on_step` is called before the run, as Streamlit's callbacks are, with the
    new value, and the same stands in the state returned. Keep it in the view and give it back as
    `selected`; `(None, None)` clears `date_from` and `date_to`. While the brush moves or time
    plays, the map follows by itself.
    """

    def read_range() -> Range | None:
        return _read_range(_trigger(key, "range"))

    def range_changed() -> None:
        chosen = read_range()
        if chosen is not None and on_range is not None:
            on_range(chosen)

    def step_changed() -> None:
        chosen = _trigger(key, "step")
        if chosen in ("day", "week", "month") and on_step is not None:
            on_step(str(chosen))

    start, end = selected
    result = _TIMELINE(
        key=key,
        data={
            **addresses(assets_url),
            "query": query,
            "from": start.isoformat() if start else None,
            "to": end.isoformat() if end else None,
            "step": step,
        },
        on_range_change=range_changed,
        on_step_change=step_changed,
    )
    chosen_step = result.get("step")
    return TimelineState(
        range=_read_range(result.get("range")),
        step=chosen_step if chosen_step in ("day", "week", "month") else None,
    )


def _trigger(key: str, name: str) -> Any:
    return st.session_state[key].get(name)


def _read_range(value: Any) -> Range | None:
    """The range that the browser sent, None where it sent none that can be."""
    if not isinstance(value, dict):
        return None
    try:
        start, end = (
            date.fromisoformat(value[side]) if value.get(side) else None for side in ("from", "to")
        )
    except (TypeError, ValueError):
        return None
    if start and end and start > end:
        return None
    return start, end
