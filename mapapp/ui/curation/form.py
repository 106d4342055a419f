"""The form of a record: what, when, where, from which source; a seed file field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

import streamlit as st

from gazetteer import Candidate
from mapapp.curation.change import Draft
from mapapp.curation.document import Document
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    Redistribution,
    TargetType,
)
from mapapp.importers.cells.places import Disc, disc_of
from mapapp.ui import services
from mapapp.ui.curation.claims import choice, said_fields, show_claims, without_empty
from mapapp.ui.head import near_filter
from mapapp.ui.parts.templating import render

_NEW: Final = "+"
_FOUND: Final = "curation_found"


def show_form(draft: Draft, token: str, sources: Mapping[str, str]) -> Draft:
    """Draw the form and return the draft with what is in it; `sources` are citations by id."""
    document = dict(draft.document)
    with st.container(key="bench_card_record"):
        _head("1 · The record and its source")
        added = _record(document, draft, token, sources)
    all_sources = {**sources, **{str(s.get("id")): str(s.get("title")) for s in added}}
    with st.container(key="bench_card_when"):
        _head("2 · When")
        document["date"] = _when(dict(document["date"]), token, all_sources)
    with st.container(key="bench_card_where"):
        _head("3 · Where")
        document["place"] = _where(dict(document["place"]), token, all_sources)
    with st.container(key="bench_card_what"):
        _head("4 · What was attacked, and how")
        _what(document, token, all_sources)
    with st.container(key="bench_card_claims"):
        _head("5 · Statements: figures, who did it, and other words on the above")
        show_claims(document, token, all_sources)
    with st.container(key="bench_card_notes"):
        _head("6 · Notes")
        text = st.text_area(
            "What does not fit together inside the source, a line each",
            value="\n".join(document.get("notes", ())), key=f"cur_notes_{token}",
        )  # fmt: skip
        document["notes"] = [line.strip() for line in text.splitlines() if line.strip()]
    return replace(draft, document=document, sources=added)


def _head(words: str) -> None:
    st.html(render("bench_part.html", words=words))


def _text(place: Any, words: str, of: Mapping[str, Any], name: str, key: str, **more: Any) -> str:
    found: str = place.text_input(words, value=str(of.get(name) or ""), key=f"cur_{key}", **more)
    return found.strip()


def _record(
    document: Document, draft: Draft, token: str, sources: Mapping[str, str]
) -> tuple[Document, ...]:
    document["title"] = _text(
        st, "Title, in our own words; it names no perpetrator", document, "title", f"title_{token}"
    )
    left, right = st.columns(2)
    document["id"] = _text(
        left, "Id: afg-<date>-<place>-<what>", document, "id", f"id_{token}",
        disabled=bool(draft.based_on),
    )  # fmt: skip
    names = {**sources, _NEW: "A new source…"}
    own = str(document.get("source") or "") or next(iter(sources), _NEW)
    chosen = right.selectbox(
        "Source", list(names), index=list(names).index(own) if own in names else len(sources),
        format_func=names.__getitem__, key=f"cur_source_{token}",
    )  # fmt: skip
    home = {"country": document.get("country") or "AFG"}
    country = _text(left, "Country (ISO code)", home, "country", f"country_{token}")
    document["country"] = country if country != "AFG" else None
    document["background"] = st.checkbox(
        "Only mentioned in passing (kept out of the totals unless asked for)",
        value=bool(document.get("background")), key=f"cur_background_{token}",
    )  # fmt: skip
    if chosen != _NEW:
        document["source"] = chosen
        return ()
    with st.container(border=True):
        entry = _source(draft.sources[0] if draft.sources else {}, token)
    document["source"] = entry.get("id", "")
    return (entry,)


def _source(entry: Document, token: str) -> Document:
    left, right = st.columns(2)
    published: Document = entry.get("published", {})
    made: Document = {
        "id": _text(left, "Number or short name", entry, "id", f"src_id_{token}"),
        "publisher": _text(right, "Publisher", entry, "publisher", f"src_pub_{token}"),
        "title": _text(left, "Title of the page", entry, "title", f"src_title_{token}"),
        "url": _text(right, "Address, if known; never guessed", entry, "url", f"src_url_{token}"),
        "language": _text(left, "Language (en, fa, ps)", {"language": "en", **entry}, "language",
                          f"src_lang_{token}"),
        "licence": _text(right, "Licence", {"licence": "facts cited, no text reproduced", **entry},
                         "licence", f"src_lic_{token}"),
        "redistribution": choice(left, "What may be shown to the public", entry,
                                 "redistribution", Redistribution, f"src_{token}"),
        "published": without_empty({
            "earliest": _text(left, "Published, first possible day", published, "earliest",
                              f"src_from_{token}"),
            "latest": _text(right, "Published, last possible day", published, "latest",
                            f"src_to_{token}"),
            "how": _text(right, "How the day is known", published, "how", f"src_how_{token}"),
        }),
    }  # fmt: skip
    return without_empty(made)


def _when(when: Document, token: str, sources: Mapping[str, str]) -> Document:
    left, middle, right = st.columns(3)
    made: Document = {
        "earliest": _text(left, "First possible day (YYYY-MM-DD)", when, "earliest",
                          f"earliest_{token}"),
        "latest": _text(middle, "Last possible day", when, "latest", f"latest_{token}"),
        "precision": choice(right, "Known to", when, "precision", DatePrecision, f"when_{token}"),
    }  # fmt: skip
    left, right = st.columns(2)
    made["text"] = _text(left, "The source's words for it", when, "text", f"when_text_{token}")
    made["derivation"] = _text(
        right, "How the days were made of them", when, "derivation", f"derivation_{token}"
    )
    return without_empty(made) | _said(when, f"when_{token}", sources)


def _where(where: Document, token: str, sources: Mapping[str, str]) -> Document:
    left, right = st.columns(2)
    made: Document = {
        "text": _text(left, "The source's words for the place", where, "text",
                      f"where_text_{token}"),
        "precision": choice(right, "How exactly known", where, "precision", ("", *GeoPrecision),
                            f"where_{token}"),
        "ambiguous": right.checkbox(
            "The name may mean the city or the province", value=bool(where.get("ambiguous")),
            key=f"cur_ambiguous_{token}",
        ) or None,
    }  # fmt: skip
    key = f"cur_place_{token}"
    if key not in st.session_state:
        st.session_state[key] = {name: where[name] for name in ("id", "disc") if name in where}
    name = left.text_input(
        "Find it in the gazetteer, in any spelling", key=f"cur_find_{token}",
        placeholder="Pul-e Jozgun, Fayzabad",
    )  # fmt: skip
    # Here also when empty: fields below that move are made anew in the browser, without what is
    # being typed into them.
    with st.container(key="cur_found"):
        if name.strip():
            _candidates(name.strip(), key)
        chosen = st.session_state[key]
        made |= chosen
        st.html(render("chosen_place.html", id=chosen.get("id", ""), name=_name(chosen)))
    return without_empty(made) | _said(where, f"where_{token}", sources)


def _candidates(name: str, key: str) -> None:
    found = near_filter.find(services.gazetteer(), name)
    candidates = found.candidates if found else ()
    if not candidates:
        st.html('<p class="quiet" role="status">No such place; try another spelling.</p>')
    elif len(candidates) > 1:
        st.html('<p class="quiet" role="status">Several places fit; choose the one meant.</p>')
    with st.container(horizontal=True, key="cur_candidates"):
        for number, candidate in enumerate(candidates):
            st.button(
                near_filter.plain_candidate(candidate), key=f"cur_candidate_{number}",
                on_click=_choose, args=(key, candidate),
            )  # fmt: skip


def _choose(key: str, candidate: Candidate) -> None:
    disc = disc_of(candidate)
    chosen: Document = {"id": candidate.id} | ({"disc": asdict(disc)} if disc else {})
    st.session_state[key] = chosen


def _name(chosen: Document) -> str:
    if "id" not in chosen:
        return ""
    gazetteer, place_id = services.gazetteer(), str(chosen["id"])
    disc = [str(Disc(**chosen["disc"]))] if "disc" in chosen else []
    line = (gazetteer.place(place_id), *gazetteer.ancestors(place_id))
    return ", ".join([*disc, *(place.name for place in line)])


def _what(document: Document, token: str, sources: Mapping[str, str]) -> None:
    kind, target = dict(document["event_type"]), dict(document["target"])
    left, right = st.columns(2)
    value = choice(left, "Kind of attack", kind, "value", EventType, f"kind_{token}")
    document["event_type"] = {"value": value} | _said(kind, f"kind_{token}", sources)
    made = {
        "type": choice(right, "Kind of target", target, "type", TargetType, f"target_{token}"),
        "text": _text(st, "The target, in our own words", target, "text", f"target_text_{token}"),
    }
    document["target"] = without_empty(made) | _said(target, f"target_{token}", sources)


def _said(of: Document, key: str, sources: Mapping[str, str]) -> Document:
    with st.expander(f"Who says so: {of.get('asserted_by') or 'the publisher'}, paragraph "
                     f"{of.get('paragraph', '')}"):  # fmt: skip
        return said_fields(of, key, sources)
