"""The reader's last click, as the page's script heard of it (page ↔ map layer).

Page parts tell the map what a click selects before this script runs (`ahead.js`). The time of the
click comes with it and goes back with the token, so that a run of an older choice is not passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from mapapp.query.filters.link import PARAMS

_KEY: Final = "last_click"

#: The names of parameters in the order of `links.timeless_query`.
ORDER: Final = (*(param.name for param in PARAMS), "as_of")


def heard(said: object) -> Mapping[str, Any]:
    """What a page part said at a click; the click is known from now on."""
    if not isinstance(said, Mapping):
        return {}
    click = said.get("click")
    if isinstance(click, (int, float)):
        st.session_state[_KEY] = click
    return said


def last_click() -> float:
    """When the last click was that this session knows of, ms since 1970 by the reader's clock."""
    return float(st.session_state.get(_KEY, 0))
