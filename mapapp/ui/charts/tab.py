"""The tab of charts: over time, by province, group and kind, and the ranges of reported killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query import Dashboard
from mapapp.ui.charts import charts
from mapapp.ui.charts.coverage import show_coverage
from mapapp.ui.charts.shaded_map import show_shaded_map
from mapapp.ui.citing.cite import cite_popover
from mapapp.ui.parts.templating import render
from mapapp.ui.view_state import ViewState

#: Incidents whose ranges the chart shows, those with the highest figures.
MAX_RANGES = 15


def show_charts(dash: Dashboard, view: ViewState) -> None:
    """Over time, by province, group and attribution kind, and the ranges of reported killed."""
    selection, step = view.selection, view.time_step
    stacked = dash.stacked(selection, step, "display_kind")
    _chart(
        f"Incidents by {step}",
        f"Hatched: only possibly in that {step}; such an incident counts in each it may be in.",
        charts.over_time(stacked, step),
        kinds=stacked["code"].to_pylist(),
    )
    show_shaded_map(dash, selection)
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
        kinds = [kind for kind in DISPLAY_KINDS if not selection.kinds or kind in selection.kinds]
        facets = {
            kind: dash.facet(replace(selection, kinds=(kind,), groups=()), "groups")
            for kind in kinds
        }
        named = [kind for kind in kinds if any(facet.count for facet in facets[kind])]
        if named:
            _chart(
                "Incidents by group, and what is said of it",
                "Kinds stand apart and must not be added: one incident may be in several bars.",
                charts.by_group(facets),
                kinds=named,
            )
        else:
            title = "Incidents by group, and what is said of it"
            st.html(render("chart_title.html", title=title,
                           subtitle="No statement names a group."))  # fmt: skip
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
            "name": f"{wording.iso_interval(row['earliest'], row['latest'])}, {row['title']}",
            "killed_low": row["killed_low"],
            "killed_best": row[best],
            "killed_high": row["killed_high"],
            "killed_open": row["killed_high_open"],
        }
        for row in dash.table(selection, "killed", True, MAX_RANGES).to_pylist()
    ]


def _chart(title: str, subtitle: str, chart: Any, kinds: Sequence[str] = ()) -> None:
    with st.container(key=f"chart_block_{title}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(render("chart_title.html", title=title, subtitle=subtitle), width="stretch")
            cite_popover(f"Chart “{title}”", f"cite_{title}")
        if kinds:
            st.html(charts.legend_html(kinds))
        st.altair_chart(chart, key=f"chart_{title}", width="stretch", alt=title)
