"""Files of the selection to take away: the same exporters as the command line's."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS, Format, stem
from mapapp.exporters.reading import read_extract
from mapapp.gate.public import sentences_of
from mapapp.query import Dashboard, selection_to_params
from mapapp.query.filters.sentence import sentence
from mapapp.store import Snapshot, Store
from mapapp.ui import services, session
from mapapp.ui.citing import as_of, cite
from mapapp.ui.citing.citation import LICENCE, TITLE
from mapapp.ui.parts.components import Action, actions

#: Beyond this many incidents the command line is the right way: a page would hold them in memory.
MAX_INCIDENTS = 20_000

#: The formats most readers want, shown first; the rest is one click away.
FIRST = ("html", "xlsx")

#: Publishers that a picture names; of more it says how many.
MAX_PUBLISHERS = 12


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


def picture_words(dash: Dashboard, snapshot: Snapshot, selection: Selection) -> Mapping[str, Any]:
    """What a picture of the map says beside what the map knows: `name` of the file, `title`,
    `sentence`, `undated` (the same without its days), `figures`, `notes` (sources,
    state, terms). The link is put in by the browser.
    """
    rows = dash.sources(selection).to_pylist()
    publishers = list(dict.fromkeys(row["publisher"] for row in rows))
    named = "; ".join(publishers[:MAX_PUBLISHERS]) or "none"
    left = len(publishers) - MAX_PUBLISHERS
    recorded = as_of.recorded_at(snapshot).astimezone(UTC)
    labels = dash.labels()
    said = sentence(selection, labels)
    undated = replace(selection, date_from=None, date_to=None, date_certain=False)
    return {
        "name": stem(said, datetime.now(UTC)),
        "title": TITLE,
        "sentence": said,
        "undated": sentence(undated, labels),
        "figures": cite.figures_text(dash.figures(selection)),
        "notes": [
            f"Sources: {named}{f' and {wording.count(left)} more' if left > 0 else ''}. "
            f"Data: {'; '.join(cite.data_sets(rows)) or 'none'}.",
            f"As recorded on {as_of.time_text(recorded)} ({as_of.state_text(snapshot)}). "
            "Absence of incidents is not safety.",
            *sentences_of(snapshot),
            LICENCE,
        ],
    }


def show_pictures(words: Mapping[str, Any]) -> None:
    """Draw the buttons of files that the browser makes of the map under `words`."""
    actions(
        [
            Action("picture", "Picture of this map (PNG)", makes="save", words=words),
            Action("film", "Film of the playback", makes="film", words=words),
        ],
        key="pictures",
    )


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
