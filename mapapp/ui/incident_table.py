"""The table of incidents below the map: it is the browser that asks for its rows."""

from __future__ import annotations

from mapapp.ui import links, session
from mapapp.ui.cite import cite_popover
from mapapp.ui.components import incident_table
from mapapp.ui.view_state import ViewState


def show_table(view: ViewState, incidents: int) -> None:
    """Draw the table; `incidents` is how many the selection holds."""
    incident_table(
        links.query(view),
        view.incident,
        incidents,
        key="table",
        on_open=lambda incident: session.change(incident=incident),
    )
    cite_popover("The table of incidents", "cite_table")
