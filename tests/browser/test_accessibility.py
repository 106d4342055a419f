"""No serious fault that axe-core finds on the pages readers see, light and dark, map included."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN = """async () => {
  const found = await axe.run({ iframes: false, resultTypes: ["violations"] });
  return found.violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))]);
}"""


def as_it_is(_board: Dashboard) -> None:
    """The page as its link opens it."""


def cite(board: Dashboard) -> None:
    board.page.locator(".st-key-cite button").first.click()
    expect(board.page.locator(".cite-card")).to_be_visible()


def more_filters(board: Dashboard) -> None:
    board.page.get_by_text("More filters").click()
    expect(board.page.get_by_role("group", name="Event type")).to_be_visible()


def method(board: Dashboard) -> None:
    expect(board.page.locator(".st-key-method table[tabindex]").first).to_be_visible()


def faults(page: Page | Frame) -> Any:
    page.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.mark.parametrize(
    ("query", "act", "theme"),
    [
        ("", as_it_is, "dark"),
        ("?incident=afg-2024-05-08-fayzabad-convoy", as_it_is, "light"),
        ("?tab=disagreements&incident=afg-2024-05-08-fayzabad-convoy", as_it_is, "dark"),
        ("?tab=charts", more_filters, "light"),
        ("?tab=method", method, "light"),
        ("?tab=disagreements", cite, "dark"),
    ],
    ids=["map", "incident", "matrix", "charts and filters", "method", "citation"],
)
def test_no_serious_fault(
    address: str, open_page: OpenPage, query: str, act: Callable[[Dashboard], None], theme: str
) -> None:
    board = Dashboard(open_page(f"{address}/{query}", color_scheme=theme)).ready()
    act(board)
    board.settled()
    assert faults(board.page) == []
    assert faults(board.map_frame()) == []


def test_the_main_job_by_keyboard_alone(address: str, open_page: OpenPage) -> None:
    """Herat, where sources differ, the first incident, and its link, without a mouse."""
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    board = Dashboard(page).ready()
    board.option("Province", "Herat").focus()
    page.keyboard.press("Space")
    board.wait_for_param("province")
    board.settled()
    page.get_by_role("button", name="1 where sources differ").focus()
    page.keyboard.press("Enter")
    board.wait_for_param("tab")
    board.settled()
    first = page.locator(".ranked tbody button").first
    first.focus()
    assert first.evaluate("button => getComputedStyle(button).outlineStyle") != "none"
    page.keyboard.press("Enter")
    board.wait_for_param("incident")
    board.settled()
    page.get_by_role("button", name="Copy link to this comparison").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Link copied").first).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "province=" in link
    assert "incident=afg-2022-07-04-herat-al-farooq" in link


def test_headings_name_the_parts_and_keys_reach_the_map(address: str, open_page: OpenPage) -> None:
    """Each part has a heading; from the top, five keys lead to the map."""
    board = Dashboard(open_page(address)).ready()
    page = board.page
    for words in ("Filters", "Figures", "Map", "Timeline", "Incidents, disagreements"):
        expect(page.get_by_role("heading", name=re.compile(f"^{words}"))).to_have_count(1)
    to_map = page.get_by_role("link", name="To: Map")
    for _ in range(3):  # Streamlit's own link, the figures, the map
        page.keyboard.press("Tab")
    expect(to_map).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert board.map_frame().evaluate(
        "() => document.hasFocus() && document.activeElement.matches('.incident-map')"
    )


def test_keys_from_the_top_choose_a_province_a_kind_and_a_day(
    address: str, open_page: OpenPage
) -> None:
    """Each in fewer than fifteen keys, what is typed apart; the map's list in ten."""

    def keys(page: Page, *pressed: str) -> None:
        assert len(pressed) <= 15
        for key in pressed:
            page.keyboard.press(key)

    board = Dashboard(open_page(address)).ready()
    for way, option, param in (
        ("Province", "AF01", "province"),
        ("Attribution", "claimed", "kind"),
    ):
        tabs = 6 if way == "Province" else 7
        keys(board.page, *["Tab"] * tabs)
        expect(board.page.get_by_role("link", name=f"To: {way}")).to_be_focused()
        keys(board.page, "Enter", "Tab", "Space")
        board.wait_for_param(param, option)
        board.page.goto(address)
        board.ready()
    keys(board.page, *["Tab"] * 9)
    expect(board.page.get_by_label("From", exact=True)).to_be_focused()
    board.page.keyboard.type("2022")
    board.page.keyboard.press("Enter")
    board.wait_for_param("from", "2022-01-01")

    board.page.goto(address)
    board.ready()
    keys(board.page, *["Tab"] * 3, "Enter", *["Tab"] * 2)
    assert board.map_frame().evaluate("() => document.activeElement.matches('.im-cursor')")


def test_high_contrast_shows_what_is_chosen(address: str, open_page: OpenPage) -> None:
    """Where the system takes the colours away, a line says which tab, step and colour is chosen."""
    board = Dashboard(open_page(address, forced_colors="active")).ready()
    page = board.page
    tab = page.get_by_role("tab", selected=True).first
    assert tab.evaluate("e => getComputedStyle(e).borderBottomStyle") == "solid"
    step = page.locator(".steps [aria-checked=true]")
    assert step.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    handle = page.locator(".timeline .handle.from")
    ground, mark = (
        handle.evaluate(f"e => getComputedStyle(e, {pseudo}).backgroundColor")
        for pseudo in ("null", "'::before'")
    )
    assert mark != ground
