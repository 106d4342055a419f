"""The JSON export, schema 1 of docs/exporting.md: incidents with headline figures and claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mapapp.domain.claim import Claim
from mapapp.domain.headline import Headline
from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import MEASURES, Property, Rule, VictimGroup

SCHEMA = 1


def export(
    incidents: Iterable[Incident], sources: Mapping[str, Source], rule: Rule
) -> dict[str, Any]:
    """`{"schema": 1, "incidents": [...]}` with plain JSON values; unknown is null, never 0."""
    return {
        "schema": SCHEMA,
        "incidents": [incident_json(incident, sources, rule) for incident in incidents],
    }


def incident_json(incident: Incident, sources: Mapping[str, Source], rule: Rule) -> dict[str, Any]:
    """One incident; coordinates are null where it is not mappable."""
    record = incident.record
    return {
        "id": record.id,
        "title": record.title,
        "background": record.background,
        "abroad": record.abroad,
        "country": record.country,
        "dataset": record.dataset,
        "date": {
            "earliest": _day(record.date.earliest),
            "latest": _day(record.date.latest),
            "precision": str(record.date.precision),
            "text": record.date.text,
            "derivation": record.date.derivation,
        },
        "place": {
            "id": record.place.place_id,
            "text": record.place.text,
            "name": record.place.name,
            "adm1_pcode": record.place.adm1_pcode,
            "adm2_pcode": record.place.adm2_pcode,
            "geo_precision": str(record.place.geo_precision),
            "lat": record.place.lat,
            "lng": record.place.lng,
            "radius_m": record.place.radius_m,
            "ambiguous": record.place.ambiguous,
        },
        "event_type": str(record.event_type),
        "target": record.target,
        "target_type": str(record.target_type),
        "fatalities": headline_json(incident.headline(Property.KILLED, rule)),
        "injuries": headline_json(incident.headline(Property.WOUNDED, rule)),
        "attackers_killed": headline_json(
            incident.headline(Property.KILLED, rule, VictimGroup.ATTACKERS)
        ),
        "attribution": incident.display_kind,
        "disagreements": list(incident.disagreements),
        "notes": list(record.notes),
        "related": [
            {
                "id": judgement.other(record.id),
                "relation": str(judgement.relation),
                "reason": judgement.reason,
                "conflicts": list(judgement.conflicts),
            }
            for judgement in incident.judgements
        ],
        "claims": [claim_json(claim, sources) for claim in incident.claims if claim.current],
    }


def headline_json(figure: Headline) -> dict[str, Any]:
    """Low, best and high; a modifier says where a bound is itself only "at least" or "about"."""
    return {
        "low": figure.low,
        "best": figure.best,
        "high": figure.high,
        "rule": str(figure.rule),
        "low_modifier": _code(figure.low_modifier),
        "high_modifier": _code(figure.high_modifier),
        "best_speaker": figure.best_speaker,
    }


def claim_json(claim: Claim, sources: Mapping[str, Source]) -> dict[str, Any]:
    """One claim; what does not apply to its property is null."""
    value: str | int | None = claim.value
    if claim.property in MEASURES and claim.value is not None:
        value = int(claim.value)
    source = sources[claim.source_id]
    return {
        "id": claim.id,
        "property": str(claim.property),
        "value": value,
        "low": claim.low,
        "high": claim.high,
        "modifier": _code(claim.modifier),
        "victim_class": _code(claim.victim_class),
        "victim_text": claim.victim_text or None,
        "subset_of": _code(claim.subset_of),
        "attribution_kind": _code(claim.attribution_kind),
        "actor": claim.actor,
        "actor_text": claim.actor_text or None,
        "asserted_by": claim.asserted_by,
        "speaker_class": str(claim.speaker_class),
        "asserted_on": _day(claim.asserted_on),
        # The document's number comes first, so that a reader can sort and join by it.
        "source": f"{source.id} {source.publisher}, “{source.title}”",
        "source_url": source.url,
        "locator": claim.locator or None,
        "words": claim.words or None,
        "note": claim.note or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _code(code: object | None) -> str | None:
    return None if code is None else str(code)
