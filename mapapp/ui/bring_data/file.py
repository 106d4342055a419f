"""The first steps of "Bring your data": a file is given, and seen for what it is."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mapapp.domain import wording
from mapapp.importers.forms.formats import FORMATS
from mapapp.importers.tables.sniff import Sniffed
from mapapp.importers.tables.table import ReadOptions
from mapapp.ui import services
from mapapp.ui.bring_data import work as works
from mapapp.ui.bring_data.mapping import keyed
from mapapp.ui.bring_data.work import BY_MAPPING, Work
from mapapp.ui.parts.templating import render

_UPLOADS: Final = "bring_uploads"

#: Encodings that tables of our field come in, beside what is found out.
_ENCODINGS: Final = ("", "utf-8", "utf-16", "cp1252", "cp1256", "latin-1")

_KINDS: Final = {
    "delimited": "text with delimiters", "xlsx": "workbook", "json": "JSON", "parquet": "Parquet",
}  # fmt: skip


def head(words: str) -> None:
    """The heading of a step."""
    st.html(f'<h2 class="bring">{words}</h2>')


def show_upload() -> Work | None:
    """Draw what takes a file; the work on it once one is given."""
    with st.container(key="bring_file"):
        head("1 · A file")
        st.markdown(
            "UCDP GED, ACLED, GTD, the Aid Worker Security Database, our own export, or any table "
            "of incidents: CSV, TSV, XLSX, GeoJSON, JSON or Parquet, also zipped. Nothing "
            "is recorded before you have seen what would be."
        )
        number = st.session_state.get(_UPLOADS, 0)
        given = st.file_uploader("File", key=f"bring_upload_{number}")
        if given is not None:
            folder = services.store().data_dir / "uploads"
            # Another uploader next time: the one with the file in memory lets go of it.
            st.session_state[_UPLOADS] = number + 1
            return works.keep_upload(folder, given.name, given)
        return _inbox()


def _inbox() -> Work | None:
    """Files too large to send through a browser, laid into the data folder by its owner."""
    store = services.store()
    files = works.waiting(store.data_dir / "inbox")
    if not files:
        limit = st.get_option("server.maxUploadSize")
        st.caption(f"A file above {limit} MB? Lay it into the folder inbox of the data folder on "
                   "the server, and it is offered here.")  # fmt: skip
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Or a file in the server's inbox", files, key="bring_inbox", index=None,
            format_func=lambda path: path.name, placeholder="choose",
        )  # fmt: skip
        if st.button("Take this file", key="bring_take", disabled=chosen is None) and chosen:
            return works.take(store.data_dir / "uploads", chosen)
    return None


def recognised(work: Work) -> Sniffed:
    """Draw what the file is, and how else it may be read."""
    with st.expander("Read it another way"):
        left, middle, right = st.columns(3, gap="small")
        names = {"": "as recognised", **{form.name: form.title for form in FORMATS},
                 BY_MAPPING: "any table, by its columns"}  # fmt: skip
        work.form = left.selectbox(
            "Form", list(names), key=keyed(f"bring_form_{work.id}", work.form),
            format_func=names.__getitem__,
        )  # fmt: skip
        encoding = middle.selectbox(
            "Encoding", _ENCODINGS,
            key=keyed(f"bring_encoding_{work.id}", work.options.encoding or ""),
            format_func=lambda name: name or "found out",
        )  # fmt: skip
        sheet = right.text_input(
            "Sheet of a workbook", key=keyed(f"bring_sheet_{work.id}", work.options.sheet or ""),
            placeholder="the first that is not empty",
        )  # fmt: skip
    work.options = ReadOptions(encoding=encoding or None, sheet=sheet.strip() or None)
    sniffed = work.sniffed()
    table = sniffed.table
    form = "a table of no known form" if work.by_mapping() else work.format().title
    facts = [("Form", form), ("File", _KINDS.get(table.kind, table.kind)),
             ("Columns", wording.count(len(sniffed.header)))]  # fmt: skip
    if table.encoding:
        facts.append(("Encoding", table.encoding))
    said = [str(notice) for notice in sniffed.notices]
    st.html(render("bring_data_seen.html", facts=facts, notices=said))
    st.dataframe(
        works.sample_frame(sniffed), hide_index=True, height=190, alt="The first rows of the file"
    )
    return sniffed
