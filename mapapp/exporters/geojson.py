"""The GeoJSON export: one feature an incident, with null geometry where it is not mappable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters import gate
from mapapp.exporters.gate import Extract
from mapapp.exporters.incidents_json import incident_json, selection_json, source_json


def write(extract: Extract) -> bytes:
    """The extract as UTF-8 GeoJSON; `sources` and `selection` stand beside `features`."""
    features = []
    for incident in extract.incidents:
        properties = incident_json(incident, extract.sources, extract.rule)
        properties["claims_withheld"] = extract.trimmed.get(incident.id, 0)
        features.append(feature(incident, properties))
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    document["sources"] = [source_json(source) for source in extract.sources.values()]
    document["selection"] = selection_json(extract)
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def export(
    incidents: Iterable[Incident], sources: Mapping[str, Source], rule: Rule
) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) of what may leave; properties are those of the JSON export."""
    own = gate.extract(incidents, sources)
    features = [feature(i, incident_json(i, own.sources, rule)) for i in own.incidents]
    return {"type": "FeatureCollection", "features": features}


def feature(incident: Incident, properties: dict[str, Any]) -> dict[str, Any]:
    """One feature.

    The point of an incident known only to an area is the area's label point: `geo_precision` and
    `radius_m` say how far from it the attack may have been.
    """
    place = incident.record.place
    geometry = {"type": "Point", "coordinates": [place.lng, place.lat]}
    return {
        "type": "Feature",
        "id": incident.id,
        "geometry": geometry if place.mappable else None,
        "properties": properties,
    }
