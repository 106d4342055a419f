"""Incidents whose every text field carries HTML, `${…}` and backticks: shown, and none runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.store import Store
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard, asked_of_frames

pytestmark = pytest.mark.browser

FIRST, SECOND, NOWHERE = "hostile-1", "hostile-2", "hostile-3"


def attack(field: str) -> str:
    """Text that runs in any careless place, with the field's name to find it by."""
    run = f"top.ran_{field}=1"
    return (
        f'{field} <img src=x onerror="{run}"><script>{run}</script>'
        f"${{{run}}} `${{{run}}}` {{{{7*7}}}} $x^2$ [a](javascript:{run}) :red[b] :smile: "
        f"'\"><svg onload={run}> **c** \\"
    )


def record(incident_id: str, *, mappable: bool = True) -> IncidentRecord:
    day = date(2022, 10, 5)
    place = PlaceRef(
        text=attack("place_text"),
        place_id=None,
        name=attack("place_name"),
        adm1_pcode="X1",
        adm1_name=attack("province"),
        adm2_pcode="X101",
        adm2_name=attack("district"),
        geo_precision=GeoPrecision.SITE if mappable else GeoPrecision.COUNTRY,
        lat=34.0 if mappable else None,
        lng=66.0 if mappable else None,
        radius_m=100.0 if mappable else None,
    )
    return IncidentRecord(
        id=incident_id,
        title=attack(f"title_{incident_id[-1]}"),
        date=DateInterval(
            day, day, DatePrecision.DAY, attack("date_text"), attack("date_derivation")
        ),
        place=place,
        event_type=EventType.BOMBING,
        target_type=TargetType.CIVILIANS,
        target=attack("target"),
        notes=(attack("note"),),
        dataset="hostile",
    )


def claims(incident_id: str) -> tuple[Claim, ...]:
    shared = {
        "incident_id": incident_id,
        "source_id": "hostile",
        "asserted_by": attack("speaker"),
        "speaker_class": SpeakerClass.WITNESS,
        "locator": attack("locator"),
        "words": attack("words"),
        "note": attack("claim_note"),
    }
    return (
        Claim(
            property=Property.KILLED,
            modifier=Modifier.VAGUE,
            victim_class=VictimClass.CIVILIANS,
            victim_text=attack("victims"),
            **shared,  # type: ignore[arg-type]
        ),
        Claim(
            property=Property.ATTRIBUTION,
            attribution_kind=AttributionKind.SUSPECTED,
            actor=attack("actor"),
            actor_text=attack("actor_text"),
            **shared,  # type: ignore[arg-type]
        ),
        Claim(property=Property.WEAPON, value=attack("weapon"), **shared),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("hostile") / "data"
    source = Source(
        id="hostile",
        publisher=attack("publisher"),
        title=attack("source_title"),
        language="en",
        redistribution=Redistribution.FACTS,
        licence=attack("licence"),
        published_how=attack("published_how"),
        url="javascript:top.ran_url=1",
        graphic=True,
        dataset="hostile",
    )
    store = Store.open(folder)
    store.append(
        Batch(
            sources=(source,),
            records=(record(FIRST), record(SECOND), record(NOWHERE, mappable=False)),
            claims=(*claims(FIRST), *claims(SECOND), *claims(NOWHERE)),
            judgements=(
                Judgement(
                    FIRST,
                    SECOND,
                    Relation.POSSIBLY_SAME,
                    attack("reason"),
                    (attack("conflict"),),
                ),
            ),
        ),
        by="test",
    )
    store.publish()
    store.close()
    with serving(folder) as address:
        yield address


def shown(where: Page | Frame, selector: str) -> str:
    """The text of a part of the page as a reader sees it, without what has no width."""
    texts = where.locator(selector).all_inner_texts()
    return " ".join(" ".join(texts).replace("\N{WORD JOINER}", "").split())


def ran(page: Page) -> list[str]:
    """Marks left by a payload that ran, in the page or in a frame."""
    marks = "() => Object.keys(window).filter((k) => k.startsWith('ran_'))"
    return [mark for _, own in asked_of_frames(page, marks) for mark in own]


def as_text(field: str) -> str:
    return " ".join(attack(field).split())


def test_nothing_runs_and_everything_is_shown(hostile_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{hostile_address}/?dataset=hostile&incident={FIRST}", 1440, 1000)
    board = Dashboard(page).ready()
    expect(board.incidents).to_have_text("3")

    panel = shown(page, ".st-key-panel")
    for field in (
        "title_1", "place_text", "place_name", "province", "district", "date_text",
        "date_derivation", "target", "note", "speaker", "locator", "words", "victims",
        "claim_note", "actor", "actor_text", "weapon", "publisher",
        "source_title", "published_how", "reason", "conflict", "title_2",
    ):  # fmt: skip
        assert as_text(field) in panel, field
    assert page.locator(".st-key-panel img, .st-key-panel script").count() == 0
    assert page.locator("a[href^='javascript' i]").count() == 0

    # Lists of options, and a chip.
    expect(page.locator(".facet").get_by_role("checkbox").first).to_be_visible()
    for field in ("province", "actor"):
        assert as_text(field) in shown(page, ".facet")
    page.get_by_role("group", name="Province", exact=True).get_by_role("checkbox").first.check()
    board.wait_for_param("province", "X1")
    expect(page.locator(".chips .chip")).to_have_count(2)
    assert as_text("province") in shown(page, ".chips")

    # The map: the list of what lies at one spot, the tooltip.
    board.click_incident(FIRST)
    frame = board.map_frame()
    expect(frame.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    at_spot = shown(frame, "body")
    assert as_text("title_1") in at_spot
    assert as_text("title_2") in at_spot

    # What is not mappable, as buttons.
    page.locator(".st-key-unmappable button").first.click()
    expect(page.locator(f".st-key-unmappable_{NOWHERE}")).to_be_visible()
    assert as_text("title_3") in shown(page, f".st-key-unmappable_{NOWHERE}")
    page.keyboard.press("Escape")

    # Charts, sources, the citation, the printed sheet.
    page.get_by_role("tab", name="Charts").click()
    board.wait_for_param("tab", "charts")
    expect(page.locator("[data-testid='stVegaLiteChart'] canvas, "
                        "[data-testid='stVegaLiteChart'] svg")).to_have_count(6)  # fmt: skip
    page.get_by_role("tab", name="Sources").click()
    expect(page.locator("table.sources")).to_be_visible()
    for field in ("publisher", "source_title", "licence", "published_how"):
        assert as_text(field) in shown(page, "table.sources")
    page.locator(".st-key-cite button").first.click()
    expect(page.locator(".cite-card").first).to_be_visible()
    assert as_text("licence") in shown(page, ".cite-card")
    page.keyboard.press("Escape")
    page.locator(".st-key-export button").first.click()
    page.get_by_role("button", name="Print view").click()
    expect(page.locator(".sheet")).to_be_visible()
    for field in ("title_1", "title_2", "title_3", "publisher"):
        assert as_text(field) in shown(page, ".sheet")

    assert ran(page) == []


def test_a_hostile_link_is_only_named(hostile_address: str, open_page: OpenPage) -> None:
    page = open_page(
        f"{hostile_address}/?q=%3Cimg%20src%3Dx%20onerror%3Dtop.ran_q%3D1%3E%60%24%7Btop.ran_q%3D1%7D"
        "&tab=%3Cscript%3Etop.ran_tab%3D1%3C%2Fscript%3E&incident=%3Csvg%20onload%3Dtop.ran_i%3D1%3E"
    )
    board = Dashboard(page).ready()
    expect(board.incidents).to_have_text("0")
    expect(page.locator(".notice").first).to_contain_text("tab:")
    assert "<img src=x onerror=top.ran_q=1>`${top.ran_q=1}" in shown(page, ".chips")
    assert ran(page) == []
