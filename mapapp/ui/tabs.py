"""The tabs below the map, Incidents to Method. Only the open one computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.series import Step
from mapapp.ui import charts, formatting, session
from mapapp.ui.changes_tab import show_changes
from mapapp.ui.cite import cite_popover
from mapapp.ui.coverage_view import show_coverage
from mapapp.ui.disagreements import show_disagreements
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
        "incidents": lambda: show_table(view, incidents),
        "disagreements": lambda: show_disagreements(dash, view),
        "charts": lambda: show_charts(dash, view.selection, _step(view.step)),
        "changes": lambda: show_changes(dash, view),
        "sources": lambda: show_sources(dash, view.selection),
        "method": show_method,
    }
    for tab, container in zip(TABS, opened, strict=True):
        if tab == view.tab:
            with container:
                show[tab]()


def _step(name: str) -> Step:
    found: Step = "day" if name == "day" else "week" if name == "week" else "month"
    return found


def show_charts(dash: Dashboard, selection: Selection, step: Step) -> None:
    """Over time, by province, group and attribution kind, and the ranges of reported killed."""
    _chart(
        f"Incidents by {step}",
        f"Hatched: only possibly in that {step}; such an incident counts in each it may be in.",
        charts.over_time(dash.stacked(selection, step, "display_kind"), step),
    )
    provinces = dash.breakdown(selection, "province")
    left, right = st.columns(2)
    with left:
        _chart("Incidents by province", "", charts.by_category(provinces))
        _chart(
            "Incidents by attribution kind",
            "An incident with statements of several kinds counts once for each.",
            charts.by_kind(dash.breakdown(selection, "kind")),
        )
    with right:
        kinds = [kind for kind in charts.KINDS if not selection.kinds or kind in selection.kinds]
        _chart(
            "Incidents by group, and what is said of it",
            "Kinds stand apart and must not be added: one incident may be in several bars.",
            charts.by_group(
                {
                    kind: dash.facet(replace(selection, kinds=(kind,), groups=()), "groups")
                    for kind in kinds
                }
            ),
        )
        _chart(
            "Reported killed by province",
            "Sums of the lowest to the highest figures; the tick is the best by the rule.",
            charts.killed_ranges(charts.range_frame(provinces.to_pylist(), "label")),
        )
    _chart(
        "Reported killed by incident",
        "Lowest to highest figure that any speaker gives; the tick is the best by the rule. "
        f"The {MAX_RANGES} highest.",
        charts.killed_ranges(charts.range_frame(_widest(dash, selection), "name")),
    )
    show_coverage(dash, selection)


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


def _chart(title: str, subtitle: str, chart: Any) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(render("chart_title.html", title=title, subtitle=subtitle), width="stretch")
        cite_popover(f"Chart “{title}”", f"cite_{title}")
    st.altair_chart(chart, key=f"chart_{title}", width="stretch", alt=title)


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
