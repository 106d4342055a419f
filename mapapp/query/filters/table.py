"""The filters: one entry a part of a selection, which says itself three ways.

Each entry holds its URL parameters, its engine expression and its words (selection → expression,
sentence, link). `FILTERS` stands in the order of the link.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

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
from mapapp.query.filters import geo, params
from mapapp.query.filters.conditions import (
    by_speaker,
    has_words,
    holds_any,
    in_days,
    of_kind,
    said_by,
)
from mapapp.query.filters.entry import (
    DEFAULTS,
    Filter,
    Param,
    codes_filter,
    column_filter,
    day_param,
    flag_filter,
    flag_param,
    measure_filter,
)
from mapapp.query.filters.phrases import (
    DOUBT_WORDS,
    circle_words,
    corridor_words,
    date_words,
    group_words,
    kind_words,
    speaker_words,
)
from mapapp.query.filters.words import either

Expr = Any

KINDS = (*map(str, AttributionKind), NO_STATEMENT)

_GROUPS = replace(codes_filter("groups", "group", said_by, lambda words: words), phrase=group_words)
_KINDS = replace(
    codes_filter("kinds", "kind", of_kind, lambda words: words, KINDS), phrase=kind_words
)
_SPEAKERS = replace(
    codes_filter("speakers", "said_by", by_speaker, lambda words: words, speakers.CODES),
    phrase=speaker_words,
)

FILTERS: tuple[Filter, ...] = (
    Filter(
        "date",
        ("date_from", "date_to", "date_certain"),
        (
            day_param("date_from", "from"),
            day_param("date_to", "to"),
            flag_param("date_certain", "certain"),
        ),
        in_days,
        date_words,
        date_words,
    ),
    column_filter("provinces", "province", "adm1_pcode", lambda w: f"in {w}", None, "and"),
    column_filter(
        "districts", "district", "adm2_pcode", lambda w: f"in the district of {w}", None, "and"
    ),
    _GROUPS,
    _KINDS,
    _SPEAKERS,
    column_filter("event_types", "type", "event_type", lambda w: f"of the type {w}", EventType),
    column_filter("targets", "target", "target_type", lambda w: f"on {w}", TargetType),
    codes_filter(
        "victims",
        "victim",
        lambda t, s: holds_any(t.victims, s.victims),
        lambda w: f"with figures for {w}",
        VictimClass,
    ),
    codes_filter(
        "participants",
        "side",
        lambda t, s: holds_any(t.participants, s.participants),
        lambda w: f"with {w} coded as a side",
    ),
    measure_filter("killed"),
    measure_filter("wounded"),
    replace(
        codes_filter(
            "doubts", "doubt", lambda t, s: holds_any(t.doubts, s.doubts), lambda w: w, Doubt
        ),
        phrase=lambda s, _: either(DOUBT_WORDS[code] for code in s.doubts),
    ),
    codes_filter(
        "sources",
        "source",
        lambda t, s: holds_any(t.source_ids, s.sources),
        lambda w: f"reported in {w}",
    ),
    column_filter(
        "geo_precisions",
        "place_precision",
        "geo_precision",
        lambda w: f"placed to the {w}",
        GeoPrecision,
    ),
    column_filter(
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
        has_words,
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
        circle_words,
        circle_words,
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
        corridor_words,
        corridor_words,
    ),
    column_filter("datasets", "dataset", "dataset", lambda w: f"from {w}"),
    flag_filter("background", "mentioned in passing"),
    flag_filter("abroad", "abroad"),
)

BY_PART = {entry.part: entry for entry in FILTERS}

#: The rule restricts nothing; it has a parameter only.
RULE = Param(
    "rule",
    lambda text: {"rule": _read_rule(text)},
    lambda s: "" if s.rule is DEFAULTS["rule"] else str(s.rule),
)


def restrict(table: Expr, selection: Selection) -> Expr:
    """The table's rows that a selection keeps."""
    conditions = [f.expression(table, selection) for f in FILTERS]
    active = [condition for condition in conditions if condition is not None]
    return table.filter(*active) if active else table


def lift(selection: Selection, part: str) -> Selection:
    """The selection without one part."""
    return BY_PART[part].lifted(selection)


def _read_rule(text: str) -> StrEnum:
    codes = params.read_codes(text, map(str, Rule))
    if len(codes) != 1:
        raise params.Fault("a link has one rule", f"choose of {', '.join(Rule)}")
    return Rule(codes[0])
