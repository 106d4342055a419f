"""What stands in the way of what is recorded, said before somebody misses it."""

from __future__ import annotations

import streamlit as st

from mapapp.domain.access import Permission
from mapapp.ui import notices, services
from mapapp.ui.reader import access


def show_notice() -> None:
    """Say to all that this server began without its log, and waits for it; and to editors and
    owners that changes cannot be recorded, of which readers lose nothing and are told nothing.
    """
    own = services.store()
    if own.waits:
        st.html(notices.waiting_html(own.current().published_at))
        return
    if not access.may(Permission.EDIT):
        return
    hindrance = services.hindrance()
    if hindrance is not None:
        st.html(notices.unwritable_html(hindrance))
