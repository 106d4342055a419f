"""The statements of a record in its form: a line each, one of them open for editing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from mapapp.curation.document import Document
from mapapp.domain.actors import ACTORS, actor
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    EventType,
    Modifier,
    Property,
    SpeakerClass,
    VictimClass,
    label,
)
from mapapp.ui.parts.templating import render

_OPEN: Final = "curation_claim"
_ASKED: Final = "curation_claims_asked"

_PROPERTIES: Final = tuple(map(str, Property))
_MODIFIERS: Final = tuple(str(m) for m in Modifier if m is not Modifier.RANGE)


def show_claims(document: Document, token: str, sources: Mapping[str, str]) -> None:
    """Draw the list and the open one; changes go into `document["claims"]`."""
    claims: list[Document] = document.setdefault("claims", [])
    names: list[str] = st.session_state.setdefault(
        f"claim_names_{token}", [str(number) for number in range(len(claims))]
    )
    for number, name in enumerate(names):
        with st.container(key=f"statement_{name}", horizontal=True, vertical_alignment="center"):
            st.html(render("statement.html", text=summary(claims[number])), width="stretch")
            st.button(
                "Edit", key=f"claim_edit_{token}_{name}", type="tertiary",
                on_click=_ask, args=(partial(_open, name),),
            )  # fmt: skip
            st.button(
                "Remove", key=f"claim_remove_{token}_{name}", type="tertiary",
                on_click=_ask, args=(partial(_remove, claims, names, name),),
            )  # fmt: skip
        if st.session_state.get(_OPEN) == name:
            with st.container(border=True, key="claim_open"):
                claims[number] = _fields(claims[number], f"{token}_{name}", sources)
                st.button(
                    "Done with this statement", key=f"claim_done_{token}", on_click=_ask,
                    args=(close,),
                )  # fmt: skip
    st.button(
        "Add a statement", key=f"claim_add_{token}", on_click=_ask,
        args=(partial(_add, claims, names),),
    )  # fmt: skip


def settle() -> bool:
    """Do what was clicked, once the form is drawn; whether there was anything.

    A click often brings what was typed just before it. The open statement's fields are read where
    they are drawn, so that opening another, adding or closing comes after that.
    """
    asked: list[Callable[[], None]] = st.session_state.pop(_ASKED, [])
    for act in asked:
        act()
    return bool(asked)


def _ask(act: Callable[[], None]) -> None:
    st.session_state.setdefault(_ASKED, []).append(act)


def close() -> None:
    """No statement is open."""
    st.session_state.pop(_OPEN, None)


def _open(name: str) -> None:
    st.session_state[_OPEN] = name


def _remove(claims: list[Document], names: list[str], name: str) -> None:
    if name in names:
        number = names.index(name)
        del claims[number], names[number]
    close()


def _add(claims: list[Document], names: list[str]) -> None:
    claims.append(
        {"property": "killed", "modifier": "exact", "victim_class": "unspecified", "paragraph": "1"}
    )
    # Never used before: the fields of one that was removed are not taken for its own.
    names.append(secrets.token_hex(4))
    _open(names[-1])


def summary(claim: Mapping[str, Any]) -> str:
    """A statement in one line: "killed: at least 6 (unspecified), Provincial hospital"."""
    prop = str(claim.get("property", ""))
    who = claim.get("asserted_by") or "the publisher"
    if prop in MEASURES:
        modifier = str(claim.get("modifier", ""))
        how = "" if modifier == Modifier.EXACT else label(modifier)
        number = "" if claim.get("value") is None else str(claim["value"])
        said = f"{how} {number}".strip() + f" ({label(str(claim.get('victim_class', '')))})"
    elif prop == Property.ATTRIBUTION:
        name = actor(str(claim["actor"])).short if claim.get("actor") else ""
        said = f"{label(str(claim.get('kind', '')))} {name}".strip()
    else:
        said = str(claim.get("value", ""))
        said = label(said) if prop == Property.EVENT_TYPE else said
    return f"{label(prop)}: {said}, {who}, paragraph {claim.get('paragraph', '')}"


def _fields(claim: Document, key: str, sources: Mapping[str, str]) -> Document:
    """The open statement's fields, by its property; what does not belong to it is dropped."""
    left, right = st.columns(2)
    prop = left.selectbox(
        "What it is about", _PROPERTIES, index=_PROPERTIES.index(str(claim["property"])),
        format_func=label, key=f"claim_property_{key}",
    )  # fmt: skip
    made: Document = {"property": prop}
    shared, key = key, f"{key}_{prop}"
    with st.container():  # however many rows it has, what is below stays where it is
        if prop in MEASURES:
            made |= _figure(claim, key, right)
        elif prop == Property.ATTRIBUTION:
            made |= _attribution(claim, key, right)
        elif prop == Property.EVENT_TYPE:
            made["value"] = choice(right, "Kind of attack", claim, "value", EventType, key)
        else:
            made["value"] = right.text_input(
                "What is said", value=str(claim.get("value") or ""), key=f"claim_value_{key}"
            )
    made |= said_fields(claim, shared, sources)
    return without_empty(made)


def _figure(claim: Document, key: str, place: Any) -> Document:
    vague = claim.get("value") is None
    number = place.text_input(
        "How many (empty for “dozens”)", value="" if vague else str(claim["value"]),
        key=f"claim_number_{key}",
    )  # fmt: skip
    left, right = st.columns(2)
    made: Document = {
        "modifier": choice(left, "How it was put", claim, "modifier", _MODIFIERS, key),
        "victim_class": choice(right, "Whom it counts", claim, "victim_class", VictimClass, key),
    }
    text = number.strip()
    # What is no number goes on as it is: the check names it.
    made["value"] = int(text) if text.isascii() and text.isdigit() else text
    made["subset_of"] = choice(left, "Part of the figure for", claim, "subset_of",
                                ("", *VictimClass), key)  # fmt: skip
    made["victim_text"] = right.text_input(
        "The words of the source for them", value=str(claim.get("victim_text") or ""),
        key=f"claim_victims_{key}",
    )  # fmt: skip
    return made


def _attribution(claim: Document, key: str, place: Any) -> Document:
    kind = choice(place, "What is said of who did it", claim, "kind", AttributionKind, key)
    made: Document = {"kind": kind}
    if kind != AttributionKind.UNCLAIMED:
        left, right = st.columns(2)
        names = {"": "Choose", **{own.id: own.name for own in ACTORS}}
        made["actor"] = choice(left, "Of whom", claim, "actor", tuple(names), key,
                                lambda code: names.get(code, code))  # fmt: skip
        made["actor_text"] = right.text_input(
            "The word of the source", value=str(claim.get("actor_text") or ""),
            key=f"claim_actor_text_{key}",
        )  # fmt: skip
    return made


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
            key=f"said_paragraph_{key}",
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
