"""The tab of disagreements: the incidents in dispute, ranked, and one taken apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.questions.disagreements import FROM_NOBODY, ORDERS, DisagreementOrder
from mapapp.ui import session
from mapapp.ui.citing.cite import cite_incident
from mapapp.ui.parts.components import Action, actions
from mapapp.ui.parts.templating import render, static_text
from mapapp.ui.record.matrix import matrix
from mapapp.ui.view_state import ViewState

#: Rows shown; the order is the server's, so that the first are the widest.
MAX_ROWS = 50

ORDER_WORDS: Mapping[DisagreementOrder, str] = {
    "killed_spread": "killed: widest difference",
    "killed_ratio": "killed: how many times the lowest",
    "wounded_spread": "wounded: widest difference",
    "subjects": "most things in dispute",
    "date": "latest first",
    "killed_low": "killed: highest of the lowest figures",
    "killed_high": "killed: highest figure",
    "speakers": "most speakers",
}

#: Key, heading, whether it holds numbers, and what it means.
COLUMNS = (
    ("date", "Incident", False, "Sort by day"),
    ("subjects", "In dispute", True, "What speakers differ on, and why; sort by how much of it"),
    ("killed_low", "Killed, lowest", True, "The lowest figure any speaker gives"),
    ("killed_high", "Killed, highest", True, "The highest figure any speaker gives"),
    ("killed_spread", "Difference", True, "Highest less lowest, where no number fits all"),
    ("killed_ratio", "Times", True, "How many times the lowest the highest is"),
    ("wounded_spread", "Wounded, difference", True, "The same of the wounded"),
    ("speakers", "Speakers", True, "Who says anything of it"),
)

_RANKED = st.components.v2.component(
    "mapapp.ranked",
    html='<div class="ranked" tabindex="0" role="region" aria-label="Incidents in dispute"></div>',
    css=static_text("ranked.css"),
    js=static_text("ranked.js"),
)


def show_disagreements(dash: Dashboard, view: ViewState) -> None:
    """Draw the open incident's matrix, or the ranked list where none is open."""
    if view.incident is not None:
        _open_incident(dash, view)
        return
    selection = view.selection
    subjects = dash.disputed_subjects(selection)
    disputed = dash.figures(selection).disputed
    st.html(
        render(
            "disputed.html",
            disputed=disputed,
            incidents=dash.count(selection),
            subjects=[(wording.property_label(code), n) for code, n in subjects],
            doubts=[(facet.label, facet.count) for facet in dash.facet(selection, "doubts")],
        )
    )
    if not disputed:
        return
    order = _order(view)
    _ranked(rows(dash, selection, order), order)
    if disputed > MAX_ROWS:
        st.caption(
            f"The first {MAX_ROWS} of {wording.count(disputed)} by this order. "
            "Narrow the filters to see the rest."
        )


def _order(view: ViewState) -> DisagreementOrder:
    """What the list is ranked by, which is part of the link, with the citation of the list."""
    order: DisagreementOrder = next(known for known in ORDERS if known == view.order)
    with st.container(horizontal=True, vertical_alignment="bottom", key="disputed_head"):
        session.follow("disputed_order", order)
        st.selectbox(
            "Order",
            ORDERS,
            format_func=lambda code: ORDER_WORDS[code],
            key="disputed_order",
            width=320,
            on_change=session.from_widget("disputed_order", _set_order),
        )
    return order


def _set_order(code: str) -> None:
    session.change(order=code)


def _open_incident(dash: Dashboard, view: ViewState) -> None:
    assert view.incident is not None
    detail = dash.incident(view.incident)
    with st.container(key="matrix"):
        with st.container(horizontal=True, vertical_alignment="center", key="matrix_head"):
            st.button(
                "← All in dispute",
                key="matrix_back",
                type="tertiary",
                on_click=session.change,
                kwargs={"incident": None},
            )
            st.button(
                "Whole record",
                key="matrix_record",
                type="tertiary",
                help="Show the incident beside the map",
                on_click=session.change,
                kwargs={"tab": "incidents"},
            )
            actions(
                [
                    Action(
                        "compare", "Copy link to this comparison", link="here", done="Link copied"
                    )
                ],
                key="matrix_actions",
            )
            cite_incident(detail, "cite_matrix")
        st.html(
            render("matrix.html", m=matrix(detail.incident, detail.sources, view.selection.rule))
        )


def rows(dash: Dashboard, selection: Selection, order: DisagreementOrder) -> list[dict[str, Any]]:
    """The ranked incidents as the table in the browser takes them."""
    found = dash.disputed(selection, order, MAX_ROWS).to_pylist()
    incidents = dash.several([row["id"] for row in found])
    return [_row(row, incidents[row["id"]]) for row in found]


def _row(row: Mapping[str, Any], incident: Incident) -> dict[str, Any]:
    where = dict.fromkeys(
        name for name in (row["place_name"] or row["place_text"], row["adm1_name"]) if name
    )
    reasons = [(wording.property_label(c.name), c.reason) for c in incident.conflicts]
    return {
        "id": row["id"],
        "title": row["title"],
        "when": wording.iso_interval(row["earliest"], row["latest"]),
        "where": ", ".join(where),
        "reasons": reasons,
        "date": _cell(row["date"], str),
        "subjects": _cell(row["subjects"], str),
        "killed_low": _cell(row["killed_low"], wording.count),
        "killed_high": _cell(
            row["killed_high"],
            lambda n: f"{'≥' if row['killed_high_open'] else ''}{wording.count(n)}",
        ),
        "killed_spread": _cell(row["killed_spread"], wording.count),
        "killed_ratio": _cell(row["killed_ratio"], _times),
        "wounded_spread": _cell(row["wounded_spread"], wording.count),
        "speakers": _cell(row["speakers"], wording.count),
    }


def _cell(value: Any, words: Callable[[Any], str]) -> dict[str, Any]:
    if value is None:
        return {"text": "–", "value": None}
    return {"text": words(value), "value": value if isinstance(value, int | float) else str(value)}


def _times(ratio: float) -> str:
    return "from 0" if ratio >= FROM_NOBODY else f"{ratio:.1f}×"


def _ranked(entries: list[dict[str, Any]], order: DisagreementOrder) -> None:
    def opened() -> None:
        incident = st.session_state["ranked"].get("open")
        if incident is not None:
            session.change(incident=str(incident))

    def ordered() -> None:
        wanted = st.session_state["ranked"].get("order")
        if wanted in ORDERS:
            session.change(order=wanted)

    _RANKED(
        key="ranked",
        data={
            "columns": [
                {"key": key, "text": text, "number": number, "help": words}
                for key, text, number, words in COLUMNS
            ],
            "rows": entries,
            "sorted": {"key": order, "descending": True},
        },
        on_open_change=opened,
        on_order_change=ordered,
    )
