"""Coverage strips: which months a data set recorded, which were quiet, and which nobody watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.questions.coverage import Coverage, State, Strip, Strips, recorded
from mapapp.ui import services
from mapapp.ui.charts.coverage_form import show_form
from mapapp.ui.citing.cite import cite_popover
from mapapp.ui.parts.templating import render

#: Years named over a strip at most, so that they do not touch on a narrow screen.
MOST_YEARS = 6

TITLE = "Quiet, or not watched?"
SUBTITLE = (
    "All that was recorded in the chosen place, days and data sets, whatever the other filters. "
    "Absence of incidents is not safety."
)

#: What each state means, in the order of the legend.
WORDS: dict[State, str] = {
    State.RECORDED: "recorded",
    State.POSSIBLY: "possibly (date imprecise)",
    State.QUIET: "quiet: watched, none recorded",
    State.UNWATCHED: "none recorded, but not watched all the time",
    State.OUTSIDE: "not monitored",
    State.UNDECLARED: "none recorded; coverage not declared",
}

_SHORT: dict[State, str] = {
    State.RECORDED: "recorded in",
    State.POSSIBLY: "possibly in",
    State.QUIET: "quiet in",
    State.UNWATCHED: "none recorded, not watched, in",
    State.OUTSIDE: "not monitored in",
    State.UNDECLARED: "none recorded, coverage not declared, in",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Months on end in one state: how many, and what they are in words."""

    state: str
    months: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One province: its name, its runs, and the same in words."""

    name: str
    runs: tuple[Run, ...]
    words: str
    incidents: int


@dataclass(frozen=True, slots=True)
class View:
    """One data set as `coverage.html` shows it."""

    name: str
    declared: str
    first: str
    last: str
    # Years with where they begin, percent of the strip; as many as there is room for.
    years: tuple[tuple[int, float], ...]
    lines: tuple[Line, ...]
    # Provinces in which nothing is recorded: those that are alike in every month share a line.
    empty: tuple[tuple[tuple[str, ...], Line], ...]
    undated: int
    legend: tuple[tuple[str, str], ...]


def declared_words(coverage: Coverage) -> str:
    """What the data set says it covers: days, whether it watches, and in its own words."""
    if coverage.first is None or coverage.last is None:
        return (
            "It does not say which days and places it covers: "
            "an empty month may be quiet or unwatched."
        )
    days = f"{wording.short_day(coverage.first)} – {wording.short_day(coverage.last)}"
    kind = "watched all the time" if coverage.watched else "a hand-picked set, not monitoring"
    if coverage.provinces:
        number = wording.counted(len(coverage.provinces), "province")
        kind = f"{number} only, {kind}"
    how = f" ({coverage.how})" if coverage.how else ""
    outside = "" if coverage.here else " It does not cover Afghanistan."
    return f"Declared: {days}, {kind}{how}.{outside}"


def coverage_view(strips: Strips) -> View:
    """One data set's strips; provinces without any incident share one line."""
    some = [strip for strip in strips.strips if strip.incidents]
    none = [strip for strip in strips.strips if not strip.incidents]
    present = {state for strip in strips.strips for state in strip.states}
    months = strips.months
    return View(
        name=strips.coverage.dataset,
        declared=declared_words(strips.coverage),
        first=_month(strips, 0) if months else "",
        last=_month(strips, -1) if months else "",
        years=_years(strips),
        lines=tuple(_line(strips, strip, strip.label) for strip in some),
        empty=tuple(
            (tuple(strip.label for strip in alike), _line(strips, alike[0], _others(alike)))
            for alike in _alike(none)
        ),
        undated=strips.undated,
        legend=tuple((str(state), WORDS[state]) for state in State if state in present),
    )


def _years(strips: Strips) -> tuple[tuple[int, float], ...]:
    begun = [(m.year, at) for at, m in enumerate(strips.months) if m.month == 1]
    each = -(-len(begun) // MOST_YEARS) or 1
    shown = [(year, at) for year, at in begun if year % each == 0]
    return tuple((year, round(100 * at / len(strips.months), 2)) for year, at in shown)


def _alike(strips: Sequence[Strip]) -> list[list[Strip]]:
    found: dict[tuple[State, ...], list[Strip]] = {}
    for strip in strips:
        found.setdefault(strip.states, []).append(strip)
    return list(found.values())


def _others(alike: Sequence[Strip]) -> str:
    return alike[0].label if len(alike) == 1 else f"{len(alike)} other provinces"


def _line(strips: Strips, strip: Strip, name: str) -> Line:
    return Line(name, _runs(strips, strip), strip_words(strip), strip.incidents)


def strip_words(strip: Strip) -> str:
    """ "recorded in 3; possibly in 2; not monitored in 29 of 34 months"."""
    counted = [(state, strip.months(state)) for state in State]
    said = [f"{_SHORT[state]} {n}" for state, n in counted if n]
    return "; ".join(said) + (" of " + wording.counted(len(strip.states), "month"))


def _runs(strips: Strips, strip: Strip) -> tuple[Run, ...]:
    found = []
    indexed = enumerate(strip.states)
    for state, group in groupby(indexed, key=lambda pair: pair[1]):
        at = [index for index, _ in group]
        days = _month(strips, at[0])
        if len(at) > 1:
            days += f" – {_month(strips, at[-1])}"
        number = sum(strip.certain[index] for index in at)
        counted = f": {wording.counted(number, 'incident')} for certain" if number else ""
        found.append(Run(str(state), len(at), f"{days}, {WORDS[state]}{counted}"))
    return tuple(found)


def _month(strips: Strips, index: int) -> str:
    month = strips.months[index]
    return f"{wording.MONTHS[month.month - 1]} {month.year}"


def show_coverage(dash: Dashboard, selection: Selection) -> None:
    """Draw the strips of every data set that has incidents in the selection's place and days."""
    provinces = {
        place.adm1_pcode: place.name
        for place in sorted(services.gazetteer().provinces(), key=lambda place: place.name)
        if place.adm1_pcode
    }
    found = dash.coverage(selection, provinces)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(render("chart_title.html", title=TITLE, subtitle=SUBTITLE), width="stretch")
        # What is counted here is all that was recorded, whatever else is filtered by.
        cite_popover(f"“{TITLE}”", "cite_coverage", selection=recorded(selection))
    if not found:
        st.html("<p>No data set has an incident in the chosen place and days.</p>")
    for strips in found:
        st.html(render("coverage.html", v=coverage_view(strips)))
        show_form(strips.coverage, provinces)
