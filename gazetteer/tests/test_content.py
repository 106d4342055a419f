"""Every record of the packaged data is visited: ids, parents, names, codes and geometry."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import pairwise

import pytest

from gazetteer import Gazetteer, UnknownPlaceError
from gazetteer.geometry import contains
from gazetteer.model import GEO_PRECISIONS, PLACETYPES
from gazetteer.names.phonetics import sound
from gazetteer.names.text import fold, script_of
from gazetteer.store import SOURCES, read_places

ID = re.compile(r"^(country|prov|dist|town|nbh|site|crossing|area|road):[a-z0-9/-]+$")


def test_counts(gaz: Gazetteer) -> None:
    kinds = Counter(p.placetype for p in gaz.places())
    assert kinds["province"] == 34
    assert kinds["district"] == 401
    assert kinds["settlement"] >= 319
    assert len(gaz.polygons("province")["features"]) == 34
    assert len(gaz.polygons("district")["features"]) == 398


def test_every_record(gaz: Gazetteer) -> None:
    for place in gaz.places():
        assert ID.match(place.id), place.id
        assert place.placetype in PLACETYPES
        assert place.geo_precision in GEO_PRECISIONS
        assert all((place.name, place.names, place.origin)), place.id
        assert any(n.lang == "en" and n.kind == "main" for n in place.names), place.id
        assert place.radius_m > 0, place.id
        assert (place.lat is None) == (place.lng is None)
        if place.lat is not None and place.lng is not None:
            assert 29.0 < place.lat < 39.0, place.id
            assert 60.0 < place.lng < 75.0, place.id
        for other in (place.parent_id, *place.parents_elsewhere):
            assert other is None or other in gaz, place.id
        line = gaz.ancestors(place.id)
        assert place.id == "country:af" or line[-1].id == "country:af"
        if place.placetype not in ("country", "province"):
            assert all(a.adm1_pcode == place.adm1_pcode for a in line[:-1] if a.adm1_pcode)


def test_every_name(gaz: Gazetteer) -> None:
    for place in gaz.places():
        for name in place.names:
            assert name.script == script_of(name.text), (place.id, name.text)
            assert name.lang in ("en", "fa", "ps", "und"), (place.id, name.text)
            assert name.kind in ("main", "variant", "alternative", "former", "abbreviation")
            assert name.origin, (place.id, name.text)
    for indexed in read_places().names:
        assert indexed.sounds == sound(fold(indexed.text)), indexed.text


def test_every_district_has_a_name_in_its_own_script(gaz: Gazetteer) -> None:
    missing = [d.id for d in gaz.districts() if not any(n.script == "Arab" for n in d.names)]
    assert missing == []


def test_pcodes_are_those_of_cod_ab(gaz: Gazetteer) -> None:
    with (SOURCES / "pcodes.csv").open(encoding="utf-8", newline="") as file:
        rows = {r["pcode"]: r for r in csv.DictReader(file)}
    districts = {p.adm2_pcode: p for p in gaz.districts()}
    assert set(districts) == {p for p, r in rows.items() if r["level"] == "2"}
    for pcode, place in districts.items():
        assert place.adm1_pcode == rows[pcode or ""]["parent_pcode"]
        assert place.pcode_scheme == "COD-AB v03 (OCHA/AGCHO)"
    assert gaz.place("dist:samangan/khulm").adm2_pcode == "AF2008"
    assert rows["AF2008"]["pcode_2021"] == "AF2110"


def test_iso_codes_and_geonames_ids_are_unique(gaz: Gazetteer) -> None:
    isos = [p.iso_3166_2 for p in gaz.provinces()]
    assert len(set(isos)) == 34
    ids = [p.geonames_id for p in gaz.places() if p.geonames_id]
    assert len(ids) == len(set(ids))
    without = [d.id for d in gaz.districts() if d.geonames_id is None]
    assert sorted(without) == [
        "dist:balkh/hairatan",
        "dist:daykundi/patoo",
        "dist:uruzgan/chinarto",
    ]


def test_label_points_lie_in_their_polygons(gaz: Gazetteer) -> None:
    for level in ("province", "district"):
        for feature in gaz.polygons(level)["features"]:
            p = feature["properties"]
            assert contains(feature["geometry"], p["label_lng"], p["label_lat"]), p["id"]
            assert gaz.polygon(p["id"]) == feature["geometry"]


def test_borders_are_shared_to_the_vertex(gaz: Gazetteer) -> None:
    """Each edge of a district is either an edge of exactly one neighbour or of the outside."""
    edges: Counter[frozenset[tuple[float, ...]]] = Counter()
    for feature in gaz.polygons("district")["features"]:
        geometry = feature["geometry"]
        parts = (
            geometry["coordinates"]
            if geometry["type"] == "MultiPolygon"
            else [geometry["coordinates"]]
        )
        for part in parts:
            for ring in part:
                edges.update(frozenset((tuple(a), tuple(b))) for a, b in pairwise(ring))
    assert max(edges.values()) == 2
    assert sum(n == 2 for n in edges.values()) > 0.8 * len(edges)


def test_disputes_are_recorded_both_ways(gaz: Gazetteer) -> None:
    gizab = gaz.place("dist:uruzgan/gizab")
    assert "prov:daykundi" in gizab.parents_elsewhere
    for place_id in ("dist:farah/anar-dara", "dist:samangan/khulm", "area:nimroz/dilaram",
                     "dist:helmand/sangin"):  # fmt: skip
        place = gaz.place(place_id)
        assert all((place.parents_elsewhere, place.note)), place_id


def test_renamings_carry_their_dates(gaz: Gazetteer) -> None:
    former = [n for n in gaz.place("town:ghor/firozkoh").names if n.kind == "former"]
    assert {n.text for n in former} >= {"Chaghcharan"}
    assert all(n.used_to == "2014" for n in former)


def test_city_districts_exist_by_rule(gaz: Gazetteer) -> None:
    place = gaz.place("cd:herat/herat/4")
    assert (place.placetype, place.parent_id) == ("city_district", "town:herat/herat")
    assert place.lat is None
    assert gaz.effective_geometry(place.id)[3] == "settlement"
    for unknown in ("cd:herat/herat/99", "cd:herat/nowhere/1", "cd:herat/herat/x", "prov:x"):
        with pytest.raises(UnknownPlaceError, match="No place has the id"):
            gaz.place(unknown)


def test_districts_without_a_polygon_stand_in_their_parent(gaz: Gazetteer) -> None:
    lat, lng, radius_m, precision, area = gaz.effective_geometry("dist:daykundi/patoo")
    assert (precision, area) == ("province", "prov:daykundi")
    assert gaz.polygon("dist:daykundi/patoo") is None
    assert radius_m > 10_000
    assert contains(gaz.polygon("prov:daykundi") or {}, lng, lat)
