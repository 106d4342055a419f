"""The page "Record": add an incident or change one, with its statements and a reason."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mapapp.curation.change import (
    Checked,
    Draft,
    check,
    draft_of,
    last_edit,
    new_document,
    record_ids,
    save,
    sources_of,
    undo,
)
from mapapp.curation.document import source_entry, yaml_text
from mapapp.curation.filled import reason_of
from mapapp.curation.grid import unclear
from mapapp.curation.package import review_zip
from mapapp.domain.access import Permission
from mapapp.domain.problems import InvalidInput, MapAppError
from mapapp.domain.source import Source
from mapapp.ui import bench, notices, services, session
from mapapp.ui.curation.faults import in_the_form
from mapapp.ui.curation.form import Form, complete, show_form
from mapapp.ui.curation.kept_drafts import KeptDrafts
from mapapp.ui.parts.templating import render
from mapapp.ui.reader import access, account

NAME: Final = "record"

_WORK: Final = "curation_work"
#: What was begun and not recorded, by the record's id ("" for a new one).
_DRAFTS: Final = "curation_drafts"
_FAILED: Final = "curation_failed"
#: Ids of the sources that this editor used, the last one last.
_USED: Final = "curation_sources_used"
#: Set where something was set aside, so that it is said as long as the page is open.
_ASIDE: Final = "curation_set_aside"


@dataclass
class _Work:
    """What the editor works on: the draft, its YAML at the start, and what was saved of it.

    `opened` is the form's YAML before anything was typed; `kept` says that it is a draft of before;
    `sources` and `taken` are the sources and the ids of records that the form knew last.
    """

    form: Form
    before: str
    opened: str | None = None
    kept: bool = False
    to_close: bool = False
    saved: Checked | None = None
    reason: str = ""
    undone: bool = False
    to_save: bool = False
    go_on: bool = False
    recorded_before: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    taken: Collection[str] = ()

    @property
    def draft(self) -> Draft:
        """As typed."""
        return self.form.draft

    def completed(self) -> Draft:
        """With what follows from it."""
        return complete(self.form.draft, self.sources, self.taken)


#: What editors wrote whose session ended meanwhile.
_LEFT: Final[KeptDrafts[_Work]] = KeptDrafts()


def allowed() -> bool:
    """Whether this reader may add and change records."""
    return access.may(Permission.EDIT)


def show_way_in() -> None:
    """The button that opens an empty form."""
    if allowed():
        words = "Go on with the new record" if "" in _drafts() else "Add a record"
        st.button(words, key="curation_new", on_click=_begin, args=(None,), width="stretch")


def show_edit(incident_id: str) -> None:
    """The button in an incident's panel that opens it in the form."""
    if allowed():
        words = "Go on with your edit" if incident_id in _drafts() else "Edit this record"
        st.button(words, key="curation_edit", type="tertiary", on_click=_begin,
                  args=(incident_id,))  # fmt: skip


def _drafts() -> dict[str, _Work]:
    if _DRAFTS not in st.session_state:
        st.session_state[_DRAFTS] = _LEFT.take(access.claims())
    found: dict[str, _Work] = st.session_state[_DRAFTS]
    return found


def set_aside() -> bool:
    """Keep what an editor wrote whose session has ended, until they sign in; whether there is any.

    Signing in leads to the provider and back to a session that knows nothing of this one.
    """
    work: _Work | None = st.session_state.pop(_WORK, None)
    drafts: dict[str, _Work] = st.session_state.pop(_DRAFTS, {})
    if work is not None and work.saved is None and not work.undone:
        # What was typed last comes with this very run, and is read where its field is drawn.
        place = st.empty()
        with place.container():
            show_form(work.form, work.sources, work.taken)
            work.reason = _reason(work)
        place.empty()
        if _text_of(work) != work.opened:
            drafts[_name_of(work)] = work
    for own in drafts.values():
        own.to_save = own.to_close = False
    if _LEFT.put(access.claims(), drafts):
        st.session_state[_ASIDE] = True
    return bool(st.session_state.get(_ASIDE))


def _name_of(work: _Work) -> str:
    return str(work.draft.document["id"]) if work.draft.based_on else ""


def _begin(incident_id: str | None) -> None:
    bench.open_page(NAME)
    if kept := _drafts().pop(incident_id or "", None):
        kept.kept = True
        st.session_state[_WORK] = kept
        return
    token = secrets.token_hex(4)
    st.session_state.pop(_WORK, None)
    try:
        if incident_id is None:
            st.session_state[_WORK] = _Work(Form.of(Draft(new_document()), token), "")
        else:
            draft = draft_of(services.store(), incident_id, services.gazetteer())
            before = yaml_text(draft.document)
            st.session_state[_WORK] = _Work(Form.of(draft, token), before)
    except MapAppError as error:
        st.session_state[_FAILED] = error


def show_page() -> None:
    """Draw the page."""
    work: _Work | None = st.session_state.get(_WORK)
    title = "Record" if work is None else _title(work)
    with bench.page(title, "Every change keeps its reason and your name; what it replaces stays in "
                    "the history and can be brought back.", close=_leave):  # fmt: skip
        notice = st.container(key="bench_notice")
        if failed := st.session_state.pop(_FAILED, None):
            with notice:
                _say(failed)
        if not allowed():
            if access.session_ended():
                account.show_ended(kept=set_aside())
            else:
                st.html("<p>Changing records needs the role of an editor.</p>")
        elif work is not None and work.undone:
            with st.container(key="bench_card_saved"):
                st.html(render("bench_part.html", words="Taken back: it is again as it was"))
        elif work is not None and work.saved is not None:
            _saved(work, work.saved)
        elif work is not None:
            _edit(work, notice)


def _leave() -> None:
    """Back to the map, once what was typed just before the click stands in the draft."""
    work: _Work | None = st.session_state.get(_WORK)
    if work is None or work.saved is not None or work.undone:
        bench.close_page()
    else:
        work.to_close = True


def _keep(work: _Work) -> None:
    """Leave the page; a draft in which something was typed is there when it is opened again."""
    work.to_close = False
    if _text_of(work) != work.opened:
        _drafts()[_name_of(work)] = work
    bench.close_page()
    st.rerun()


def _text_of(work: _Work) -> str:
    unread = [own["typed"] for own in work.form.grid.faults.values()]
    return f"{yaml_text(work.draft.document)}{work.draft.sources}{work.reason}{unread}"


def _kept(work: _Work) -> None:
    with st.container(key="bench_card_kept", horizontal=True, vertical_alignment="center"):
        st.html(
            '<p class="bench" role="status">Your draft, kept as you left it; it is not recorded '
            "yet.</p>",
            width="stretch",
        )
        own_id = str(work.draft.document["id"]) if work.draft.based_on else None
        st.button("Start afresh", key="curation_afresh", on_click=_start_afresh, args=(own_id,))


def _start_afresh(incident_id: str | None) -> None:
    st.session_state.pop(_WORK, None)
    _begin(incident_id)


def _title(work: _Work) -> str:
    return f"Edit {work.draft.document['id']}" if work.draft.based_on else "Add a record"


def _say(error: MapAppError, document: Mapping[str, Any] | None = None) -> None:
    """A fault, in the words of the form where it is of the document."""
    problems = error.problems if isinstance(error, InvalidInput) else ()
    items = in_the_form(problems, document or {})
    st.html(render("notice.html", head=notices.head(error), body=str(error), items=items))


def _edit(work: _Work, notice: DeltaGenerator) -> None:
    with st.container(key="curation_last"):
        if work.draft.based_on:
            _last_change(work, str(work.draft.document["id"]))
        if work.kept:
            _kept(work)
        if work.recorded_before:
            words = f"Recorded: {work.recorded_before}. The next one on the same page:"
            st.html(render("bench_note.html", words=words))
    _know(work)
    show_form(work.form, work.sources, work.taken)
    completed = work.completed()
    checked = check(completed, work.sources, services.gazetteer())
    with st.container(key="bench_card_save"):
        st.html(render("bench_part.html", words="6 · Check and record"))
        problems = (*checked.problems, *unclear(work.form.grid.grid))
        if problems:
            items = in_the_form(problems, completed.document)
            st.html(render("notice.html", head="Not yet complete", items=items,
                           body="The same checks as for the curated files."))  # fmt: skip
        else:
            st.html('<p class="bench" role="status">No faults found.</p>')
        with st.expander("As a file"):
            st.code(checked.text, language="yaml")
        work.reason = _reason(work)
        with st.container(horizontal=True):
            st.button("Record the change", key="curation_save", type="primary",
                      on_click=_ask_to_save, args=(work, False))  # fmt: skip
            if not work.draft.based_on:
                st.button("Record and next", key="curation_save_next", on_click=_ask_to_save,
                          args=(work, True))  # fmt: skip
    # A click brings what was typed just before it, which stands in the draft and the reason only
    # now that they are drawn.
    if work.to_close:
        _keep(work)
    if work.opened is None:
        work.opened = _text_of(work)
    if work.to_save:
        _save(work, completed, notice)


def _know(work: _Work) -> None:
    """The sources to offer, those used last first, and the ids of records."""
    known = sources_of(services.store())
    used: list[str] = st.session_state.get(_USED, [])
    latest = sorted(known.values(), key=lambda own: str(own.published_latest), reverse=True)
    order = sorted(latest, key=lambda own: -used.index(own.id) if own.id in used else 1)
    work.sources = {own.id: own for own in order}
    own_id = str(work.draft.document["id"]) if work.draft.based_on else None
    work.taken = record_ids(services.store()) - {own_id}


def _follows(work: _Work) -> str:
    """The reason of a new record, where nobody writes another; a change's is never made."""
    if work.draft.based_on:
        return ""
    completed = work.completed()
    if completed.sources:
        return reason_of(completed.sources[0])
    held = work.sources.get(str(completed.document.get("source") or ""))
    return reason_of(source_entry(held)) if held else ""


def _reason(work: _Work) -> str:
    return st.text_input(
        "Reason for the change: what, and what shows it", value=work.reason,
        key=f"cur_reason_{work.form.token}", max_chars=500, placeholder=_follows(work),
    )  # fmt: skip


def _ask_to_save(work: _Work, go_on: bool) -> None:
    work.to_save, work.go_on = True, go_on


def _save(work: _Work, completed: Draft, notice: DeltaGenerator) -> None:
    work.to_save = False
    reason = work.reason.strip() or _follows(work)
    try:
        _check_allowed()
        grid = work.form.grid
        if open_ := [*(own["words"] for own in grid.faults.values()), *unclear(grid.grid)]:
            raise InvalidInput(f"nothing was recorded: {open_[0]}")
        work.saved = save(
            services.store(), completed, reason, by=access.who(), gazetteer=services.gazetteer()
        )
        work.reason = " ".join(reason.split())
        assert work.saved.record is not None
        session.change(incident=work.saved.record.id)
    except MapAppError as error:
        with notice:
            _say(error, completed.document)
        return
    source = str(completed.document["source"])
    st.session_state[_USED] = [*st.session_state.get(_USED, []), source]
    if work.go_on:
        _next(work.saved, source)
    st.rerun()


def _next(saved: Checked, source: str) -> None:
    """An empty form on the same page, which most often tells of more than one incident."""
    assert saved.record is not None
    draft = Draft(new_document() | {"source": source})
    st.session_state[_WORK] = _Work(Form.of(draft, secrets.token_hex(4)), "")
    st.session_state[_WORK].recorded_before = saved.record.title


def _saved(work: _Work, saved: Checked) -> None:
    assert saved.record is not None
    own_id = saved.record.id
    with st.container(key="bench_card_saved"):
        st.html(render("bench_part.html", words=f"Recorded: {saved.record.title}"))
        st.html(render("saved.html", reason=work.reason, by=access.who(), id=own_id))
        cited = {claim.source_id for claim in saved.claims}
        sources = [s for s in sources_of(services.store()).values() if s.id in cited]
        packed = review_zip(own_id, saved.text, sources, before=work.before, reason=work.reason,
                            by=access.who())  # fmt: skip
        with st.container(horizontal=True):
            st.button("Show it on the map", key="curation_show", type="primary",
                      on_click=bench.close_page)  # fmt: skip
            for words, content, name in (
                ("Download for review (zip)", packed, f"{own_id}.zip"),
                ("The record as YAML", saved.text.encode(), f"{own_id}.yaml"),
            ):
                st.download_button(words, content, name, key=f"curation_{name}", on_click="ignore")
            _taking_back(work, own_id)


def _last_change(work: _Work, own_id: str) -> None:
    """What was changed last by hand, with the way to undo it."""
    last = last_edit(services.store(), own_id)
    if last is not None:
        with st.container(key="bench_card_last", horizontal=True, vertical_alignment="center"):
            st.html(render("last_edit.html", last=last), width="stretch")
            _taking_back(work, own_id)


def _taking_back(work: _Work, own_id: str) -> None:
    last = last_edit(services.store(), own_id)
    if last is None:
        return
    with st.popover("Undo", key="curation_undo"):
        st.text_input("Reason", key=f"cur_undo_reason_{last.seq}", max_chars=500)
        st.button("Take this change back", key="curation_undo_sure", type="primary",
                  on_click=_undo, args=(work, own_id, last.seq))  # fmt: skip


def _undo(work: _Work, own_id: str, seq: int) -> None:
    reason = str(st.session_state.get(f"cur_undo_reason_{seq}") or "")  # as of the click
    try:
        _check_allowed()
        undo(services.store(), own_id, seq, reason, by=access.who())
        work.undone = True
        if not work.draft.based_on:
            session.change(incident=None)
    except MapAppError as error:
        st.session_state[_FAILED] = error


def _check_allowed() -> None:
    """A session can end between the drawing of a form and its sending."""
    if not allowed():
        raise MapAppError("changing records needs the role of an editor; sign in again")
