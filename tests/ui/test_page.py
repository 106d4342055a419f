"""The page as a script: what a session shows, filters change, links open and faults say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mapapp.domain.selection import Selection
from mapapp.ui import services
from mapapp.ui.charts import compare
from mapapp.ui.citing import print_sheet
from tests.ui.pages import FAYZABAD, html, new_page, opened, view


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def store(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(data_dir))
    services.store()


def table(page: AppTest) -> dict[str, object] | None:
    """What the table's part of the page is told, None where it is not there."""
    for element in page.get("bidi_component"):
        if element.proto.component_name == "mapapp.incident_table":
            told: dict[str, object] = json.loads(element.proto.json)
            return told
    return None


def badakhshan() -> str:
    """The province's code in the data."""
    codes = services.dashboard().labels()["provinces"]
    return next(code for code, name in codes.items() if name == "Badakhshan")


def test_the_first_view_shows_figures_table_and_no_panel() -> None:
    page = opened()
    total = services.dashboard().figures(Selection()).incidents
    assert total > 5
    assert f'data-figure="incidents">{total}<' in html(page)
    told = table(page)
    assert told is not None
    assert (told["total"], told["query"], told["selected"]) == (total, "", None)
    assert "panel-card" not in html(page)
    assert 'class="notice"' not in html(page)


def test_a_link_opens_filters_tab_and_incident() -> None:
    page = opened(province=badakhshan(), incident=FAYZABAD, tab="sources", step="week")
    assert view(page).selection.provinces == (badakhshan(),)
    assert f'data-incident="{FAYZABAD}"' in html(page)
    assert "Who says so" in html(page)
    assert "plain sources" in html(page)
    assert table(page) is None
    assert 'data-figure="incidents">1<' in html(page)


def test_a_broken_link_says_so_once_and_shows_the_rest() -> None:
    page = opened(province=badakhshan(), tab="secrets", nonsense="1", incident="no-such-incident")
    assert view(page).selection.provinces == (badakhshan(),)
    for name in ("tab", "nonsense", "incident"):
        assert f"{name}:" in html(page)
    page.button(key="dismiss").click().run()
    assert 'class="notice"' not in html(page)
    assert view(page).incident is None


def test_a_code_that_exists_nowhere_is_ignored_and_named() -> None:
    page = opened(province="AF99")
    assert "province: “AF99” is not known. It was ignored; choose of AF" in html(page)
    assert "… (34 in all)" in html(page)
    assert view(page).selection == Selection()
    assert "No incident matches" not in html(page)


def test_a_province_that_the_data_lack_is_named_and_can_be_cleared() -> None:
    page = opened(province="AF34")
    assert "Nimroz" in html(page)
    assert "No incident matches" in html(page)
    page.button(key="clear_0").click().run()
    assert view(page).selection == Selection()
    assert "No incident matches" not in html(page)


def said(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def test_dates_follow_the_view_and_change_it() -> None:
    page = opened(**{"from": "2022-09-01", "to": "2022-12-31"})
    assert page.text_input(key="filter_date_from").value == "2022-09-01"
    page.checkbox(key="filter_date_certain").check().run()
    assert view(page).selection.date_certain
    page.button(key="preset_30").click().run()
    _, last = services.dashboard().span()
    assert view(page).selection.date_to == last
    assert page.text_input(key="filter_date_to").value == str(last)
    page.selectbox(key="filter_year").select(2022).run()
    assert view(page).selection.date_from == date(2022, 1, 1)
    assert page.text_input(key="filter_date_to").value == "2022-12-31"
    page.text_input(key="filter_date_from").input("2022-09").run()
    assert view(page).selection.date_from == date(2022, 9, 1)
    page.text_input(key="filter_date_from").input("30.9.2022").run()
    assert "write a day like" in said(page)
    assert view(page).selection.date_from == date(2022, 9, 1)
    page.text_input(key="filter_date_from").input("").run()
    assert view(page).selection.date_from is None
    assert "write a day like" not in said(page)


def test_more_filters_compute_when_opened_and_change_the_view() -> None:
    page = opened()
    assert not [field for field in page.text_input if field.key == "filter_text"]
    page.session_state["more"] = True
    page.run()
    page.text_input(key="filter_text").set_value("madrasa").run()
    assert view(page).selection.text == "madrasa"
    told = table(page)
    assert told is not None
    assert (told["total"], told["query"]) == (1, "q=madrasa")
    page.number_input(key="filter_killed_max").set_value(1).run()
    assert view(page).selection.killed_max == 1
    assert "No incident matches" in html(page)


def chips(page: AppTest) -> dict[str, Any]:
    """What the line of the selection's sentence and chips is told."""
    (told,) = (
        json.loads(element.proto.json)
        for element in page.get("bidi_component")
        if element.proto.component_name == "mapapp.chips"
    )
    found: dict[str, Any] = told
    return found


def test_what_is_outside_afghanistan_is_said_and_the_title_follows() -> None:
    page = opened()
    (offer,) = chips(page)["chips"]
    assert offer["text"] == "1 outside Afghanistan is not shown · show"
    assert offer["adds"]
    assert offer["token"]["query"] == "abroad=1"
    assert chips(page)["clear"] is None
    assert "<h1>Afghanistan incidents, and who says so</h1>" in html(page)
    everywhere = opened(abroad="1")
    assert "<h1>Incidents in Afghanistan and Pakistan, and who says so</h1>" in html(everywhere)
    assert chips(everywhere)["sentence"].startswith("All attacks in Afghanistan and Pakistan")
    pakistan = opened(country="PAK")
    assert "<h1>Incidents in Pakistan, and who says so</h1>" in html(pakistan)
    assert 'data-figure="incidents">1<' in html(pakistan)
    assert [chip["text"] for chip in chips(pakistan)["chips"]] == ["Pakistan"]


def test_nothing_there_but_abroad_is_no_dead_end() -> None:
    page = opened(q="Chinese engineers")
    assert "No incident matches" in html(page)
    page.button(key="clear_home").click().run()
    assert view(page).selection.abroad
    assert "No incident matches" not in html(page)


def test_background_and_abroad_enter_only_when_asked_for() -> None:
    first, more = table(opened()), table(opened(background="1", abroad="1"))
    assert first is not None
    assert more is not None
    assert more["query"] == "background=1&abroad=1"
    assert int(str(more["total"])) > int(str(first["total"]))


def test_the_incident_closes() -> None:
    page = opened(incident=FAYZABAD)
    page.button(key="close").click().run()
    assert view(page).incident is None
    assert "panel-card" not in html(page)


def test_a_link_to_a_record_that_is_not_there_shows_the_disputes_all_the_same() -> None:
    shown = html(opened(tab="disagreements", incident="no-such-incident"))
    assert "are in dispute" in shown
    assert "No incident is opened" in shown  # named in the notice of the link


def test_print_view_holds_sentence_table_and_sources() -> None:
    page = opened(province=badakhshan())
    page.session_state["print"] = True
    page.run()
    (sheet,) = [e.proto.body for e in page.get("html") if "sheet" in e.proto.body[:60]]
    assert "Attacks in Badakhshan" in sheet
    assert 'src="data:image/svg+xml;base64,' in sheet
    assert "3–≥6" in sheet
    assert "Afghanistan International" in sheet
    page.button(key="print_back").click().run()
    assert table(page) is not None


def test_print_view_of_an_open_incident_holds_its_record() -> None:
    page = opened(incident=FAYZABAD)
    page.session_state["print"] = True
    page.run()
    assert "panel-card" in html(page)


def test_a_sheet_says_where_its_map_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_sheet, "MAX_DRAWN", 1)
    page = opened()
    page.session_state["print"] = True
    page.run()
    assert "not drawn on a sheet" in html(page)
    assert "data:image" not in html(page)


@pytest.mark.parametrize("tab", ["charts", "sources", "method"])
@pytest.mark.parametrize("province", ["", "AF34"])
def test_every_tab_shows_full_and_empty_selections(tab: str, province: str) -> None:
    page = opened(tab=tab, province=province)
    assert view(page).tab == tab


def test_a_store_that_cannot_be_read_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(blocked))
    page = new_page().run()
    assert not page.exception
    assert "The data cannot be read just now" in html(page)
    assert "choose a folder that can be written" in html(page)


def test_compare_opens_on_something_worth_comparing() -> None:
    page = opened(**{"from": "2022-09-01", "to": "2022-09-30"})
    dash = services.dashboard()
    days = view(page).selection
    first, other = compare.worth_comparing(dash, days)
    assert first == days
    assert other.other(days).date_from == date(2022, 8, 2)
    assert other.other(days).date_to == date(2022, 8, 31)
    most = [facet.code for facet in dash.facet(Selection(), "provinces")][:2]
    first, other = compare.worth_comparing(dash, Selection())
    assert [*first.provinces, *other.values.provinces] == most
    first, other = compare.worth_comparing(dash, Selection(provinces=("AF32",)))
    assert first.provinces == ("AF32",)
    assert other.values.provinces == (most[0],)
    # What the page chose by itself is taken back when it closes.
    page = opened()
    page.button(key="compare_open").click().run()
    assert view(page).selection.provinces == (most[0],)
    page.button(key="bench_close").click().run()
    assert view(page).selection == Selection()
    assert view(page).compare is None
