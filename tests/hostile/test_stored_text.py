"""A data set whose every text is hostile, imported as a user would and opened in Chromium wherever
it is shown: nothing runs, nothing is asked for elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store
from mapapp.ui.view_state import TABS
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard, asked_of_frames
from tests.hostile import dataset

pytestmark = pytest.mark.browser

EVERYTHING = "background=1&abroad=1"


@dataclass(frozen=True, slots=True)
class Served:
    address: str
    folder: Path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The data set, served by `make run`'s settings, and its files as the page offers them."""
    folder = tmp_path_factory.mktemp("stored")
    store = Store.open(folder / "var")
    import_file(Order(dataset.write(folder / "hostile.json")), store)
    extract = read_extract(store.current(), Selection(background=True, abroad=True))
    for own in FORMATS.values():
        (folder / f"export{own.ending}").write_bytes(own.write(extract).content)
    store.close()
    with serving(folder / "var") as address:
        yield Served(address, folder)


def ran(page: Page) -> list[str]:
    """Frames in which a text of the corpus has run; each sets `top.__xss`."""
    asked = asked_of_frames(page, "() => '__xss' in window")
    return [frame.url for frame, has_run in asked if has_run]


def watched(page: Page) -> list[str]:
    """What the page says of text that the policy kept from running."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            said.append(message.text)

    page.on("console", hear)
    return said


def test_nothing_of_it_runs_in_tabs_and_panels(hostile: Served, open_page: OpenPage) -> None:
    _opened(hostile, open_page, dataset.ids()[::4])


@pytest.mark.soak
def test_nothing_of_it_runs_in_any_panel(hostile: Served, open_page: OpenPage) -> None:
    _opened(hostile, open_page, dataset.ids())


def _opened(hostile: Served, open_page: OpenPage, ids: list[str]) -> None:
    page = open_page("about:blank", 1440, 1000)
    said = watched(page)
    for tab in TABS:
        page.goto(f"{hostile.address}/?{EVERYTHING}&tab={tab}")
        Dashboard(page).ready()
        assert ran(page) == [], tab
    for key in ids:
        page.goto(f"{hostile.address}/?{EVERYTHING}&incident={key}")
        board = Dashboard(page).ready()
        expect(board.panel).to_be_visible()
        assert board.panel.locator("img, script, iframe, object, embed, form").count() == 0, key
        assert page.locator("a[href^='javascript' i], a[href^='data:' i]").count() == 0, key
        assert ran(page) == [], key
    # The list of what lies at one spot, the citation, the printed sheet.
    page.goto(f"{hostile.address}/?{EVERYTHING}")
    board = Dashboard(page).ready()
    board.click_incident(dataset.ids()[0])
    page.locator(".st-key-cite button").first.click()
    expect(page.locator(".cite-card").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".st-key-export button").first.click()
    page.get_by_role("button", name="Print view").click()
    expect(page.locator(".sheet")).to_be_visible()
    assert ran(page) == []
    assert said == []


def test_nothing_of_it_runs_in_what_leaves(hostile: Served, open_page: OpenPage) -> None:
    """Pages and pictures are opened as a reader opens what somebody sent; routes as a link."""
    page = open_page("about:blank", 1200, 900)
    opened = [path for path in hostile.folder.glob("export*") if path.suffix in (".html", ".svg")]
    assert len(opened) == 3
    for path in sorted(opened):
        page.goto(path.as_uri())
        assert ran(page) == [], path.name
        assert page.locator("a[href^='javascript' i]").count() == 0, path.name
    for address in (
        f"/data/view?{EVERYTHING}", f"/data/table?{EVERYTHING}", "/api/incidents/hostile-4",
        "/preview.png?incident=hostile-2",
    ):  # fmt: skip
        page.goto(hostile.address + address)
        assert ran(page) == [], address
