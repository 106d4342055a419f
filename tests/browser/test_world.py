"""Incidents of other countries: said, shown by one click, and chosen by country and province."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store import Store
from tests import ged_rows
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The seeds, and five events in two other countries far from each other."""
    data = tmp_path_factory.mktemp("world") / "data"
    store = Store.open(data)
    places = [("Mexico", "Sinaloa", 24.8, -107.4)] * 2 + [("Syria", "Aleppo", 36.2, 37.16)] * 3
    rows = [
        ged_rows.row(
            number,
            country=country,
            adm_1=province,
            adm_2="",
            latitude=lat,
            longitude=lng,
            where_prec=1,
        )
        for number, (country, province, lat, lng) in enumerate(places, 1)
    ]
    import_file(Order(ged_rows.write(Path(data.parent) / "GEDEvent_v23_1.csv", rows)), store)
    store.close()
    with serving(data) as found:
        yield found


def test_the_world_is_one_click_away_and_countries_are_filters(
    world: str, open_page: OpenPage
) -> None:
    """The map fits what is shown, without a word of the reader; back it is the country again."""
    page = open_page(world)
    board = Dashboard(page).ready()
    frame = board.map_frame()
    status = frame.locator(".im-status")
    home = frame.evaluate("map.getZoom()")
    page.get_by_role("button", name="6 outside Afghanistan are not shown · show").click()
    board.wait_for_param("abroad", "1")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Incidents in Afghanistan and 3 other countries, and who says so")
    frame.wait_for_function(f"map.getZoom() < {home} - 1", polling=100)
    # All of them: none is beyond the edge of the map. The seeds' own in Pakistan has no place.
    expect(status).to_have_text(re.compile(r"^\d+ incidents in view · .*1 not mappable$"))
    board.option("Country", "Mexico").check()
    board.wait_for_param("country", "MEX")
    expect(board.incidents).to_have_text("2")
    expect(title).to_have_text("Incidents in Mexico, and who says so")
    expect(status).to_contain_text("2 incidents in view")
    board.option("Province", "Sinaloa (Mexico)").check()
    board.wait_for_param("province", "MEX:Sinaloa")
    page.get_by_role("button", name="Clear all").click()
    expect(title).to_have_text("Afghanistan incidents, and who says so")
    frame.wait_for_function(f"Math.abs(map.getZoom() - {home}) < 0.3", polling=100)
    assert "v" not in board.params()
