"""The JSON export, schema 1 of docs/exporting.md: incidents with headline figures and claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import IO, Any

from mapapp.domain.claim import Claim
from mapapp.domain.headline import Headline
from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import MEASURES, Property, Rule, VictimGroup
from mapapp.exporters.extract import Extract
from mapapp.exporters.reading import Parts
from mapapp.query.filters.table import SHOWN

SCHEMA = 1


def write(extract: Extract) -> bytes:
    """The extract as UTF-8 JSON, with its selection and sources beside the incidents."""
    return text(document(extract)).encode()


def document(extract: Extract) -> dict[str, Any]:
    """The extract as plain JSON values."""
    return {
        "schema": SCHEMA,
        "incidents": list(incident_rows(extract)),
        "sources": [source_json(source) for source in extract.sources.values()],
        "selection": selection_json(extract),
    }


def incident_rows(extract: Extract) -> Iterator[dict[str, Any]]:
    """Each incident of an extract, with how many of its claims were left out."""
    for incident in extract.incidents:
        row = incident_json(incident, extract.sources, extract.rule)
        row["claims_withheld"] = extract.trimmed.get(incident.id, 0)
        yield row


def write_parts(parts: Parts, out: IO[bytes]) -> None:
    """The same file of any number of incidents, one a line."""
    out.write(f'{{"schema": {SCHEMA}, "incidents": [\n'.encode())
    write_list(out, (row for part in parts for row in incident_rows(part)))
    sources = [source_json(source) for source in parts.whole.sources.values()]
    tail = {"sources": sources, "selection": selection_json(parts.whole)}
    out.write(("], " + json.dumps(tail, ensure_ascii=False)[1:] + "\n").encode())


def write_list(out: IO[bytes], items: Iterable[object]) -> None:
    """Items of a JSON list, one a line."""
    for number, item in enumerate(items):
        text_ = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        out.write((",\n" if number else "").encode() + text_.encode())


def selection_json(extract: Extract) -> dict[str, Any]:
    """What was selected, by which rule, when, and what had to be left out."""
    return {
        "sentence": extract.sentence,
        "link": extract.link,
        "rule": str(extract.rule),
        "made_at": extract.made_at.isoformat(timespec="seconds"),
        "incidents": extract.number,
        "withheld": extract.withheld,
        "notes": list(extract.notes),
    }


def text(value: object) -> str:
    """JSON text as the exports have it."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


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
            "adm1_name": record.place.adm1_name,
            "adm2_pcode": record.place.adm2_pcode,
            "adm2_name": record.place.adm2_name,
            "geo_precision": str(record.place.geo_precision),
            "lat": record.place.lat,
            "lng": record.place.lng,
            "radius_m": record.place.radius_m,
            "area_id": record.place.area_id,
            "ambiguous": record.place.ambiguous,
        },
        "event_type": str(record.event_type),
        "target": record.target,
        "target_type": str(record.target_type),
        **{entry.part: list(entry.of_incident(incident)) for entry in SHOWN},
        "fatalities": headline_json(incident.headline(Property.KILLED, rule)),
        "injuries": headline_json(incident.headline(Property.WOUNDED, rule)),
        "attackers_killed": headline_json(
            incident.headline(Property.KILLED, rule, VictimGroup.ATTACKERS)
        ),
        "attribution": incident.display_kind,
        "actors": list(incident.actors),
        "disagreements": list(incident.disagreements),
        "notes": list(record.notes),
        "related": [
            {
                "id": judgement.other(record.id),
                "relation": str(judgement.relation),
                "reason": judgement.reason,
                "conflicts": list(judgement.conflicts),
                "left_id": judgement.left_id,
                "right_id": judgement.right_id,
                "judged_by": judgement.judged_by or None,
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
    source = sources[claim.source_id]
    return {
        "id": claim.id,
        "property": str(claim.property),
        "value": _value(claim),
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
        "source_id": source.id,
        "source_url": source.url,
        "locator": claim.locator or None,
        "words": claim.words or None,
        "note": claim.note or None,
    }


def source_json(source: Source) -> dict[str, Any]:
    """One source, with every field that makes it."""
    return {
        "id": source.id,
        "publisher": source.publisher,
        "title": source.title,
        "language": source.language,
        "published_earliest": _day(source.published_earliest),
        "published_latest": _day(source.published_latest),
        "published_how": source.published_how or None,
        "url": source.url,
        "archived_url": source.archived_url,
        "accessed_on": _day(source.accessed_on),
        "licence": source.licence,
        "redistribution": str(source.redistribution),
        "graphic": source.graphic,
        "dataset": source.dataset,
        "dataset_version": source.dataset_version,
        "based_on": list(source.based_on),
        "covers_from": _day(source.covers_from),
        "covers_to": _day(source.covers_to),
        "covers_countries": list(source.covers_countries),
        "covers_provinces": list(source.covers_provinces),
        "covers_watched": source.covers_watched,
        "covers_how": source.covers_how or None,
    }


def _value(claim: Claim) -> str | int | None:
    """A number of people as a number, but only where it reads back as the same text."""
    value = claim.value
    plain = value is not None and value.isascii() and value.isdigit()
    if claim.property in MEASURES and plain and str(int(value or "")) == value:
        return int(value)
    return value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _code(code: object | None) -> str | None:
    return None if code is None else str(code)
