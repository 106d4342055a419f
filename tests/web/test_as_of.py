"""`as_of` on the routes: answers as recorded then, and words for a time that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.store import Store
from mapapp.web import routes
from mapapp.web.api.app import api_routes
from tests.store import generate
from tests.web.api_client import FREE


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Forty incidents recorded on 1 January, then one gone, one renamed and five more in May."""
    store = Store.open(tmp_path_factory.mktemp("as-of"))
    first = replace(generate.batch(40), judgements=())
    store.append(first, by="ana", at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    records = [replace(r, background=False, country="AFG") for r in first.records]
    records[0] = replace(records[0], title="Renamed")
    kept = Batch(
        first.sources,
        (*records[:-1], *(replace(records[1], id=f"more{n}") for n in range(5))),
        tuple(c for c in first.claims if c.incident_id != records[-1].id),
    )
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    for dataset in {record.dataset for record in records}:
        store.append(kept, by="ben", at=at, replace_dataset=dataset)
    store.publish()
    app = Starlette(routes=[*api_routes(lambda: store, FREE), *routes(lambda: store)])
    yield TestClient(app, raise_server_exceptions=False)
    store.close()


THEN, NOW = "2026-03-01", "2026-06-01"


@pytest.mark.parametrize(
    "address",
    ["/data/view?background=1&abroad=1", "/data/series?step=month&background=1",
     "/data/bins?zoom=6&background=1", "/api/collections/incidents/items?limit=1000&background=1",
     "/api/tiles/0/0/0.mvt?background=1"],
)  # fmt: skip
def test_each_route_answers_as_recorded_then(client: TestClient, address: str) -> None:
    then, now = (client.get(f"{address}&as_of={day}") for day in (THEN, NOW))
    assert then.status_code == now.status_code == 200
    assert then.headers["etag"] != now.headers["etag"]
    again = client.get(f"{address}&as_of={THEN}", headers={"if-none-match": then.headers["etag"]})
    assert again.status_code == 304


def test_totals_are_those_of_then(client: TestClient) -> None:
    asked = "/data/view?background=1&abroad=1"
    assert client.get(f"{asked}&as_of={THEN}").json()["counts"]["total"] == 40
    assert client.get(asked).json()["counts"]["total"] == 44


def test_an_incident_is_shown_as_it_was(client: TestClient) -> None:
    items = client.get("/api/collections/incidents/items?limit=1000&background=1&abroad=1").json()
    (renamed,) = [i["id"] for i in items["features"] if i["properties"]["title"] == "Renamed"]
    address = f"/api/incidents/{renamed}"
    then = client.get(f"{address}?as_of={THEN}").json()["incident"]["title"]
    assert (then == "Renamed") is False
    assert client.get(address).json()["incident"]["title"] == "Renamed"


def test_tiles_are_handed_the_time(client: TestClient) -> None:
    tiles = client.get(f"/api/tiles.json?as_of={THEN}").json()["tiles"]
    assert tiles[0].endswith(f"?as_of={THEN}")


@pytest.mark.parametrize("address", ["/data/view", "/api/collections/incidents/items"])
@pytest.mark.parametrize(
    ("text", "said"),
    [("2025-12-31", "nothing was recorded here before"), ("yesterday", "neither a day nor"),
     ("2026-01-01T00:00:00", "neither a day nor"), ("<b>", "neither a day nor")],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_in_words(
    client: TestClient, address: str, text: str, said: str
) -> None:
    answer = client.get(address, params={"as_of": text})
    assert answer.status_code == 400
    body = answer.json()
    assert body["field"] == "as_of"
    assert said in body["error"]
    assert body["remedy"]
