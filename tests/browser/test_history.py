"""What changed, as a reader sees it: a newer release against an older one, and a correction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from mapapp.domain.moment import Moment
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.default import open_default
from tests import ged_rows
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

RAISED, GONE, COME = "ucdp-ged-4", "ucdp-ged-11", "ucdp-ged-990001"
SCHOOL = "afg-2022-11-30-aybak-madrasa"


@dataclass(frozen=True)
class Pair:
    """A dashboard over both releases; `then` is just after the older one came, with so many."""

    address: str
    then: str
    incidents: int
    killed: tuple[str, str]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("history")
    store = open_default(folder / "data")
    rows = [ged_rows.row(number) for number in range(1, 41)]
    import_file(Order(_written(folder, "24.1", rows), complete=True), store)
    then = Moment(store.log.changes()[-1].at + timedelta(microseconds=1)).text
    shown = int(store.publish().meta["incidents"])
    was = f"{rows[3]['low']}–{rows[3]['high']}"
    now = str(int(rows[3]["best"]) + 40)
    rows[3] |= {"best": now, "low": now, "high": now}
    rows = [row for row in rows if row["id"] != 11]
    rows.append(ged_rows.row(21, id=990001))
    import_file(Order(_written(folder, "25.1", rows), complete=True), store)
    store.close()
    environ = {"MAPAPP_REPORT_ADDRESS": "desk@example.org"}
    with serving(folder / "data", environ) as address:
        yield Pair(address, then, shown, (was, now))


def _written(folder: Path, version: str, rows: list[ged_rows.Cells]) -> Path:
    return ged_rows.write(folder / f"GEDEvent_v{version.replace('.', '_')}.csv", rows)


def test_a_newer_release_shows_exactly_its_edits(pair: Pair, open_page: OpenPage) -> None:
    everything = "background=1&abroad=1"
    link = f"{pair.address}/?tab=changes&since={quote(pair.then)}&{everything}"
    page = open_page(link)
    board = Dashboard(page).ready()
    expect(page.get_by_text("1 added, 1 revised, 1 withdrawn")).to_be_visible()
    changed = page.locator(f'[data-changed="{RAISED}"]')
    was, now = pair.killed
    expect(changed.locator("del", has_text=was).first).to_be_visible()
    expect(changed.locator("ins", has_text=now).first).to_be_visible()
    expect(changed).to_contain_text("by ")
    expect(page.locator(f'[data-changed="{COME}"]')).to_be_visible()
    gone = page.locator(f'[data-changed="{GONE}"]')
    expect(gone).to_be_visible()

    # The withdrawn one opens as it was, in the data of then, which have the older total.
    page.locator(f".st-key-withdrawn_{GONE}").get_by_role("button").first.click()
    expect(board.panel).to_have_attribute("data-incident", GONE)
    expect(page.get_by_text(re.compile("^As recorded on")).first).to_be_visible()
    expect(board.incidents).to_have_text(str(pair.incidents))


def test_a_reported_fault_is_mended_and_stands_in_the_history(
    pair: Pair, open_page: OpenPage
) -> None:
    page = open_page(f"{pair.address}/?incident={SCHOOL}")
    board = Dashboard(page).ready()
    row = page.locator(f'.incidents tr[data-incident="{SCHOOL}"] td.wrong a')
    expect(row).to_have_attribute("href", re.compile(f"^mailto:desk@example.org.*{SCHOOL}"))
    page.get_by_role("button", name="Edit this record").click()
    expect(page.get_by_text("No faults found.")).to_be_visible()
    page.get_by_label("Title, in our own words").fill("A bomb in a school of Aybak")
    page.get_by_label("Reason for the change").fill("A reader wrote that the title was wrong")
    page.get_by_role("button", name="Record the change").click()
    page.get_by_role("button", name="Show it on the map").click()
    page.get_by_text("History: revised 1×").click()
    history = board.panel.page.locator("ol.history")
    expect(history.locator("ins", has_text="A bomb in a school of Aybak")).to_be_visible()
    expect(history).to_contain_text("reason: A reader wrote that the title was wrong")
    expect(history).to_contain_text("by owner")
    page.get_by_role("tab", name="Changes").click()
    changed = page.locator(f'[data-changed="{SCHOOL}"]')
    expect(changed).to_contain_text("A reader wrote that the title was wrong")
