"""Ctrl+P prints the sheet with the map; printing from the browser's menu leaves no hole."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser


def counting_prints(page: Page) -> None:
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")


@pytest.mark.parametrize("inside", ["page", "map"])
def test_ctrl_p_prints_the_sheet_with_the_map(
    inside: str, address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{address}/?province=AF15")
    board = Dashboard(page).ready()
    counting_prints(page)
    if inside == "map":
        board.map_frame().locator(".leaflet-container").focus()
    page.keyboard.press("Control+p")
    expect(page.locator(".sheet img.map")).to_be_visible()
    page.wait_for_function("() => window.printed === 1")
    assert page.evaluate("() => document.querySelector('.sheet img.map').naturalWidth") == 1200
    board.settled()
    page.get_by_role("button", name="Back to the map").click()
    board.ready()
    assert page.evaluate("() => window.printed") == 1


def test_printed_from_the_menu_the_page_has_no_hole(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    board = Dashboard(page).ready()
    expect(page.locator(".incidents tbody tr").first).to_be_visible()
    page.emulate_media(media="print")
    figures, lower = page.locator(".st-key-figures_place"), page.locator(".st-key-lower")
    above, below = figures.bounding_box(), lower.bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - (above["y"] + above["height"]) < 150
    words = "() => getComputedStyle(document.querySelector('.st-key-main'), '::before').content"
    assert "Print view" in page.evaluate(words)
    page.emulate_media(media="screen")
    expect(board.incidents).to_be_visible()
