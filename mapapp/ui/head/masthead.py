"""The title line: what the data are, as of when; place search, link, citation, export, print."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.countries import HOME, country_name
from mapapp.domain.selection import Selection
from mapapp.gate.public import sentences_of
from mapapp.query import Dashboard
from mapapp.query.filters.words import countries_words
from mapapp.query.questions.disagreements import ORDERS, DisagreementOrder
from mapapp.ui.citing import as_of, cite, downloads, embed_code
from mapapp.ui.citing.citation import TITLE, Edition
from mapapp.ui.head.place_search import show_place_search
from mapapp.ui.parts.map_area import show_bridge
from mapapp.ui.parts.templating import render
from mapapp.ui.record.disagreements import ORDER_WORDS
from mapapp.ui.view_state import ViewState


def edition() -> Edition:
    """What the page shows, for its banner and its citations."""
    snapshot = as_of.snapshot()
    return _edition(snapshot.path, snapshot.seq, as_of.recorded_at(snapshot))


@lru_cache(maxsize=8)
def _edition(_path: Path, seq: int, recorded_at: datetime) -> Edition:
    # A snapshot never changes, so that its description is asked for once.
    dash = Dashboard(as_of.snapshot())
    everything = Selection(background=True, abroad=True)
    first, last = dash.span(everything)
    return Edition(
        sources=dash.sources(everything).num_rows,
        first_year=first.year if first else None,
        last_year=last.year if last else None,
        published_at=recorded_at,
        seq=seq,
    )


def heading(dash: Dashboard, selection: Selection) -> str:
    """The page's title, which names the countries that are shown."""
    if not selection.abroad and not selection.countries:
        return TITLE
    shown = dash.countries(selection)
    if not shown or shown == (country_name(HOME),):
        return TITLE
    return f"Incidents in {countries_words(shown)}, and who says so"


def show_masthead(dash: Dashboard, view: ViewState, sentence: str, title: str) -> None:
    """Draw the title and the actions of the whole page; the bridge is the Copy-link button."""
    now, selection = edition(), view.selection
    with st.container(key="title", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            render(
                "masthead.html",
                title=title,
                sources=wording.counted(now.sources, "source"),
                years=now.years,
                updated=wording.short_day(now.published_at.date()),
                held_back=sentences_of(as_of.snapshot()),
            ),
            width="stretch",
        )
        with st.container(key="title_actions", horizontal=True, gap="xsmall", width="content"):
            show_place_search()
            cite.cite_menu(citable(view), "cite")
            with st.popover("Export", key="export", on_change="rerun") as export:
                if export.open:
                    shown = as_of.snapshot()
                    words = downloads.picture_words(dash, shown, selection)
                    downloads.show_pictures(words)
                    downloads.show_downloads(shown, selection, dash.count(selection))
                    with st.expander("Embed"):
                        embed_code.show_code(sentence)
            show_bridge(view, copy_link=True)


def citable(view: ViewState) -> tuple[str, ...]:
    """What "Cite" of the page offers: all that counts the selection and has none of its own."""
    found = ["The view", "Totals", "The map", "The timeline"]
    if view.tab == "incidents":
        found.append("The table of incidents")
    elif view.tab == "disagreements":
        order: DisagreementOrder = next(known for known in ORDERS if known == view.order)
        found.append(f"Incidents in dispute, {ORDER_WORDS[order]}")
    return tuple(found)
