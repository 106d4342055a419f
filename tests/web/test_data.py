"""The data routes over a real store: bodies decoded, features counted, hostile parameters."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.store import Store
from mapapp.web import columns, view
from tests.store.generate import HOSTILE
from tests.web.conftest import client_of

AREAL = ("district", "province")


def get(client: TestClient, address: str, **params: str) -> Any:
    response = client.get(address, params=params)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_view_holds_every_mappable_seed_once(client: TestClient, seeds: Batch) -> None:
    body = get(client, "/data/view")
    ids = [incident["id"] for incident in body["incidents"]]
    expected = {
        r.id for r in seeds.records if r.place.mappable and not r.background and not r.abroad
    }
    assert sorted(ids) == sorted(expected)
    assert body["mode"] == "incidents"
    assert body["covers"] is None
    counts = body["counts"]
    assert counts["mappable"] + counts["not_mappable"] == counts["total"]
    assert counts["mappable"] == len(ids)


def test_nothing_known_only_to_an_area_is_given_as_a_point(client: TestClient) -> None:
    for incident in get(client, "/data/view", background="1")["incidents"]:
        assert incident["areal"] == (incident["geo_precision"] in AREAL)
        assert bool(incident["area_id"]) or not incident["areal"]


def test_every_area_has_an_outline(client: TestClient) -> None:
    outlines = {
        feature["properties"]["id"]
        for level in ("provinces", "districts")
        for feature in get(client, f"/assets/geo/{level}.json")["features"]
    }
    areas = {i["area_id"] for i in get(client, "/data/view")["incidents"] if i["areal"]}
    assert areas
    assert areas <= outlines


def test_a_filter_narrows_the_view_as_it_does_the_figures(
    client: TestClient, seeds_store: Store
) -> None:
    body = get(client, "/data/view", kind="claimed")
    expected = Dashboard(seeds_store.current()).figures(Selection(kinds=("claimed",)))
    assert body["counts"]["total"] == expected.incidents
    assert 0 < body["counts"]["total"] < get(client, "/data/view")["counts"]["total"]


def test_days_do_not_narrow_the_view_since_the_browser_scrubs_them(client: TestClient) -> None:
    assert (
        get(client, "/data/view", **{"from": "2030-01-01"})["incidents"]
        == get(client, "/data/view")["incidents"]
    )


def test_dates_are_iso_days_or_null(invented: TestClient) -> None:
    incidents = get(invented, "/data/view", background="1", abroad="1")["incidents"]
    for incident in incidents:
        for side in ("earliest", "latest"):
            assert incident[side] is None or len(incident[side]) == 10
    assert any(i["earliest"] is None for i in incidents)


def test_hostile_text_arrives_as_it_was_written(invented: TestClient) -> None:
    incidents = get(invented, "/data/view", background="1", abroad="1")["incidents"]
    written = " ".join(i["title"] + i["place"] for i in incidents)
    assert any(text in written for text in HOSTILE)
    response = invented.get("/data/view")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("zoom", [0, 5, 9, 22])
def test_cells_and_areas_count_what_the_figures_count(
    invented: TestClient, monkeypatch: pytest.MonkeyPatch, zoom: int
) -> None:
    monkeypatch.setattr(view, "SINGLE_LIMIT", 0)
    monkeypatch.setattr(view, "AREAL_LIMIT", 0)
    body = get(invented, "/data/view", zoom=str(zoom), bbox="-180,-90,180,90")
    assert body["mode"] == "cells"
    total = sum(cell["count"] for cell in body["cells"] + body["areas"])
    assert total == body["counts"]["mappable"] > 0
    for cell in body["cells"] + body["areas"]:
        assert sum(cell["mix"].values()) == cell["count"]


def test_bins_sum_to_their_cells(invented: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "SINGLE_LIMIT", 0)
    question = {"zoom": "6", "bbox": "-180,-90,180,90"}
    cells = {
        cell["key"]: cell["count"] for cell in get(invented, "/data/view", **question)["cells"]
    }
    bins = get(invented, "/data/bins", step="week", **question)
    assert bins["starts"] == sorted(bins["starts"])
    assert bins["keys"]
    totals: Counter[str] = Counter()
    columns = (bins[name] for name in ("cell", "first", "last", "count"))
    for cell, first, last, count in zip(*columns, strict=True):
        totals[bins["keys"][cell]] += count
        assert 0 <= first <= last < len(bins["starts"])
    for key, count in totals.items():
        assert count <= cells[key]  # undated ones are in no bin


def test_packed_bins_hold_what_the_json_holds(
    invented: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SINGLE_LIMIT", 0)
    question = {"zoom": "6", "step": "month"}
    plain = get(invented, "/data/bins", **question)
    response = invented.get("/data/bins", params=question, headers={"Accept": columns.PACKED})
    assert response.headers["content-type"] == columns.PACKED
    assert "Accept" in response.headers["vary"]
    assert response.headers["etag"] != invented.get("/data/bins", params=question).headers["etag"]
    packed = response.content
    head = int.from_bytes(packed[:4], "little")
    found = json.loads(packed[4 : 4 + head])
    for name, kind, length, offset in found.pop("columns"):
        own = np.frombuffer(packed, kind.lower(), length, 4 + head + offset)
        found[name] = own.tolist()
    assert found == plain


def test_areas_follow_the_days_as_the_figures_do(
    invented: TestClient, invented_store: Store
) -> None:
    days = {"from": "2022-01-01", "to": "2022-12-31"}
    body = get(invented, "/data/counts", **days)
    selection = Selection(
        geo_precisions=AREAL, date_from=date(2022, 1, 1), date_to=date(2022, 12, 31)
    )
    expected = Dashboard(invented_store.current()).picture(selection, None, 6).mappable
    assert sum(area["count"] for area in body["areas"]) == expected > 0
    whole = sum(area["count"] for area in get(invented, "/data/counts")["areas"])
    assert whole > expected
    assert get(invented, "/data/counts", place_precision="site")["areas"] == []


def test_singles_of_a_part_of_the_map_come_with_what_they_cover(
    invented: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SINGLE_LIMIT", 150)
    body = get(invented, "/data/view", bbox="69.0,34.4,69.4,34.6", zoom="11")
    assert body["mode"] == "incidents"
    assert body["covers"] == [69.0, 34.4, 69.4, 34.6]
    points = [i for i in body["incidents"] if not i["areal"]]
    assert 0 < len(points) <= 150
    whole = get(invented, "/data/view", place_precision="district,province")
    # Areas are never cut: their label point may lie outside a view that they fill.
    assert len(body["incidents"]) - len(points) == whole["counts"]["mappable"]


def test_only_areas_asked_for_gives_no_cells(
    invented: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SINGLE_LIMIT", 0)
    body = get(invented, "/data/view", place_precision="province", bbox="60,29,75,39")
    assert body["incidents"]
    assert all(i["geo_precision"] == "province" for i in body["incidents"])


@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_the_series_is_without_gaps_and_holds_the_certain_in_the_possible(
    client: TestClient, step: str
) -> None:
    body = get(client, "/data/series", step=step)
    assert body["start"] == sorted(set(body["start"]))
    assert len(body["start"]) == len(body["certain"]) == len(body["possible"]) > 0
    assert all(0 <= c <= p for c, p in zip(body["certain"], body["possible"], strict=True))


def test_an_empty_store_answers_with_nothing_and_no_fault(empty_store: Store) -> None:
    client = client_of(lambda: empty_store)
    assert get(client, "/data/view")["incidents"] == []
    assert get(client, "/data/series")["start"] == []
    assert get(client, "/data/bins")["keys"] == []


def test_unknown_parameters_are_named_and_do_no_harm(client: TestClient) -> None:
    body = get(client, "/data/view", kinnd="claimed", killed="many")
    assert {warning["field"] for warning in body["warnings"]} == {"kinnd", "killed"}
    assert all(warning["remedy"] for warning in body["warnings"])
    assert body["incidents"] == get(client, "/data/view")["incidents"]


@pytest.mark.parametrize("text", [*HOSTILE, "\x00", "a" * 5000, "%", "١٢", "-1", "1e309", "nan"])
@pytest.mark.parametrize(
    "name", ["kind", "group", "q", "killed", "near", "along", "province", "source", "rule", "v"]
)
def test_hostile_filters_are_answered_and_never_a_fault(
    client: TestClient, name: str, text: str
) -> None:
    body = get(client, "/data/view", **{name: text})
    assert isinstance(body["incidents"], list)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bbox", "1,2"),
        ("bbox", "1,2,3,nan"),
        ("bbox", "1,2,3,inf"),
        ("bbox", "60,39,75,29"),
        ("bbox", "-200,29,75,39"),
        ("bbox", "<script>"),
        ("zoom", "-1"),
        ("zoom", "23"),
        ("zoom", "٥"),
        ("zoom", "1e9"),
        ("zoom", ""),
        ("step", "decade"),
    ],
)
def test_a_view_that_cannot_be_is_refused_with_field_and_remedy(
    client: TestClient, name: str, text: str
) -> None:
    response = client.get("/data/view", params={name: text})
    assert response.status_code == 400
    body = response.json()
    assert body["field"] == name
    assert body["error"]
    assert body["remedy"]
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_view_across_the_antimeridian_holds_both_sides(client: TestClient) -> None:
    whole = get(client, "/data/view", zoom="9")
    across = get(client, "/data/view", zoom="9", bbox="75,29,60,39")
    assert across["counts"] == whole["counts"]
