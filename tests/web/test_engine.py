"""Routes and interfaces over an engine beyond one machine: the same answers, and 503 without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.settings import Settings
from mapapp.store import Store
from mapapp.store.default import open_store
from mapapp.store.spark_job import build
from mapapp.web import routes
from mapapp.web.api.app import api_routes

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def remote(
    endpoint: str, seeds_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("remote")
    build(endpoint, None, str(folder / "tables"), snapshot=seeds_store.current().path)
    store = open_store(folder, Settings(MAPAPP_ENGINE=endpoint))
    yield store
    store.close()


def all_routes(store: Store) -> TestClient:
    own = [*api_routes(lambda: store), *routes(lambda: store)]
    return TestClient(Starlette(routes=own), raise_server_exceptions=False)


ADDRESSES = (
    "/data/view?zoom=6",
    "/data/view?zoom=6&kind=claimed&bounds=60,29,75,39",
    "/data/counts?from=2022-01-01",
    "/data/series?step=month",
    "/api/collections/incidents",
    "/api/collections/incidents/items?limit=5",
    "/api/tiles/6/44/25.mvt",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_route_answers_as_it_does_from_the_snapshot(
    remote: Store, seeds_store: Store, address: str
) -> None:
    ours, theirs = (all_routes(store).get(address) for store in (seeds_store, remote))
    assert ours.status_code == theirs.status_code == 200, theirs.text
    assert theirs.headers["content-type"] == ours.headers["content-type"]
    if "mvt" in address:
        assert len(theirs.content) == len(ours.content)
    else:
        left, right = ours.json(), theirs.json()
        assert left.pop("timeStamp", None) is None or right.pop("timeStamp")  # of the request
        assert right == left


def test_an_incident_has_its_claims_there(remote: Store, seeds_store: Store) -> None:
    items = all_routes(remote).get("/data/view?zoom=6").json()["incidents"]
    for item in items[:3]:
        address = f"/api/incidents/{item['id']}"
        ours, theirs = (all_routes(store).get(address).json() for store in (seeds_store, remote))
        assert ours == theirs
        assert theirs["incident"]["claims"]


def test_without_the_engine_routes_say_so(tmp_path: Path) -> None:
    store = open_store(tmp_path, Settings(MAPAPP_ENGINE="sc://127.0.0.1:1"))
    for address in ADDRESSES:
        answer = all_routes(store).get(address)
        assert answer.status_code == 503, address
        assert "cannot be reached" in answer.text, address
    store.close()
