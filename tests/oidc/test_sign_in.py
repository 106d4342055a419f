"""Signing in at a real OpenID Connect provider, through Chromium: what each role may on the page
and, with the same cookie, on the routes; and how a session ends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard
from tests.oidc.conftest import COOKIE, ROLES, WITHHELD, Installation

pytestmark = pytest.mark.browser

ENDED = "Your session has ended. Sign in again to go on where you were."


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Login").fill(name)
    page.get_by_role("button", name="Continue").click()


def account(page: Page) -> Locator:
    """Who the page says its reader is; no address there is a link."""
    return page.get_by_test_id("stSidebar").get_by_test_id("stCaptionContainer").last


def statuses(context: BrowserContext, installation: Installation) -> dict[str, int]:
    """How routes answer who has the cookies of a browser."""
    found = {
        path: context.request.get(installation.address + path).status
        for path in ("/data/view", "/api", "/api/collections", "/_stcore/metrics")
    }
    upload = context.request.put(
        f"{installation.address}/_stcore/upload_file/none/none", multipart={"f": "x"}
    )
    refusals = ("sign in to do that", "your role here may not do that")
    found["upload"] = upload.status if any(text in upload.text() for text in refusals) else 200
    return found


def withheld_shown(context: BrowserContext, installation: Installation) -> bool:
    """Whether the data of the map have what the public is not shown."""
    return WITHHELD in context.request.get(f"{installation.address}/data/view").text()


@pytest.mark.parametrize(
    ("name", "caption", "edits", "owns"),
    [
        ("vera", "vera.* · viewer", False, False),
        ("mallory", "olga.* · viewer", False, False),  # an address not verified
        ("edith", "edith.* · editor", True, False),  # a group of the file
        ("clara", "clara.* · editor", True, False),  # the claim itself
        ("olga", "olga.* · owner", True, True),  # an address of the file
    ],
)
def test_each_role_on_the_page_and_on_the_routes(
    installation: Installation,
    open_page: OpenPage,
    name: str,
    caption: str,
    edits: bool,
    owns: bool,
) -> None:
    page = open_page(f"{installation.address}/?incident={WITHHELD}")
    expect(page.get_by_text("open to invited readers")).to_be_visible()
    expect(page.locator('[data-figure="incidents"]')).to_have_count(0)
    context = page.context
    assert set(statuses(context, installation).values()) == {401}

    sign_in(page, name)
    board = Dashboard(page).ready()
    expect(account(page)).to_have_text(re.compile(f"^{caption}"))
    assert page.get_by_role("button", name="Bring your data").count() == owns
    assert page.get_by_role("button", name="Add a record").count() == edits
    # Back where they were; the incident that the link names is held back from viewers.
    assert board.params()["incident"] == [WITHHELD]
    assert board.panel.count() == edits
    assert withheld_shown(context, installation) == edits
    allowed = {"/data/view", "/api", "/api/collections"}
    allowed |= {"/_stcore/metrics"} if owns else set()
    allowed |= {"upload"} if edits else set()  # of a page to read, or a table
    for path, status in statuses(context, installation).items():
        assert status == (200 if path in allowed else 403), path
    # The cookie is beyond scripts, and of this site's own navigation only.
    (cookie,) = [c for c in context.cookies() if c["name"] == COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert COOKIE not in page.evaluate("document.cookie")


def test_signing_out_ends_the_session_everywhere(
    installation: Installation, open_page: OpenPage
) -> None:
    page = open_page(installation.address)
    sign_in(page, "olga")
    Dashboard(page).ready()
    kept = [c for c in page.context.cookies() if c["name"] == COOKIE]
    other = page.context.new_page()
    other.goto(installation.address)
    elsewhere = Dashboard(other).ready()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()  # the provider asks, too
    expect(page.get_by_text("open to invited readers")).to_be_visible()
    assert set(statuses(page.context, installation).values()) == {401}

    # A second tab that was open: its next click finds the session ended.
    elsewhere.option("Province", "Kabul").click()  # the box goes with the session
    expect(other.get_by_text(ENDED)).to_be_visible()
    # A copy of the cookie is worth nothing any more.
    page.context.add_cookies([{**c, "url": None} for c in kept])
    assert set(statuses(page.context, installation).values()) == {401}
    page.reload()
    expect(page.get_by_text(ENDED)).to_be_visible()

    # Signed in anew, and nothing of the old session stands in the way.
    page.context.clear_cookies()
    page.reload()
    sign_in(page, "olga")
    Dashboard(page).ready()


def test_a_session_older_than_it_may_be_has_ended(
    installation: Installation, open_page: OpenPage
) -> None:
    page = open_page(f"{installation.address}/?province=AF01")
    sign_in(page, "long-ago")
    expect(page.get_by_text(ENDED)).to_be_visible()
    assert page.url == f"{installation.address}/?province=AF01"
    assert set(statuses(page.context, installation).values()) == {401}


def test_who_is_struck_from_the_file_is_out_at_the_next_click(
    installation: Installation, open_page: OpenPage
) -> None:
    page = open_page(installation.address)
    sign_in(page, "olga")
    board = Dashboard(page).ready()
    expect(page.get_by_role("button", name="Bring your data")).to_be_visible()
    try:
        installation.roles.write_text(ROLES.replace("olga@", "nobody@"))
        board.option("Province", "Kabul").check()
        expect(account(page)).to_have_text(re.compile("olga.* · viewer"))
        expect(page.get_by_role("button", name="Bring your data")).to_have_count(0)
        assert statuses(page.context, installation)["/_stcore/metrics"] == 403
    finally:
        installation.roles.write_text(ROLES)


def _write_and_lose_the_session(
    installation: Installation, page: Page, name: str, end: Callable[[], None]
) -> None:
    """An editor's session ends while they write; what they wrote is there when they are back."""
    sign_in(page, name)
    board = Dashboard(page).ready()
    page.get_by_role("button", name="Add a record").click()
    title = page.get_by_label("Title, in our own words")
    expect(title).to_be_visible()
    board.settled()
    title.fill("Attack on a bazaar, Ghazni")
    title.press("Tab")
    board.settled()
    end()
    reason = page.get_by_label("Reason for the change")
    reason.fill("Two newspapers say so")  # the last words come with the run that finds it ended
    reason.press("Tab")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(page.get_by_text("What you were writing is kept for you")).to_be_visible()
    expect(title).to_have_count(0)
    assert set(statuses(page.context, installation).values()) == {401}
    # Nobody else finds it; who signs in again as the same person goes on.
    page.context.clear_cookies()
    page.reload()
    sign_in(page, "clara")
    Dashboard(page).ready()
    expect(page.get_by_role("button", name="Add a record")).to_be_visible()
    page.context.clear_cookies()
    page.reload()
    sign_in(page, name)
    Dashboard(page).ready()
    page.get_by_role("button", name="Go on with the new record").click()
    expect(page.get_by_text("Your draft, kept as you left it")).to_be_visible()
    expect(title).to_have_value("Attack on a bazaar, Ghazni")
    expect(page.get_by_label("Reason for the change")).to_have_value("Two newspapers say so")


def test_what_an_editor_wrote_outlives_the_session(
    installation: Installation, open_page: OpenPage
) -> None:
    page = open_page(installation.address)

    def end() -> None:
        other = page.context.new_page()
        other.goto(installation.address)
        Dashboard(other).ready()
        other.get_by_role("button", name="Sign out").click()
        other.get_by_role("button", name="Yes, sign me out").click()
        expect(other.get_by_text("open to invited readers")).to_be_visible()
        other.close()

    _write_and_lose_the_session(installation, page, "edith", end)


@pytest.mark.soak
def test_a_session_runs_out_while_an_editor_writes(
    installation: Installation, open_page: OpenPage
) -> None:
    page = open_page(installation.address)
    ends = int(time.time()) + 60

    def end() -> None:
        def status() -> int:
            return page.context.request.get(f"{installation.address}/data/view").status

        assert status() == 200, "the session ended before anything was written: a slow machine"
        while status() == 200:
            page.wait_for_timeout(500)
        assert time.time() >= ends

    _write_and_lose_the_session(installation, page, f"ends-{ends}", end)
