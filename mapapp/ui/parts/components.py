"""Small page parts that act in the browser: filter lists with counts, chips, action buttons.

Each is a part of `page.js` (see `embed`) that builds nodes from data with `textContent`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from mapapp.ui.parts import ahead
from mapapp.ui.parts.embed import addresses, declare

_FACET = declare("facet_list", 0)
_CHIPS = declare("chips", 0)
_ACTIONS = declare("actions", 0)
_TABLE = declare("incident_table", 230)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter: the id that `on_remove` gets, its words, and what the map shows without
    it (a `ViewToken.token`). One that `adds` is no filter: it offers what is left out.
    """

    id: str
    text: str
    token: Mapping[str, Any]
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A button: it copies `copy` and then says `done`, or prints (with `at_once` also by itself,
    once for each such id, as soon as the sheet is there), or is a link to `href`, or
    (`outside`) to the whole page, in a window of its own, or `makes` a file of what the map shows:
    "save" a picture, "film" its playback, under `words` (`name` of the file, `title`, `sentence`,
    `figures`, `notes`).

    `link` goes under what is copied, or where that says "⟨link⟩": "here" is the address of the page
    at the moment of the click, "embed" that of the same view for a frame, a query ("?incident=x")
    is that query on this page.
    """

    id: str
    label: str
    copy: str = ""
    link: str = ""
    done: str = "Copied"
    print: bool = False
    at_once: str = ""
    href: str = ""
    outside: bool = False
    makes: str = ""
    words: Mapping[str, Any] | None = None


def facet_list(
    label: str,
    part: str,
    param: str,
    query: str,
    selected: Sequence[str],
    *,
    key: str,
    on_change: Callable[[tuple[str, ...]], None],
    top: int = 5,
) -> None:
    """Check boxes of a part's options, the first `top` at once; `param` is its name in a link.

    The browser asks `/data/facets` for options and counts under `query`, the selection's link;
    `on_change` gets the new choice.
    """

    def changed() -> None:
        codes = ahead.heard(st.session_state[key].get("toggle")).get("codes")
        if isinstance(codes, list):
            on_change(tuple(str(code) for code in codes))

    _FACET(
        key=key,
        data={
            **addresses(),
            "label": label,
            "part": part,
            "param": param,
            "query": query,
            "selected": list(selected),
            "top": top,
            "note": "None in this selection.",
        },
        on_toggle_change=changed,
    )


def incident_table(
    query: str,
    selected: str | None,
    total: int,
    *,
    key: str,
    on_open: Callable[[str | None], None],
    sort: str = "-date",
    on_sort: Callable[[str], None] | None = None,
    report: str | None = None,
) -> None:
    """The table of the selection with this link; the browser asks `/data/table` for its pages.

    `selected` is the open incident, `total` how many the selection holds. `on_open` gets the id of
    the incident whose row was chosen, None where it was chosen again to close it. `sort` is the
    order's column, "-" before it from its high end; `on_sort` gets a new one. `report` is the
    address of a report of a fault, with "%7Brecord%7D" for the record's id.
    """

    def opened() -> None:
        chosen = st.session_state[key].get("open")
        if isinstance(chosen, str):
            on_open(chosen or None)

    def sorted_anew() -> None:
        chosen = st.session_state[key].get("sort")
        if on_sort is not None and isinstance(chosen, str):
            on_sort(chosen)

    _TABLE(
        key=key,
        data={
            **addresses(),
            "query": query,
            "selected": selected,
            "total": total,
            "sort": sort,
            "report": report,
        },
        on_open_change=opened,
        on_sort_change=sorted_anew,
    )


def chips(
    sentence: str,
    active: Sequence[Chip],
    *,
    cleared: Mapping[str, Any],
    key: str,
    on_remove: Callable[[str], None],
    on_clear: Callable[[], None],
) -> None:
    """The sentence of the selection, its filters as removable chips, and "Clear all", after which
    the map shows `cleared` (a `ViewToken.token`).
    """

    def removed() -> None:
        chip = ahead.heard(st.session_state[key].get("remove")).get("chip")
        if chip is not None:
            on_remove(str(chip))

    def clear() -> None:
        ahead.heard(st.session_state[key].get("clear"))
        on_clear()

    _CHIPS(
        key=key,
        data={
            **addresses(),
            "sentence": sentence,
            "chips": [asdict(chip) for chip in active],
            "clear": None if all(chip.adds for chip in active) else dict(cleared),
        },
        on_remove_change=removed,
        on_clear_change=clear,
    )


def actions(buttons: Sequence[Action], *, key: str) -> None:
    """A row of buttons that act in the browser alone."""
    _ACTIONS(key=key, data={**addresses(), "buttons": [asdict(button) for button in buttons]})
