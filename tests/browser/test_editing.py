"""Work in the browser: doubles decided and taken back, a record edited, two selections compared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard
from tests.browser.held_line import HeldLine

pytestmark = pytest.mark.browser

CONVOY = "?incident=afg-2024-05-08-fayzabad-convoy"
SCHOOL = "?incident=afg-2022-11-30-aybak-madrasa"


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own: other tests count on the seeds as they are."""
    with serving(tmp_path_factory.mktemp("editing") / "data") as found:
        yield found


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field when the page has come to rest, and let it take the text."""
    board = Dashboard(page)
    board.settled()
    box = page.get_by_label(label)
    box.fill(text)
    box.press("Tab")
    board.settled()


def test_doubles_are_decided_counted_once_and_taken_back(
    own_address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(own_address)).ready()
    page = board.page
    page.get_by_role("button", name="Possible doubles").click()
    expect(page.get_by_role("heading", name="1 pair to look at")).to_be_visible()
    expect(page.locator("table.score")).to_contain_text("both name ISKP")
    page.get_by_test_id("stRadioGroup").get_by_text("The same incident").click()
    page.get_by_label("Reason, for whoever").fill("Both tell of the vehicle of the corps")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("heading", name="Decided (1)")).to_be_visible()
    page.get_by_role("button", name="Back to the map").click()
    expect(page.locator('[data-doubles="1"]')).to_contain_text("14 with, 13 without")
    page.get_by_role("button", name="Possible doubles").click()
    page.get_by_role("button", name="Take it back").click()
    fill(page, "Reason", "The vehicles were two")
    page.get_by_role("button", name="Take this decision back").click()
    expect(page.get_by_role("heading", name="1 pair to look at")).to_be_visible()


def test_a_record_is_edited_checked_seen_and_undone(own_address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(f"{own_address}/{CONVOY}")).ready()
    page = board.page
    page.get_by_role("button", name="Edit this record").click()
    expect(page.get_by_text("No faults found.")).to_be_visible()
    fill(page, "Killed, as Badakhshan provincial hospital", "seven")
    expect(page.get_by_text("“seven” is no figure")).to_be_visible()
    fill(page, "Killed, as Badakhshan provincial hospital", "at least 7")
    expect(page.get_by_text("“seven” is no figure")).to_have_count(0)
    expect(page.get_by_text("No faults found.")).to_be_visible()
    fill(page, "Reason for the change", "The hospital corrected its figure")
    page.get_by_role("button", name="Record the change").click()
    expect(page.get_by_role("button", name="Download for review")).to_be_visible()
    page.get_by_role("button", name="Show it on the map").click()
    expect(board.panel.locator(".headline")).to_contain_text("3–≥7")


def test_a_draft_is_there_when_the_page_is_opened_again(
    own_address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(own_address)).ready()
    page = board.page
    page.get_by_role("button", name="Add a record").click()
    title = page.get_by_label("Title, in our own words")
    expect(title).to_be_visible()
    board.settled()
    title.fill("Attack on a bazaar, Ghazni")  # and straight back, without leaving the field
    page.get_by_role("button", name="Back to the map").click()
    expect(board.incidents).to_be_visible()
    board.settled()
    page.get_by_role("button", name="Go on with the new record").click()
    expect(page.get_by_text("Your draft, kept as you left it")).to_be_visible()
    expect(title).to_have_value("Attack on a bazaar, Ghazni")
    board.settled()
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_text("Your draft, kept as you left it")).to_have_count(0)
    expect(title).to_have_value("")
    board.settled()
    page.get_by_role("button", name="Back to the map").click()
    expect(page.get_by_role("button", name="Add a record")).to_be_visible()


def test_no_keystroke_is_lost_while_the_page_is_being_made(
    own_address: str, open_page: OpenPage
) -> None:
    page = open_page("about:blank")
    line = HeldLine(page)
    page.goto(f"{own_address}/{SCHOOL}")
    board = Dashboard(page).ready()
    page.get_by_role("button", name="Edit this record").click()
    expect(page.get_by_text("No faults found.")).to_be_visible()
    board.settled()

    # The answer to a search puts new rows above the field that is being typed into.
    where = page.locator(".st-key-bench_card_when")
    where.get_by_text("Who says so of the place").click()
    words = where.get_by_label("The few words that carry it").last
    expect(words).to_be_visible()
    where.get_by_text("Another spelling").click()
    search = where.get_by_label("Find it in the gazetteer")
    expect(search).to_be_visible()
    line.hold()
    search.fill("Herat")
    words.click()
    words.fill("")
    page.keyboard.type("at the ")
    line.let_go()
    expect(where.get_by_text("Several places fit")).to_be_visible()
    page.keyboard.type("gate")
    expect(words).to_have_value("at the gate")

    # A click right after typing brings the text along, also out of the grid.
    board.settled()
    page.get_by_label("The target, in our own words").fill("the hall of the school")
    page.get_by_label("Reason for the change").fill("The page names the hall")
    page.get_by_label("Paragraph of the page that what you add").fill("18")
    cells = page.locator(".claims tbody")
    count = cells.count()
    name = page.get_by_label(f"Who says it, speaker {count}")
    name.fill("a teacher of the school")
    page.get_by_label(f"Kind of speaker {count}").select_option("witness")
    cells.nth(count - 1).get_by_label("Wounded, as").fill("at least 4 students")
    page.get_by_role("button", name="Record the change").click()
    expect(page.get_by_role("button", name="Download for review")).to_be_visible()
    page.get_by_role("button", name="Show it on the map").click()
    expect(board.panel).to_contain_text("a teacher of the school")
    page.get_by_role("button", name="Edit this record").click()
    target = page.get_by_label("The target, in our own words")
    expect(target).to_have_value("the hall of the school")


def test_compare_fits_its_maps_also_where_the_map_was_moved(
    own_address: str, open_page: OpenPage
) -> None:
    page = open_page(f"{own_address}/?province=AF01&v=31.6,62.1,9")
    Dashboard(page).ready()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator('[data-side="B"]')).to_be_visible()
    for side in ("A", "B"):
        handle = page.locator(f".st-key-bench_card_{side} iframe").element_handle()
        frame = handle.content_frame()
        assert frame is not None
        # Each shows all that it holds, at no smaller a scale than the country.
        frame.wait_for_function(
            """() => {
              const seen = window.map?.incidentLayer?._answer && map.incidentLayer._seenHere();
              const all = seen && seen.total && seen.points + seen.areas === seen.total;
              return all && map.getZoom() > 5;
            }""",
            polling=100,
        )
    assert "&v=" not in page.url


def test_two_periods_are_compared_and_the_link_keeps_it(
    own_address: str, open_page: OpenPage
) -> None:
    query = "from=2022-01-01&to=2022-12-31&vs=date&vs_from=2024-01-01&vs_to=2024-12-31"
    page = open_page(f"{own_address}/?{query}", width=390, height=844)
    expect(page.locator('[data-side="A"]')).to_contain_text("2022")
    expect(page.locator('[data-side="B"]')).to_contain_text("2024")
    expect(page.locator('[data-measure="incidents"]')).to_contain_text("more")
    expect(page.locator(".coverage")).to_contain_text("hand-picked")
    page.get_by_text("Provinces", exact=True).click()
    page.wait_for_url(lambda url: "vs=provinces" in url)
