"""Where synthetic incidents happen: spots at real places of the gazetteer (serves the generator).

A spot is a place as the map may draw it, with its precision and weight. Towns hold several fixed
sites and city districts, so that many incidents share one coordinate, as in coded data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks import shares
from gazetteer import Gazetteer
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.places import place_ref
from mapapp.snapshot.columns import fold_text
from mapapp.snapshot.schema import BASE

#: Columns of `BASE` that a spot gives.
COLUMNS = (
    "country", "abroad", "place_id", "place_text", "place_name", "adm1_pcode", "adm1_name",
    "adm2_pcode", "adm2_name", "geo_precision", "lat", "lng", "radius_m", "area_id", "mappable",
)  # fmt: skip

_M_PER_DEGREE = 111_320.0

_ABROAD = (
    ("Peshawar", "PAK", 34.008, 71.579),
    ("Quetta", "PAK", 30.199, 67.010),
    ("Zahedan", "IRN", 29.497, 60.863),
)


@dataclass(frozen=True, slots=True)
class Spots:
    """`table` has `COLUMNS` and `folded` (the place's words as the text filter compares them);
    `within[precision]` are rows of it and `odds[precision]` how likely each is; `abroad` rows.
    """

    table: pa.Table
    within: dict[str, NDArray[np.int64]]
    odds: dict[str, NDArray[np.float64]]
    abroad: NDArray[np.int64]


@lru_cache(maxsize=1)
def spots() -> Spots:
    """The spots of the packaged gazetteer, always the same."""
    gazetteer = Gazetteer.load()
    layout = np.random.default_rng(34)  # where sites lie in a town is no matter of the seed
    found: list[tuple[str, PlaceRef, float]] = []
    province = {p.adm1_pcode: shares.PROVINCE_WEIGHT.get(p.name, 1.0) for p in
                gazetteer.provinces()}  # fmt: skip
    for place in gazetteer.places():
        if place.placetype == "settlement" and place.lat is not None:
            town = place_ref(gazetteer, place.id, place.name)
            weight = province[place.adm1_pcode] * (place.population or 3000) ** 0.5
            found.append(("settlement", town, weight))
            found += _inside(town, weight, layout)
        elif place.placetype in ("district", "province"):
            area = place_ref(gazetteer, place.id, place.name)
            found.append((place.placetype, area, province[place.adm1_pcode]))
        elif place.placetype == "country":
            found.append(("country", place_ref(gazetteer, place.id, place.name), 1.0))
    rows = [_row(where) for _, where, _ in found]
    rows += [_abroad_row(*town) for town in _ABROAD]
    fields = [BASE.field(name) for name in COLUMNS]
    table = pa.Table.from_pylist(rows, schema=pa.schema([*fields, pa.field("folded", pa.string())]))
    levels = np.array([level for level, _, _ in found])
    weights = np.array([weight for _, _, weight in found])
    within = {level: np.flatnonzero(levels == level) for level in shares.GEO_PRECISION}
    odds = {level: weights[at] / weights[at].sum() for level, at in within.items()}
    return Spots(table, within, odds, np.arange(len(found), len(rows)))


def _inside(
    town: PlaceRef, weight: float, layout: np.random.Generator
) -> list[tuple[str, PlaceRef, float]]:
    """Sites and city districts of a town, more in a larger one."""
    assert town.lat is not None
    assert town.lng is not None
    reach = (town.radius_m or 3000.0) * 0.4
    count = int(min(40, 3 + weight / 60))
    found = []
    for level, many, radius_m in (("site", count, 150.0), ("neighbourhood", count // 2, 1500.0)):
        for number in range(1, many + 1):
            east, north = layout.normal(0, reach, 2)
            lat = town.lat + north / _M_PER_DEGREE
            lng = town.lng + east / (_M_PER_DEGREE * math.cos(math.radians(town.lat)))
            where = PlaceRef(
                text=f"{'Site' if level == 'site' else 'Police District'} {number} of {town.name}",
                place_id=town.place_id,
                name=town.name,
                adm1_pcode=town.adm1_pcode,
                adm1_name=town.adm1_name,
                adm2_pcode=town.adm2_pcode,
                adm2_name=town.adm2_name,
                geo_precision=GeoPrecision(level),
                lat=round(lat, 5),
                lng=round(lng, 5),
                radius_m=radius_m,
            )
            # The first site of a town is its square: most happens there.
            found.append((level, where, weight / number))
    return found


def _row(where: PlaceRef) -> dict[str, object]:
    words = [where.text, where.name, where.adm1_name or "", where.adm2_name or ""]
    return {
        "country": "AFG",
        "abroad": False,
        "place_id": where.place_id,
        "place_text": where.text,
        "place_name": where.name,
        "adm1_pcode": where.adm1_pcode,
        "adm1_name": where.adm1_name,
        "adm2_pcode": where.adm2_pcode,
        "adm2_name": where.adm2_name,
        "geo_precision": str(where.geo_precision),
        "lat": where.lat,
        "lng": where.lng,
        "radius_m": where.radius_m,
        "area_id": where.area_id,
        "mappable": where.mappable,
        "folded": "\n".join(dict.fromkeys(fold_text(word) for word in words if word)),
    }


def _abroad_row(name: str, country: str, lat: float, lng: float) -> dict[str, object]:
    where = PlaceRef(
        text=name, name=name, geo_precision=GeoPrecision.SETTLEMENT,
        lat=lat, lng=lng, radius_m=5000.0,
    )  # fmt: skip
    return _row(where) | {"country": country, "abroad": True}
