"""The page "Read a page": a news page becomes drafts, each value beside the words behind it.

Nothing is in the log before "Record". The page's text stays in the session and in the reader's own
tab; drafts wait in the data folder for who made them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import streamlit as st

from mapapp.curation.change import check, record_ids, sources_of, undo
from mapapp.curation.desk.desk import PARTS, Desk, PageFacts
from mapapp.curation.desk.recording import Prepared, page_source, prepared, record
from mapapp.curation.desk.waiting import WaitingDesks
from mapapp.curation.document import source_entry
from mapapp.curation.filled import reason_of
from mapapp.domain import wording
from mapapp.domain.access import Permission
from mapapp.domain.problems import InvalidInput, MapAppError
from mapapp.domain.source import Source
from mapapp.domain.vocab import label
from mapapp.linking.likeness import Likeness, like
from mapapp.query import Dashboard
from mapapp.reading.pages.files import INBOX, bytes_of, inside
from mapapp.ui import bench, notices, services, session
from mapapp.ui.curation.faults import in_the_form
from mapapp.ui.parts.embed import addresses, declare
from mapapp.ui.parts.templating import STATIC, render
from mapapp.ui.read_page import view
from mapapp.ui.read_page import work as works
from mapapp.ui.read_page.work import Work
from mapapp.ui.reader import access

NAME: Final = "read_page"

_WORK: Final = "read_page_work"
_FAILED: Final = "read_page_failed"
_DESK: Final = "read_page_desk"
_DESK_COMPONENT: Final = declare("desk", 480)


def show_way_in() -> None:
    """The button that opens the page."""
    if access.may(Permission.EDIT):
        st.button("Read a page", key="read_page_open", on_click=bench.open_page, args=(NAME,),
                  width="stretch")  # fmt: skip


def show_page() -> None:
    """Draw the page."""
    st.html(STATIC / "read_page.css")
    with bench.page(
        "Read a page",
        "Paste a news page: it becomes drafts, each value beside its words. Nothing is recorded "
        "before you say so, and the page's text is kept nowhere.",
    ):
        if not access.may(Permission.EDIT):
            st.html("<p>Reading pages needs the role of an editor.</p>")
            return
        if failed := st.session_state.pop(_FAILED, None):
            _say(failed)
        work: Work | None = st.session_state.get(_WORK)
        if work is None:
            _start()
        elif work.recorded:
            _recorded(work)
        else:
            _desk(work)


def _person() -> str:
    """Whose drafts these are: a subject at a provider, or whoever sits at this machine."""
    claims = access.claims() or {}
    return f"{claims.get('iss', '')} {claims['sub']}" if claims.get("sub") else "this machine"


def _waiting() -> WaitingDesks:
    return WaitingDesks(services.store().data_dir)


def _say(error: MapAppError) -> None:
    problems = error.problems if isinstance(error, InvalidInput) else ()
    items = [str(problem) for problem in problems]
    st.html(render("notice.html", head=notices.head(error), body=str(error), items=items))


def _start() -> None:
    waiting = _waiting().all(_person())
    if waiting:
        with st.container(key="bench_card_waiting"):
            st.html(render("bench_part.html", words="Drafts that wait for you"))
            for desk in waiting:
                _waits(desk)
    with st.container(key="bench_card_page"):
        st.html(render("bench_part.html", words="The page"))
        text = st.text_area(
            "Paste the page: its words, or its HTML", key="read_page_text", height=220,
            placeholder="Headline and article",
        )  # fmt: skip
        given = st.file_uploader(
            "Or give it as a file: HTML, PDF, DOCX, mail or text", key="read_page_file"
        )
        laid = _inbox()
        left, right = st.columns(2)
        facts = PageFacts(
            "",
            publisher=left.text_input("Publisher", key="read_page_publisher").strip(),
            published=right.text_input(
                "Published on (YYYY-MM-DD)", key="read_page_published",
                placeholder="empty: as the page says, and you are asked",
            ).strip(),
            url=st.text_input(
                "Address of the page, if known; it is kept as text and never fetched",
                key="read_page_url",
            ).strip(),
        )  # fmt: skip
        if st.button("Read it", key="read_page_read", type="primary"):
            if given:
                _read(given.getvalue(), facts)
            elif laid:
                _read_file(laid, facts)
            else:
                _read(text.encode(), facts)


def _inbox() -> Path | None:
    """A page that somebody laid into the data folder; it stays there."""
    files = inside(services.store().data_dir / INBOX)
    if not files:
        return None
    return st.selectbox(
        "Or a page in the server's inbox", files, key="read_page_inbox", index=None,
        format_func=lambda path: path.name, placeholder=f"{len(files)} waiting",
    )  # fmt: skip


def _read_file(path: Path, facts: PageFacts) -> None:
    try:
        data = bytes_of(path)
    except InvalidInput as error:
        _say(error)
        return
    _read(data, facts)


def _waits(desk: Desk) -> None:
    page = desk.page
    with st.container(horizontal=True, vertical_alignment="center", key=f"waits_{page.sha256}"):
        words = ", ".join(own for own in (page.publisher, page.title, page.published) if own)
        said = f"{words or 'A page'}: {view.reading_words(desk)}"
        st.html(render("bench_note.html", words=said), width="stretch")
        st.button("Go on", key=f"go_on_{page.sha256}", on_click=_go_on, args=(desk,))
        st.button("Throw away", key=f"throw_{page.sha256}", type="tertiary", on_click=_throw,
                  args=(page.sha256,))  # fmt: skip


def _go_on(desk: Desk) -> None:
    st.session_state[_WORK] = Work(desk)


def _throw(sha256: str) -> None:
    _waiting().drop(_person(), sha256)
    st.session_state.pop(_WORK, None)


def _read(data: bytes, typed: PageFacts) -> None:
    if not data.strip():
        _say(InvalidInput("there is nothing to read yet; paste the page, or give its file"))
        return
    try:
        with st.spinner("Reading"):
            work = works.read(data, typed, None, services.gazetteer())
            held = _waiting().get(_person(), work.desk.page.sha256)
            if held is not None:
                work = works.read(data, typed, held, services.gazetteer())
        st.session_state[_WORK] = work
        _keep(work)
    except MapAppError as error:
        _say(error)
        return
    st.rerun()


def _keep(work: Work) -> None:
    try:
        _waiting().put(_person(), work.desk)
    except MapAppError as error:
        work.fault = str(error)


def _desk(work: Work) -> None:
    known = sources_of(services.store())
    _facts(work)
    if not work.text:
        _ask_for_text(work)
    for words in work.notices:
        st.html(render("bench_note.html", words=words))
    ready = prepared(
        work.desk, services.store(), known, record_ids(services.store()), services.gazetteer()
    )
    faults = {own.incident.key: _faults(own, known) for own in ready}
    _component(work, ready, faults, known)
    _record_card(work, ready, faults, known)


def _facts(work: Work) -> None:
    """What is known of the page; another day or publisher is read with at once."""
    page = work.desk.page
    key = page.sha256[:12]
    with st.container(key="bench_card_facts"):
        a, b, c, d = st.columns([2, 4, 2, 3])
        changed = replace(
            page,
            publisher=a.text_input("Publisher", value=page.publisher, key=f"rp_pub_{key}").strip(),
            title=b.text_input("Title of the page", value=page.title, key=f"rp_t_{key}").strip(),
            published=c.text_input("Published on", value=page.published, key=f"rp_d_{key}",
                                   placeholder="YYYY-MM-DD").strip(),
            url=d.text_input("Address", value=page.url, key=f"rp_u_{key}").strip(),
        )  # fmt: skip
        if work.asked_day:
            with st.container(horizontal=True, vertical_alignment="center"):
                said = f"Published {work.asked_day}: is that so? Weekdays are counted from it."
                st.html(render("bench_note.html", words=said), width="stretch")
                st.button("Yes", key=f"rp_day_{key}", on_click=_day_is_so, args=(work,))
        elif not changed.published:
            said = "On which day was it published? Without it, weekdays stay open."
            st.html(render("bench_note.html", words=said))
        for asked in work.desk.questions:
            st.html(render("bench_note.html", words=asked.text))
    if changed == page:
        return
    try:
        works.day(changed.published)
    except InvalidInput as error:
        _say(error)
        return
    again = (changed.published, changed.publisher) != (page.published, page.publisher)
    if changed.published != page.published:
        work.asked_day = ""
    work.desk = replace(work.desk, page=changed)
    if again:
        work.read_again(services.gazetteer())
    _keep(work)


def _day_is_so(work: Work) -> None:
    work.asked_day = ""


def _ask_for_text(work: Work) -> None:
    with st.container(key="bench_card_text"):
        said = (
            "The page's words are kept nowhere but in the tab that they were pasted into. What you "
            "decided is here; paste the page again to see its words beside it."
        )
        st.html(render("bench_note.html", words=said))
        text = st.text_area("Paste the page again", key="read_page_again", height=120)
        if st.button("Show its words", key="read_page_again_read") and text.strip():
            try:
                again = works.read(text.encode(), work.desk.page, work.desk, services.gazetteer())
            except MapAppError as error:
                _say(error)
                return
            if again.desk.page.sha256 != work.desk.page.sha256:
                _say(InvalidInput("these are the words of another page; they are left as they are"))
                return
            st.session_state[_WORK] = again
            st.rerun()


def _faults(own: Prepared, known: Mapping[str, Source]) -> list[str]:
    """What is wanting in an incident before it can be recorded, in words."""
    checked = check(own.draft, known, services.gazetteer())
    document = own.draft.document
    empty = [name for name in PARTS if not document.get(name)]
    said = [f"{label(name).capitalize()}: nothing is accepted yet" for name in empty]
    # Of the card, not of the form: its parts have no numbers here.
    rest = [
        problem
        for problem in (*checked.problems, *own.wanting)
        if problem.field.partition(".")[0] not in empty and not (empty and problem.field == "id")
    ]
    return said + [words.partition(" · ")[2] for words in in_the_form(rest, document)]


def _component(
    work: Work, ready: tuple[Prepared, ...], faults: Mapping[str, list[str]],
    known: Mapping[str, Source],
) -> None:  # fmt: skip
    gazetteer, desk = services.gazetteer(), work.desk
    of = {own.incident.key: own for own in ready}

    def heard() -> None:
        told = st.session_state[_DESK]
        if work.hear(told.get("acts"), gazetteer):
            _keep(work)

    def given() -> None:
        found = st.session_state[_DESK].get("text")
        if isinstance(found, Mapping):
            work.give_text(str(found.get("text", "")))

    incidents = [
        view.incident_view(
            own, number, gazetteer, publisher=desk.page.publisher, faults=work.faults,
            wanting=[] if own.dropped or own.open_values() else faults[own.key],
            alike=_alike(work, of.get(own.key), known),
        )
        for number, own in enumerate(desk.incidents, 1)
    ]  # fmt: skip
    with st.container(key="read_page_desk_place"):
        _DESK_COMPONENT(
            key=_DESK,
            data={
                **addresses(),
                "text": work.text,
                "hash": desk.page.sha256,
                "incidents": incidents,
                "choices": view.choices(),
                "outlines": "assets/geo/provinces.json",
                "applied": work.applied,
                "fault": work.fault,
            },
            on_acts_change=heard,
            on_text_change=given,
        )


def _alike(work: Work, own: Prepared | None, known: Mapping[str, Source]) -> tuple[Likeness, ...]:
    """Records that an incident may be about, looked up anew where it has changed."""
    if own is None or own.incident.dropped:
        return ()
    key = own.incident.key
    of = (services.snapshot().path, str(own.incident.parts), str(own.incident.grid.values))
    if work.looked_up.get(key, (None,))[0] != of:
        work.looked_up[key] = (of, _looked_up(work, own, known))
    found: tuple[Likeness, ...] = work.looked_up[key][1]
    return found


def _looked_up(work: Work, own: Prepared, known: Mapping[str, Source]) -> tuple[Likeness, ...]:
    """By all that was read and not rejected, also where nobody has accepted it yet."""
    draft = view.as_if_accepted(work.desk, own.incident, services.gazetteer(), known)
    checked = check(draft, known, services.gazetteer())
    if checked.record is None:
        return ()
    sources = [*known.values(), *checked.sources]
    found = like(Dashboard(services.snapshot()), checked.record, checked.claims, sources)
    curated = record_ids(services.store())
    return tuple(each for each in found if each.id in curated)[:3]


def _record_card(
    work: Work, ready: tuple[Prepared, ...], faults: Mapping[str, list[str]],
    known: Mapping[str, Source],
) -> None:  # fmt: skip
    with st.container(key="bench_card_save"):
        whole = [own for own in ready if not faults[own.incident.key]]
        left = sum(len(own.incident.open_values()) for own in ready)
        source, new = page_source(work.desk, known)
        entry = new[0] if new else source_entry(known[source])
        work.reason = st.text_input(
            "Reason: what, and what shows it", value=work.reason, key="read_page_reason",
            max_chars=500, placeholder=reason_of(entry),
        )  # fmt: skip
        if left:
            said = f"{wording.counted(left, 'value')} nobody has decided on: they are left out."
            st.html(render("bench_note.html", words=said))
        undone = len(ready) - len(whole)
        if undone:
            said = f"{wording.counted(undone, 'incident')} not ready: what is wanting stands there."
            st.html(render("bench_note.html", words=said))
        with st.container(horizontal=True):
            words = f"Record {wording.counted(len(whole), 'incident')}"
            pressed = st.button(words, key="read_page_record", type="primary", disabled=not whole)
            st.button("Put it aside", key="read_page_aside", on_click=_put_aside)
            st.button("Throw these drafts away", key="read_page_throw", type="tertiary",
                      on_click=_throw, args=(work.desk.page.sha256,))  # fmt: skip
        if pressed:
            _record(work, whole, work.reason.strip() or reason_of(entry))


def _put_aside() -> None:
    st.session_state.pop(_WORK, None)


def _record(work: Work, ready: list[Prepared], reason: str) -> None:
    store = services.store()
    try:
        if not access.may(Permission.EDIT):
            raise MapAppError("recording needs the role of an editor; sign in again")
        done = record(store, ready, reason, by=access.who(), gazetteer=services.gazetteer())
    except MapAppError as error:
        _say(error)
        return
    work.seq = store.log.seq()
    work.recorded = tuple((own.record.id, own.record.title) for own in done if own.record)
    work.reason = reason
    _keep_rest(work, ready)
    session.change(incident=work.recorded[0][0])
    st.rerun()


def _keep_rest(work: Work, ready: list[Prepared]) -> None:
    """What was recorded is a draft no more; what was not waits on."""
    gone = {own.incident.key for own in ready}
    rest = tuple(own for own in work.desk.incidents if own.key not in gone)
    if any(not own.dropped for own in rest):
        work.desk = replace(work.desk, incidents=rest)
        _keep(work)
    else:
        _waiting().drop(_person(), work.desk.page.sha256)


def _recorded(work: Work) -> None:
    with st.container(key="bench_card_saved"):
        if work.undone:
            st.html(render("bench_part.html", words="Taken back: it is again as it was"))
        else:
            titles = ", ".join(title for _, title in work.recorded)
            st.html(render("bench_part.html", words=f"Recorded: {titles}"))
            st.html(render("bench_note.html", words=f"{work.reason} · by {access.who()}"))
        with st.container(horizontal=True):
            st.button("Show it on the map", key="read_page_show", type="primary", on_click=_leave)
            st.button("Read another page", key="read_page_next", on_click=_put_aside)
            if not work.undone:
                with st.popover("Undo", key="read_page_undo"):
                    st.text_input("Reason", key="read_page_undo_reason", max_chars=500)
                    st.button("Take all of it back", key="read_page_undo_sure", type="primary",
                              on_click=_undo, args=(work,))  # fmt: skip


def _leave() -> None:
    st.session_state.pop(_WORK, None)
    bench.close_page()


def _undo(work: Work) -> None:
    reason = str(st.session_state.get("read_page_undo_reason") or "")  # as of the click
    try:
        if not access.may(Permission.EDIT):
            raise MapAppError("changing records needs the role of an editor; sign in again")
        undo(services.store(), work.recorded[0][0], work.seq, reason, by=access.who())
        work.undone = True
        session.change(incident=None)
    except MapAppError as error:
        st.session_state[_FAILED] = error
