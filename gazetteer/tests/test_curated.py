"""Each curated row's example phrase resolves to it, and its coordinate lies where it says."""

from __future__ import annotations

import csv

import pytest

from gazetteer import Gazetteer
from gazetteer.geometry import contains, distance_m
from gazetteer.store import SOURCES

with (SOURCES / "places.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
with (SOURCES / "aliases.csv").open(encoding="utf-8", newline="") as _file:
    ALIASES = list(csv.DictReader(_file))
BORDER_M = 6_000.0  # the 2014 outline's own accuracy at a border crossing


@pytest.mark.parametrize("row", ROWS, ids=lambda r: str(r["id"]))
def test_example_resolves(gaz: Gazetteer, row: dict[str, str]) -> None:
    result = gaz.search(row["example"])
    assert result.best is not None
    assert result.best.id == row["id"]
    assert not result.ambiguous
    assert row["origin"], "a curated row names its origin"


@pytest.mark.parametrize("row", [r for r in ROWS if r["lat"]], ids=lambda r: str(r["id"]))
def test_point_lies_in_a_recorded_parent(gaz: Gazetteer, row: dict[str, str]) -> None:
    lat, lng = float(row["lat"]), float(row["lng"])
    parents = [i for i in gaz.line(gaz.place(row["id"])) if gaz.polygon(i)]
    inside = [i for i in parents if contains(gaz.polygon(i) or {}, lng, lat)]
    if not inside:
        near = min(
            distance_m(lat, lng, y, x)
            for i in parents
            for ring in (gaz.polygon(i) or {})["coordinates"]
            for x, y in (ring if isinstance(ring[0][0], float) else ring[0])
        )
        assert near < BORDER_M
    assert "no open coordinate" not in row["origin"]


def test_rows_without_a_coordinate_say_what_stands_for_them() -> None:
    for row in ROWS:
        if not row["lat"]:
            assert any(
                word in row["origin"]
                for word in ("stands for it", "no open coordinate", "known only", "counted",
                             "plain across", "in COD-AB part")
            ), row["id"]  # fmt: skip


@pytest.mark.parametrize("row", ALIASES, ids=lambda r: f"{r['place']}:{r['text']}")
def test_alias_finds_its_place(gaz: Gazetteer, row: dict[str, str]) -> None:
    place = gaz.place(row["place"])
    found = gaz.search(row["text"], within=f"prov:{place.id.split(':')[1].split('/')[0]}", limit=20)
    assert row["place"] in {c.id for c in found.candidates}


@pytest.mark.parametrize("row", [r for r in ALIASES if r["example"]], ids=lambda r: r["example"])
def test_alias_example_resolves(gaz: Gazetteer, row: dict[str, str]) -> None:
    result = gaz.search(row["example"])
    assert result.best is not None
    assert result.best.id == row["place"]
    assert not result.ambiguous
