"""A GED release goes from upload to the map, a bad row corrected on the way, and back."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import ged_rows, messy_workbook
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def own_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a dashboard of its own: other tests count on the seeds alone."""
    return tmp_path_factory.mktemp("bring") / "data"


@pytest.fixture(scope="module")
def own_address(own_data: Path) -> Iterator[str]:
    """Where it is served."""
    with serving(own_data) as found:
        yield found


def brought(board: Dashboard, path: Path) -> Page:
    """Open the page and upload a file."""
    page = board.page
    page.get_by_role("button", name="Bring your data").click()
    expect(page.get_by_role("heading", name="Bring your data")).to_be_visible()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name="2 · What it is")).to_be_visible()
    return page


def report(page: Page, name: str, number: int) -> None:
    expect(page.locator(f'[data-report="{name}"]')).to_have_text(str(number))


def test_a_ged_release_with_a_bad_row_is_imported_corrected_and_taken_back(
    own_address: str, own_data: Path, open_page: OpenPage, tmp_path: Path
) -> None:
    rows = [ged_rows.row(number) for number in range(1, 26)]
    rows[4] |= {"low": 900}
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)
    board = Dashboard(open_page(own_address)).ready()
    everything = int(board.incidents.inner_text())
    page = brought(board, path)
    expect(page.locator('[data-seen="Form"]')).to_contain_text("UCDP Georeferenced")
    expect(page.locator('[data-seen="To be set aside"]')).to_have_text("1")
    page.get_by_role("button", name="Import 24 of 25 rows").click()
    report(page, "imported", 24)
    report(page, "added", 24)
    assert board.sideways() == 0

    # The row set aside comes back corrected, and only it is added.
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the 1 row set aside").click()
    aside = tmp_path / started.value.suggested_filename
    started.value.save_as(aside)
    with aside.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["import_field"] == "low"
    corrected = row | {"low": row["best"]}
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(corrected)
    # It waits on the server this time, as a file does that is too large to be uploaded.
    inbox = own_data / "inbox"
    inbox.mkdir()
    shutil.copy(aside, inbox)
    page.get_by_role("button", name="Another file").click()
    page.get_by_role("combobox", name="Or a file in the server's inbox").click()
    page.get_by_role("option", name=aside.name).click()
    page.get_by_role("button", name="Take this file").click()
    page.get_by_role("button", name="Import 1 row").click()
    report(page, "added", 1)
    report(page, "set_aside", 0)
    assert (inbox / aside.name).is_file()  # it stays until its owner takes it away

    page.get_by_role("button", name="Show them on the map").click()
    board.ready()
    board.wait_for_param("dataset", "ucdp-ged")
    expect(board.incidents).to_have_text("25")

    # Taken back, the row is gone again and the rest stays.
    page.get_by_role("button", name="Bring your data").click()
    page.locator(".st-key-bring_report").get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Take this import back").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.get_by_role("button", name="Back to the map").click()
    expect(board.incidents).to_have_text("24")
    page.get_by_role("button", name="Clear all").click()
    expect(board.incidents).to_have_text(str(everything + 24))


def test_a_messy_spreadsheet_goes_in_corrected_on_the_way(
    own_address: str, open_page: OpenPage, tmp_path: Path
) -> None:
    path = messy_workbook.write(tmp_path / "incidents april.xlsx")
    board = Dashboard(open_page(own_address)).ready()
    page = brought(board, path)
    seen = page.locator(".st-key-bring_seen")
    expect(seen).to_contain_text("rows 1 to 2: stand above the header and are not data")
    # What no table says of itself is asked; nothing is guessed.
    expect(page.get_by_text("Who asserts what it says: is empty")).to_be_visible()
    page.get_by_placeholder("An organisation, a ministry").fill("The desk")
    page.get_by_placeholder("An organisation, a ministry").press("Enter")
    expect(page.get_by_text("Who asserts what it says: is empty")).to_have_count(0)
    page.locator("[class*=st-key-bring_precision]").get_by_text("settlement").click()
    page.get_by_text("day first, DD/MM/YYYY").click()
    places = page.locator(".st-key-bring_places")
    places.get_by_text("Kandahar, province").click()
    expect(places).to_contain_text("1 of 1 decided")
    aside = page.get_by_role("list", name="Rows that would be set aside").get_by_role("listitem")
    expect(aside).to_have_count(len(messy_workbook.FAULTS) - 1)
    expect(aside.nth(0)).to_contain_text("latitude and longitude seem swapped")
    assert board.sideways() == 0
    page.get_by_role("button", name="Import 7 of 13 rows").click()
    report(page, "imported", 7)
    report(page, "set_aside", 6)

    # The sheet set right by its owner: the answers are remembered, only what is new is added.
    corrected: dict[int, dict[str, object]] = {
        5: {"Lat": "34,5289", "Long": "69,1725"}, 6: {"Lat": None, "Long": None},
        8: {"Killed": 2}, 12: {"Killed": 1}, 13: {"Date": "30/04/2019"},
        7: {"Killed (low)": 3, "Killed (high)": 5},
    }  # fmt: skip
    page.get_by_role("button", name="Another file").click()
    page.locator("input[type=file]").set_input_files(messy_workbook.write(path, corrected))
    page.get_by_role("button", name="Import 13 rows").click()
    report(page, "imported", 13)
    report(page, "added", 6)
    report(page, "unchanged", 7)
    page.get_by_role("button", name="Show them on the map").click()
    board.ready()
    board.wait_for_param("dataset", "table-incidents-april")
    expect(board.incidents).to_have_text("13")
