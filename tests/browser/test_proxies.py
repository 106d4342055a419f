"""Behind proxies as companies have them: each gives a working page, or a sentence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WAIT_MS, OpenPage
from tests.browser.dashboard import Dashboard
from tests.browser.nginx import HOST, WEBSOCKETS, behind_nginx

pytestmark = pytest.mark.browser


def works(page: Page) -> None:
    """First view, a filter, and what it does to figures, map and address."""
    board = Dashboard(page).ready()
    before = board.incidents.inner_text()
    board.option("Province", "Kabul").check()
    board.wait_for_param("province", "AF01")
    board.settled()
    expect(board.incidents).not_to_have_text(before)


def test_without_websockets_the_page_says_what_is_in_the_way(
    tmp_path: Path, open_page: OpenPage
) -> None:
    with behind_nginx(tmp_path, lines=HOST) as placed:
        page = open_page(placed.address)
        said = page.get_by_role("alert").filter(has_text="WebSocket")
        expect(said).to_be_visible()
        expect(said).to_contain_text("company's proxy")
        way = said.get_by_role("link", name="The data without the page").get_attribute("href")
        assert way is not None
        assert page.request.get(f"{placed.address}{way.removeprefix('./')}").status == 200


def test_a_page_that_is_connected_says_nothing_of_the_kind(
    tmp_path: Path, open_page: OpenPage
) -> None:
    with behind_nginx(tmp_path, lines=f"{HOST} {WEBSOCKETS}") as placed:
        page = open_page(placed.address)
        page.clock.install()
        page.reload()
        Dashboard(page).ready()
        page.clock.run_for(15_000)
        assert page.get_by_role("alert").count() == 0


#: What companies' proxies do to requests and answers on their way.
WAYS = {
    "compression is struck out": f'{HOST} {WEBSOCKETS} proxy_set_header Accept-Encoding "";'
    " proxy_hide_header Content-Encoding;",
    "extensions of websockets are struck out": f"{HOST} {WEBSOCKETS}"
    ' proxy_set_header Sec-WebSocket-Extensions "";',
    "the host is another": WEBSOCKETS,
    "it waits for whole answers": f"{HOST} {WEBSOCKETS} proxy_buffering on; proxy_buffers 8 1m;"
    " proxy_buffer_size 1m;",
    "cookies are struck out": f'{HOST} {WEBSOCKETS} proxy_set_header Cookie "";'
    " proxy_hide_header Set-Cookie;",
}


@pytest.mark.parametrize("way", WAYS)
def test_it_works_where(tmp_path: Path, open_page: OpenPage, way: str) -> None:
    with behind_nginx(tmp_path, lines=WAYS[way]) as placed:
        works(open_page(placed.address))


def test_it_works_over_http_2(tmp_path: Path, open_page: OpenPage) -> None:
    with behind_nginx(tmp_path, http2=True) as placed:
        page = open_page("about:blank", ignore_https_errors=True)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        spoken: set[str] = set()
        session.on(
            "Network.responseReceived", lambda event: spoken.add(event["response"]["protocol"])
        )
        page.goto(placed.address)
        works(page)
        assert "h2" in spoken


@pytest.mark.parametrize(
    ("lines", "host"),
    [
        ("proxy_set_header X-Forwarded-Host map.example.org;"
         " proxy_set_header X-Forwarded-Proto https;", "https://map.example.org"),
        ("proxy_set_header Forwarded 'for=192.0.2.1;host=\"map.example.org\";proto=https';",
         "https://map.example.org"),
    ],
    ids=["X-Forwarded", "Forwarded"],
)  # fmt: skip
def test_addresses_are_those_that_the_proxy_was_asked_for(
    tmp_path: Path, open_page: OpenPage, lines: str, host: str
) -> None:
    with behind_nginx(tmp_path, lines=f"{WEBSOCKETS} {lines}") as placed:
        page = open_page(placed.address)
        works(page)
        links = page.request.get(f"{placed.address}api").json()["links"]
        assert {link["href"].partition("/api")[0] for link in links} == {host}
        assert f'og:url" content="{host}/"' in page.request.get(placed.address).text()
        assert f'href="{host}/feed.atom"' in page.request.get(f"{placed.address}feed.atom").text()


@pytest.fixture
def without_cookies(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser whose owner lets no site keep anything."""
    profile = tmp_path / "profile" / "Default"
    profile.mkdir(parents=True)
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(blocked), "utf-8")
    path = shutil.which("chromium") or shutil.which("google-chrome")
    context = browser.browser_type.launch_persistent_context(
        profile.parent, executable_path=path, args=["--no-sandbox", "--disable-gpu"]
    )
    context.set_default_timeout(WAIT_MS)
    yield context.pages[0]
    context.close()


def test_it_works_where_cookies_are_blocked(address: str, without_cookies: Page) -> None:
    faults: list[str] = []
    without_cookies.on("pageerror", lambda error: faults.append(str(error)))
    without_cookies.goto(address)
    assert (
        without_cookies.evaluate("() => { document.cookie = 'a=b'; return document.cookie; }") == ""
    )
    works(without_cookies)
    without_cookies.get_by_role("tab", name=re.compile("Incidents")).click()
    without_cookies.get_by_role("button", name="All columns").click()
    expect(without_cookies.get_by_role("button", name="Fewer columns")).to_be_visible()
    assert faults == []
