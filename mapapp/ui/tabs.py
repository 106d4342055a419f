"""The tabs below the map, Incidents to Method. Only the open one computes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import streamlit as st

from mapapp import settings
from mapapp.domain import wording
from mapapp.domain.dependence import own_words, separate
from mapapp.domain.selection import Selection
from mapapp.domain.source import web_address
from mapapp.query import Dashboard
from mapapp.ui import session
from mapapp.ui.citing.changes_tab import show_changes
from mapapp.ui.head.masthead import edition
from mapapp.ui.parts.incident_table import show_table
from mapapp.ui.parts.templating import render, static_text
from mapapp.ui.record.disagreements import show_disagreements
from mapapp.ui.view_state import TABS, ViewState

_IN_VIEW = st.components.v2.component(
    "mapapp.tab_in_view", html='<div class="tab-in-view"></div>', js=static_text("tab_in_view.js")
)

METHOD = settings.ROOT / "docs" / "method.md"


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
        "charts": lambda: _charts(dash, view),
        "changes": lambda: show_changes(dash, view),
        "sources": lambda: show_sources(dash, view.selection),
        "method": show_method,
    }
    _IN_VIEW(key="tab_in_view", data={"tab": view.tab})
    for tab, container in zip(TABS, opened, strict=True):
        if tab == view.tab:
            with container:
                show[tab]()


def _charts(dash: Dashboard, view: ViewState) -> None:
    # 24 MB of the charts' library, which a server needs for the first reader who looks at any.
    from mapapp.ui.charts.tab import show_charts

    show_charts(dash, view)


def show_sources(dash: Dashboard, selection: Selection) -> None:
    """Each source that the selection rests on, with what rests on it."""
    listed = dash.sources(selection).to_pylist()
    cited = dash.cited([row["source_id"] for row in listed])
    # A data set's release stands for its rows, not for an account of somebody's.
    plain = [source for source in cited.values() if source.dataset_version is None]
    rows = [
        {
            **row,
            "dependence": own_words(cited[row["source_id"]], plain)
            if row["source_id"] in cited
            else (),
            "url": web_address(row["url"]),
            "published": wording.iso_interval(row["published_earliest"], row["published_latest"]),
        }
        for row in listed
    ]
    st.html(render("sources.html", rows=rows, separate=separate(plain), known=edition().sources))


@cache
def method_text() -> str:
    """The Method page as Markdown, without its heading, which the tab already is."""
    return METHOD.read_text(encoding="utf-8").split("\n", 1)[1]


def show_method() -> None:
    """What the figures and words mean."""
    with st.container(key="method", width=760):
        st.markdown(method_text())
