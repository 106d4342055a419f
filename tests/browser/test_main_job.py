"""A reader's main job, end to end, on a wide screen and on a phone, with the network cut off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

FAYZABAD = "afg-2024-05-08-fayzabad-convoy"
SIZES = {"wide": (1440, 960), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
def test_filter_scrub_play_open_read_and_share(
    size: str, address: str, open_page: OpenPage
) -> None:
    width, height = SIZES[size]
    board = Dashboard(
        open_page(address, width, height, permissions=["clipboard-read", "clipboard-write"])
    ).ready()
    page = board.page
    everything = int(board.incidents.inner_text())
    assert board.sideways() == 0
    board.map_frame().evaluate("() => { window.mounted_once = true; }")

    # Province and group.
    if size == "phone":
        board.open_filters()
    board.option("Province", "Badakhshan").check()
    board.wait_for_param("province")
    board.settled()
    board.option("Province", "Kabul").check()
    page.wait_for_function("() => /province=[^&]*,/.test(decodeURIComponent(location.search))")
    board.settled()
    board.option("Group", "ISKP").check()
    board.wait_for_param("group", "iskp")
    board.settled()
    if size == "phone":
        board.close_filters()
    expect(board.incidents).not_to_have_text(str(everything))
    found = board.incidents.inner_text()
    words = page.locator(".chips .sentence")
    expect(words).to_contain_text(re.compile("Attacks in .*Badakhshan.* to ISKP"))

    # The range of days, dragged.
    all_days = board.range_words.inner_text()
    board.drag_range("from", 0.12)
    board.wait_for_param("from")
    expect(board.range_words).not_to_have_text(all_days)

    # Playback moves what is shown, figures too; Stop goes back to the range that was.
    before = board.range_words.inner_text()
    board.play.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(board.range_words).not_to_have_text(before)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(board.range_words).to_have_text(before)
    page.get_by_role("button", name="Show all dates").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('from')")
    expect(board.incidents).to_have_text(found)

    # An incident, by a click on the map, and who says so.
    board.click_incident(FAYZABAD)
    expect(board.panel.first).to_have_attribute("data-incident", FAYZABAD)
    board.wait_for_param("incident", FAYZABAD)
    hospital = board.panel.get_by_role("row").filter(has_text="hospital")
    expect(hospital.locator('td[data-column="killed"]')).to_contain_text("≥6")
    expect(hospital.locator('td[data-column="killed"] .mark')).to_have_text("≠")
    ministry = board.panel.get_by_role("row").filter(has_text="Ministry of Interior")
    expect(ministry.locator('td[data-column="killed"]')).to_contain_text("3")
    claim = board.panel.get_by_role("row").filter(has_text="ISIS (statement)").first
    expect(claim.locator('td[data-column="casualties"]')).to_contain_text("12")
    expect(claim.locator('td[data-column="perpetrator"]')).to_contain_text("ISKP, claimed")
    expect(board.panel.first).to_contain_text("3–≥6")
    assert board.sideways() == 0

    # All the while the map stayed where it was: nothing was mounted anew.
    assert board.map_frame().evaluate("() => window.mounted_once === true")

    # The link, copied, opens the same for somebody else.
    if size == "phone":
        page.get_by_role("button", name="✕").click()
        expect(board.panel).to_have_count(0)
        board.click_incident(FAYZABAD)
        expect(board.panel.first).to_have_attribute("data-incident", FAYZABAD)
    copy = board.panel.page.get_by_role("button", name="Link to this incident")
    copy.click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    short = page.evaluate("() => navigator.clipboard.readText()")
    assert short.endswith(f"?incident={FAYZABAD}")
    link = page.url
    if size == "wide":
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("button", name="Link copied")).to_be_visible()
        link = page.evaluate("() => navigator.clipboard.readText()")
    other = Dashboard(open_page(link, width, height)).ready()
    expect(other.incidents).to_have_text(found)
    expect(other.panel.first).to_have_attribute("data-incident", FAYZABAD)
    for name in ("province", "group", "incident"):
        assert other.params()[name] == board.params()[name]
    assert other.params().get("v") == board.params().get("v")


def test_filters_can_be_taken_away_one_by_one_and_all(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(f"{address}/?kind=claimed,contested&q=kabul")).ready()
    few = int(board.incidents.inner_text())
    board.page.get_by_role("button", name="Remove filter: “kabul”").click()
    board.page.wait_for_function("() => !new URLSearchParams(location.search).has('q')")
    expect(board.incidents).not_to_have_text(str(few))
    board.page.get_by_role("button", name="Clear all").click()
    board.page.wait_for_function("() => !location.search.includes('kind')")
    assert int(board.incidents.inner_text()) > few


def test_an_empty_selection_names_the_filter_that_empties_it(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{address}/?kind=claimed&q=nowhere-at-all")
    board = Dashboard(page).ready()
    expect(board.incidents).to_have_text("0")
    page.get_by_role("button", name=re.compile("Clear .*nowhere")).click()
    expect(board.incidents).not_to_have_text("0")
    assert board.params()["kind"] == ["claimed"]


def test_a_link_with_a_slash_at_its_end_opens_the_record_and_its_table_has_one_row(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{address}/?province=AF20&incident=afg-2022-11-30-aybak-madrasa/")
    board = Dashboard(page).ready()
    expect(board.panel).to_be_visible()
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    assert page.get_by_text("Not everything in the link").count() == 0


def test_a_row_of_the_table_opens_its_incident_and_the_tab_is_in_the_link(
    address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(address)).ready()
    table = board.page.get_by_role("table", name="Incidents of the selection")
    expect(table.get_by_role("row")).to_have_count(int(board.incidents.inner_text()) + 1)
    # The server puts the rows in order: most reported killed first.
    table.get_by_role("button", name="Killed").click()
    board.wait_for_param("sort", "-killed")
    expect(table.locator("tbody tr").first).to_contain_text("airport")
    # A colleague gets the link and sees the same first row.
    same = open_page(board.page.url).get_by_role("table", name="Incidents of the selection")
    expect(same.locator("tbody tr").first).to_contain_text("airport")
    expect(same.locator("th[aria-sort=descending]")).to_contain_text("Killed")
    row = table.locator("tbody tr").first
    row.locator("button.open").click()
    expect(board.panel.first).to_be_visible()
    board.wait_for_param("incident")
    expect(row).to_have_attribute("aria-selected", "true")
    # Closed, the same row opens it again with one click.
    board.page.get_by_role("button", name="✕").click()
    expect(board.panel).to_have_count(0)
    expect(row).not_to_have_attribute("aria-selected", "true")
    row.click()
    expect(board.panel.first).to_be_visible()
    board.page.get_by_role("button", name="All columns").click()
    expect(table.get_by_role("columnheader", name="Record")).to_be_visible()
    board.page.get_by_role("tab", name="Sources").click()
    board.wait_for_param("tab", "sources")
    expect(board.page.locator("table.sources")).to_be_visible()


def test_a_place_typed_in_another_spelling_moves_the_map(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(address)).ready()
    before = board.map_frame().evaluate("() => map.getZoom()")
    board.page.get_by_label("Find a place").fill("Faizabad, Badakhshan")
    board.page.get_by_label("Find a place").press("Enter")
    board.map_frame().wait_for_function(
        "zoom => map.getZoom() > zoom && Math.abs(map.getCenter().lat - 37.1) < 0.3",
        arg=before,
        polling=100,
    )


def test_coordinates_are_found_and_a_pin_says_what_was_looked_for(
    address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(address)).ready()
    field = board.page.get_by_label("Find a place")
    field.click()
    field.type("isla")
    board.page.locator("#place-suggestions option[value='Islam Qala, Herat']").wait_for(
        state="attached"
    )
    field.fill("34°20'N 62°12'E")
    field.press("Enter")
    pin = board.map_frame().locator(".im-pin-name")
    expect(pin).to_contain_text("34.3333° N, 62.2° E")
    board.map_frame().wait_for_function(
        "() => Math.abs(map.getCenter().lng - 62.2) < 0.1", polling=100
    )
    expect(board.map_frame().locator(".im-where")).to_contain_text("Herat")
    field.fill("Mazar-e Sharif")
    field.press("Enter")
    expect(pin).to_contain_text("Mazar-e Sharif")
    pin.get_by_role("button").click()
    expect(pin).to_have_count(0)


def test_embedded_it_is_map_figures_and_timeline_alone(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/?embed=true&province=AF17")
    board = Dashboard(page)
    expect(board.incidents).to_be_visible()
    board.map_frame().wait_for_function("() => window.map?.incidentLayer?._answer", polling=100)
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.locator(".masthead")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: str, address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(f"{address}/?incident={FAYZABAD}", color_scheme=scheme)).ready()
    ratios = board.page.evaluate(CONTRAST)
    assert ratios
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}


#: WCAG contrast of small text against the first ground behind it that is not see-through.
CONTRAST = """() => {
  const rgba = (text) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((v, i) => (i === 3 ? v / 255 : v));
  };
  const over = (top, under) =>
    [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const part = [r, g, b].map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      layers.push(rgba(getComputedStyle(e).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const found = {};
  const wanted = '.masthead p, .figures dt, .panel-card .quiet, .panel-card p, .panel-card a, '
    + 'td.differs, table.who th';
  for (const element of document.querySelectorAll(wanted)) {
    let opacity = 1;
    for (let e = element; e; e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
    const back = ground(element);
    const ink = rgba(getComputedStyle(element).color);
    ink[3] *= opacity;
    const [a, b] = [light(over(ink, back)), light(back)].sort((x, y) => y - x);
    const name = element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 20);
    found[name] = (a + 0.05) / (b + 0.05);
  }
  return found;
}"""


def in_view(page: Page, selector: str) -> bool:
    """Whether some of an element is seen without scrolling."""
    box = page.locator(selector).first.bounding_box()
    height = page.evaluate("innerHeight")
    return box is not None and box["y"] >= 0 and box["y"] + min(box["height"], 24) <= height


def test_on_a_low_screen_chips_and_the_first_rows_are_seen(
    address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(f"{address}/?province=AF01", 1366, 768)).ready()
    row = ".incident_table tbody tr"
    expect(board.page.locator(row).first).to_be_visible()
    assert in_view(board.page, ".chips .chip")
    assert in_view(board.page, row)


def test_on_a_small_phone_the_map_begins_in_the_upper_third(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address, 360, 640, has_touch=True, is_mobile=True)
    board = Dashboard(page).ready()
    frame = page.locator("iframe[title*='st_folium']").bounding_box()
    assert frame is not None
    assert frame["y"] <= 640 / 3
    assert board.sideways() == 0
    # The button for the filters stands below the page, not over it.
    bar = page.get_by_test_id("stExpandSidebarButton").bounding_box()
    main = page.get_by_test_id("stMain").bounding_box()
    assert bar is not None
    assert main is not None
    assert main["y"] + main["height"] <= bar["y"] + 1


def test_fingers_one_scrolls_the_page_and_two_zoom_the_map(
    address: str, open_page: OpenPage
) -> None:
    page = open_page(address, 390, 844, has_touch=True, is_mobile=True)
    board = Dashboard(page).ready()
    frame = page.locator("iframe[title*='st_folium']").bounding_box()
    assert frame is not None
    x, y = frame["x"] + frame["width"] * 0.4, frame["y"] + frame["height"] * 0.6
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": left, "y": top, "id": number} for number, (left, top) in enumerate(at)]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    view = "() => [map.getCenter().lat, map.getCenter().lng, map.getZoom()]"
    scrolled = "() => document.querySelector('[data-testid=\"stMain\"]').scrollTop"
    before = board.map_frame().evaluate(view)
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y - 20 * step))
    touch("touchEnd")
    page.wait_for_function(f"({scrolled})() > 40")
    # The page glides on for a while when the finger is lifted.
    page.evaluate(
        """() => new Promise((done) => {
          const main = document.querySelector('[data-testid="stMain"]');
          let [last, same] = [-1, 0];
          const look = () => {
            same = main.scrollTop === last ? same + 1 : 0;
            last = main.scrollTop;
            if (same > 12) done();
            else requestAnimationFrame(look);
          };
          look();
        })"""
    )
    assert board.map_frame().evaluate(view) == before
    page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)")
    page.wait_for_function(f"({scrolled})() === 0")
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 9):
        touch("touchMove", (x - 20 - 8 * step, y), (x + 20 + 8 * step, y))
    touch("touchEnd")
    board.map_frame().wait_for_function(f"() => map.getZoom() > {before[2]} + 0.5", polling=100)
    assert page.evaluate(scrolled) == 0


def test_an_area_drawn_on_the_map_filters_everything(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(address)).ready()
    page, frame = board.page, board.map_frame()
    box = page.locator("iframe[title*='st_folium']").bounding_box()
    assert box is not None

    def at(lat: float, lng: float) -> tuple[float, float]:
        x, y = frame.evaluate(
            "([lat, lng]) => { const p = map.latLngToContainerPoint([lat, lng]);"
            " return [p.x, p.y]; }", [lat, lng],
        )  # fmt: skip
        return box["x"] + x, box["y"] + y

    def draw(kind: str, *corners: tuple[float, float]) -> None:
        frame.get_by_role("button", name="Filter by an area drawn on the map").click()
        frame.get_by_role("button", name=kind, exact=True).click()
        for corner in corners:
            page.mouse.click(*at(*corner))

    draw("Polygon", (33.9, 68.5), (35.3, 68.5), (35.3, 69.9), (33.9, 69.8), (33.9, 68.5))
    board.wait_for_param("inside")
    expect(board.incidents).to_have_text("5")  # those of Kabul
    expect(page.locator(".chips .sentence")).to_contain_text("in a drawn area of 4 corners")
    page.get_by_role("button", name="Clear all").click()
    board.settled()
    draw("Circle", (34.53, 69.17), (34.9, 69.17))
    board.wait_for_param("near")
    expect(board.incidents).to_have_text("5")
    page.get_by_role("button", name="Clear all").click()
    board.settled()
    # A province is zoomed to, and the way back leads to the whole country.
    whole = frame.evaluate("() => map.getZoom()")
    board.option("Province", "Kabul").check()
    frame.wait_for_function(f"() => map.getZoom() > {whole} + 1", polling=100)
    frame.get_by_role("button", name="Filter by an area drawn on the map").click()
    frame.get_by_role("button", name="Only what is in the map").click()
    board.wait_for_param("inside")
    expect(page.locator(".chips .sentence")).to_contain_text("in the rectangle")
    frame.get_by_role("button", name="Back to where the map was").click()
    frame.wait_for_function(f"() => map.getZoom() === {whole}", polling=100)


def test_days_that_are_typed_count_on_enter_and_on_leaving(
    address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(address)).ready()
    page = board.page
    page.get_by_role("textbox", name="From", exact=True).fill("2022")
    page.keyboard.press("Enter")
    board.wait_for_param("from", "2022-01-01")
    page.get_by_role("textbox", name="To", exact=True).fill("2022-09")
    page.keyboard.press("Tab")
    board.wait_for_param("to", "2022-09-30")


def test_back_and_forward_undo_and_redo(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(address)).ready()
    page = board.page
    everything = board.incidents.inner_text()
    board.option("Province", "Kabul").check()
    board.wait_for_param("province", "AF01")
    expect(board.incidents).not_to_have_text(everything)
    few = board.incidents.inner_text()
    board.settled()
    # Another tab of the same reader goes its own way.
    other = page.context.new_page()
    other.goto(address)
    Dashboard(other).ready()
    page.locator(".incident_table tbody button, .incident_table tbody a").first.click()
    board.wait_for_param("incident")
    expect(board.panel).to_have_count(1)
    page.go_back()
    expect(board.panel).to_have_count(0)
    expect(board.incidents).to_have_text(few)
    page.go_back()
    expect(board.incidents).to_have_text(everything)
    assert "province" not in board.params()
    page.go_forward()
    expect(board.incidents).to_have_text(few)
    assert Dashboard(other).incidents.inner_text() == everything
    assert "province" not in Dashboard(other).params()
