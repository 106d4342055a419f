"""The page "Possible doubles": pairs side by side with their score, and decisions on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.problems import MapAppError
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import label
from mapapp.linking.decisions import DECISIONS, standing, undo
from mapapp.linking.overlap import overlap
from mapapp.linking.subjects import COLUMNS, Subjects, subjects_of
from mapapp.linking.suggest import Suggestion, suggest
from mapapp.query import Dashboard, Figures
from mapapp.query.filters.sentence import sentence
from mapapp.ui import bench, notices, services
from mapapp.ui.linking.by_hand import show_by_hand
from mapapp.ui.linking.pair import check_may_edit, may_edit, show_pair
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import STATIC, render
from mapapp.ui.reader import access
from mapapp.ui.view_state import ViewState

NAME: Final = "linking"

#: Records compared at once in the page; the command line takes any number.
MOST: Final = 20_000

_AT_ONCE: Final = 5
_SHOWN: Final = "linking_shown"
_FAILED: Final = "linking_failed"
_FOUND: Final = "linking_found"

_WORDS: Final = {
    Relation.SAME: "The same incident",
    Relation.DIFFERENT: "Different incidents",
    Relation.PART_OF: "The first is a part of the second",
}


def show_way_in() -> None:
    """The button that opens the page."""
    st.button(
        "Possible doubles", key="linking_open", on_click=bench.open_page, args=(NAME,),
        width="stretch",
    )  # fmt: skip


def show_page(dash: Dashboard, view: ViewState) -> None:
    """Draw the page."""
    with bench.page(
        "Possible doubles",
        "Records that may tell of the same incident, within your filters: "
        f"{sentence(view.selection, dash.labels())}. Nothing is merged: a decision stays a "
        "statement with a name and a reason, and can be taken back.",
    ):
        if failed := st.session_state.pop(_FAILED, None):
            st.html(notices.error_html(failed))
        judgements = standing(dash.judgements())
        decided = [own for own in judgements if own.relation in DECISIONS]
        show_by_hand(dash, judgements)
        _suggestions(dash, view.selection, judgements)
        _decisions(dash, decided)


def show_overlap(dash: Dashboard, selection: Selection, figures: Figures) -> None:
    """Below the line of figures: what the selection counts twice, by decisions that stand."""
    found = overlap(dash, selection, figures)
    if found is None:
        return
    st.html(STATIC / "bench.css")
    rows = [
        ("Incidents", wording.count(figures.incidents), wording.count(found.incidents)),
        ("reported killed", str(figures.killed), str(found.killed)),
        ("reported wounded", str(figures.wounded), str(found.wounded)),
    ]
    counted = wording.counted(found.doubles, "incident")
    st.html(render("overlap.html", counted=counted, doubles=found.doubles, rows=rows))


def _suggestions(dash: Dashboard, selection: Selection, judgements: Sequence[Judgement]) -> None:
    count = dash.count(selection)
    if count > MOST:
        st.html(
            render(
                "notice.html",
                head=f"{wording.count(count)} records are too many to compare here",
                body=f"Narrow the filters to {wording.count(MOST)} or fewer (a province, a "
                "year), or use “python -m mapapp links” for a list of all.",
                items=(),
            )
        )
        return
    without = {
        frozenset((own.left_id, own.right_id)) for own in judgements if own.relation in DECISIONS
    }
    subjects, found = _found(dash, selection, without)
    with st.container(key="bench_card_count"):
        if not found:
            st.html("<p>No undecided pair is near enough in time and place to be one incident.</p>")
            return
        pairs = wording.counted(len(found), "pair")
        st.html(f'<h2 class="bench">{pairs} to look at, the likeliest first</h2>')
        if not may_edit():
            st.html('<p class="quiet">Deciding needs the role of an editor.</p>')
    shown = st.session_state.get(_SHOWN, _AT_ONCE)
    noted = {frozenset((own.left_id, own.right_id)): own for own in judgements}
    for own in found[:shown]:
        with st.container(key=f"bench_card_{own.left_id}__{own.right_id}"):
            show_pair(dash, subjects, own, _notes(noted.get(own.pair)))
    if len(found) > shown:
        st.button("Show more", key="linking_more", on_click=_more)


def _more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, _AT_ONCE) + _AT_ONCE


def _found(
    dash: Dashboard, selection: Selection, without: set[frozenset[str]]
) -> tuple[Subjects, tuple[Suggestion, ...]]:
    """The suggestions, found once for a selection and a published state."""
    of = (services.snapshot().path, selection)
    if st.session_state.get(_FOUND, (None,))[0] != of:
        with st.spinner("Comparing"):
            subjects = subjects_of(dash.columns(selection, COLUMNS))
            st.session_state[_FOUND] = (of, subjects, suggest(subjects, without=without))
    _, subjects, found = st.session_state[_FOUND]
    return subjects, found


def _notes(noted: Judgement | None) -> list[str]:
    """What the curators noted of a pair."""
    if noted is None:
        return []
    conflicts = [f"Speaks against it: {conflict}" for conflict in noted.conflicts]
    return [f"Noted as {label(noted.relation)}: {noted.reason}", *conflicts]


def _decisions(dash: Dashboard, decided: Sequence[Judgement]) -> None:
    if not decided:
        return
    latest = sorted(decided, key=lambda own: str(own.recorded_at), reverse=True)
    with st.container(key="bench_card_decided"):
        st.html(f'<h2 class="bench">Decided ({len(decided)})</h2>')
        for own in latest[:50]:
            with st.container(key=f"decided_{own.id}", horizontal=True):
                when = own.recorded_at.date().isoformat() if own.recorded_at else ""
                st.html(
                    render(
                        "related.html",
                        head=f"{_WORDS[own.relation]}: {own.left_id} and {own.right_id}",
                        when=f"{own.judged_by}, {when}",
                        reason=own.reason,
                        conflicts=(),
                    ),
                    width="stretch",
                )
                if may_edit():
                    _taking_back(own)


def _taking_back(own: Judgement) -> None:
    with st.popover("Take it back", key=f"linking_back_{own.id}"):
        st.markdown(plain("The two are again as before the decision; the log keeps both."))
        st.text_input("Reason", key=f"linking_back_reason_{own.id}", max_chars=500)
        st.button(
            "Take this decision back",
            key=f"linking_back_sure_{own.id}",
            type="primary",
            on_click=_undo,
            args=(own,),
        )


def _undo(own: Judgement) -> None:
    reason = str(st.session_state.get(f"linking_back_reason_{own.id}") or "")  # as of the click
    try:
        check_may_edit()
        undo(services.store(), own.id, own.left_id, reason, by=access.who())
    except MapAppError as error:
        st.session_state[_FAILED] = error
