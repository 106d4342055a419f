"""The standalone page, as a file and in Chromium with the network cut off."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain import who_says_so
from mapapp.domain.batch import Batch
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import assemble
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import AttributionKind, DatePrecision, Property
from mapapp.exporters.extract import Extract, extract
from mapapp.exporters.shapes import shape
from mapapp.exporters.standalone import data as standalone_data
from mapapp.exporters.standalone import page as standalone
from tests.exporters.extracts import (
    HOSTILE,
    claimed,
    hostile_extract,
    killed,
    record,
    seeds_extract,
    source,
)


def many(number: int) -> Extract:
    """Incidents like a coded data set's: own words each, two sources, four claims."""
    sources = {key: source(key) for key in ("s1", "s2")}
    records, claims = [], []
    for n in range(number):
        day = date(2015, 1, 1) + timedelta(days=n * 7919 % 3650)
        own = record(
            f"GED-{100000 + n * 37}",
            date=DateInterval(day, day, DatePrecision.DAY, day.strftime("%d %B %Y")),
            title=f"Armed clash {n}, near village {n * 31 % 977} of district {n % 398}",
            target=f"people at checkpoint {n * 17 % 1009}",
        )
        place = replace(
            own.place, text=f"village {n * 31 % 977}, {n % 398} district",
            name=f"Village {n % 977}", lat=30 + (n * 0.6180339 % 8), lng=61 + (n * 0.7548776 % 11),
        )  # fmt: skip
        records.append(replace(own, place=place))
        first = killed(own.id, "s1", n % 40)
        claims += [
            replace(first, locator=f"row {n}", words=f"{n % 40} deaths"),
            replace(first, source_id="s2", low=n % 40 + 2, high=n % 40 + 2, asserted_by="Other"),
            replace(first, property=Property.WOUNDED, locator=f"row {n}"),
            claimed(own.id, "s1", "iskp") if n % 3 else replace(
                claimed(own.id, "s2", "nrf"), attribution_kind=AttributionKind.ATTRIBUTED
            ),
        ]  # fmt: skip
    return extract(assemble(records, claims), sources)


@given(st.recursive(st.text() | st.none(), lambda inner: st.lists(inner, max_size=3)))
def test_json_in_a_script_reads_back_and_cannot_end_it(value: Any) -> None:
    text = str(standalone.embedded(value))
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


def test_the_data_hold_every_incident_and_claim(seeds: Batch) -> None:
    extract = seeds_extract(seeds)
    found = standalone_data.payload(extract)
    assert len(found["incidents"]) == len(seeds.records)
    at, texts = found["incident_fields"].index("view"), found["texts"]
    for incident, row in zip(extract.incidents, found["incidents"], strict=True):
        view = row[at]
        speakers = [texts[speaker] for speaker, *_ in view.get("rows", ())]
        assert speakers == [shown.speaker for shown in who_says_so.rows(incident, extract.sources)]
        reasons = [texts[reason] for _, reason in view.get("differences", ())]
        assert reasons == [conflict.reason for conflict in incident.conflicts]
        cited = [list(extract.sources)[source] for source, _ in view["sources"]]
        assert cited == list(incident.source_ids)
    assert {len(row) for row in found["incidents"]} == {len(found["incident_fields"])}
    json.dumps(found, allow_nan=False)


def test_five_thousand_incidents_fit_into_two_megabytes() -> None:
    assert len(standalone.write(many(5000))) <= 2_000_000


def test_too_many_incidents_are_refused(monkeypatch: pytest.MonkeyPatch, seeds: Batch) -> None:
    monkeypatch.setattr(standalone, "MAX_INCIDENTS", 3)
    with pytest.raises(InvalidInput, match="narrow"):
        standalone.write(seeds_extract(seeds))


def test_nothing_in_the_page_points_outside(seeds: Batch) -> None:
    page = standalone.write(seeds_extract(seeds)).decode()
    assert "default-src &#39;none&#39;" in page
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(src|href)=", markup)
    assert "<link" not in markup


class Visit:
    """One page opened from the disk, offline; what it asks for and complains of is kept."""

    def __init__(self, browser: Any, path: Path, width: int = 1440, height: int = 960) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._on_console)
        self.page.on("dialog", self._on_dialog)
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#incidents tbody tr")

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _on_dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def rows(self) -> int:
        return int(self.page.locator("#incidents tbody tr").count())

    def on_map(self) -> dict[str, int]:
        """How many incidents, areas and points the map layer holds."""
        script = """() => {
          const layer = document.getElementById("map").leaflet.incidentLayer;
          const held = layer._answer.incidents;
          return {all: held.length, areal: held.filter((i) => i.areal).length,
                  sized: held.filter((i) => i.size !== null && i.size !== undefined).length};
        }"""
        found: dict[str, int] = self.page.evaluate(script)
        return found

    def close(self) -> None:
        self.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_works_from_a_disk_without_a_network(
    browser: Any, seeds: Batch, tmp_path: Path, width: int
) -> None:
    extract = seeds_extract(seeds)
    path = tmp_path / "page.html"
    path.write_bytes(standalone.write(extract))
    visit = Visit(browser, path, width)
    page = visit.page
    assert visit.rows() == len(extract.incidents)
    shapes = [shape(incident.record.place) for incident in extract.incidents]
    held = visit.on_map()
    assert held["all"] == sum(found is not None for found in shapes)
    assert held["areal"] == sum(found is not None and found.kind == "area" for found in shapes)
    assert held["sized"]
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wide, "the page scrolls sideways"

    if width < 760:
        page.locator("#drawer summary").click()
    page.select_option("#province", "Herat")
    herat = [i for i in extract.incidents if i.record.place.adm1_name == "Herat"]
    assert visit.rows() == len(herat)
    assert page.locator("#figures b").first.text_content() == str(len(herat))
    page.locator("input[value=claimed]").check()
    both = [i for i in herat if i.display_kind == "claimed"]
    assert visit.rows() == len(both)
    assert visit.on_map()["all"] <= len(both)
    page.locator("#clear").click()
    assert visit.rows() == len(extract.incidents)
    page.fill("#q", "hospital nowhere")
    page.wait_for_function("() => document.querySelectorAll('#incidents tbody tr').length === 0")
    page.locator("#clear").click()

    title = next(i for i in extract.incidents if "fayzabad-convoy" in i.id).record.title
    page.get_by_role("button", name=title).click()
    panel = page.locator("#panel")
    assert title in (panel.locator("h2").text_content() or "")
    who = panel.locator("table.who").text_content() or ""
    assert "≥6" in who
    assert "ISKP, claimed" in who
    assert panel.locator("td.differs").count()
    assert "de facto" in (panel.text_content() or "")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert visit.requests == [path.as_uri()]
    assert visit.faults == []
    visit.close()


@pytest.mark.browser
def test_the_timeline_restricts_table_and_map(browser: Any, seeds: Batch, tmp_path: Path) -> None:
    extract = seeds_extract(seeds)
    path = tmp_path / "page.html"
    path.write_bytes(standalone.write(extract))
    visit = Visit(browser, path)
    bars = visit.page.locator("#timeline .plot").bounding_box()
    y = bars["y"] + bars["height"] / 3
    visit.page.mouse.move(bars["x"] + bars["width"] * 0.3, y)
    visit.page.mouse.down()
    visit.page.mouse.move(bars["x"] + bars["width"] * 0.5, y, steps=8)
    visit.page.mouse.up()
    visit.page.wait_for_function(
        f"() => document.querySelectorAll('#incidents tbody tr').length < {len(extract.incidents)}"
    )
    assert "possibly between" in (visit.page.locator("#sentence").text_content() or "")
    words = visit.page.locator("#sentence").text_content() or ""
    first, last = (date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", words))
    possible = [i for i in extract.incidents if i.record.date.possibly_within(first, last)]
    assert visit.rows() == len(possible)
    assert visit.faults == []
    visit.close()


@pytest.mark.browser
def test_hostile_text_is_shown_and_never_runs(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_bytes(standalone.write(hostile_extract()))
    visit = Visit(browser, path)
    visit.page.locator("#incidents .open").first.click()
    title = visit.page.locator("#panel h2").text_content() or ""
    assert HOSTILE.split("\u2028")[0] in title
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("#panel a").count() == 1
    assert visit.faults == []
    assert visit.requests == [path.as_uri()]
    visit.close()


@pytest.mark.browser
def test_packed_data_of_thousands_open_too(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_bytes(standalone.write(many(5000)))
    visit = Visit(browser, path)
    assert visit.on_map()["all"] == 5000
    assert (visit.page.locator("#figures b").first.text_content() or "") == "5,000"
    visit.page.locator("#more").click()
    assert visit.rows() == 600
    assert visit.faults == []
    visit.close()
