"""What only who brings a table can decide: day or month first, and which place is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from mapapp.domain.vocab import label
from mapapp.importers.forms.dataset import Format
from mapapp.query import Dashboard
from mapapp.ui.bring_data.file import head
from mapapp.ui.bring_data.mapping import keyed
from mapapp.ui.bring_data.work import Work
from mapapp.ui.parts.plain_text import plain

#: Place words offered at once; the rest waits among the rows set aside.
_OFFERED: Final = 30
_NONE_OF_THESE: Final = "-"


def answered(work: Work, form: Format) -> bool:
    """Draw the questions that only a person can answer; whether all are answered."""
    questions = work.questions(form)
    if not questions:
        return True
    with st.container(key="bring_questions"):
        head("Day first or month first?")
        for question in questions:
            key = f"bring_order_{work.id}_{question.field}"
            words = dict(question.options)
            shown = f", for example {', '.join(question.examples)}" if question.examples else ""
            answer = st.radio(
                plain(f"{question.field}: {question.ask}{shown}"),
                list(words),
                index=None,
                key=keyed(key, work.orders.get(question.field)),
                format_func=words.__getitem__,
                horizontal=True,
            )
            if answer is not None:
                work.orders[question.field] = answer
    if work.by_mapping() and work.mapping is not None:
        # Kept with the mapping: filled in, and asked again, for the next such table.
        work.mapping = replace(work.mapping, date_orders=dict(work.orders))
    return all(question.field in work.orders for question in questions)


def show_places(
    dash: Dashboard, work: Work, choices: Mapping[str, tuple[Mapping[str, Any], ...]]
) -> None:
    """Draw the words that fit several places, each with its candidates."""
    provinces = dash.labels()["provinces"]
    with st.container(key="bring_places"):
        head("Which place is meant?")
        decided = sum(words in work.places for words in choices)
        st.caption(
            "These words fit several places. Rows without an answer are set aside. "
            f"{decided} of {len(choices)} decided; answers are kept for the next table like this."
        )
        waiting = [words for words in choices if words not in work.places]
        later = set(waiting[_OFFERED:])
        for words, candidates in choices.items():
            if words in later:
                continue
            names: dict[str, str] = {"": "not decided"} | {
                str(found["id"]): ", ".join(
                    part
                    for part in (
                        str(found["name"]),
                        label(str(found["placetype"])),
                        "" if found["placetype"] == "province"
                        else provinces.get(str(found["adm1_pcode"]), ""),
                    )
                    if part
                )
                for found in candidates
            } | {_NONE_OF_THESE: "none of these: write coordinates"}  # fmt: skip
            if _given(work, words) not in names:  # the gazetteer offers it no more
                work.places.pop(words)
            chosen: str = st.radio(
                plain(words),
                list(names),
                key=keyed(f"bring_place_{work.id}_{words}", _given(work, words)),
                format_func=names.__getitem__,
                horizontal=True,
            )
            _choose(work, words, chosen)
        if later:
            st.caption(f"{len(later)} more come as these are answered.")
    if work.by_mapping() and work.mapping is not None:
        work.mapping = replace(work.mapping, places=dict(work.places))


def _given(work: Work, words: str) -> str:
    return (work.places[words] or _NONE_OF_THESE) if words in work.places else ""


def _choose(work: Work, words: str, chosen: str) -> None:
    if chosen:
        work.places[words] = "" if chosen == _NONE_OF_THESE else chosen
    else:
        work.places.pop(words, None)
