"""The history of an incident in its panel: its versions, when, by whom, why, and what changed."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.revision import Revision
from mapapp.query.changes.changes import Changed, ChangeLog
from mapapp.query.tables import Recent
from mapapp.ui import notices, services, session
from mapapp.ui.citing import as_of, changes_tab
from mapapp.ui.parts.templating import render

_FOUND: Recent[tuple[Changed, ...]] = Recent(128)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as the panel lists it; `until` is empty for the one that stands."""

    number: int
    head: str
    since: str
    until: str
    by: str
    reason: str
    revisions: tuple[Revision, ...]


def of(incident_id: str) -> tuple[Changed, ...]:
    """The changes of an incident up to what is shown, as far as the reader may know them; none
    where the log cannot be asked just now, which `show_history` says.
    """
    try:
        return _of(incident_id)
    except StoreUnavailable:
        return ()


def _of(incident_id: str) -> tuple[Changed, ...]:
    shown = as_of.snapshot()
    store, gated = services.store(), services.gated_log(shown)
    key = (store.data_dir, shown.seq, shown.path, incident_id)

    def make() -> tuple[Changed, ...]:
        log = gated or ChangeLog(store.log, store.data_dir)
        return log.history(incident_id, shown.seq)

    return _FOUND.get(key, make)


def version_text(found: tuple[Changed, ...]) -> str:
    """ "version 2 of 25 Nov 2026 (change 7)", for reports; empty where it is not known."""
    if not found:
        return ""
    last = found[-1]
    # Through the gate changes have no numbers that others know them by.
    number = f" (change {last.seq})" if services.gated_log(as_of.snapshot()) is None else ""
    return f"version {len(found)} of {as_of.time_text(last.at)}{number}"


def lines(found: tuple[Changed, ...]) -> tuple[VersionLine, ...]:
    """The versions, the latest first."""
    made = []
    for number, item in enumerate(found, 1):
        later = found[number] if number < len(found) else None
        head = "Recorded" if item.before is None else "Revised"
        if item.after is None:
            head = "Withdrawn"
        made.append(
            VersionLine(
                number,
                head,
                as_of.time_text(item.at),
                as_of.time_text(later.at) if later is not None else "",
                changes_tab.name_of(item.by),
                item.reason,
                item.revisions,
            )
        )
    return tuple(reversed(made))


def show_history(incident_id: str) -> None:
    """Draw the section; closed, it says how often the record was revised."""
    try:
        found = _of(incident_id)
    except StoreUnavailable as error:
        st.html(notices.error_html(services.without_log(error)))
        return
    if not found:
        return
    revised = sum(item.before is not None and item.after is not None for item in found)
    times = "not revised so far" if not revised else f"revised {revised}×"
    with st.expander(f"History: {times}", key="history"):
        st.html(render("history.html", lines=lines(found)))
        for item in reversed(found):
            if item.before is not None:
                st.button(
                    f"As it was before {as_of.time_text(item.at)}",
                    key=f"as_it_was_{item.seq}",
                    type="tertiary",
                    on_click=changes_tab.show_as_it_was,
                    args=(item,),
                )


def withdrawn(incident_id: str) -> Changed | None:
    """The change that withdrew an incident, None where it never was or stands."""
    found = of(incident_id)
    return found[-1] if found and found[-1].after is None else None


def show_withdrawn() -> None:
    """Of an incident that a link names and that was withdrawn: when, by whom, why, and the way."""
    key = session.current().incident
    item = withdrawn(key) if key is not None else None
    if item is None:
        return
    with st.container(key="withdrawn", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            render(
                "withdrawn.html",
                title=item.title,
                id=item.id,
                when=as_of.time_text(item.at),
                by=changes_tab.name_of(item.by),
                reason=item.reason,
            ),
            width="stretch",
        )
        st.button(
            "Show it as it was",
            key="gone_show",
            on_click=changes_tab.show_as_it_was,
            args=(item,),
        )
        st.button(
            "Dismiss",
            key="gone_dismiss",
            type="tertiary",
            on_click=session.change,
            kwargs={"incident": None},
        )
