"""Layers: an owner's own list of villages or COD-AB file, kept apart from the packaged data.

`python -m gazetteer import-geonames AF.zip` writes one file with its licence and version into
the folder of layers, which `Gazetteer.load` reads; it lies outside the program and outlives its
upgrades. `Gazetteer.with_layer` adds one layer by hand.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import DataError
from .model import OWN_LIST
from .names.phonetics import sound
from .names.text import fold, script_of, slug
from .places import Places
from .reading.segments import PARENTHESIS
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
# The titles, without signs and in lower case, that tables of settlements give their columns.
COLUMNS = {
    "name": ("name_en", "name_eng", "village_name_e", "vill_name_e", "village_name", "village",
             "settlement_name", "settlement", "asciiname", "name", "place"),
    "latitude": ("latitude", "lat", "y", "lat_y", "point_y", "y_coord"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "lon_x", "point_x", "x_coord"),
}  # fmt: skip
OTHER_NAMES = ("name", "name_fa", "name_prs", "name_dari", "name_dr", "vill_name_d", "name_ps",
               "name_pashto", "alt_name", "int_name", "old_name")  # fmt: skip
MEMBER_LIMIT = 400_000_000  # bytes; the Afghan dump is about 6 MB


def layers_folder() -> Path:
    """Where layers are kept: `GAZETTEER_LAYERS`, else a folder in the user's own data."""
    named = os.environ.get("GAZETTEER_LAYERS")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "afghan-gazetteer"


def kept_layers() -> list[Path]:
    """The layer files that `Gazetteer.load` reads, in the order of their names."""
    return sorted(layers_folder().glob("*.json"))


def import_geonames(base: Places, path: Path, out: Path) -> int:
    """Turn a GeoNames country dump (AF.zip or AF.txt) into a layer; returns its place count.

    Each feature's district is found by its point in the 2014 polygons. Raises DataError for
    a file that is no GeoNames dump.
    """
    known = {p.geonames_id for p in base.places() if p.geonames_id}
    rows = _Rows(base, f"GeoNames, {OWN_LIST}")
    for number, line in enumerate(_dump_lines(path), 1):
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 19:
            raise DataError(
                f"{path.name}, line {number}: {len(fields)} fields, a GeoNames dump has 19."
            )
        kind = FEATURES.get(fields[7])
        if fields[8] != "AF" or kind is None or int(fields[0]) in known:
            continue
        names = [fields[1], fields[2], *fields[3].split(",")]
        point = (float(fields[4]), float(fields[5]))
        rows.add(kind, point, names, fields[0], int(fields[14] or 0) or None, int(fields[0]))
    if not rows.rows:
        raise DataError(f"{path.name} holds no Afghan feature that this gazetteer uses.")
    _write(out, rows.rows, "GeoNames", "CC BY 4.0 (geonames.org)", _dump_date(path))
    return len(rows.rows)


def import_settlements(base: Places, path: Path, out: Path, licence: str) -> int:
    """Turn a CSV table of settlements (HDX, OpenStreetMap, one's own) into a layer.

    The columns of the name, its other spellings and the point are found by their titles
    (`NAME_COLUMNS` and so on). Returns the place count; raises DataError where a column is
    missing, or a row's point cannot be read.
    """
    rows = _Rows(base, f"{path.stem}, {OWN_LIST}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        titles = {_title(t): t for t in reader.fieldnames or () if t}
        found = {role: next((titles[t] for t in wanted if t in titles), None)
                 for role, wanted in COLUMNS.items()}  # fmt: skip
        missing = [role for role, title in found.items() if title is None]
        if missing:
            raise DataError(
                f"{path.name} has no column for {', '.join(missing)}. Give one of the titles "
                + "; ".join(f"{role}: {', '.join(COLUMNS[role])}" for role in missing) + "."
            )  # fmt: skip
        others = [titles[t] for t in OTHER_NAMES if t in titles]
        for number, row in enumerate(reader, 2):
            try:
                point = (float(row[found["latitude"] or ""]), float(row[found["longitude"] or ""]))
            except (TypeError, ValueError) as error:
                raise DataError(f"{path.name}, line {number}: the point cannot be read.") from error
            names = [row[found["name"] or ""] or "", *(row[t] or "" for t in others)]
            rows.add("settlement", point, names, str(number), None, None)
    if not rows.rows:
        raise DataError(f"{path.name} holds no settlement in Afghanistan.")
    _write(out, rows.rows, path.stem, licence, _dump_date(path))
    return len(rows.rows)


def _title(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


class _Rows:
    """The rows of a layer under construction; places outside Afghanistan are left out."""

    def __init__(self, base: Places, origin: str) -> None:
        self._base = base
        self._origin = origin
        self._used: set[str] = set()
        self.rows: list[list[Any]] = []

    def add(
        self,
        kind: str,
        point: tuple[float, float],
        texts: Sequence[str],
        key: str,
        people: int | None,
        geonames: int | None,
    ) -> None:
        """One place under its first name; `key` tells it from others of the same name."""
        parent = self._base.area_at(*point)
        # "Abdul Haq (2)", "Ashak (Asheq)": lists tell homonyms apart so, or give another spelling
        bare = [part for text in texts for part in (PARENTHESIS.sub(" ", text),
                                                    *PARENTHESIS.findall(text))
                if "(" in text and not part.strip().isdigit()]  # fmt: skip
        texts = [t.strip() for t in (*texts, *bare) if _usable(t.strip())]
        if parent is None or not texts:
            return
        prefix = {"settlement": "town", "neighbourhood": "nbh"}.get(kind, kind)
        name = next((t for t in texts if script_of(t) == "Latn"), texts[0])
        place_id = f"{prefix}:{parent.id[5:]}/{slug(name) or 'place'}-{key}"
        if place_id in self._used or place_id in self._base:
            return
        self._used.add(place_id)
        names = [
            [text, "und", script_of(text), "variant" if i else "main", self._origin, "", "",
             sound(fold(text))]
            for i, text in enumerate(dict.fromkeys(texts))
        ]  # fmt: skip
        precision = {"settlement": "settlement", "site": "site"}.get(kind, "neighbourhood")
        self.rows.append([
            place_id, name, kind, parent.id, parent.adm1_pcode, parent.adm2_pcode, *point,
            RADIUS_M[kind], precision, self._origin, people, geonames,
            None, None, [], None, None, names,  # ISO code, P-code scheme, other parents, notes
        ])  # fmt: skip


def _usable(text: str) -> bool:
    """A spelling in Latin or Arabic script; GeoNames' lower-case machine romanisations are not."""
    script = script_of(text)
    plain = script == "Arab" or (script == "Latn" and text != text.lower())
    return plain and bool(fold(text))


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
    out.parent.mkdir(parents=True, exist_ok=True)
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
    for place in extra.places.values():
        if place.parent_id not in places:
            raise DataError(
                f"The layer {layer['layer']} names the area {place.parent_id}, which this version "
                "does not hold: import the list again."
            )
    ordered = {**content.places, **{k: v for k, v in places.items() if k not in content.places}}
    added = [IndexedName(r[0], r[1], r[2], r[4], r[8]) for r in layer["names"] if r[0] in ordered]
    names = [n for n in extra.names if n.place_id not in content.places]
    return Content(ordered, (*content.names, *names, *added))
