"""A selection as URL parameters and back (link ↔ selection). Pure; no data is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.query.filters.entry import Param
from mapapp.query.filters.params import Fault, shorten, write_codes
from mapapp.query.filters.table import FILTERS, RULE

#: In the order a link has them.
PARAMS: tuple[Param, ...] = (*(param for entry in FILTERS for param in entry.params), RULE)

_BY_NAME = {param.name: param for param in PARAMS}

#: Parameters of the view, read elsewhere.
RESERVED = frozenset(
    {"v", "incident", "tab", "step", "embed", "embed_options", "theme", "lang", "place", "as_of"}
    | {"vs", "play", "since", "cited", "order"}
)

#: Added by services that pass a link on, to know who came by it: no setting, and no misspelling.
_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|_hs\w+|(fb|g|d|tw|tt|y)clid|msclkid|[gw]braid|igsh(id)?|mkt_tok|ref_src",
    re.ASCII,
)

#: Parameters that a person may give more than once; their values are joined.
_MANY = frozenset(param.name for param in PARAMS if param.kind == "codes")


def selection_to_params(selection: Selection) -> dict[str, str | list[str]]:
    """What differs from the default, in the order of `PARAMS`: one selection, one link."""
    texts = ((param.name, param.format(selection)) for param in PARAMS)
    return {name: text for name, text in texts if text}


def params_to_selection(
    params: Mapping[str, str | Sequence[str]],
) -> tuple[Selection, tuple[Problem, ...]]:
    """The selection of a link, and what in the link had to be ignored.

    Never raises: an unknown or broken parameter counts as absent and is named in a Problem.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in params.items():
        if name in RESERVED or name.startswith("vs_"):  # of a comparison: see `compare.py`
            continue
        if _TRACKING.fullmatch(name):
            continue
        param = _BY_NAME.get(name)
        if param is None:
            problems.append(
                _problem(name, "the page knows no such setting", "check the link for a misspelling")
            )
            continue
        texts = [given] if isinstance(given, str) else list(given)
        if len(texts) > 1 and name not in _MANY:
            problems.append(_problem(name, "it is given twice; the last counts", "give it once"))
            texts = texts[-1:]
        text = ",".join(texts)
        if not text:
            continue
        try:
            values |= param.parse(text)
        except Fault as fault:
            if fault.kept:
                values |= param.parse(write_codes(fault.kept))
            problems.append(_problem(name, fault.fault, f"It was ignored; {fault.remedy}"))
    start, end = values.get("date_from"), values.get("date_to")
    if start and end and start > end:
        problems.append(
            _problem("from", f"{start} is after {end}", "Both were ignored; swap the two days")
        )
        del values["date_from"], values["date_to"]
    return replace(Selection(), **values), tuple(problems)


def _problem(name: str, fault: str, remedy: str) -> Problem:
    return Problem("link", shorten(name), fault, remedy, severity="warning")
