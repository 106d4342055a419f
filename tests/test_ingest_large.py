"""Releases kept as columns: the same figures and claims as the usual way, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.ingest import import_file
from mapapp.ingest_large import current, extra_columns, fits, import_large, incident_of
from mapapp.store.columns import incident_columns
from mapapp.store.snapshot import tables_of
from mapapp.store.store import Store
from tests import ged_rows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def some_rows() -> list[ged_rows.Cells]:
    rows = [ged_rows.row(n) for n in range(1, 301)]
    rows[3] |= {"best": -1}
    rows[7] |= {"id": 7}
    rows[9] |= {"date_start": " 2015-01-02", "date_prec": ""}
    rows[11] |= {"latitude": 69.1, "longitude": 34.5}
    return rows


def test_both_ways_give_the_same(store: Store, tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", some_rows())
    assert fits(path)
    large = import_large(path, store, gazetteer=gazetteer)
    other = Store.open(tmp_path / "other")
    usual = import_file(path, other, gazetteer=gazetteer)
    for name in ("rows_in", "imported", "set_aside", "added", "revised", "withdrawn"):
        assert getattr(large, name) == getattr(usual, name), name
    assert large.set_aside == 3
    contents = other.log.read()
    wanted = incident_columns(assemble(contents.records, contents.claims))
    found = extra_columns(store.data_dir)
    assert found is not None
    assert found.sort_by("id").to_pylist() == wanted.sort_by("id").to_pylist()
    assert {s.id for s in store.log.read().sources} == {"ucdp-ged-23.1"}

    for incident in assemble(contents.records, contents.claims)[:20]:
        one = incident_of(store.data_dir, incident.id, gazetteer)
        assert one is not None
        assert one.record == incident.record
        assert [c.id for c in one.claims] == [c.id for c in incident.claims]
    assert incident_of(store.data_dir, "ucdp-ged-999999", gazetteer) is None
    other.close()


def test_rows_set_aside_are_the_same_both_ways(store: Store, tmp_path: Path) -> None:
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", some_rows())
    other = Store.open(tmp_path / "other")
    names = []
    for report in (import_large(path, store), import_file(path, other)):
        assert report.aside_path
        with Path(report.aside_path).open(encoding="utf-8-sig", newline="") as file:
            names.append(sorted(row["import_row"] for row in csv.DictReader(file)))
    assert names[0] == names[1]
    other.close()


def test_a_newer_release_is_compared(store: Store, tmp_path: Path, gazetteer: Gazetteer) -> None:
    old = [ged_rows.row(n) for n in range(1, 11)]
    import_large(ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", old), store)
    new = [ged_rows.row(n) for n in range(2, 13)]
    new[0] |= {"best": 50, "low": 50, "high": 50}
    path = ged_rows.write(tmp_path / "GEDEvent_v24_1.csv", new)
    part = import_large(path, store)
    assert (part.added, part.revised, part.unchanged, part.absent) == (2, 1, 8, 1)
    kept = incident_of(store.data_dir, "ucdp-ged-1", gazetteer)
    assert kept is not None
    assert kept.source_ids == ("ucdp-ged-23.1",)
    whole = import_large(path, store, complete=True)
    assert (whole.added, whole.revised, whole.unchanged, whole.withdrawn) == (0, 0, 11, 1)
    assert incident_of(store.data_dir, "ucdp-ged-1", gazetteer) is None


def test_what_breaks_off_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(1)])
    import_large(path, store)
    home = store.data_dir / "datasets" / "ucdp-ged"
    before = current(home)

    def broken(*_: object) -> None:
        raise OSError("no room left on the disk")

    with monkeypatch.context() as patch:
        patch.setattr("mapapp.ingest_large._compare", broken)
        with pytest.raises(OSError, match="no room"):
            import_large(path, store)
    assert current(home) == before
    assert import_large(path, store).unchanged == 1
    assert not list(home.glob(".building-*"))


def test_the_columns_go_into_a_snapshot(store: Store, tmp_path: Path) -> None:
    rows = [ged_rows.row(n) for n in range(1, 51)]
    import_large(ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows), store)
    tables = tables_of(store.log.read(), extra_columns(store.data_dir))
    assert tables["incidents"].num_rows == 50
