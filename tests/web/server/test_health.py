"""What a platform is told: alive, ready, and the figures, to whom they are due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from mapapp.domain.problems import StoreUnavailable
from mapapp.store import Store
from mapapp.web import routes
from mapapp.web.server.metrics import Observe, route_of
from tests import postgres
from tests.store.generate import batch

TOKEN = "a-token-of-enough-length"
HERE = ("127.0.0.1", 50000)


def client_of(store: Callable[[], Store], client: tuple[str, int] = HERE) -> TestClient:
    app = Starlette(routes=routes(store), middleware=[Middleware(Observe)])
    return TestClient(app, "http://127.0.0.1", raise_server_exceptions=False, client=client)


def broken() -> Store:
    raise StoreUnavailable("/srv/private/var cannot be read; check the disk")


def test_alive_whatever_the_store_does() -> None:
    answer = client_of(broken).get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_ready_says_what_was_checked(seeds_store: Store) -> None:
    answer = client_of(lambda: seeds_store).get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "snapshot": 1, "engine": "duckdb", "log": 1, "writable": True,
    }  # fmt: skip


def test_not_ready_tells_the_platform_and_no_one_else_why() -> None:
    answer = client_of(broken).get("/readyz")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "/srv" not in answer.text


def test_readers_are_served_while_the_database_of_the_log_is_away(tmp_path: Path) -> None:
    server = postgres.Server()
    store = Store.open(tmp_path, log_url=server.database())
    try:
        store.append(batch(3), by="ana")
        store.publish()
        client = client_of(lambda: store)
        assert client.get("/readyz").json()["checks"]["log"] == 1
        shown = client.get("/data/view?zoom=6").json()
        server.stop()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")
        assert answer.json()["checks"] | {"engine": ""} == {
            "snapshot": 1, "engine": "", "log": False, "writable": False,
        }  # fmt: skip
        assert client.get("/data/view?zoom=6").json() == shown
        assert "mapapp_store_up 0.0" in client.get("/metrics").text
        server.start()
        assert client.get("/readyz").json()["checks"]["writable"] is True
    finally:
        store.close()
        server.remove()


def test_figures_for_this_machine_alone(seeds_store: Store) -> None:
    client = client_of(lambda: seeds_store)
    client.get("/data/view")
    text = client.get("/metrics").text
    assert 'mapapp_requests_total{method="GET",route="/data/view",status="200"}' in text
    assert f"mapapp_incidents {float(seeds_store.current().meta['incidents'])}" in text
    assert "mapapp_store_up 1.0" in text
    far = client_of(lambda: seeds_store, ("192.0.2.1", 1)).get("/metrics")
    behind = client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    # A proxy that tells of nobody and keeps the host, as HAProxy does unless told to tell.
    silent = client.get("/metrics", headers={"Host": "map.example.org"})
    assert {far.status_code, behind.status_code, silent.status_code} == {404}
    assert "mapapp_" not in far.text + behind.text + silent.text


def test_figures_for_who_has_the_token(seeds_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_METRICS_TOKEN", TOKEN)
    client = client_of(lambda: seeds_store, ("192.0.2.1", 1))
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_figures_say_that_the_store_is_down() -> None:
    assert "mapapp_store_up 0.0" in client_of(broken).get("/metrics").text


def test_routes_are_of_a_fixed_number() -> None:
    typed = [
        f"/{name}/{n}" for name in ("data", "api", "x", "assets", "_stcore") for n in range(99)
    ]
    assert {route_of(path) for path in typed} == {"/data", "/api", "other", "/assets", "/_stcore"}
    assert route_of("/") == "page"
    assert route_of("/api/incidents/abc") == "/api/incidents"


def test_a_read_only_folder_is_ready_for_readers(
    seeds_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapapp.log.room.os.access", lambda *_: False)
    answer = client_of(lambda: seeds_store).get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["writable"]) == (200, False)


def test_an_empty_folder_is_ready(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    assert client_of(lambda: store).get("/readyz").json()["checks"]["snapshot"] == 0
    store.close()


def test_every_figure_is_documented(seeds_store: Store) -> None:
    docs = (Path(__file__).parents[3] / "docs" / "operations.md").read_text("utf-8")
    text = client_of(lambda: seeds_store).get("/metrics").text
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE mapapp_")}
    own = {name for name in names if not name.endswith("_created")}
    assert len(own) == 10
    assert [name for name in own if f"`{name}`" not in docs] == []
