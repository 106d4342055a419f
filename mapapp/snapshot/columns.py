"""Incidents to snapshot columns (claims → snapshot).

`incident_columns` works out what claims come to once for all incidents whose claims say the same;
`finish` derives keys and order over whole columns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain import vocab
from mapapp.domain.actors import actor, ancestry
from mapapp.domain.doubt import doubts
from mapapp.domain.headline import headline
from mapapp.domain.incident import Attribution, Incident, IncidentRecord
from mapapp.domain.speakers import speaker_codes
from mapapp.domain.vocab import NO_STATEMENT, WIDER_CLASS, GeoPrecision, Property, Rule, VictimGroup
from mapapp.domain.weapons import weapons
from mapapp.snapshot.mercator import morton, project
from mapapp.snapshot.schema import (
    BASE,
    DERIVED,
    INCIDENTS,
    MEASURES,
    best_column,
    group_columns,
)

#: Arabic ya, alef maksura and kaf to the Persian letters; joiners to nothing.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "\u200c": None, "\u200d": None, "ـ": None})

#: A little less than a degree of latitude, so that a box is never too small for its disc.
_M_PER_DEGREE = 111_000.0

#: What a memo holds at most; each is some kilobytes.
_MEMO_ROWS = 50_000

_AREAS = (str(GeoPrecision.DISTRICT), str(GeoPrecision.PROVINCE))


def fold_text(text: str) -> str:
    """Text as the free-text filter compares it.

    Case, spaces, accents and vowel marks are made one, and so are the Arabic and Persian letters
    that look the same, so that "Kābul" finds "kabul" and either ya finds the other.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    base_letters = (char for char in plain if not unicodedata.combining(char))
    return " ".join("".join(base_letters).split())


class Memo:
    """The columns that follow from claims alone, kept by what the claims say.

    Many incidents of a data set say the same of themselves but for day, place and words; figures
    and statements of such are worked out once. One memo serves any number of calls.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, dict[str, Any]] = {}

    def row(self, incident: Incident) -> tuple[Hashable, dict[str, Any]]:
        """The columns of an incident's claims, with the key they are known by."""
        key = _said(incident)
        number = self._known.get(key)
        if number is None:
            if len(self._known) >= _MEMO_ROWS:
                self._known.clear()
            number = self._known[key] = _of_claims(incident)
        return key, number


#: Properties whose values are columns, beside the figures'.
_READ = frozenset({Property.PARTICIPANT, Property.WEAPON, Property.EVENT_TYPE})


def _said(incident: Incident) -> Hashable:
    """All of an incident's claims that `_of_claims` looks at, by content."""
    values: dict[tuple[Property, str | None], int] = {}
    counted: set[Hashable] = set()
    claims: list[Hashable] = []
    for c in incident.claims:
        value: object = c.value
        if c.property not in vocab.MEASURES:
            # Of most of these only whether they differ is looked at.
            if c.property not in _READ:
                value = values.setdefault((c.property, c.value), len(values))
        else:
            one = (c.property, c.asserted_by, c.victim_class, c.subset_of, c.victim_text)
            if one in counted:  # between figures alike the claims' ids decide
                claims.append(incident.id)
            counted.add(one)
        claims.append(
            (c.property, c.source_id, c.asserted_by, c.speaker_class, value, c.low, c.high,
             c.modifier, c.victim_class, c.victim_text, c.subset_of, c.attribution_kind, c.actor,
             c.asserted_on, c.superseded_at is None)
        )  # fmt: skip
    source_ids = dict.fromkeys(c.source_id for c in incident.claims)
    sources = tuple(
        (incident.source_dates.get(key), incident.source_origins.get(key, key))
        for key in source_ids
    )
    return tuple(claims), sources


def incident_columns(incidents: Sequence[Incident], memo: Memo | None = None) -> pa.Table:
    """The `BASE` columns of assembled incidents, in their order."""
    memo = memo or Memo()
    told: dict[Hashable, int] = {}
    distinct: list[dict[str, Any]] = []
    codes = np.empty(len(incidents), np.int64)
    texts: list[str] = []
    for number, incident in enumerate(incidents):
        key, row = memo.row(incident)
        if key not in told:
            told[key] = len(distinct)
            distinct.append(row)
        codes[number] = told[key]
        words = (c.actor_text for c in incident.claims if c.actor_text and c.current)
        texts.append(searched(incident.record, row["actors"], words))
    values = zip(*map(_record_values, incidents), strict=True) if incidents else [()] * len(_AT)
    columns: dict[str, Any] = dict(zip(_AT, values, strict=True))
    columns["search_text"] = texts
    arrays = {name: pa.array(cells, BASE.field(name).type) for name, cells in columns.items()}
    names = [name for name in BASE.names if name not in columns]
    of_claims = pa.table(
        {name: [row[name] for row in distinct] for name in names},
        schema=pa.schema([BASE.field(name) for name in names]),
    ).take(pa.array(codes))
    arrays |= dict(zip(names, of_claims.columns, strict=True))
    return pa.table([arrays[name] for name in BASE.names], schema=BASE)


#: Where the columns of an incident's record are found; most others follow from its claims alone.
_AT = {
    "earliest": "record.date.earliest", "latest": "record.date.latest",
    "date_text": "record.date.text", "place_text": "record.place.text",
    "place_name": "record.place.name",
    # Codes by their value: Arrow takes fifty times as long for a member of an enumeration.
    "date_precision": "record.date.precision.value",
    "geo_precision": "record.place.geo_precision.value",
    "event_type": "record.event_type.value", "target_type": "record.target_type.value",
} | {
    name: f"record.{name}"
    for name in ("id", "title", "background", "abroad", "country", "dataset", "target")
} | {
    name: f"record.place.{name}"
    for name in ("place_id", "adm1_pcode", "adm1_name", "adm2_pcode", "adm2_name", "lat", "lng",
                 "radius_m", "area_id", "mappable")
}  # fmt: skip

_record_values = attrgetter(*_AT.values())


def _of_claims(incident: Incident) -> dict[str, Any]:
    groups = {a: ancestry(a) for a in incident.actors}
    tokens = dict.fromkeys(
        f"{a.kind}:{group}"
        for a in incident.attributions
        for group in (groups[a.actor] if a.actor else ("",))
    )
    row: dict[str, Any] = {
        "victim_classes": [str(v) for v in incident.victim_classes],
        "victims": [str(v) for v in _unique(_with_wider(incident.victim_classes))],
        "tokens": list(tokens) or [f"{NO_STATEMENT}:"],
        "actors": list(incident.actors),
        "groups": list(_unique(g for several in groups.values() for g in several)),
        "kinds": list(_unique(str(a.kind) for a in incident.attributions)) or [NO_STATEMENT],
        "attributed_by": list(
            _unique(code for a in incident.attributions for code in _speakers(a))
        ),
        "voices": list(_unique(voice for a in incident.attributions for voice in voices(a))),
        "participants": list(incident.participants),
        "weapons": [str(weapon) for weapon in weapons(incident.claims)],
        "display_kind": incident.display_kind,
        "disagreements": list(incident.disagreements),
        "doubts": [str(doubt) for doubt in doubts(incident)],
        "source_ids": list(incident.source_ids),
        "origins": len(incident.origins),
        "speakers": len({c.asserted_by for c in incident.claims if c.current}),
    }
    for name in MEASURES:
        row |= _measure(incident, name)
    return row


def _measure(incident: Incident, name: str) -> dict[str, Any]:
    measure = Property(name)
    speaker_totals = incident.totals(measure)
    by_rule = {rule: headline(speaker_totals, rule) for rule in Rule}
    total = by_rule[Rule.INDEPENDENT_FIRST]
    columns: dict[str, Any] = {
        f"{name}_low": total.low,
        f"{name}_high": total.high,
        f"{name}_high_open": total.high_open,
        f"{name}_text": str(total),
    }
    columns |= {best_column(name, rule): by_rule[rule].best for rule in Rule}
    for group in VictimGroup:
        part = incident.headline(measure, group=group)
        columns |= zip(
            group_columns(name, group), (part.low, part.high, part.high_open), strict=True
        )
    return columns


def voices(said: Attribution) -> tuple[str, ...]:
    """A statement as `kind:actor:speaker`, with the kind or the actor also left open."""
    groups = ancestry(said.actor) if said.actor else ()
    return tuple(
        f"{kind}:{group}:{speaker}"
        for speaker in _speakers(said)
        for kind in (str(said.kind), "")
        for group in ("", *groups)
        if kind or group
    )


def _speakers(said: Attribution) -> tuple[str, ...]:
    return speaker_codes(said.asserted_by, said.speaker_class)


def _with_wider(classes: Iterable[Any]) -> Iterable[Any]:
    for code in classes:
        yield code
        if code in WIDER_CLASS:
            yield WIDER_CLASS[code]


def _unique(items: Iterable[Any]) -> Iterable[Any]:
    return dict.fromkeys(items)


def search_text(incident: Incident) -> str:
    """What the free-text filter looks through: titles, places, targets, actors, notes; folded."""
    texts = [claim.actor_text for claim in incident.claims if claim.current]
    return searched(incident.record, incident.actors, texts)


def searched(record: IncidentRecord, actors: Iterable[str], texts: Iterable[str] = ()) -> str:
    """The same of a record, the ids of the actors named, and the sources' words for them."""
    place = record.place
    words = [fold_text(record.title)]
    words += map(_fold, (record.target, place.text, place.name))
    words += map(_fold, (place.adm1_name or "", place.adm2_name or ""))
    words += map(fold_text, record.notes)
    for actor_id in actors:
        words += _names_of(actor_id)
    words += map(_fold, texts)
    # A separator no query can hold keeps a phrase from matching across two fields.
    return "\n".join(dict.fromkeys(filter(None, words)))


#: For words that many incidents share.
_fold = lru_cache(maxsize=50_000)(fold_text)


@lru_cache(maxsize=5_000)
def _names_of(actor_id: str) -> tuple[str, ...]:
    who = actor(actor_id)
    return tuple(map(fold_text, (who.name, who.short, *who.aliases)))


def finish(base: pa.Table) -> pa.Table:
    """`BASE` columns in, the `INCIDENTS` table out: keys derived, sorted by month and cell."""
    table = derive(base)
    table = table.sort_by([("month", "ascending"), ("cell", "ascending"), ("id", "ascending")])
    rows = pa.array(np.arange(table.num_rows, dtype=np.int64))
    return table.append_column(DERIVED.field("row"), rows).select(INCIDENTS.names)


def province_codes(t: pa.Table) -> pa.Array:
    """Codes of provinces: P-codes, and abroad the country with the words that the data have for the
    province, "SYR:Aleppo Governorate"; null where no province is named.
    """
    elsewhere = pc.binary_join_element_wise(t["country"], t["adm1_name"], ":")
    codes = pc.if_else(t["abroad"], elsewhere, t["adm1_pcode"])
    return codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes


def derive(base: pa.Table) -> pa.Table:
    """`BASE` columns with the derived ones but `row`, in their order."""
    base = base.select(BASE.names).cast(BASE)
    mapped = base["mappable"].combine_chunks().to_numpy(zero_copy_only=False).astype(bool)
    lat = np.where(mapped, base["lat"].to_numpy(), 0.0)
    lng = np.where(mapped, base["lng"].to_numpy(), 0.0)
    mx, my = project(lat, lng)
    up = np.nan_to_num(base["radius_m"].to_numpy()) / _M_PER_DEGREE
    # A disc is as many times wider in degrees of longitude as the cosine is small.
    across = up / np.maximum(0.01, np.cos(np.radians(lat)))
    day = pc.coalesce(base["earliest"], base["latest"])
    month = pc.add(pc.multiply(pc.year(day), 12), pc.subtract(pc.month(day), 1))
    areal = pc.and_(
        pc.is_in(base["geo_precision"], value_set=pa.array(_AREAS)), pc.is_valid(base["area_id"])
    )
    derived = {
        "province": province_codes(base),
        "month": month.cast(pa.int32()),
        "mx": pa.array(mx, mask=~mapped),
        "my": pa.array(my, mask=~mapped),
        "cell": pa.array(morton(mx, my), mask=~mapped),
        "west": pa.array(lng - across, mask=~mapped),
        "south": pa.array(lat - up, mask=~mapped),
        "east": pa.array(lng + across, mask=~mapped),
        "north": pa.array(lat + up, mask=~mapped),
        "areal": areal,
    }
    table = base
    for name, values in derived.items():
        table = table.append_column(DERIVED.field(name), values)
    return table
