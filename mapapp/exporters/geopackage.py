"""The GeoPackage export: points, and the areas and discs that others are known to, with the styles
that QGIS draws them in (claims → GeoPackage).

GeoPackage 1.3 (OGC 12-128r17): an SQLite file of agreed tables. A geometry is a header of eight
bytes before well-known binary.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from mapapp.domain.incident import Incident
from mapapp.exporters import terms
from mapapp.exporters.columns import INCIDENTS, incident_rows
from mapapp.exporters.extract import Extract
from mapapp.exporters.shapes import Shape, circle, outline, shape

_TYPES: Final = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN",
                 "date": "DATE", "array": "TEXT"}  # fmt: skip
#: The colour of marks on our map; what is known to an area is filled lightly, never a point.
_COLOUR: Final = "213,94,0"
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_SCHEMA: Final = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY,
  column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL);
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT,
  f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME);
"""


def write(extract: Extract) -> bytes:
    """The file: layers `points` and `areas` (with discs), and `not_mappable` without geometry."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incidents.gpkg"
        base = sqlite3.connect(path)
        try:
            base.executescript(_SCHEMA)
            base.executemany(
                "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, '')",
                [("WGS 84", 4326, "EPSG", 4326, _WGS84),
                 ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
                 ("Undefined geographic", 0, "NONE", 0, "undefined")],
            )  # fmt: skip
            _fill(base, extract)
            base.commit()
        finally:
            base.close()
        return path.read_bytes()


def _fill(base: sqlite3.Connection, extract: Extract) -> None:
    layers: dict[str, list[tuple[dict[str, Any], BaseGeometry | None]]]
    layers = {"points": [], "areas": [], "not_mappable": []}
    for incident, row in zip(extract.incidents, incident_rows(extract), strict=True):
        name, geometry = _geometry(incident)
        layers[name].append((row, geometry))
    for name, rows in layers.items():
        _layer(base, name, rows, extract)
    # Beside a registered table without geometry GDAL lists registered tables alone, and QGIS finds
    # no style in one that it does not list.
    _register(base, "layer_styles", "attributes", "Styles of QGIS", extract)


def _geometry(incident: Incident) -> tuple[str, BaseGeometry | None]:
    """The layer of an incident and what it draws."""
    geometry: Shape | None = shape(incident.record.place)
    if geometry is None:
        return "not_mappable", None
    if geometry.kind == "site":
        return "points", Point(geometry.lng, geometry.lat)
    if geometry.kind == "area" and geometry.area_id is not None:
        polygons = outline(geometry.area_id) or []
        return "areas", MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])
    disc = Polygon(circle(geometry.lat, geometry.lng, geometry.radius_m or 0.0))
    return "areas", MultiPolygon([disc])


def _layer(
    base: sqlite3.Connection, name: str,
    rows: Iterable[tuple[dict[str, Any], BaseGeometry | None]], extract: Extract,
) -> None:  # fmt: skip
    spatial = name != "not_mappable"
    fields = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in INCIDENTS)
    geometry = "geom BLOB, " if spatial else ""
    key = "fid INTEGER PRIMARY KEY AUTOINCREMENT"
    base.execute(f'CREATE TABLE "{name}" ({key}, {geometry}{fields})')
    marks = ", ".join("?" * (len(INCIDENTS) + spatial))
    names = ", ".join([*(["geom"] if spatial else []), *(f'"{c.name}"' for c in INCIDENTS)])
    boxes = []
    for row, shape_of_row in rows:
        values = [_value(row[column.name]) for column in INCIDENTS]
        if shape_of_row is not None:
            boxes.append(shape_of_row.bounds)
            values.insert(0, _binary(shape_of_row))
        base.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', values)  # noqa: S608
    bounds = shapely.total_bounds(shapely.box(*zip(*boxes, strict=True))) if boxes else (None,) * 4
    _register(base, name, "features" if spatial else "attributes", terms.made_line(extract),
              extract, tuple(map(_number, bounds)))  # fmt: skip
    if spatial:
        kind = "POINT" if name == "points" else "MULTIPOLYGON"
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)",
                     (name, kind))  # fmt: skip
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner) "
            "VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '')",
            (name, name, _style(name), "as the dashboard draws them"),
        )


def _register(
    base: sqlite3.Connection, name: str, kind: str, description: str, extract: Extract,
    bounds: tuple[float | None, ...] = (None,) * 4,
) -> None:  # fmt: skip
    """List a table among the contents; `bounds` are the degrees that it spans."""
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, kind, name, description, f"{extract.made_at:%Y-%m-%dT%H:%M:%SZ}", *bounds,
         4326 if kind == "features" else None),
    )  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _binary(geometry: BaseGeometry) -> bytes:
    """The geometry as GeoPackage has it, little-endian, without an envelope."""
    return b"GP\x00\x01" + struct.pack("<i", 4326) + bytes(shapely.to_wkb(geometry, byte_order=1))


def _value(cell: Any) -> Any:
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False) if cell else None
    return cell.isoformat() if isinstance(cell, date) else cell


def _style(name: str) -> str:
    """A style of QGIS: a filled mark for a point, a light fill for what is known to an area; its
    timeline goes by the first and the last day, both included."""
    if name == "points":
        kind, layer = "marker", "SimpleMarker"
        options = {"name": "circle", "color": f"{_COLOUR},220", "outline_color": "255,255,255,255",
                   "size": "2.6"}  # fmt: skip
    else:
        kind, layer = "fill", "SimpleFill"
        options = {"color": f"{_COLOUR},40", "outline_color": f"{_COLOUR},200", "style": "solid",
                   "outline_style": "solid", "outline_width": "0.3"}  # fmt: skip
    options_xml = "".join(
        f'<Option type="QString" name="{k}" value="{v}"/>' for k, v in options.items()
    )
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis version="3.28" '
        'styleCategories="Symbology|Temporal"><temporal enabled="1" mode="2" limitMode="1" '
        'startField="date_earliest" endField="date_latest"/>'
        '<renderer-v2 type="singleSymbol"><symbols>'
        f'<symbol type="{kind}" name="0" alpha="1"><layer class="{layer}" enabled="1" pass="0">'
        f'<Option type="Map">{options_xml}</Option></layer></symbol></symbols></renderer-v2></qgis>'
    )
