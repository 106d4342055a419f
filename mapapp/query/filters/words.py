"""Words for parts of a selection: labels of codes, ranges of days, numbers (selection → words)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from gazetteer import Gazetteer
from mapapp.domain.actors import actor
from mapapp.domain.vocab import SpeakerClass, label

#: Words by part and code, for codes whose words stand in the data: provinces, districts, sources.
Labels = Mapping[str, Mapping[str, str]]

_CLASSES = frozenset(map(str, SpeakerClass))

#: More countries than these are counted.
_COUNTRIES = 3

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def actor_words(code: str) -> str:
    """The short name of an actor."""
    return actor(code).short


@lru_cache
def _areas() -> Mapping[str, str]:
    gazetteer = Gazetteer.load()
    provinces = {place.adm1_pcode or "": place.name for place in gazetteer.provinces()}
    return provinces | {place.adm2_pcode or "": place.name for place in gazetteer.districts()}


def area_words(code: str) -> str:
    """The name of a province or district by its P-code, which itself where there is none such."""
    return _areas().get(code) or code


def speaker_words(code: str) -> str:
    """A class of speaker, or an actor that speaks."""
    return label(code) if code in _CLASSES else actor_words(code)


def either(words: Iterable[str], last: str = "or") -> str:
    """ "A", "A or B", "A, B or C"."""
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def countries_words(names: Sequence[str]) -> str:
    """ "Afghanistan and Pakistan", of many the first: "Afghanistan and 46 other countries"."""
    if len(names) <= _COUNTRIES:
        return either(names, "and")
    return f"{names[0]} and {len(names) - 1} other countries"


def day_words(day: date) -> str:
    """ "5 Sep 2022"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_words(start: date | None, end: date | None) -> str:
    """A range of days in its shortest form: "2022", "Sep–Dec 2022", "5–9 Sep 2022", "until …"."""
    if start is None or end is None:
        if start is not None:
            return f"from {day_words(start)}"
        return f"until {day_words(end)}" if end is not None else "at any time"
    if start == end:
        return day_words(start)
    if start.day == 1 and end.day == calendar.monthrange(end.year, end.month)[1]:
        return _months_words(start, end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day_words(end)}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} – {day_words(end)}"
    return f"{day_words(start)} – {day_words(end)}"


def _months_words(start: date, end: date) -> str:
    if (start.month, end.month) == (1, 12):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    first, last = _MONTHS[start.month - 1], _MONTHS[end.month - 1]
    if (start.year, start.month) == (end.year, end.month):
        return f"{first} {start.year}"
    if start.year == end.year:
        return f"{first}–{last} {end.year}"
    return f"{first} {start.year} – {last} {end.year}"


def number_words(low: int | None, high: int | None) -> str:
    """ "2–20", "at least 5", "at most 3", "exactly 4"."""
    if low is None:
        return f"at most {high}"
    if high is None:
        return f"at least {low}"
    return f"exactly {low}" if low == high else f"{low}–{high}"


def figure(value: float) -> str:
    """A number without a needless fraction."""
    return f"{value:.5g}"
