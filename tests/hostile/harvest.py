"""Takes everything that a visitor can obtain of a running server, with where it came from."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.load.viewer import Viewer
from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract
from mapapp.exporters.standalone import site
from mapapp.query.filters.table import CODES as PARTS
from mapapp.query.questions.table_words import ORDERS
from mapapp.store import Snapshot
from mapapp.ui.view_state import TABS
from mapapp.web.columns import PACKED
from tests.apart import apart
from tests.hostile.canaries import tile_at, tile_text
from tests.hostile.client import Ask, Client

EVERYTHING = {"background": "1", "abroad": "1"}

Found = tuple[str, bytes]


def data(
    address: str, places: Iterable[tuple[float, float]], then: Iterable[str]
) -> Iterator[Found]:
    """The map's data, the open interfaces, feed, previews, health and figures of the server."""
    client = Client(address)

    def get(path: str, **query: Any) -> Found:
        headers = query.pop("headers", {})
        whole = f"{path}?{urlencode(query)}" if query else path
        return whole, client.ask(Ask(whole, headers=headers)).body

    try:
        for query in (EVERYTHING, *(EVERYTHING | {"as_of": at} for at in then)):
            for accept in ("application/json", PACKED):
                for name in ("view", "bins"):
                    yield get(f"/data/{name}", **query, zoom=6, headers={"Accept": accept})
            yield get("/data/counts", **query)
            yield get("/data/figures", **query)
            yield get("/data/series", **query, step="day")
            for part in PARTS:
                yield get("/data/facets", **query, part=part)
            yield from _pages(client, query, "date")
            yield from _items(client, query)
            yield get("/api/tiles.json", **query)
            for lat, lng in places:
                box = f"{lng - 0.01},{lat - 0.01},{lng + 0.01},{lat + 0.01}"
                yield get("/data/view", **query, bbox=box, zoom=18)
                x, y = tile_at(lat, lng, 12)
                name, body = get(f"/api/tiles/12/{x}/{y}.mvt", **query)
                yield name, tile_text(body, 12, x, y) if body[:1] != b"{" else body
        for order in sorted(ORDERS):
            yield from _pages(client, EVERYTHING, order)
        for path in (
            "/api", "/api/collections", "/api/collections/incidents", "/api/openapi.json",
            "/feed.atom", "/healthz", "/readyz", "/metrics", "/", "/preview.png",
            "/data/nothing", "/api/nothing", "/data/view?bbox=x", "/api/places?q=Kabul",
        ):  # fmt: skip
            yield get(path)
        yield get("/feed.atom", **EVERYTHING)
        yield get("/preview.png", **EVERYTHING)
        yield get("/", **EVERYTHING)
    finally:
        client.close()


def _pages(client: Client, query: dict[str, str], order: str) -> Iterator[Found]:
    after = ""
    while True:
        path = f"/data/table?{urlencode(query | {'order': order, 'after': after})}"
        body = client.ask(Ask(path)).body
        yield path, body
        after = json.loads(body).get("next", "")
        if not after:
            return


def _items(client: Client, query: dict[str, str]) -> Iterator[Found]:
    path = f"/api/collections/incidents/items?{urlencode(query | {'limit': 1000})}"
    body = client.ask(Ask(path)).body
    yield path, body
    for feature in json.loads(body).get("features", ())[:20]:
        key, then = feature["properties"]["id"], {k: v for k, v in query.items() if k == "as_of"}
        for own in ("/api/incidents/", "/api/collections/incidents/items/"):
            path = f"{own}{key}" + (f"?{urlencode(then)}" if then else "")
            yield path, client.ask(Ask(path)).body
        if not then:
            path = f"/?incident={key}"
            yield path, client.ask(Ask(path)).body


@dataclass(slots=True)
class _Heard:
    """A socket that keeps what it receives."""

    own: Any
    messages: list[bytes] = field(default_factory=list)

    async def recv(self) -> Any:
        """As ever, kept."""
        got = await self.own.recv()
        self.messages.append(got)
        return got


class Reader(Viewer):
    """A reader who keeps every byte of the page."""

    heard: _Heard

    async def _take(self, socket: Any, into: Any) -> None:
        self.heard = _Heard(socket)
        await super()._take(self.heard, into)  # type: ignore[arg-type]


def pages(address: str, links: Iterable[str]) -> list[Found]:
    """The page of each link, as its server sends it to a browser."""

    async def one(link: str) -> Found:
        reader = Reader(address, link)
        try:
            await reader.open()
            return f"page ?{link}", b"\n".join(reader.heard.messages)
        finally:
            await reader.close()

    async def each() -> list[Found]:
        return [await one(link) for link in links]

    return apart(lambda: asyncio.run(each()))


def links(ids: Iterable[str], then: Iterable[str]) -> list[str]:
    """Every tab, the incidents, a comparison, and the data of earlier times."""
    all_of_it = urlencode(EVERYTHING)
    found = [f"{all_of_it}&tab={tab}" for tab in TABS]
    found += [f"{all_of_it}&incident={key}" for key in ids]
    found += [f"{all_of_it}&vs_from=2022-01-01&vs_to=2022-12-31"]
    for at in then:
        found += [f"{all_of_it}&as_of={at}", f"{all_of_it}&tab=changes&since={at}"]
    return found


def files(snapshot: Snapshot) -> Iterator[Found]:
    """Every format that the page offers, of everything that a reader may read."""
    extract = read_extract(snapshot, Selection(background=True, abroad=True))
    for name, own in FORMATS.items():
        yield f"file {name}", own.write(extract).content
    for name, content in site.files(extract, "", feed=False):
        yield f"site {name}", zlib.decompress(content) if name.endswith(".bin") else content
