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
}


def show_heading(part: str) -> None:
    """The heading of a part; it takes no room."""
    st.html(render("heading.html", part=part, words=PARTS[part]))


def show_ways() -> None:
    """Links past the filters, seen while one has the focus."""
    st.html(render("ways.html", parts={k: v for k, v in PARTS.items() if k != "filters"}))
