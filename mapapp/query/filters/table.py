"""The filters, one entry each. To add one: its entry here, its field in `domain/selection.py`, and
its column in `snapshot/` where there is none yet; everything else derives.

`FILTERS` stands in the order of the sentence, the link and the panel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mapapp.domain.countries import country_name
from mapapp.domain.selection import Selection
from mapapp.domain.speakers import CODES as SPEAKERS
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
from mapapp.domain.weapons import Weapon, weapon_words, weapons
from mapapp.query.filters import geo, params, phrases
from mapapp.query.filters.conditions import by_speaker, has_words, in_days, of_kind, said_by
from mapapp.query.filters.entry import (
    DEFAULTS,
    Codes,
    Filter,
    Flag,
    Param,
    Range,
    Special,
    day_param,
    flag_param,
)
from mapapp.query.filters.words import actor_words, area_words, speaker_words

Expr = Any


def _all(vocabulary: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(str, vocabulary))


KINDS = (*_all(AttributionKind), NO_STATEMENT)

DATE = Special(
    part="date",
    heading="Date",
    first=True,
    compared="Periods",
    made_of=("date_from", "date_to", "date_certain"),
    given_by=(
        day_param("date_from", "from", "Incidents that can have been on this day or later."),
        day_param("date_to", "to", "Incidents that can have been on this day or earlier."),
        flag_param(
            "date_certain",
            "certain",
            "1: only incidents that lie in the days asked for whatever their precision.",
        ),
    ),
    condition=in_days,
    says=phrases.date_words,
    chip_says=phrases.date_words,
)

_NEAR = Param(
    "near",
    "circle",
    "Possibly within a distance of a point: latitude,longitude,kilometres.",
    lambda text: {"near": params.read_circle(text)},
    lambda s: params.write_circle(s.near) if s.near else "",
)
_ALONG = Param(
    "along",
    "corridor",
    "Possibly within a distance of a line: latitude,longitude;…,kilometres.",
    lambda text: {"along": params.read_corridor(text)},
    lambda s: params.write_corridor(s.along) if s.along else "",
)
_INSIDE = Param(
    "inside",
    "polygon",
    "Possibly inside a polygon: latitude,longitude;… of its corners.",
    lambda text: {"inside": params.read_polygon(text)},
    lambda s: params.write_polygon(s.inside) if s.inside else "",
)
_PLACE_CERTAIN = flag_param(
    "place_certain",
    "place_certain",
    "1: of `near`, `along` and `inside` only incidents that lie there for certain, however exactly "
    "their place is known.",
)


def _shape(part: str, heading: str, param: Param, says: Callable[[Selection], str]) -> Special:
    """A part that is a shape on the map: what touches it, or only what lies in it for certain."""

    def condition(table: Expr, s: Selection) -> Expr | None:
        shape = getattr(s, part)
        return geo.within(table, shape, certain=s.place_certain) if shape else None

    def left(s: Selection) -> Selection:
        return s if s.shapes else replace(s, place_certain=False)

    return Special(
        part=part, heading=heading, made_of=(part,), given_by=(param,), condition=condition,
        says=says, chip_says=says, left=left,
    )  # fmt: skip


_TEXT = Param(
    "q",
    "text",
    "Words that must all occur.",
    lambda text: {"text": params.read_text(text)},
    lambda s: s.text,
)

# One paragraph an entry.
# fmt: off
FILTERS: tuple[Filter, ...] = (
    DATE,
    Codes(part="countries", heading="Country", param="country", column="country", top=4,
          compared="Countries", word_of=country_name, says="in {}", joined_by="and",
          lifts="abroad",
          about="ISO 3166-1 alpha-3 codes of countries, e.g. PAK; without any, Afghanistan alone."),
    Codes(part="event_types", heading="Event type", param="type", column="event_type",
          known=_all(EventType), says="of the type {}",
          about="Event types."),
    Codes(part="weapons", heading="Weapon", param="weapon", column="weapons",
          known=_all(Weapon), word_of=weapon_words, says="with {}", one_says="weapon: {}",
          shown=True, of_incident=lambda incident: _all(weapons(incident.claims)),
          about="Weapons that any claim names; `not_stated` where none does."),
    Codes(part="targets", heading="Target", param="target", column="target_type",
          known=_all(TargetType), says="on {}",
          about="What was attacked."),
    Codes(part="provinces", heading="Province", param="province", column="province",
          first=True, top=6, compared="Provinces", word_of=area_words, says="in {}",
          joined_by="and",
          about="P-codes of provinces, e.g. AF32; abroad the country and the data's own words, "
          "e.g. SYR:Aleppo Governorate."),
    Codes(part="districts", heading="District", param="district", column="adm2_pcode",
          compared="Districts", word_of=area_words, says="in the district of {}", joined_by="and",
          about="P-codes of districts, e.g. AF3201."),
    _shape("near", "Near a place", _NEAR, phrases.circle_words),
    _shape("along", "Along a line", _ALONG, phrases.corridor_words),
    _shape("inside", "Drawn on the map", _INSIDE, phrases.polygon_words),
    Special(part="place_certain", heading="Only certainly there", made_of=("place_certain",),
            given_by=(_PLACE_CERTAIN,), condition=lambda _t, _s: None,
            says=lambda s: "for certain" if s.shapes else "",
            chip_says=lambda _: "only certainly there"),
    Codes(part="groups", heading="Group", param="group", column="groups",
          first=True, compared="Groups", word_of=actor_words, of_actors=True,
          condition=said_by, sentence=phrases.group_phrase,
          about="Ids of actors that any statement on who did it is about, e.g. iskp."),
    Codes(part="kinds", heading="Attribution", param="kind", column="kinds",
          known=KINDS, first=True, top=7, condition=of_kind, sentence=phrases.kind_phrase,
          about="Kinds of statement on who did it; with `group`: about that group."),
    Codes(part="speakers", heading="Who says who did it", param="said_by", column="attributed_by",
          known=SPEAKERS, word_of=speaker_words, of_actors=True,
          one_says="according to {}",  # else it could be whom a statement is about
          condition=by_speaker, sentence=phrases.speaker_phrase,
          about="Who says who did it: a class of speaker, or an actor that speaks; with `kind` and "
          "`group`: one statement that has it all."),
    Codes(part="victims", heading="Figures for (victims)", param="victim", column="victims",
          known=_all(VictimClass), says="with figures for {}",
          about="Whom a figure counts."),
    Codes(part="participants", heading="Sides, as coded (not who did it)", param="side",
          column="participants", word_of=str, says="with {} coded as a side",
          one_says="side: {}",  # else it could be who did it
          about="Sides of the event in a data set's own words; never who did it."),
    Range(part="killed", heading="Killed",
          about="Reported killed: 2-20, 5- (at least), -3 (at most) or 4."),
    Range(part="wounded", heading="Wounded",
          about="Reported wounded, written like `killed`."),
    Codes(part="doubts", heading="Reasons for doubt", param="doubt", column="doubts",
          known=_all(Doubt), top=4, sentence=phrases.doubt_phrase,
          about="Reasons for doubt: disputed figures, a claim that is contested, a single "
          "source, no independent speaker."),
    Codes(part="sources", heading="Source", param="source", column="source_ids",
          word_of=str, says="reported in {}",
          about="Ids of sources."),
    Codes(part="geo_precisions", heading="Place known to the", param="place_precision",
          column="geo_precision", known=_all(GeoPrecision), top=6, says="placed to the {}",
          about="How exactly the place is known."),
    Codes(part="date_precisions", heading="Date known to the", param="date_precision",
          column="date_precision", known=_all(DatePrecision), top=7, says="dated to the {}",
          about="How exactly the date is known."),
    Special(part="text", heading="Words in the record", made_of=("text",), given_by=(_TEXT,),
            condition=has_words, says=lambda s: f"mentioning “{s.text}”",
            chip_says=lambda s: f"“{s.text}”"),
    Codes(part="datasets", heading="Dataset", param="dataset", column="dataset",
          word_of=str, top=4, says="from {}",
          about="Data sets."),
    Flag(part="background", heading="Include attacks mentioned in passing",
         words="mentioned in passing",
         about="1: also attacks that a source only mentions in passing."),
    Flag(part="abroad", heading="Include attacks abroad", words="abroad", unless="countries",
         about="1: also attacks outside Afghanistan; `country` asks for those of some countries."),
)
# fmt: on

#: Every filter, and those that are lists of codes, by part.
BY_PART = {entry.part: entry for entry in FILTERS}
CODES = {entry.part: entry for entry in FILTERS if isinstance(entry, Codes)}

#: Those whose codes tables, exports and the standalone page have of each incident.
SHOWN = tuple(entry for entry in CODES.values() if entry.shown)

#: The rule restricts nothing; it has a parameter only.
RULE = Param(
    "rule",
    "choice",
    "How best figures are chosen.",
    lambda text: {"rule": _read_rule(text)},
    lambda s: "" if s.rule is DEFAULTS["rule"] else str(s.rule),
    _all(Rule),
)


def restrict(table: Expr, selection: Selection) -> Expr:
    """The table's rows that a selection keeps."""
    conditions = [f.expression(table, selection) for f in FILTERS]
    active = [condition for condition in conditions if condition is not None]
    return table.filter(*active) if active else table


def _read_rule(text: str) -> Rule:
    codes = params.read_codes(text, RULE.choices)
    if len(codes) != 1:
        raise params.Fault("a link has one rule", f"choose of {', '.join(Rule)}")
    return Rule(codes[0])
