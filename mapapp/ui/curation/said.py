"""Fields that say who asserts something, where it stands and in which words (form → page)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from mapapp.curation.document import Document
from mapapp.domain.vocab import SpeakerClass, label


def said_fields(said: Document, key: str, sources: Mapping[str, str]) -> Document:
    """Who says it, where it stands, and in which words; the fields that every statement has."""
    left, right = st.columns(2)
    made: Document = {
        "asserted_by": left.text_input(
            "Who says it (empty: the publisher)", value=str(said.get("asserted_by") or ""),
            key=f"said_by_{key}",
        ),
        "speaker_class": choice(right, "Kind of speaker", said, "speaker_class",
                                 ("", *SpeakerClass), key),
        "paragraph": left.text_input(
            "Paragraph, or several: 3, 4", value=str(said.get("paragraph") or ""),
            key=f"said_paragraph_{key}", placeholder="that of the record",
        ),
        "asserted_on": right.text_input(
            "Day it was said (YYYY-MM-DD)", value=str(said.get("asserted_on") or ""),
            key=f"said_on_{key}",
        ),
        "words": left.text_input(
            "The few words that carry it", value=str(said.get("words") or ""),
            key=f"said_words_{key}",
        ),
        "note": right.text_input(
            "Note of ours", value=str(said.get("note") or ""), key=f"said_note_{key}"
        ),
    }  # fmt: skip
    names = {"": "Source of the record", **sources}
    made["source"] = choice(left, "Source", said, "source", tuple(names), key,
                             lambda code: names.get(code, code))  # fmt: skip
    return without_empty(made)


def without_empty(made: Mapping[str, Any]) -> Document:
    """Empty fields are left out: in the form they mean "not said"."""
    return {name: value for name, value in made.items() if value not in ("", None)}


def choice(
    place: Any,
    words: str,
    of: Mapping[str, Any],
    name: str,
    codes: Iterable[str],
    key: str,
    shown: Callable[[str], str] | None = None,
) -> str:
    """A select box of codes; one that is not offered counts as not said."""
    options = [str(code) for code in codes]
    own = str(of.get(name) or "")
    found: str = place.selectbox(
        words, options, index=options.index(own) if own in options else 0,
        format_func=shown or (lambda code: label(code) if code else "Not said"),
        key=f"claim_{name}_{key}",
    )  # fmt: skip
    return found
