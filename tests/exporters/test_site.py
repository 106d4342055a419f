"""The map on a static host: below a path, by links with filters, and with 20,000 incidents."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mapapp.cli import main
from mapapp.domain.batch import Batch
from mapapp.exporters.standalone import site
from tests.exporters.extracts import seeds_extract
from tests.exporters.test_standalone import many
from tests.static_host import static_host

ADDRESS = "https://example.org/sub/map"


def written(folder: Path, files: Iterator[tuple[str, bytes]]) -> dict[str, int]:
    sizes = {}
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sizes[name] = len(content)
    return sizes


class Reader:
    """A page on the host; what it asks for and complains of is kept."""

    def __init__(self, browser: Any, address: str, width: int = 1440) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 960})
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else 0,
        )
        self.open(address)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_selector("#incidents thead", state="attached")

    def figure(self) -> str:
        return str(self.page.locator("#figures b").first.text_content())


def test_the_command_writes_page_feed_picture_and_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, data = tmp_path / "out", ["--data-dir", str(tmp_path / "data")]
    out.mkdir()
    (out / "CNAME").write_text("map.example.org")
    assert main(["publish", "--static", str(out), "--address", ADDRESS, *data]) == 0
    assert "14 incidents written to" in capsys.readouterr().err
    first = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert {"index.html", "preview.png", "incidents.zip", "feed.atom", "CNAME"} <= first
    page = (out / "index.html").read_text("utf-8")
    assert f'og:image" content="{ADDRESS}/preview.png"' in page
    assert f"{ADDRESS}/?incident=" in (out / "feed.atom").read_text("utf-8")
    # Another selection into the same folder: what was ours and is not now goes, what is not stays.
    assert main(["publish", "--static", str(out), "--link", "province=AF32", *data]) == 0
    assert "note: without --address there is no feed" in capsys.readouterr().err
    then = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert "CNAME" in then
    assert "feed.atom" not in then
    assert len([name for name in then if name.startswith("data/incidents-")]) == 1
    assert "feed.atom" not in (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--address", "example.org"], "Write it like https://"),
        (["--link", "province=Heratt"], "Choose of AF32 (Herat)"),
    ],
)
def test_what_cannot_be_published_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    command = ["publish", "--static", str(tmp_path / "out"), "--data-dir", str(tmp_path / "data")]
    assert main([*command, *options]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_below_a_path_links_open_what_they_name(
    browser: Any, seeds: Batch, tmp_path: Path, width: int
) -> None:
    extract = seeds_extract(seeds)
    written(tmp_path / "sub" / "map", site.files(extract, "<title>Map</title>", feed=False))
    provinces = [i.record.place.adm1_pcode for i in extract.incidents]
    herat, kabul = provinces.count("AF32"), provinces.count("AF01")
    with static_host(tmp_path) as host:
        base = f"{host}/sub/map/"
        reader = Reader(browser, f"{base}?province=AF32&utm_source=x", width)
        page = reader.page
        assert reader.figure() == str(herat)
        assert page.locator("#fault").is_hidden()
        assert page.locator("#province").input_value() == "Herat"
        # Changed, the address says so, and opens the same elsewhere.
        if width < 760:
            page.locator("#drawer summary").click()
        page.select_option("#province", "Kabul")
        page.wait_for_function("() => location.search === '?province=AF01'")
        assert reader.figure() == str(kabul)
        page.locator("input[value=claimed]").check()
        page.wait_for_function("() => /kind=claimed/.test(location.search)")
        few, link = reader.figure(), page.url
        again = Reader(browser, link, width)
        assert again.figure() == few
        # Several of a kind, a word and a day, as the dashboard's links have them.
        again.open(f"{base}?province=AF01,AF32&from=2022-01-01")
        dated = [
            i for i in extract.incidents if i.record.place.adm1_pcode in ("AF01", "AF32")
            and (i.record.date.latest is None or i.record.date.latest.year >= 2022)
        ]  # fmt: skip
        assert again.figure() == str(len(dated))
        assert "Kabul or Herat" in (again.page.locator("#sentence").text_content() or "")
        # A record, and the map's view.
        again.open(f"{base}?incident=afg-2024-05-08-fayzabad-convoy/&v=37.1,70.5,9")
        again.page.wait_for_selector("#panel table.who")
        assert "≥6" in (again.page.locator("#panel").text_content() or "")
        zoom = again.page.evaluate("() => document.getElementById('map').leaflet.getZoom()")
        assert zoom == 9
        # What this copy does not know is named.
        again.open(f"{base}?province=AF99&near=34.5,69.2,25")
        words = again.page.locator("#fault").text_content() or ""
        assert "province=AF99, near" in words
        again.open(f"{base}?incident=nobody")
        assert "no record nobody" in (again.page.locator("#fault").text_content() or "")
        asked = [*reader.asked, *again.asked]
        assert [url for url in asked if not url.startswith(base)] == []
        assert reader.faults == again.faults == []
        for one in (reader, again):
            one.context.close()


@pytest.mark.browser
def test_twenty_thousand_open_in_parts(browser: Any, tmp_path: Path) -> None:
    extract = many(20_000)
    sizes = written(tmp_path / "map", site.files(extract, "<title>Map</title>", feed=False))
    parts = {name: size for name, size in sizes.items() if "/panels-" in name}
    assert len(parts) == 80
    first = sum(size for name, size in sizes.items() if name not in parts)
    assert first < 3_000_000
    with static_host(tmp_path) as host:
        reader = Reader(browser, f"{host}/map/?group=iskp")
        assert reader.figure() == f"{sum(n % 3 > 0 for n in range(20_000)):,}"
        assert not [url for url in reader.asked if "panels" in url]
        reader.page.locator("#incidents .open").first.click()
        reader.page.wait_for_selector("#panel table.who")
        assert len([url for url in reader.asked if "panels" in url]) == 1
        assert reader.faults == []
        # A part that cannot be had is said, and asked for again.
        reader.page.route("**/panels-*", lambda route: route.abort())
        name = reader.page.locator("#incidents .open").nth(40)
        name.click()
        reader.page.wait_for_selector("#fault:not([hidden])")
        reader.page.unroute("**/panels-*")
        name.click()
        title = name.text_content() or ""
        reader.page.wait_for_function(
            "title => document.querySelector('#panel h2').textContent.includes(title)", arg=title
        )
        reader.context.close()


def test_a_part_holds_what_the_panels_of_its_incidents_show(seeds: Batch) -> None:
    files = dict(site.files(seeds_extract(seeds), "", feed=False))
    (part,) = (zlib.decompress(data) for name, data in files.items() if "/panels-" in name)
    (main_part,) = (zlib.decompress(data) for name, data in files.items() if "incidents-" in name)
    assert "hospital" in part.decode()
    assert len(main_part) < len(part)
