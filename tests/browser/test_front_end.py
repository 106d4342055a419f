"""A first view asks for little: one file of scripts, no font that it does not use."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from mapapp import streamlit_internals
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

MOST_REQUESTS = 80
MOST_BYTES = 1_500_000


def counted(page: Page) -> list[tuple[str, int]]:
    """Address and bytes on the wire of all that a page asks for from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}
    found: list[tuple[str, int]] = []
    session.on(
        "Network.requestWillBeSent",
        lambda event: names.__setitem__(event["requestId"], event["request"]["url"]),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: found.append(
            (names.get(event["requestId"], "?"), event["encodedDataLength"])
        ),
    )
    return found


def warmed_up(address: str, page: Page) -> None:
    """Wait until the server has cut the font of icons, which it does once it serves."""
    (font,) = (streamlit_internals.front_end_folder() / "media").glob("MaterialSymbols-*.woff2")
    while len(page.request.get(f"{address}/static/media/{font.name}").body()) > 100_000:
        page.wait_for_timeout(250)


def test_a_first_view_asks_for_little(address: str, open_page: OpenPage) -> None:
    warmed_up(address, open_page(address))
    page = open_page("about:blank", width=390, height=844)
    asked = counted(page)
    page.goto(address)
    Dashboard(page).ready()
    page.wait_for_load_state("networkidle")
    urls = [url for url, _ in asked if url.startswith("http")]
    assert len(urls) <= MOST_REQUESTS
    assert sum(size for _, size in asked) <= MOST_BYTES
    assert len([url for url in urls if "front-end.json" in url]) == 1
    # One that a first view needs and that is not in the file belongs into `OF_FIRST_VIEW`.
    assert [url for url in urls if urlsplit(url).path.startswith("/static/js/")] == []
    assert [url for url in urls if "SourceSans" in url] == []


def test_scripts_that_come_later_know_those_that_came_together(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address)
    Dashboard(page).ready()
    with page.expect_response(re.compile(r"/static/js/")):
        page.get_by_text("More filters", exact=True).click()
        page.get_by_role("tab", name="Charts").click()
    expect(page.locator("[data-testid=stTabs] [role=tabpanel]:visible").first).to_be_visible()
    Dashboard(page).settled()
    assert page.locator("[data-testid=stException]").count() == 0


def test_without_that_file_the_scripts_come_as_ever(address: str, open_page: OpenPage) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=404, body="")

    page = open_page("about:blank")
    page.route("**/front-end.json*", refuse)
    page.goto(address)
    Dashboard(page).ready()
