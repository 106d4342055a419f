"""The CSV export: a Frictionless data package, zipped (claims → CSV).

Three tidy tables (incidents, claims, sources) joined by id, with a schema that says what every
column means; https://specs.frictionlessdata.io/data-package/ (version 1).
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO, Any

from mapapp.exporters import columns
from mapapp.exporters.columns import ExportColumn
from mapapp.exporters.extract import Extract
from mapapp.exporters.reading import Parts
from mapapp.exporters.tables import claims_csv, incidents_csv, sources_csv, table_csv
from mapapp.exporters.terms import BOUNDARIES, LICENCE_NOTE, readme


def write(extract: Extract) -> bytes:
    """The zip file: datapackage.json, README.txt and one CSV file a table."""
    files = {
        "datapackage.json": json.dumps(descriptor(extract), ensure_ascii=False, indent=1),
        "README.txt": readme(extract),
        "incidents.csv": incidents_csv(extract),
        "claims.csv": claims_csv(extract),
        "sources.csv": sources_csv(extract),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(_member(name, extract), text.encode("utf-8"))
    return out.getvalue()


def write_parts(parts: Parts, out: IO[bytes]) -> None:
    """The same file of any number of incidents; claims wait in a file of their own meanwhile."""
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile() as claims,
    ):
        header = True
        with archive.open(_member("incidents.csv", parts.whole), "w", force_zip64=True) as file:
            for part in parts:
                rows = columns.incident_rows(part)
                file.write(table_csv(rows, columns.INCIDENTS, header=header).encode("utf-8"))
                rows = columns.claim_rows(part)
                claims.write(table_csv(rows, columns.CLAIMS, header=header).encode("utf-8"))
                header = False
            if header:
                file.write(table_csv((), columns.INCIDENTS).encode("utf-8"))
                claims.write(table_csv((), columns.CLAIMS).encode("utf-8"))
        claims.seek(0)
        with archive.open(_member("claims.csv", parts.whole), "w", force_zip64=True) as file:
            shutil.copyfileobj(claims, file, 1 << 20)
        for name, text in (
            ("sources.csv", sources_csv(parts.whole)),
            ("README.txt", readme(parts.whole)),
            ("datapackage.json", json.dumps(descriptor(parts.whole), ensure_ascii=False, indent=1)),
        ):
            archive.writestr(_member(name, parts.whole), text.encode("utf-8"))


def _member(name: str, extract: Extract) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, extract.made_at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def descriptor(extract: Extract) -> dict[str, Any]:
    """The content of datapackage.json."""
    to_incident = _key("incident_id", "incidents", "id")
    to_source = _key("source_id", "sources", "id")
    return {
        "profile": "tabular-data-package",
        "name": "afghanistan-incidents",
        "title": extract.sentence,
        "description": " ".join((LICENCE_NOTE, *extract.notes)),
        "created": extract.made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sources": [{"title": source.cite()} for source in extract.sources.values()]
        + [{"title": BOUNDARIES}],
        "resources": [
            _resource("incidents", columns.INCIDENTS, "id"),
            _resource("claims", columns.CLAIMS, "id", [to_incident, to_source]),
            _resource("sources", columns.SOURCES, "id"),
        ],
        "mapapp:selection": {"link": extract.link, "rule": str(extract.rule)},
    }


def _resource(
    name: str, table: Sequence[ExportColumn], key: str, foreign: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table],
        "primaryKey": [key],
        "missingValues": [""],
    }
    if foreign:
        schema["foreignKeys"] = list(foreign)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "schema": schema,
    }


def _field(column: ExportColumn) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind}
    if column.about:
        field["description"] = column.about
    return field


def _key(field: str, resource: str, reference: str) -> dict[str, Any]:
    return {"fields": [field], "reference": {"resource": resource, "fields": [reference]}}
