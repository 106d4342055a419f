"""What one reader looks at, as a plain value, and its form as query parameters of a link.

Pure: `to_params` and `from_params` are each other's inverse. The filters' own parameters stand in
`mapapp/query`; this adds the open incident, the tab, the time step and the colours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.problems import Problem
from mapapp.domain.selection import Selection
from mapapp.query.filters.link import params_to_selection, selection_to_params
from mapapp.query.questions.compare import Comparison, comparison_to_params, params_to_comparison
from mapapp.query.questions.disagreements import ORDERS
from mapapp.query.questions.series import Step
from mapapp.query.questions.table_words import ORDERS as COLUMN_ORDERS

Params = dict[str, str | list[str]]

TABS: Final = ("incidents", "disagreements", "charts", "changes", "sources", "method")
STEPS: Final = ("day", "week", "month")
COLOURS: Final = ("kind", "group", "event_type")

#: Parameters that others write and read: the map its centre and zoom, Streamlit its frame.
FOREIGN: Final = frozenset({"v", "embed", "embed_options"})

#: Ids of incidents are made of these alone, so that one can stand in any link.
_INCIDENT_ID = re.compile(r"[\w.:~-]{1,200}")

#: What a citation carries: the hash of `mapapp/query/changes/fingerprint.py`, and before it of
#: what, where that is not the selection.
_CITED = re.compile(r"(?:(incident|compare)\.)?([0-9a-f]{32})")

_DEFAULT_STEP = "month"

#: What the table is ordered by; "-" before it: from its high end.
_ENDS: Final = tuple(f"{end}{name}" for name in sorted(COLUMN_ORDERS) for end in ("", "-"))
SORTED: Final = ("-date", *(order for order in _ENDS if order != "-date"))


@dataclass(frozen=True, slots=True)
class ViewState:
    """The selection, the open incident (None: none), the open tab, and how time and colour read.

    `tab` is one of `TABS`, `step` of `STEPS`, `colour_by` of `COLOURS`. `as_of` shows the data as
    they were recorded then, None those of now; `since` is when the Changes tab looks back to, None
    as usual; `cited` is what a citation's link was made with (see `cited_parts`);
    `compare` sets a second selection beside this one; `order` is what disagreements are ranked by,
    and `sort` what the table of incidents is ordered by ("-killed": from the highest).
    """

    selection: Selection = field(default_factory=Selection)
    incident: str | None = None
    tab: str = TABS[0]
    step: str = _DEFAULT_STEP
    colour_by: str = COLOURS[0]
    as_of: Moment | None = None
    since: Moment | None = None
    cited: str | None = None
    compare: Comparison | None = None
    order: str = ORDERS[0]
    sort: str = SORTED[0]

    @property
    def time_step(self) -> Step:
        """`step` as the queries take it."""
        found: Step = "day" if self.step == "day" else "week" if self.step == "week" else "month"
        return found

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("tab", self.tab, TABS),
            ("step", self.step, STEPS),
            ("colour_by", self.colour_by, COLOURS),
            ("order", self.order, ORDERS),
            ("sort", self.sort, SORTED),
        ):
            if value not in allowed:
                raise ValueError(f"{name} is '{value}'; it must be one of {', '.join(allowed)}")


#: Parameter name, field, allowed values.
_CHOICES: Final = (
    ("tab", "tab", TABS),
    ("step", "step", STEPS),
    ("colour", "colour_by", COLOURS),
    ("order", "order", ORDERS),
    ("sort", "sort", SORTED),
)


def cited_parts(cited: str) -> tuple[str, str]:
    """Of what a citation is ("selection", "incident", "compare"), and its hash."""
    found = _CITED.fullmatch(cited)
    return (found[1] or "selection", found[2]) if found else ("selection", cited)


def to_params(view: ViewState) -> Params:
    """The query parameters of a link to this view; what is as usual is left out."""
    params: Params = dict(selection_to_params(view.selection))
    if view.incident is not None:
        params["incident"] = view.incident
    for name, attribute, allowed in _CHOICES:
        value = getattr(view, attribute)
        if value != _usual(attribute, allowed):
            params[name] = value
    if view.as_of is not None:
        params["as_of"] = view.as_of.text
    if view.since is not None:
        params["since"] = view.since.text
    if view.cited is not None:
        params["cited"] = view.cited
    params |= comparison_to_params(view.compare)
    return params


def from_params(params: Mapping[str, str | Sequence[str]]) -> tuple[ViewState, tuple[Problem, ...]]:
    """The view of a link; what cannot be used is left out and named in the problems."""
    problems: list[Problem] = []
    rest = {
        name: [values] if isinstance(values, str) else list(values)
        for name, values in params.items()
        if name not in FOREIGN
    }
    incident = _incident(rest.pop("incident", ()), problems)
    chosen = {
        attribute: _choice(name, rest.pop(name, ()), _usual(attribute, allowed), allowed, problems)
        for name, attribute, allowed in _CHOICES
    }
    as_of = _moment("as_of", rest.pop("as_of", ()), "The data of now are shown.", problems)
    since = _moment("since", rest.pop("since", ()), "The last days are compared.", problems)
    cited = _cited(rest.pop("cited", ()), problems)
    compare, compare_problems = params_to_comparison(rest)
    selection, selection_problems = params_to_selection(rest)
    problems.extend((*selection_problems, *compare_problems))
    view = ViewState(selection, incident, **chosen, as_of=as_of, since=since, cited=cited,
                     compare=compare)  # fmt: skip
    return view, tuple(problems)


def _usual(attribute: str, allowed: tuple[str, ...]) -> str:
    return _DEFAULT_STEP if attribute == "step" else allowed[0]


def _incident(values: Sequence[str], problems: list[Problem]) -> str | None:
    key = values[-1].rstrip("/") if values else ""  # programs that make links put one at the end
    if not key:
        return None
    if _INCIDENT_ID.fullmatch(key):
        return key
    problems.append(
        Problem("link", "incident", "is not the id of a record", "No incident is opened.")
    )
    return None


def _moment(
    name: str, values: Sequence[str], instead: str, problems: list[Problem]
) -> Moment | None:
    if not values or not values[-1]:
        return None
    try:
        return read_moment(values[-1])
    except ValueError as error:
        remedy = f"{instead} Write it like 2026-11-25 or 2026-11-25T18:50:00Z"
        problems.append(Problem("link", name, str(error), remedy))
        return None


def _cited(values: Sequence[str], problems: list[Problem]) -> str | None:
    if not values or not values[-1]:
        return None
    if _CITED.fullmatch(values[-1]):
        return values[-1]
    problems.append(
        Problem("link", "cited", "is not the hash of a citation", "Nothing is compared with it.")
    )
    return None


def _choice(
    name: str,
    values: Sequence[str],
    usual: str,
    allowed: tuple[str, ...],
    problems: list[Problem],
) -> str:
    if not values or not values[-1]:
        return usual
    if values[-1] in allowed:
        return values[-1]
    problems.append(
        Problem("link", name, f"must be one of {', '.join(allowed)}", f"“{usual}” is shown.")
    )
    return usual
