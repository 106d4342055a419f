"""What of a file would go in and what be set aside, before anything is recorded."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapapp.domain import wording
from mapapp.importers.mapped.mapping import left_out
from mapapp.importers.tables.sniff import Sniffed, Survey
from mapapp.ui.bring_data import work as works
from mapapp.ui.bring_data.file import head
from mapapp.ui.bring_data.work import Tried, Work
from mapapp.ui.parts.templating import render

#: Rows to be set aside that are spelled out above their table.
_NAMED: Final = 12


def _height(rows: int) -> int:
    return min(38 + 35 * rows, 230)


def show_preview(work: Work, sniffed: Sniffed, surveyed: Survey, tried: Tried) -> None:
    """Draw it."""
    head("What would go in")
    of = "" if tried.whole else f" of the first {wording.count(tried.rows)}"
    facts = [
        (
            "Rows in the file",
            wording.count(surveyed.rows)
            if surveyed.rows or not tried.rows
            else "counted as they go in",
        ),
        (f"Good{of}", wording.count(len(tried.good))),
        (f"To be set aside{of}", wording.count(len(tried.aside))),
    ]
    verdicts = list(surveyed.verdicts(work.path.name))
    if work.by_mapping() and work.mapping is not None:
        verdicts += left_out(work.mapping, sniffed)
    once = dict.fromkeys(r.fault for _, found in tried.good for r in found.remarks if r.once)
    said = [*map(str, verdicts), *once]
    st.html(render("bring_data_seen.html", facts=facts, notices=said))
    if tried.good:
        st.dataframe(
            works.good_frame(tried), hide_index=True, height=_height(len(tried.good)),
            alt="Rows as they would go in",
        )  # fmt: skip
    if tried.aside:
        st.markdown("**Rows that would be set aside.** Nothing of them is lost: they are kept "
                    "with their reasons, to be corrected and brought again.")  # fmt: skip
        st.html(render("bring_data_aside.html", rows=tried.aside[:_NAMED]))
        more = len(tried.aside) - _NAMED
        words = f"{wording.count(more)} more, and all" if more > 0 else "The same"
        with st.expander(f"{words} with the cells of their rows"):
            st.dataframe(
                works.aside_frame(sniffed, tried), hide_index=True,
                height=_height(len(tried.aside)),
                alt="Rows that would be set aside, with field, fault and remedy",
            )  # fmt: skip
