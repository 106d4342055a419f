"""Signing in and out: the page for who may not read yet, and the reader's name in the sidebar."""

from __future__ import annotations

import streamlit as st

from mapapp.domain.access import Role
from mapapp.ui.citing.citation import TITLE
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render
from mapapp.ui.reader import access

_ROLES = {
    Role.VIEWER: "viewer",
    Role.EDITOR: "editor: you see what is held back from the public",
    Role.OWNER: "owner: you see what is held back from the public",
}


def show_ended(*, kept: bool) -> None:
    """On a page of work: the session has ended, what was written is kept, and the way back in."""
    st.html(render("session_ended.html", kept=kept))
    st.button("Sign in", key="sign_in", type="primary", on_click=st.login)


def show_sign_in(*, kept: bool = False) -> None:
    """The page for who may not read: what this is, and the one way in.

    `kept`: what the reader was writing is there again when they have signed in.
    """
    offered, ended = access.sign_in_offered(), access.session_ended()
    with st.container(key="welcome"):
        at = access.provider() if offered else ""
        st.html(render("sign_in.html", title=TITLE, ended=ended, offered=offered, at=at, kept=kept))
        if offered:
            st.button("Sign in", key="sign_in", type="primary", on_click=st.login, width="stretch")


def show_account() -> None:
    """Who the reader is, with the way out; the way in where an identity provider is set up."""
    if not access.sign_in_offered():
        return
    role = access.role()
    if access.claims() is None or role is Role.ANONYMOUS:
        if access.session_ended():
            st.caption("Your session has ended.")
        st.button("Sign in", key="sign_in", on_click=st.login, width="stretch")
        return
    st.caption(f"{plain(access.who())} · {_ROLES[role]}")
    st.button("Sign out", key="sign_out", on_click=st.logout, width="stretch")
