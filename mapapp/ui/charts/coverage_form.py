"""The form in which whoever brings data declares what a data set covers (→ `declared.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mapapp.domain.access import Permission
from mapapp.domain.problems import MapAppError
from mapapp.ingest.coverage import Declared, declare
from mapapp.query.questions.coverage import Coverage
from mapapp.ui import notices, services
from mapapp.ui.reader import access

_WATCHED = {
    True: "It watched these days and places all the time",
    False: "It is a selection: an empty month says nothing",
}


def show_form(coverage: Coverage, provinces: Mapping[str, str]) -> None:
    """The button that opens the form, for who may bring data in; `provinces` are code → name."""
    if not access.may(Permission.IMPORT):
        return
    key = f"covers_{coverage.dataset}"
    with st.popover("Declare what it covers", type="tertiary", key=key, on_change="rerun") as form:
        if form.open:
            _form(coverage, provinces, key)


def _form(coverage: Coverage, provinces: Mapping[str, str], key: str) -> None:
    left, right = st.columns(2, gap="small")
    first = _day(left, "First day", coverage.first, f"{key}_first")
    last = _day(right, "Last day", coverage.last, f"{key}_last")
    chosen = st.multiselect(
        "Provinces", list(provinces), sorted(coverage.provinces & set(provinces)),
        format_func=provinces.__getitem__, key=f"{key}_provinces", placeholder="All of them",
    )  # fmt: skip
    watched = st.radio(
        "What an empty month in it means", list(_WATCHED), index=0 if coverage.watched else 1,
        format_func=_WATCHED.__getitem__, key=f"{key}_watched",
    )  # fmt: skip
    how = st.text_input(
        "In words", coverage.how, key=f"{key}_how", max_chars=300,
        placeholder="Exported from acleddata.com for Afghanistan",
    )  # fmt: skip
    if not st.button("Declare it", key=f"{key}_do", type="primary"):
        return
    if first is None or last is None:
        st.html('<p class="quiet" role="alert">Give the first and the last day.</p>')
        return
    try:
        said = Declared(first, last, watched, how.strip(), provinces=tuple(chosen))
        with st.spinner("Recording and publishing…"):
            declare(services.store(), coverage.dataset, said, by=access.who())
    except MapAppError as error:
        st.html(notices.error_html(error))
        return
    st.rerun()


def _day(place: DeltaGenerator, label: str, known: date | None, key: str) -> date | None:
    return place.date_input(
        label, known, min_value=date(1900, 1, 1), max_value=date(2100, 1, 1), key=key,
        format="YYYY-MM-DD",
    )  # fmt: skip
