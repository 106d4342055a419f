"""The pictures: every incident is drawn or counted out, text is text, a PNG has words on it."""

from __future__ import annotations

import struct
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.vocab import DatePrecision
from mapapp.exporters.extract import Extract, extract
from mapapp.exporters.pictures import charts as svg_charts
from mapapp.exporters.pictures import map as svg_map
from mapapp.exporters.pictures import png
from mapapp.exporters.shapes import shape
from tests.exporters.extracts import hostile_extract, record, seeds_extract

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def own(seeds: Batch) -> Extract:
    return seeds_extract(seeds)


def words(content: bytes) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314 - our own file
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_an_area_is_hatched_and_counted_never_pinned(own: Extract) -> None:
    root = ET.fromstring(svg_map.write(own))  # noqa: S314 - our own file
    shapes = [shape(incident.record.place) for incident in own.incidents]
    areas = {found.area_id for found in shapes if found and found.kind == "area"}
    assert areas
    hatched = [p for p in root.iter(f"{SVG}path") if p.get("fill", "").startswith("url(#hatch-")]
    assert len(hatched) == len(areas)


def test_what_is_not_on_the_map_is_counted(own: Extract) -> None:
    text = " ".join(words(svg_map.write(own)))
    missing = sum(shape(incident.record.place) is None for incident in own.incidents)
    assert missing
    assert f"{missing} not mappable" in text
    for kind in ("claimed", "attributed", "no claim reported"):
        assert kind in text
    assert "geoBoundaries" in text
    assert "2026-11-22" in text


@pytest.mark.parametrize("write", [svg_map.write, svg_charts.write])
def test_hostile_text_makes_no_element(write: object) -> None:
    assert callable(write)
    root = ET.fromstring(write(hostile_extract()))  # noqa: S314 - our own file
    allowed = {
        f"{SVG}{tag}"
        for tag in ("svg", "title", "desc", "defs", "pattern", "line", "rect", "circle", "path",
                    "text")
    }  # fmt: skip
    assert {element.tag for element in root.iter()} <= allowed
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]


def test_bars_count_an_imprecise_date_as_possible_in_each_month() -> None:
    intervals = [
        DateInterval(date(2022, 9, 5), date(2022, 9, 5), DatePrecision.DAY),
        DateInterval(date(2022, 9, 1), date(2022, 9, 30), DatePrecision.MONTH),
        DateInterval(date(2022, 8, 20), date(2022, 10, 2), DatePrecision.DAYS),
        DateInterval(None, None, DatePrecision.UNKNOWN),
    ]
    records = [record(str(n), date=when) for n, when in enumerate(intervals)]
    found = svg_charts.bars(assemble(records, []))
    assert found.step == "month"
    assert found.certain == (0, 2, 0)
    assert found.possible == (1, 1, 1)
    assert found.undated == 1


def test_bars_of_centuries_are_years() -> None:
    days = [date(1900, 1, 1), date(2022, 1, 1)]
    records = [
        record(str(n), date=DateInterval(day, day, DatePrecision.DAY)) for n, day in enumerate(days)
    ]
    found = svg_charts.bars(assemble(records, []))
    assert (found.step, len(found.certain)) == ("year", 123)


def test_the_chart_says_when_nothing_has_a_date() -> None:
    assert "No incident has a date." in words(svg_charts.write(extract([], {})))


def test_a_png_has_the_size_of_its_picture(own: Extract) -> None:
    content = png.writer(svg_charts.draw)(own)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", content[16:24])
    assert width == svg_charts.WIDTH * png.ZOOM


def test_without_a_font_there_is_no_wordless_png(
    own: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "has_font", lambda: False)
    with pytest.raises(StoreUnavailable, match="install a font"):
        png.writer(svg_map.draw)(own)
