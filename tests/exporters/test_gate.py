"""The gate: private rows never leave, and figures are reckoned from what does."""

from __future__ import annotations

import json

from mapapp.domain.batch import Batch
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property, Rule
from mapapp.exporters import gate, geojson, incidents_json, tables
from tests.exporters.extracts import MARK, mixed, seeds_extract


def test_private_rows_and_claims_stay_in() -> None:
    incidents, sources = mixed()
    found = gate.extract(incidents, sources, Selection())
    assert [incident.id for incident in found.incidents] == ["a-open", "b-mixed"]
    assert found.withheld == 1
    assert found.trimmed == {"b-mixed": 2}
    assert set(found.sources) == {"open"}
    assert MARK not in repr(found)
    assert len(found.notes) == 2


def test_figures_are_reckoned_from_what_leaves() -> None:
    incidents, sources = mixed()
    before = incidents[1].headline(Property.KILLED)
    assert (before.low, before.high) == (4, 9)
    own = gate.extract(incidents, sources, Selection()).incidents[1]
    after = own.headline(Property.KILLED)
    assert (after.low, after.high) == (4, 4)
    assert own.display_kind == "none"


def test_a_judgement_leaves_only_with_both_its_incidents() -> None:
    incidents, sources = mixed()
    own = gate.extract(incidents, sources, Selection()).incidents[0]
    assert [judgement.other("a-open") for judgement in own.judgements] == ["b-mixed"]


def test_an_open_record_in_a_private_data_set_stays_in() -> None:
    """A record coded by a private data set is that data set's row, whatever else cites it."""
    _, sources = mixed()
    assert gate.closed(sources.values()).datasets == {"acled"}


def test_the_plain_functions_of_each_form_pass_the_gate_too() -> None:
    incidents, sources = mixed()
    for text in (
        json.dumps(incidents_json.export(incidents, sources, Rule.LOWEST)),
        json.dumps(geojson.export(incidents, sources, Rule.LOWEST)),
        tables.incidents_csv(incidents, sources, Rule.LOWEST),
        tables.claims_csv(incidents, sources),
    ):
        assert MARK not in text
        assert "a-open" in text


def test_the_seeds_leave_whole(seeds: Batch) -> None:
    found = seeds_extract(seeds)
    assert found.withheld == 0
    assert found.trimmed == {}
    assert len(found.incidents) == len(seeds.records)
    assert sum(len(incident.claims) for incident in found.incidents) == len(seeds.claims)
    assert found.notes == ()
