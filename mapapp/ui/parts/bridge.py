"""The bridge: an invisible component that keeps address, map and script in step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from mapapp.ui.parts import ahead
from mapapp.ui.parts.embed import addresses, declare

_BRIDGE = declare("bridge", 0)

#: Its key in the session: there is one a page.
_KEY = "bridge"


def bridge(
    params: Mapping[str, str | Sequence[str]],
    *,
    token: Mapping[str, Any] | None = None,
    on_pick: Callable[[str], None] | None = None,
    on_draw: Callable[[str, str], None] | None = None,
    on_went: Callable[[str], None] | None = None,
    on_print: Callable[[], None] | None = None,
    fly: Mapping[str, Any] | None = None,
    copy_link: bool = False,
) -> str | None:
    """Mount it once a page, on every run; returns the incident picked on the map, else None.

    `params` are all query parameters of the view but the map's `v` (see `ViewState.to_params`): the
    bridge writes them into the address and keeps `v` and `embed` as they are there.
    `token` is `ViewToken(...).token`, told to the map as well: a map that was still loading when
    st_folium handed it over would miss it. `on_pick` is called before the run in which an incident
    was picked on the map, with its id, `on_draw` before the one in which an area was drawn,
    with the name of its parameter and its text, `on_went` before the one after Back or
    Forward, with the query of the address then, `on_print` before the one after Ctrl+P, which else
    prints the page as it stands. `fly` moves the map once per `id`:
    `{"id": "any new text", "lat": …, "lng": …, "zoom": …}` or with
    `"bounds": [[south, west], [north, east]]`; `"pin": {"lat": …, "lng": …, "name": …}` is left
    there, None removes it. `copy_link` draws a Copy-link button in its place, else the component
    takes no room.
    """

    def picked() -> None:
        chosen = st.session_state[_KEY].get("picked")
        if isinstance(chosen, str) and on_pick is not None:
            on_pick(chosen)

    def drawn() -> None:
        said = st.session_state[_KEY].get("drawn")
        if isinstance(said, Mapping) and on_draw is not None:
            on_draw(str(said.get("param")), str(said.get("value")))

    def went() -> None:
        query = st.session_state[_KEY].get("went")
        if isinstance(query, str) and on_went is not None:
            on_went(query)

    result = _BRIDGE(
        key=_KEY,
        data={
            **addresses(),
            "params": _pairs(params),
            "token": dict(token) if token is not None else None,
            "order": ahead.ORDER,
            "click": ahead.last_click(),
            "fly": dict(fly) if fly is not None else None,
            "copy_link": copy_link,
            "prints": on_print is not None,
        },
        on_picked_change=picked,
        on_drawn_change=drawn,
        on_went_change=went,
        on_print_change=on_print or (lambda: None),
    )
    chosen = result.get("picked")
    return chosen if isinstance(chosen, str) else None


def _pairs(params: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in params.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
