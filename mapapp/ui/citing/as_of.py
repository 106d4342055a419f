"""The data that a session looks at: those of now, or as recorded at the view's `as_of`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.moment import Moment
from mapapp.domain.problems import InvalidInput
from mapapp.query import Dashboard
from mapapp.store import Snapshot
from mapapp.store.store import CHANGED_KEY
from mapapp.ui import notices, services, session
from mapapp.ui.parts.templating import render


def snapshot() -> Snapshot:
    """What the reader may read of the view's time. Raises InvalidInput before the first record."""
    moment = session.current().as_of
    store = services.store()
    if moment is None:
        return services.snapshot()
    place = st.empty()
    shown: list[Any] = []

    def tell(done: float, doing: str) -> None:
        words = f"Preparing the data as recorded on {moment_text(moment)}: {doing}…"
        if shown:
            shown[0].progress(done, words)
        else:
            shown.append(place.progress(done, words))

    try:
        return services.readable(store.at(moment.end, tell))
    finally:
        if shown:
            place.empty()


def dashboard() -> Dashboard | None:
    """The questions to that snapshot; None where there is none of that time, which is then said."""
    try:
        return Dashboard(snapshot())
    except InvalidInput as error:
        if session.current().as_of is None:
            raise
        st.html(notices.error_html(error))
        st.button("Show the data of now", key="now_instead", on_click=back_to_now)
        return None


def back_to_now() -> None:
    """Show the data of now again."""
    session.change(as_of=None, cited=None)


def moment_text(moment: Moment) -> str:
    """ "25 Nov 2026", "25 Nov 2026, 18:50 UTC"."""
    day = wording.short_day(moment.at.date())
    return day if moment.day is not None else f"{day}, {moment.at:%H:%M} UTC"


def time_text(at: datetime) -> str:
    """ "25 Nov 2026, 18:50 UTC"."""
    return moment_text(Moment(at.astimezone(UTC)))


def recorded_at(of: Snapshot) -> datetime:
    """When the last change that a snapshot holds was recorded."""
    store = services.store()
    for snapshot in (of, store.current()):  # a public one does not say it itself
        if snapshot.seq == of.seq and CHANGED_KEY in snapshot.meta:
            return datetime.fromisoformat(snapshot.meta[CHANGED_KEY])
    change = store.log.change(of.seq)
    return of.published_at if change is None else change.at


def state_text(of: Snapshot) -> str:
    """How a snapshot is named: "change 12", "state 3f0c12aa9b77" where something is held back."""
    return f"change {of.seq}" if of.number == of.seq else f"state {of.number:012x}"


def show_banner() -> None:
    """Say that the data are of an earlier time, with the way back."""
    moment = session.current().as_of
    if moment is None:
        return
    with st.container(
        key="as_of_banner", horizontal=True, vertical_alignment="center", gap="small"
    ):
        # How many there are tells of what is held back.
        shown = snapshot()
        told = not services.held_back(shown)
        later = len(services.store().log.changes(shown.seq))
        st.html(
            render(
                "as_of.html",
                when=moment_text(moment),
                day=moment.day is not None,
                later=later,
                told=told,
            ),
            width="stretch",
        )
        if later or not told:
            st.button("What changed since", key="changed_since", on_click=_what_changed)
        st.button("Back to now", key="back_to_now", type="primary", on_click=back_to_now)


def _what_changed() -> None:
    session.change(tab="changes", since=session.current().as_of, as_of=None, cited=None)
