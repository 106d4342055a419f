"""Our own export imported back: identical records, claims, judgements and sources."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.place import PlaceRef
from mapapp.domain.problems import InvalidInput
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
from mapapp.exporters import incidents_json
from mapapp.exporters.extract import extract
from mapapp.importers import own_export as own_json
from mapapp.importers.tables.table import Fault
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORDS = TEXT.filter(bool)
DAYS = st.dates(date(1980, 1, 1), date(2030, 1, 1))

SOURCE = Source("s1", "A", "T", "en", Redistribution.OPEN, "CC0", published_how="undated")

measures = st.builds(
    lambda prop, low, more, **rest: Claim(
        "i1", prop, "s1", low=low, high=None if low is None else low + more, **rest
    ),
    st.sampled_from([Property.KILLED, Property.WOUNDED, Property.CASUALTIES]),
    st.none() | st.integers(0, 1000),
    st.integers(0, 50),
    value=st.none() | st.integers(0, 1000).map(str),
    modifier=st.sampled_from(Modifier),
    victim_class=st.sampled_from(VictimClass),
    subset_of=st.none() | st.sampled_from(VictimClass),
    victim_text=TEXT,
    asserted_by=WORDS,
    speaker_class=st.sampled_from(SpeakerClass),
    asserted_on=st.none() | DAYS,
    locator=TEXT,
    words=TEXT,
    note=TEXT,
)
attributions = st.builds(
    Claim,
    st.just("i1"),
    st.just(Property.ATTRIBUTION),
    st.just("s1"),
    asserted_by=WORDS,
    speaker_class=st.sampled_from(SpeakerClass),
    attribution_kind=st.sampled_from(AttributionKind),
    actor=WORDS,
    actor_text=TEXT,
)
others = st.builds(
    Claim,
    st.just("i1"),
    st.sampled_from([Property.DATE, Property.PLACE, Property.WEAPON]),
    st.just("s1"),
    asserted_by=WORDS,
    speaker_class=st.sampled_from(SpeakerClass),
    value=st.none() | TEXT,
)
records = st.builds(
    IncidentRecord,
    id=st.just("i1"),
    title=TEXT,
    date=st.builds(
        DateInterval, DAYS, st.none(), st.just(DatePrecision.UNKNOWN), text=TEXT, derivation=TEXT
    ),
    place=st.builds(
        PlaceRef,
        text=TEXT,
        place_id=st.none() | WORDS,
        name=TEXT,
        adm1_pcode=st.none() | WORDS,
        adm2_name=st.none() | WORDS,
        geo_precision=st.sampled_from(GeoPrecision),
        lat=st.floats(-90, 90),
        lng=st.floats(-180, 180),
        radius_m=st.none() | st.floats(0, 1e6),
        ambiguous=st.booleans(),
    ),
    event_type=st.sampled_from(EventType),
    target_type=st.sampled_from(TargetType),
    target=TEXT,
    background=st.booleans(),
    country=st.sampled_from(["AFG", "PAK"]),
    notes=st.lists(TEXT, max_size=3).map(tuple),
    dataset=WORDS,
)


@settings(deadline=None)
@given(records, st.lists(measures | attributions | others, max_size=6))
def test_an_incident_comes_back_identical(record: IncidentRecord, claims: list[Claim]) -> None:
    (incident,) = assemble([record], claims)
    sources = {"s1": SOURCE}
    plain = json.loads(incidents_json.write(extract([incident], sources)))
    found = own_json.incident(plain["incidents"][0], sources)
    assert not isinstance(found, Fault)
    assert found[0] == record
    assert found[1] == tuple(claims)
    assert [claim.id for claim in found[1]] == [claim.id for claim in claims]


def exported(batch: Batch) -> str:
    sources = {source.id: source for source in batch.sources}
    incidents = assemble(batch.records, batch.claims, batch.judgements)
    document = incidents_json.document(extract(incidents, sources))
    document["sources"] = [incidents_json.source_json(source) for source in batch.sources]
    return incidents_json.text(document)


def test_the_seeds_come_back_into_an_empty_store(seeds: Batch, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(exported(seeds), encoding="utf-8")
    store = Store.open(tmp_path / "data")
    report = import_file(Order(path), store)
    assert (report.rows_in, report.imported, report.set_aside) == (len(seeds.records),) * 2 + (0,)
    now = store.log.read()
    assert {c.id for c in now.claims} == {c.id for c in seeds.claims}
    assert set(now.records) == set(seeds.records)
    assert set(now.sources) == set(seeds.sources)
    assert {j.id for j in now.judgements} == {j.id for j in seeds.judgements}

    again = import_file(Order(path), store)
    assert (again.added, again.revised, again.unchanged) == (0, 0, len(seeds.records))
    assert store.log.seq() == now.seq
    store.close()


def test_another_version_of_an_incident_is_set_aside(seeds: Batch, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    store.append(seeds, by="test", at=datetime(2026, 1, 1, tzinfo=UTC))
    document = json.loads(exported(seeds))
    document["incidents"][0]["title"] = "Another title"
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = import_file(Order(path), store)
    assert (report.set_aside, report.added) == (1, 0)
    assert "another version" in report.problems[0].fault
    store.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema": 1, "incidents": [{"id": "a"', "not a whole JSON"),
        ('{"schema": 9, "incidents": []}', "schema 1"),
        ('{"schema": 1}', "no list 'incidents'"),
    ],
)
def test_a_broken_export_is_refused_whole(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(text, encoding="utf-8")
    store = Store.open(tmp_path / "data")
    with pytest.raises(InvalidInput, match=says):
        import_file(Order(path), store)
    assert store.log.seq() == 0
    store.close()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(WORDS, st.none() | st.integers() | TEXT | st.lists(TEXT), max_size=8))
def test_no_object_makes_the_reader_fall_over(plain: dict[str, object]) -> None:
    assert isinstance(own_json.incident(plain, {}), Fault)
