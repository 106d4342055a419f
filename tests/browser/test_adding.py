"""A record is typed in few fields: what follows is filled in, and faults speak of the form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard of its own: other tests count on the seeds as they are."""
    with serving(tmp_path_factory.mktemp("adding") / "data") as found:
        yield found


class Hand:
    """An editor's hand, which counts the fields it fills and the clicks it makes.

    A field costs a click as well, also where Tab would have led there.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.board = page, Dashboard(page)
        self.fields = self.clicks = 0

    def fill(self, field: str | Locator, text: str) -> None:
        box = self.page.get_by_label(field).first if isinstance(field, str) else field
        box.fill(text)
        box.press("Tab")
        self.board.settled()
        self.fields += 1
        self.clicks += 1

    def click(self, target: Locator) -> None:
        target.click()
        self.board.settled()
        self.clicks += 1


def add(hand: Hand, day: str) -> None:
    """One incident with a new page and three speakers."""
    page = hand.page
    hand.fill("Address of the page", "https://courier.example/shots")
    hand.fill("Publisher", "The Courier")
    hand.fill("Title of the page", "Blast in Fayzabad")
    hand.fill("Published (YYYY-MM-DD)", day)
    hand.fill("Paragraph of the page", "2")
    hand.fill("Day: the page", "on Saturday")
    hand.fill("Place: the page", "Fayzabad")
    hand.click(page.get_by_role("button", name="Fayzabad (settlement), Badakhshan"))
    hand.click(page.get_by_role("radio", name="bombing or planted device"))
    hand.click(page.get_by_role("radio", name="transport"))
    hand.fill("Killed, as The Courier says", "about 3")
    hand.fill("Who says it, speaker 2", "Provincial hospital")
    hand.fill("Killed, as Provincial hospital says", "at least 6 civilians; of them 2 children")
    hand.fill("Who says it, speaker 3", "a witness")
    hand.fill("Killed, as a witness says", "dozens")


def test_an_incident_with_three_speakers_and_a_new_page_in_fourteen_fields(
    own_address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(own_address)).ready()
    hand = Hand(board.page)
    hand.click(board.page.get_by_role("button", name="Add a record"))
    add(hand, "2024-06-02")
    expect(board.page.get_by_text("Sat 1 Jun 2024: counted from 2024-06-02")).to_be_visible()
    expect(board.page.get_by_text("No faults found.")).to_be_visible()
    expect(board.page.get_by_label("Kind of speaker 2")).to_have_value("medical")
    hand.click(board.page.get_by_role("button", name="Record the change"))
    expect(board.page.get_by_role("button", name="Download for review")).to_be_visible()
    assert hand.fields <= 14
    assert hand.clicks <= 20
    hand.click(board.page.get_by_role("button", name="Show it on the map"))
    expect(board.panel).to_contain_text("Provincial hospital")
    expect(board.panel).to_contain_text("1 Jun 2024")
    expect(board.panel.locator(".headline")).to_contain_text("≥6")


def test_the_next_one_stands_on_the_same_page(own_address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(own_address)).ready()
    page, hand = board.page, Hand(board.page)
    hand.click(page.get_by_role("button", name="Add a record"))
    hand.fill("Publisher", "The Herald")
    hand.fill("Title of the page", "Two attacks")
    hand.fill("Published (YYYY-MM-DD)", "2024-07-03")
    hand.fill("Paragraph of the page", "1")
    hand.fill("Day: the page", "2 July")
    hand.fill("Place: the page", "Jurm district")
    hand.click(page.get_by_role("radio", name="raid"))
    hand.click(page.get_by_role("radio", name="civilians"))
    hand.click(page.get_by_role("button", name="Record and next"))
    expect(page.get_by_text("The next one on the same page")).to_be_visible()
    # The form that was there is taken away a moment later than the next one comes.
    expect(page.get_by_label("Place: the page")).to_have_count(1)
    expect(page.get_by_label("Place: the page")).to_have_value("")
    source = page.get_by_role("combobox", name="Source", exact=True).first
    expect(source).to_have_value("The Herald, “Two attacks”, 2024-07-03")


def test_faults_are_said_in_the_words_of_the_form(own_address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(own_address)).ready()
    page, hand = board.page, Hand(board.page)
    hand.click(page.get_by_role("button", name="Add a record"))
    notice = page.locator(".notice")
    expect(notice).to_contain_text("3 · Kind of attack: is empty")
    expect(notice).not_to_contain_text("yaml")
    expect(notice).not_to_contain_text("line ")
    hand.fill("Who says it, speaker 1", "Zmarai")
    hand.fill("Killed, as Zmarai says", "3")
    expect(notice).to_contain_text("Zmarai: is of no kind yet")
    hand.fill("Killed, as Zmarai says", "3 soldiers")
    expect(page.get_by_text("“soldiers” is no class of victims")).to_be_visible()
    hand.fill("Address of the page", "https://www.afintl.com/en/202405095903")
    expect(page.get_by_text("This page is a source already: Afghanistan Int")).to_be_visible()


def test_on_a_phone_a_speaker_is_a_card_and_nothing_scrolls_sideways(
    own_address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(own_address, width=390, height=844)).ready()
    board.open_filters()
    board.page.get_by_role("button", name="Add a record").click()
    expect(board.page.get_by_label("Who says it, speaker 1")).to_be_visible()
    board.settled()
    assert board.sideways() == 0
    box = board.page.get_by_label("Killed, as the publisher says").bounding_box()
    assert box is not None
    assert box["height"] >= 44
