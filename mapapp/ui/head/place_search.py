"""The search field of the title line: a place in any spelling, or coordinates, shown with a pin."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mapapp.ui import services
from mapapp.ui.head import coordinates, near_filter
from mapapp.ui.parts.map_area import fly_to, remove_pin

_COORDINATES_M = 3000.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that the words in the field may mean: how a button names it, and the pin's name."""

    label: str
    name: str
    lat: float
    lng: float
    radius_m: float


def show_place_search() -> None:
    """Draw the field and, where its words may mean several places, the choice of them."""
    st.text_input(
        "Find a place",
        key="place_search",
        label_visibility="collapsed",
        placeholder="Find a place, or 34.35, 62.2",
        on_change=_search,
        width=220,
    )
    found: tuple[Spot, ...] = st.session_state.get("place_found", ())
    if st.session_state.get("place_search") and not found:
        st.html('<span class="quiet" role="status">No such place; try another spelling.</span>')
    elif len(found) > 1:
        with st.popover("Which one?", key="which_place"):
            for number, spot in enumerate(found):
                st.button(
                    spot.label, key=f"place_{number}", type="tertiary", on_click=_show, args=(spot,)
                )


def spots(text: str) -> tuple[Spot, ...]:
    """The places that a text may mean, most likely first."""
    points = coordinates.read(text)
    if points:
        return tuple(_of_point(lat, lng) for lat, lng in points)
    found = near_filter.find(services.gazetteer(), text)
    return tuple(
        Spot(near_filter.plain_candidate(c), c.name, c.lat, c.lng, c.radius_m)
        for c in found.candidates
    )


def _of_point(lat: float, lng: float) -> Spot:
    north, east = "S" if lat < 0 else "N", "W" if lng < 0 else "E"
    name = f"{abs(lat):.6g}° {north}, {abs(lng):.6g}° {east}"
    return Spot(name, name, lat, lng, _COORDINATES_M)


def _search() -> None:
    text = st.session_state["place_search"].strip()
    found = spots(text) if text else ()
    st.session_state["place_found"] = found
    if found:
        _show(found[0])
    else:
        remove_pin()


def _show(spot: Spot) -> None:
    fly_to(spot.lat, spot.lng, spot.radius_m, spot.name)
