"""The last step of "Bring your data": which release it is, what it covers, and the import."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.access import Permission
from mapapp.importers.tables.sniff import Survey
from mapapp.ingest.apart import import_apart
from mapapp.ingest.coverage import Declared
from mapapp.ingest.order import Order
from mapapp.ingest.report import OWN, ImportReport, Progress
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.ui import services
from mapapp.ui.bring_data.file import head
from mapapp.ui.bring_data.job import Job
from mapapp.ui.bring_data.mapping import keyed
from mapapp.ui.bring_data.work import Tried, Work
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render
from mapapp.ui.reader import access

#: The import that runs for a session.
JOB: Final = "bring_job"
WORK: Final = "bring_work"


def show_import(dash: Dashboard, work: Work, surveyed: Survey, tried: Tried) -> None:
    """Draw what is asked of the release, and the button that begins."""
    with st.expander("Release", expanded=work.failure is not None):
        work.version = st.text_input(
            "Version", key=keyed(f"bring_version_{work.id}", work.version), max_chars=20,
            placeholder="as the file's name says, such as 24.1",
        ).strip()  # fmt: skip
        work.complete = st.checkbox(
            "This file is the whole of its data set: withdraw what it no longer has, in the "
            "countries it covers",
            key=keyed(f"bring_complete_{work.id}", work.complete),
        )
        work.allow_older = st.checkbox(
            "Let it replace a newer release",
            key=keyed(f"bring_older_{work.id}", work.allow_older),
        )
    _covers(dash, work)
    if not tried.good and tried.whole:
        body = "Correct the file or what its columns mean."
        if not tried.rows:
            body = (
                "The file has names of columns and no row below them. Look whether the export was "
                "cut short, or its filter let nothing through."
            )
        st.html(render("notice.html", head="No row can go in", body=body, items=()))
        return
    words = f"Import {wording.counted(surveyed.rows, 'row')}" if surveyed.rows else "Import"
    if tried.whole and tried.aside:
        of = wording.counted(surveyed.rows, "row")
        words = f"Import {wording.count(len(tried.good))} of {of}"
    start_button(work, words)


def _covers(dash: Dashboard, work: Work) -> None:
    """Ask for which days and places the file is whole; nobody has to answer."""
    said = work.covers
    with st.expander("What it covers (optional)"):
        st.caption(
            "Say it, and a month without incidents is shown as quiet where the file watched it; "
            "else the strips say “coverage not declared”."
        )
        left, right = st.columns(2, gap="small")
        days: list[date | None] = []
        for place, words, name, known in (
            (left, "First day covered", "first", said.first if said else None),
            (right, "Last day covered", "last", said.last if said else None),
        ):
            days.append(place.date_input(
                words, value=known, min_value=date(1900, 1, 1), max_value=date(2100, 1, 1),
                format="YYYY-MM-DD", key=f"bring_covers_{name}_{work.id}",
            ))  # fmt: skip
        # Coverage is shown for provinces of Afghanistan alone.
        names = {p: name for p, name in dash.labels()["provinces"].items() if ":" not in p}
        provinces = st.multiselect(
            "Provinces covered", list(names),
            key=keyed(f"bring_covers_provinces_{work.id}", list(said.provinces) if said else []),
            format_func=names.__getitem__, placeholder="All of them",
        )  # fmt: skip
        watched = st.checkbox(
            "It watched these days and places all the time: a month without rows was quiet",
            key=keyed(f"bring_covers_watched_{work.id}", said.watched if said else True),
        )
        first, last = days
        work.covers = None
        if first and last and first <= last:
            work.covers = Declared(first, last, watched, "", provinces=tuple(provinces))
        elif first and last:
            st.html('<p class="quiet" role="alert">The first day is after the last: swap them.</p>')
        elif first or last:
            st.html('<p class="quiet" role="alert">Give both days, or neither.</p>')


def start_button(work: Work, words: str) -> None:
    """The button that begins an import."""
    st.button(words, key="bring_start", type="primary", on_click=_start, args=(work,))


def _start(work: Work) -> None:
    if st.session_state.get(JOB) is not None or not access.may(Permission.IMPORT):
        return
    store, gazetteer = services.store(), services.gazetteer()
    apart = work.large and not work.is_own()
    work.report = work.failure = None
    # As it is now: the thread must not see what the reader changes meanwhile.
    order = Order(
        work.path, OWN if work.is_own() else work.format(), work.answers(), work.options,
        version=work.version, complete=work.complete, allow_older=work.allow_older,
        covers=work.covers, by="page",
    )  # fmt: skip

    def run(progress: Progress) -> ImportReport:
        if apart:
            return import_apart(order, store.data_dir, progress)
        return import_file(order, store, progress=progress, gazetteer=gazetteer)

    st.session_state[JOB] = Job(run)


@st.fragment(run_every=0.5)
def show_progress() -> None:
    """Drawn anew twice a second while the import runs; then the whole page is."""
    job: Job | None = st.session_state.get(JOB)
    if job is None or job.finished:
        st.rerun()
    work: Work | None = st.session_state.get(WORK)
    head("Importing")
    if work is not None:
        st.markdown(f"**{plain(work.path.name)}**")
    st.progress(job.done, text=job.words())
    st.caption("It goes on if you leave this page. Interrupted, it has changed nothing.")
