"""What a shared link shows where it is pasted: exact, escaped, through the gate, and never in the
way of the page.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.vocab import Redistribution
from mapapp.query import Dashboard, params_to_selection
from mapapp.store import Store
from mapapp.web import preview
from mapapp.web.preview import preview_routes
from mapapp.web.server.limit import RateLimit

INDEX = "<!DOCTYPE html><html><head><title>Streamlit</title></head><body>page</body></html>"


def client_of(store: Store, may: bool = True) -> TestClient:
    routes = preview_routes(lambda: store, INDEX, lambda _: may)
    return TestClient(Starlette(routes=routes), raise_server_exceptions=False)


def tags(text: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)" />', text)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def shared(seeds_store: Store) -> TestClient:
    return client_of(seeds_store)


def test_a_link_says_its_view_with_ranges(shared: TestClient, seeds_store: Store) -> None:
    page = shared.get("/?province=AF01")
    own = tags(page.text)
    selection, _ = params_to_selection({"province": "AF01"})
    figures = Dashboard(seeds_store.current()).figures(selection)
    assert page.text.startswith("<!DOCTYPE html>")
    assert "<body>page</body>" in page.text
    assert own["og:title"] == "Attacks in Kabul"
    assert f"<title>Attacks in Kabul · {preview.TITLE}</title>" in page.text
    assert own["og:description"].startswith(f"{figures.incidents} incidents · reported killed ")
    assert own["og:image"] == "http://testserver/preview.png?province=AF01"
    assert page.headers["cache-control"] == "no-cache"


def test_the_address_is_the_one_that_readers_use(
    shared: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPAPP_PUBLIC_URL", "https://map.example.org/")
    own = tags(shared.get("/?tab=charts&v=34,66,6").text)
    assert own["og:url"] == "https://map.example.org/"
    assert own["og:image"] == "https://map.example.org/preview.png"


def test_an_incident_has_its_title_and_its_range(shared: TestClient, seeds: Batch) -> None:
    record = seeds.records[0]
    own = tags(shared.get("/", params={"incident": record.id}).text)
    assert own["og:title"] == record.title
    assert own["og:description"].startswith("reported killed ")
    assert shared.get("/preview.png", params={"incident": record.id}).status_code == 200


@pytest.mark.parametrize("query", ["as_of=2022-01-01", "since=2022-01-01", "incident=none-such"])
def test_what_cannot_be_told_exactly_is_not_told(shared: TestClient, query: str) -> None:
    own = tags(shared.get(f"/?{query}").text)
    assert own["og:title"] == preview.TITLE
    assert "og:image" not in own
    assert shared.get(f"/preview.png?{query}").status_code == 404


HOSTILE = (
    '"><script>alert(1)</script>', "' onload=alert(1) x='", "${alert(1)}`", "</title><b>",
    "\\1\\g<0>", "<!--", "\x00\x07", "{{7*7}}",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(shared: TestClient, words: str) -> None:
    text = shared.get("/", params={"q": words}).text
    lines = [line.strip() for line in text.partition("</head>")[0].split("\n")[1:]]
    assert all(re.fullmatch(r'<meta \w+="[\w:]+" content="[^"<>]*" />', line) for line in lines)
    assert text.count("<title>") == text.count("</title>") == 1
    assert "<script>" not in text


def test_the_picture_is_of_the_size_it_says(shared: TestClient) -> None:
    first = shared.get("/preview.png?group=iskp")
    assert first.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(first.content)) as image:
        assert image.size == (1200, 630)
    again = shared.get("/preview.png?group=iskp", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_many_incidents_are_drawn_from_afar(
    invented_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = invented_store.current()
    monkeypatch.setattr(preview, "MAX_READ", 10)
    said = preview.read(snapshot, {}, drawn=True)
    assert said is not None
    assert said.extract is None
    figures = Dashboard(snapshot).figures(params_to_selection({})[0])
    assert 0 < sum(count for _, _, count in said.spots) <= figures.incidents
    assert said.lines[0] == f"{figures.incidents} incidents"


def test_pictures_are_drawn_once_and_a_flood_is_turned_away(
    seeds_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(shared: preview.Shared) -> bytes:
        drawn.append(shared.query)
        return b"png"

    monkeypatch.setattr(preview, "picture", draw)
    # Its clock stands: on a busy machine a bucket would fill meanwhile.
    stopped = partial(RateLimit, clock=lambda: 0.0)
    monkeypatch.setattr(preview, "RateLimit", stopped)
    client = client_of(seeds_store)
    answers = [client.get(f"/preview.png?q=word{n % 40}").status_code for n in range(80)]
    assert set(answers) == {200, 429}
    assert len(drawn) == len(set(drawn)) <= preview.PER_MINUTE


@pytest.fixture
def closed_store(tmp_path: Path, seeds: Batch) -> Iterator[Store]:
    """The seeds, with one publisher's items for the owner's eyes only."""
    source = seeds.sources[0]
    private = replace(source, redistribution=Redistribution.PRIVATE, publisher="Hidden Desk")
    store = Store.open(tmp_path)
    store.append(replace(seeds, sources=(private, *seeds.sources[1:])), by="test")
    store.publish()
    yield store
    store.close()


def test_nothing_leaves_but_through_the_gate(closed_store: Store, seeds: Batch) -> None:
    client, source = client_of(closed_store), seeds.sources[0].id
    public = preview.read(closed_store.public(), {}, drawn=True)
    assert public is not None
    assert public.extract is not None
    assert source not in public.extract.sources
    count = len(public.extract.incidents)
    assert f'content="{count} incidents' in client.get("/").text
    # A source that is not in the public snapshot is one that nobody knows: its id is the reader's.
    assert tags(client.get(f"/?source={source}").text)["og:title"].endswith(source)
    assert "Hidden" not in client.get(f"/?source={source}").text


def test_who_may_not_read_is_told_nothing(seeds_store: Store) -> None:
    own = tags(client_of(seeds_store, may=False).get("/?province=AF01").text)
    assert own["og:title"] == preview.TITLE
    assert "incidents ·" not in own["og:description"]


def test_the_page_comes_also_when_the_data_cannot_be_read() -> None:
    def broken() -> Store:
        raise StoreUnavailable("/srv/var is gone")

    client = TestClient(Starlette(routes=preview_routes(broken, INDEX, lambda _: True)))
    page = client.get("/?province=AF01")
    assert (page.status_code, "<body>page</body>" in page.text) == (200, True)
    assert client.get("/preview.png").status_code == 503


def test_previews_can_be_switched_off(shared: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_PREVIEWS", "0")
    assert tags(shared.get("/?province=AF01").text)["og:title"] == preview.TITLE
    assert shared.get("/preview.png").status_code == 404
