"""The map and its timeline in the page, and the bridge that keeps the address in step with them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex
from typing import Any, Literal

import streamlit as st
from streamlit_folium import st_folium

from mapapp import settings
from mapapp.map.layer import IncidentMap, ViewToken
from mapapp.query.filters.link import PARAMS
from mapapp.query.filters.params import Fault
from mapapp.ui import session
from mapapp.ui.parts import links
from mapapp.ui.parts.bridge import bridge
from mapapp.ui.parts.timeline import Range, timeline
from mapapp.ui.view_state import ViewState, to_params

HEIGHT_PX = 470

#: Session key of the place that the map shall show once: the `fly` of the bridge.
_FLY = "map_fly"

#: Session key of the token that the map's frame begins with.
_FIRST = "map_first_token"


#: What can be drawn, by the name of its parameter.
_DRAWN = {param.name: param for param in PARAMS if param.kind in ("circle", "polygon")}


def view_token(view: ViewState) -> ViewToken:
    """What the layer shows: the selection, its days apart, the open incident and the colours."""
    selection = view.selection
    return ViewToken(
        links.timeless_query(view),
        date_from=selection.date_from.isoformat() if selection.date_from else None,
        date_to=selection.date_to.isoformat() if selection.date_to else None,
        certain=selection.date_certain,
        selected=view.incident,
        colour=view.colour_by,
    )


def show_bridge(view: ViewState, *, copy_link: bool) -> None:
    """Mount the bridge: it writes the address, forwards picks on the map, and moves the map."""
    bridge(
        to_params(view),
        token=view_token(view).token,
        on_pick=lambda incident: session.change(incident=incident),
        on_draw=_draw,
        on_went=session.go,
        on_print=_print if copy_link else None,
        fly=st.session_state.get(_FLY),
        copy_link=copy_link,
    )


def _draw(param: str, text: str) -> None:
    """Filter by a shape that was drawn; what cannot be read is not one of ours."""
    if param in _DRAWN:
        with suppress(Fault):
            session.select(**_DRAWN[param].parse(text))


def _print() -> None:
    st.session_state["print"] = token_hex(8)  # an id: each press prints once


def forget_map() -> None:
    """The page shows no map: the next one is a new frame, and begins with the view of then."""
    st.session_state.pop(_FIRST, None)


def fly_to(lat: float, lng: float, radius_m: float, name: str) -> None:
    """Let the map show a place of that radius (metres), with a pin of that name."""
    # A degree of latitude is 111 km; the box need not be exact.
    reach = max(radius_m, 2000.0) / 111_000 * 1.5
    _fly(
        bounds=[[lat - reach, lng - reach], [lat + reach, lng + reach]],
        pin={"lat": lat, "lng": lng, "name": name},
    )


def remove_pin() -> None:
    """Nothing is looked for any more."""
    _fly(pin=None)


def _fly(**what: Any) -> None:
    before: Mapping[str, Any] = st.session_state.get(_FLY) or {"id": "0"}
    st.session_state[_FLY] = {"id": str(int(before["id"]) + 1), **what}


def incident_map(*, draws: bool = False, fits: bool | Literal["afresh"] = False) -> IncidentMap:
    """The map with the base maps that the owner offers; `draws`, `fits` as in `IncidentMap`."""
    own = settings.read()
    return IncidentMap(
        tiles=own.basemaps, vector_tiles=own.basemap_file is not None, draws=draws, fits=fits
    )


def show_map(view: ViewState) -> None:
    """Draw the map. Its frame stays mounted over reruns, and its message is always the same.

    It begins with the view that it was first drawn for; the bridge tells it what comes after, by
    a shorter way than a new script for the frame.
    """
    first: ViewToken = st.session_state.setdefault(_FIRST, view_token(view))
    with st.container(key="map_frame"):
        st_folium(
            incident_map(draws=True),
            key="map",
            feature_group_to_add=first,
            returned_objects=[],
            use_container_width=True,
            height=HEIGHT_PX,
        )


def show_timeline(view: ViewState) -> None:
    """Draw the histogram with brush and playback, and what the colours of the map mean."""
    selection = view.selection
    with st.container(key="timeline"):
        timeline(
            links.timeless_query(view),
            (selection.date_from, selection.date_to),
            view.step,
            key="timeline_bins",
            on_range=_set_range,
            on_step=lambda step: session.change(step=step),
        )


def _set_range(chosen: Range) -> None:
    session.select(date_from=chosen[0], date_to=chosen[1])
