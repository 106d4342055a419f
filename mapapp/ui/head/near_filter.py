"""The filter "within R km of a place or a line", with place names typed in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from gazetteer import Candidate, Gazetteer
from gazetteer.errors import GazetteerError
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.importers.cells.places import candidate_text
from mapapp.query.filters.params import MAX_KM
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
    """Draw the filter; it takes hold with Enter, and on leaving a field."""
    text = st.text_input(
        "Near a place, or along a line",
        key=_TEXT,
        placeholder="Herat; Islam Qala",
        help="Any spelling. Two or more places with a semicolon between them make a line.",
        on_change=_apply,
    )
    shown = selection.near or selection.along
    session.follow(_KM, float(shown.radius_km) if shown else st.session_state.get(_KM) or 25.0)
    st.number_input(
        "Within km", min_value=0.1, max_value=MAX_KM, step=5.0, format="%g", key=_KM,
        on_change=_apply,
    )  # fmt: skip
    for number, found in enumerate(_wanted(text)):
        if not found.candidates:
            st.caption(f"“{plain(found.name)}” is not in the gazetteer. Try another spelling.")
        elif found.ambiguous:
            st.selectbox(
                f"Which {plain(found.name)}?",
                found.candidates,
                format_func=candidate_text,
                key=_choice_key(number, found),
                on_change=_apply,
            )
        else:
            st.caption(plain(candidate_text(found.candidates[0])))


_TEXT, _KM = "near_text", "near_km"


def _wanted(text: str) -> list[Found]:
    return [find(services.gazetteer(), name) for name in names(text or "")]


def _choice_key(number: int, found: Found) -> str:
    return f"near_choice_{number}_{found.name}"


def _apply() -> None:
    """Select what the fields say; of several places of a name, the chosen or the likeliest."""
    wanted = _wanted(st.session_state.get(_TEXT) or "")
    radius_km = float(st.session_state.get(_KM) or 25.0)
    if not wanted:
        selection = session.current().selection
        session.select(
            near=selection.near and replace(selection.near, radius_km=radius_km),
            along=selection.along and replace(selection.along, radius_km=radius_km),
        )
        return
    if not all(found.candidates for found in wanted):
        return  # said below the field; what was chosen before stands
    chosen = [
        st.session_state.get(_choice_key(number, found)) or found.candidates[0]
        for number, found in enumerate(wanted)
    ]
    shape = area(chosen, radius_km)
    session.select(
        near=shape if isinstance(shape, Circle) else None,
        along=shape if isinstance(shape, Corridor) else None,
    )


def plain_candidate(candidate: Candidate) -> str:
    """A candidate as a button's label."""
    return plain(candidate_text(candidate))
