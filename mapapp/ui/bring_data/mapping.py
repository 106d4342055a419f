"""What the columns of an unknown table mean: guessed, shown with samples, corrected (→ mapping)."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.countries import country_name
from mapapp.domain.problems import Problem
from mapapp.domain.vocab import GeoPrecision, Redistribution, SpeakerClass, label
from mapapp.importers.mapped.mapping import Mapping, completed, two_numbers, without_country
from mapapp.importers.mapped.roles import BY_CODE, Guess, counting_column
from mapapp.importers.tables.sniff import Sniffed
from mapapp.importers.tables.table import REASON_COLUMNS
from mapapp.ui.bring_data.work import Work, columns_chosen
from mapapp.ui.parts.plain_text import plain

_POINTS = tuple(precision for precision in GeoPrecision if precision is not GeoPrecision.COUNTRY)

_LEAVES = {
    Redistribution.PRIVATE: "nothing: only this installation shows it",
    Redistribution.FACTS: "facts with citation, not its wording",
    Redistribution.OPEN: "the rows themselves: its licence is open",
}


def keyed(key: str, default: Any) -> str:
    """A widget's key, its first value set: what it was where the widget was away for a while."""
    if key not in st.session_state:
        st.session_state[key] = default
    return key


def show_mapping(
    work: Work, sniffed: Sniffed, guesses: tuple[Guess, ...], *, kept: bool
) -> tuple[Problem, ...]:
    """Draw the step, put what is chosen into `work.mapping`, return what keeps it from use."""
    mapping = work.mapping
    assert mapping is not None
    if kept:
        st.caption("The meanings you gave to a table with the same columns are filled in.")
    chosen = _columns(work, mapping, guesses)
    columns, problems = columns_chosen(chosen)
    with st.container(key="bring_said"):
        st.markdown("**What the table does not say of itself**")
        asked = replace(mapping, columns=columns)
        points = {"lat", "point"} & columns.keys()
        own = "exactness" in completed(asked, sniffed.header).columns
        mapping = replace(asked, **_said(work, mapping, bool(points) and not own))
        if counting := counting_column(sniffed.header):
            mapping = replace(mapping, rows_are_incidents=st.checkbox(
                plain(f"Each row is one incident, though “{counting}” counts events"),
                key=keyed(f"bring_sums_{work.id}", mapping.rows_are_incidents),
                help="Else its rows are sums of several, and their dead are those of all of them",
            ))  # fmt: skip
        plus = work.remembered(
            "plus", (work.options, columns), partial(two_numbers, mapping, sniffed)
        )
        if plus or mapping.attackers_apart:
            mapping = replace(mapping, attackers_apart=st.checkbox(
                plain(f"In cells like “{plus}” the second number is that of the attackers"),
                key=keyed(f"bring_plus_{work.id}", mapping.attackers_apart),
                help="It is then a figure of its own. Else these rows are set aside",
            ))  # fmt: skip
    asked_country = work.remembered(
        "countries", (work.options, mapping), partial(without_country, mapping, sniffed)
    )
    if asked_country or mapping.country_is_sure:
        mapping = replace(mapping, country_is_sure=st.checkbox(
            plain(f"Rows that name no country are in {country_name(mapping.country)}"),
            key=keyed(f"bring_sure_{work.id}", mapping.country_is_sure),
        ))  # fmt: skip
    problems += () if mapping.country_is_sure else asked_country
    with st.expander("Country, licence, and the name it has in the store"):
        mapping = replace(mapping, **_background(work, mapping))
    work.mapping = mapping
    return (*problems, *mapping.problems(sniffed.header))


def _columns(work: Work, mapping: Mapping, guesses: tuple[Guess, ...]) -> dict[str, str]:
    roles = {column: role for role, column in mapping.columns.items()}
    own = [found for found in guesses if found.column not in REASON_COLUMNS]
    # What was guessed at first stays above, so that no row moves while it is corrected.
    first = [f for f in own if f.role or f.column in roles]
    rest = [f for f in own if f not in first]
    chosen: dict[str, str] = {}
    for found in first:
        chosen[found.column] = _column(work, found, roles)
    if rest:
        more = wording.counted(len(rest), "more column")
        words = f"{more}, kept in the notes of each incident unless given a meaning"
        with st.expander(words, expanded=not first):
            for found in rest:
                chosen[found.column] = _column(work, found, roles)
    return chosen


def _column(work: Work, found: Guess, roles: AnyMapping[str, str]) -> str:
    left, right = st.columns((2, 3), vertical_alignment="center", gap="small")
    key = f"bring_role_{work.id}_{found.column}"
    role: str = left.selectbox(
        plain(found.column),
        ["", *BY_CODE],
        key=keyed(key, roles.get(found.column, "")),
        format_func=lambda code: BY_CODE[code].label if code else "no meaning of its own",
    )
    samples = " · ".join(found.samples) or "no values in the first rows"
    why = f"Guessed: {found.reason}" if found.role else found.reason.capitalize()
    right.caption(f"{plain(samples)}  \n{plain(why)}")
    return role


def _said(work: Work, mapping: Mapping, points: bool) -> dict[str, Any]:
    left, right = st.columns(2, gap="small")
    speaker = left.text_input(
        "Who asserts what it says",
        key=keyed(f"bring_speaker_{work.id}", mapping.speaker),
        max_chars=200,
        placeholder="An organisation, a ministry, a newsroom …",
        help="Each row becomes claims by this speaker, unless a column names one row by row",
    )
    kind = right.selectbox(
        "What kind of speaker that is",
        list(SpeakerClass),
        key=keyed(f"bring_class_{work.id}", mapping.speaker_class),
        format_func=label,
    )
    title = left.text_input(
        "Title of the table", key=keyed(f"bring_title_{work.id}", mapping.title), max_chars=200
    )
    precision = mapping.geo_precision
    if points:
        precision = st.radio(
            "What its points stand for",
            _POINTS,
            index=None,
            key=keyed(f"bring_precision_{work.id}", mapping.geo_precision),
            format_func=label,
            horizontal=True,
            help="A point that stands for a district is drawn as the district, not as a spot",
        )
    return {
        "speaker": speaker.strip(),
        "speaker_class": kind,
        "title": title.strip(),
        "geo_precision": precision,
    }


def _background(work: Work, mapping: Mapping) -> dict[str, Any]:
    left, right = st.columns(2, gap="small")
    country = left.text_input(
        "Country, where no column has it (ISO code)",
        key=keyed(f"bring_country_{work.id}", mapping.country),
        max_chars=3,
    )
    licence = right.text_input(
        "Licence", key=keyed(f"bring_licence_{work.id}", mapping.licence), max_chars=200
    )
    name = left.text_input(
        "Name in the store",
        key=keyed(f"bring_dataset_{work.id}", mapping.dataset),
        max_chars=60,
        help="Files of the same name are one data set: a row with an id known there replaces it",
    )
    leaves = right.selectbox(
        "What may be shown to the public",
        list(_LEAVES),
        key=keyed(f"bring_leaves_{work.id}", mapping.redistribution),
        format_func=lambda rule: _LEAVES[rule],
    )
    return {
        "country": country.strip().upper() or "AFG",
        "licence": licence.strip() or "not stated",
        "dataset": dataset_key(name, mapping.dataset),
        "redistribution": leaves,
    }


def dataset_key(name: str, before: str) -> str:
    """The key for a name that a person typed; it never is that of the curated records or of GED.

    `before` is a key that was in use already and stays as it is.
    """
    if name.strip() == before:
        return before
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    return slug if slug.startswith("table-") else f"table-{slug or 'unnamed'}"
