"""The filters at the left, in the order of their table; most stand under "More filters".

Every option shows how many incidents it would leave under the other filters. Widgets are drawn
from the view and change it through `session`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.entry import Codes, Filter, Flag, Range
from mapapp.query.filters.table import DATE, FILTERS
from mapapp.ui import session
from mapapp.ui.head.day_fields import show_days
from mapapp.ui.head.near_filter import show_near_filter
from mapapp.ui.parts import links
from mapapp.ui.parts.components import facet_list
from mapapp.ui.parts.headings import OF_FILTERS, show_heading
from mapapp.ui.view_state import COLOURS, ViewState


def show_filters(dash: Dashboard, view: ViewState) -> None:
    """Draw all filters, and what the colours of the map stand for."""
    selection = view.selection
    for entry in FILTERS:
        if _at_top(entry, selection):
            _show(entry, dash, selection)
    _colours(view)
    more = st.expander("More filters", key="more", on_change="rerun")
    if more.open:
        with more:
            for entry in FILTERS:
                if not _at_top(entry, selection):
                    _show(entry, dash, selection)


def _at_top(entry: Filter, selection: Selection) -> bool:
    """Countries come to the top as soon as others than Afghanistan are asked for."""
    lifting = isinstance(entry, Codes) and entry.lifts
    return entry.first or bool(
        lifting and (getattr(selection, lifting) or getattr(selection, entry.part))
    )


def _show(entry: Filter, dash: Dashboard, selection: Selection) -> None:
    if entry.part == "countries" and len(dash.labels()["countries"]) < 2:
        return  # nothing to choose
    if isinstance(entry, Codes):
        _facet(entry, selection)
    elif isinstance(entry, Range):
        _range(entry, selection)
    elif isinstance(entry, Flag) and not (entry.unless and getattr(selection, entry.unless)):
        _check(entry.heading, entry.part, selection)
    elif entry is DATE:
        _dates(dash, selection)
    elif entry.part == "text":
        _text(entry.heading, selection)
    elif entry.part == "near":  # and along a line: one field for both
        show_near_filter(selection)
    elif entry.part == "place_certain" and selection.shapes:
        _check(entry.heading, entry.part, selection)


def _facet(entry: Codes, selection: Selection) -> None:
    if entry.part in OF_FILTERS:
        show_heading(entry.part)
    facet_list(
        entry.heading,
        entry.part,
        entry.param,
        links.query(session.current()),
        entry.chosen(selection),
        key=f"facet_{entry.part}",
        on_change=lambda chosen: session.select(**{entry.part: chosen}),
        top=entry.top,
    )


def _colours(view: ViewState) -> None:
    session.follow("colour_by", view.colour_by)
    st.segmented_control(
        "Colours of the map",
        COLOURS,
        key="colour_by",
        format_func=lambda code: {"kind": "attribution", "event_type": "type"}.get(code, code),
        required=True,
        on_change=session.from_widget("colour_by", lambda code: session.change(colour_by=code)),
    )


def _dates(dash: Dashboard, selection: Selection) -> None:
    show_days(dash, selection)
    if selection.date_from or selection.date_to:
        _check("Only certainly in these days", "date_certain", selection)


def _check(words: str, name: str, selection: Selection) -> None:
    key = f"filter_{name}"
    session.follow(key, getattr(selection, name))
    st.checkbox(
        words,
        key=key,
        on_change=session.from_widget(key, lambda value: session.select(**{name: value})),
    )


def _text(heading: str, selection: Selection) -> None:
    key = "filter_text"
    session.follow(key, selection.text)
    st.text_input(
        heading,
        key=key,
        max_chars=200,
        on_change=session.from_widget(key, lambda text: session.select(text=text.strip())),
    )


def _range(entry: Range, selection: Selection) -> None:
    columns = st.columns(2, gap="small", wrap=False)
    for column, name, words in zip(columns, entry.fields, ("from", "to"), strict=True):
        key = f"filter_{name}"
        session.follow(key, getattr(selection, name))
        column.number_input(
            f"{entry.heading} {words}",
            min_value=0,
            max_value=1_000_000,
            value=None,
            step=1,
            key=key,
            placeholder="any",
            on_change=session.from_widget(key, _set_number(entry, name)),
        )


def _set_number(entry: Range, name: str) -> Callable[[Any], None]:
    def store(number: int | None) -> None:
        ends = dict(zip(entry.fields, entry.ends(session.current().selection), strict=True))
        ends[name] = number
        low, high = ends.values()
        if low is not None and high is not None and low > high:
            # The other end gives way: the reader has just said what is wanted here.
            ends = {end: number if end == name else None for end in ends}
        session.select(**ends)

    return store
