"""Domain values to JSON text and back, for the log and the snapshot (log → snapshot → panel).

Only content is written: who recorded a thing and when stands in the log's own columns.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)

Statement = Source | IncidentRecord | Claim | Judgement | RowFile
Value = TypeVar("Value", Source, Claim, Judgement, DateInterval, PlaceRef, RowFile)

#: How a field's JSON form becomes its value again; fields not named here are plain.
_DECODERS: dict[str, Any] = {
    "property": Property,
    "speaker_class": SpeakerClass,
    "modifier": Modifier,
    "victim_class": VictimClass,
    "subset_of": VictimClass,
    "attribution_kind": AttributionKind,
    "redistribution": Redistribution,
    "relation": Relation,
    "geo_precision": GeoPrecision,
    "precision": DatePrecision,
    "event_type": EventType,
    "target_type": TargetType,
    "asserted_on": date.fromisoformat,
    "published_earliest": date.fromisoformat,
    "published_latest": date.fromisoformat,
    "accessed_on": date.fromisoformat,
    "earliest": date.fromisoformat,
    "latest": date.fromisoformat,
    "conflicts": tuple,
    "based_on": tuple,
    "covers_from": date.fromisoformat,
    "covers_to": date.fromisoformat,
    "covers_countries": tuple,
    "covers_provinces": tuple,
    "notes": tuple,
}

#: Kept in the log's columns, not in the content.
_LOG_FIELDS = frozenset({"recorded_at", "recorded_by", "superseded_at", "superseded_by"})

#: Names and defaults of the fields that are content, by type.
_FIELDS: dict[type, tuple[tuple[str, Any], ...]] = {
    cls: tuple((f.name, f.default) for f in fields(cls) if f.name not in _LOG_FIELDS)
    for cls in (Source, IncidentRecord, Claim, Judgement, DateInterval, PlaceRef, RowFile)
}


def encode(statement: Statement) -> str:
    """The content as canonical JSON: sorted keys, defaults left out."""
    return json.dumps(_plain(statement), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, default in _FIELDS[type(value)]:
        own = getattr(value, name)
        if own is default or own == default:
            continue
        if isinstance(own, (DateInterval, PlaceRef)):
            own = _plain(own)
        elif isinstance(own, StrEnum):
            own = str(own)
        elif isinstance(own, date):
            own = own.isoformat()
        found[name] = own
    return found


def _value(cls: type[Value], plain: dict[str, Any], **log_fields: Any) -> Value:
    decoded = {
        name: _DECODERS[name](own) if own is not None and name in _DECODERS else own
        for name, own in plain.items()
    }
    return cls(**decoded, **log_fields)


def decode_source(content: str) -> Source:
    """The source that `encode` wrote."""
    return _value(Source, json.loads(content))


def decode_record(content: str) -> IncidentRecord:
    """The record that `encode` wrote."""
    plain = json.loads(content)
    when = _value(DateInterval, plain.pop("date"))
    where = _value(PlaceRef, plain.pop("place"))
    plain["event_type"] = EventType(plain["event_type"])
    plain["target_type"] = TargetType(plain["target_type"])
    plain["notes"] = tuple(plain.get("notes", ()))
    return IncidentRecord(date=when, place=where, **plain)


def decode_claim(content: str, **log_fields: Any) -> Claim:
    """The claim that `encode` wrote; `log_fields` are recorded_at, recorded_by and so on."""
    return _value(Claim, json.loads(content), **log_fields)


def decode_judgement(content: str, **log_fields: Any) -> Judgement:
    """The judgement that `encode` wrote."""
    return _value(Judgement, json.loads(content), **log_fields)


def decode_row_file(content: str) -> RowFile:
    """The file of rows that `encode` wrote."""
    return _value(RowFile, json.loads(content))
