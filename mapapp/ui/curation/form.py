"""The form of a record: from which page, when and where, what, and who says what of it.

What follows from what was typed is shown in the empty fields and taken where they stay empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import streamlit as st

from gazetteer import Candidate
from mapapp.curation.change import Draft
from mapapp.curation.document import Document, source_entry
from mapapp.curation.filled import day_of, days_of, filled, source_of, speaker_class_of
from mapapp.curation.grid import claims_of, grid_of
from mapapp.domain import wording
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    Redistribution,
    TargetType,
    label,
)
from mapapp.importers.cells.places import Disc, candidate_text, disc_of
from mapapp.ui import services
from mapapp.ui.curation.grid import Filled, show_grid
from mapapp.ui.curation.said import choice, said_fields, without_empty
from mapapp.ui.head import near_filter
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render

_NEW: Final = "+"

#: How figures are typed into the grid.
_HOW: Final = (
    "A row a speaker; leave the first name empty where the publisher speaks. Figures: 3 · at least "
    "3 civilians · about 5 · dozens · 4; of them 2 children."
)


@dataclass
class Form:
    """What the form holds while an editor is at it: the draft as typed, and its grid."""

    draft: Draft
    grid: Filled
    token: str

    @classmethod
    def of(cls, draft: Draft, token: str) -> Form:
        """The form of a draft."""
        return cls(draft, Filled(grid_of(draft.document.get("claims", ()))), token)


def show_form(form: Form, sources: Mapping[str, Source], taken: Collection[str]) -> None:
    """Draw the form; what is in it goes into `form.draft`, with what follows from it.

    `sources` are offered, the ones used last first; `taken` are the ids of other records.
    """
    document, token, new = dict(form.draft.document), form.token, not form.draft.based_on
    with st.container(key="bench_card_record"):
        _head("1 · The page it stands on")
        added = _source(document, form.draft, token, sources)
    source = _entry(document, sources, added)
    names = {own.id: own.cite() for own in sources.values()}
    if added:
        names[str(source.get("id") or "")] = str(source.get("title") or "this page")
    published = _published(source)
    with st.container(key="bench_card_when"):
        _head("2 · When and where")
        document["paragraph"] = _text(
            st,
            "Paragraph of the page that tells of it (the headline is 1)"
            if new
            else "Paragraph of the page that what you add stands in (the headline is 1)",
            document, "paragraph", f"paragraph_{token}",
        )  # fmt: skip
        document["date"] = _when(dict(document["date"]), token, names, published)
        document["place"] = _where(dict(document["place"]), token, names)
    with st.container(key="bench_card_what"):
        _head("3 · What was attacked, and how")
        _what(document, token, names)
    with st.container(key="bench_card_claims"):
        _head("4 · Who says what")
        st.html(render("bench_note.html", words=_HOW))
        target = str(document["target"].get("type") or "")
        form.grid.guess = lambda name: speaker_class_of(name, target)
        show_grid(
            form.grid, f"claims_{token}", str(source.get("publisher") or ""), names,
            str(document.get("paragraph") or ""),
        )  # fmt: skip
        document["claims"] = claims_of(form.grid.grid)
    with st.container(key="bench_card_more"):
        _head("5 · Title, id and notes")
        _more(document, token, new, taken)
    form.draft = replace(form.draft, document=document, sources=added)


def complete(draft: Draft, sources: Mapping[str, Source], taken: Collection[str]) -> Draft:
    """The draft with what follows from it, as it is checked and recorded."""
    source = _entry(draft.document, sources, draft.sources)
    document = filled(draft.document, _published(source), _short_name(draft.document), taken)
    document["source"] = str(source.get("id") or "")
    return replace(draft, document=document, sources=(source,) if draft.sources else ())


def _entry(
    document: Mapping[str, Any], sources: Mapping[str, Source], added: Sequence[Document]
) -> Document:
    """The record's source in the form of an entry of `sources.yaml`."""
    if added:
        return source_of(added[0], sources)
    held = sources.get(str(document.get("source") or ""))
    return source_entry(held) if held else {}


def _published(source: Mapping[str, Any]) -> date | None:
    """The day of publication where it is known to the day."""
    published = dict(source.get("published") or {})
    first, last = (str(published.get(name) or "") for name in ("earliest", "latest"))
    return day_of(first) if first == last else None


def _head(words: str) -> None:
    st.html(render("bench_part.html", words=words))


def _text(place: Any, words: str, of: Mapping[str, Any], name: str, key: str, **more: Any) -> str:
    found: str = place.text_input(words, value=str(of.get(name) or ""), key=f"cur_{key}", **more)
    return found.strip()


def _source(
    document: Document, draft: Draft, token: str, sources: Mapping[str, Source]
) -> tuple[Document, ...]:
    names = {_NEW: "A new page", **{own.id: own.cite() for own in sources.values()}}
    own = str(document.get("source") or "") or _NEW
    chosen = st.selectbox(
        "Source", list(names), index=list(names).index(own) if own in names else 0,
        format_func=names.__getitem__, key=f"cur_source_{token}",
    )  # fmt: skip
    if chosen != _NEW:
        document["source"] = chosen
        return ()
    typed = draft.sources[0] if draft.sources else {}
    url = _text(st, "Address of the page, if known; it is kept as text and never fetched", typed,
                "url", f"src_url_{token}")  # fmt: skip
    if held := next((s for s in sources.values() if url and s.url == url), None):
        st.html(render("bench_note.html", words=f"This page is a source already: {held.cite()}"))
        document["source"] = held.id
        return ()
    document["source"] = ""
    return (_new_source(typed, token) | ({"url": url} if url else {}),)


def _new_source(entry: Document, token: str) -> Document:
    left, middle, right = st.columns([2, 3, 2])
    published: Document = entry.get("published", {})
    made: Document = {
        "publisher": _text(left, "Publisher", entry, "publisher", f"src_pub_{token}"),
        "title": _text(middle, "Title of the page", entry, "title", f"src_title_{token}"),
    }
    day = _text(right, "Published (YYYY-MM-DD)", published, "earliest", f"src_from_{token}")
    with st.expander("More about this page"):
        left, right = st.columns(2)
        made |= {
            "id": _text(left, "Number or short name", entry, "id", f"src_id_{token}",
                        placeholder="made of publisher and day"),
            "language": _text(right, "Language (en, fa, ps)", entry, "language",
                              f"src_lang_{token}", placeholder="by the letters of its title"),
            "licence": _text(left, "Licence", entry, "licence", f"src_lic_{token}",
                             placeholder="© the publisher; facts cited, no text reproduced"),
            "redistribution": choice(right, "What may be shown to the public", entry,
                                     "redistribution", Redistribution, f"src_{token}"),
            "published": {
                "earliest": day,
                "latest": _text(left, "Published, last possible day", published, "latest",
                                f"src_to_{token}", placeholder="the same day"),
                "how": _text(right, "How the day is known", published, "how", f"src_how_{token}",
                             placeholder="as entered with the page"),
            },
        }  # fmt: skip
    return made


def _when(
    when: Document, token: str, sources: Mapping[str, str], published: date | None
) -> Document:
    made: Document = {
        "text": _text(st, "Day: the page's words for it, or a date", when, "text",
                      f"when_text_{token}", placeholder="on Wednesday · 8 May · 2024-05-08")
    }  # fmt: skip
    follows = days_of(made["text"], published) if made["text"] else {}
    typed = any(when.get(name) for name in ("earliest", "latest", "precision"))
    st.html(render("bench_note.html", words=_days_words(made["text"], follows, typed)))
    with st.expander("Days, where the words do not give them", expanded=typed):
        left, middle, right = st.columns(3)
        made |= {
            "earliest": _text(left, "First possible day (YYYY-MM-DD)", when, "earliest",
                              f"earliest_{token}", placeholder=follows.get("earliest", "")),
            "latest": _text(middle, "Last possible day", when, "latest", f"latest_{token}",
                            placeholder=follows.get("latest", "")),
            "precision": choice(right, "Known to", when, "precision", ("", *DatePrecision),
                                f"when_{token}"),
            "derivation": _text(st, "How the days were made of them", when, "derivation",
                                f"derivation_{token}", placeholder=follows.get("derivation", "")),
        }  # fmt: skip
    return without_empty(made) | _said(when, f"when_{token}", sources, "the day")


def _days_words(text: str, follows: Mapping[str, Any], typed: bool) -> str:
    if typed or not text:
        return ""
    if not follows:
        return ("Which days these are does not follow from the words and the day of publication; "
                "say it below.")  # fmt: skip
    first, last = (date.fromisoformat(follows[name]) for name in ("earliest", "latest"))
    return f"{wording.day_range(first, last)}: {follows['derivation']}"


def _where(where: Document, token: str, sources: Mapping[str, str]) -> Document:
    key = f"cur_place_{token}"
    if key not in st.session_state:
        st.session_state[key] = {name: where[name] for name in ("id", "disc") if name in where}
    made: Document = {
        "text": _text(st, "Place: the page's words for it", where, "text", f"where_text_{token}",
                      placeholder="Police District 5 of Kabul"),
    }  # fmt: skip
    # Here also when empty: fields below that move are made anew in the browser, without what is
    # being typed into them.
    with st.container(key="cur_found"):
        another = str(st.session_state.get(f"cur_find_{token}") or "").strip()
        if name := another or made["text"]:
            _candidates(name, key)
        chosen = st.session_state[key]
        made |= {name: own for name, own in chosen.items() if name != "of"}
        st.html(render("chosen_place.html", id=chosen.get("id", ""), name=_name(chosen)))
    with st.expander("Another spelling, and how exactly it is known"):
        left, right = st.columns(2)
        left.text_input("Find it in the gazetteer, in any spelling", key=f"cur_find_{token}",
                        placeholder="Pul-e Jozgun, Fayzabad")  # fmt: skip
        made |= {
            "precision": choice(right, "How exactly known", where, "precision",
                                ("", *GeoPrecision), f"where_{token}"),
            "ambiguous": st.checkbox(
                "The name may mean the city or the province", value=bool(where.get("ambiguous")),
                key=f"cur_ambiguous_{token}",
            ) or None,
        }  # fmt: skip
    return without_empty(made) | _said(where, f"where_{token}", sources, "the place")


def _candidates(name: str, key: str) -> None:
    """Offer what a name can mean; where it means one place only, that is taken."""
    found = near_filter.find(services.gazetteer(), name)
    candidates = found.candidates if found else ()
    chosen = st.session_state[key]
    # A record that is edited keeps its place under other words until another one is chosen.
    other = chosen.get("of", name if "id" in chosen else "") != name
    if not candidates:
        st.html('<p class="quiet" role="status">No such place; try another spelling.</p>')
    elif not found.ambiguous and other:
        _choose(key, candidates[0], name)
    elif found.ambiguous:
        if other:
            st.session_state[key] = {}
        st.html('<p class="quiet" role="status">Several places fit; choose the one meant.</p>')
    with st.container(horizontal=True, key="cur_candidates"):
        for number, candidate in enumerate(candidates if len(candidates) > 1 else ()):
            st.button(
                plain(place_words(candidate)), key=f"cur_candidate_{number}",
                on_click=_choose, args=(key, candidate, name),
            )  # fmt: skip


def place_words(candidate: Candidate) -> str:
    """A candidate with the units it lies in: "Fayzabad (settlement), Badakhshan"."""
    above = services.gazetteer().ancestors(candidate.id)
    names = [own.name for own in above if own.placetype in ("district", "province")]
    return ", ".join([candidate_text(candidate), *(n for n in names if n != candidate.name)])


def _choose(key: str, candidate: Candidate, name: str) -> None:
    disc = disc_of(candidate)
    chosen: Document = {"id": candidate.id, "of": name} | ({"disc": asdict(disc)} if disc else {})
    st.session_state[key] = chosen


def _name(chosen: Mapping[str, Any]) -> str:
    if "id" not in chosen:
        return ""
    gazetteer, place_id = services.gazetteer(), str(chosen["id"])
    disc = [str(Disc(**chosen["disc"]))] if "disc" in chosen else []
    line = (gazetteer.place(place_id), *gazetteer.ancestors(place_id))
    return ", ".join([*disc, *(place.name for place in line)])


def _short_name(document: Mapping[str, Any]) -> str:
    """The gazetteer's name of the place, "" before one is chosen."""
    place_id = str(dict(document.get("place") or {}).get("id") or "")
    return services.gazetteer().place(place_id).name if place_id else ""


def _what(document: Document, token: str, sources: Mapping[str, str]) -> None:
    kind, target = dict(document["event_type"]), dict(document["target"])
    value = _one_of("Kind of attack", EventType, kind.get("value"), f"kind_{token}")
    made = {"type": _one_of("Kind of target", TargetType, target.get("type"), f"target_{token}")}
    made["text"] = _text(
        st, "The target, in our own words", target, "text", f"target_text_{token}",
        placeholder=label(made["type"]),
    )  # fmt: skip
    document["event_type"] = without_empty({"value": value}) | _said(
        kind, f"kind_{token}", sources, "the kind of attack"
    )
    document["target"] = without_empty(made) | _said(
        target, f"target_{token}", sources, "the target"
    )


def _one_of(words: str, codes: Iterable[str], value: object, key: str) -> str:
    """A code chosen with one press; "" where none is."""
    options = [str(code) for code in codes]
    default = str(value) if value in options else None
    return str(st.pills(words, options, default=default, format_func=label, key=f"cur_{key}") or "")


def _more(document: Document, token: str, new: bool, taken: Collection[str]) -> None:
    follows = filled(document, None, _short_name(document), taken)
    document["title"] = _text(
        st, "Title, in our own words; it names no perpetrator", document, "title",
        f"title_{token}", placeholder=follows["title"],
    )  # fmt: skip
    with st.expander("Id, country, notes"):
        left, right = st.columns(2)
        document["id"] = _text(
            left, "Id: afg-<date>-<place>-<what>", document, "id", f"id_{token}",
            disabled=not new, placeholder=follows["id"],
        )  # fmt: skip
        home = {"country": document.get("country") or "AFG"}
        country = _text(right, "Country (ISO code)", home, "country", f"country_{token}")
        document["country"] = country if country != "AFG" else None
        document["background"] = st.checkbox(
            "Only mentioned in passing (kept out of the totals unless asked for)",
            value=bool(document.get("background")), key=f"cur_background_{token}",
        )  # fmt: skip
        text = st.text_area(
            "What does not fit together inside the source, a line each",
            value="\n".join(document.get("notes", ())), key=f"cur_notes_{token}",
        )  # fmt: skip
        document["notes"] = [line.strip() for line in text.splitlines() if line.strip()]


def _said(of: Document, key: str, sources: Mapping[str, str], what: str) -> Document:
    """Who says it and where it stands, where that is not the publisher and the paragraph above."""
    with st.expander(f"Who says so of {what}: {of.get('asserted_by') or 'the publisher'}"):
        return said_fields(of, key, sources)
