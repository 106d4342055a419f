"""The filters: one entry a part of a selection, which says itself three ways.

Each entry holds its URL parameters, its engine expression and its words (selection → expression,
sentence, link). `FILTERS` stands in the order of the link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from typing import Any

import ibis

from mapapp.domain import speakers
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import (
    NO_STATEMENT,
    AttributionKind,
    DatePrecision,
    Doubt,
    EventType,
    GeoPrecision,
    Rule,
    TargetType,
    VictimClass,
)
from mapapp.query import geo, params
from mapapp.query.words import Labels, days_words, either, figure, number_words, word
from mapapp.store.columns import fold_text

Expr = Any

DEFAULTS: dict[str, Any] = {
    field.name: field.default for field in fields(Selection) if field.default is not MISSING
}

KINDS = (*map(str, AttributionKind), NO_STATEMENT)


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


def restrict(table: Expr, selection: Selection) -> Expr:
    """The table's rows that a selection keeps."""
    conditions = [f.expression(table, selection) for f in FILTERS]
    active = [condition for condition in conditions if condition is not None]
    return table.filter(*active) if active else table


def lift(selection: Selection, part: str) -> Selection:
    """The selection without one part."""
    return BY_PART[part].lifted(selection)


def _one_of(column: Expr, codes: Iterable[str]) -> Expr | None:
    wanted = tuple(codes)
    if not wanted:
        return None
    safe = [code for code in wanted if params.printable(code)]
    return column.isin(safe) if safe else ibis.literal(False)


def _holds_any(column: Expr, codes: Iterable[str]) -> Expr | None:
    wanted = tuple(codes)
    if not wanted:
        return None
    safe = [code for code in wanted if params.printable(code)]
    if len(safe) > _MANY:
        # Thousands of conditions, as a link may ask for, take minutes to compile.
        return column.intersect(ibis.literal(safe, type="array<string>")).length() > 0
    # `contains OR contains` beats joins and `list_has_any` on every engine measured.
    return geo.any_of([column.contains(code) for code in safe])


#: More codes than these are asked for in one list.
_MANY = 100


def _days(table: Expr, s: Selection) -> Expr | None:
    if s.date_from is None and s.date_to is None:
        return None
    conditions = []
    if s.date_certain:
        if s.date_from is not None:
            conditions.append(_known(table.earliest >= s.date_from))
        if s.date_to is not None:
            conditions.append(_known(table.latest <= s.date_to))
    else:
        if s.date_from is not None:
            conditions.append(table.latest.isnull() | (table.latest >= s.date_from))
        if s.date_to is not None:
            conditions.append(table.earliest.isnull() | (table.earliest <= s.date_to))
    return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]


def _known(condition: Expr) -> Expr:
    return condition.fill_null(False)


def _said_by(table: Expr, s: Selection) -> Expr | None:
    """Groups, kinds and speakers together: one statement that has one of each."""
    if s.groups and s.speakers:
        return _holds_any(table.voices, voices(s))
    if s.groups and s.kinds:
        return _holds_any(table.tokens, [f"{k}:{g}" for g in s.groups for k in s.kinds])
    return _holds_any(table.groups, s.groups)


def _of_kind(table: Expr, s: Selection) -> Expr | None:
    if s.groups or not s.kinds:
        return None
    return _holds_any(table.voices, voices(s)) if s.speakers else _holds_any(table.kinds, s.kinds)


def _by_speaker(table: Expr, s: Selection) -> Expr | None:
    return None if s.groups or s.kinds else _holds_any(table.attributed_by, s.speakers)


def voices(s: Selection) -> list[str]:
    """The values of the column `voices` that groups, kinds and speakers together ask for."""
    return [
        f"{kind}:{group}:{speaker}"
        for group in s.groups or ("",)
        for kind in s.kinds or ("",)
        for speaker in s.speakers
    ]


def _measure(name: str) -> Callable[[Expr, Selection], Expr | None]:
    def expression(table: Expr, s: Selection) -> Expr | None:
        least, most = getattr(s, f"{name}_min"), getattr(s, f"{name}_max")
        if least is None and most is None:
            return None
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        condition = low.notnull()
        if least is not None:
            condition &= table[f"{name}_high_open"] | (high >= least)
        if most is not None:
            condition &= low <= most
        return condition

    return expression


def _text(table: Expr, s: Selection) -> Expr | None:
    words = [word for word in fold_text(s.text).split(" ") if word]
    if not words:
        return None
    if not all(map(params.printable, words)):
        return ibis.literal(False)
    condition = table.search_text.contains(words[0])
    for more in words[1:]:
        condition &= table.search_text.contains(more)
    return condition


def _codes_filter(
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


def _column_filter(
    field: str,
    param: str,
    column: str,
    phrase: Callable[[str], str],
    known: Iterable[str] | None = None,
    joined_by: str = "or",
) -> Filter:
    def expression(table: Expr, s: Selection) -> Expr | None:
        return _one_of(table[column], getattr(s, field))

    return _codes_filter(field, param, expression, phrase, known, joined_by)


def _measure_filter(name: str) -> Filter:
    low, high = f"{name}_min", f"{name}_max"

    def parse(text: str) -> dict[str, Any]:
        return dict(zip((low, high), params.read_range(text), strict=True))

    def chip(s: Selection, _labels: Labels) -> str:
        return f"{number_words(getattr(s, low), getattr(s, high))} reported {name}"

    return Filter(
        name,
        (low, high),
        (Param(name, parse, lambda s: params.write_range(getattr(s, low), getattr(s, high))),),
        _measure(name),
        lambda s, labels: f"with {chip(s, labels)}",
        chip,
    )


def _flag_param(field: str, name: str) -> Param:
    return Param(
        name,
        lambda text: {field: params.read_flag(text)},
        lambda s: "1" if getattr(s, field) else "",
    )


def _day_param(field: str, name: str) -> Param:
    def write(s: Selection) -> str:
        day = getattr(s, field)
        return day.isoformat() if day else ""

    return Param(name, lambda text: {field: params.read_day(text)}, write)


def _flag_filter(field: str, words: str) -> Filter:
    """Incidents that stay out of every total unless asked for."""
    return Filter(
        field,
        (field,),
        (_flag_param(field, field),),
        lambda t, s: None if getattr(s, field) else ~t[field],
        lambda s, _: words,
        lambda s, _: f"also {words}",
    )


def _date_words(s: Selection, _labels: Labels) -> str:
    days = days_words(s.date_from, s.date_to)
    return f"{days}, for certain" if s.date_certain else days


def _circle_words(s: Selection, _labels: Labels) -> str:
    if s.near is None:
        return ""
    km, lat, lng = map(figure, (s.near.radius_km, s.near.lat, s.near.lng))
    return f"within {km} km of {lat}, {lng}"


def _corridor_words(s: Selection, _labels: Labels) -> str:
    if s.along is None:
        return ""
    return f"within {figure(s.along.radius_km)} km of a drawn line"


#: Words that join a kind to a group: "claimed by ISKP".
_KIND_BY = {
    "claimed": "claimed by",
    "attributed": "attributed to",
    "suspected": "suspected of",
    "denied": "denied by",
    "contested": "contested as to",
    "unclaimed": "reported unclaimed by",
    "none": "without a statement on",
}
_KIND_ALONE = {
    "claimed": "claimed",
    "attributed": "attributed",
    "suspected": "with a suspicion voiced",
    "denied": "denied",
    "contested": "contested",
    "unclaimed": "with no claim reported",
    "none": "with no statement on who did it",
}


#: Words for a doubt in the sentence.
_DOUBT_WORDS = {
    "disputed_figures": "with disputed figures",
    "contested_claim": "that are claimed but contested",
    "single_source": "known from a single source",
    "no_independent_speaker": "without an independent speaker",
}


def _group_words(s: Selection, labels: Labels) -> str:
    groups = either(word(labels, "groups", code) for code in s.groups)
    by = _according(s, labels)
    if not s.kinds:
        return f"linked by a statement to {groups}{by}"
    return f"{either(_KIND_BY.get(kind, kind) for kind in s.kinds)} {groups}{by}"


def _kind_words(s: Selection, labels: Labels) -> str:
    """Said with the group where one is chosen."""
    if s.groups:
        return ""
    return either(_KIND_ALONE.get(kind, kind) for kind in s.kinds) + _according(s, labels)


#: Words for a class of speaker in the sentence.
_SPEAKER_WORDS = {
    "monitor": "a monitor",
    "medical": "medical sources",
    "media": "news media",
    "witness": "witnesses",
    "local_source": "local sources",
    "analyst": "analysts",
    "official": "officials",
    "party": "a party to the conflict",
}


def _speakers(s: Selection, labels: Labels) -> str:
    def said(code: str) -> str:
        name = _SPEAKER_WORDS.get(code) or word(labels, "speakers", code)
        return f"the d{name[1:]}" if name.startswith("De facto ") else name

    return either(map(said, s.speakers)) if s.speakers else ""


def _according(s: Selection, labels: Labels) -> str:
    named = _speakers(s, labels)
    return f" according to {named}" if named else ""


def _speaker_words(s: Selection, labels: Labels) -> str:
    """Said with the group or the kind where one is chosen."""
    if s.groups or s.kinds:
        return ""
    return f"with a statement on who did it by {_speakers(s, labels)}"


_GROUPS = replace(
    _codes_filter("groups", "group", _said_by, lambda words: words), phrase=_group_words
)
_KINDS = replace(
    _codes_filter("kinds", "kind", _of_kind, lambda words: words, KINDS), phrase=_kind_words
)
_SPEAKERS = replace(
    _codes_filter("speakers", "said_by", _by_speaker, lambda words: words, speakers.CODES),
    phrase=_speaker_words,
)

FILTERS: tuple[Filter, ...] = (
    Filter(
        "date",
        ("date_from", "date_to", "date_certain"),
        (
            _day_param("date_from", "from"),
            _day_param("date_to", "to"),
            _flag_param("date_certain", "certain"),
        ),
        _days,
        _date_words,
        _date_words,
    ),
    _column_filter("provinces", "province", "adm1_pcode", lambda w: f"in {w}", None, "and"),
    _column_filter(
        "districts", "district", "adm2_pcode", lambda w: f"in the district of {w}", None, "and"
    ),
    _GROUPS,
    _KINDS,
    _SPEAKERS,
    _column_filter("event_types", "type", "event_type", lambda w: f"of the type {w}", EventType),
    _column_filter("targets", "target", "target_type", lambda w: f"on {w}", TargetType),
    _codes_filter(
        "victims",
        "victim",
        lambda t, s: _holds_any(t.victims, s.victims),
        lambda w: f"with figures for {w}",
        VictimClass,
    ),
    _codes_filter(
        "participants",
        "side",
        lambda t, s: _holds_any(t.participants, s.participants),
        lambda w: f"with {w} coded as a side",
    ),
    _measure_filter("killed"),
    _measure_filter("wounded"),
    replace(
        _codes_filter(
            "doubts", "doubt", lambda t, s: _holds_any(t.doubts, s.doubts), lambda w: w, Doubt
        ),
        phrase=lambda s, _: either(_DOUBT_WORDS[code] for code in s.doubts),
    ),
    _codes_filter(
        "sources",
        "source",
        lambda t, s: _holds_any(t.source_ids, s.sources),
        lambda w: f"reported in {w}",
    ),
    _column_filter(
        "geo_precisions",
        "place_precision",
        "geo_precision",
        lambda w: f"placed to the {w}",
        GeoPrecision,
    ),
    _column_filter(
        "date_precisions",
        "date_precision",
        "date_precision",
        lambda w: f"dated to the {w}",
        DatePrecision,
    ),
    Filter(
        "text",
        ("text",),
        (Param("q", lambda text: {"text": params.read_text(text)}, lambda s: s.text),),
        _text,
        lambda s, _: f"mentioning “{s.text}”",
        lambda s, _: f"“{s.text}”",
    ),
    Filter(
        "near",
        ("near",),
        (
            Param(
                "near",
                lambda text: {"near": params.read_circle(text)},
                lambda s: params.write_circle(s.near) if s.near else "",
            ),
        ),
        lambda t, s: geo.near(t, s.near) if s.near else None,
        _circle_words,
        _circle_words,
    ),
    Filter(
        "along",
        ("along",),
        (
            Param(
                "along",
                lambda text: {"along": params.read_corridor(text)},
                lambda s: params.write_corridor(s.along) if s.along else "",
            ),
        ),
        lambda t, s: geo.along(t, s.along) if s.along else None,
        _corridor_words,
        _corridor_words,
    ),
    _column_filter("datasets", "dataset", "dataset", lambda w: f"from {w}"),
    _flag_filter("background", "mentioned in passing"),
    _flag_filter("abroad", "abroad"),
)

BY_PART = {entry.part: entry for entry in FILTERS}

#: The rule restricts nothing; it has a parameter only.
RULE = Param(
    "rule",
    lambda text: {"rule": _read_rule(text)},
    lambda s: "" if s.rule is DEFAULTS["rule"] else str(s.rule),
)


def _read_rule(text: str) -> StrEnum:
    codes = params.read_codes(text, map(str, Rule))
    if len(codes) != 1:
        raise params.Fault("a link has one rule", f"choose of {', '.join(Rule)}")
    return Rule(codes[0])
