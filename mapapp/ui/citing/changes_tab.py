"""The Changes tab: what was added, revised, withdrawn and judged since a day, for the selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.judgement import Judgement
from mapapp.domain.moment import Moment
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.gate.gate import editor_name
from mapapp.query import Dashboard, selection_to_params
from mapapp.query.changes.changes import Changed, ChangeLog, Changes, MovedJudgement
from mapapp.query.filters.sentence import sentence
from mapapp.query.tables import Recent
from mapapp.store import Log, Snapshot
from mapapp.ui import notices, services, session
from mapapp.ui.citing import as_of
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render
from mapapp.ui.view_state import ViewState

#: Entries shown of a list; the rest is counted and stands in the feed.
MAX_LISTED = 40

#: How far back the tab looks where the link does not say.
USUAL = timedelta(days=7)

_FOUND: Recent[Changes] = Recent(32)


def usual_since(log: Log, until: datetime) -> Moment | None:
    """A week back; where nothing was recorded then, the first recording; None for an empty log."""
    week = Moment.of_day((until - USUAL).astimezone(UTC).date())
    if log.seq_at(week.before):
        return week
    first = next(iter(log.changes()), None)
    return None if first is None else Moment(first.at + timedelta(microseconds=1))


def seq_before(log: Log, since: Moment) -> int:
    """The log's last change before a moment begins."""
    return log.seq_at(since.before)


def found(snapshot: Snapshot, selection: Selection, after: int, folder: Path) -> Changes:
    """The changes up to a snapshot, asked for once; what the reader may know of them."""
    store, gated = services.store(), services.gated_log(snapshot)
    key = (folder, after, snapshot.seq, snapshot.path, selection)

    def make() -> Changes:
        return (gated or ChangeLog(store.log, folder)).changes(snapshot, selection, after)

    return _FOUND.get(key, make)


def show_changes(dash: Dashboard, view: ViewState) -> None:
    """Draw the tab, or say that the log cannot be asked just now: the rest of the page can."""
    try:
        _show_changes(dash, view)
    except StoreUnavailable as error:
        st.html(notices.error_html(services.without_log(error)))


def _show_changes(dash: Dashboard, view: ViewState) -> None:
    store = services.store()
    snapshot = as_of.snapshot()
    gated = services.gated_log(snapshot)
    until = view.as_of.end if view.as_of is not None else datetime.now(UTC)
    since = view.since or usual_since(store.log, until)
    if since is None:
        st.html(render("changes_none.html", words="Nothing is recorded yet."))
        return
    _since_line(since, until, store.log if gated is None else None)
    with st.spinner("Comparing…", show_time=False):
        diff = found(snapshot, view.selection, seq_before(store.log, since), store.data_dir)
    st.html(
        render(
            "changes_head.html",
            sentence=sentence(view.selection, dash.labels()),
            since=as_of.moment_text(since),
            until=as_of.moment_text(view.as_of) if view.as_of is not None else "now",
            counts=counts(diff),
            feed=feed_address(view.selection),
            gated=gated is not None,
            more=diff.more,
        )
    )
    if not diff.total:
        words = "Nothing in this selection was added, revised or withdrawn in that time."
        st.html(render("changes_none.html", words=words))
    _list("Revised", diff.revised, _revised)
    _list("Withdrawn", diff.withdrawn, _withdrawn)
    _list("Linked or unlinked", diff.judgements, _judgement)
    _list("Added", diff.added, _added)
    if diff.sources:
        st.html(
            render(
                "changes_sources.html",
                sources=[(s, _when(s.at, s.by, s.reason)) for s in diff.sources[:MAX_LISTED]],
            )
        )


def counts(diff: Changes) -> str:
    """ "2 added, 3 revised, 1 withdrawn, 1 judgement moved"."""
    parts = [
        f"{wording.count(len(items))} {words}"
        for items, words in (
            (diff.added, "added"), (diff.revised, "revised"), (diff.withdrawn, "withdrawn"),
        )
    ]  # fmt: skip
    if diff.judgements:
        parts.append(wording.counted(len(diff.judgements), "judgement") + " moved")
    if diff.sources:
        parts.append(wording.counted(len(diff.sources), "source") + " revised")
    return ", ".join(parts)


def feed_address(selection: Selection) -> str:
    """Where the Atom feed of a selection's changes is, from the page's own address."""
    query = urlencode(selection_to_params(selection), doseq=True, safe=",:;")
    return f"feed.atom{f'?{query}' if query else ''}"


def _since_line(since: Moment, until: datetime, log: Log | None) -> None:
    """The day to look back to; the log's own times only for who may know them."""
    with st.container(key="changes_since", horizontal=True, vertical_alignment="bottom"):
        last = until.astimezone(UTC).date()
        session.follow("changes_since_day", min(since.at.date(), last))
        st.date_input(
            "Changed since (UTC)",
            key="changes_since_day",
            format="YYYY-MM-DD",
            max_value=last,
            on_change=session.from_widget("changes_since_day", _set_since),
            width=150,
        )
        recorded = [change.at for change in log.changes() if change.at <= until] if log else []
        if len(recorded) > 1:
            st.button(
                "Last change only",
                key="since_last",
                help="What the latest import or edit did",
                on_click=session.change,
                kwargs={"since": Moment(recorded[-1])},
            )
        for days in (7, 30):
            st.button(
                f"{days} days",
                key=f"since_{days}",
                on_click=session.change,
                kwargs={"since": Moment.of_day(last - timedelta(days=days))},
            )


def _set_since(day: date | None) -> None:
    session.change(since=None if day is None else Moment.of_day(day))


def _list(head: str, items: Sequence[Any], show: Callable[[Any], None]) -> None:
    if not items:
        return
    with st.container(key=f"changes_{head.split()[0].lower()}"):
        st.html(render("chart_title.html", title=f"{head} ({len(items):,})", subtitle=""))
        for item in items[:MAX_LISTED]:
            show(item)
        left = len(items) - MAX_LISTED
        if left > 0:
            st.caption(f"{wording.count(left)} more; narrow the filters, or choose a later day.")


def _when(at: datetime, by: str, reason: str) -> tuple[str, str, str]:
    return as_of.time_text(at), name_of(by), reason


def name_of(by: str) -> str:
    """Who changed something; a mail address is editors' business only, and of it the first part."""
    if not services.reads_all():
        by = editor_name(by)
    return by.partition("@")[0] or "unnamed"


def _open_button(name: str, title: str, key: str) -> None:
    st.button(
        plain(title or key),
        key=f"{name}_{key}",
        type="tertiary",
        on_click=session.change,
        kwargs={"incident": key},
    )


def _revised(item: Changed) -> None:
    _open_button("revised", item.title, item.id)
    st.html(
        render(
            "changed.html",
            id=item.id,
            when=_when(item.at, item.by, item.reason),
            revisions=item.revisions,
        )
    )


def _added(item: Changed) -> None:
    _open_button("added", item.title, item.id)
    when = _when(item.at, item.by, item.reason)
    st.html(render("changed.html", id=item.id, when=when, revisions=()))


def _withdrawn(item: Changed) -> None:
    st.button(
        plain(item.title),
        key=f"withdrawn_{item.id}",
        type="tertiary",
        help="Show it as it was before it was withdrawn",
        on_click=show_as_it_was,
        args=(item,),
    )
    when = _when(item.at, item.by, item.reason)
    st.html(render("changed.html", id=item.id, when=when, revisions=()))


def show_as_it_was(item: Changed) -> None:
    """Open an incident in the data as they were before a change of it."""
    session.change(incident=item.id, as_of=Moment(item.at - timedelta(microseconds=1)))


def judgement_words(judgement: Judgement | None) -> str:
    """ "same: one attack, two pages", or "not judged"."""
    if judgement is None:
        return "not judged"
    words = str(judgement.relation).replace("_", " ")
    return f"{words}: {judgement.reason}" if judgement.reason else words


def _judgement(item: MovedJudgement) -> None:
    st.html(
        render(
            "changed_judgement.html",
            left=item.left_id,
            right=item.right_id,
            old=judgement_words(item.old),
            new=judgement_words(item.new),
            when=_when(item.at, item.by, item.reason),
        )
    )
    for name, key in (("left", item.left_id), ("right", item.right_id)):
        _open_button(f"judged_{name}_{item.seq}", f"Open {key}", key)
