"""The page "Bring your data": a file from upload to the map, step by step, nothing guessed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.access import Permission
from mapapp.domain.problems import InvalidInput, MapAppError, NotPublished
from mapapp.importers import own_export as own_json
from mapapp.importers.tables.sniff import Sniffed
from mapapp.ingest.apart import is_large
from mapapp.ingest.report import ImportReport, reports
from mapapp.query import Dashboard
from mapapp.ui import notices, services, session
from mapapp.ui.bring_data import work as works
from mapapp.ui.bring_data.file import head, recognised, show_upload
from mapapp.ui.bring_data.job import Job
from mapapp.ui.bring_data.mapping import show_mapping
from mapapp.ui.bring_data.preview import show_preview
from mapapp.ui.bring_data.questions import answered, show_places
from mapapp.ui.bring_data.report import (
    selection_of,
    show_better_places,
    show_past,
    show_report,
    show_taking_back,
)
from mapapp.ui.bring_data.start import JOB, WORK, show_import, show_progress, start_button
from mapapp.ui.bring_data.work import Work
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import STATIC, render
from mapapp.ui.reader import access

_OPEN: Final = "bring_open"


def allowed() -> bool:
    """Whether this reader may bring data here."""
    return access.may(Permission.IMPORT)


def is_open() -> bool:
    """Whether the page is to be shown instead of the map."""
    return bool(st.session_state.get(_OPEN)) and allowed()


def show_way_in() -> None:
    """The button that opens the page, where this reader may."""
    if allowed():
        st.button("Bring your data", key="bring_open_button", on_click=_open, width="stretch")


def show_page(dash: Dashboard) -> None:
    """Draw the page."""
    st.html(STATIC / "bring_data.css")
    with st.container(key="bring"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html('<h1 class="bring">Bring your data</h1>', width="stretch")
            st.button("Back to the map", key="bring_close", on_click=_close)
        job: Job | None = st.session_state.get(JOB)
        work: Work | None = st.session_state.get(WORK)
        if job is not None and not job.finished:
            with st.container(key="bring_import"):
                show_progress()
            return
        if job is not None and work is not None:
            work.report, work.failure = job.report, job.failure
            st.session_state[JOB] = None
        if work is None:
            if (given := show_upload()) is not None:
                st.session_state[WORK] = given
                st.rerun()
        else:
            _steps(dash, work)
        shown = work.report.id if work is not None and work.report is not None else ""
        show_past(services.store(), without=shown)


def _open() -> None:
    st.session_state[_OPEN] = True


def _close() -> None:
    st.session_state[_OPEN] = False


def _another() -> None:
    if work := st.session_state.pop(WORK, None):
        works.discard(work)


def _steps(dash: Dashboard, work: Work) -> None:
    with st.container(key="bring_file", horizontal=True, vertical_alignment="center"):
        size = works.size_words(work.path.stat().st_size) if work.path.is_file() else "gone"
        st.markdown(f"**{plain(work.path.name)}** · {size}", width="stretch")
        st.button("Another file", key="bring_another", on_click=_another)
    if work.report is not None:
        _reported(dash, work, work.report)
        return
    if work.failure is not None:
        _failed(work.failure)
    try:
        if work.is_own():
            _own(work)
        else:
            _table(dash, work)
    except InvalidInput as error:
        items = [str(problem) for problem in error.problems]
        st.html(render("notice.html", head=notices.head(error), body=str(error), items=items))


def _failed(failure: Exception) -> None:
    if isinstance(failure, MapAppError):
        problems = failure.problems if isinstance(failure, InvalidInput) else ()
        recorded = isinstance(failure, NotPublished)
        body = str(failure) if recorded else f"{failure}. Nothing was recorded."
        items = [str(problem) for problem in problems]
        st.html(render("notice.html", head=notices.head(failure), body=body, items=items))
    else:
        notices.show_failure(failure)


def _own(work: Work) -> None:
    items, sources = work.remembered("items", None, lambda: own_json.load(work.path))
    with st.container(key="bring_seen"):
        head("2 · What it is")
        facts = [("Form", "our own export"), ("Incidents", wording.count(len(items))),
                 ("Sources", wording.count(len(sources)))]  # fmt: skip
        note = "What the store lacks is added; an incident it has otherwise is set aside"
        st.html(render("bring_data_seen.html", facts=facts, notices=[note]))
    with st.container(key="bring_import"):
        start_button(work, f"Import {wording.counted(len(items), 'incident')}")


def _table(dash: Dashboard, work: Work) -> None:
    with st.container(key="bring_seen"):
        head("2 · What it is")
        sniffed = recognised(work)
    if work.by_mapping():
        with st.container(key="bring_mapping"):
            head("3 · What its columns mean")
            if not _mapped(work, sniffed):
                return
    form = work.format()
    work.large = is_large(sniffed.table)
    with st.spinner("Looking at every row's dates"):
        surveyed = work.surveyed(form)
    if not answered(work, form):
        return
    form = work.format()
    with st.spinner("Trying the rows"):
        tried = work.tried(form, services.gazetteer())
    if tried.choices:
        before = dict(work.places)
        show_places(dash, work, tried.choices)
        if work.places != before:
            st.rerun()  # the rows were tried without the choice just made
    with st.container(key="bring_preview"):
        show_preview(work, sniffed, surveyed, tried)
        faults = [fault for _, found in tried.aside for fault in found]
        faults += [remark for _, found in tried.good for remark in found.remarks]
        show_better_places(fault.fault for fault in faults)
    with st.container(key="bring_import"):
        show_import(dash, work, surveyed, tried)


def _mapped(work: Work, sniffed: Sniffed) -> bool:
    store = services.store()
    taken = [report.dataset for report in reports(store)] if work.mapping is None else []
    begun, guesses, kept = work.remembered(
        "begun", work.options, lambda: works.first_mapping(sniffed, store, taken)
    )
    if work.mapping is None or any(
        column not in sniffed.header for column in work.mapping.columns.values()
    ):
        work.mapping = begun
        work.orders = dict(begun.date_orders)
        work.places = dict(begun.places) | work.places
    problems = show_mapping(work, sniffed, guesses, kept=kept)
    if problems:
        items = [f"{_field(p.field)}: {p.fault}. {p.remedy}" for p in problems]
        st.html(render("notice.html", head="Not yet", body="To go on:", items=items))
    return not problems


def _field(name: str) -> str:
    return {"speaker": "Who asserts what it says", "title": "Title of the table",
            "geo_precision": "What its points stand for"}.get(name, name)  # fmt: skip


def _reported(dash: Dashboard, work: Work, report: ImportReport) -> None:
    with st.container(key="bring_report"):
        head("What became of it")
        if report.id not in {done.id for done in reports(services.store())}:
            st.html(render("notice.html", head="Taken back", body="The data set is again what it "
                           "was before this import.", items=()))  # fmt: skip
            return
        show_report(report)
        show_better_places(problem.fault for problem in (*report.problems, *report.remarks))
        with st.container(horizontal=True):
            if report.imported:
                st.button(
                    "Show them on the map", key="bring_show", type="primary", on_click=_show,
                    args=(dash, report),
                )  # fmt: skip
            show_taking_back(services.store(), report, key="report")
    if report.choices:
        show_places(dash, work, report.choices)
        if work.places:
            start_button(work, "Import again with these places")


def _show(dash: Dashboard, report: ImportReport) -> None:
    session.change(selection=selection_of(dash, report), incident=None)
    _close()
