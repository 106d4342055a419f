"""The CSV exports: every incident once, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import assemble
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.exporters import geojson, incidents_json, tables
from mapapp.exporters.columns import INCIDENTS
from mapapp.exporters.extract import extract


def test_one_row_an_incident_and_one_a_claim(seeds: Batch) -> None:
    incidents = assemble(seeds.records, seeds.claims, seeds.judgements)
    sources = {source.id: source for source in seeds.sources}
    text = tables.incidents_csv(extract(incidents, sources, Selection(rule=Rule.LOWEST)))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [incident.id for incident in incidents]
    fayzabad = next(row for row in rows if row["id"] == "afg-2024-05-08-fayzabad-convoy")
    assert (fayzabad["fatalities_low"], fayzabad["fatalities_best"]) == ("3", "3")
    claims = list(csv.DictReader(io.StringIO(tables.claims_csv(extract(incidents, sources)))))
    assert len(claims) == len(seeds.claims)
    assert {row["id"] for row in claims} == {claim.id for claim in seeds.claims}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_defused(seeds: Batch, start: str) -> None:
    record = replace(seeds.records[0], title=f"{start}cmd|' /C calc'!A0")
    sources = {source.id: source for source in seeds.sources}
    text = tables.incidents_csv(extract(assemble([record], []), sources))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["title"].startswith("'")


def test_geojson_keeps_the_unmappable_with_null_geometry(seeds: Batch) -> None:
    incidents = assemble(seeds.records, seeds.claims)
    sources = {source.id: source for source in seeds.sources}
    document = json.loads(geojson.write(extract(incidents, sources)))
    assert len(document["features"]) == len(incidents)
    for one in document["features"]:
        assert list(one["properties"]) == [column.name for column in INCIDENTS]  # flat
        assert not any(isinstance(value, dict) for value in one["properties"].values())
    without = {f["id"] for f in document["features"] if f["geometry"] is None}
    assert without == {i.id for i in incidents if not i.record.place.mappable}
    assert without


def test_json_has_every_field_of_the_schema(seeds: Batch) -> None:
    incidents = assemble(seeds.records, seeds.claims, seeds.judgements)
    sources = {source.id: source for source in seeds.sources}
    document = json.loads(incidents_json.write(extract(incidents, sources)))
    assert document["schema"] == 1
    for incident in document["incidents"]:
        assert {
            "id", "title", "background", "country", "date", "place", "event_type", "target",
            "fatalities", "injuries", "notes", "claims",
        } <= set(incident)  # fmt: skip
        assert {"low", "best", "high", "rule"} <= set(incident["fatalities"])
        assert {"earliest", "latest", "precision", "text"} <= set(incident["date"])
        for claim in incident["claims"]:
            assert claim["source"][:3] in sources
            assert {
                "id", "property", "value", "low", "high", "modifier", "victim_class",
                "attribution_kind", "actor", "asserted_by", "speaker_class", "locator",
            } <= set(claim)  # fmt: skip
