"""Invented rows under GED's real header, for tests of importing at any size."""

from __future__ import annotations

import csv
import random
from pathlib import Path

Cells = dict[str, str | int | float]

HEADER = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip

_PLACES = (
    ("Kabul city", "Kabul province", "Kabul district", 34.531094, 69.162796),
    ("Kandahar city", "Kandahar province", "Kandahar district", 31.611795, 65.705795),
    ("Shindand town", "Hirat province", "Shindand district", 33.303, 62.147),
    ("Jurm town", "Badakhshan province", "Jurm district", 36.8648, 70.8342),
)


def row(number: int, **changes: str | int | float) -> Cells:
    """One sound event, the same for the same number."""
    dice = random.Random(number)  # noqa: S311 - data for tests, not secrets
    kind = dice.choice((1, 1, 2, 3))
    place, adm_1, adm_2, lat, lng = dice.choice(_PLACES)
    parts = [dice.randint(0, 4) for _ in range(4)] if kind != 3 else [0, 0, dice.randint(1, 9), 0]
    best = sum(parts)
    day = f"20{dice.randint(10, 22)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    where_prec = dice.choice((1, 1, 2, 3, 4, 6))
    own: Cells = {
        "id": number, "year": day[:4], "active_year": 1, "code_status": "Clear",
        "type_of_violence": kind, "side_a": "Government of Afghanistan" if kind != 3 else "IS",
        "side_b": {1: "Taleban", 2: "IS", 3: "Civilians"}[kind], "number_of_sources": 1,
        "source_article": f'"An invented agency,{day},Event {number}"', "where_prec": where_prec,
        "where_coordinates": place, "adm_1": adm_1, "adm_2": adm_2, "latitude": lat,
        "longitude": lng, "country": "Afghanistan", "country_id": 700, "region": "Asia",
        "event_clarity": 1, "date_prec": 1, "date_start": day, "date_end": day,
        "deaths_a": parts[0], "deaths_b": parts[1], "deaths_civilians": parts[2],
        "deaths_unknown": parts[3], "best": best, "high": best + dice.randint(0, 5),
        "low": max(0, best - dice.randint(0, 3)),
    }  # fmt: skip
    return own | changes


def write(path: Path, rows: list[Cells]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
