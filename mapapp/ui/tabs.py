"""The tabs below the map: Incidents, Charts, Sources, Method. Only the open one computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.ui import charts, formatting, session
from mapapp.ui.incident_table import show_table
from mapapp.ui.links import web_address
from mapapp.ui.templating import render
from mapapp.ui.view_state import TABS, ViewState

METHOD = Path(__file__).resolve().parents[2] / "docs" / "method.md"

#: Incidents whose ranges the chart shows, those with the highest figures.
MAX_RANGES = 15


def show_tabs(dash: Dashboard, view: ViewState, incidents: int) -> None:
    """Draw the tabs; the open one is part of the view."""
    names = {tab: tab.capitalize() for tab in TABS}
    codes = {name: tab for tab, name in names.items()}
    session.follow("tabs", names[view.tab])
    opened = st.tabs(
        list(codes),
        key="tabs",
        on_change=session.from_widget("tabs", lambda name: session.change(tab=codes[name])),
    )
    show: dict[str, Callable[[], None]] = {
        "incidents": lambda: show_table(dash, view.selection, incidents),
        "charts": lambda: show_charts(dash, view.selection, view.step),
        "sources": lambda: show_sources(dash, view.selection),
        "method": show_method,
    }
    for tab, container in zip(TABS, opened, strict=True):
        if tab == view.tab:
            with container:
                show[tab]()


def show_charts(dash: Dashboard, selection: Selection, step: str) -> None:
    """Over time, by province, group and attribution kind, and the ranges of reported killed."""
    _chart(charts.over_time(dash.stacked(selection, step, "display_kind"), step), "over_time")  # type: ignore[arg-type]
    left, right = st.columns(2)
    provinces = dash.breakdown(selection, "province")
    with left:
        _chart(charts.by_category(provinces, "Incidents by province"), "by_province")
        _chart(charts.by_kind(dash.breakdown(selection, "kind")), "by_kind")
    with right:
        facets = {
            kind: dash.facet(replace(selection, kinds=(kind,), groups=()), "groups")
            for kind in charts.KINDS
            if not selection.kinds or kind in selection.kinds
        }
        _chart(charts.by_group(facets), "by_group")
        _chart(
            charts.killed_ranges(
                charts.range_frame(provinces.to_pylist(), "label"),
                "Reported killed by province",
                "Sums of lowest to highest figures; the tick is the best by the rule",
            ),
            "killed_by_province",
        )
    _chart(
        charts.killed_ranges(
            charts.range_frame(_widest(dash, selection), "name"),
            "Reported killed by incident",
            "Lowest to highest figure any speaker gives; the tick is the best by the rule",
        ),
        "killed_by_incident",
    )


def _widest(dash: Dashboard, selection: Selection) -> list[dict[str, Any]]:
    """The incidents with most reported killed, as `charts.range_frame` wants them."""
    best = f"killed_best_{selection.rule.replace('-', '_')}"
    return [
        {
            "name": f"{formatting.iso_interval(row['earliest'], row['latest'])}, {row['title']}",
            "killed_low": row["killed_low"],
            "killed_best": row[best],
            "killed_high": row["killed_high"],
            "killed_open": row["killed_high_open"],
        }
        for row in dash.table(selection, "killed", True, MAX_RANGES).to_pylist()
    ]


def _chart(chart: Any, key: str) -> None:
    st.altair_chart(chart, key=f"chart_{key}", width="stretch")


def show_sources(dash: Dashboard, selection: Selection) -> None:
    """Each source that the selection rests on, with what rests on it."""
    rows = [
        {
            **row,
            "url": web_address(row["url"]),
            "published": formatting.iso_interval(
                row["published_earliest"], row["published_latest"]
            ),
        }
        for row in dash.sources(selection).to_pylist()
    ]
    st.html(render("sources.html", rows=rows))


@cache
def method_text() -> str:
    """The Method page as Markdown, without its heading, which the tab already is."""
    return METHOD.read_text(encoding="utf-8").split("\n", 1)[1]


def show_method() -> None:
    """What the figures and words mean."""
    with st.container(key="method", width=760):
        st.markdown(method_text())
