"""A click asks for the map before the script has run, and in the script's own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, WebSocketRoute

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters.table import CODES
from mapapp.ui.parts.ahead import ORDER
from mapapp.ui.parts.links import timeless_query
from mapapp.ui.view_state import ViewState
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

WITH_CODES = (
    "([query, param, codes, order]) => IncidentPage.ahead.withCodes(query, param, codes, order)"
)

STRANGE = ("a,b", "100%", "it's (so)", "x&y=z", "دا", "a+b c", "~*!", "%2C")


def asked_of_map(page: Page) -> list[str]:
    """The selections that the map has asked for, as they stood in the address, from now on."""
    found: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.path == "/data/view":
            found.append(parts.query.rpartition("bbox=")[0].rstrip("&"))

    page.on("request", lambda request: note(request.url))
    return found


def test_the_map_does_not_wait_for_the_script(address: str, open_page: OpenPage) -> None:
    page = open_page(address)
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    holding = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if holding:
                held.append((server, message))
            else:
                server.send(message)

        socket.on_message(pass_on)

    page.route_web_socket(lambda url: url.endswith("/_stcore/stream"), between)
    page.reload()
    board = Dashboard(page).ready()
    holding = True
    board.option("Province", "Kabul").check()
    board.map_frame().wait_for_function(
        "() => window.map.incidentLayer._answer.query === 'province=AF01'", polling=100
    )
    assert "province" not in board.params(), "the script has not heard of the click yet"
    assert held
    holding = False
    for server, message in held:
        server.send(message)
    board.wait_for_param("province", "AF01")


def test_a_click_that_got_lost_is_taken_back(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(f"{address}/?kind=claimed")).ready()
    told = "query => window.map.incidentLayer._query === query"
    board.page.evaluate("() => IncidentPage.ahead.choose('province', ['AF01'])")
    board.map_frame().wait_for_function(told, arg="province=AF01&kind=claimed", polling=100)
    # A run of something else, which knows nothing of that click.
    board.page.evaluate(
        "order => IncidentPage.ahead.follow({ query: 'kind=claimed' }, order, 0)", list(ORDER)
    )
    assert board.map_frame().evaluate(told, "province=AF01&kind=claimed")
    board.map_frame().wait_for_function(told, arg="kind=claimed", polling=100)


def test_each_click_asks_once_in_the_words_of_the_script(address: str, open_page: OpenPage) -> None:
    board = Dashboard(open_page(f"{address}/?rule=lowest&from=2021-01-01")).ready()
    page = board.page
    asked = asked_of_map(page)
    shown = Selection(rule=Rule.LOWEST)

    def click(act: Callable[[], object], then: Selection) -> None:
        query = timeless_query(ViewState(selection=then))
        act()
        board.map_frame().wait_for_function(
            "query => window.map.incidentLayer._answer.query === query", arg=query, polling=100
        )
        board.settled()
        assert asked == [query]
        asked.clear()

    kabul = replace(shown, provinces=("AF01",))
    claimed = replace(kabul, kinds=("claimed",))
    click(board.option("Province", "Kabul").check, kabul)
    click(board.option("Attribution", "claimed").check, claimed)
    board.wait_for_param("kind", "claimed")
    click(
        page.get_by_role("button", name="Remove filter: Kabul").click,
        replace(claimed, provinces=()),
    )
    click(page.get_by_role("button", name="Clear all").click, shown)
    assert board.params() == {"rule": ["lowest"]}

    for part, param in ((part, entry.param) for part, entry in CODES.items()):
        for base in (Selection(), claimed, replace(claimed, text="a b, c & d", background=True)):
            none: dict[str, Any] = {part: ()}
            some: dict[str, Any] = {part: STRANGE}
            for first, codes in ((none, some), (some, none)):
                given = timeless_query(ViewState(selection=replace(base, **first)))
                wanted = timeless_query(ViewState(selection=replace(base, **codes)))
                asking = [given, param, list(codes[part]), list(ORDER)]
                assert page.evaluate(WITH_CODES, asking) == wanted
