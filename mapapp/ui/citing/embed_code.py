"""The view in a frame of another page: the code to copy, and the way out of the frame."""

from __future__ import annotations

from html import escape

import streamlit as st

from mapapp.ui.parts import components

#: Until the view says how high it is, or where scripts are not taken.
HEIGHT_PX = 640

#: The frame follows the view's height; a page that leaves the script out has the height above.
_FOLLOW = (
    '<script>addEventListener("message",function(e){document.querySelectorAll("iframe").forEach('
    'function(f){if(e.source===f.contentWindow&&e.data&&e.data.source==="incident-embed")'
    'f.style.height=Math.min(4000,Math.max(200,+e.data.height||0))+"px"})})</script>'
)


def code(title: str) -> str:
    """HTML for another page; the address of the view goes where it says "⟨link⟩"."""
    return (
        f'<iframe src="\u27e8link\u27e9" title="{escape(title)}" loading="lazy" '
        f'style="width:100%;height:{HEIGHT_PX}px;border:0"></iframe>\n{_FOLLOW}'
    )


def show_code(words: str) -> None:
    """Draw the button that copies the code."""
    st.caption("Map, figures and timeline of this view, live, on a page of yours.")
    button = components.Action("embed_code", "Copy the code", code(words), "embed")
    components.actions([button], key="embed_code")


def show_way_out() -> None:
    """Draw the link out of the frame to the whole page."""
    whole = components.Action("open_whole", "Open the whole map", outside=True)
    components.actions([whole], key="open_whole")
