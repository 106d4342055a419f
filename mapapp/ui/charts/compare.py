"""The page "Compare": two selections that differ in one part, side by side on map and in totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st
from streamlit_folium import st_folium

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.sentence import sentence
from mapapp.query.filters.table import CODES
from mapapp.query.questions.compare import (
    PARTS,
    Comparison,
    amounts,
    coverage_notes,
    difference,
    verdict,
)
from mapapp.ui import bench, session
from mapapp.ui.citing import replayed
from mapapp.ui.citing.cite import cite_comparison
from mapapp.ui.parts.bridge import bridge
from mapapp.ui.parts.map_area import incident_map, view_token
from mapapp.ui.parts.templating import render
from mapapp.ui.view_state import ViewState, to_params

_HEIGHT_PX: Final = 330
_SIDES: Final = ("A", "B")


def is_open(view: ViewState) -> bool:
    """Whether the view compares."""
    return view.compare is not None


def show_way_in(dash: Dashboard) -> None:
    """The button that opens the page with something worth comparing."""
    st.button("Compare", key="compare_open", width="stretch", on_click=_open, args=(dash,))


def _open(dash: Dashboard) -> None:
    before = session.current().selection
    first, second = worth_comparing(dash, before)
    st.session_state[_BEFORE] = (before, first)
    session.change(selection=first, compare=second)


#: Session key of the selection before the page was opened, and the one that it began with.
_BEFORE: Final = "compare_before"


def worth_comparing(dash: Dashboard, selection: Selection) -> tuple[Selection, Comparison]:
    """A and B to begin with: the selection's days and as many before them, else two provinces.

    Of the provinces chosen the first two, else those with most incidents.
    """
    start, end = selection.date_from, selection.date_to
    if start is not None and end is not None:
        days = end - start + timedelta(days=1)
        earlier = Selection(date_from=start - days, date_to=start - timedelta(days=1))
        return selection, Comparison("date", earlier)
    everywhere = replace(selection, provinces=())
    most = [facet.code for facet in dash.facet(everywhere, "provinces") if facet.count]
    codes = list(dict.fromkeys((*selection.provinces, *most)))
    if len(codes) < 2:
        return selection, Comparison("date")
    first = replace(selection, provinces=(codes[0],))
    return first, Comparison("provinces", Selection(provinces=(codes[1],)))


def show_page(dash: Dashboard, view: ViewState) -> None:
    """Draw the page."""
    assert view.compare is not None
    with bench.page("Compare", close=_close):
        with st.container(horizontal=True, vertical_alignment="center", key="compare_actions"):
            bridge(to_params(view), token=None, on_went=session.go, copy_link=True)
            cite_comparison("The comparison", "cite_compare", "secondary")
        replayed.show_replay()
        with st.container(key="bench_card_by"):
            _controls(dash, view, view.compare)
        sides = (view.selection, view.compare.other(view.selection))
        columns = st.columns(2, gap="small")
        for name, side, column in zip(_SIDES, sides, columns, strict=True):
            with column, st.container(key=f"bench_card_{name}"):
                words = sentence(side, dash.labels())
                st.html(render("compare_side.html", name=name, words=words))
                _map(name, replace(view, selection=side, incident=None))
        with st.container(key="bench_card_totals"):
            _totals(dash, sides)
        with st.container(key="bench_card_series"):
            # Loaded by the first who compares: most sessions never need the charts' library.
            from mapapp.ui.charts.compare_charts import show_charts

            show_charts(dash, view.compare.part, sides, view.time_step)


def _close() -> None:
    before, first = st.session_state.pop(_BEFORE, (None, None))
    own = session.current().selection
    # What the page chose by itself is taken back, what the reader chose there stays.
    session.change(
        selection=before if before is not None and own == first else own, compare=None, cited=None
    )


def _controls(dash: Dashboard, view: ViewState, comparison: Comparison) -> None:
    chosen = st.segmented_control(
        "Compare two", list(PARTS), default=comparison.part, format_func=PARTS.__getitem__,
        key=f"compare_by_{comparison.part}", required=True,
    )  # fmt: skip
    if chosen and chosen != comparison.part:
        session.change(compare=Comparison(chosen), cited=None)
        st.rerun()
    columns = st.columns(2, gap="small")
    for name, column in zip(_SIDES, columns, strict=True):
        with column:
            own = view.selection if name == "A" else comparison.values
            if comparison.part == "date":
                made = _days(name, own)
            else:
                made = _codes(dash, view.selection, name, own, comparison.part)
            if made != own:
                _change(name, made, comparison.part)
                st.rerun()


def _change(name: str, made: Selection, part: str) -> None:
    # Another comparison than was cited: the notice of the citation would speak of this one.
    if name == "A":
        session.change(selection=made, cited=None)
    else:
        session.change(compare=Comparison(part, made), cited=None)


def _days(name: str, own: Selection) -> Selection:
    left, right = st.columns(2, gap="small")
    days: dict[str, date | None] = {}
    for place, words, field in ((left, "from", "date_from"), (right, "to", "date_to")):
        days[field] = place.date_input(
            f"{name} {words}", value=getattr(own, field), format="YYYY-MM-DD",
            key=f"compare_{name}_{field}", min_value=date(1900, 1, 1), max_value=date(2100, 1, 1),
        )  # fmt: skip
    start, end = days["date_from"], days["date_to"]
    if start and end and start > end:
        st.html('<p class="quiet" role="alert">The first day is after the last; swap the two.</p>')
        return own
    return replace(own, date_from=start, date_to=end)


def _codes(
    dash: Dashboard, selection: Selection, name: str, own: Selection, part: str
) -> Selection:
    none: dict[str, Any] = {part: ()}
    facets = dash.facet(replace(selection, **none), part)
    labels = dash.labels()
    chosen = getattr(own, part)
    options = list(dict.fromkeys((*(facet.code for facet in facets), *chosen)))
    found = st.multiselect(
        f"{PARTS[part]} of {name}", options, default=list(chosen),
        format_func=lambda code: CODES[part].word(labels, code), key=f"compare_{name}_{part}",
        placeholder="All",
    )  # fmt: skip
    made: dict[str, Any] = {part: tuple(found)}
    return replace(own, **made)


def _map(name: str, view: ViewState) -> None:
    st_folium(
        # Opened from the page, it is not about the part of the country that was looked at there.
        incident_map(fits="afresh" if _BEFORE in st.session_state else True),
        key=f"compare_map_{name}", feature_group_to_add=view_token(view),
        returned_objects=[], use_container_width=True, height=_HEIGHT_PX,
    )  # fmt: skip


def _totals(dash: Dashboard, sides: Sequence[Selection]) -> None:
    first, second = (amounts(dash.figures(side)) for side in sides)
    rows = [
        (a.measure, a.text, b.text, difference(a, b), verdict(a, b))
        for a, b in zip(first, second, strict=True)
    ]
    named = [
        (name, side, [c for c in dash.breakdown(side, "dataset")["code"].to_pylist() if c])
        for name, side in zip(_SIDES, sides, strict=True)
    ]
    used = {dataset for _, _, datasets in named for dataset in datasets}
    declared = {name: own for name, own in dash.declared().items() if name in used}
    notes = coverage_notes(named, declared)
    st.html(render("compare.html", rows=rows, notes=notes, rule=sides[0].rule))
