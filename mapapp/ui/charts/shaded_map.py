"""The provinces shaded by incidents, reported killed, or incidents per head (tab of charts)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from mapapp.domain import population, wording
from mapapp.domain.selection import Selection
from mapapp.exporters.pictures import png, shaded
from mapapp.query import Dashboard
from mapapp.ui.citing.cite import cite_popover
from mapapp.ui.parts.templating import render

TITLE: Final = "Provinces, shaded"

#: What a map can be shaded by: the words of the choice → what the numbers are of.
UNITS: Final = {
    "incidents": "incidents",
    "reported killed": "reported killed, the best figures by the rule",
    "incidents per 100,000 people": "incidents per 100,000 people",
}


def values_of(rows: list[dict[str, Any]], choice: str) -> Mapping[str, float]:
    """A province's P-code → its number, of the rows of a breakdown by province."""
    values: dict[str, float] = {}
    for row in rows:
        code = row["code"]
        if code not in population.PEOPLE:
            continue
        if choice == "reported killed":
            values[code] = row["killed_best"] or 0
        elif choice == "incidents":
            values[code] = row["incidents"]
        else:
            values[code] = row["incidents"] * 100_000 / population.PEOPLE[code]
    return values


def notes_of(rows: list[dict[str, Any]], choice: str) -> list[str]:
    """What the picture leaves out, and where numbers of people come from."""
    apart = sum(row["incidents"] for row in rows if row["code"] not in population.PEOPLE)
    notes = []
    if apart:
        notes.append(
            f"{wording.count(apart)} not mappable here: no province of Afghanistan is known."
        )
    if choice == "reported killed":
        unknown = sum(row["killed_unknown"] for row in rows)
        if unknown:
            notes.append(f"{wording.count(unknown)} without a number of killed are in no sum.")
    if choice.endswith("people"):
        notes.append(f"People: {population.SOURCE}.")
    notes.append("Absence of incidents is not safety.")
    return notes


def show_shaded_map(dash: Dashboard, selection: Selection) -> None:
    """The choice, the picture, and the same as a file."""
    rows = dash.breakdown(selection, "province").to_pylist()
    with st.container(key="shaded_map"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            subtitle = "Each incident in the province it is known to be in."
            st.html(render("chart_title.html", title=TITLE, subtitle=subtitle), width="stretch")
            cite_popover(f"Map “{TITLE}”", "cite_shaded")
        choice = st.segmented_control(
            "Shade by", list(UNITS), default="incidents", required=True, key="shade_by"
        )
        picture = (
            shaded.draw(TITLE, values_of(rows, choice), UNITS[choice], notes_of(rows, choice))
            .bytes()
            .decode()
        )
        st.image(picture, width=round(shaded.WIDTH), alt=f"{TITLE}: {UNITS[choice]}")
        if png.has_font():
            st.download_button(
                "This map as PNG",
                lambda: png.render(picture),
                file_name="provinces-shaded.png",
                mime="image/png",
                key="shaded_png",
                on_click="ignore",
            )
