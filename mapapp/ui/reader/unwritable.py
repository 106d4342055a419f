"""That changes cannot be recorded just now, said to who would make them before they begin."""

from __future__ import annotations

import streamlit as st

from mapapp.domain.access import Permission
from mapapp.ui import notices, services
from mapapp.ui.reader import access


def show_notice() -> None:
    """Say so to editors and owners; readers lose nothing and are told nothing."""
    if not access.may(Permission.EDIT):
        return
    hindrance = services.hindrance()
    if hindrance is not None:
        st.html(notices.unwritable_html(hindrance))
