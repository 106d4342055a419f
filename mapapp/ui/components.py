"""Small page parts that act in the browser: filter lists with counts, chips, action buttons.

Each is a Streamlit component (v2) whose script builds nodes from data with `textContent`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from mapapp.ui.templating import static_text

_FACET = st.components.v2.component(
    "mapapp.facet_list",
    html='<fieldset class="facet"></fieldset>',
    css=static_text("facet_list.css"),
    js=static_text("facet_list.js"),
)
_CHIPS = st.components.v2.component(
    "mapapp.chips",
    html='<div class="chips"></div>',
    css=static_text("chips.css"),
    js=static_text("chips.js"),
)
_ACTIONS = st.components.v2.component(
    "mapapp.actions",
    html='<div class="actions"></div>',
    css=static_text("actions.css"),
    js=static_text("actions.js"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A filter option: code, words, how many incidents it would leave, and its kind's colour."""

    value: str
    text: str
    count: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: the id that `on_remove` gets, and its words."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """A button: it copies `copy` and then says `done`, or prints, or is a link to `href`.

    `link` goes under what is copied: "here" is the address of the page at the moment of the click,
    a query ("?incident=x") is that query on this page.
    """

    id: str
    label: str
    copy: str = ""
    link: str = ""
    done: str = "Copied"
    print: bool = False
    href: str = ""


def facet_list(
    label: str,
    options: Sequence[Option],
    selected: Sequence[str],
    *,
    key: str,
    on_change: Callable[[tuple[str, ...]], None],
    top: int = 5,
    note: str = "None in this selection.",
) -> None:
    """Check boxes of options, the first `top` shown at once; `on_change` gets the new selection."""

    def changed() -> None:
        chosen = st.session_state[key].get("toggle")
        if isinstance(chosen, list):
            on_change(tuple(str(value) for value in chosen))

    _FACET(
        key=key,
        data={
            "label": label,
            "options": [asdict(option) for option in options],
            "selected": list(selected),
            "top": top,
            "note": note,
        },
        on_toggle_change=changed,
    )


def chips(
    sentence: str,
    active: Sequence[Chip],
    *,
    key: str,
    on_remove: Callable[[str], None],
    on_clear: Callable[[], None],
) -> None:
    """The sentence of the selection, its filters as removable chips, and "Clear all"."""

    def removed() -> None:
        chip = st.session_state[key].get("remove")
        if chip is not None:
            on_remove(str(chip))

    _CHIPS(
        key=key,
        data={
            "sentence": sentence,
            "chips": [asdict(chip) for chip in active],
            "clear": bool(active),
        },
        on_remove_change=removed,
        on_clear_change=on_clear,
    )


def actions(buttons: Sequence[Action], *, key: str) -> None:
    """A row of buttons that act in the browser alone."""
    _ACTIONS(key=key, data=[asdict(button) for button in buttons])
