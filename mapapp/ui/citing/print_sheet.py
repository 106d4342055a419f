"""The selection as a clean page or two for a briefing: sentence, figures, table, sources."""

from __future__ import annotations

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.domain.wording import RULE_SENTENCES
from mapapp.query import Dashboard, Figures
from mapapp.query.questions import table_words
from mapapp.ui.citing.citation import TITLE, Card
from mapapp.ui.citing.cite import view_card
from mapapp.ui.head.figures_line import breakdown_html, figures_html
from mapapp.ui.parts.components import Action, actions
from mapapp.ui.parts.templating import render
from mapapp.ui.settings import report_words

#: About what two pages hold.
MAX_ROWS = 60

COLUMNS = (
    "Date", "Where", "Incident", "Killed", "Wounded", "Who did it", "Sources differ on", "Record",
)  # fmt: skip


def sheet_html(
    dash: Dashboard, selection: Selection, figures: Figures, card: Card, address: str
) -> str:
    """The sheet; longer selections say how many rows were left out. `address` is the page's."""
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
        figures=figures_html(figures, ranged=selection.date_from is not None),
        breakdown=breakdown_html(dash.by_victim_group(selection)),
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


def show_sheet(dash: Dashboard, selection: Selection, figures: Figures) -> None:
    """Draw the sheet with the buttons to print it and to go back."""
    with st.container(key="sheet_actions", horizontal=True, vertical_alignment="center"):
        actions([Action("print", "Print", print=True)], key="print_actions")
        st.button("Back to the map", key="print_back", on_click=_back)
    card = view_card("The printed selection")
    # Where the reader's browser found the page; a paper cannot be clicked back to it.
    address = (st.context.url or "").partition("?")[0].removesuffix("/") + "/"
    address = address.removesuffix("~/+/")  # the frame of Streamlit Community Cloud's shell
    st.html(sheet_html(dash, selection, figures, card, address))


def _back() -> None:
    st.session_state["print"] = False
