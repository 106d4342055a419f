"""The GeoParquet export, version 1.1: one row an incident, its claims nested (claims → Parquet)."""

from __future__ import annotations

import io
import json
import struct
import tempfile
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.exporters import columns
from mapapp.exporters.columns import ExportColumn, Kind
from mapapp.exporters.extract import Extract
from mapapp.exporters.incidents_json import selection_json, source_json
from mapapp.exporters.reading import Parts

#: Longitude and latitude of incidents, None where one is not mappable.
Points = list[tuple[float | None, float | None] | None]

_TYPES: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "array": pa.list_(pa.string()),
}


def write(extract: Extract) -> bytes:
    """The file; geometry is null where an incident is not mappable, CRS is OGC:CRS84 (lng-lat)."""
    out = io.BytesIO()
    pq.write_table(table(extract), out, compression="zstd")
    return out.getvalue()


def write_parts(parts: Parts, out: IO[bytes]) -> None:
    """The same file of any number of incidents, a row group a part.

    Written twice: what the file says of itself is known at the end, and readers look for it in the
    schema, which comes first.
    """
    corners: Points = []
    none, _ = _columns(parts.whole)
    with tempfile.TemporaryFile() as first:
        with pq.ParquetWriter(first, none.schema, compression="zstd") as writer:
            for part in parts:
                columns, points = _columns(part)
                writer.write_table(columns)
                corners = _corners([*corners, *points])
        first.seek(0)
        groups = pq.ParquetFile(first)
        schema = none.schema.with_metadata(_metadata(parts.whole, corners))
        with pq.ParquetWriter(out, schema, compression="zstd") as writer:
            for at in range(groups.num_row_groups):
                writer.write_table(groups.read_row_group(at).cast(schema))


def table(extract: Extract) -> pa.Table:
    """The extract as an Arrow table with GeoParquet's metadata."""
    columns, points = _columns(extract)
    return columns.replace_schema_metadata(_metadata(extract, points))


def _columns(extract: Extract) -> tuple[pa.Table, Points]:
    claims: dict[str, list[dict[str, Any]]] = {incident.id: [] for incident in extract.incidents}
    for row in columns.claim_rows(extract):
        claims[row.pop("incident_id")].append(row)
    nested = pa.struct([_field(column) for column in columns.CLAIMS[1:]])
    rows = [_texts(row) for row in columns.incident_rows(extract)]
    schema = pa.schema([_field(column) for column in columns.INCIDENTS])
    found = pa.Table.from_pylist(rows, schema=schema)
    found = found.append_column(
        pa.field("claims", pa.list_(nested)), [pa.array(claims.values(), pa.list_(nested))]
    )
    points = [
        (place.lng, place.lat) if place.mappable else None
        for place in (incident.record.place for incident in extract.incidents)
    ]
    wkb = pa.array([_wkb(point) for point in points], pa.binary())
    found = found.append_column(pa.field("geometry", pa.binary()), wkb)
    return found, points


def _metadata(extract: Extract, points: Points) -> dict[str, str]:
    sources = [source_json(source) for source in extract.sources.values()]
    return {
        "geo": json.dumps(_geo(points)),
        "mapapp:selection": json.dumps(selection_json(extract), ensure_ascii=False),
        "mapapp:sources": json.dumps(sources, ensure_ascii=False),
    }


def _field(column: ExportColumn) -> pa.Field:
    about = {"description": column.about} if column.about else None
    return pa.field(column.name, _TYPES[column.kind], metadata=about)


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    """Items of a list that are no text (judgements) as JSON text."""
    return {
        name: [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value]
        if isinstance(value, list)
        else value
        for name, value in row.items()
    }


def _geo(points: Points) -> dict[str, Any]:
    known = _corners(points)
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if known:
        column["bbox"] = [value for corner in known for value in corner or ()]
    # Without `crs` the specification means OGC:CRS84: longitude first, WGS 84.
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _corners(points: Points) -> Points:
    """The south-west and north-east corner of all points; none where there are none."""
    xs = [point[0] for point in points if point and point[0] is not None]
    ys = [point[1] for point in points if point and point[1] is not None]
    return [(min(xs), min(ys)), (max(xs), max(ys))] if xs and ys else []


def _wkb(point: tuple[float | None, float | None] | None) -> bytes | None:
    """A point as well-known binary: little endian, type 1, x, y."""
    return None if point is None else struct.pack("<BIdd", 1, 1, *point)
