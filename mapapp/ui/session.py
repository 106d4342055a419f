"""The view of one reader's session: read from the link once, then changed only through here.

The widgets are drawn from the view, and their callbacks change it; the script never writes query
parameters (the bridge in the page does), because that would drop the map's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs

import streamlit as st

from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.ui.view_state import ViewState, from_params

_VIEW: Final = "view"
_PROBLEMS: Final = "link_problems"
_MISSING: Final = object()


def start() -> ViewState:
    """The session's view; at its first run it is read from the link."""
    if _VIEW not in st.session_state:
        params = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[_VIEW], st.session_state[_PROBLEMS] = from_params(params)
    return current()


def current() -> ViewState:
    """The view as it is now."""
    view: ViewState = st.session_state[_VIEW]
    return view


def problems() -> tuple[Problem, ...]:
    """What could not be used of the link that opened the session."""
    found: tuple[Problem, ...] = st.session_state.get(_PROBLEMS, ())
    return found


def add_problem(problem: Problem) -> None:
    """Name one more thing of the link that could not be used."""
    if problem not in problems():
        st.session_state[_PROBLEMS] = (*problems(), problem)


def dismiss_problems() -> None:
    """The reader has seen what was wrong with the link."""
    st.session_state[_PROBLEMS] = ()


def change(**fields: Any) -> None:
    """Replace fields of the view."""
    st.session_state[_VIEW] = replace(current(), **fields)


def select(**fields: Any) -> None:
    """Replace parts of the selection."""
    change(selection=replace(current().selection, **fields))


def go(query: str) -> None:
    """Show what an address of this session's history says: Back and Forward undo and redo."""
    view, _ = from_params(parse_qs(query, keep_blank_values=True))
    st.session_state[_VIEW] = view


def clear_selection(unfiltered: Selection) -> None:
    """Take every filter away; the rule is no filter and stays."""
    change(selection=replace(unfiltered, rule=current().selection.rule))


def follow(key: str, value: Any) -> None:
    """Make the widget of `key` show `value` before it is drawn.

    It is written only where it differs: a value set by the script overrides what the reader may be
    doing with the widget at this moment.
    """
    if st.session_state.get(key, _MISSING) != value:
        st.session_state[key] = value


def from_widget(key: str, store: Callable[[Any], None]) -> Callable[[], None]:
    """A callback that hands the widget's new value to `store`."""

    def changed() -> None:
        store(st.session_state[key])

    return changed
