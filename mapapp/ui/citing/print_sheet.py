"""The selection as clean pages for a briefing: sentence, figures, map, table, sources."""

from __future__ import annotations

import base64

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.incident_view import incident_view
from mapapp.domain.selection import Selection
from mapapp.domain.wording import RULE_SENTENCES
from mapapp.exporters.pictures import map as svg_map
from mapapp.exporters.reading import read_extract
from mapapp.query import Dashboard, Figures, IncidentDetail
from mapapp.query.questions import table_words
from mapapp.ui import services
from mapapp.ui.citing import as_of
from mapapp.ui.citing.citation import TITLE, Card
from mapapp.ui.citing.cite import view_card
from mapapp.ui.head.figures_line import breakdown_html, figures_html
from mapapp.ui.parts.components import Action, actions
from mapapp.ui.parts.templating import render
from mapapp.ui.settings import report_words

#: About what two pages hold.
MAX_ROWS = 60

#: Above so many incidents the picture of the map takes longer than anybody waits for a sheet.
MAX_DRAWN = 2_000

COLUMNS = (
    "Date", "Where", "Incident", "Killed", "Wounded", "Who did it", "Sources differ on", "Record",
)  # fmt: skip


def sheet_html(
    dash: Dashboard, selection: Selection, figures: Figures, card: Card, address: str, picture: str
) -> str:
    """The sheet; longer selections say how many rows were left out. `address` is the page's,
    `picture` that of the map, empty where it is too large.
    """
    listed = dash.table(selection, "date", True, MAX_ROWS).to_pylist()
    shown = [table_words.NAMES.index(name) for name in COLUMNS]
    words = [table_words.row_words(row, selection.rule) for row in listed]
    rows = dash.sources(selection).to_pylist()
    sources = [
        f"{row['publisher']}, “{row['title']}”, "
        + wording.iso_interval(row["published_earliest"], row["published_latest"])
        for row in rows
    ]
    return render(
        "sheet.html",
        title=TITLE,
        sentence=card.about,
        figures=figures_html(figures),
        breakdown=breakdown_html(dash.by_victim_group(selection)),
        picture=picture,
        rule=RULE_SENTENCES[selection.rule],
        columns=COLUMNS,
        rows=[[row[at] for at in shown] for row in words],
        report=report_words(),
        left_out=max(figures.incidents - len(listed), 0),
        sources=sources,
        # What stands above in full is not said again.
        facts=[fact for fact in card.facts if fact[0] not in ("Selection", "Figures")],
        link=f"{address}{card.query}",
    )


def map_picture(selection: Selection, incidents: int) -> str:
    """The address of the map's picture, which holds it; empty above `MAX_DRAWN` incidents."""
    if incidents > MAX_DRAWN:
        return ""
    shown = as_of.snapshot()
    extract = read_extract(services.store().gate.shareable(shown), selection, None, shown)
    content = svg_map.draw(extract, headed=False).bytes()
    return "data:image/svg+xml;base64," + base64.b64encode(content).decode()


def show_sheet(
    dash: Dashboard, selection: Selection, figures: Figures, detail: IncidentDetail | None
) -> None:
    """Draw the sheet, and the open incident after it, with buttons to print it and to go back."""
    asked = st.session_state["print"]
    at_once = asked if isinstance(asked, str) else ""  # opened from Export, it waits for its button
    with st.container(key="sheet_actions", horizontal=True, vertical_alignment="center"):
        actions([Action("print", "Print", print=True, at_once=at_once)], key="print_actions")
        st.button("Back to the map", key="print_back", on_click=_back)
    card = view_card("The printed selection")
    # Where the reader's browser found the page; a paper cannot be clicked back to it.
    address = (st.context.url or "").partition("?")[0].removesuffix("/") + "/"
    address = address.removesuffix("~/+/")  # the frame of Streamlit Community Cloud's shell
    picture = map_picture(selection, figures.incidents)
    st.html(sheet_html(dash, selection, figures, card, address, picture))
    if detail is not None:
        view = incident_view(detail.incident, tuple(detail.sources.values()), selection.rule)
        st.html(render("panel.html", p=view))


def _back() -> None:
    st.session_state["print"] = False
