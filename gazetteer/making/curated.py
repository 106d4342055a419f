"""Adds the rows of the hand-edited CSVs in sources/; serves the build only."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError
from .packages import read_csv
from .records import CURATED, Places


def add_curated(places: Places, sources: Path) -> None:
    """Places, spellings and disputed parents of the hand-edited CSVs."""
    for row in read_csv(sources / "places.csv"):
        parent = places.records.get(row["parent"])
        if parent is None:
            raise DataError(f"{row['id']}: its parent {row['parent']} is unknown.")
        has_point = bool(row["lat"])
        places.add(
            row["id"],
            name=row["name"],
            placetype=row["placetype"],
            parent=row["parent"],
            adm1=parent.get("adm1"),
            adm2=parent.get("adm2"),
            lat=float(row["lat"]) if has_point else None,
            lng=float(row["lng"]) if has_point else None,
            radius_m=float(row["radius_m"]) if row["radius_m"] else 0.0,
            origin=row["origin"],
            example=row["example"] or None,
            note=row["note"] or None,
        )
        places.name(row["id"], row["name"], "en", "main", CURATED)
        for entry in filter(None, row["names"].split("|")):
            text, lang = entry.rsplit("@", 1) if "@" in entry else (entry, "en")
            places.name(row["id"], text, lang, "variant", CURATED)
    for row in read_csv(sources / "aliases.csv"):
        places.name(
            row["place"],
            row["text"],
            row["lang"],
            row["kind"],
            row["origin"],
            row["from"],
            row["to"],
        )
    for row in read_csv(sources / "names_fa.csv"):
        places.name(row["place"], row["text"], row["lang"], "variant", row["origin"])
    for row in read_csv(sources / "disputes.csv"):
        for place_id in (row["place"], row["other_parent"]):
            if place_id not in places.records:
                raise DataError(f"disputes.csv names the unknown place {place_id}.")
        record = places.records[row["place"]]
        record["elsewhere"] = sorted({*record.get("elsewhere", []), row["other_parent"]})
        record["note"] = row["note"]
