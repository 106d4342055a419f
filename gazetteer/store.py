"""Reads the packaged data files into Place records; the first thing `Gazetteer.load` does."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .errors import DataError
from .model import Place, PlaceName

HERE = Path(__file__).parent
DATA = HERE / "data"
SOURCES = HERE / "sources"
FORMAT = 1


class IndexedName(NamedTuple):
    """A spelling ready for the index: its place, its sound and what kind of name it is."""

    place_id: str
    text: str
    lang: str
    kind: str
    sounds: str


@dataclass(frozen=True, slots=True)
class Content:
    """Places by id and every spelling of theirs."""

    places: dict[str, Place]
    names: tuple[IndexedName, ...]


def read_places(path: Path = DATA / "places.json") -> Content:
    """The records of a places file; DataError when it is missing or of another format."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"The place file {path.name} cannot be read: {error}") from error
    if document.get("format") != FORMAT:
        raise DataError(
            f"{path.name} has format {document.get('format')!r}, this code reads {FORMAT}. "
            "Build it again with 'python -m gazetteer.build'."
        )
    return read_rows(document["places"])


def read_rows(rows: Iterable[list[Any]]) -> Content:
    """Places and names out of the rows of a place file (their order: making/assemble.py)."""
    places: dict[str, Place] = {}
    names: list[IndexedName] = []
    for row in rows:
        (pid, name, kind, parent, adm1, adm2, lat, lng, radius, precision, origin,
         population, geonames, iso, scheme, elsewhere, example, note, spelled) = row  # fmt: skip
        places[pid] = Place(
            pid, name, kind, parent, adm1, adm2, lat, lng, radius, precision,
            tuple(PlaceName(n[0], n[1], n[2], n[3], n[4], n[5] or None, n[6] or None)
                  for n in spelled),
            origin, population, geonames, iso, scheme, tuple(elsewhere), example, note,
        )  # fmt: skip
        names.extend(IndexedName(pid, n[0], n[1], n[3], n[7]) for n in spelled)
    return Content(places, tuple(names))


def read_city_districts(path: Path = SOURCES / "cities.csv") -> dict[str, int]:
    """{town id: how many numbered districts it plausibly has}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["city"]: int(row["districts"]) for row in csv.DictReader(file)}


def read_positions(path: Path = SOURCES / "positions.csv") -> dict[str, float]:
    """{town id: metres that its sources put it apart}, where that is more than 3 km."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["place"]: float(row["metres"]) for row in csv.DictReader(file)}
