"""The charts of the page "Compare": both sides over one axis of time, and the ranges beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard, Figures
from mapapp.query.questions.aligned import Axis, axis
from mapapp.query.questions.series import Step
from mapapp.ui.charts import charts
from mapapp.ui.citing.cite import cite_comparison
from mapapp.ui.parts.templating import render

_SIDES: Final = ("A", "B")

#: Numbers below an axis of offsets, at most.
_TICKS: Final = 12


def show_charts(dash: Dashboard, part: str, sides: tuple[Selection, Selection], step: Step) -> None:
    """Draw incidents over time, then the ranges of killed and wounded."""
    stacked = [dash.stacked(side, step, "display_kind") for side in sides]
    shared = axis(sides, stacked, step, offsets=part == "date")
    if shared is None:
        st.html('<p class="quiet">Neither has an incident with a known day.</p>')
        return
    _head(f"Incidents by {step}", time_words(shared), "cite_compare_time")
    frames = [charts.over_time_frame(table, step) for table in stacked]
    top = max([1, *(int(frame["high"].max()) for frame in frames if len(frame))])
    st.html(charts.legend_html([code for table in stacked for code in table["code"].to_pylist()]))
    columns = st.columns(2, gap="small")
    for side, (frame, column) in enumerate(zip(frames, columns, strict=True)):
        with column:
            st.html(f'<p class="quiet side-name">{_SIDES[side]}</p>')
            st.altair_chart(
                over_time(frame, shared, side, top), key=f"compare_series_{_SIDES[side]}",
                width="stretch", alt=f"Incidents of {_SIDES[side]} by {step}",
            )  # fmt: skip
    totals = [dash.figures(side) for side in sides]
    _head(
        "Reported killed and wounded",
        "Sums of the lowest to the highest figures on one scale; the tick is the best by the rule. "
        f"Where bars overlap, either side may have the more.{unknown_words(totals)}",
        "cite_compare_ranges",
    )
    frame = range_frame(totals)
    st.altair_chart(
        charts.ranges(frame, "People"), key="compare_ranges", width="stretch",
        alt="Reported killed and wounded of A and B",
    )  # fmt: skip


def _head(title: str, subtitle: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(render("chart_title.html", title=title, subtitle=subtitle), width="stretch")
        cite_comparison(f"Chart “{title}”", key)


def time_words(shared: Axis) -> str:
    """What the axis of time is, and what hatched means."""
    step = shared.step
    hatched = (
        f"Both on one scale. Hatched: only possibly in that {step}; such an incident counts in "
        "each it may be in."
    )
    if not shared.offsets:
        return f"The same {step}s for both. {hatched}"
    first = " and ".join(
        f"{_bin_words(start, step)} for {name}"
        for name, start in zip(_SIDES, shared.starts, strict=True)
    )
    return f"{step.capitalize()} 1 is {first}. {hatched}"


def _bin_words(start: date, step: Step) -> str:
    if step == "month":
        return f"{wording.MONTHS[start.month - 1]} {start.year}"
    return wording.short_day(start)


def placed(frame: pd.DataFrame, shared: Axis, side: int) -> pd.DataFrame:
    """A frame of `over_time_frame` with the number of each bin: columns `at` and `until`."""
    at = [shared.place(side, start.date()) for start in frame["start"]]
    return frame.assign(at=at, until=[number + 1 for number in at])


def over_time(frame: pd.DataFrame, shared: Axis, side: int, top: int) -> alt.LayerChart:
    """One side's bins; `top` is the height that both share."""
    scale = alt.Scale(domain=[0, top], nice=False)
    if not shared.offsets:
        begin = pd.Timestamp(shared.starts[0])
        end = begin
        for _ in range(shared.bins):
            end = pd.Timestamp(charts.bin_end(end.date(), shared.step))
        days = alt.Scale(domain=[_vega(begin), _vega(end)])
        x = alt.X("start:T", title=None, scale=days,
                  axis=alt.Axis(format="%b %Y", labelOverlap=True))  # fmt: skip
        return charts.piles(frame, x, "end:T", scale)
    every = -(-shared.bins // _TICKS)
    ticks = alt.Axis(
        values=[n + 0.5 for n in range(0, shared.bins, every)],
        labelExpr="floor(datum.value) + 1", grid=False, tickSize=0,
    )  # fmt: skip
    x = alt.X(
        "at:Q", title=f"{shared.step.capitalize()}, counted from the begin of each period",
        scale=alt.Scale(domain=[0, shared.bins], nice=False), axis=ticks,
    )  # fmt: skip
    own = placed(frame, shared, side)
    if shared.own[side] == shared.bins:
        return charts.piles(own, x, "until:Q", scale)
    beyond = pd.DataFrame(
        [{"at": shared.own[side], "until": shared.bins, "words": "Beyond this period"}]
    )
    outside = (
        alt.Chart(beyond)
        .mark_rect(fill=charts.hatch("#8a949c"), opacity=0.35)
        .encode(x=x, x2="until:Q", tooltip=[alt.Tooltip("words:N", title=" ")])
    )
    return charts.piles(own, x, "until:Q", scale, below=(outside,))


def _vega(day: pd.Timestamp) -> Mapping[str, Any]:
    return {"year": day.year, "month": day.month, "date": day.day}


def unknown_words(figures: Sequence[Figures]) -> str:
    """Which figures nobody gives, for they have no bar: " Not known: wounded of B."."""
    missing = [
        f"{measure} of {name}"
        for measure in ("killed", "wounded")
        for name, own in zip(_SIDES, figures, strict=True)
        if getattr(own, measure).low is None
    ]
    return f" Not known, and not zero: {', '.join(missing)}." if missing else ""


def range_frame(figures: Sequence[Figures]) -> pd.DataFrame:
    """Columns name, low, best, high, range: killed and wounded of each side, where known."""
    rows = [
        {
            "name": f"{measure}, {name}",
            "low": total.low,
            "best": total.best,
            "high": total.high,
            "range": wording.bounds_text(total.low, total.high, high_open=total.high_open),
        }
        for measure, totals in (
            ("Killed", [own.killed for own in figures]),
            ("Wounded", [own.wounded for own in figures]),
        )
        for name, total in zip(_SIDES, totals, strict=True)
        if total.low is not None
    ]
    return pd.DataFrame(rows, columns=["name", "low", "best", "high", "range"])
