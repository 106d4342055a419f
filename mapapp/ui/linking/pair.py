"""A pair of records on a page: side by side, its score explained, and the form to decide on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.access import Permission
from mapapp.domain.actors import actor
from mapapp.domain.judgement import Relation
from mapapp.domain.problems import MapAppError
from mapapp.domain.vocab import DatePrecision, GeoPrecision, label
from mapapp.linking.decisions import decide
from mapapp.linking.subjects import Subjects
from mapapp.linking.suggest import Suggestion, terms_of
from mapapp.query import Dashboard
from mapapp.ui import notices, services
from mapapp.ui.parts.templating import render
from mapapp.ui.reader import access

_CHOICES: Final = {
    "same": "The same incident",
    "different": "Two different incidents",
    "left": "The first is a part of the second",
    "right": "The second is a part of the first",
}


def show_pair(
    dash: Dashboard,
    subjects: Subjects,
    own: Suggestion,
    notes: Sequence[str] = (),
    *,
    key: str = "form",
) -> None:
    """Draw the two side by side, the score with its reasons and remarks, and the form.

    `key` tells forms of one pair apart that stand on one page.
    """
    left, right = subjects.row(own.left), subjects.row(own.right)
    _side_by_side(dash, left, right)
    st.html(render("score.html", points=own.points, terms=terms_of(subjects, own), notes=notes))
    if may_edit():
        _form(own, key)


def _side_by_side(dash: Dashboard, left: Mapping[str, Any], right: Mapping[str, Any]) -> None:
    labels = dash.labels()["sources"]
    one, two = (_facts(row, labels) for row in (left, right))
    rows = [(name, one[name], two[name]) for name in one]
    st.html(render("pair.html", left=left, right=right, rows=rows))


def _facts(row: Mapping[str, Any], sources: Mapping[str, str]) -> dict[str, str]:
    said = [token.split(":", 1) for token in row["tokens"]]
    who = [f"{label(kind)} {actor(name).short}" if name else label(kind) for kind, name in said]
    where = ", ".join(
        dict.fromkeys(w for w in (row["place_name"], row["adm2_name"], row["adm1_name"]) if w)
    )
    days = wording.iso_interval(row["earliest"], row["latest"])
    day_known = wording.date_precision_text(DatePrecision(row["date_precision"]))
    place_known = wording.geo_precision_text(GeoPrecision(row["geo_precision"]))
    return {
        "When": f"{days} ({day_known})",
        "Where": f"{where or row['place_text']} ({place_known})",
        "What": f"{label(row['event_type'])}; target: {row['target'] or label(row['target_type'])}",
        "Killed": row["killed_text"],
        "Wounded": row["wounded_text"],
        "Who did it": "; ".join(dict.fromkeys(who)),
        "Source": "; ".join(sources.get(name, name) for name in row["source_ids"]),
        "Record": f"{row['id']} ({row['dataset']})",
    }


def _form(own: Suggestion, name: str) -> None:
    key = f"{own.left_id}__{own.right_id}"
    key = key if name == "form" else f"{name}_{key}"
    with st.form(key=f"linking_form_{key}", border=False):
        choice = st.radio(
            "Decision", list(_CHOICES), format_func=_CHOICES.__getitem__, index=None,
            horizontal=True, key=f"linking_choice_{key}",
        )  # fmt: skip
        reason = st.text_input(
            "Reason, for whoever checks it later", key=f"linking_reason_{key}", max_chars=500
        )
        if st.form_submit_button("Record the decision", key=f"linking_submit_{key}"):
            _decide(own, choice, reason)


def _decide(own: Suggestion, choice: str | None, reason: str) -> None:
    if choice is None:
        st.html('<p class="quiet" role="alert">Choose one of the four first.</p>')
        return
    left, right = own.left_id, own.right_id
    if choice == "right":
        left, right = right, left
    relation = Relation(choice) if choice in ("same", "different") else Relation.PART_OF
    try:
        check_may_edit()
        decide(services.store(), left, right, relation, reason, by=access.who())
    except MapAppError as error:
        st.html(notices.error_html(error))
        return
    st.rerun()


def may_edit() -> bool:
    """Whether this reader may decide."""
    return access.may(Permission.EDIT)


def check_may_edit() -> None:
    """A session can end between the drawing of a form and its sending."""
    if not may_edit():
        raise MapAppError("deciding needs the role of an editor; sign in again")
