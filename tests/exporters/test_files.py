"""The files read back by other readers: frictionless, openpyxl, pyarrow, XML, shapely."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from mapapp.domain.batch import Batch
from mapapp.domain.vocab import Property
from mapapp.exporters import columns, data_package, geoparquet, kml, xlsx
from mapapp.exporters.columns import CLAIMS, INCIDENTS, incident_row
from mapapp.exporters.extract import Extract, extract
from tests.exporters.extracts import HOSTILE, hostile_extract, seeds_extract

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def own(seeds: Batch) -> Extract:
    return seeds_extract(seeds)


def test_the_columns_are_those_of_the_json_form(own: Extract) -> None:
    names = [column.name for column in INCIDENTS]
    for incident in own.incidents:
        assert list(incident_row(incident, own)) == names
    for row in columns.claim_rows(own):
        assert list(row) == [column.name for column in CLAIMS]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("which", ["seeds", "hostile"])
def test_the_data_package_is_valid(own: Extract, which: str, tmp_path: Path) -> None:
    import frictionless

    content = data_package.write(own if which == "seeds" else hostile_extract())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["resource", "rowNumber", "fieldName", "type", "message"])
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    if which == "seeds":
        assert rows["incidents"] == len(own.incidents)
        assert rows["claims"] == sum(len(i.claims) for i in own.incidents)
        assert rows["sources"] == len(own.sources)


def test_no_csv_cell_of_hostile_text_is_a_formula(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data_package.write(hostile_extract()))) as archive:
        for name in ("incidents.csv", "claims.csv", "sources.csv"):
            text = archive.read(name).decode()
            cells = [c for row in csv.reader(io.StringIO(text, newline="")) for c in row]
            assert not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")]


def test_the_workbook_holds_typed_cells(own: Extract) -> None:
    book = load_workbook(io.BytesIO(xlsx.write(own)))
    assert book.sheetnames == ["List", "README", "Incidents", "Claims", "Sources"]
    rows = list(book["Incidents"].values)
    header, body = rows[0], rows[1:]
    assert list(header) == [column.name for column in INCIDENTS]
    assert len(body) == len(own.incidents)
    found = dict(zip(header, body[-1], strict=True))
    incident = own.incidents[-1]
    assert found["id"] == incident.id
    assert isinstance(found["background"], bool)
    if incident.record.date.earliest:
        assert str(found["date_earliest"])[:10] == str(incident.record.date.earliest)
    best = [row[header.index("fatalities_best")] for row in body]
    assert {type(value) for value in best} == {int, type(None)}
    assert len(list(book["Claims"].values)) == 1 + sum(len(i.claims) for i in own.incidents)


def test_the_first_sheet_is_read_by_people(own: Extract) -> None:
    sheet: Any = load_workbook(io.BytesIO(xlsx.write(own)))["List"]
    rows: list[Any] = list(sheet.values)
    assert rows[0][0] == own.sentence
    at = next(n for n, row in enumerate(rows) if row[0] == "Date")
    assert sheet.freeze_panes == f"A{at + 2}"
    assert sheet.auto_filter.ref.startswith(f"A{at + 1}:")
    body = [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]
    assert [row["Id"] for row in body] == [incident.id for incident in own.incidents]
    for row, incident in zip(body, own.incidents, strict=True):
        assert row["Killed"] == str(incident.headline(Property.KILLED, own.rule))
        when = incident.record.date
        if when.earliest and when.earliest == when.latest:
            assert row["Date"].date() == when.earliest  # a day that sorts, not a text


def test_no_cell_of_the_workbook_is_a_formula() -> None:
    extract = hostile_extract()
    evil = [cell for start in "=+-@" for cell in (start + "1+1",)]
    from dataclasses import replace

    record = extract.incidents[0].record
    notes = replace(record, title=evil[0], target=evil[1], notes=(HOSTILE,))
    extract = replace(
        extract, incidents=(replace(extract.incidents[0], record=notes),), sentence=evil[2]
    )
    content = xlsx.write(extract)
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d", "inlineStr"}
    titles = [cell for cell in cells if cell.value == evil[0]]
    assert titles
    assert all(cell.quotePrefix for cell in titles)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        assert all(b"<f>" not in archive.read(name) for name in sheets)


def test_too_many_rows_for_a_sheet_are_refused(
    own: Extract, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mapapp.domain.problems import InvalidInput

    monkeypatch.setattr(xlsx, "MAX_ROWS", 5)
    with pytest.raises(InvalidInput, match="in parts"):
        xlsx.write(own)


def test_geoparquet_reads_back(own: Extract) -> None:
    shapely = pytest.importorskip("shapely")
    table = pq.read_table(io.BytesIO(geoparquet.write(own)))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Point"]
    west, south, east, north = column["bbox"]
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == [incident.id for incident in own.incidents]
    for row, incident in zip(rows, own.incidents, strict=True):
        place = incident.record.place
        assert (row["geometry"] is None) == (not place.mappable)
        if row["geometry"] is not None:
            point = shapely.from_wkb(row["geometry"])
            assert (point.x, point.y) == (place.lng, place.lat)
            assert west <= point.x <= east
            assert south <= point.y <= north
        assert [claim["id"] for claim in row["claims"]] == [c.id for c in incident.claims]
        assert row["date_earliest"] is None or isinstance(row["date_earliest"], date)
    assert json.loads(table.schema.metadata[b"mapapp:sources"])[0]["id"] in own.sources


def test_geoparquet_without_a_point_has_no_bbox() -> None:

    table = geoparquet.table(extract([], {}))
    assert "bbox" not in json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]


def test_kml_draws_as_precisely_as_the_place_is_known(own: Extract) -> None:
    root = ET.fromstring(kml.write(own))  # noqa: S314 - our own file
    marks = root.findall(f".//{KML}Placemark")
    assert len(marks) == len(own.incidents)
    for mark, incident in zip(marks, own.incidents, strict=True):
        point, area = mark.find(f".//{KML}Point"), mark.find(f".//{KML}Polygon")
        match incident.record.place.geo_precision:
            case "country":
                assert point is None
                assert area is None
            case "district" | "province":
                assert point is None
                assert area is not None
            case "site":
                assert point is not None
            case _:
                assert point is not None
                assert area is not None


def test_kml_text_is_never_markup() -> None:
    content = kml.write(hostile_extract())
    root = ET.fromstring(content)  # noqa: S314 - our own file
    mark = root.find(f".//{KML}Placemark")
    assert mark is not None
    description = mark.findtext(f"{KML}description") or ""
    assert "<img" not in description
    assert "&lt;img" in description
    assert "\u000b" not in content.decode()
