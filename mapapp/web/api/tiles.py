"""Vector tiles (Mapbox Vector Tile 2) and their TileJSON (query → tile).

Single incidents where a tile holds few, counts in a grid where it holds many. What is known only to
a district or province is in a layer of its own, so that nobody pins it unawares.
"""

from __future__ import annotations

from typing import Any, Final

import mapbox_vector_tile
from shapely.geometry import Point

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.exporters.terms import BOUNDARIES_SHORT
from mapapp.query.filters.table import restrict
from mapapp.query.tables import compile_query, table
from mapapp.snapshot.schema import MERCATOR_BITS, best_column
from mapapp.store import Engine

Expr = Any
Row = dict[str, Any]

EXTENT: Final = 4096
MIN_ZOOM: Final = 0
MAX_ZOOM: Final = 14

#: Above so many a tile holds counts in a grid of 64 × 64 cells.
SINGLE_LIMIT: Final = 2000
_GRID_BITS: Final = 6
_BUFFER: Final = 64  # of EXTENT, so that a mark at the edge is whole on both sides

#: What a feature of each layer has, for TileJSON.
LAYERS: Final = {
    "incidents": {
        "id": "String", "title": "String", "kind": "String", "actors": "String",
        "event_type": "String", "killed": "String", "killed_low": "Number",
        "killed_best": "Number", "killed_high": "Number", "wounded": "String",
        "earliest": "String", "latest": "String", "date_precision": "String",
        "geo_precision": "String", "radius_m": "Number", "place": "String", "adm1_pcode": "String",
        "adm2_pcode": "String",
    },
    "cells": {"count": "Number", **dict.fromkeys(DISPLAY_KINDS, "Number")},
    "areas": {"area_id": "String", "geo_precision": "String", "adm1_pcode": "String",
              "adm2_pcode": "String", "count": "Number"},
}  # fmt: skip


def tilejson(tiles_url: str, bounds: tuple[float, float, float, float] | None) -> Row:
    """TileJSON 3.0.0."""
    return {
        "tilejson": "3.0.0",
        "name": "Afghanistan incidents",
        "description": "Incidents with reported figures; areas hold what is known only to a "
        "district or province, at its label point.",
        "tiles": [tiles_url],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "bounds": list(bounds or (60.47, 29.36, 74.92, 38.5)),
        "attribution": BOUNDARIES_SHORT,
        "vector_layers": [{"id": name, "fields": fields} for name, fields in LAYERS.items()],
    }


def tile(engine: Engine, selection: Selection, z: int, x: int, y: int) -> bytes:
    """One tile; empty bytes where nothing lies in it."""
    shift = MERCATOR_BITS - z
    west, north, size = x << shift, y << shift, 1 << shift
    t = restrict(table("incidents"), selection)
    t = t.filter(t.mappable)
    buffer = size * _BUFFER // EXTENT
    near = _within(t, west - buffer, north - buffer, size + 2 * buffer)
    inside = _within(t, west, north, size)

    def at(mx: float, my: float) -> Point:
        return Point(round((mx - west) * EXTENT / size), round((my - north) * EXTENT / size))

    points = near.filter(~near.areal)
    rows = _run(engine, _incident_columns(points, selection).limit(SINGLE_LIMIT + 1))
    if len(rows) <= SINGLE_LIMIT:
        layers = {"incidents": _incidents(rows, at)}
    else:
        layers = {"cells": _cells(engine, inside, shift, at)}
    layers["areas"] = _areas(engine, inside, at)
    found = [{"name": name, "features": own} for name, own in layers.items() if own]
    if not found:
        return b""
    options = {"extents": EXTENT, "y_coord_down": True}
    content: bytes = mapbox_vector_tile.encode(found, default_options=options)
    return content


def _within(t: Expr, west: int, north: int, size: int) -> Expr:
    return t.filter(t.mx >= west, t.mx < west + size, t.my >= north, t.my < north + size)


def _incident_columns(t: Expr, selection: Selection) -> Expr:
    best = t[best_column("killed", selection.rule)]
    return t.select(
        "id", "title", "mx", "my", "actors", "event_type", "killed_low", "killed_high", "earliest",
        "latest", "date_precision", "geo_precision", "radius_m", "adm1_pcode", "adm2_pcode",
        "place_name", "place_text", kind=t.display_kind, killed=t.killed_text,
        killed_best=best, wounded=t.wounded_text,
    )  # fmt: skip


def _incidents(rows: list[Row], at: Any) -> list[Row]:
    features = []
    for row in sorted(rows, key=lambda row: str(row["id"])):
        row["place"] = row["place_name"] or row["place_text"]
        row["actors"] = ",".join(row["actors"] or ())
        point = at(row["mx"], row["my"])
        features.append({"geometry": point, "properties": _stated(row, LAYERS["incidents"])})
    return features


def _cells(engine: Engine, t: Expr, shift: int, at: Any) -> list[Row]:
    """Counts in a grid, also by kind."""
    bits = max(0, shift - _GRID_BITS)
    own = t.filter(~t.areal)
    own = own.select("display_kind", "mx", "my", cx=own.mx >> bits, cy=own.my >> bits)
    kinds = {k: (own.display_kind == k).sum().cast("int64") for k in DISPLAY_KINDS}
    cells = own.group_by(["cx", "cy"]).aggregate(
        count=own.count().cast("int64"), mx=own.mx.mean(), my=own.my.mean(), **kinds
    )
    features = []
    for row in sorted(_run(engine, cells), key=lambda row: (row["cx"], row["cy"])):
        properties = {"count": row["count"]} | {k: row[k] for k in kinds if row[k]}
        features.append({"geometry": at(row["mx"], row["my"]), "properties": properties})
    return features


def _areas(engine: Engine, t: Expr, at: Any) -> list[Row]:
    own = t.filter(t.areal)
    areas = own.group_by(["area_id", "geo_precision"]).aggregate(
        count=own.count().cast("int64"), adm1_pcode=own.adm1_pcode.min(),
        adm2_pcode=own.adm2_pcode.min(), mx=own.mx.min(), my=own.my.min(),
    )  # fmt: skip
    return [
        {"geometry": at(row["mx"], row["my"]), "properties": _stated(row, LAYERS["areas"])}
        for row in sorted(_run(engine, areas), key=lambda row: str(row["area_id"]))
    ]


def _stated(row: Row, fields: dict[str, str]) -> Row:
    """What is known: a tile has no null. Days are ISO texts."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name in fields
        if (value := row[name]) is not None and value != ""
    }


def _run(engine: Engine, expression: Expr) -> list[Row]:
    rows: list[Row] = compile_query(expression, engine.dialect).ask(engine).to_pylist()
    return rows
