"""Layers: a user's own download of GeoNames or COD-AB, kept apart from the packaged data.

`python -m gazetteer import-geonames AF.zip --out my.json` writes one file with its licence
and version; `Gazetteer.with_layer` adds its places and names to the packaged ones.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import DataError
from .model import Place
from .names.phonetics import sound
from .names.text import fold, script_of, slug
from .places import Places
from .store import FORMAT, Content, IndexedName, read_rows

# GeoNames feature codes worth having in conflict reporting, and the placetype each becomes.
FEATURES = {
    "PPL": "settlement", "PPLA": "settlement", "PPLA2": "settlement", "PPLA3": "settlement",
    "PPLC": "settlement", "PPLL": "settlement", "PPLS": "settlement", "PPLX": "neighbourhood",
    "AIRP": "site", "AIRB": "site", "MSQE": "site", "HSP": "site", "FT": "site", "MILB": "site",
    "SHRN": "site", "DAM": "site", "BDG": "site", "PASS": "area", "VAL": "area", "MT": "area",
    "MTS": "area", "LCTY": "area", "AREA": "area",
}  # fmt: skip
RADIUS_M = {"settlement": 1500.0, "neighbourhood": 1500.0, "site": 500.0, "area": 5000.0}
# The name properties that COD-AB releases have used for districts, and their languages.
COD_NAMES = {
    "adm2_en": "en",
    "adm2_name": "en",
    "adm2_da": "fa",
    "adm2_prs": "fa",
    "adm2_name_prs": "fa",
    "adm2_pa": "ps",
}
MEMBER_LIMIT = 400_000_000  # bytes; the Afghan dump is about 6 MB


def _row(
    place_id: str,
    name: str,
    kind: str,
    parent: Place,
    point: tuple[float, float],
    names: list[list[str]],
    population: int | None,
    geonames: int,
) -> list[Any]:
    precision = {"settlement": "settlement", "site": "site"}.get(kind, "neighbourhood")
    codes = (parent.adm1_pcode, parent.adm2_pcode)
    tail: tuple[Any, ...] = (
        None,
        None,
        [],
        None,
        None,
        names,
    )  # ISO code, P-code scheme, other parents, notes
    return [
        *(place_id, name, kind, parent.id, *codes, *point, RADIUS_M[kind], precision),
        *("GeoNames", population, geonames, *tail),
    ]


def import_geonames(base: Places, path: Path, out: Path) -> int:
    """Turn a GeoNames country dump (AF.zip or AF.txt) into a layer; returns its place count.

    Each feature's district is found by its point in the 2014 polygons. Raises DataError for
    a file that is no GeoNames dump.
    """
    known = {p.geonames_id for p in base.places() if p.geonames_id}
    rows: list[list[Any]] = []
    used: set[str] = set()
    for number, line in enumerate(_dump_lines(path), 1):
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 19:
            raise DataError(
                f"{path.name}, line {number}: {len(fields)} fields, a GeoNames dump has 19."
            )
        kind = FEATURES.get(fields[7])
        if fields[8] != "AF" or kind is None or int(fields[0]) in known:
            continue
        lat, lng = float(fields[4]), float(fields[5])
        parent = base.area_at(lat, lng)
        if parent is None:
            continue
        names = [[fields[1], "und", script_of(fields[1]), "main", "GeoNames", "", ""]]
        for text in dict.fromkeys([fields[2], *fields[3].split(",")]):
            if text and script_of(text) != "Zyyy" and fold(text) and text != text.lower():
                names.append([text, "und", script_of(text), "variant", "GeoNames", "", ""])
            elif text and script_of(text) == "Arab" and fold(text):
                names.append([text, "und", "Arab", "variant", "GeoNames", "", ""])
        for entry in names:
            entry.append(sound(fold(entry[0])))
        prefix = {"settlement": "town", "neighbourhood": "nbh"}.get(kind, kind)
        place_id = f"{prefix}:{parent.id[5:]}/{slug(fields[2] or fields[1])}-{fields[0]}"
        if place_id in used:
            continue
        used.add(place_id)
        people = int(fields[14] or 0) or None
        rows.append(_row(place_id, fields[2] or fields[1], kind, parent, (lat, lng), names, people,
                         int(fields[0])))  # fmt: skip
    if not rows:
        raise DataError(f"{path.name} holds no Afghan feature that this gazetteer uses.")
    _write(out, rows, "GeoNames", "CC BY 4.0 (geonames.org)", _dump_date(path))
    return len(rows)


def _dump_lines(path: Path) -> list[str]:
    if path.suffix.lower() == ".zip":
        try:
            with zipfile.ZipFile(path) as archive:
                members = [m for m in archive.infolist() if m.filename.endswith(".txt")
                           and "readme" not in m.filename.lower()]  # fmt: skip
                if len(members) != 1 or members[0].file_size > MEMBER_LIMIT:
                    raise DataError(f"{path.name} does not hold one GeoNames country file.")
                with archive.open(members[0]) as file:
                    return io.TextIOWrapper(file, encoding="utf-8").readlines()
        except zipfile.BadZipFile as error:
            raise DataError(f"{path.name} is not a zip file.") from error
    return path.read_text(encoding="utf-8").splitlines()


def _dump_date(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def import_cod(base: Places, path: Path, out: Path, version: str) -> int:
    """Turn OCHA's ADM2 GeoJSON into a layer of names under the packaged districts' ids.

    Districts are joined by P-code; returns how many were. Raises DataError when the file has
    no P-code property or names a district this gazetteer does not hold.
    """
    by_pcode = {p.adm2_pcode: p for p in base.districts()}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name} is not a GeoJSON FeatureCollection.") from error
    added: list[list[Any]] = []
    unknown: list[str] = []
    for feature in features:
        properties = {str(k).lower(): v for k, v in feature["properties"].items()}
        pcode = properties.get("adm2_pcode")
        if not pcode:
            raise DataError(f"{path.name}: a feature has no ADM2_PCODE property.")
        place = by_pcode.get(pcode)
        if place is None:
            unknown.append(str(pcode))
            continue
        for key, lang in COD_NAMES.items():
            text = properties.get(key)
            if text and fold(str(text)):
                origin = f"COD-AB {version} (OCHA/AGCHO)"
                added.append([place.id, str(text), lang, script_of(str(text)), "variant", origin,
                              "", "", sound(fold(str(text)))])  # fmt: skip
    if not added:
        raise DataError(f"{path.name} names no district of this gazetteer.")
    document = {
        "format": FORMAT, "layer": f"COD-AB {version}", "licence": "CC BY-IGO (OCHA, AGCHO)",
        "version": version, "places": [], "names": added, "unknown_pcodes": sorted(unknown),
    }  # fmt: skip
    out.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return len({row[0] for row in added})


def _write(out: Path, rows: list[list[Any]], layer: str, licence: str, version: str) -> None:
    document = {"format": FORMAT, "layer": layer, "licence": licence, "version": version,
                "places": rows, "names": []}  # fmt: skip
    out.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def read_layer(path: Path) -> dict[str, Any]:
    """A layer file's document; DataError when it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"The layer {path.name} cannot be read: {error}") from error
    if (
        not isinstance(document, dict)
        or document.get("format") != FORMAT
        or "layer" not in document
    ):
        raise DataError(f"{path.name} is not a gazetteer layer of format {FORMAT}.")
    return document


def merge(content: Content, layer: dict[str, Any]) -> Content:
    """The packaged places and names with a layer's added; the packaged ones win an id."""
    extra = read_rows(layer["places"])
    places = {**extra.places, **content.places}
    ordered = {**content.places, **{k: v for k, v in places.items() if k not in content.places}}
    added = [IndexedName(r[0], r[1], r[2], r[4], r[8]) for r in layer["names"] if r[0] in ordered]
    names = [n for n in extra.names if n.place_id not in content.places]
    return Content(ordered, (*content.names, *names, *added))
