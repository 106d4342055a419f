"""Makes the town records out of GeoNames' populated places; serves the build only."""

from __future__ import annotations

import math
import re
from typing import Any

from shapely import Point

from ..names.phonetics import likeness, sound
from ..names.text import fold, script_of, slug
from . import packages
from .records import CURATED, GEONAMES, KIND, ORIGIN, SOUND, Places

# A town's disc grows with the root of its population; 1.5 km where GeoNames gives none.
TOWN_RADIUS_M = 1_500.0
LARGEST_TOWN_M = 12_000.0
M_PER_ROOT_OF_THOUSAND = 180.0
VARIANT_LIKENESS = 0.85  # a GeoNames alternate less alike is another name, not a spelling
SHORTEST_SHARED = 5  # letters: 'Barak' is other people's name, too
_OFFICES = (
    "Wulêswālī|Woluswālī|Wuluswālī|‘?Alāqahdārī(?:-ye)?|Ḩukūmatī?(?:-e)?|Markaz-e Ḩukūmat-e"
    "|Markaz-e Woluswalī-ye|Markaz-e|Bāzār-e|[SZ]ar-e Ḩukūmat-e"
)
# GeoNames puts the office before or after the name: 'Wulêswālī Bihsūd', 'Zīṟūk ‘Alāqahdārī'.
_OFFICE = re.compile(rf"^(?:{_OFFICES})\s+|\s+(?:Wuluswālī|‘Alāqahdārī|Bāzār)$")
_OTHER_SCRIPT = re.compile(
    r"[^\W\d_a-zA-Z\u00c0-\u024f\u1e00-\u1eff\u0600-\u06ff\u0300-\u036f\u02b0-\u02ff]"
)


def add_towns(
    places: Places,
    towns: list[packages.Town],
    curated: list[dict[str, str]],
    subdivisions: list[packages.Subdivision],
    joined: dict[str, Any],
    polygons: dict[str, Any],
    ids: dict[str, str],
) -> None:
    """GeoNames' populated places, each in the district whose polygon holds it."""
    named = {int(r["geonames_id"]): r for r in curated}
    pcode_of = {row.geonames_id: pcode for pcode, row in joined.items()}
    province_of = {
        s.code.split(".")[1]: pcode_of[s.geonames_id] for s in subdivisions if s.level == 1
    }
    for town in sorted(towns, key=lambda t: (-t.population, t.geonames_id)):
        point = Point(town.lng, town.lat)
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
        places.name(place_id, name, "en", "main", CURATED if row["name"] else GEONAMES)
        own = [sound(fold(name)), *(sound(fold(s)) for s in spelled[:1])]
        for text in spelled:
            if not fold(text) or len(text) < 3 or text.isupper():
                continue
            near = max(likeness(o, sound(fold(text))) for o in own) >= VARIANT_LIKENESS
            places.name(place_id, text, "und", "variant" if near else "alternative", GEONAMES)


def _town_radius_m(population: int) -> float:
    grown = M_PER_ROOT_OF_THOUSAND * math.sqrt(population / 1000.0)
    return float(round(min(LARGEST_TOWN_M, max(TOWN_RADIUS_M, grown)), -2))


def _plain(name: str) -> str:
    """The ASCII form of a GeoNames spelling, capitals and hyphens kept."""
    stripped = _OFFICE.sub("", name)
    words = re.split(r"([ -])", stripped)
    out = []
    for word in words:
        folded = fold(word).replace(" ", "") if word not in (" ", "-") else word
        if word[:1].isupper() or (folded and not word[:1].isalpha()):
            folded = folded.capitalize()
        out.append(folded)
    return "".join(out)


def _usable(text: str) -> bool:
    """Latin or Arabic-script spellings; GeoNames' all-lower-case machine romanisations not."""
    script = script_of(text)
    if script == "Zyyy" or _OTHER_SCRIPT.search(text):
        return False
    if script == "Arab":
        return not re.search("[a-z]", text)
    return text != text.lower()


def share_spellings(places: Places) -> None:
    """Districts take the spellings of the town that bears their name; what a source spells like
    another district of the province becomes an alternative name."""
    districts = {r["adm2"]: r for r in places.records.values() if r["placetype"] == "district"}
    for town in [r for r in places.records.values() if r["placetype"] == "settlement"]:
        district = districts.get(town["adm2"])
        spelled = [n for n in town["names"] if n[KIND] != "alternative"]
        own = [n for n in (district["names"] if district else []) if n[KIND] != "alternative"]
        if district is None or not {n[SOUND] for n in own} & {n[SOUND] for n in spelled}:
            continue
        for text, lang, script, _, origin, *_ in spelled:
            if script == "Arab" or len(fold(text)) >= SHORTEST_SHARED:
                places.name(district["id"], text, lang, "variant", origin)
    named = {
        (r["adm1"], n[SOUND]): r["id"]
        for r in districts.values() for n in r["names"] if n[KIND] == "main" or n[ORIGIN] == CURATED
    }  # fmt: skip
    for record in districts.values():
        for name in record["names"]:
            bearer = named.get((record["adm1"], name[SOUND]), record["id"])
            if bearer != record["id"] and name[ORIGIN] == GEONAMES:
                name[KIND] = "alternative"
