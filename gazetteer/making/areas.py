"""Makes the country, province and district records with their polygons' label points."""

from __future__ import annotations

import math
import re
from typing import Any

from shapely.ops import unary_union

from ..names.text import slug
from . import boundaries
from .districts import spellings
from .records import AIMS, COD, CURATED, GEONAMES, Places

EARTH_M_PER_DEG = 111_195.0


def add_country(places: Places, provinces: dict[str, Any]) -> None:
    """The country, with the label point of all provinces together."""
    whole = unary_union([provinces[p] for p in sorted(provinces)])
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


def add_provinces(
    places: Places, rows: list[dict[str, str]], joined: dict[str, Any], shapes: dict[str, Any]
) -> dict[str, str]:
    """The 34 provinces; returns {P-code: place id}."""
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
        places.name(place_id, row["name"], "en", "main", CURATED)
        for entry in row["names"].split("|"):
            text, lang = entry.rsplit("@", 1)
            places.name(place_id, text, lang, "main" if lang != "en" else "variant", CURATED)
        for text in spellings(joined[pcode]):
            places.name(place_id, text, "und", "variant", GEONAMES)
    return ids


def add_districts(
    places: Places,
    pcodes: list[dict[str, str]],
    joined: dict[str, Any],
    polygons: dict[str, Any],
    shapes: dict[str, Any],
    ids: dict[str, str],
) -> dict[str, str]:
    """The districts of the crosswalk; returns {P-code: place id}. No polygon, no point."""
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
        places.name(place_id, row["display"], "en", "main", CURATED)
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


def _farthest_m(geometry: Any, lng: float, lat: float) -> float:
    scale = math.cos(math.radians(lat))
    parts = getattr(geometry, "geoms", [geometry])
    return max(
        math.hypot((x - lng) * scale, y - lat) * EARTH_M_PER_DEG
        for part in parts
        for x, y in part.exterior.coords
    )
