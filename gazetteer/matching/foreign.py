"""Knows what names and points lie abroad: the list that the build makes, and our own additions."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ..geometry import distance_m
from ..names.phonetics import sound
from ..names.text import fold
from ..store import DATA, SOURCES

LARGE = 100_000  # people of a city that is named without its country
COUNTRY_PEOPLE = 10_000_000


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A name abroad: its country ('' for a group), what it names, and how many people."""

    country: str
    kind: str
    people: int


class Foreign:
    """Names of other countries, and of groups that bear the name of a region."""

    def __init__(self, built: Path = DATA / "foreign.csv", curated: Path = SOURCES / "foreign.csv"):
        self._names: dict[str, ForeignName] = {}
        self._sounds: dict[str, ForeignName] = {}
        self._towns: list[tuple[float, float, str]] = []
        with built.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                people = COUNTRY_PEOPLE if row["kind"] == "country" else int(row["people"])
                self._names[row["name"]] = ForeignName(row["country"], row["kind"], people)
                if row["lat"]:
                    self._towns.append((float(row["lat"]), float(row["lng"]), row["country"]))
        with curated.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                kind = "country" if row["name"] == row["country"] else "city"
                known = ForeignName(row["country"], kind, COUNTRY_PEOPLE)
                self._sounds[sound(fold(row["name"]))] = known

    def find(self, name: str) -> ForeignName | None:
        """What a name means abroad, or None; spelled as listed, or sounding like our own rows."""
        folded = fold(name)
        if not folded:
            return None
        return self._names.get(folded) or self._sounds.get(sound(folded))

    def country_at(self, lat: float, lng: float) -> str | None:
        """The neighbour whose listed town is nearest to a point abroad."""
        nearest = min(self._towns, key=lambda t: distance_m(lat, lng, t[0], t[1]), default=None)
        return nearest[2] if nearest else None
