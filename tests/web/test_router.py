"""What all routes share: own 404, statuses, caching, compression, headers, health."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from mapapp.domain.problems import StoreUnavailable
from mapapp.map.bundle import bundle
from mapapp.store import Store
from mapapp.web.caching import SAFETY
from tests.store import generate
from tests.web.conftest import client_of


@pytest.mark.parametrize(
    "address",
    [
        "/data", "/data/", "/data/nothing", "/data/incident/nobody", "/assets", "/assets/",
        "/assets/nothing.js", "/assets/map/layer.js",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404_of_our_own(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert set(response.json()) == {"error", "field", "remedy"}


@pytest.mark.parametrize(
    "path",
    [
        "../layer.py", "..%2flayer.py", "%2e%2e/%2e%2e/pyproject.toml", "geo/../../layer.py",
        "images/..%2f..%2f__init__.py", "/etc/passwd", "%2fetc%2fpasswd", "map.js%00.css",
        "geo/provinces.json/../../x", "....//....//pyproject.toml", "images/%2e%2e/leaflet.js",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_assets(client: TestClient, path: str) -> None:
    response = client.get(f"/assets/{path}")
    assert response.status_code == 404
    assert "mapapp" not in response.text.replace(path, "")


def test_assets_are_what_the_bundles_hold_and_carry_their_type(client: TestClient) -> None:
    for name, media_type in (("map.js", "text/javascript"), ("map.css", "text/css")):
        response = client.get(f"/assets/{name}")
        assert response.content == bundle(name).content
        assert response.headers["content-type"].startswith(media_type)
    image = client.get("/assets/images/layers.png")
    assert image.headers["content-type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")


def test_an_asset_asked_for_by_its_version_is_kept_for_ever_else_asked_again(
    client: TestClient,
) -> None:
    version = bundle("map.js").version
    assert "immutable" in client.get(f"/assets/map.js?v={version}").headers["cache-control"]
    for query in ("", "?v=000000000000"):
        assert "must-revalidate" in client.get(f"/assets/map.js{query}").headers["cache-control"]


@pytest.mark.parametrize("address", ["/data/view", "/data/series", "/assets/map.js", "/data/bins"])
def test_what_the_browser_holds_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(address, headers={"If-None-Match": 'W/"other"'})
    assert other.status_code == 200


def test_the_tag_follows_the_question_and_not_its_spelling(client: TestClient) -> None:
    def tag(address: str) -> str:
        return str(client.get(address).headers["etag"])

    assert tag("/data/view?kind=claimed&group=iskp") == tag("/data/view?group=iskp&kind=claimed")
    assert tag("/data/view?kind=claimed") != tag("/data/view?kind=denied")
    assert tag("/data/view") != tag("/data/series")
    assert tag("/data/view?zoom=5") != tag("/data/view?zoom=6")
    assert tag("/data/view") != tag("/data/view?nonsense=1"), "the warning differs"


def test_a_new_snapshot_makes_a_new_tag(empty_store: Store) -> None:
    client = client_of(lambda: empty_store)
    before = client.get("/data/view").headers["etag"]
    empty_store.append(generate.batch(5), by="test")
    empty_store.publish()
    after = client.get("/data/view", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.json()["counts"]["total"] > 0


def test_large_answers_travel_compressed(client: TestClient) -> None:
    response = client.get("/assets/geo/districts.json", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(response.content) / 2
    assert len(response.json()["features"]) == 398
    plain = client.get("/assets/geo/districts.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_the_ground_and_its_names_are_assets(client: TestClient) -> None:
    world = client.get("/assets/geo/world.json")
    assert world.json()["type"] == "Topology"
    assert int(world.headers["content-length"]) < 50_000, "compressed"
    names = client.get("/assets/geo/names.json")
    assert {"towns", "areas"} <= names.json().keys()
    assert int(names.headers["content-length"]) < 20_000, "compressed"


@pytest.mark.parametrize(
    "address", ["/data/view", "/data/nothing", "/assets/map.js", "/healthz", "/data/view?zoom=x"]
)
def test_every_answer_carries_the_headers_of_safety(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    for name, value in SAFETY.items():
        assert headers[name] == value


def test_only_reading_is_allowed(client: TestClient) -> None:
    assert client.post("/data/view").status_code == 405


def failing(error: Exception) -> Callable[[], Store]:
    def provide() -> Store:
        raise error

    return provide


@pytest.mark.parametrize("address", ["/data/view", "/data/table"])
def test_a_store_that_cannot_be_read_is_a_503_that_says_so(address: str) -> None:
    response = client_of(failing(StoreUnavailable("the disk is full; make room"))).get(address)
    assert response.status_code == 503
    assert response.json()["error"] == "the disk is full; make room"
    assert int(response.headers["retry-after"]) > 0


def test_what_was_not_foreseen_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    secret = "/srv/private/path of the store"
    with caplog.at_level(logging.ERROR):
        response = client_of(failing(RuntimeError(secret))).get("/data/view")
    assert response.status_code == 500
    assert secret not in response.text
    assert not re.search("Traceback|RuntimeError", response.text)
    assert secret in caplog.text
