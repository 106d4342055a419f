"""The panel of the open incident: what, where, when, and who says so."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.incident_view import IncidentView, incident_text, incident_view
from mapapp.domain.vocab import Rule
from mapapp.query import IncidentDetail, Related
from mapapp.ui import session
from mapapp.ui.citing.cite import cite_incident
from mapapp.ui.curation import page as curation_page
from mapapp.ui.linking import by_hand as linking_by_hand
from mapapp.ui.parts.components import Action, actions
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render
from mapapp.ui.record import history
from mapapp.ui.settings import report_href
from mapapp.ui.view_state import ViewState, to_params


def show_panel(detail: IncidentDetail, rule: Rule) -> None:
    """Draw the panel with its buttons and the incidents it is linked to."""
    view = incident_view(detail.incident, tuple(detail.sources.values()), rule)
    st.button("✕", key="close", type="tertiary", help="Close the incident", on_click=close)
    # Above the record: a long one would push them out of sight, and the card opens downwards.
    with st.container(key="panel_ways", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Compare speakers on everything",
            key="panel_compare",
            type="tertiary",
            on_click=session.change,
            kwargs={"tab": "disagreements"},
        )
        cite_incident(detail, "cite_incident")
    st.html(render("panel.html", p=view))
    for related in detail.related:
        _related(related)
    _actions(view)
    history.show_history(view.id)
    with st.container(key="panel_work"):
        if detail.incident.record.dataset == "curated":
            curation_page.show_edit(view.id)
        linking_by_hand.show_way_in(view.id)


def close() -> None:
    """Close the open incident."""
    session.change(incident=None)


def related_head(related: Related) -> str:
    """ "Possibly the same as", "Not the same as", "Linked with (part of)"."""
    return {
        "same": "Judged the same as",
        "possibly_same": "Possibly the same as",
        "different": "Judged not the same as",
        "part_of": "Linked as a part with",
    }[related.judgement.relation]


def _related(related: Related) -> None:
    st.html(
        render(
            "related.html",
            head=related_head(related),
            when=wording.iso_interval(related.earliest, related.latest),
            reason=related.judgement.reason,
            conflicts=related.judgement.conflicts,
        )
    )
    st.button(
        plain(related.title),
        key=f"related_{related.id}",
        type="tertiary",
        on_click=session.change,
        kwargs={"incident": related.id},
    )


def _actions(view: IncidentView) -> None:
    link = "?" + urlencode(to_params(ViewState(incident=view.id)), doseq=True)
    buttons = [
        Action("link", "Link to this incident", link=link, done="Link copied"),
        Action("text", "Copy as text", copy=incident_text(view), link=link, done="Text copied"),
    ]
    version = history.version_text(history.of(view.id))
    href = report_href(view.id, version)
    if href:
        buttons.append(Action("wrong", "This is wrong", href=href))
    actions(buttons, key="panel_actions")
    if not href:
        with st.popover("This is wrong", type="tertiary", key="wrong"):
            st.html(render("wrong.html", id=view.id, version=version))
