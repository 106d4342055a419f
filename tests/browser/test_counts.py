"""Every number on the map is one that a plain loop over the exported rows gives, for any view."""

from __future__ import annotations

import csv
import io
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import shape

from benchmarks import generator, saving
from gazetteer import Gazetteer
from mapapp.domain.vocab import DISPLAY_WORDS
from mapapp.snapshot import releases
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

#: Of links, and of views of the map for each.
LINKS, VIEWS = 8, 5

READ = """() => ({
  view: layerOf().map.getBounds().toBBoxString().split(",").map(Number),
  words: document.querySelector(".im-status-text").textContent,
  legend: [...document.querySelectorAll(".im-legend-row .im-keys li:not(.im-keys-head)")].map(
    (line) => [".im-key", ".im-count"].map((part) => line.querySelector(part).textContent)),
})"""

#: The map has counted what it shows now.
COUNTED = """() => {
  const layer = window.map?.incidentLayer;
  window.layerOf = () => ({ map: window.map, layer });
  return layer?._answer && layer._covered() && !layer._moving && layer._scheme &&
    (layer._holdsAll(layer._answer) || layer._counts?.key === layer._countsKey()) &&
    layer._geo.provinces && !(layer._geo.districtsAsked && !layer._geo.districts);
}"""


@dataclass(frozen=True, slots=True)
class Row:
    """What the counting needs of an exported incident."""

    lat: float | None
    lng: float | None
    area: str | None
    kind: str
    province: str | None
    event_type: str
    earliest: date
    latest: date

    def stands(self, start: date | None, end: date | None) -> str:
        """ "certain", "possible" or "out" of the days."""
        start, end = start or date.min, end or date.max
        if self.latest < start or self.earliest > end:
            return "out"
        return "certain" if self.earliest >= start and self.latest <= end else "possible"


@dataclass(frozen=True, slots=True)
class Data:
    """A dashboard and what it holds by default: neither abroad nor mentioned in passing."""

    address: str
    rows: list[Row]


def _day(text: Any, otherwise: date) -> date:
    if not text:
        return otherwise
    return text if isinstance(text, date) else date.fromisoformat(text)


def row(values: dict[str, Any], prefix: str) -> Row:
    """A row of the CSV export, or one that the generator made."""
    areal = values[f"{prefix}geo_precision"] in ("district", "province")
    lat, lng = values[f"{prefix}lat"], values[f"{prefix}lng"]
    return Row(
        float(lat) if lat not in ("", None) else None,
        float(lng) if lng not in ("", None) else None,
        (values[f"{prefix}area_id"] or None) if areal else None,
        values.get("attribution") or values["display_kind"],
        values[f"{prefix}adm1_pcode"],
        values["event_type"],
        _day(values.get("date_earliest") or values.get("earliest"), date.min),
        _day(values.get("date_latest") or values.get("latest"), date.max),
    )


def exported(data_dir: Path) -> list[Row]:
    """The rows of the CSV export of a data folder."""
    command = [sys.executable, "-m", "mapapp", "export", "--format", "csv"]
    done = subprocess.run(
        [*command, "--data-dir", str(data_dir)], capture_output=True, text=True, check=True,
        cwd=ROOT,
    )  # fmt: skip
    lines = csv.DictReader(io.StringIO(done.stdout.lstrip("\ufeff")))
    return [
        row(line, "place_") for line in lines if "true" not in (line["background"], line["abroad"])
    ]


def invented(size: int) -> Iterator[Row]:
    """The generator's own rows."""
    for batch in generator.finished(size):
        for values in batch.to_pylist():
            if not values["background"] and not values["abroad"]:
                yield row(values, "")


@contextmanager
def served(folder: Path, size: int) -> Iterator[Data]:
    """The seeds, and so many invented incidents beside them."""
    if size:
        releases.SORT_MEMORY = "4GB"
        store = saving.filled(folder / "data", size, Gazetteer.load())
        store.publish()
        store.close()
    with serving(folder / "data") as address:
        seeds = exported(folder / "data") if not size else []
        if size:
            with_seeds = folder / "seeds"
            with serving(with_seeds):
                seeds = exported(with_seeds)
        yield Data(address, [*seeds, *invented(size)])


def links(rows: list[Row], rng: random.Random) -> Iterator[tuple[dict[str, str], list[Row], Any]]:
    """Queries, the rows that they keep whatever the days, and the days."""
    provinces = sorted({own.province for own in rows if own.province})
    types = sorted({own.event_type for own in rows})
    days = sorted({own.earliest for own in rows} - {date.min})
    for number in range(LINKS):
        query: dict[str, str] = {}
        kept, start, end = rows, None, None
        if number % 2:
            chosen = rng.sample(provinces, min(2, len(provinces)))
            query["province"] = ",".join(chosen)
            kept = [own for own in kept if own.province in chosen]
        if number % 3 == 2:
            wanted = rng.choice(types)
            query["type"] = wanted
            kept = [own for own in kept if own.event_type == wanted]
        if number % 4 > 1:
            start = rng.choice(days)
            end = start + timedelta(days=rng.randrange(5, 900))
            query |= {"from": start.isoformat(), "to": end.isoformat()}
        yield query, kept, (start, end)


def expected(rows: list[Row], view: list[float], days: Any, outlines: dict[str, Any]) -> Any:
    """(words, legend) of a view: what its status line has to say, and counts by kind."""
    west, south, east, north = view
    box = shapely.box(west, south, east, north)
    seen = {area: bool(outline.intersects(box)) for area, outline in outlines.items()}
    points = areas = possible = total = 0
    mix: Counter[str] = Counter()
    placeless = 0
    for own in rows:
        standing = own.stands(*days)
        if own.lat is None or own.lng is None:
            placeless += 1
            continue
        if standing == "out":
            continue
        total += 1
        if own.area is not None:
            here = seen[own.area]
            areas += here
        else:
            here = west <= own.lng <= east and south <= own.lat <= north
            points += here
        if here:
            possible += standing == "possible"
            mix[own.kind] += 1
    whole = points + areas == total
    noun = "incident" if (points if whole else total) == 1 else "incidents"
    words = [f"{points:,} {noun} in view" if whole else f"{points:,} of {total:,} {noun} in view"]
    words += [f"and {areas:,} known only to areas here"] if areas else []
    words += [f"{possible:,} only possibly in the range"] if possible else []
    words += [f"{placeless:,} not mappable"] if placeless and days == (None, None) else []
    return " · ".join(words), mix


def look(page: Page, view: tuple[float, float, float] | None) -> Any:
    """What the map says of a view, once it has counted; None leaves the view as it is."""
    frame = Dashboard(page).map_frame()
    if view is not None:
        frame.evaluate(
            "([lat, lng, zoom]) => map.setView([lat, lng], zoom, { animate: false })", list(view)
        )
    frame.wait_for_function(COUNTED, polling=100)
    return frame.evaluate(READ)


def check(data: Data, open_page: OpenPage, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    gazetteer = Gazetteer.load()
    outlines = {
        feature["properties"]["id"]: shapely.make_valid(shape(feature["geometry"]))
        for level in ("province", "district")
        for feature in gazetteer.polygons(level)["features"]
    }
    for query, kept, days in links(data.rows, rng):
        link = "&".join(f"{name}={value}" for name, value in query.items())
        page = open_page(f"{data.address}/?{link}")
        expect(page.locator('[data-figure="incidents"]')).to_be_visible()
        standing = Counter(own.stands(*days) for own in kept)
        figure = page.locator('[data-figure="incidents"]')
        expect(figure).to_have_text(f"{standing['certain'] + standing['possible']:,}")
        if days != (None, None) and standing["possible"]:
            near = figure.locator("xpath=..").inner_text()
            assert f"{standing['possible']:,}" in near, (query, near)
        for number in range(VIEWS):
            view = None
            if number:
                zoom = rng.choice([5.25, 6, 7.5, 8, 9, 10.25, 11, 13])
                centre = rng.choice(kept) if kept and rng.random() < 0.7 else None
                lat = centre.lat if centre and centre.lat else rng.uniform(30, 38)
                lng = centre.lng if centre and centre.lng else rng.uniform(61, 74)
                view = (lat + rng.uniform(-0.05, 0.05), lng + rng.uniform(-0.05, 0.05), zoom)
            said = look(page, view)
            words, mix = expected(kept, said["view"], days, outlines)
            assert said["words"] == words, (query, view)
            legend = {DISPLAY_WORDS[kind]: f"{mix[kind]:,}" for kind in DISPLAY_WORDS}
            for name, count in said["legend"]:
                assert legend[name] == count, (query, view, name)
            assert {n for n, count in legend.items() if count != "0"} <= dict(said["legend"]).keys()
            if words.startswith("0 of"):
                frame = Dashboard(page).map_frame()
                way = frame.get_by_role("button", name="Show them")
                if re.match(r"0 of \d+ incidents? in view(?! · and)", words):
                    expect(way).to_be_visible()
        page.context.close()


@pytest.mark.parametrize("size", [0, 5_000], ids=["seeds", "thousands"])
def test_the_map_counts_what_it_shows(tmp_path: Path, open_page: OpenPage, size: int) -> None:
    with served(tmp_path, size) as data:
        check(data, open_page, seed=size + 15)


@pytest.mark.soak
def test_the_map_counts_what_it_shows_at_a_million(tmp_path: Path, open_page: OpenPage) -> None:
    with served(tmp_path, 1_000_000) as data:
        check(data, open_page, seed=15)
