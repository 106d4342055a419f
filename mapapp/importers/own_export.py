"""Our own JSON export, read back into identical records, claims and judgements (file → batch)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.problems import InvalidInput
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    MEASURES,
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
from mapapp.importers.tables import files
from mapapp.importers.tables.table import Fault

T = TypeVar("T")

SCHEMA = 1

#: Read whole: sources and incidents refer to one another.
MAX_BYTES = 2**30


def is_own(path: Path) -> bool:
    """Whether a file begins like our export."""
    head = files.beginning(path)[:200].decode("utf-8", "replace")
    return head.lstrip("\ufeff \r\n\t").startswith("{") and '"schema"' in head


def load(path: Path) -> tuple[list[dict[str, Any]], dict[str, Source]]:
    """The export's incidents as plain values, and its sources by id.

    Raises InvalidInput where it is not whole or of another schema.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidInput(
            f"{path.name} is larger than {MAX_BYTES // 2**20} MiB. Export it in parts"
        )
    try:
        with files.open_bytes(path) as file:
            document = json.loads(file.read().decode("utf-8-sig"))
    except (ValueError, EOFError, RecursionError) as error:
        raise InvalidInput(
            f"{path.name} is not a whole JSON file ({error}). Export it again"
        ) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InvalidInput(
            f"{path.name} is no export of schema {SCHEMA}. Export it with this version"
        )
    found: Any = document.get("incidents")
    listed: Any = document.get("sources", [])
    for name, items in (("incidents", found), ("sources", listed)):
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InvalidInput(f"{path.name} has no list '{name}' of objects. Export it again")
    sources: dict[str, Source] = {}
    for plain in listed:
        try:
            source = _source(plain)
        except (KeyError, ValueError, TypeError) as error:
            raise InvalidInput(
                f"{path.name}: a source cannot be read ({error!r}). Export it again"
            ) from error
        sources[source.id] = source
    return found, sources


def _source(plain: dict[str, Any]) -> Source:
    own = {field.name for field in fields(Source)}
    values = {name: value for name, value in plain.items() if name in own}
    for name in (
        "published_earliest", "published_latest", "accessed_on", "covers_from", "covers_to",
    ):  # fmt: skip
        values[name] = _day(values.get(name))
    values["id"] = _id(values["id"])
    values["redistribution"] = Redistribution(values["redistribution"])
    for name in ("published_how", "licence", "title", "publisher", "language", "covers_how"):
        values[name] = values.get(name) or ""
    for name in ("based_on", "covers_countries", "covers_provinces"):
        values[name] = tuple(values.get(name) or ())
    return Source(**values)


def incident(
    plain: dict[str, Any], sources: dict[str, Source]
) -> tuple[IncidentRecord, tuple[Claim, ...], tuple[Judgement, ...]] | Fault:
    """One incident of an export, or what is wrong with it."""
    at = "incident"
    try:
        record = _record(plain)
        at = "related"
        judgements = tuple(_judgement(item) for item in plain.get("related", ()))
        claims = []
        for number, item in enumerate(plain["claims"], 1):
            at = f"claims[{number}]"
            claims.append(_claim(record.id, item))
            if claims[-1].source_id not in sources:
                return Fault(at, f"its source '{claims[-1].source_id}' is not in the file",
                             "Export it again, with its sources")  # fmt: skip
    except KeyError as error:
        return Fault(at, f"has no {error}", "Export it again")
    except (ValueError, TypeError, AttributeError) as error:
        return Fault(at, f"cannot be read ({error})", "Correct it, or export it again")
    return record, tuple(claims), judgements


def _record(plain: dict[str, Any]) -> IncidentRecord:
    when, where = plain["date"], plain["place"]
    return IncidentRecord(
        id=_id(plain["id"]),
        title=plain["title"],
        date=DateInterval(
            _day(when["earliest"]),
            _day(when["latest"]),
            DatePrecision(when["precision"]),
            when["text"] or "",
            when["derivation"] or "",
        ),
        place=PlaceRef(
            text=where["text"] or "",
            place_id=where["id"],
            name=where["name"] or "",
            adm1_pcode=where["adm1_pcode"],
            adm1_name=where["adm1_name"],
            adm2_pcode=where["adm2_pcode"],
            adm2_name=where["adm2_name"],
            geo_precision=GeoPrecision(where["geo_precision"]),
            lat=where["lat"],
            lng=where["lng"],
            radius_m=where["radius_m"],
            area_id=where["area_id"],
            ambiguous=where["ambiguous"],
        ),
        event_type=EventType(plain["event_type"]),
        target_type=TargetType(plain["target_type"]),
        target=plain["target"] or "",
        background=plain["background"],
        country=plain["country"],
        notes=tuple(plain["notes"]),
        dataset=plain["dataset"],
    )


def _judgement(plain: dict[str, Any]) -> Judgement:
    return Judgement(
        plain["left_id"],
        plain["right_id"],
        Relation(plain["relation"]),
        plain["reason"],
        tuple(plain["conflicts"]),
        plain["judged_by"] or "",
    )


def _claim(incident_id: str, plain: dict[str, Any]) -> Claim:
    value = plain["value"]
    own = Property(plain["property"])
    if value is not None and own in MEASURES:
        value = str(value)
    return Claim(
        incident_id=incident_id,
        property=own,
        source_id=plain["source_id"],
        asserted_by=plain["asserted_by"],
        speaker_class=SpeakerClass(plain["speaker_class"]),
        value=value,
        low=plain["low"],
        high=plain["high"],
        modifier=_coded(Modifier, plain["modifier"]),
        victim_class=_coded(VictimClass, plain["victim_class"]),
        victim_text=plain["victim_text"] or "",
        subset_of=_coded(VictimClass, plain["subset_of"]),
        attribution_kind=_coded(AttributionKind, plain["attribution_kind"]),
        actor=plain["actor"],
        actor_text=plain["actor_text"] or "",
        asserted_on=_day(plain["asserted_on"]),
        locator=plain["locator"] or "",
        words=plain["words"] or "",
        note=plain["note"] or "",
    )


def _id(text: str) -> str:
    # No question to an engine can name one that holds these.
    if not text or any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise ValueError(f"the id {text[:60]!r} is empty or holds control characters")
    return text


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _coded(vocabulary: Callable[[str], T], code: str | None) -> T | None:
    return None if code is None else vocabulary(code)
