"""The table of incidents below the map: it is the browser that asks for its rows."""

from __future__ import annotations

from mapapp.ui import session
from mapapp.ui.citing import as_of
from mapapp.ui.parts import links
from mapapp.ui.parts.components import incident_table
from mapapp.ui.settings import report_href
from mapapp.ui.view_state import SORTED, ViewState


def show_table(view: ViewState, incidents: int) -> None:
    """Draw the table; `incidents` is how many the selection holds."""
    incident_table(
        links.query(view),
        view.incident,
        incidents,
        key="table",
        on_open=lambda incident: session.change(incident=incident),
        sort=view.sort,
        on_sort=_sort,
        report=report_href("{record}", f"data of {as_of.state_text(as_of.snapshot())}"),
    )


def _sort(wanted: str) -> None:
    if wanted in SORTED:  # it comes from the browser
        session.change(sort=wanted)
