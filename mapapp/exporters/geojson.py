"""The GeoJSON export: one feature an incident, with null geometry where it is not mappable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters.incidents_json import incident_json


def export(
    incidents: Iterable[Incident], sources: Mapping[str, Source], rule: Rule
) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946); properties are those of the JSON export.

    The point of an incident known only to an area is the area's label point: `geo_precision` and
    `radius_m` say how far from it the attack may have been.
    """
    features = []
    for incident in incidents:
        place = incident.record.place
        geometry = {"type": "Point", "coordinates": [place.lng, place.lat]}
        features.append(
            {
                "type": "Feature",
                "id": incident.id,
                "geometry": geometry if place.mappable else None,
                "properties": incident_json(incident, sources, rule),
            }
        )
    return {"type": "FeatureCollection", "features": features}
