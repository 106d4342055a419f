"""What became of an imported file, the rows set aside to take away, and imports taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import streamlit as st

from gazetteer.layers import kept_layers
from mapapp.domain import wording
from mapapp.domain.problems import MapAppError
from mapapp.domain.selection import Selection
from mapapp.importers.mapped.places import UNKNOWN
from mapapp.ingest.report import ImportReport, reports
from mapapp.ingest.run import roll_back
from mapapp.query import Dashboard
from mapapp.store import Store
from mapapp.ui import notices
from mapapp.ui.bring_data.work import problem_frame
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render

#: Imports listed below; the command line lists all.
_LISTED = 10

#: Rows set aside that are spelled out.
_NAMED = 12

_FAILED = "bring_failed"


def show_report(report: ImportReport) -> None:
    """The report of one import, its rows set aside and what was noticed."""
    st.html(render("bring_data_report.html", report=report))
    if report.broken:
        cut = [str(notice) for notice in report.notices if notice.severity == "error"]
        st.html(render("notice.html", head="The file is not whole", items=cut,
                       body="What is whole of it went in, and nothing was withdrawn."))  # fmt: skip
    if report.problems:
        st.markdown("**Rows set aside**")
        st.html(render("bring_data_problems.html", problems=report.problems[:_NAMED]))
        if len(report.problems) > _NAMED:
            with st.expander(f"The first {wording.count(len(report.problems))} as a table"):
                st.dataframe(
                    problem_frame(report.problems),
                    hide_index=True,
                    alt="Rows set aside, with field, fault and remedy",
                )
        st.caption(
            "To bring them after all: download them, correct them in a spreadsheet (the reasons "
            "stand in the first four columns, which are ignored), and bring that file."
        )
    show_download(report, key="report")
    if report.changes_path and Path(report.changes_path).is_file():
        st.download_button(
            "Download the list of what changed",
            Path(report.changes_path).read_bytes,
            file_name="changes.csv",
            mime="text/csv",
            key="changes_report",
            on_click="ignore",
            help="The ids of incidents that this release added, revised or withdrew",
        )
    said = [*report.notices, *report.remarks]
    if said:
        with st.expander(f"Noticed on the way ({wording.count(len(said))})"):
            st.dataframe(problem_frame(said), hide_index=True, alt="What was noticed")


def show_better_places(faults: Iterable[str]) -> None:
    """How to know more villages, where rows name places that the gazetteer does not know."""
    if kept_layers() or not any(UNKNOWN in fault for fault in faults):
        return
    body = (
        "No open package lists Afghanistan's villages. Whoever runs this application can add "
        "GeoNames' list (download.geonames.org/export/dump/AF.zip) with the command below, and "
        "start it anew."
    )
    head = "Better places: a longer list may know these"
    st.html(render("notice.html", head=head, body=body, items=()))
    st.code("python -m gazetteer import-geonames AF.zip", language="bash")


def show_download(report: ImportReport, *, key: str) -> None:
    """The rows set aside as a file: corrected, it can be brought as it is."""
    path = Path(report.aside_path) if report.aside_path else None
    if path is None or not path.is_file():
        return
    st.download_button(
        f"Download the {wording.counted(report.set_aside, 'row')} set aside",
        path.read_bytes,
        file_name=path.name,
        mime="text/csv",
        key=f"aside_{key}",
        on_click="ignore",
        help="In their own form, with the reasons before them. Correct it and bring it as it is",
    )


def selection_of(dash: Dashboard, report: ImportReport) -> Selection:
    """What shows an import's data set on the map; with attacks abroad only where it has some."""
    datasets = (report.dataset,) if report.dataset else ()
    here = Selection(datasets=datasets)
    everywhere = Selection(datasets=datasets, abroad=True)
    more = dash.figures(everywhere).incidents > dash.figures(here).incidents
    return everywhere if datasets and more else here


def show_past(store: Store, *, without: str = "") -> None:
    """The imports so far, each to be taken back as long as it is the last of its data set.

    `without` is the id of one that is shown already.
    """
    if failed := st.session_state.pop(_FAILED, None):
        st.html(notices.error_html(failed))
    past = [report for report in reports(store) if report.id != without]
    if not past:
        return
    with st.container(key="bring_past"):
        st.html('<h2 class="bring">Imports so far</h2>')
        for report in past[:_LISTED]:
            with st.container(horizontal=True, vertical_alignment="center"):
                name = f"{report.dataset} {report.version}".strip() or "our own export"
                day = wording.short_day(_day(report))
                st.markdown(
                    f"**{plain(report.file)}** · {plain(name)} · {day}  \n"
                    f"{wording.counted(report.imported, 'row')} imported, "
                    f"{wording.count(report.set_aside)} set aside",
                    width="stretch",
                )
                show_download(report, key=report.id)
                show_taking_back(store, report, key=report.id)
        if len(past) > _LISTED:
            st.caption(f"The newest {_LISTED} of {len(past)}.")


def show_taking_back(store: Store, report: ImportReport, *, key: str) -> None:
    """The button, with what it does beside it before it is done."""
    with st.popover("Take it back", key=f"back_{key}"):
        st.markdown(
            "The data set is again what it was before this import. The log keeps both, and the "
            "file can be brought again."
        )
        st.button(
            "Take this import back",
            key=f"back_sure_{key}",
            type="primary",
            on_click=_take_back,
            args=(store, report.id),
        )


def _take_back(store: Store, import_id: str) -> None:
    try:
        roll_back(store, import_id, by="page")
    except MapAppError as error:
        st.session_state[_FAILED] = error


def _day(report: ImportReport) -> date:
    return datetime.fromisoformat(report.before).date()
