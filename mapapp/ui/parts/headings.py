"""Headings of the page's parts, for who hears the page or walks it by key, and the ways to them."""

from __future__ import annotations

import streamlit as st

from mapapp.ui.parts.templating import render

#: Parts of the page in the order of their headings: the name of a heading → its words.
PARTS = {
    "filters": "Filters",
    "figures": "Figures",
    "map": "Map",
    "timeline": "Timeline",
    "records": "Incidents, disagreements, charts and sources",
    "provinces": "Province",
    "kinds": "Attribution",
}

#: Those that stand under the filters, to which keys lead as well.
OF_FILTERS = ("provinces", "kinds")


def show_heading(part: str) -> None:
    """The heading of a part; it takes no room."""
    level = 3 if part in OF_FILTERS else 2
    st.html(render("heading.html", part=part, words=PARTS[part], level=level))


def show_ways() -> None:
    """Links past the filters and to the ones used most, seen while one has the focus."""
    st.html(render("ways.html", parts={k: v for k, v in PARTS.items() if k != "filters"}))
