"""Vector tiles, decoded: every incident is in its tile, areas are apart, many are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from starlette.testclient import TestClient

from mapapp.domain.access import Role
from mapapp.domain.batch import Batch
from mapapp.domain.vocab import GeoPrecision
from mapapp.exporters.shapes import shape
from mapapp.web.api import tiles as api_tiles
from tests.exporters.extracts import killed, mixed, record, source
from tests.web.api_client import served


@pytest.fixture(scope="module")
def client(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("tiles"), seeds) as own:
        yield own


def layers(client: TestClient, z: int, x: int, y: int, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/tiles/{z}/{x}/{y}.mvt{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    if not answer.content:
        return {}
    found: dict[str, Any] = mapbox_vector_tile.decode(
        answer.content, default_options={"y_coord_down": True}
    )
    return found


def features(found: dict[str, Any], name: str) -> list[dict[str, Any]]:
    own: list[dict[str, Any]] = found.get(name, {}).get("features", [])
    return own


ALL = "?background=1&abroad=1"


def test_the_world_holds_every_mappable_incident(client: TestClient, seeds: Batch) -> None:
    found = layers(client, 0, 0, 0, ALL)
    shapes = {r.id: shape(r.place) for r in seeds.records}
    placed = {key for key, own in shapes.items() if own and own.kind != "area"}
    assert {f["properties"]["id"] for f in features(found, "incidents")} == placed
    areal = [own for own in shapes.values() if own and own.kind == "area"]
    assert sum(f["properties"]["count"] for f in features(found, "areas")) == len(areal)
    assert {f["properties"]["area_id"] for f in features(found, "areas")} == {
        own.area_id for own in areal
    }


def test_a_point_lies_where_the_incident_does(client: TestClient, seeds: Batch) -> None:
    z = 8
    for own in seeds.records:
        drawn = shape(own.place)
        if drawn is None or drawn.kind == "area" or own.background or own.abroad:
            continue
        from math import asinh, pi, radians, tan

        world_x = (drawn.lng / 360 + 0.5) * (1 << z)
        world_y = (0.5 - asinh(tan(radians(drawn.lat))) / (2 * pi)) * (1 << z)
        x, y = int(world_x), int(world_y)
        (found,) = [
            f for f in features(layers(client, z, x, y), "incidents")
            if f["properties"]["id"] == own.id
        ]  # fmt: skip
        px, py = found["geometry"]["coordinates"]
        assert px == pytest.approx((world_x - x) * 4096, abs=1)
        assert py == pytest.approx((world_y - y) * 4096, abs=1)
        assert found["properties"]["geo_precision"] == own.place.geo_precision
        assert ("killed_low" in found["properties"]) == (found["properties"]["killed"] != "unknown")


def test_filters_restrict_tiles(client: TestClient) -> None:
    found = features(layers(client, 0, 0, 0, "?province=AF32"), "incidents")
    assert found
    assert {f["properties"]["adm1_pcode"] for f in found} == {"AF32"}
    assert layers(client, 0, 0, 0, "?q=zzzzqqqq") == {}


def test_where_there_are_many_they_are_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    singles = features(layers(client, 0, 0, 0), "incidents")
    monkeypatch.setattr(api_tiles, "SINGLE_LIMIT", 2)
    for z, x, y in ((0, 0, 0), (5, 21, 12)):
        cells = features(layers(client, z, x, y, "?rule=lowest"), "cells")
        kinds = [
            sum(number for name, number in f["properties"].items() if name != "count")
            for f in cells
        ]
        assert kinds == [f["properties"]["count"] for f in cells]
        if z == 0:
            assert sum(f["properties"]["count"] for f in cells) == len(singles)


@pytest.mark.parametrize(
    ("address", "field"),
    [("15/0/0", "z"), ("-1/0/0", "z"), ("x/0/0", "z"), ("3/8/0", "x"), ("3/0/8", "y"),
     ("3/99999999999999999999/0", "x"), ("3/0/1e3", "y")],
)  # fmt: skip
def test_a_tile_that_cannot_be_is_refused(client: TestClient, address: str, field: str) -> None:
    answer = client.get(f"/api/tiles/{address}.mvt")
    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_tilejson_hands_filters_on(client: TestClient) -> None:
    body = client.get("/api/tiles.json?province=AF32,AF01&q=a b").json()
    assert body["tilejson"] == "3.0.0"
    (address,) = body["tiles"]
    path = address.format(z=0, x=0, y=0).partition("testserver")[2]
    assert client.get(path).status_code == 200
    assert "province=AF32,AF01" in path
    assert {layer["id"] for layer in body["vector_layers"]} == {"incidents", "cells", "areas"}
    assert client.get("/api/tiles.json?colour=red").status_code == 400


def test_figures_in_tiles_are_reckoned_without_private_claims(tmp_path: Path) -> None:
    with served(tmp_path, mixed()) as client:
        found = {
            f["properties"]["id"]: f["properties"]
            for f in features(layers(client, 0, 0, 0), "incidents")
        }
        assert set(found) == {"a-open", "b-mixed", "e-open"}
        own = found["b-mixed"]
        assert (own["killed"], own["killed_high"], own["kind"]) == ("4", 4, "none")
        assert "actors" not in own


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.OWNER])
def test_no_kind_of_a_cell_rests_on_a_private_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    monkeypatch.setattr(api_tiles, "SINGLE_LIMIT", 0)
    with served(tmp_path, mixed(), role=role) as client:
        (cell,) = features(layers(client, 0, 0, 0), "cells")
        assert cell["properties"] == {"count": 3, "none": 3}


def test_a_province_is_never_a_pin(tmp_path: Path) -> None:
    base = record("p")
    place = replace(
        base.place, geo_precision=GeoPrecision.PROVINCE, area_id="prov:herat", radius_m=150000.0
    )
    batch = Batch((source("s1"),), (replace(base, place=place),), (killed("p", "s1", 1),))
    with served(tmp_path, batch) as client:
        found = layers(client, 0, 0, 0)
        assert set(found) == {"areas"}
        (own,) = features(found, "areas")
        assert own["properties"]["area_id"] == "prov:herat"
        assert own["properties"]["count"] == 1
