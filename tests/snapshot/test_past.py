"""The data as they were: what was published then is what is read now, whatever came after."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.snapshot import past
from mapapp.store import Snapshot, Store
from tests.store.generate import batch

EVERYTHING = Selection(background=True, abroad=True)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def hour(n: float) -> datetime:
    return NOON + timedelta(hours=n)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def content(snapshot: Snapshot) -> object:
    """All that a reader can see of a snapshot's incidents, in one order."""
    dash = Dashboard(snapshot)
    table = dash.table(EVERYTHING).to_pylist()
    return (dash.figures(EVERYTHING), table, dash.sources(EVERYTHING).to_pylist())


def titled(*titles: str) -> Batch:
    (record,) = batch(1).records
    return Batch((), tuple(replace(record, id=f"r{n}", title=t) for n, t in enumerate(titles)), ())


def titles(snapshot: Snapshot) -> list[str]:
    found: list[str] = Dashboard(snapshot).table(EVERYTHING)["title"].to_pylist()
    return found


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(0, 3), st.booleans()), min_size=2, max_size=3
    )
)
def test_every_state_ever_published_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, bool]]
) -> None:
    store = Store.open(tmp_path_factory.mktemp("past"))
    published: list[tuple[datetime, object]] = []
    for n, (size, seed, whole) in enumerate(steps):
        given_batch = batch(size, seed=seed)
        # Without judgements: those of a dataset taken out again may be of another's records.
        own = replace(given_batch, judgements=())
        store.append(own, by="ana", at=hour(n), replace_dataset="d" if whole else None)
        published.append((hour(n), content(store.publish())))
    for at, then in reversed(published):
        assert content(store.at(at)) == then
        assert content(store.at(at + timedelta(minutes=59))) == then
    store.close()


def test_now_is_the_current_snapshot_and_nothing_is_built(store: Store) -> None:
    store.append(titled("one"), by="ana", at=NOON)
    current = store.publish()
    assert store.at(hour(1)) is current
    assert not (store.data_dir / "past").exists()


def test_a_file_is_built_once_and_used_again_by_the_next_process(store: Store) -> None:
    store.append(titled("one"), by="ana", at=NOON)
    store.append(titled("two"), by="ana", at=hour(1))
    store.publish()
    told: list[float] = []
    first = store.at(NOON, lambda done, doing: told.append(done))
    assert told == sorted(told)
    assert len(told) >= 3
    assert first.path is not None
    made = first.path.stat().st_ino
    assert store.at(hour(0.5)) is first
    again = Store.open(store.data_dir)
    assert titles(again.at(NOON)) == ["one"]
    assert first.path.stat().st_ino == made
    again.close()


def test_before_the_first_record_says_from_when_on(store: Store) -> None:
    with pytest.raises(InvalidInput, match="Nothing is recorded yet"):
        store.at(NOON)
    store.append(titled("one"), by="ana", at=NOON)
    with pytest.raises(InvalidInput, match="first record is of 2024-01-01 12:00 UTC") as caught:
        store.at(hour(-1))
    assert caught.value.problems[0].field == "as_of"
    with pytest.raises(InvalidInput, match="no time zone"):
        store.at(datetime(2024, 1, 1, 12))  # noqa: DTZ001 - that is the fault


def test_a_bounded_number_of_files_is_kept_and_removed_ones_are_built_again(store: Store) -> None:
    for n in range(past.KEEP + 4):
        store.append(titled(f"title {n}"), by="ana", at=hour(n))
    store.publish()
    for n in range(past.KEEP + 3):
        assert titles(store.at(hour(n))) == [f"title {n}"]
    assert len(list((store.data_dir / "past").glob("past-*.duckdb"))) == past.KEEP
    assert titles(store.at(hour(0))) == ["title 0"]


def test_a_damaged_file_is_built_anew(store: Store) -> None:
    store.append(titled("one"), by="ana", at=NOON)
    store.append(titled("two"), by="ana", at=hour(1))
    path = store.at(NOON).path
    assert path is not None
    store.close()
    path.write_bytes(b"not a database")
    again = Store.open(store.data_dir)
    assert titles(again.at(NOON)) == ["one"]
    again.close()


def test_a_full_disk_leaves_nothing_behind_and_the_current_data_readable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(titled("one"), by="ana", at=NOON)
    store.append(titled("two"), by="ana", at=hour(1))
    store.publish()

    def full(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mapapp.store.store.write", full)
    with pytest.raises(StoreUnavailable, match="has room"):
        store.at(NOON)
    assert [p.name for p in (store.data_dir / "past").iterdir() if p.suffix == ".duckdb"] == []
    assert titles(store.current()) == ["two"]


def test_building_blocks_neither_reading_nor_publishing_and_others_wait_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(titled("one"), by="ana", at=NOON)
    store.append(titled("two"), by="ana", at=hour(1))
    store.publish()
    begun, go_on = threading.Event(), threading.Event()
    read = store.log.read

    def slowly(as_of: datetime | None = None) -> object:
        if as_of is not None:
            begun.set()
            assert go_on.wait(120)
        return read(as_of)

    monkeypatch.setattr(store.log, "read", slowly)
    with ThreadPoolExecutor(2) as pool:
        building = pool.submit(store.at, NOON)
        assert begun.wait(120)
        assert titles(store.current()) == ["two"]
        store.append(titled("three"), by="ana", at=hour(2))
        assert titles(store.publish()) == ["three"]
        with pytest.raises(StoreUnavailable, match="being prepared"):
            store.at(NOON, wait_s=0.01)
        waiting = pool.submit(store.at, NOON)
        go_on.set()
        assert building.result() is waiting.result()
        assert titles(building.result()) == ["one"]
