"""Base maps that the owner offers, against a tile server and an archive made here."""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import mapbox_vector_tile
import pytest
from PIL import Image
from playwright.sync_api import expect
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard
from tests.web.on_thread import on_thread

pytestmark = pytest.mark.browser

GREEN = (40, 160, 70)


def png(colour: tuple[int, int, int]) -> bytes:
    """A picture of one pixel, which a tile stretches."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" + bytes(colour))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def tiles_of(zoom: int) -> Iterator[tuple[int, int]]:
    """The tiles of the country and some around it."""
    west, east, north, south = (int(part * 2**zoom) for part in (0.66, 0.72, 0.37, 0.42))
    return ((x, y) for x in range(west, east + 1) for y in range(north, south + 1))


class Tiles:
    """A tile server that can stop answering, and notes who asked."""

    def __init__(self) -> None:
        self.answers = True
        self.may_be_copied = False
        self.asked: list[Request] = []
        self.app = Starlette(routes=[Route("/{z:int}/{x:int}/{y:int}.png", self.tile)])

    async def tile(self, request: Request) -> Response:
        self.asked.append(request)
        if not self.answers:
            return Response(status_code=503)
        headers = {"Cache-Control": "no-store"}
        if self.may_be_copied:
            headers["Access-Control-Allow-Origin"] = "*"
        return Response(png(GREEN), media_type="image/png", headers=headers)


@pytest.fixture(scope="module")
def tiles() -> Tiles:
    return Tiles()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vector tiles around Kabul from zoom 0 to 8, in which all is water."""
    path = tmp_path_factory.mktemp("tiles") / "small.pmtiles"
    square = {
        "type": "Polygon",
        "coordinates": [[[0, 0], [4096, 0], [4096, 4096], [0, 4096], [0, 0]]],
    }
    layers = [
        {"name": "earth", "features": [{"geometry": square, "properties": {"kind": "earth"}}]},
        {"name": "water", "features": [{"geometry": square, "properties": {"kind": "lake"}}]},
    ]
    content = gzip.compress(mapbox_vector_tile.encode(layers), mtime=0)
    with path.open("wb") as file:
        writer = Writer(file)
        for zoom in range(9):
            for tile_id in sorted(zxy_to_tileid(zoom, x, y) for x, y in tiles_of(zoom)):
                writer.write_tile(tile_id, content)
        writer.finalize(
            {
                "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": 0,
                "max_zoom": 8, "min_lon_e7": 600000000, "min_lat_e7": 290000000,
                "max_lon_e7": 750000000, "max_lat_e7": 390000000, "center_zoom": 5,
                "center_lon_e7": 660000000, "center_lat_e7": 340000000,
            },
            {"attribution": "made for a test"},
        )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def served(tiles: Tiles, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of an owner who offers both."""
    with on_thread(tiles.app) as address:
        environ = {
            "MAPAPP_BASEMAPS": f"Terrain={address}/{{z}}/{{x}}/{{y}}.png#<b>us</b>",
            "MAPAPP_BASEMAP_FILE": str(archive),
        }
        with serving(tmp_path_factory.mktemp("offered") / "data", environ) as found:
            yield found


def test_an_online_layer_is_asked_only_when_chosen_and_leaves_the_outline_when_it_is_lost(
    served: str, tiles: Tiles, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(served)).ready()
    frame = board.map_frame()
    assert tiles.asked == [], "nobody is asked before a reader chooses"
    frame.locator(".im-layers summary").click()
    expect(frame.locator(".im-layers .im-note")).to_contain_text("their internet address")
    frame.get_by_label("Terrain").check()
    frame.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
    expect(frame.locator(".leaflet-control-attribution")).to_contain_text("<b>us</b>")
    assert tiles.asked[0].headers["referer"] == served + "/", "the site, not what is looked at"
    assert frame.evaluate("map.incidentLayer._overTiles") is True

    tiles.answers = False
    frame.get_by_label("Outline").check()
    frame.evaluate("map.setView([34.4, 62.2], 11, {animate: false})")
    frame.get_by_label("Terrain").check()
    expect(frame.locator(".im-status")).to_contain_text("“Terrain” is not shown")
    expect(frame.get_by_label("Outline")).to_be_checked()
    assert frame.evaluate("map.incidentLayer._overTiles") is False
    assert frame.locator("img.leaflet-tile").count() == 0
    frame.get_by_role("button", name="Close").click()
    expect(frame.locator(".im-status")).to_contain_text("incidents")
    tiles.answers = True


def test_a_picture_has_the_online_layer_where_its_server_lets_it_be_copied(
    served: str, tiles: Tiles, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(served)
    frame = Dashboard(page).ready().map_frame()
    frame.locator(".im-layers summary").click()
    frame.get_by_label("Terrain").check()
    frame.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
    page.get_by_role("button", name="Export").click()
    said = page.locator(".picture-said")
    for tiles.may_be_copied, words in ((False, "“Terrain” is not in the picture"), (True, "MB).")):
        with page.expect_download() as picture:
            page.get_by_role("button", name="Picture of this map").click()
        expect(said).to_contain_text(re.compile(f"Saved.*{re.escape(words)}"))
        picture.value.save_as(tmp_path / "map.png")
        with Image.open(tmp_path / "map.png") as image:
            colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
        assert (GREEN in colours) is tiles.may_be_copied
    expect(said).not_to_contain_text("is not in the picture")


def test_the_owners_file_is_shown_at_once_and_read_in_ranges(
    served: str, archive: Path, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(served)).ready()
    frame = board.map_frame()
    frame.locator("canvas.leaflet-tile-loaded").first.wait_for(state="attached")
    expect(frame.get_by_label("Streets")).to_be_checked()
    assert frame.evaluate("map.incidentLayer._overTiles") is True
    painted = frame.evaluate(
        "() => [...document.querySelectorAll('canvas.leaflet-tile-loaded')]"
        ".some((c) => c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[3])"
    )
    assert painted
    whole = archive.read_bytes()
    answer = httpx2.get(f"{served}/assets/basemap.pmtiles", headers={"Range": "bytes=0-126"})
    assert (answer.status_code, answer.content) == (206, whole[:127])
    assert "content-encoding" not in answer.headers


def test_pictures_may_come_from_the_offered_hosts_alone(served: str, tiles: Tiles) -> None:
    answer = httpx2.get(f"{served}/component/streamlit_folium.st_folium/index.html")
    [pictures] = [
        part for part in answer.headers["content-security-policy"].split("; ") if "img-src" in part
    ]
    first, *rest = pictures.removeprefix("img-src 'self' data: blob: ").split()
    assert first.startswith("http://127.0.0.1:")
    assert rest == []
