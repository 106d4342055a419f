"""A page is pasted, looked at word by word, recorded, and is on the map; its text stays nowhere."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

#: Written for this test: two incidents, five speakers, words that no value stands on.
TEXT = """Twin attacks leave families in mourning

A bomb planted in a handcart killed at least three people in Fayzabad, Badakhshan, on Saturday, police spokesman Amin Rahi said. The wooden stalls of the cobblers burned until nightfall.
A doctor at the provincial hospital said seven people were killed and 12 others were wounded.
A shopkeeper who saw the blast said he counted nine dead. No group has claimed responsibility for the explosion in Fayzabad.

In Herat province, gunmen shot dead two guards in Guzara district on Friday, residents said. The quinces had been harvested a week earlier.
The Afghanistan Freedom Front said its fighters killed five guards in Guzara on Friday.
"""  # noqa: E501
#: The same in Dari.
DARI = """انفجار در شهر مزار شریف

منابع محلی در بلخ می‌گویند که عصر دیروز در نتیجه‌ی انفجار ماین در ناحیه‌ی سوم شهر مزار شریف هفت تن کشته و بیش از بیست تن دیگر زخمی شده‌اند.
یک داکتر در شفاخانه‌ی حوزه‌ای بلخ می‌گوید که ۹ جسد و ۲۶ زخمی به این شفاخانه آورده شده است. تا کنون کسی مسوولیت این انفجار را بر عهده نگرفته است.
"""  # noqa: E501
NEVER_KEPT = (
    "stalls of the cobblers", "until nightfall", "quinces had been harvested", "a week earlier",
)  # fmt: skip


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reading") / "data"


@pytest.fixture(scope="module")
def own_address(data_dir: Path) -> Iterator[str]:
    """A dashboard of its own: other tests count on the seeds as they are."""
    with serving(data_dir) as found:
        yield found


def open_desk(page: Page, text: str, publisher: str = "The Courier") -> Dashboard:
    """Paste a text and have it read; each test has one of its own, since drafts wait by text."""
    board = Dashboard(page).ready()
    if page.viewport_size and page.viewport_size["width"] < 640:
        board.open_filters()
    page.get_by_role("button", name="Read a page").click()
    page.get_by_label("Paste the page: its words").fill(text)
    page.get_by_label("Publisher").fill(publisher)
    page.get_by_label("Published on").fill("2024-06-02")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".desk .draft").first).to_be_visible()
    board.settled()
    return board


def export_all(data_dir: Path) -> str:
    """Everything as the command line exports it, with every claim."""
    out = data_dir.parent / "all.json"
    command = [sys.executable, "-m", "mapapp", "export", "--data-dir", str(data_dir)]
    subprocess.run([*command, "--format", "json", "-o", str(out)], check=True)
    return out.read_text("utf-8")


def stands(page: Page, words: str) -> Locator:
    """A value by the words that it stands on."""
    return page.locator(".desk .stands", has_text=words)


def test_from_paste_to_the_map_in_few_actions(
    own_address: str, open_page: OpenPage, data_dir: Path
) -> None:
    page = open_page(own_address)
    board = open_desk(page, TEXT)  # five: the way in, the text, publisher, day, Read
    actions = 5
    expect(page.locator(".desk .draft")).to_have_count(2)
    for number in range(2):
        page.locator(".desk .draft").nth(number).get_by_role("button", name="Accept all").click()
        actions += 1
    # Whom an attack was meant for is not said, and is asked for.
    expect(page.locator(".wanting").first).to_contain_text("Target: nothing is accepted yet")
    silent = page.get_by_role("button", name="The page does not say")
    while silent.count():
        silent.first.click()
        board.settled()
        actions += 1
    expect(page.get_by_role("button", name="Record 2 incidents")).to_be_enabled()
    page.get_by_role("button", name="Record 2 incidents").click()
    expect(page.get_by_text("Recorded: ")).to_be_visible()
    page.get_by_role("button", name="Show it on the map").click()
    actions += 2
    assert actions <= 15
    expect(board.panel).to_contain_text("The Courier")
    expect(board.panel.locator(".headline")).to_contain_text("9")
    expect(board.incidents).to_contain_text("16")
    held = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    held += b"".join(path.read_bytes() for path in data_dir.parent.glob("*.log"))
    assert b"seven people were killed" in held  # the words of a claim that was accepted
    exported = export_all(data_dir)
    assert "seven people were killed" in exported
    for words in NEVER_KEPT:
        assert words.encode() not in held
        assert words not in exported
    digest = hashlib.sha256(TEXT.strip().encode()).hexdigest()
    assert not list((data_dir / "desks").rglob(f"{digest}.json"))


def test_words_lead_to_values_and_values_to_words(own_address: str, open_page: OpenPage) -> None:
    page = open_page(own_address)
    board = open_desk(page, f"{TEXT}\nRead on page 2.")
    stands(page, "seven people").get_by_role("button", name="seven people").click()
    assert "seven" in page.locator(".page-words .lit").first.inner_text()
    page.locator(".page-words span", has_text="12").first.click()
    current = page.locator(".stands.current")
    expect(current).to_contain_text("12 others")
    page.keyboard.press("x")
    board.settled()
    expect(page.locator(".desk .focus p").first).not_to_contain_text("12")
    expect(stands(page, "12 others")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    board.settled()
    expect(page.locator('.stands[data-state="accepted"]')).to_have_count(1)


def test_marked_words_are_made_a_figure_and_changed_ones_say_so(
    own_address: str, open_page: OpenPage
) -> None:
    page = open_page(own_address)
    board = open_desk(page, f"{TEXT}\nRead on page 3.")
    second = page.locator(".desk .draft").nth(1)
    words = page.locator(".page-words span")
    words.filter(has_text=re.compile("^cobblers$")).click()
    expect(page.locator(".marker")).to_be_visible()
    page.locator(".marker select").select_option("new")
    page.get_by_role("button", name="Target", exact=True).click()
    board.settled()
    expect(page.locator(".desk .draft")).to_have_count(3)
    third = page.locator(".desk .draft").nth(2)
    expect(third.locator(".stands.typed")).to_contain_text("cobblers")
    third.get_by_role("button", name="Not an incident").click()
    board.settled()
    expect(third.get_by_role("button", name="Take it back in")).to_be_visible()
    cell = second.get_by_label(re.compile("^Killed, as residents"))
    cell.fill("at least 2 guards")
    cell.press("Tab")
    board.settled()
    expect(stands(page, "two guards")).to_have_class(re.compile("typed"))


def test_drafts_survive_a_reload_and_are_not_made_twice(
    own_address: str, open_page: OpenPage, data_dir: Path
) -> None:
    page, text = open_page(own_address), f"{TEXT}\nRead on page 4."
    board = open_desk(page, text)
    stands(page, "seven people").get_by_role("button", name="Reject").click()
    board.settled()
    expect(stands(page, "seven people")).to_have_count(0)
    waiting = b"".join(path.read_bytes() for path in (data_dir / "desks").rglob("*.json"))
    for words in NEVER_KEPT:
        assert words.encode() not in waiting
    page.reload()
    board.ready()
    page.get_by_role("button", name="Read a page").click()
    page.get_by_role("button", name="Go on").first.click()  # the one used last
    expect(page.locator(".page-words")).to_contain_text("stalls of the cobblers")  # of this tab
    expect(stands(page, "seven people")).to_have_count(0)
    page.get_by_role("button", name="Put it aside").click()
    # Somebody who pastes it again finds the drafts as they were left.
    page.get_by_label("Paste the page: its words").fill(text)
    page.get_by_label("Publisher").fill("The Courier")
    page.get_by_label("Published on").fill("2024-06-02")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".desk .draft").first).to_be_visible()
    board.settled()
    expect(stands(page, "seven people")).to_have_count(0)
    page.get_by_role("button", name="Throw these drafts away").click()
    expect(page.get_by_label("Paste the page: its words")).to_be_visible()


def test_hostile_words_are_words_and_right_to_left_reads_right(
    own_address: str, open_page: OpenPage
) -> None:
    nasty = (
        "<b>Bold</b> headline ${alert(1)}\n\n"
        "A bomb killed two people in Kabul on Saturday, <img src=x onerror=alert(1)> police said.\n"
        "در کابل دو نفر کشته شدند.\n"
    )
    page = open_page(own_address)
    board = open_desk(page, nasty, "<script>alert(2)</script>")
    expect(page.locator(".page-words")).to_contain_text("onerror=alert(1)")
    assert page.locator(".page-words img, .desk script, .desk b").count() == 0
    line = page.locator(".page-words p").last
    assert line.get_attribute("dir") == "auto"
    assert line.evaluate("(own) => getComputedStyle(own).direction") == "rtl"
    page.get_by_role("button", name="Throw these drafts away").click()
    board.settled()


def test_on_a_phone_the_words_stand_above_and_nothing_scrolls_sideways(
    own_address: str, open_page: OpenPage
) -> None:
    page = open_page(own_address, width=390, height=844)
    board = open_desk(page, f"{TEXT}\nRead on page 5.")
    assert board.sideways() == 0
    box = page.get_by_role("button", name="Accept all").first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    words = page.locator(".page-words").bounding_box()
    draft = page.locator(".desk .draft").first.bounding_box()
    assert words is not None
    assert draft is not None
    assert words["y"] < draft["y"]
    page.get_by_role("button", name="Throw these drafts away").click()


def test_a_dari_page_waits_in_the_inbox(
    own_address: str, open_page: OpenPage, data_dir: Path
) -> None:
    inbox = data_dir / "inbox" / "pages"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "balkh.txt").write_text(DARI, encoding="utf-8")
    page = open_page(own_address)
    board = Dashboard(page).ready()
    page.get_by_role("button", name="Read a page").click()
    page.get_by_label("Publisher").fill("روزنامهٔ نمونه")
    page.get_by_label("Published on").fill("2023-10-26")
    page.get_by_role("combobox", name="Or a page in the server's inbox").click()
    page.get_by_role("option", name="balkh.txt").click()
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".desk .draft")).to_have_count(1)
    board.settled()
    expect(stands(page, "هفت تن کشته").first).to_be_visible()
    says = page.get_by_role("combobox", name="Who did it, as منابع محلی در بلخ says")
    expect(says).to_be_visible()
    assert (inbox / "balkh.txt").is_file()  # it stays until its owner takes it away
