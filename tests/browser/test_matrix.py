"""Wherever the map is put, a reader can do everything; the table is in docs/hosting.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.servers import dashboard
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard
from tests.browser.nginx import behind_nginx
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

#: What the table of docs/hosting.md has a column of, beside signing in.
THINGS = ("first view", "filter", "play", "open", "copy link", "reload", "embed")


@dataclass(frozen=True, slots=True)
class Place:
    """How the map is put there: see `behind_nginx`; None: a server by itself."""

    prefix: str | None
    taken: bool = False
    base: str = ""
    http2: bool = False


PLACES = {
    "by itself": Place(None),
    "base path": Place("/map", base="map"),
    "prefix taken away": Place("/some/map", taken=True),
    "HTTP/2 and TLS": Place("", http2=True),
}


@contextmanager
def put(folder: Path, place: Place) -> Iterator[str]:
    """The address of the seeds, so placed."""
    if place.prefix is None:
        with dashboard(folder / "var", folder, environ={"MAPAPP_ACCESS": "public"}) as server:
            yield f"{server.address}/"
        return
    environ = {"STREAMLIT_SERVER_BASE_URL_PATH": place.base} if place.base else {}
    with behind_nginx(
        folder, place.prefix, taken=place.taken, environ=environ, http2=place.http2
    ) as placed:
        yield placed.address


def embed_code(page: Page) -> str:
    """The address that the code under Export → Embed has."""
    page.get_by_role("button", name="Export").click()
    page.get_by_text("Embed", exact=True).click()
    page.get_by_role("button", name="Copy the code").click()
    page.wait_for_function(
        "async () => (await navigator.clipboard.readText()).includes('<iframe')", polling=200
    )
    (found,) = re.findall(r'src="([^"]+)"', page.evaluate("() => navigator.clipboard.readText()"))
    return str(found).replace("&amp;", "&")


def do_everything(open_page: OpenPage, address: str, **options: object) -> tuple[str, ...]:
    """Do what a reader can do at an address, and say what was done."""
    seen = []
    page = open_page(address, **options)
    board = Dashboard(page).ready()
    before = board.incidents.inner_text()
    seen.append("first view")

    board.option("Province", "Kabul").check()
    board.wait_for_param("province", "AF01")
    board.settled()
    expect(board.incidents).not_to_have_text(before)
    seen.append("filter")

    words = board.range_words.inner_text()
    board.play.click()
    expect(board.range_words).not_to_have_text(words)
    page.get_by_role("button", name="Pause").click()
    seen.append("play")

    page.locator("tbody tr button.open").first.click()
    expect(board.panel).to_be_visible()
    board.wait_for_param("incident")
    title = board.panel.locator("h2").first.inner_text()
    seen.append("open")

    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.url
    assert copied.startswith(address)
    other = Dashboard(open_page(copied, **options)).ready()
    assert other.panel.locator("h2").first.inner_text() == title
    seen.append("copy link")

    page.reload()
    board.ready()
    assert board.panel.locator("h2").first.inner_text() == title
    expect(board.incidents).to_have_text(other.incidents.inner_text())
    seen.append("reload")

    code = embed_code(page)
    assert code.startswith(address)
    framed = open_page(code, **options)
    expect(framed.locator('[data-figure="incidents"]')).to_be_visible()
    assert framed.get_by_role("button", name="Copy link").count() == 0
    seen.append("embed")
    return tuple(seen)


@pytest.mark.parametrize("name", PLACES)
def test_everything_can_be_done(tmp_path: Path, open_page: OpenPage, name: str) -> None:
    with put(tmp_path, PLACES[name]) as address:
        done = do_everything(
            open_page,
            address,
            permissions=["clipboard-read", "clipboard-write"],
            ignore_https_errors=PLACES[name].http2,
        )
    assert done == THINGS


def test_the_table_of_the_docs_is_of_these_places() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    table = page.partition("| place | " + " | ".join(THINGS))[2].partition("\n\n")[0]
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in table.splitlines()[2:]}
    assert set(PLACES) <= set(rows)
    for name in PLACES:
        assert rows[name].split(" | ")[1 : 1 + len(THINGS)] == ["✓"] * len(THINGS)
