"""Any two records linked by hand: found by id or words, scored like suggestions, decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.judgement import Judgement
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import label
from mapapp.linking.decisions import DECISIONS
from mapapp.linking.subjects import COLUMNS, subjects_of
from mapapp.linking.suggest import pair_of
from mapapp.query import Dashboard
from mapapp.ui import bench
from mapapp.ui.linking.pair import may_edit, show_pair

_FIRST: Final = "linking_first"
_SECOND: Final = "linking_second"
_PAGE: Final = "linking"

#: Records offered for words that many hold.
_OFFERED: Final = 12


def show_way_in(incident_id: str) -> None:
    """The button in an incident's panel that begins with this record."""
    if may_edit():
        st.button("Link with another record", key="linking_hand", type="tertiary",
                  on_click=_begin, args=(incident_id,))  # fmt: skip


def _begin(incident_id: str) -> None:
    st.session_state[_FIRST] = incident_id
    st.session_state[_SECOND] = ""
    bench.open_page(_PAGE)


def show_by_hand(dash: Dashboard, judgements: Sequence[Judgement]) -> None:
    """Draw the card: two fields, what is found for each, and the pair with its score."""
    if not may_edit():
        return
    with st.container(key="bench_card_by_hand"):
        st.html('<h2 class="bench">Link any two records</h2>')
        left, right = st.columns(2)
        with left:
            one = _find(dash, "First record: its id, or words in it", _FIRST)
        with right:
            two = _find(dash, "Second record: its id, or words in it", _SECOND)
        if one is None or two is None:
            return
        if one == two:
            st.html('<p class="quiet" role="status">These are one record; choose another.</p>')
            return
        rows = dash.columns(Selection(background=True, abroad=True), COLUMNS, (one, two))
        subjects = subjects_of(rows)
        noted = {frozenset((own.left_id, own.right_id)): own for own in judgements}
        show_pair(
            dash, subjects, pair_of(subjects), _notes(noted.get(frozenset((one, two)))), key="hand"
        )


def _find(dash: Dashboard, words: str, key: str) -> str | None:
    text = st.text_input(words, key=key, max_chars=200).strip()
    everything = Selection(background=True, abroad=True)
    with st.container():  # here also when empty, so that nothing below moves
        if not text:
            return None
        if dash.among(everything, (text,)):
            st.html('<p class="quiet" role="status">This record is there.</p>')
            return text
        wanted = Selection(background=True, abroad=True, text=text)
        rows = dash.table(wanted, "date", True, _OFFERED + 1).to_pylist()
        if not rows:
            st.html('<p class="quiet" role="status">No record has this id or these words.</p>')
            return None
        offered = {str(row["id"]): _line(row) for row in rows[:_OFFERED]}
        more = "; the latest of more, add words to narrow them" if len(rows) > _OFFERED else ""
        chosen: str | None = st.selectbox(
            f"Found{more}", list(offered), index=0 if len(offered) == 1 else None,
            format_func=offered.__getitem__, key=f"{key}_of_{text}", placeholder="Choose one",
        )  # fmt: skip
        return chosen


def _line(row: Mapping[str, Any]) -> str:
    days = wording.iso_interval(row["earliest"], row["latest"])
    return f"{days} · {row['title']} · {row['id']}"  # an option is text, not markdown


def _notes(noted: Judgement | None) -> list[str]:
    """What was said of the pair before."""
    if noted is None:
        return ["Records beside the two were not compared for this score."]
    how = "Decided" if noted.relation in DECISIONS else "Noted"
    return [f"{how} as {label(noted.relation)}: {noted.reason}. A new decision replaces it."]
