"""What leaves of a hostile data set, opened by strict readers; and hostile files, reasons and names
in the page: nothing runs, nothing is asked for elsewhere, no cell is a formula.
"""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from mapapp.domain.batch import Batch
from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query.changes.public import public_log
from mapapp.store.store import Store
from mapapp.web.feed import feed
from tests import gdal
from tests.browser.conftest import OpenPage, serving
from tests.browser.dashboard import Dashboard
from tests.hostile import dataset
from tests.hostile.corpus import corpus
from tests.hostile.test_files import FILES
from tests.hostile.test_stored_text import ran, watched

EVERYTHING = "background=1&abroad=1"


@dataclass(frozen=True, slots=True)
class Hostile:
    """The data folder, and all that leaves of it by name of the file."""

    data: Path
    files: dict[str, bytes]
    incidents: int
    #: When the first change after the import was made, as a link has it.
    since: str


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    """The data set, each record of it changed by hostile names for hostile reasons."""
    folder = tmp_path_factory.mktemp("opened")
    store = Store.open(folder / "var")
    import_file(Order(dataset.write(folder / "hostile.json")), store)
    texts = [text.replace("\x00", "") for _, text in corpus().texts]
    records = sorted(store.log.read().records, key=lambda own: own.id != dataset.ids()[0])
    for number in range(0, len(texts), 40):
        own = records[number // 40]
        revised = replace(own, title=f"{texts[number]} {own.title}", notes=(texts[number + 1],))
        store.append(Batch((), (revised,), ()), by=" ".join(texts[number : number + 20])[:300],
                     reason=" ".join(texts[number + 20 : number + 40]))  # fmt: skip
    snapshot = store.publish()
    everything = Selection(background=True, abroad=True)
    extract = read_extract(snapshot, everything)
    files = {f"export{own.ending}": own.write(extract).content for own in FORMATS.values()}
    files["feed.atom"] = feed(store, snapshot, everything, "https://map.test", EVERYTHING)
    gated = public_log(store)
    files["gated.atom"] = feed(store, snapshot, everything, "https://map.test", EVERYTHING,
                               gated=gated)  # fmt: skip
    changed = next(c.at for c in store.log.changes() if c.reason)
    since = changed.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    store.close()
    return Hostile(folder / "var", files, len(extract.incidents), since)


class _Elements(html.parser.HTMLParser):
    """The elements of a piece of HTML as a lenient reader sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(f"{tag} {attrs}")


def strict(content: bytes) -> ET.Element:
    """An XML document as expat reads it, which forgives nothing."""
    assert b"<!DOCTYPE" not in content
    return ET.fromstring(content)  # noqa: S314 - our own file, without entities


@pytest.mark.parametrize(
    ("name", "namespaces"),
    [
        ("export.kml", {"http://www.opengis.net/kml/2.2"}),
        ("feed.atom", {"http://www.w3.org/2005/Atom"}),
        ("gated.atom", {"http://www.w3.org/2005/Atom"}),
        ("export.map.svg", {"http://www.w3.org/2000/svg"}),
        ("export.charts.svg", {"http://www.w3.org/2000/svg"}),
    ],
)
def test_xml_is_of_its_own_elements_alone(
    hostile: Hostile, name: str, namespaces: set[str]
) -> None:
    content = hostile.files[name]
    assert b"<![CDATA[" not in content
    root = strict(content)
    for element in root.iter():
        namespace, _, name_of_it = element.tag[1:].partition("}")
        assert namespace in namespaces
        assert name_of_it not in {"script", "foreignObject", "NetworkLink", "a", "image", "use"}
        for attribute, value in element.attrib.items():
            assert not str(attribute).lower().startswith("on"), attribute
            assert not re.match(r"\s*(?:javascript|data|vbscript):", str(value), re.I), value


def test_descriptions_of_a_placemark_are_text(hostile: Hostile) -> None:
    """Google Earth reads a description as HTML, and `$[name]` in it as a field."""
    root = strict(hostile.files["export.kml"])
    described = root.findall(".//{*}description")
    assert len(described) > hostile.incidents
    for element in described:
        reader = _Elements()
        reader.feed(element.text or "")
        assert set(reader.found) <= {"br []"}
        assert "$[" not in (element.text or "")


def test_entries_of_a_feed_are_text_and_lead_to_the_map(hostile: Hostile) -> None:
    for name in ("feed.atom", "gated.atom"):
        root = strict(hostile.files[name])
        entries = root.findall("{*}entry")
        assert entries
        for entry in entries:
            for part in ("title", "content"):
                found = entry.find(f"{{*}}{part}")
                assert found is not None
                assert found.get("type", "text") == "text"
                assert len(found) == 0
        links = [link.get("href") for link in root.iter("{*}link")]
        assert all(link and link.startswith("https://map.test/") for link in links)


def test_gdal_reads_what_leaves(hostile: Hostile, tmp_path: Path) -> None:
    for name in ("export.geojson", "export.kml"):
        path = tmp_path / name
        path.write_bytes(hostile.files[name])
        layers = [line.partition(":")[2].partition("(")[0].strip()
                  for line in gdal.info(str(path)).splitlines() if line[:1].isdigit()]  # fmt: skip
        found = [one for layer in layers for one in gdal.features(str(path), layer,
                                                                  folder=tmp_path)]  # fmt: skip
        assert len(found) == hostile.incidents, name


def test_json_is_json(hostile: Hostile) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    for name in ("export.json", "export.geojson"):
        json.loads(hostile.files[name].decode("utf-8"), parse_constant=refuse)


def test_no_cell_is_a_formula_and_no_part_is_active(hostile: Hostile) -> None:
    content = hostile.files["export.xlsx"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        for name in names:
            if name.endswith((".xml", ".rels")):
                strict(archive.read(name))
    assert not [n for n in names if re.search(r"vba|external|activeX|embed|connection", n, re.I)]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 500
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not book.defined_names
    with zipfile.ZipFile(io.BytesIO(hostile.files["export.zip"])) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        assert tables
        for name in tables:
            lines = archive.read(name).decode("utf-8-sig")
            rows = list(csv.reader(io.StringIO(lines, newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1, name
            for value in (value for row in rows for value in row):
                number = re.fullmatch(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", value)
                assert number or not value.startswith(("=", "+", "-", "@", "\t", "\r")), value[:60]


@pytest.fixture(scope="module")
def address(hostile: Hostile) -> Iterator[str]:
    with serving(hostile.data) as found:
        yield found


def _give(body: bytes, kind: str, route: Route) -> None:
    route.fulfill(body=body, headers={"content-type": f"{kind}; charset=utf-8"})


@pytest.mark.browser
def test_xml_opened_in_a_browser_runs_nothing(
    hostile: Hostile, address: str, open_page: OpenPage
) -> None:
    """Under the worst names that a careless server gives them, from the map's own address."""
    page = open_page("about:blank")
    for name in ("export.kml", "feed.atom", "gated.atom", "export.map.svg"):
        for kind in ("application/xml", "application/xhtml+xml", "text/html"):
            if kind == "text/html" and name.endswith(".svg"):
                continue
            page.route("**/given/*", partial(_give, hostile.files[name], kind))
            page.goto(f"{address}/given/{name}")
            assert ran(page) == [], (name, kind)
            page.unroute("**/given/*")
    page.goto(f"{address}/feed.atom?{EVERYTHING}")
    assert ran(page) == []


@pytest.mark.browser
def test_changes_and_a_history_run_nothing(
    hostile: Hostile, address: str, open_page: OpenPage
) -> None:
    page = open_page("about:blank")
    said = watched(page)
    page.goto(f"{address}/?{EVERYTHING}&tab=changes&since={hostile.since}")
    Dashboard(page).ready()
    expect(page.locator("[data-changed]").first).to_be_visible()
    assert ran(page) == []
    page.goto(f"{address}/?{EVERYTHING}&incident={dataset.ids()[0]}")
    Dashboard(page).ready()
    page.get_by_text("History: revised").click()
    shown = page.locator("ol.history")
    expect(shown).to_be_visible()
    assert shown.locator("img, script, iframe, object, embed, form, a").count() == 0
    assert ran(page) == []
    assert said == []


#: What is sent in the page's upload field: a name, and the bytes or a size.
SENT: dict[str, bytes] = {
    "bomb.zip": FILES["bomb.zip"],
    "path.zip": FILES["path.zip"],
    "entities.xlsx": FILES["entities.xlsx"],
    "nulls.csv": FILES["nulls.csv"],
    "deep.geojson": FILES["deep.geojson"],
    "page.html.csv": b"<html><script>top.__xss=1</script><img src=x onerror=top.__xss=1>",
    "<img src=x onerror=top.__xss=1>.csv": b"a,b\n<script>top.__xss=1</script>,=1+1\n",
    "../../../outside.csv": b"date,place\n2022-01-01,Kabul\n",
    "${top.__xss=1}`'\".csv": b'date,title\n2022-01-01,"=HYPERLINK(""https://xss.example.org"")"\n',
}


@pytest.mark.browser
def test_files_in_the_upload_field_are_read_or_refused_in_words(
    hostile: Hostile, address: str, open_page: OpenPage, tmp_path: Path
) -> None:
    before = _state(hostile.data)
    page = open_page(address)
    said = watched(page)
    board = Dashboard(page).ready()
    page.get_by_role("button", name="Bring your data").click()
    for name, content in SENT.items():
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        expect(_answered(page)).to_be_visible()
        board.settled()
        expect(page.get_by_text("Traceback")).to_have_count(0)
        assert page.locator(".st-key-bench img, .st-key-bench script").count() == 0, name
        assert ran(page) == [], name
        page.get_by_role("button", name="Another file").click()
        expect(page.get_by_role("heading", name="1 · A file")).to_be_visible()
        board.settled()
    # Larger than may be sent: refused before it is.
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(600 * 1024 * 1024)
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text(re.compile("must be 500(\\.0)? ?MB or smaller"))).to_be_visible()
    assert said == []
    assert _state(hostile.data) == before
    assert not list(hostile.data.parent.glob("outside*"))


def _answered(page: Page) -> Locator:
    """What follows an upload: a notice that refuses it, or what it seems to be."""
    refused = page.locator(".notice")
    return refused.or_(page.get_by_role("heading", name="2 · What it is")).first


def _state(data: Path) -> tuple[int, set[str]]:
    store = Store.open(data)
    try:
        return store.log.seq(), {path.name for path in data.parent.iterdir()}
    finally:
        store.close()
