"""A new reader's errand: what sources in Herat disagree on most, who says what, and a link."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

HERAT = "afg-2022-07-04-herat-al-farooq"


def test_find_what_sources_disagree_on_most_in_herat_and_send_the_proof(
    address: str, open_page: OpenPage
) -> None:
    board = Dashboard(open_page(address, permissions=["clipboard-read", "clipboard-write"])).ready()
    page = board.page

    # 1. Herat. 2. Disagreements. 3. The first of the list.
    board.option("Province", "Herat").check()
    board.wait_for_param("province")
    page.get_by_role("button", name="1 where sources differ").click()
    listed = page.locator(".ranked tbody tr")
    expect(listed).to_have_count(1)
    expect(listed.first).to_be_in_viewport()  # it comes up, however low the tabs stood
    expect(page.get_by_text("are in dispute: event type 1")).to_be_visible()
    # What the list is ranked by is in the link.
    page.get_by_role("button", name="Speakers").click()
    board.wait_for_param("order", "speakers")
    board.settled()
    listed.first.locator(".reasons").click()  # anywhere in the row

    # 4. Who claims what, and why it does not fit together.
    matrix = page.locator("section.matrix")
    expect(matrix).to_have_attribute("data-incident", HERAT)
    expect(matrix.locator(".reasons")).to_contain_text(
        "“armed attack” (local sources) and “bombing or planted device” (local sources (earlier"
    )
    marked = matrix.locator(".verdicts td.differs")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("data-column", "event_type")
    ministry = matrix.get_by_role("row").filter(has_text="Taliban Ministry of Defense")
    expect(ministry.locator('td[data-column="killed"]').first).to_contain_text("2")
    group = matrix.get_by_role("row").filter(has_text="ISIS (through Amaq)")
    expect(group.locator('td[data-column="perpetrator"]')).to_contain_text("ISKP, claimed")
    expect(matrix.locator(".moments li.attack")).to_contain_text("Mon 4 Jul 2022")
    expect(matrix.get_by_text("Single source")).to_be_visible()
    assert board.sideways() == 0

    # 5. The link, which a colleague opens to the same comparison.
    page.get_by_role("button", name="Copy link to this comparison").click()
    expect(page.get_by_text("Link copied").first).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    other = open_page(link, 390, 844)
    shown = other.locator("section.matrix")
    expect(shown).to_have_attribute("data-incident", HERAT)
    expect(shown.locator(".reasons")).to_have_text(matrix.locator(".reasons").inner_text())
    colleague = Dashboard(other)
    for name in ("province", "order", "incident"):
        assert colleague.params()[name] == board.params()[name]
    assert colleague.sideways() == 0
    # The same panel too, and the citation of what it says.
    other.get_by_role("button", name="Whole record").click()
    expect(colleague.panel).to_have_attribute("data-incident", HERAT)
    page.locator(".st-key-cite_matrix button").first.click()
    card = page.locator(".cite-card")
    expect(card).to_contain_text("The incident")
    expect(card).to_contain_text("ISIS (through Amaq)")
    page.get_by_role("button", name="CSL-JSON").click()
    expect(page.get_by_text("CSL-JSON copied")).to_be_visible()
    (item,) = json.loads(page.evaluate("() => navigator.clipboard.readText()"))
    cited = open_page(item["URL"])
    expect(cited.get_by_text("Opened from a citation.")).to_be_visible()
    expect(cited.get_by_text("Nothing in this record has changed since.")).to_be_visible()
    page.keyboard.press("Escape")

    # Back to the list, and the rule switched in plain sight is in the link too.
    page.get_by_role("button", name="← All in dispute").click()
    expect(listed).to_have_count(1)
    page.get_by_role("button", name="Change the rule").click()
    page.locator("label").filter(has_text="lowest").first.click()
    board.wait_for_param("rule", "lowest")
    expect(page.locator('[data-figure="rule"]')).to_contain_text("Best by the rule “lowest”")
