"""Files of the selection to take away: the same exporters as the command line's."""

from __future__ import annotations

import json

import streamlit as st

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.exporters import incidents_json, tables
from mapapp.query import Dashboard
from mapapp.ui import formatting

#: Beyond this many incidents the command line is the right way: a page would hold them in memory.
MAX_INCIDENTS = 5000


def contents(dash: Dashboard, selection: Selection) -> tuple[list[Incident], dict[str, Source]]:
    """The incidents of the selection, latest first, and every source that they name."""
    incidents: list[Incident] = []
    sources: dict[str, Source] = {}
    for incident_id in dash.table(selection, "date", True, MAX_INCIDENTS)["id"].to_pylist():
        detail = dash.incident(incident_id)
        incidents.append(detail.incident)
        sources.update(detail.sources)
    return incidents, sources


def json_file(dash: Dashboard, selection: Selection) -> bytes:
    """The selection as JSON, schema 1 (docs/exporting.md)."""
    incidents, sources = contents(dash, selection)
    found = incidents_json.export(incidents, sources, selection.rule)
    return json.dumps(found, ensure_ascii=False, indent=2).encode()


def csv_file(dash: Dashboard, selection: Selection) -> bytes:
    """One row an incident."""
    incidents, sources = contents(dash, selection)
    return _csv(tables.incidents_csv(incidents, sources, selection.rule))


def claims_file(dash: Dashboard, selection: Selection) -> bytes:
    """One row a claim: who says what, and where it stands."""
    incidents, sources = contents(dash, selection)
    return _csv(tables.claims_csv(incidents, sources))


def _csv(text: str) -> bytes:
    # Spreadsheets take a file for UTF-8 only with the mark in front.
    return text.encode("utf-8-sig")


def show_downloads(dash: Dashboard, selection: Selection, incidents: int) -> None:
    """Draw the buttons; a file is made when its button is pressed."""
    if incidents > MAX_INCIDENTS:
        st.caption(
            f"These are {formatting.count(incidents)} incidents; a file from here holds up to "
            f"{formatting.count(MAX_INCIDENTS)}. Narrow the filters, or use "
            "“python -m mapapp export” for all."
        )
        return
    for label, name, mime, make in (
        ("Incidents and claims (JSON)", "incidents.json", "application/json", json_file),
        ("Incidents (CSV)", "incidents.csv", "text/csv", csv_file),
        ("Claims: who says what (CSV)", "claims.csv", "text/csv", claims_file),
    ):
        st.download_button(
            label,
            data=lambda make=make: make(dash, selection),  # type: ignore[misc]
            file_name=name,
            mime=mime,
            key=f"download_{name}",
            on_click="ignore",
        )
    st.button("Print view", key="print_view", on_click=_print, help="A clean page or two")


def _print() -> None:
    st.session_state["print"] = True
