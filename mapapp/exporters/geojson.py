"""The GeoJSON export: one feature an incident with flat properties, and null geometry
where it is not mappable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from mapapp.domain.incident import Incident
from mapapp.exporters.columns import incident_row
from mapapp.exporters.extract import Extract
from mapapp.exporters.incidents_json import selection_json, source_json, write_list
from mapapp.exporters.reading import Parts


def write(extract: Extract) -> bytes:
    """The extract as UTF-8 GeoJSON; `sources` and `selection` stand beside `features`."""
    document: dict[str, Any] = {"type": "FeatureCollection", "features": list(_features(extract))}
    document["sources"] = [source_json(source) for source in extract.sources.values()]
    document["selection"] = selection_json(extract)
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def write_parts(parts: Parts, out: IO[bytes]) -> None:
    """The same file of any number of incidents, one a line."""
    out.write(b'{"type": "FeatureCollection", "features": [\n')
    write_list(out, (feature for part in parts for feature in _features(part)))
    sources = [source_json(source) for source in parts.whole.sources.values()]
    tail = {"sources": sources, "selection": selection_json(parts.whole)}
    out.write(("], " + json.dumps(tail, ensure_ascii=False)[1:] + "\n").encode())


def _features(extract: Extract) -> Iterator[dict[str, Any]]:
    for incident in extract.incidents:
        yield feature(incident, incident_row(incident, extract))


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
