"""Every format: what must not leave does not, hostile text is inert, counts agree."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from mapapp.domain.batch import Batch
from mapapp.exporters.extract import Extract, extract
from mapapp.exporters.formats import FORMATS, Format
from tests.exporters.extracts import MADE_AT, MARK, hostile_extract, seeds_extract

ALL = pytest.mark.parametrize("entry", FORMATS.values(), ids=FORMATS.keys())


def unpacked(content: bytes) -> bytes:
    """The content, with what a zip holds laid open."""
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@ALL
def test_private_rows_leave_in_no_format(entry: Format, left: Extract) -> None:
    export = entry.write(left)
    content = unpacked(export.content)
    assert b"c-private" not in content
    assert b"d-coded" not in content
    assert MARK.encode() not in content
    assert MARK.lower().encode() not in content.lower()
    assert len(export.notes) >= 2


@ALL
def test_hostile_text_can_be_written(entry: Format) -> None:
    export = entry.write(hostile_extract())
    assert len(export.content) > 100
    assert "/" not in export.filename


@ALL
def test_the_same_extract_gives_the_same_file_name_and_notes(seeds: Batch, entry: Format) -> None:
    export = entry.write(seeds_extract(seeds))
    assert export.filename == f"all-attacks-in-afghanistan-20261122{entry.ending}"
    assert all("left out" in note for note in export.notes)


@ALL
def test_an_empty_selection_can_be_written(entry: Format) -> None:
    assert entry.write(extract([], {}, made_at=MADE_AT)).content


def test_json_holds_sources_and_what_was_selected(seeds: Batch) -> None:
    document = json.loads(FORMATS["json"].write(seeds_extract(seeds)).content)
    assert document["schema"] == 1
    assert len(document["incidents"]) == len(seeds.records)
    assert {s["id"] for s in document["sources"]} <= {s.id for s in seeds.sources}
    assert {c["source_id"] for i in document["incidents"] for c in i["claims"]} == {
        s["id"] for s in document["sources"]
    }
    assert document["selection"]["rule"] == "independent-first"


def test_a_trimmed_incident_says_so(left: Extract) -> None:
    document = json.loads(FORMATS["json"].write(left).content)
    assert [i["claims_withheld"] for i in document["incidents"]] == [0, 2, 0]
    features = json.loads(FORMATS["geojson"].write(left).content)["features"]
    assert [f["properties"]["claims_withheld"] for f in features] == [0, 2, 0]


def test_citations_name_every_source_and_place(seeds: Batch) -> None:
    text = FORMATS["citations"].write(seeds_extract(seeds)).content.decode()
    used = {claim.source_id for claim in seeds.claims}
    for own in seeds.sources:
        assert (f"[{own.id}] {own.publisher}" in text) == (own.id in used)
    assert "geoBoundaries" in text
    assert "paragraph" in text


def test_hapi_counts_add_up_by_month_and_area(seeds: Batch) -> None:
    extract = seeds_extract(seeds)
    export = FORMATS["hapi"].write(extract)
    rows = list(csv.DictReader(io.StringIO(export.content.decode())))
    violence = [row for row in rows if row["event_type"] == "political_violence"]
    dated = [i for i in extract.incidents if i.record.date.earliest and i.record.date.latest]
    assert sum(int(row["events"]) for row in violence) == len(dated)
    left_out = len(extract.incidents) - len(dated)
    assert bool(export.notes) == bool(left_out)
    assert not left_out or str(left_out) in export.notes[0]
    key_columns = (
        "location_code", "admin1_code", "admin2_code", "event_type", "reference_period_start",
        "reference_period_end",
    )  # fmt: skip
    keys = [tuple(row[name] for name in key_columns) for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert row["admin2_code"] == "" or row["admin2_code"].startswith(row["admin1_code"])
        assert int(row["admin_level"]) == bool(row["admin1_code"]) + bool(row["admin2_code"])
        assert row["reference_period_start"] < row["reference_period_end"]
    fayzabad = next(
        row for row in violence
        if row["admin1_code"] == "AF17" and row["reference_period_start"].startswith("2024-05")
    )  # fmt: skip
    assert (fayzabad["events"], fayzabad["fatalities"]) == ("1", "6")


def test_hapi_fatalities_are_empty_where_nobody_gives_a_number(seeds: Batch) -> None:
    extract = seeds_extract(seeds)
    rows = list(csv.DictReader(io.StringIO(FORMATS["hapi"].write(extract).content.decode())))
    assert any(row["fatalities"] == "" for row in rows)
