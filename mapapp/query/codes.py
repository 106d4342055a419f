"""Codes of a selection that match nothing (selection → problems): what is no code at all, and what
merely has no incident. Pages name both and ignore the first; `/api` and the command line refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final

from gazetteer import Gazetteer
from mapapp.domain.actors import KNOWN_IDS
from mapapp.domain.countries import country_names
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.query.dashboard import Dashboard
from mapapp.query.filters.entry import Codes
from mapapp.query.filters.params import shorten
from mapapp.query.filters.table import CODES
from mapapp.query.filters.words import either

#: Named when a code is not known: those that are nearly it, else all of so many, else the five
#: that are most alike.
_CHOICES: Final = 40
_ALIKE: Final = 5

#: Codes that exist whether the data have an incident of them or not, with their words.
_EXIST: Final[Mapping[str, Callable[[Dashboard], Mapping[str, str]]]] = {
    "provinces": lambda _: {p.adm1_pcode or "": p.name for p in Gazetteer.load().provinces()},
    "districts": lambda _: {p.adm2_pcode or "": p.name for p in Gazetteer.load().districts()},
    "countries": lambda _: country_names(),
    "groups": lambda _: dict.fromkeys(KNOWN_IDS, ""),
    "sources": lambda dash: dict.fromkeys(dash.labels()["sources"], ""),
}


def unmatched(
    dash: Dashboard, selection: Selection, most: int = _CHOICES
) -> tuple[tuple[str, str, Problem], ...]:
    """Part, code and problem of codes that the data do not have; `most` choices are all named.

    The problem is a warning where the code exists all the same, such as a province without
    incidents: nothing is the true answer then, and all such of a part are one problem. Else it is
    an error with choices, one a code.
    """
    found = []
    without: dict[str, list[str]] = {}
    for part, code in dash.missing(selection):
        exist = _EXIST[part](dash) if part in _EXIST else {}
        words = {**dict.fromkeys(dash.codes(part), ""), **exist}
        words.pop("", None)
        if code in exist:
            without.setdefault(part, []).append(code)
        else:
            found.append((part, code, _not_known(CODES[part], code, words, most)))
    labels = dash.labels()
    for part, codes in without.items():
        names = either(shorten(CODES[part].word(labels, code)) for code in codes)
        remedy = "They match nothing; remove the filters"
        if len(codes) == 1:
            remedy = "It matches nothing; remove the filter"
        fault = f"the data have no incident of {names}"
        found.append((part, codes[0], Problem("link", CODES[part].param, fault, remedy, "warning")))
    return tuple(found)


def checked(dash: Dashboard, selection: Selection) -> Selection:
    """The selection, whose provinces, districts, groups and sources all exist.

    Raises InvalidInput with choices where one does not. Data sets and sides have no register: one
    that is not here may be elsewhere, or held back.
    """
    for part, _, problem in unmatched(dash, selection):
        if part in _EXIST and problem.severity == "error":
            raise InvalidInput(str(problem), (problem,))
    return selection


def _not_known(entry: Codes, code: str, words: Mapping[str, str], most: int) -> Problem:
    choices = _alike(code, words, 0.8)
    if not choices:
        few = len(words) <= most
        choices = sorted(words) if few else _alike(code, words, 0.5) or sorted(words)[:_ALIKE]
    named = ", ".join(f"{c} ({words[c]})" if words[c] else c for c in choices)
    more = "" if len(choices) == len(words) else f" … ({len(words)} in all)"
    remedy = f"Choose of {named}{more}" if named else "The data have none: leave it out"
    return Problem("link", entry.param, f"“{shorten(code)}” is not known", remedy)


def _alike(code: str, words: Mapping[str, str], least: float) -> list[str]:
    """The codes that are like a misspelt one, or whose words are, by at least a share of 1."""
    written = {name.casefold(): code for code, name in words.items() if name}
    written |= {code.casefold(): code for code in words}
    near = get_close_matches(code.casefold(), written, n=_ALIKE, cutoff=least)
    return list(dict.fromkeys(written[name] for name in near))
