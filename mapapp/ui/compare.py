"""The page "Compare": two selections that differ in one part, side by side on map and in totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from mapapp.domain.selection import Selection
from mapapp.map.layer import IncidentMap
from mapapp.query import Dashboard, sentence
from mapapp.query.compare import PARTS, Comparison, amounts, coverage_notes, difference
from mapapp.query.series import Step
from mapapp.query.words import word
from mapapp.ui import bench, session
from mapapp.ui.bridge import bridge
from mapapp.ui.map_area import view_token
from mapapp.ui.templating import render
from mapapp.ui.view_state import ViewState, to_params

_HEIGHT_PX: Final = 330
_SIDES: Final = ("A", "B")


def is_open(view: ViewState) -> bool:
    """Whether the view compares."""
    return view.compare is not None


def show_way_in() -> None:
    """The button that opens the page; it begins with periods."""
    st.button("Compare", key="compare_open", width="stretch", on_click=session.change,
              kwargs={"compare": Comparison("date")})  # fmt: skip


def show_page(dash: Dashboard, view: ViewState) -> None:
    """Draw the page."""
    assert view.compare is not None
    with bench.page("Compare", close=_close):
        bridge(to_params(view), token=None, copy_link=True)
        with st.container(key="bench_card_by"):
            _controls(dash, view, view.compare)
        sides = (view.selection, view.compare.other(view.selection))
        columns = st.columns(2, gap="small")
        for name, side, column in zip(_SIDES, sides, columns, strict=True):
            with column, st.container(key=f"bench_card_{name}"):
                words = sentence(side, dash.labels())
                st.html(render("compare_side.html", name=name, words=words))
                _map(name, replace(view, selection=side, incident=None))
        with st.container(key="bench_card_series"):
            _series(dash, sides, _step(view.step))
        with st.container(key="bench_card_totals"):
            _totals(dash, sides)


def _close() -> None:
    session.change(compare=None)


def _controls(dash: Dashboard, view: ViewState, comparison: Comparison) -> None:
    chosen = st.segmented_control(
        "Compare two", list(PARTS), default=comparison.part, format_func=PARTS.__getitem__,
        key=f"compare_by_{comparison.part}", required=True,
    )  # fmt: skip
    if chosen and chosen != comparison.part:
        session.change(compare=Comparison(chosen))
        st.rerun()
    columns = st.columns(2, gap="small")
    for name, column in zip(_SIDES, columns, strict=True):
        with column:
            own = view.selection if name == "A" else comparison.values
            if comparison.part == "date":
                made = _days(name, own)
            else:
                made = _codes(dash, view.selection, name, own, comparison.part)
            if made != own:
                _change(name, made, comparison.part)
                st.rerun()


def _change(name: str, made: Selection, part: str) -> None:
    if name == "A":
        session.change(selection=made)
    else:
        session.change(compare=Comparison(part, made))


def _days(name: str, own: Selection) -> Selection:
    left, right = st.columns(2, gap="small")
    days: dict[str, date | None] = {}
    for place, words, field in ((left, "from", "date_from"), (right, "to", "date_to")):
        days[field] = place.date_input(
            f"{name} {words}", value=getattr(own, field), format="YYYY-MM-DD",
            key=f"compare_{name}_{field}", min_value=date(1900, 1, 1), max_value=date(2100, 1, 1),
        )  # fmt: skip
    start, end = days["date_from"], days["date_to"]
    if start and end and start > end:
        st.html('<p class="quiet" role="alert">The first day is after the last; swap the two.</p>')
        return own
    return replace(own, date_from=start, date_to=end)


def _codes(
    dash: Dashboard, selection: Selection, name: str, own: Selection, part: str
) -> Selection:
    none: dict[str, Any] = {part: ()}
    facets = dash.facet(replace(selection, **none), part)
    labels = dash.labels()
    chosen = getattr(own, part)
    options = list(dict.fromkeys((*(facet.code for facet in facets), *chosen)))
    found = st.multiselect(
        f"{PARTS[part]} of {name}", options, default=list(chosen),
        format_func=lambda code: word(labels, part, code), key=f"compare_{name}_{part}",
        placeholder="All",
    )  # fmt: skip
    made: dict[str, Any] = {part: tuple(found)}
    return replace(own, **made)


def _map(name: str, view: ViewState) -> None:
    st_folium(
        IncidentMap(), key=f"compare_map_{name}", feature_group_to_add=view_token(view),
        returned_objects=[], use_container_width=True, height=_HEIGHT_PX,
    )  # fmt: skip


def _step(name: str) -> Step:
    found: Step = "day" if name == "day" else "week" if name == "week" else "month"
    return found


def _series(dash: Dashboard, sides: Sequence[Selection], step: Step) -> None:
    # Loaded by the first who compares: most sessions never need the charts' library.
    import altair as alt

    st.html(render("chart_title.html", title=f"Incidents by {step}",
                   subtitle=f"Both with the same height of scale. Lighter: only possibly in that "
                   f"{step}."))  # fmt: skip
    tables = [dash.series(side, step) for side in sides]
    frames = [_frame(table.to_pylist()) for table in tables]
    top = max([1, *(int(frame["possible"].max()) for frame in frames if len(frame))])
    columns = st.columns(2, gap="small")
    for name, frame, column in zip(_SIDES, frames, columns, strict=True):
        base = alt.Chart(frame).encode(
            x=alt.X("start:T", title=None),
            tooltip=[alt.Tooltip("start:T", title="from"), "certain:Q", "possible:Q"],
        )
        scale = alt.Scale(domain=[0, top])
        chart = base.mark_bar(opacity=0.35).encode(
            y=alt.Y("possible:Q", title=name, scale=scale, axis=alt.Axis(tickMinStep=1))
        ) + base.mark_bar().encode(y=alt.Y("certain:Q", title=name, scale=scale))
        column.altair_chart(
            chart.properties(height=150), key=f"compare_series_{name}", width="stretch",
            alt=f"Incidents of {name} by {step}",
        )  # fmt: skip


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "start": pd.to_datetime([row["bin_start"] for row in rows]),
            "certain": [row["certain"] for row in rows],
            "possible": [row["possible"] for row in rows],
        }
    )


def _totals(dash: Dashboard, sides: Sequence[Selection]) -> None:
    first, second = (amounts(dash.figures(side)) for side in sides)
    rows = [
        (a.measure, a.text, b.text, difference(a, b)) for a, b in zip(first, second, strict=True)
    ]
    named = [
        (name, side, [c for c in dash.breakdown(side, "dataset")["code"].to_pylist() if c])
        for name, side in zip(_SIDES, sides, strict=True)
    ]
    declared: Mapping[str, Any] = {
        strips.coverage.dataset: strips.coverage
        for side in sides
        for strips in dash.coverage(side, {})
    }
    notes = coverage_notes(named, declared)
    st.html(render("compare.html", rows=rows, notes=notes, rule=sides[0].rule))
