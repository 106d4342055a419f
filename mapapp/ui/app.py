"""The page: reads the view, asks `query`, and hands the answers to the view functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.access import Permission
from mapapp.domain.problems import MapAppError, NotFound, Problem
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard, Figures, IncidentDetail
from mapapp.query.filters.sentence import sentence
from mapapp.ui import bench_pages, notices, session
from mapapp.ui.bring_data import page as bring_data
from mapapp.ui.citing import as_of, embed_code, replayed
from mapapp.ui.citing.citation import TITLE
from mapapp.ui.citing.print_sheet import show_sheet
from mapapp.ui.curation import page as curation_page
from mapapp.ui.head.figures_line import show_figures
from mapapp.ui.head.filters_panel import show_filters
from mapapp.ui.head.masthead import heading, show_masthead
from mapapp.ui.link_check import usable
from mapapp.ui.linking import page as linking_page
from mapapp.ui.parts import components
from mapapp.ui.parts.headings import show_heading, show_ways
from mapapp.ui.parts.map_area import (
    forget_map,
    show_bridge,
    show_map,
    show_timeline,
    view_token,
)
from mapapp.ui.parts.templating import STATIC
from mapapp.ui.reader import access, account, unwritable
from mapapp.ui.record import history
from mapapp.ui.record.panel import show_panel
from mapapp.ui.tabs import show_tabs
from mapapp.ui.view_state import ViewState


def main() -> None:
    """One run of the page."""
    st.set_page_config(page_title=TITLE, layout="wide", initial_sidebar_state="auto")
    st.html(STATIC / "page.css")
    view = session.start()
    if not access.may(Permission.READ):
        account.show_sign_in(kept=access.session_ended() and curation_page.set_aside())
        return
    try:
        dash = as_of.dashboard()
        if dash is not None:
            _page(dash, view)
        else:
            replayed.show_lost()
    except MapAppError as error:
        st.html(notices.error_html(error))
        st.button("Try again", key="retry")


def _page(dash: Dashboard, view: ViewState) -> None:
    if bring_data.is_open():
        forget_map()
        unwritable.show_notice()
        bring_data.show_page(dash)
        return
    view = _check_link(dash, view)
    if bench_pages.show(dash, view):
        forget_map()
        return
    selection = view.selection
    words = sentence(selection, dash.labels())
    if st.session_state.get("print"):
        forget_map()
        show_sheet(dash, selection, dash.figures(selection), _open_incident(dash, view))
        return
    detail = _open_incident(dash, view)
    title = heading(dash, selection)
    st.set_page_config(page_title=title)
    # What tells the map its selection comes first, and no question to the store before it: the
    # map's own question is then under way while this script asks for the figures.
    if not st.context.is_embedded:
        show_masthead(dash, view, words, title)
    _link_notice()
    unwritable.show_notice()
    as_of.show_banner()
    if detail is None:
        history.show_withdrawn()
    figures_place = st.container(key="figures_place")
    with st.container(key="stage"):
        with st.container(key="main"):
            show_heading("map")
            show_map(view)
            show_heading("timeline")
            show_timeline(view)
            lower = st.container(key="lower")
        panel = st.container(key="panel")
    if st.context.is_embedded:
        show_bridge(view, copy_link=False)
        embed_code.show_way_out()
    figures = dash.figures(selection)
    with figures_place:
        show_heading("figures")
        replayed.show_replay()
        show_figures(dash, selection, figures)
        linking_page.show_overlap(dash, selection, figures)
    with panel:
        if detail is not None:
            show_panel(detail, selection.rule)
    with lower:
        # A record that is not there, or not any more, is not the one that the tabs are about.
        shown = view if detail is not None else replace(view, incident=None)
        _below(dash, shown, figures, words)
    if not st.context.is_embedded:
        with st.sidebar:
            show_ways()
            show_heading("filters")
            show_filters(dash, view)
            bring_data.show_way_in()
            bench_pages.show_ways_in(dash)
            account.show_account()


def _below(dash: Dashboard, view: ViewState, figures: Figures, words: str) -> None:
    parts = dash.active_parts(view.selection)
    without = {str(number): part.without for number, part in enumerate(parts)}
    everything = replace(dash.unfiltered(), rule=view.selection.rule)
    chips = [
        components.Chip(str(number), part.words, _token(view, part.without))
        for number, part in enumerate(parts)
    ]
    if outside := dash.outside(view.selection):
        without["abroad"] = replace(view.selection, abroad=True)
        is_or_are = "is" if outside == 1 else "are"
        told = f"{wording.count(outside)} outside Afghanistan {is_or_are} not shown · show"
        offer = components.Chip("abroad", told, _token(view, without["abroad"]), adds=True)
        chips.insert(0, offer)
    components.chips(
        f"{words}: {figures.doubt}" if figures.doubt else words,
        chips,
        cleared=_token(view, everything),
        key="chips",
        on_remove=lambda chip: session.change(selection=without.get(chip, view.selection)),
        on_clear=lambda: session.clear_selection(everything),
    )
    if not figures.incidents:
        _empty(dash, view)
    if not st.context.is_embedded:
        show_heading("records")
        show_tabs(dash, view, figures.incidents)


def _token(view: ViewState, selection: Selection) -> Mapping[str, Any]:
    return view_token(replace(view, selection=selection)).token


def _empty(dash: Dashboard, view: ViewState) -> None:
    culprits = dash.emptied_by(view.selection)
    st.html(notices.empty_html([part.words for part, _ in culprits]))
    with st.container(horizontal=True, key="empty_actions"):
        for number, (part, left) in enumerate(culprits[:3]):
            st.button(
                notices.clear_label(part.words, left),
                key=f"clear_{number}",
                on_click=session.change,
                kwargs={"selection": part.without},
            )
        if outside := dash.outside(view.selection):
            st.button(
                f"Show {wording.count(outside)} outside Afghanistan",
                key="clear_home",
                on_click=session.select,
                kwargs={"abroad": True},
            )
        elif not culprits and dash.active_parts(view.selection):
            st.button(
                "Clear all filters",
                key="clear_everything",
                on_click=session.clear_selection,
                args=(dash.unfiltered(),),
            )


def _open_incident(dash: Dashboard, view: ViewState) -> IncidentDetail | None:
    if view.incident is None:
        return None
    try:
        return dash.incident(view.incident)
    except NotFound as error:
        if history.withdrawn(view.incident) is not None:
            return None  # said in a notice of its own
        session.add_problem(Problem("link", "incident", str(error), "No incident is opened."))
        session.change(incident=None)
        return None


def _check_link(dash: Dashboard, view: ViewState) -> ViewState:
    """The view without what its link cannot mean; looked at once, when the session begins.

    Where the data, or the data sets that it names, have nothing in Afghanistan, it begins with what
    they have.
    """
    if "link_checked" not in st.session_state:
        st.session_state["link_checked"] = True
        asked = view.selection
        if not view.cited and not asked.countries and dash.unfiltered(asked.datasets).abroad:
            session.select(abroad=True)
            view = session.current()
        selection, problems = usable(dash, view.selection)
        if problems:
            session.change(selection=selection)
        for problem in problems:
            session.add_problem(problem)
    return session.current()


def _link_notice() -> None:
    if session.problems():
        with st.container(key="link_notice", horizontal=True, vertical_alignment="center"):
            st.html(notices.link_problems_html(session.problems()), width="stretch")
            st.button("Dismiss", key="dismiss", type="tertiary", on_click=session.dismiss_problems)


if __name__ == "__main__":
    main()
