"""The KML export: a placemark an incident, its geometry as precise as its place is known
(claims → KML).
"""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree as ET

from mapapp.domain.actors import actor
from mapapp.domain.claim import Claim
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import MEASURES, Property, label
from mapapp.exporters import terms
from mapapp.exporters.columns import INCIDENTS, Kind, incident_rows
from mapapp.exporters.extract import Extract
from mapapp.exporters.shapes import Shape, circle, outline, shape
from mapapp.exporters.tables import cell
from mapapp.exporters.xml_text import xml_text

_SCHEMA = "incident"

#: KML's types by a column's kind; it has none for a day, which is text as ISO 8601 writes it.
_TYPES: dict[Kind, str] = {"integer": "int", "number": "double", "boolean": "bool"}

_NAMESPACE = "http://www.opengis.net/kml/2.2"


def write(extract: Extract) -> bytes:
    """The KML 2.2 document; incidents that are not mappable have no geometry."""
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = _add(root, "Document")
    _add(document, "name", extract.sentence)
    _add(document, "description", _html(terms.readme(extract)))
    for kind, colour in (("site", "ff005ed5"), ("disc", "55005ed5"), ("area", "33005ed5")):
        style = _add(document, "Style", id=kind)
        _add(_add(style, "LineStyle"), "color", "ff005ed5")
        _add(_add(style, "PolyStyle"), "color", colour)
    schema = _add(document, "Schema", name=_SCHEMA, id=_SCHEMA)
    for column in INCIDENTS:
        _add(schema, "SimpleField", name=column.name, type=_TYPES.get(column.kind, "string"))
    folder = _add(document, "Folder")
    _add(folder, "name", "Incidents")
    for incident, row in zip(extract.incidents, incident_rows(extract), strict=True):
        mark = _add(folder, "Placemark", id=f"i-{re.sub('[^A-Za-z0-9._-]', '_', incident.id)}")
        _add(mark, "name", incident.record.title)
        _add(mark, "description", _html(_description(incident, extract)))
        geometry = shape(incident.record.place)
        _time(mark, incident)
        if geometry is not None:
            _add(mark, "styleUrl", f"#{geometry.kind}")
        data = _add(_add(mark, "ExtendedData"), "SchemaData", schemaUrl=f"#{_SCHEMA}")
        for column in INCIDENTS:
            value = row[column.name]
            if value not in (None, [], ""):
                # GDAL makes a number of a truth value, and takes it only as one.
                words = str(int(value) if isinstance(value, bool) else cell(value))
                _add(data, "SimpleData", words, name=column.name)
        if geometry is not None:
            _geometry(mark, geometry)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = xml_text(text)
    return element


def _html(text: str) -> str:
    """Text for a description, which Google Earth reads as HTML with `$[name]` expanded."""
    return html.escape(text).replace("$[", "&#36;[").replace("\n", "<br>\n")


def _time(mark: ET.Element, incident: Incident) -> None:
    """A span also for a single day: whoever makes fields of them finds the same two in all rows."""
    when = incident.record.date
    if when.earliest is not None or when.latest is not None:
        span = _add(mark, "TimeSpan")
        if when.earliest is not None:
            _add(span, "begin", when.earliest.isoformat())
        if when.latest is not None:
            _add(span, "end", when.latest.isoformat())


def _geometry(mark: ET.Element, geometry: Shape) -> None:
    """A point, a point and its disc, or the area alone: a point in it would be made up."""
    if geometry.kind == "area" and geometry.area_id is not None:
        polygons = outline(geometry.area_id) or []
        target = _add(mark, "MultiGeometry") if len(polygons) > 1 else mark
        for rings in polygons:
            _polygon(target, [[(lng, lat) for lng, lat in ring] for ring in rings])
        return
    target = _add(mark, "MultiGeometry") if geometry.kind == "disc" and geometry.radius_m else mark
    _add(_add(target, "Point"), "coordinates", f"{geometry.lng:.6f},{geometry.lat:.6f}")
    if target is not mark:
        _polygon(target, [circle(geometry.lat, geometry.lng, geometry.radius_m or 0.0)])


def _polygon(parent: ET.Element, rings: list[list[tuple[float, float]]]) -> None:
    polygon = _add(parent, "Polygon")
    for index, ring in enumerate(rings):
        boundary = _add(polygon, "innerBoundaryIs" if index else "outerBoundaryIs")
        text = " ".join(f"{lng:.5f},{lat:.5f}" for lng, lat in ring)
        _add(_add(boundary, "LinearRing"), "coordinates", text)


def _description(incident: Incident, extract: Extract) -> str:
    rule = extract.rule
    lines = [
        f"Reported killed {incident.headline(Property.KILLED, rule)}, wounded "
        f"{incident.headline(Property.WOUNDED, rule)}",
        f"Place as reported: {incident.record.place.text} "
        f"(known to the {label(incident.record.place.geo_precision)})",
        "Who says so:",
        *(
            f"{claim.asserted_by}: {_said(claim)} "
            f"[{extract.sources[claim.source_id].cite(claim.locator)}]"
            for claim in incident.claims
            if claim.current
        ),
    ]
    return "\n".join(lines)


def _said(claim: Claim) -> str:
    if claim.property is Property.ATTRIBUTION and claim.attribution_kind is not None:
        name = f" {actor(claim.actor).short}" if claim.actor else ""
        return f"{label(claim.attribution_kind)}{name}"
    words = claim.value or claim.words or "no number"
    if claim.property in MEASURES and claim.modifier is not None:
        return f"{label(claim.property)} {label(claim.modifier)} {words}"
    return f"{label(claim.property)} {words}"
