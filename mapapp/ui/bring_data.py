"""The page "Bring your data": a file from upload to the map, step by step, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from mapapp.domain.access import Permission
from mapapp.domain.problems import InvalidInput, MapAppError, NotPublished
from mapapp.domain.vocab import label
from mapapp.importers import own_json
from mapapp.importers.dataset import Format
from mapapp.importers.formats import FORMATS
from mapapp.importers.sniff import Sniffed, Survey
from mapapp.importers.table import ReadOptions
from mapapp.ingest import goes_as_rows, import_file
from mapapp.ingest_apart import import_apart
from mapapp.ingest_report import OWN, ImportReport, Progress, reports
from mapapp.query import Dashboard
from mapapp.ui import access, formatting, notices, services, session
from mapapp.ui import bring_data_work as works
from mapapp.ui.bring_data_job import Job
from mapapp.ui.bring_data_mapping import keyed, show_mapping
from mapapp.ui.bring_data_report import (
    selection_of,
    show_past,
    show_report,
    show_taking_back,
)
from mapapp.ui.bring_data_work import BY_MAPPING, Tried, Work
from mapapp.ui.plain_text import plain
from mapapp.ui.templating import STATIC, render

_OPEN: Final = "bring_open"
_WORK: Final = "bring_work"
_JOB: Final = "bring_job"
_UPLOADS: Final = "bring_uploads"

#: Encodings that tables of our field come in, beside what is found out.
_ENCODINGS: Final = ("", "utf-8", "utf-16", "cp1252", "cp1256", "latin-1")

_KINDS: Final = {
    "delimited": "text with delimiters", "xlsx": "workbook", "json": "JSON", "parquet": "Parquet",
}  # fmt: skip

#: Place words offered at once; the rest waits among the rows set aside.
_OFFERED: Final = 30

#: Rows to be set aside that are spelled out above their table.
_NAMED: Final = 12
_NONE_OF_THESE: Final = "-"


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
        job: Job | None = st.session_state.get(_JOB)
        work: Work | None = st.session_state.get(_WORK)
        if job is not None and not job.finished:
            with st.container(key="bring_import"):
                _progress()
            return
        if job is not None and work is not None:
            work.report, work.failure = job.report, job.failure
            st.session_state[_JOB] = None
        if work is None:
            _upload()
        else:
            _steps(dash, work)
        shown = work.report.id if work is not None and work.report is not None else ""
        show_past(services.store(), without=shown)


def _open() -> None:
    st.session_state[_OPEN] = True


def _close() -> None:
    st.session_state[_OPEN] = False


def _another() -> None:
    if work := st.session_state.pop(_WORK, None):
        works.discard(work)


def _head(words: str) -> None:
    st.html(f'<h2 class="bring">{words}</h2>')


def _upload() -> None:
    with st.container(key="bring_file"):
        _head("1 · A file")
        st.markdown(
            "UCDP GED, ACLED, GTD, our own export, or any table of incidents: CSV, TSV, XLSX, "
            "GeoJSON, JSON or Parquet, also zipped. Nothing is recorded before you have seen what "
            "would be."
        )
        number = st.session_state.get(_UPLOADS, 0)
        given = st.file_uploader("File", key=f"bring_upload_{number}")
        if given is not None:
            folder = services.store().data_dir / "uploads"
            st.session_state[_WORK] = works.keep_upload(folder, given.name, given)
            # Another uploader next time: the one with the file in memory lets go of it.
            st.session_state[_UPLOADS] = number + 1
            st.rerun()
        _inbox()


def _inbox() -> None:
    """Files too large to send through a browser, laid into the data folder by its owner."""
    store = services.store()
    files = works.waiting(store.data_dir / "inbox")
    if not files:
        limit = st.get_option("server.maxUploadSize")
        st.caption(f"A file above {limit} MB? Lay it into the folder inbox of the data folder on "
                   "the server, and it is offered here.")  # fmt: skip
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Or a file in the server's inbox", files, key="bring_inbox", index=None,
            format_func=lambda path: path.name, placeholder="choose",
        )  # fmt: skip
        if st.button("Take this file", key="bring_take", disabled=chosen is None) and chosen:
            st.session_state[_WORK] = works.take(store.data_dir / "uploads", chosen)
            st.rerun()


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
        _head("2 · What it is")
        facts = [("Form", "our own export"), ("Incidents", formatting.count(len(items))),
                 ("Sources", formatting.count(len(sources)))]  # fmt: skip
        note = "What the store lacks is added; an incident it has otherwise is set aside"
        st.html(render("bring_data_seen.html", facts=facts, notices=[note]))
    with st.container(key="bring_import"):
        _start_button(work, f"Import {formatting.counted(len(items), 'incident')}")


def _table(dash: Dashboard, work: Work) -> None:
    with st.container(key="bring_seen"):
        _head("2 · What it is")
        sniffed = _recognised(work)
    if work.by_mapping():
        with st.container(key="bring_mapping"):
            _head("3 · What its columns mean")
            if not _mapped(work, sniffed):
                return
    form = work.format()
    release = works.release_of(work, form, services.gazetteer())
    work.as_rows = goes_as_rows(sniffed, services.store(), release)
    with st.spinner("Looking at every row's dates"):
        surveyed = work.surveyed(form)
    if not _answered(work, form):
        return
    form = work.format()
    with st.spinner("Trying the rows"):
        tried = work.tried(form, services.gazetteer())
    if tried.choices:
        before = dict(work.places)
        _places(dash, work, tried.choices)
        if work.places != before:
            st.rerun()  # the rows were tried without the choice just made
    with st.container(key="bring_preview"):
        _preview(work, sniffed, surveyed, tried)
    with st.container(key="bring_import"):
        _import(work, surveyed, tried)


def _recognised(work: Work) -> Sniffed:
    with st.expander("Read it another way"):
        left, middle, right = st.columns(3, gap="small")
        names = {"": "as recognised", **{form.name: form.title for form in FORMATS},
                 BY_MAPPING: "any table, by its columns"}  # fmt: skip
        work.form = left.selectbox(
            "Form", list(names), key=keyed(f"bring_form_{work.id}", work.form),
            format_func=names.__getitem__,
        )  # fmt: skip
        encoding = middle.selectbox(
            "Encoding", _ENCODINGS,
            key=keyed(f"bring_encoding_{work.id}", work.options.encoding or ""),
            format_func=lambda name: name or "found out",
        )  # fmt: skip
        sheet = right.text_input(
            "Sheet of a workbook", key=keyed(f"bring_sheet_{work.id}", work.options.sheet or ""),
            placeholder="the first that is not empty",
        )  # fmt: skip
    work.options = ReadOptions(encoding=encoding or None, sheet=sheet.strip() or None)
    sniffed = work.sniffed()
    table = sniffed.table
    form = "a table of no known form" if work.by_mapping() else work.format().title
    facts = [("Form", form), ("File", _KINDS.get(table.kind, table.kind)),
             ("Columns", formatting.count(len(sniffed.header)))]  # fmt: skip
    if table.encoding:
        facts.append(("Encoding", table.encoding))
    said = [str(notice) for notice in sniffed.notices]
    st.html(render("bring_data_seen.html", facts=facts, notices=said))
    st.dataframe(
        works.sample_frame(sniffed), hide_index=True, height=190, alt="The first rows of the file"
    )
    return sniffed


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


def _answered(work: Work, form: Format) -> bool:
    """Draw the questions that only a person can answer; whether all are answered."""
    questions = work.questions(form)
    if not questions:
        return True
    with st.container(key="bring_questions"):
        _head("Day first or month first?")
        for question in questions:
            key = f"bring_order_{work.id}_{question.field}"
            words = dict(question.options)
            shown = f", for example {', '.join(question.examples)}" if question.examples else ""
            answer = st.radio(
                plain(f"{question.field}: {question.ask}{shown}"),
                list(words),
                index=None,
                key=keyed(key, work.orders.get(question.field)),
                format_func=words.__getitem__,
                horizontal=True,
            )
            if answer is not None:
                work.orders[question.field] = answer
    if work.by_mapping() and work.mapping is not None:
        # Kept with the mapping: filled in, and asked again, for the next such table.
        work.mapping = replace(work.mapping, date_orders=dict(work.orders))
    return all(question.field in work.orders for question in questions)


def _places(
    dash: Dashboard, work: Work, choices: Mapping[str, tuple[Mapping[str, Any], ...]]
) -> None:
    provinces = dash.labels()["provinces"]
    with st.container(key="bring_places"):
        _head("Which place is meant?")
        decided = sum(words in work.places for words in choices)
        st.caption(
            "These words fit several places. Rows without an answer are set aside. "
            f"{decided} of {len(choices)} decided; answers are kept for the next table like this."
        )
        waiting = [words for words in choices if words not in work.places]
        later = set(waiting[_OFFERED:])
        for words, candidates in choices.items():
            if words in later:
                continue
            names: dict[str, str] = {"": "not decided"} | {
                str(found["id"]): ", ".join(
                    part
                    for part in (
                        str(found["name"]),
                        label(str(found["placetype"])),
                        provinces.get(str(found["adm1_pcode"]), ""),
                    )
                    if part
                )
                for found in candidates
            } | {_NONE_OF_THESE: "none of these: write coordinates"}  # fmt: skip
            if _given(work, words) not in names:  # the gazetteer offers it no more
                work.places.pop(words)
            chosen: str = st.radio(
                plain(words),
                list(names),
                key=keyed(f"bring_place_{work.id}_{words}", _given(work, words)),
                format_func=names.__getitem__,
                horizontal=True,
            )
            _choose(work, words, chosen)
        if later:
            st.caption(f"{len(later)} more come as these are answered.")
    if work.by_mapping() and work.mapping is not None:
        work.mapping = replace(work.mapping, places=dict(work.places))


def _given(work: Work, words: str) -> str:
    return (work.places[words] or _NONE_OF_THESE) if words in work.places else ""


def _choose(work: Work, words: str, chosen: str) -> None:
    if chosen:
        work.places[words] = "" if chosen == _NONE_OF_THESE else chosen
    else:
        work.places.pop(words, None)


def _height(rows: int) -> int:
    return min(38 + 35 * rows, 230)


def _preview(work: Work, sniffed: Sniffed, surveyed: Survey, tried: Tried) -> None:
    _head("What would go in")
    of = "" if tried.whole else f" of the first {formatting.count(tried.rows)}"
    facts = [
        (
            "Rows in the file",
            formatting.count(surveyed.rows) if surveyed.rows else "counted as they go in",
        ),
        (f"Good{of}", formatting.count(len(tried.good))),
        (f"To be set aside{of}", formatting.count(len(tried.aside))),
    ]
    said = [str(verdict) for verdict in surveyed.verdicts(work.path.name)]
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
        words = f"{formatting.count(more)} more, and all" if more > 0 else "The same"
        with st.expander(f"{words} with the cells of their rows"):
            st.dataframe(
                works.aside_frame(sniffed, tried), hide_index=True,
                height=_height(len(tried.aside)),
                alt="Rows that would be set aside, with field, fault and remedy",
            )  # fmt: skip


def _import(work: Work, surveyed: Survey, tried: Tried) -> None:
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
    if not tried.good and tried.whole:
        st.html(render("notice.html", head="No row can go in", body="Correct the file or what "
                       "its columns mean.", items=()))  # fmt: skip
        return
    _start_button(
        work, f"Import {formatting.counted(surveyed.rows, 'row')}" if surveyed.rows else "Import"
    )


def _start_button(work: Work, words: str) -> None:
    st.button(words, key="bring_start", type="primary", on_click=_start, args=(work,))


def _start(work: Work) -> None:
    if st.session_state.get(_JOB) is not None or not allowed():
        return
    store, gazetteer, apart = services.store(), services.gazetteer(), work.as_rows
    work.report = work.failure = None
    # As it is now: the thread must not see what the reader changes meanwhile.
    path, form, answers = work.path, OWN if work.is_own() else work.format(), work.answers()
    options, version = work.options, work.version
    complete, allow_older = work.complete, work.allow_older

    def run(progress: Progress) -> ImportReport:
        if apart and not isinstance(form, str):
            return import_apart(
                path, store.data_dir, format=form, answers=answers, options=options,
                version=version, complete=complete, allow_older=allow_older, progress=progress,
                by="page",
            )  # fmt: skip
        return import_file(
            path, store, format=form, answers=answers, options=options, version=version,
            complete=complete, allow_older=allow_older, progress=progress, by="page",
            gazetteer=gazetteer,
        )  # fmt: skip

    st.session_state[_JOB] = Job(run)


@st.fragment(run_every=0.5)
def _progress() -> None:
    """Drawn anew twice a second while the import runs; then the whole page is."""
    job: Job | None = st.session_state.get(_JOB)
    if job is None or job.finished:
        st.rerun()
    work: Work | None = st.session_state.get(_WORK)
    _head("Importing")
    if work is not None:
        st.markdown(f"**{plain(work.path.name)}**")
    st.progress(job.done, text=job.words())
    st.caption("It goes on if you leave this page. Interrupted, it has changed nothing.")


def _reported(dash: Dashboard, work: Work, report: ImportReport) -> None:
    with st.container(key="bring_report"):
        _head("What became of it")
        if report.id not in {done.id for done in reports(services.store())}:
            st.html(render("notice.html", head="Taken back", body="The data set is again what it "
                           "was before this import.", items=()))  # fmt: skip
            return
        show_report(report)
        with st.container(horizontal=True):
            if report.imported:
                st.button(
                    "Show them on the map", key="bring_show", type="primary", on_click=_show,
                    args=(dash, report),
                )  # fmt: skip
            show_taking_back(services.store(), report, key="report")
    if report.choices:
        _places(dash, work, report.choices)
        if work.places:
            _start_button(work, "Import again with these places")


def _show(dash: Dashboard, report: ImportReport) -> None:
    session.change(selection=selection_of(dash, report), incident=None)
    _close()
