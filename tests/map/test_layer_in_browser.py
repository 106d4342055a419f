"""The layer in Chromium on a plain page: picks, keyboard, time, the view in the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.web.dev_page import HOSTILE, answer

pytestmark = pytest.mark.browser

#: What the tests ask of the layer; the page itself holds none of it.
HELPERS = """
() => {
  window.map = Object.values(window).find((value) => value && value.incidentLayer);
  window.layer = map.incidentLayer;
  window.at = (mark) => {
    const point = map.layerPointToContainerPoint(
      L.point(mark.x, mark.y).subtract(map.getPixelOrigin()));
    return [point.x, point.y];
  };
  window.of = (id) => layer._marks.find((mark) => mark.members.some((one) => one.id === id));
}
"""

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, layer_page: str) -> Iterator[Open]:
    """Opens the page; at the end nothing was asked from elsewhere and nothing went wrong."""
    faults: list[str] = []
    contexts = []

    def opened(
        path: str = "/", *, width: int = 900, height: int = 560, prepare: Any = None, **more: Any
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((layer_page, "data:", "blob:"))
                else faults.append(f"asked for {request.url}")
            ),
        )
        if prepare:
            prepare(page)
        page.goto(layer_page + path)
        page.wait_for_function(
            "Object.values(window).some((v) => v && v.incidentLayer?._geo.provinces)"
        )
        page.wait_for_function("document.querySelector('.im-status').textContent !== ''")
        page.evaluate(HELPERS)
        page.evaluate("new Promise(requestAnimationFrame)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def picks(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        "messages.filter((m) => m.type === 'pick').map((m) => m.ids)"
    )
    return found


def tell(page: Page, message: str) -> None:
    page.evaluate(
        f"window.postMessage({{source: 'incident-page', {message}}}, location.origin);"
        "new Promise((done) => setTimeout(() => requestAnimationFrame(done), 20))"
    )


def id_of(title: str) -> str:
    return next(str(i["id"]) for i in answer()["incidents"] if i["title"] == title)


def test_a_click_on_a_mark_tells_the_page_which_incident(open_page: Open) -> None:
    page = open_page()
    wanted = id_of("Aybak school")
    x, y = page.evaluate(f"at(of('{wanted}'))")
    page.mouse.click(x, y)
    page.wait_for_function("messages.some((m) => m.type === 'pick')")
    assert picks(page) == [[wanted]]


def test_incidents_at_one_spot_can_each_be_picked(open_page: Open) -> None:
    page = open_page("/?v=34.5553,69.2075,16")
    same = [id_of(f"Same spot {n}") for n in range(3)]
    x, y = page.evaluate(f"at(of('{same[0]}'))")
    page.mouse.click(x, y)
    items = page.locator(".im-item")
    assert sorted(items.evaluate_all("all => all.map((one) => one.dataset.incident)")) == same
    for number in range(3):
        items.nth(number).click()
    page.wait_for_function("messages.filter((m) => m.type === 'pick').length === 3")
    assert sorted(ids[0] for ids in picks(page)) == same


def test_a_province_is_a_shaded_area_with_a_count_and_no_point(open_page: Open) -> None:
    page = open_page()
    area = [id_of(f"Province only {n}") for n in range(2)]
    assert page.evaluate(f"of('{area[0]}') === undefined")
    badge = page.evaluate("layer._badges.find((b) => b.area.id === 'prov:herat')")
    assert badge["count"] == 2
    # A place in the province far from its label point opens the same list.
    x, y = page.evaluate(
        "(() => { const p = map.latLngToContainerPoint([33.2, 62.5]); return [p.x, p.y]; })()"
    )
    page.mouse.click(x, y)
    items = page.locator(".im-item")
    assert sorted(items.evaluate_all("all => all.map((one) => one.dataset.incident)")) == area
    assert "known only to Herat" in page.locator(".im-heading").inner_text()


def test_the_keyboard_goes_through_all_incidents_and_opens_one(open_page: Open) -> None:
    page = open_page()
    page.locator(".im-cursor").focus()
    page.keyboard.press("Home")
    option = page.locator("#im-option")
    size = int(option.get_attribute("aria-setsize") or 0)
    assert size == len(answer()["incidents"])
    seen = set()
    for _ in range(size):
        seen.add(page.evaluate("layer._active"))
        page.keyboard.press("ArrowRight")
    assert len(seen) == size
    page.keyboard.press("Home")
    first = page.evaluate("layer._active")
    page.keyboard.press("Enter")
    page.wait_for_function("messages.some((m) => m.type === 'pick')")
    assert picks(page) == [[first]]
    assert "Undated in Khost" in (option.text_content() or "") or first


def test_the_map_has_a_role_and_a_name(open_page: Open) -> None:
    page = open_page()
    assert page.get_by_role("region", name="Map of incidents").count() == 1
    assert page.get_by_role("listbox").get_attribute("aria-label")
    assert page.get_by_role("button", name="Show the whole country").count() == 1


def test_time_shows_what_is_certain_or_possible_in_it(open_page: Open) -> None:
    page = open_page()
    tell(page, "type: 'time', from: '2022-10-10', to: '2022-10-12'")
    vague, undated = id_of("Some time in October"), id_of("Undated in Khost")
    assert page.evaluate(f"of('{vague}').possible && of('{undated}').possible")
    assert page.evaluate(f"of('{id_of('Aybak school')}') === undefined")
    assert page.locator(".im-status").inner_text() == (
        "2 incidents in view · 2 only possibly in the range"
    )
    tell(page, "type: 'time', from: null, to: null")
    assert page.evaluate(f"of('{id_of('Aybak school')}') !== undefined")


def test_no_question_is_asked_while_time_plays(open_page: Open) -> None:
    asked: list[str] = []
    page = open_page(prepare=lambda page: page.on("request", lambda r: asked.append(r.url)))
    before = len(asked)
    for day in range(10, 28):
        tell(page, f"type: 'time', from: '2022-09-{day}', to: '2022-09-{day}', playing: true")
    assert len(asked) == before


def test_messages_of_others_are_not_heard(open_page: Open) -> None:
    page = open_page()
    page.evaluate("window.postMessage({source: 'other', type: 'select', id: 'x'}, '*')")
    page.evaluate("window.postMessage({source: 'incident-page', type: 'constructor'}, '*')")
    tell(page, "type: 'select', id: 'y'")
    assert page.evaluate("layer._selected") == "y"


def test_the_view_is_in_the_address_and_the_rest_stays_as_it_was(open_page: Open) -> None:
    page = open_page("/?q=a%2Cb+c&kind=claimed&from=2022-01-01")
    before = page.url
    assert "v=" not in before, "a view that nobody chose is not part of the link"
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_function("location.search.includes('v=')")
    assert page.url.startswith(before + "&v=")
    page.get_by_role("button", name="Show the whole country").click()
    page.wait_for_function("!location.search.includes('v=')")
    assert page.url == before


def resize(page: Page, width: int, height: int) -> None:
    """Another size, once Leaflet has told its end: by a timer of 200 ms, before ours."""
    page.evaluate(
        """() => {
          window.resized = new Promise((done) => map.once("resize", () => setTimeout(done, 250)));
        }"""
    )
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("window.resized")


def test_opening_an_incident_is_no_choice_of_a_view(open_page: Open) -> None:
    page = open_page(width=1200, height=500)
    x, y = page.evaluate(f"at(of('{id_of('Aybak school')}'))")
    page.mouse.click(x, y)
    page.wait_for_function("messages.some((m) => m.type === 'pick')")
    # The panel that opens beside the map takes of its width.
    resize(page, 700, 500)
    assert "v=" not in page.url
    assert page.evaluate("map.getBounds().contains([[29.4, 60.6], [38.4, 74.8]])")
    page.mouse.move(300, 200)
    page.mouse.wheel(0, -200)
    page.wait_for_function("location.search.includes('v=')")


def test_a_link_opens_at_its_view(open_page: Open) -> None:
    page = open_page("/?v=34.35,62.2,9")
    view = page.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    assert view == pytest.approx([34.35, 62.2, 9], abs=0.01)


@pytest.mark.parametrize("view", ["", "1,2", "a,b,c", "91,0,5", "0,0,99", "34,62,NaN", "34,62,"])
def test_a_broken_view_is_as_none(open_page: Open, view: str) -> None:
    page = open_page(f"/?v={view}")
    assert page.evaluate("map.getBounds().contains([[29.4, 60.6], [38.4, 74.8]])")


@pytest.mark.parametrize(("width", "height"), [(1440, 700), (390, 420), (320, 300), (600, 900)])
def test_the_whole_country_is_seen_at_any_size(open_page: Open, width: int, height: int) -> None:
    page = open_page(width=width, height=height)
    assert page.evaluate("map.getBounds().contains([[29.4, 60.6], [38.4, 74.8]])")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_new_size_fits_again_until_somebody_moves_the_map(open_page: Open) -> None:
    page = open_page(width=1200, height=700)
    resize(page, 400, 400)
    page.wait_for_function("map.getBounds().contains([[29.4, 60.6], [38.4, 74.8]])")
    assert "v=" not in page.url


def test_text_of_any_kind_is_shown_as_text(open_page: Open) -> None:
    page = open_page()
    hostile = id_of(HOSTILE)
    x, y = page.evaluate(f"at(of('{hostile}'))")
    page.mouse.move(x, y)
    assert HOSTILE in page.locator(".im-tooltip").inner_text()
    tell(page, "type: 'colour', by: 'group'")
    assert HOSTILE in page.locator(".im-legend-row .im-keys").inner_text()
    tell(page, "type: 'colour', by: 'event_type'")
    tell(page, f"type: 'select', id: '{hostile}'")
    page.evaluate("layer._open({ members: layer._answer.incidents })")
    assert HOSTILE in page.locator(".im-list").inner_text()
    page.locator(".im-cursor").focus()
    page.keyboard.press("End")
    assert page.evaluate("window.__pwned") is None
    assert page.locator("img[src='x']").count() == 0


def test_the_old_picture_stays_when_an_answer_fails_and_can_be_asked_again(
    open_page: Open,
) -> None:
    page = open_page()
    marks = page.evaluate("layer._marks.length")

    def fail(route: Route) -> None:
        route.fulfill(status=503, json={"error": "the store cannot be read just now"})

    page.route("**/data/view*", fail)
    tell(page, "type: 'filter', query: 'kind=claimed'")
    page.wait_for_selector(".im-fault")
    assert "the store cannot be read just now" in page.locator(".im-status").inner_text()
    assert page.evaluate("layer._marks.length") == marks > 0
    page.unroute("**/data/view*")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".im-fault", state="detached")


def test_only_the_last_question_counts(open_page: Open) -> None:
    page = open_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "kind=denied" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/data/view*", hold)
    tell(page, "type: 'filter', query: 'kind=denied'")
    tell(page, "type: 'filter', query: 'kind=claimed'")
    page.wait_for_function("layer._answer.query === 'kind=claimed'")
    for route in held:
        route.abort()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("layer._answer.query") == "kind=claimed"
    assert page.locator(".im-fault").count() == 0


def test_one_finger_scrolls_the_page_and_is_told_so_once(open_page: Open) -> None:
    page = open_page(width=390, height=420, has_touch=True, is_mobile=True)
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.incident-map')).touchAction"
    ) in ("pan-x pan-y", "pan-y pan-x")
    drag = """(id) => {
      const target = document.querySelector('.incident-map');
      const touch = (y) => new Touch({ identifier: 1, target, clientX: 200, clientY: y });
      const down = { pointerType: 'touch', bubbles: true };
      target.dispatchEvent(new PointerEvent('pointerdown', down));
      const fire = (type, y) => target.dispatchEvent(
        new TouchEvent(type, { touches: [touch(y)], bubbles: true, cancelable: true }));
      fire('touchstart', 200); fire('touchmove', 150);
    }"""
    centre = page.evaluate("map.getCenter().lat")
    page.evaluate(drag)
    hint = page.locator(".im-hint")
    assert hint.is_visible()
    assert "two fingers" in hint.inner_text()
    assert page.evaluate("map.getCenter().lat") == centre
    page.wait_for_selector(".im-hint", state="hidden")
    page.evaluate(drag)
    assert not hint.is_visible()


def test_dark_and_light_follow_the_page(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    frame = page.locator(".incident-map")
    assert "im-dark" in (frame.get_attribute("class") or "")
    tell(page, "type: 'theme', dark: false")
    assert "im-dark" not in (frame.get_attribute("class") or "")


def test_the_status_says_what_is_in_view_and_leads_to_what_is_not(open_page: Open) -> None:
    page = open_page("/?v=31.0,62.0,9")
    status = page.locator(".im-status-text")
    page.wait_for_function("layer._answer !== null")
    assert status.inner_text().startswith("0 of ")
    assert " incidents in view" in status.inner_text()
    page.get_by_role("button", name="Show them").click()
    page.wait_for_function(
        "/^[1-9]\\d* incidents in view/.test(document.querySelector('.im-status-text').textContent)"
    )
    assert page.get_by_role("button", name="Show them").count() == 0
    # One of several: both numbers.
    page.evaluate(
        "const one = layer._answer.incidents.find((i) => !i.areal);"
        "map.setView([one.lat, one.lng], 16, { animate: false })"
    )
    assert re.match(r"\d+ of \d+ incidents in view", status.inner_text())
