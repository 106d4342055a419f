"""The composition root: page, data, assets and frame served by one app, each with its own 404."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mapapp.ui import services


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPAPP_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        from mapapp.asgi import app

        with TestClient(app) as served:
            yield served


def test_the_page_is_served(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<title>" in answer.text


def test_the_map_frame_is_there_before_any_session(client: TestClient) -> None:
    assert client.get("/component/streamlit_folium.st_folium/index.html").status_code == 200


def test_data_is_of_the_seeded_store(client: TestClient) -> None:
    found = client.get("/data/view").json()
    assert found["counts"]["total"] > 5
    incident = found["incidents"][0]["id"]
    assert services.dashboard().incident(incident).incident.id == incident


@pytest.mark.parametrize("path", ["/data/nothing", "/api/nothing", "/assets/nothing.js"])
def test_our_paths_answer_their_own_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<html" not in answer.text


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
