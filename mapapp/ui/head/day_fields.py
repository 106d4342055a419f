"""The days of the selection: two fields to type in, and quick ways (text → range of days)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

import streamlit as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.ui import session
from mapapp.ui.parts.plain_text import plain

End = Literal["date_from", "date_to"]

#: Days of the presets, counted back from the last day of the data.
PRESETS = (30, 90, 365)

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)


def preset(last: date, days: int) -> tuple[date, date]:
    """The last `days` days that end with the last day of the data."""
    return last - timedelta(days=days - 1), last


def month_of(day: date) -> tuple[date, date]:
    """The whole month of a day."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def read_day(text: str, end: End) -> date | None:
    """A day; of a month or a year its first, or its last for the range's end. None for no text.

    Raises ValueError where it is none.
    """
    if not text.strip():
        return None
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError("write a day like 2022-09-30, a month like 2022-09 or a year like 2022")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is not None and day is not None:
            return date(year, month, day)
        first, last = month_of(date(year, month or (1 if end == "date_from" else 12), 1))
    except ValueError:
        raise ValueError(f"there is no day {text.strip()} in the calendar") from None
    return first if end == "date_from" else last


def show_days(dash: Dashboard, selection: Selection) -> None:
    """Draw the fields; each takes hold with Enter and on leaving it."""
    columns = st.columns(2, gap="small", wrap=False)
    faults = [
        _field(column, end, words, selection)
        for column, end, words in zip(columns, _ENDS, ("From", "To"), strict=True)
    ]
    for fault in filter(None, faults):
        st.caption(plain(fault))
    first, last = dash.span(selection)
    if first is None or last is None:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="presets"):
        st.html('<span class="quiet">Last</span>', width="content")
        for days in PRESETS:
            _quick(f"{days} days", f"preset_{days}", preset(last, days),
                   "Counted back from the last day of the data")  # fmt: skip
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="calendar"):
        _year(first.year, last.year, selection)
        _quick(
            "Last month",
            "preset_month",
            month_of(last),
            "The whole month of the last day of the data",
        )


_ENDS: tuple[End, End] = ("date_from", "date_to")


def _field(
    column: st.delta_generator.DeltaGenerator, end: End, words: str, selection: Selection
) -> str:
    """One field; what is wrong with it, else nothing."""
    key = f"filter_{end}"
    day: date | None = getattr(selection, end)
    fault = st.session_state.get(f"{key}_fault", "")
    if not fault:
        session.follow(key, day.isoformat() if day else "")
    column.text_input(
        words,
        key=key,
        max_chars=10,
        placeholder="yyyy-mm-dd",
        help="A day, a month (2022-09) or a year (2022)" if end == "date_from" else None,
        on_change=_typed(end),
    )
    return f"{words}: {fault}." if fault else ""


def _typed(end: End) -> Callable[[], None]:
    key = f"filter_{end}"

    def changed() -> None:
        try:
            day = read_day(st.session_state[key], end)
        except ValueError as error:
            st.session_state[f"{key}_fault"] = str(error)
            return
        selection = session.current().selection
        start = day if end == "date_from" else selection.date_from
        finish = day if end == "date_to" else selection.date_to
        if start and finish and start > finish:
            # The other end gives way: the reader has just said what is wanted here.
            start, finish = (day, None) if end == "date_from" else (None, day)
        _select(start, finish)

    return changed


def _select(start: date | None, finish: date | None) -> None:
    for end in _ENDS:
        st.session_state.pop(f"filter_{end}_fault", None)
    session.select(date_from=start, date_to=finish)


def _quick(words: str, key: str, days: tuple[date, date], about: str) -> None:
    st.button(words, key=key, type="tertiary", help=about, on_click=_select, args=days)


def _year(first: int, last: int, selection: Selection) -> None:
    def chosen(year: int | None) -> None:
        if year is not None:
            _select(date(year, 1, 1), date(year, 12, 31))

    start, finish = selection.date_from, selection.date_to
    whole = (
        start and finish and start.year == finish.year
        and (start.month, start.day, finish.month, finish.day) == (1, 1, 12, 31)
    )  # fmt: skip
    years = list(range(last, first - 1, -1))
    own = start.year if whole and start and start.year in years else None
    session.follow("filter_year", own)
    st.selectbox(
        "Year",
        years,
        key="filter_year",
        placeholder="A year",
        label_visibility="collapsed",
        on_change=session.from_widget("filter_year", chosen),
        width=110,
    )
