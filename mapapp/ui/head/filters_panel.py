"""The filters at the left: date, province and group first, the rest under "More filters".

Every option shows how many incidents it would leave under the other filters. Widgets are drawn
from the view and change it through `session`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.link import CODE_PARAMS
from mapapp.ui import session
from mapapp.ui.head.near_filter import show_near_filter
from mapapp.ui.parts import links
from mapapp.ui.parts.components import facet_list
from mapapp.ui.view_state import COLOURS, ViewState

#: Days of the presets, counted back from the last day of the data.
PRESETS = (30, 90, 365)

#: Part, label, options shown at once.
FIRST = (("provinces", "Province", 6), ("groups", "Group", 5), ("kinds", "Attribution", 7))
MORE = (
    ("doubts", "Look twice", 4),
    ("speakers", "Who says who did it", 5),
    ("districts", "District", 5),
    ("event_types", "Event type", 5),
    ("targets", "Target", 5),
    ("victims", "Figures for (victims)", 5),
    ("participants", "Sides, as coded (not who did it)", 5),
    ("sources", "Source", 5),
    ("geo_precisions", "Place known to the", 6),
    ("date_precisions", "Date known to the", 7),
    ("datasets", "Dataset", 4),
)


def preset(last: date, days: int) -> tuple[date, date]:
    """The last `days` days that end with the last day of the data."""
    return last - timedelta(days=days - 1), last


def show_filters(dash: Dashboard, view: ViewState) -> None:
    """Draw all filters, and what the colours of the map stand for."""
    selection = view.selection
    _dates(dash, selection)
    for part, label, top in FIRST:
        _facet(selection, part, label, top)
    _colours(view)
    more = st.expander("More filters", key="more", on_change="rerun")
    if more.open:
        with more:
            _more(dash, selection)


def _facet(selection: Selection, part: str, label: str, top: int) -> None:
    facet_list(
        label,
        part,
        CODE_PARAMS[part],
        links.query(session.current()),
        getattr(selection, part),
        key=f"facet_{part}",
        on_change=lambda chosen: session.select(**{part: chosen}),
        top=top,
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
    first, last = dash.span()
    bounds = [day for day in (first, last, selection.date_from, selection.date_to) if day]
    low = min([date(1970, 1, 1), *bounds])
    high = max([date(2100, 12, 31), *bounds])
    columns = st.columns(2, gap="small", wrap=False)
    for column, name, words in zip(columns, ("date_from", "date_to"), ("From", "To"), strict=True):
        key = f"filter_{name}"
        session.follow(key, getattr(selection, name))
        column.date_input(
            words,
            value=None,
            key=key,
            format="YYYY-MM-DD",
            min_value=low,
            max_value=high,
            on_change=session.from_widget(key, _set_day(name)),
        )
    if last is not None:
        with st.container(
            horizontal=True, gap="xsmall", vertical_alignment="center", key="presets"
        ):
            st.html('<span class="quiet">Last</span>', width="content")
            for days in PRESETS:
                st.button(
                    f"{days} days",
                    key=f"preset_{days}",
                    type="tertiary",
                    help="Counted back from the last day of the data",
                    on_click=_set_range,
                    args=preset(last, days),
                )
    if selection.date_from or selection.date_to:
        _check("Only certainly in range", "date_certain", selection)


def _set_day(name: str) -> Callable[[Any], None]:
    def store(day: date | None) -> None:
        selection = session.current().selection
        start = day if name == "date_from" else selection.date_from
        end = day if name == "date_to" else selection.date_to
        if start and end and start > end:
            # The other end gives way: the reader has just said what is wanted here.
            start, end = (day, None) if name == "date_from" else (None, day)
        session.select(date_from=start, date_to=end)

    return store


def _set_range(start: date, end: date) -> None:
    session.select(date_from=start, date_to=end)


def _check(words: str, name: str, selection: Selection) -> None:
    key = f"filter_{name}"
    session.follow(key, getattr(selection, name))
    st.checkbox(
        words,
        key=key,
        on_change=session.from_widget(key, lambda value: session.select(**{name: value})),
    )


def _more(dash: Dashboard, selection: Selection) -> None:
    key = "filter_text"
    session.follow(key, selection.text)
    st.text_input(
        "Words in the record",
        key=key,
        max_chars=200,
        on_change=session.from_widget(key, lambda text: session.select(text=text.strip())),
    )
    show_near_filter(selection)
    for measure in ("killed", "wounded"):
        _range(measure, selection)
    for part, label, top in MORE:
        _facet(selection, part, label, top)
    _check("Include attacks mentioned in passing", "background", selection)
    _check("Include attacks abroad", "abroad", selection)


def _range(measure: str, selection: Selection) -> None:
    columns = st.columns(2, gap="small", wrap=False)
    for column, end, words in zip(columns, ("min", "max"), ("from", "to"), strict=True):
        name = f"{measure}_{end}"
        key = f"filter_{name}"
        session.follow(key, getattr(selection, name))
        column.number_input(
            f"{measure.capitalize()} {words}",
            min_value=0,
            max_value=1_000_000,
            value=None,
            step=1,
            key=key,
            placeholder="any",
            on_change=session.from_widget(key, _set_number(measure, end)),
        )


def _set_number(measure: str, end: str) -> Callable[[Any], None]:
    def store(number: int | None) -> None:
        selection = session.current().selection
        ends = {
            "min": getattr(selection, f"{measure}_min"),
            "max": getattr(selection, f"{measure}_max"),
        }
        ends[end] = number
        low, high = ends["min"], ends["max"]
        if low is not None and high is not None and low > high:
            ends["max" if end == "min" else "min"] = None
        session.select(**{f"{measure}_{name}": value for name, value in ends.items()})

    return store
