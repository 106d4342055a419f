"""The formats that a selection can leave in, one entry a format (selection → file)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import IO

from mapapp.exporters import (
    data_package,
    geojson,
    geopackage,
    geoparquet,
    hapi,
    incidents_json,
    kml,
    terms,
    xlsx,
)
from mapapp.exporters.extract import Extract
from mapapp.exporters.pictures import charts as svg_charts
from mapapp.exporters.pictures import map as svg_map
from mapapp.exporters.pictures import png
from mapapp.exporters.reading import Parts
from mapapp.exporters.standalone import page as standalone


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand over, with so many incidents: what a reader must be told stands in `notes`."""

    filename: str
    media_type: str
    content: bytes
    number: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name on the command line, words for a menu, and how it is written.

    `number` says how many incidents of an extract it holds, where not all.
    `write_parts` writes any number of incidents in bounded memory, where the format can.
    """

    name: str
    label: str
    about: str
    ending: str
    media_type: str
    content: Callable[[Extract], bytes]
    notes: Callable[[Extract], tuple[str, ...]] = lambda extract: ()
    number: Callable[[Extract], int] = lambda extract: extract.number
    write_parts: Callable[[Parts, IO[bytes]], None] | None = None

    def write(self, extract: Extract) -> Export:
        """The file. Raises InvalidInput where the extract does not fit the format."""
        return Export(
            f"{stem(extract.sentence, extract.made_at)}{self.ending}",
            self.media_type,
            self.content(extract),
            self.number(extract),
            (*extract.notes, *self.notes(extract)),
        )


def stem(sentence: str, made_at: date) -> str:
    """A file name that says what is in it: "attacks-in-herat-2022-20261122"."""
    words = re.sub(r"[^a-z0-9]+", "-", sentence.casefold()).strip("-")[:60].strip("-")
    return f"{words or 'incidents'}-{made_at:%Y%m%d}"


_ALL = (
    Format("json", "JSON", "everything, to import again", ".json", "application/json",
           incidents_json.write, write_parts=incidents_json.write_parts),
    Format("html", "Standalone page", "one file with map, filters and panels; needs no network",
           ".html", "text/html; charset=utf-8", standalone.write),
    Format("csv-package", "CSV", "tables of incidents, claims and sources, zipped", ".zip",
           "application/zip", data_package.write, write_parts=data_package.write_parts),
    Format("xlsx", "Excel", "a workbook with the same tables", ".xlsx",
           "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
    Format("geojson", "GeoJSON", "for QGIS, kepler.gl and web maps", ".geojson",
           "application/geo+json", geojson.write, write_parts=geojson.write_parts),
    Format("geopackage", "GeoPackage", "for QGIS: points, areas, and how they look", ".gpkg",
           "application/geopackage+sqlite3", geopackage.write),
    Format("geoparquet", "GeoParquet", "for R, DuckDB, geopandas and QGIS", ".parquet",
           "application/vnd.apache.parquet", geoparquet.write, write_parts=geoparquet.write_parts),
    Format("kml", "KML", "for Google Earth; discs and areas drawn as such", ".kml",
           "application/vnd.google-earth.kml+xml", kml.write),
    Format("hapi", "HDX HAPI", "counts by area and month, with P-codes", ".hapi.csv", "text/csv",
           hapi.write, hapi.notes, hapi.number),
    Format("map-svg", "Map (SVG)", "the map as a picture that can be edited", ".map.svg",
           "image/svg+xml", svg_map.write),
    Format("map-png", "Map (PNG)", "the map as a picture for a briefing", ".map.png", "image/png",
           png.writer(svg_map.draw)),
    Format("charts-svg", "Charts (SVG)", "over time, by kind and province", ".charts.svg",
           "image/svg+xml", svg_charts.write),
    Format("charts-png", "Charts (PNG)", "the same as a picture for a briefing", ".charts.png",
           "image/png", png.writer(svg_charts.draw)),
    Format("citations", "Citations", "how to cite it, and every source", ".txt",
           "text/plain; charset=utf-8", terms.write),
)  # fmt: skip

#: By name, in the order of a menu.
FORMATS: dict[str, Format] = {entry.name: entry for entry in _ALL}
