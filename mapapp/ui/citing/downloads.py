"""Files of the selection to take away: the same exporters as the command line's."""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS, Format
from mapapp.exporters.reading import read_extract
from mapapp.query import selection_to_params
from mapapp.store import Snapshot, Store
from mapapp.ui import services, session

#: Beyond this many incidents the command line is the right way: a page would hold them in memory.
MAX_INCIDENTS = 20_000

#: The formats most readers want, shown first; the rest is one click away.
FIRST = ("html", "xlsx", "map-png")


def content(
    store: Store,
    shown: Snapshot,
    selection: Selection,
    name: str,
    as_of: Moment | None = None,
) -> bytes:
    """The file of a selection of what a reader is shown, in a format of `FORMATS`.

    Raises InvalidInput where the selection does not fit the format.
    """
    extract = read_extract(store.gate.shareable(shown), selection, as_of, shown)
    return FORMATS[name].write(extract).content


def command(selection: Selection, as_of: Moment | None) -> str:
    """What to paste into a shell to have all of a selection; a link may come from anybody."""
    params = selection_to_params(selection) | ({"as_of": str(as_of)} if as_of else {})
    link = shlex.quote(urlencode(params, doseq=True, safe=",:;"))
    return f"python -m mapapp export --format csv-package --link {link} -o incidents.zip"


def show_downloads(snapshot: Snapshot, selection: Selection, incidents: int) -> None:
    """Draw the buttons; a file is made when its button is pressed."""
    if incidents > MAX_INCIDENTS:
        st.caption(
            f"These are {wording.count(incidents)} incidents; a file from here holds up to "
            f"{wording.count(MAX_INCIDENTS)}. Narrow the filters (a year, a province), or take "
            "all on the command line, where CSV, GeoParquet, GeoJSON and JSON hold any number:"
        )
        st.code(command(selection, session.current().as_of), language=None, wrap_lines=True)
        return
    for name in FIRST:
        _button(snapshot, selection, FORMATS[name])
    st.button(
        "Print view", key="print_view", on_click=_print, help="A clean page or two", width="stretch"
    )
    with st.expander("More formats"):
        for name, entry in FORMATS.items():
            if name not in FIRST:
                _button(snapshot, selection, entry)


def _button(snapshot: Snapshot, selection: Selection, entry: Format) -> None:
    as_of = session.current().as_of  # read now: the file is made outside the session's run
    st.download_button(
        f"{entry.label} · {entry.about}",
        data=lambda: content(services.store(), snapshot, selection, entry.name, as_of),
        file_name=f"incidents{entry.ending}",
        mime=entry.media_type,
        key=f"download_{entry.name}",
        on_click="ignore",
        width="stretch",
    )


def _print() -> None:
    st.session_state["print"] = True
