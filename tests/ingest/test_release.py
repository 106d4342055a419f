"""Releases kept as rows: the same figures and claims as the usual way, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.problems import InvalidInput, NotFound, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract, read_page
from mapapp.ingest.order import Order
from mapapp.ingest.report import ImportReport, reports
from mapapp.ingest.run import import_file, roll_back
from mapapp.query import Dashboard
from mapapp.snapshot import releases, row_files
from mapapp.snapshot.snapshot import releases_of
from mapapp.store import DuckDBEngine
from mapapp.store.store import Store
from tests import ged_rows
from tests.ingest.claims_way import record_claims


def bring(
    path: Path, store: Store, gazetteer: Gazetteer | None = None, **order: Any
) -> ImportReport:
    return import_file(Order(path, **order), store, gazetteer=gazetteer)


EVERYTHING = Selection(background=True, abroad=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def some_rows(count: int = 300) -> list[ged_rows.Cells]:
    rows = [ged_rows.row(n) for n in range(1, count + 1)]
    rows[3] |= {"best": -1}
    rows[7] |= {"id": 7}
    rows[9] |= {"date_start": " 2015-01-02", "date_prec": ""}
    rows[11] |= {"latitude": 69.1, "longitude": 34.5}
    return rows


def release(folder: Path, version: str, rows: list[ged_rows.Cells]) -> Path:
    return ged_rows.write(folder / f"GEDEvent_v{version.replace('.', '_')}.csv", rows)


def ids(store: Store) -> set[str]:
    answer = store.current().engine.run("SELECT id FROM incidents")
    return set(answer["id"].to_pylist())


def test_rows_say_what_their_claims_say(store: Store, tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = release(tmp_path, "23.1", some_rows())
    report = bring(path, store, gazetteer=gazetteer)
    other = Store.open(tmp_path / "other")
    changes, unsound = record_claims(Order(path), other, gazetteer)
    assert (report.added, report.set_aside) == (changes["added"], len(unsound)) == (297, 3)
    assert report.aside_path
    with Path(report.aside_path).open(encoding="utf-8-sig", newline="") as file:
        names = [row["import_row"] for row in csv.DictReader(file)]
    assert sorted(names) == sorted(f"row {row.number} (line {row.line})" for row in unsound)

    here, there = store.current(), other.current()
    assert here.meta["incidents"] == there.meta["incidents"] == "297"
    query = "SELECT * FROM incidents ORDER BY row"
    # The numbers of rows are each file's own; their order is not.
    told = [own.engine.run(query).drop_columns(["row"]).to_pylist() for own in (here, there)]
    assert told[0] == told[1]
    stored = here.engine.run("SELECT row FROM incidents")["row"].to_pylist()
    assert stored == sorted(stored)  # in its order on disk, so that readers skip what is far away
    left, right = Dashboard(here), Dashboard(there)
    assert left.sources(EVERYTHING).to_pylist() == right.sources(EVERYTHING).to_pylist()
    assert left.figures(EVERYTHING) == right.figures(EVERYTHING)
    for key in sorted(ids(store))[:20]:
        one, two = left.incident(key), right.incident(key)
        assert one.incident.record == two.incident.record
        assert [c.id for c in one.incident.claims] == [c.id for c in two.incident.claims]
        assert {c.recorded_by for c in one.incident.claims} == {"import"}
        assert one.sources == two.sources
    with pytest.raises(NotFound):
        left.incident("ucdp-ged-999999")
    other.close()


def test_what_leaves_is_what_claims_would_say(
    store: Store, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    path = release(tmp_path, "23.1", some_rows(60))
    bring(path, store)
    other = Store.open(tmp_path / "other")
    record_claims(Order(path), other, gazetteer)
    found: list[list[Any]] = []
    for own in (store, other):
        snapshot = own.current()
        extract = read_extract(snapshot, EVERYTHING)
        page = read_page(snapshot, EVERYTHING, None, 10, "ucdp-ged-20")
        found.append(
            [
                [(i.record, [c.id for c in i.claims]) for i in extract.incidents],
                extract.sources,
                [(i.id, len(i.claims)) for i in page.whole.incidents],
                page.matched,
            ]
        )
    assert found[0] == found[1]
    assert len(found[0][2]) == 10
    other.close()


def test_a_newer_release_is_compared_and_the_log_remembers(store: Store, tmp_path: Path) -> None:
    old = [ged_rows.row(n) for n in range(1, 11)]
    bring(release(tmp_path, "23.1", old), store)
    then = datetime.now(UTC)
    seq = store.log.seq()
    same = bring(tmp_path / "GEDEvent_v23_1.csv", store)
    assert (same.added, same.revised, same.unchanged) == (0, 0, 10)

    new = [ged_rows.row(n) for n in range(2, 13)]
    new[0] |= {"best": 50, "low": 50, "high": 50}
    path = release(tmp_path, "24.1", new)
    part = bring(path, store)
    assert (part.added, part.revised, part.unchanged, part.absent) == (2, 1, 8, 1)
    kept = Dashboard(store.current()).incident("ucdp-ged-1")
    assert kept.incident.source_ids == ("ucdp-ged-23.1",)  # it says so, as no newer one has it
    revised = Dashboard(store.current()).incident("ucdp-ged-2").incident
    assert str(revised.headline(Property.KILLED)) == "50"

    whole = bring(path, store, complete=True)
    assert (whole.added, whole.revised, whole.unchanged, whole.withdrawn) == (0, 0, 11, 1)
    with pytest.raises(NotFound):
        Dashboard(store.current()).incident("ucdp-ged-1")

    (before,) = store.log.read(as_of=then).row_files
    (now,) = store.log.read().row_files
    assert (before.version, now.version) == ("23.1", "24.1")
    assert part.changes_path
    with Path(part.changes_path).open(encoding="utf-8", newline="") as file:
        listed = {row["id"]: row["change"] for row in csv.DictReader(file)}
    assert listed == {"ucdp-ged-11": "added", "ucdp-ged-12": "added", "ucdp-ged-2": "revised"}
    assert same.changes_path is None
    changed = row_files.changes(store.data_dir, before, now).to_pylist()
    assert changed == [
        {"id": "ucdp-ged-1", "change": "withdrawn"},
        {"id": "ucdp-ged-11", "change": "added"},
        {"id": "ucdp-ged-12", "change": "added"},
        {"id": "ucdp-ged-2", "change": "revised"},
    ]
    assert store.log.seq() > seq
    with pytest.raises(InvalidInput, match="would replace newer"):
        bring(tmp_path / "GEDEvent_v23_1.csv", store)


def test_the_same_file_again_adds_nothing_and_its_claims_stay(store: Store, tmp_path: Path) -> None:
    path = release(tmp_path, "23.1", some_rows(30))
    bring(path, store)
    first = {key: _claim_ids(store, key) for key in ids(store)}
    seq = store.log.seq()
    again = bring(path, store)
    assert store.log.seq() == seq
    assert (again.added, again.revised, again.withdrawn) == (0, 0, 0)
    assert {key: _claim_ids(store, key) for key in ids(store)} == first


def _claim_ids(store: Store, key: str) -> list[str]:
    return [c.id for c in Dashboard(store.current()).incident(key).incident.claims]


def test_an_import_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    first = bring(release(tmp_path, "23.1", [ged_rows.row(1), ged_rows.row(2)]), store)
    second = bring(
        release(tmp_path, "24.1", [ged_rows.row(2, best=70, low=70, high=70), ged_rows.row(3)]),
        store,
    )
    with pytest.raises(InvalidInput, match="Take that back first"):
        roll_back(store, first.id)
    roll_back(store, second.id)
    assert ids(store) == {"ucdp-ged-1", "ucdp-ged-2"}
    two = Dashboard(store.current()).incident("ucdp-ged-2").incident
    assert str(two.headline(Property.KILLED)) != "70"
    roll_back(store, first.id)
    assert ids(store) == set()
    assert reports(store) == ()
    assert not store.log.read().row_files


def test_a_data_set_in_the_log_becomes_rows_and_back(
    store: Store, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    """An earlier version recorded it as claims. Nothing is twice, nothing lost."""
    older = release(tmp_path, "23.1", [ged_rows.row(n) for n in range(1, 6)])
    record_claims(Order(older), store, gazetteer)
    assert len(store.log.read().records) == 5
    assert bring(older, store).unchanged == 5
    assert len(store.log.read().records) == 5  # as it says nothing else
    new = [ged_rows.row(n) for n in range(2, 9)]
    new[0] |= {"best": 50, "low": 50, "high": 50}
    report = bring(release(tmp_path, "24.1", new), store)
    assert (report.added, report.revised, report.unchanged, report.absent) == (3, 1, 3, 1)
    assert ids(store) == {f"ucdp-ged-{n}" for n in range(1, 9)}
    assert [r.id for r in store.log.read().records] == ["ucdp-ged-1"]
    more = bring(release(tmp_path, "24.1", [ged_rows.row(9)]), store)
    assert (more.added, more.absent) == (1, 8)
    assert ids(store) == {f"ucdp-ged-{n}" for n in range(1, 10)}
    roll_back(store, more.id)
    roll_back(store, report.id)
    assert ids(store) == {f"ucdp-ged-{n}" for n in range(1, 6)}
    assert len(store.log.read().records) == 5


def test_statements_of_others_stand_beside_a_row(store: Store, tmp_path: Path) -> None:
    bring(release(tmp_path, "23.1", [ged_rows.row(n) for n in range(1, 4)]), store)
    shown = Dashboard(store.current()).incident("ucdp-ged-1")
    toll = next(c for c in shown.incident.claims if c.property is Property.KILLED)
    source = replace(shown.sources["ucdp-ged-23.1"], id="paper", dataset="curated")
    claim = replace(toll, source_id="paper", asserted_by="A paper", low=77, high=77)
    judgement = Judgement(
        left_id="ucdp-ged-1", right_id="ucdp-ged-2", relation=Relation.SAME,
        reason="the same day and place",
    )  # fmt: skip
    store.append(Batch((source,), (), (claim,), (judgement,)), by="me")
    store.publish()
    dash = Dashboard(store.current())
    one = dash.incident("ucdp-ged-1")
    assert {c.asserted_by for c in one.incident.claims} == {"UCDP", "A paper"}
    assert one.incident.headline(Property.KILLED).high == 77
    assert [r.id for r in one.related] == ["ucdp-ged-2"]
    assert dash.count(EVERYTHING) == 3
    assert store.current().meta["incidents"] == "3"
    row = store.current().engine.run("SELECT killed_high FROM incidents WHERE id = 'ucdp-ged-1'")
    assert row.to_pylist() == [{"killed_high": 77}]
    # It outlives the next release, and waits where that has the incident no more.
    again = [ged_rows.row(2), ged_rows.row(3)]
    bring(release(tmp_path, "24.1", again), store, complete=True)
    assert ids(store) == {"ucdp-ged-2", "ucdp-ged-3"}
    assert claim.id in {c.id for c in store.log.read().claims}
    with pytest.raises(InvalidInput, match="no record 'ucdp-ged-99'"):
        store.append(Batch((), (), (replace(claim, incident_id="ucdp-ged-99"),)), by="me")


def test_our_export_of_rows_comes_back_and_adds_nothing(store: Store, tmp_path: Path) -> None:
    bring(release(tmp_path, "23.1", some_rows(30)), store)
    exported = tmp_path / "incidents.json"
    exported.write_bytes(FORMATS["json"].write(read_extract(store.current(), EVERYTHING)).content)
    before = ids(store)
    again = import_file(Order(exported), store)
    assert (again.format, again.added, again.revised) == ("mapapp-json", 0, 0)
    assert again.imported == again.unchanged == len(before)
    assert ids(store) == before
    assert store.log.read().records == ()
    # Into an empty store it brings the identical claims, and the release then takes their place.
    other = Store.open(tmp_path / "other")
    assert import_file(Order(exported), other).added == len(before)
    for key in sorted(before)[:5]:
        assert sorted(_claim_ids(other, key)) == sorted(_claim_ids(store, key))
    whole = bring(tmp_path / "GEDEvent_v23_1.csv", other)
    assert (whole.added, whole.revised, whole.unchanged) == (0, 0, len(before))
    assert ids(other) == before
    other.close()


def test_what_breaks_off_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = release(tmp_path, "23.1", [ged_rows.row(1)])
    bring(path, store)
    before, seq = ids(store), store.log.seq()

    def broken(*_: object) -> None:
        raise OSError("no room left on the disk")

    with monkeypatch.context() as patch:
        patch.setattr("mapapp.ingest.release._compare", broken)
        with pytest.raises(OSError, match="no room"):
            bring(path, store)
    assert (ids(store), store.log.seq()) == (before, seq)
    assert bring(path, store).unchanged == 1
    home = row_files.home(store.data_dir, "ucdp-ged")
    assert len(list(home.iterdir())) == len(store.log.all_row_files()) == 1


def test_a_file_with_nothing_sound_changes_nothing(store: Store, tmp_path: Path) -> None:
    bring(release(tmp_path, "23.1", [ged_rows.row(1)]), store)
    report = bring(release(tmp_path, "24.1", [ged_rows.row(1, best="x")]), store, complete=True)
    assert (report.imported, report.set_aside, report.withdrawn) == (0, 1, 0)
    assert ids(store) == {"ucdp-ged-1"}


def test_missing_rows_are_named(store: Store, tmp_path: Path) -> None:
    bring(release(tmp_path, "23.1", [ged_rows.row(1)]), store)
    (file,) = store.log.read().row_files
    row_files.path_of(store.data_dir, file).unlink()
    store.append(Batch((), (), ()), by="me")
    (store.data_dir / "snapshots" / "CURRENT").unlink()
    with pytest.raises(StoreUnavailable, match="restore the data folder"):
        store.publish()


def test_it_tells_how_far_it_is(store: Store, tmp_path: Path) -> None:
    told: list[float] = []
    order = Order(release(tmp_path, "23.1", some_rows(40)))
    import_file(order, store, progress=lambda done, _: told.append(done))
    assert [file.rows for file in store.log.read().row_files] == [37]
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_file_without_the_sides_of_events_gets_them_of_its_own_rows(
    store: Store, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    bring(release(tmp_path, "23.1", some_rows(40)), store, gazetteer=gazetteer)
    files = store.log.read().row_files
    whole = row_files.base_columns(store.data_dir, files)
    assert any(whole["participants"].to_pylist())
    path = row_files.path_of(store.data_dir, files[0])
    older = pq.read_table(path)
    pq.write_table(older.drop_columns(["participants"]), path)
    row_files._complete.cache_clear()
    assert row_files.base_columns(store.data_dir, files).equals(whole)
    assert pq.read_table(path).equals(older)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_rows_sorted_in_parts_stand_in_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Batch
) -> None:
    monkeypatch.setattr(releases, "SORTED_ROWS", 7)
    path = ged_rows.write(
        tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(number) for number in range(1, 61)]
    )
    store = Store.open(tmp_path / "data")
    store.append(seeds, by="test")
    import_file(Order(path), store)
    snapshot = store.current().path
    assert snapshot is not None
    (release,) = releases_of(snapshot).values()
    engine = DuckDBEngine(release)
    found = engine.run('SELECT id, month, cell, "row", rowid AS "at" FROM incidents ORDER BY rowid')
    engine.close()
    rows = found.to_pylist()
    assert len(rows) == 60
    first = releases.FIRST_ROW  # those of the log have numbers of their own
    assert [row["row"] - first for row in rows] == [row["at"] for row in rows] == list(range(60))
    assert Dashboard(store.current()).count(EVERYTHING) == 60 + len(seeds.records)
    # Nulls last, as the whole build has them.
    keys = [
        (*tuple((row[name] is None, row[name] or 0) for name in ("month", "cell")), row["id"])
        for row in rows
    ]
    assert keys == sorted(keys)
    store.close()
