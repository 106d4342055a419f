"""The frame of pages of work beside the map: which one is open, its heading, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from mapapp.ui.parts.templating import STATIC, render, static_text

_OPEN: Final = "bench_open"

_TOP = st.components.v2.component(
    "mapapp.page_top", html='<div class="page-top"></div>', js=static_text("page_top.js")
)


def is_open(name: str) -> bool:
    """Whether the page of that name is to be shown instead of the map."""
    return st.session_state.get(_OPEN) == name


def open_page(name: str) -> None:
    """Show a page instead of the map."""
    st.session_state[_OPEN] = name


def close_page() -> None:
    """Show the map again."""
    st.session_state.pop(_OPEN, None)


@contextmanager
def page(title: str, about: str = "", *, close: Callable[[], None] = close_page) -> Iterator[None]:
    """A page's frame: what is drawn inside stands below its heading."""
    st.html(STATIC / "bench.css")
    with st.container(key="bench"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(render("bench_head.html", title=title, about=about), width="stretch")
            st.button("Back to the map", key="bench_close", on_click=close)
        _TOP(key=f"bench_top_{title}")
        yield
