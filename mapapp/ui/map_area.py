"""The map in the page: the folium frame, and the token that tells its layer what to show."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from streamlit_folium import st_folium

from mapapp.domain.selection import Selection
from mapapp.map.layer import IncidentMap, ViewToken
from mapapp.query import selection_to_params
from mapapp.ui.view_state import ViewState

HEIGHT_PX = 470


def view_token(view: ViewState) -> ViewToken:
    """What the layer shows: the selection, its days apart, the open incident and the colours."""
    selection = view.selection
    timeless: Selection = replace(selection, date_from=None, date_to=None)
    return ViewToken(
        urlencode(selection_to_params(timeless), doseq=True),
        date_from=selection.date_from.isoformat() if selection.date_from else None,
        date_to=selection.date_to.isoformat() if selection.date_to else None,
        selected=view.incident,
        colour=view.colour_by,
    )


def show_map(view: ViewState) -> None:
    """Draw the map. Its frame stays mounted over reruns: only the token changes."""
    st_folium(
        IncidentMap(),
        key="map",
        feature_group_to_add=view_token(view),
        returned_objects=[],
        use_container_width=True,
        height=HEIGHT_PX,
    )
