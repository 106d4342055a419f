"""Timeline and bridge in Chromium on a plain page: brush, keys, playback, address, copied link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, layer_page: str) -> Iterator[Open]:
    faults: list[str] = []
    contexts = []

    def opened(query: str = "", *, width: int = 900, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 640}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{layer_page}/timeline{query}")
        page.wait_for_function("document.querySelector('.inner .certain')?.getAttribute('d')")
        page.wait_for_function("document.querySelector('.im-status').textContent !== ''")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def said(page: Page, name: str) -> list[Any]:
    found: list[Any] = page.evaluate(f"said.filter(([n]) => n === '{name}').map(([, v]) => v)")
    return found


def shown(page: Page) -> str:
    return page.locator(".range-words").inner_text()


def drag(page: Page, start: float, end: float) -> None:
    """Across the plot, in shares of its width."""
    box = page.locator(".plot").bounding_box()
    assert box
    y = box["y"] + 20
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=6)


def test_a_brush_moves_the_map_at_once_and_the_script_hears_of_it_on_release(
    open_page: Open,
) -> None:
    page = open_page()
    before = page.locator(".im-status").inner_text()
    drag(page, 0.4, 0.5)
    page.wait_for_function(f"document.querySelector('.im-status').textContent !== '{before}'")
    assert said(page, "range") == []
    page.mouse.up()
    (chosen,) = said(page, "range")
    # Whole months: the step.
    assert chosen["from"].endswith("-01")
    assert "2022-01" < chosen["from"] < chosen["to"] < "2023-06"


def test_a_click_on_a_bar_chooses_its_step(open_page: Open) -> None:
    page = open_page()
    box = page.locator(".plot").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * (14.5 / 34), box["y"] + 45)
    assert said(page, "range") == [{"from": "2022-10-01", "to": "2022-10-31"}]
    assert shown(page) == "1 Oct 2022 – 31 Oct 2022"


def test_the_body_is_dragged_by_whole_steps_and_keeps_its_length(open_page: Open) -> None:
    page = open_page()
    page.evaluate("void timeline({from: '2022-01-01', to: '2022-02-28'})")
    drag(page, 6.3 / 34, 9.1 / 34)
    page.mouse.up()
    assert said(page, "range") == [{"from": "2022-04-01", "to": "2022-05-31"}]


def test_each_handle_answers_to_the_keys_and_says_its_date(open_page: Open) -> None:
    page = open_page()
    start, end = page.get_by_role("slider", name="From"), page.get_by_role("slider", name="To")
    start.focus()
    page.keyboard.press("ArrowRight")
    assert start.get_attribute("aria-valuetext") == "1 Sep 2021"
    end.focus()
    page.keyboard.press("PageDown")
    assert end.get_attribute("aria-valuetext") == "30 Nov 2023"
    assert said(page, "range")[-1] == {"from": "2021-09-01", "to": "2023-11-30"}
    page.get_by_role("slider", name="Range of dates").focus()
    page.keyboard.press("ArrowRight")
    assert said(page, "range")[-1] == {"from": "2021-10-01", "to": "2023-12-31"}
    page.keyboard.press("Escape")
    assert said(page, "range")[-1] == {"from": None, "to": None}


def test_the_handles_never_cross(open_page: Open) -> None:
    page = open_page()
    page.evaluate("void timeline({from: '2022-03-01', to: '2022-03-31'})")
    page.get_by_role("slider", name="From").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    last = said(page, "range")[-1]
    assert last["from"] <= last["to"]


def test_playing_moves_the_map_without_a_word_to_the_script_until_it_stops(
    open_page: Open,
) -> None:
    page = open_page()
    page.evaluate("void timeline({from: '2022-01-01', to: '2022-02-28'})")
    page.evaluate(
        "window.frames_told = 0; addEventListener('message', (e) => {"
        "if (e.data?.type === 'time' && e.data.playing) frames_told += 1; })"
    )
    page.get_by_role("slider", name="Range of dates").focus()
    page.keyboard.press("Space")
    page.wait_for_function("frames_told > 2")
    page.keyboard.press("Space")
    assert (
        page.get_by_role("button", name="Play", exact=True).get_attribute("aria-pressed") == "false"
    )
    # The page has the range that was; Stop goes back to it, Keep makes what is shown the range.
    assert said(page, "range") == []
    where = shown(page)
    assert "2022" in where
    assert where != "1 Jan 2022 – 28 Feb 2022"
    page.get_by_role("button", name="Stop").click()
    assert shown(page) == "1 Jan 2022 – 28 Feb 2022"
    assert said(page, "range") == []
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "document.querySelector('.range-words').textContent !== '1 Jan 2022 – 28 Feb 2022'"
    )
    page.get_by_role("button", name="Keep these dates").click()
    (chosen,) = said(page, "range")
    assert chosen["from"] > "2022-01-01"
    assert page.get_by_role("button", name="Stop").count() == 0


def test_playing_ends_at_the_end_and_begins_again_from_there(open_page: Open) -> None:
    page = open_page(reduced_motion="no-preference")
    page.evaluate("void timeline({from: '2024-04-01', to: '2024-04-30'})")
    for _ in range(2):
        page.locator(".speed").click()
    assert page.locator(".speed").inner_text() == "×4"
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert shown(page) == "1 May 2024 – 31 May 2024"
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("document.querySelector('.range-words').textContent.includes('2021')")


@pytest.mark.parametrize("end", ["2022-01-31", "2022-01-12"])
def test_it_goes_by_whole_months(open_page: Open, end: str) -> None:
    page = open_page()
    page.evaluate(f"void timeline({{from: '2022-01-01', to: '{end}'}})")
    page.evaluate(
        "window.starts = new Set(); addEventListener('message', (e) => {"
        "if (e.data?.type === 'time' && e.data.playing) starts.add(e.data.from); })"
    )
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("starts.size >= 3")
    assert page.evaluate("[...starts].every((day) => day.endsWith('-01'))")


def test_a_trail_leaves_what_was_before_as_faint_dots(open_page: Open) -> None:
    page = open_page()
    page.evaluate("void timeline({from: '2023-06-01', to: '2023-06-30'})")
    page.get_by_role("button", name="Keep earlier marks while playing").click()
    page.evaluate(
        "window.trailing = false; addEventListener('message', (e) => {"
        "if (e.data?.type === 'time' && e.data.trail) trailing = true; })"
    )
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("trailing")


def test_the_steps_are_a_radio_group(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("radio", name="week").click()
    assert said(page, "step") == ["week"]
    page.evaluate("void timeline({step: 'week'})")
    page.wait_for_function(
        "document.querySelector('[data-step=week]').getAttribute('aria-checked') === 'true'"
    )
    assert page.get_by_role("radio", name="month").get_attribute("aria-checked") == "false"


def test_an_older_run_does_not_move_the_brush_back(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("slider", name="From").focus()
    page.keyboard.press("ArrowRight")
    now = shown(page)
    page.evaluate("void timeline({from: null, to: null})")
    assert shown(page) == now
    page.evaluate("void timeline({from: '2021-09-01', to: '2024-05-31'})")
    page.evaluate("void timeline({from: '2022-01-01', to: '2022-12-31'})")
    assert shown(page) == "1 Jan 2022 – 31 Dec 2022"


def test_the_bridge_writes_the_address_and_leaves_the_view_in_it(open_page: Open) -> None:
    page = open_page("?v=34.5,69.2,9&embed=true&old=1")
    page.evaluate("void bridge({params: [['kind', 'claimed,denied'], ['q', 'a&b=c #d']]})")
    assert page.evaluate("location.search").startswith("?kind=claimed,denied&q=a%26b%3Dc+%23d&")
    assert "&embed=true" in page.url
    assert "&v=34.5000,69.2000,9" in page.url
    assert "old=" not in page.url
    assert page.evaluate("new URLSearchParams(location.search).get('q')") == "a&b=c #d"


def test_the_bridge_forwards_a_pick_and_flies_once(open_page: Open) -> None:
    page = open_page()
    fly = "{id: '1', lat: 34.35, lng: 62.2, zoom: 9}"
    page.evaluate(f"void bridge({{fly: {fly}}})")
    # Leaflet ends a flight on whole pixels, about a hundred metres from the place.
    page.wait_for_function(r"/v=34\.3(49|50)\d*,62\.(19|20)\d*,9/.test(location.search)")
    page.locator(".leaflet-control-zoom-out").click()
    page.wait_for_function("location.search.includes(',8')")
    page.evaluate(f"void bridge({{fly: {fly}}})")
    page.locator(".im-cursor").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_function("said.some(([name]) => name === 'picked')")
    assert said(page, "picked")[0].startswith("invented-")
    assert page.evaluate("location.search").endswith(",8")


@pytest.mark.parametrize("clipboard", [True, False])
def test_the_link_is_copied_also_where_the_clipboard_is_blocked(
    open_page: Open, clipboard: bool
) -> None:
    page = open_page("?v=34.5,69.2,9")
    how = "page.copied = text; return Promise.resolve()" if clipboard else "throw new Error('no')"
    page.evaluate(
        "window.page = {}; Object.defineProperty(navigator, 'clipboard', {value: {writeText(text) {"
        f"{how} }}}}}}); document.execCommand = (what) => {{"
        "page.copied = document.activeElement.value; return what === 'copy'; }"
    )
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("page.copied === location.href")


@pytest.mark.parametrize("width", [1200, 390, 320])
def test_nothing_scrolls_sideways_and_targets_are_large_enough(open_page: Open, width: int) -> None:
    phone = width < 600
    page = open_page(width=width, has_touch=phone, is_mobile=phone)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if phone:
        sizes = page.evaluate(
            "[...document.querySelectorAll('.frame button:not([hidden]), .handle')]"
            ".filter((e) => !e.matches('.all')).map((e) => e.getBoundingClientRect().height)"
        )
        assert sizes
        assert min(sizes) >= 44
