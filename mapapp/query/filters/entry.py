"""One filter: its URL parameters, its expression and its words; and the forms that most of them
have (selection → expression, sentence, link).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from mapapp.domain.selection import Selection
from mapapp.query.filters import params
from mapapp.query.filters.conditions import figure_within, one_of
from mapapp.query.filters.words import Labels, either, number_words, word

Expr = Any

DEFAULTS: dict[str, Any] = {
    field.name: field.default for field in fields(Selection) if field.default is not MISSING
}


@dataclass(frozen=True, slots=True)
class Param:
    """One URL parameter: the fields it sets, how it is read (or raises Fault) and written."""

    name: str
    parse: Callable[[str], dict[str, Any]]
    format: Callable[[Selection], str]  # empty where it is the default


@dataclass(frozen=True, slots=True)
class Filter:
    """One part of a selection.

    `expression` gives a condition, None where the part does not restrict. `phrase` is the part's
    fragment of the sentence and `chip` the short form on its own. `codes` names the field of a
    part that is a list of codes.
    """

    part: str
    fields: tuple[str, ...]
    params: tuple[Param, ...]
    expression: Callable[[Expr, Selection], Expr | None]
    phrase: Callable[[Selection, Labels], str]
    chip: Callable[[Selection, Labels], str]
    codes: str | None = None

    def active(self, selection: Selection) -> bool:
        """Whether the part differs from its default."""
        return any(getattr(selection, name) != DEFAULTS[name] for name in self.fields)

    def lifted(self, selection: Selection) -> Selection:
        """The selection without this part."""
        return replace(selection, **{name: DEFAULTS[name] for name in self.fields})


def codes_filter(
    field: str,
    param: str,
    expression: Callable[[Expr, Selection], Expr | None],
    phrase: Callable[[str], str],
    known: Iterable[str] | None = None,
    joined_by: str = "or",
) -> Filter:
    """A part that is a list of codes; `phrase` makes a fragment of "A or B"."""
    allowed = tuple(map(str, known)) if known is not None else None

    def said(s: Selection, labels: Labels) -> str:
        return either((word(labels, field, code) for code in getattr(s, field)), joined_by)

    return Filter(
        field,
        (field,),
        (
            Param(
                param,
                lambda text: {field: params.read_codes(text, allowed)},
                lambda s: params.write_codes(getattr(s, field)),
            ),
        ),
        expression,
        lambda s, labels: phrase(said(s, labels)),
        said,
        codes=field,
    )


def column_filter(
    field: str,
    param: str,
    column: str,
    phrase: Callable[[str], str],
    known: Iterable[str] | None = None,
    joined_by: str = "or",
) -> Filter:
    """A part that is a list of codes of one column."""

    def expression(table: Expr, s: Selection) -> Expr | None:
        return one_of(table[column], getattr(s, field))

    return codes_filter(field, param, expression, phrase, known, joined_by)


def measure_filter(name: str) -> Filter:
    """A part that is a range of a reported figure, `killed` or `wounded`."""
    low, high = f"{name}_min", f"{name}_max"

    def parse(text: str) -> dict[str, Any]:
        return dict(zip((low, high), params.read_range(text), strict=True))

    def chip(s: Selection, _labels: Labels) -> str:
        return f"{number_words(getattr(s, low), getattr(s, high))} reported {name}"

    return Filter(
        name,
        (low, high),
        (Param(name, parse, lambda s: params.write_range(getattr(s, low), getattr(s, high))),),
        figure_within(name),
        lambda s, labels: f"with {chip(s, labels)}",
        chip,
    )


def flag_param(field: str, name: str) -> Param:
    """A parameter that is there or not."""
    return Param(
        name,
        lambda text: {field: params.read_flag(text)},
        lambda s: "1" if getattr(s, field) else "",
    )


def day_param(field: str, name: str) -> Param:
    """A parameter that is a day."""

    def write(s: Selection) -> str:
        day = getattr(s, field)
        return day.isoformat() if day else ""

    return Param(name, lambda text: {field: params.read_day(text)}, write)


def flag_filter(field: str, words: str) -> Filter:
    """Incidents that stay out of every total unless asked for."""
    return Filter(
        field,
        (field,),
        (flag_param(field, field),),
        lambda t, s: None if getattr(s, field) else ~t[field],
        lambda s, _: words,
        lambda s, _: f"also {words}",
    )
