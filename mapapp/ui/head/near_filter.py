"""The filter "within R km of a place or a line", with place names typed in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from gazetteer import Candidate, Gazetteer
from gazetteer.errors import GazetteerError
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.importers.cells.places import candidate_text
from mapapp.ui import services, session
from mapapp.ui.parts.plain_text import plain

#: Names of a line are parted by these.
_SEPARATORS = (";", "→", " - ", " – ")

MAX_PLACES = 12
MAX_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A name as typed and the places it may mean; empty where the gazetteer knows none."""

    name: str
    candidates: tuple[Candidate, ...]
    ambiguous: bool


def names(text: str) -> tuple[str, ...]:
    """The names in "Herat; Islam Qala", in their order, twelve at most."""
    for separator in _SEPARATORS[1:]:
        text = text.replace(separator, _SEPARATORS[0])
    parts = (part.strip() for part in text.split(_SEPARATORS[0]))
    return tuple(part for part in parts if part)[:MAX_PLACES]


def find(gazetteer: Gazetteer, name: str) -> Found:
    """The places with a position that a name may mean, most likely first."""
    try:
        result = gazetteer.search(name)
    except GazetteerError:
        return Found(name, (), ambiguous=False)
    placed = tuple(c for c in result.candidates if c.lat is not None and c.lng is not None)
    return Found(name, placed[:MAX_CANDIDATES], result.ambiguous and len(placed) > 1)


def area(places: Sequence[Candidate], radius_km: float) -> Circle | Corridor | None:
    """A circle about one place, a corridor along several, None without any."""
    points = [(c.lat, c.lng) for c in places if c.lat is not None and c.lng is not None]
    if not points:
        return None
    if len(points) == 1:
        return Circle(*points[0], radius_km)
    return Corridor(tuple(points), radius_km)


def show_near_filter(selection: Selection) -> None:
    """Draw the filter; it takes hold with "Apply"."""
    text = st.text_input(
        "Near a place, or along a line",
        key="near_text",
        placeholder="Herat; Islam Qala",
        help="Any spelling. Two or more places with a semicolon between them make a line.",
    )
    shown = selection.near or selection.along
    st.number_input(
        "Within km",
        min_value=1.0,
        max_value=500.0,
        value=float(shown.radius_km) if shown and 1 <= shown.radius_km <= 500 else 25.0,
        step=5.0,
        format="%g",
        key="near_km",
    )
    wanted = names(text or "")
    if not wanted:
        return
    chosen: list[Candidate] = []
    for number, name in enumerate(wanted):
        found = find(services.gazetteer(), name)
        if not found.candidates:
            st.caption(f"“{plain(name)}” is not in the gazetteer. Try another spelling.")
            return
        chosen.append(_choose(found, number))
    st.button(
        "Apply",
        key="near_apply",
        on_click=_apply,
        args=(chosen, text or ""),
    )


def _choose(found: Found, number: int) -> Candidate:
    if not found.ambiguous:
        st.caption(plain(candidate_text(found.candidates[0])))
        return found.candidates[0]
    picked: Candidate = st.selectbox(
        f"Which {plain(found.name)}?",
        found.candidates,
        format_func=candidate_text,
        key=f"near_choice_{number}_{found.name}",
    )
    return picked


def _apply(chosen: list[Candidate], text: str) -> None:
    if st.session_state.get("near_text") != text:
        return  # other places were typed since; they are shown first
    shape = area(chosen, float(st.session_state.get("near_km") or 25.0))
    session.select(
        near=shape if isinstance(shape, Circle) else None,
        along=shape if isinstance(shape, Corridor) else None,
    )


def plain_candidate(candidate: Candidate) -> str:
    """A candidate as a button's label."""
    return plain(candidate_text(candidate))
