"""Reading whole incidents from a snapshot: the same as assembled from the log, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import assemble
from mapapp.domain.problems import NotFound
from mapapp.domain.selection import Selection
from mapapp.exporters.reading import read_extract, read_page
from mapapp.query import Dashboard
from mapapp.snapshot.snapshot import Snapshot
from mapapp.store.store import Store
from tests.exporters.extracts import MARK, mixed_store

ALL = Selection(background=True, abroad=True)


@pytest.fixture(scope="module")
def snapshot(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    store = Store.open(tmp_path_factory.mktemp("store"))
    store.append(seeds, by="test")
    yield store.publish()
    store.close()


def test_an_extract_holds_what_the_log_holds(seeds: Batch, snapshot: Snapshot) -> None:
    expected = assemble(seeds.records, seeds.claims, seeds.judgements, seeds.sources)
    found = read_extract(snapshot, ALL)
    assert [i.id for i in found.incidents] == sorted(i.id for i in expected)
    by_id = {i.id: i for i in expected}
    for own in found.incidents:
        other = by_id[own.id]
        assert own.record == other.record
        assert [c.id for c in own.claims] == [c.id for c in other.claims]
        assert {j.id for j in own.judgements} == {j.id for j in other.judgements}
        assert own.disagreements == other.disagreements
    assert found.link == "background=1&abroad=1"


def test_a_selection_restricts_it_and_is_named(snapshot: Snapshot) -> None:
    found = read_extract(snapshot, Selection(provinces=("AF32",)))
    assert found.incidents
    assert {i.record.place.adm1_pcode for i in found.incidents} == {"AF32"}
    assert "Hirat" in found.sentence or "Herat" in found.sentence
    assert found.link == "province=AF32"


def test_pages_hold_every_incident_once(snapshot: Snapshot) -> None:
    whole = [i.id for i in read_extract(snapshot, ALL).incidents]
    found: list[str] = []
    after = None
    while True:
        page = read_page(snapshot, ALL, None, 3, after)
        assert page.matched == len(whole)
        found += [i.id for i in page.whole.incidents]
        after = page.after
        if after is None:
            break
    assert found == whole


def test_bounds_hold_points_only(snapshot: Snapshot) -> None:
    west, south, east, north = 61.0, 33.0, 63.0, 36.0
    page = read_page(snapshot, ALL, (west, south, east, north), 100, None)
    expected = [
        i.id
        for i in read_extract(snapshot, ALL).incidents
        if i.record.place.mappable
        and west <= (i.record.place.lng or 0) <= east
        and south <= (i.record.place.lat or 0) <= north
    ]
    assert expected
    assert [i.id for i in page.whole.incidents] == expected


def test_private_rows_are_in_no_page_and_no_count(tmp_path: Path) -> None:
    store = mixed_store(tmp_path)
    snapshot = store.gate.shareable(store.current())
    page = read_page(snapshot, Selection(), None, 10, None)
    assert page.matched == 3
    assert [i.id for i in page.whole.incidents] == ["a-open", "b-mixed", "e-open"]
    assert page.trimmed == {"b-mixed": 2}
    assert MARK not in repr(page)
    dash = Dashboard(snapshot)
    for hidden in ("c-private", "d-coded"):
        with pytest.raises(NotFound):
            dash.incident(hidden)
    detail = dash.incident("a-open")
    assert MARK not in repr(detail)
    assert [j.other("a-open") for j in detail.incident.judgements] == ["e-open"]
    assert MARK not in repr(read_extract(snapshot, Selection()))
    store.close()
