"""The log: the shared scenario on every backend, and what only files can do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from mapapp.domain.batch import Batch
from mapapp.domain.problems import StoreUnavailable
from mapapp.store import Log
from tests.engine.backends import LOGS
from tests.log.log_scenario import LogScenario
from tests.store.generate import batch


@pytest.fixture(params=LOGS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    opened = LOGS[request.param](tmp_path)
    yield opened
    opened.close()


class TestLog(LogScenario):
    """The scenario on each backend."""

    def test_writers_in_threads_lose_nothing(self, log: Log) -> None:
        (record,) = batch(1).records
        many = [replace(record, id=f"r{n}") for n in range(24)]
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda r: log.append(Batch((), (r,), ()), by="ana"), many))
        assert sorted(d.seq for d in done) == list(range(1, 25))
        assert {r.id for r in log.read().records} == {r.id for r in many}


def test_a_file_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = Log.open(path)
    log.append(batch(5), by="ana")
    held = log.read()
    log.close()
    again = Log.open(path)
    assert again.read() == held
    again.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_bytes(b"not a database at all" * 200)
    with pytest.raises(StoreUnavailable, match=r"log\.sqlite cannot be used.*backup"):
        Log.open(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        Log.open(tmp_path / "file" / "log.sqlite")


def test_a_full_disk_stops_an_append_whole(tmp_path: Path) -> None:
    log = Log.open(tmp_path / "log.sqlite")
    log.append(batch(3), by="ana")
    held = log.read()
    log.close()
    # SQLite answers a file that may not grow exactly as it answers a full disk.
    sa.event.listen(
        log._database.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=24")
    )
    with pytest.raises(StoreUnavailable, match="disk is full"):
        log.append(batch(400, seed=2, prefix="more"), by="ana")
    assert log.read() == held
    log.close()


def test_the_database_itself_holds_one_current_version(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = Log.open(path)
    log.append(batch(1), by="ana")
    log.close()
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO versions (kind, key, content_hash, content, recorded_at, recorded_by,"
            " recorded_seq) SELECT kind, key, content_hash, content, recorded_at, recorded_by,"
            " recorded_seq FROM versions LIMIT 1"
        )
    connection.close()


def _made_before_reasons(path: Path) -> None:
    log = Log.open(path)
    log.append(batch(2), by="ana")
    log.close()
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE changes DROP COLUMN reason")
    connection.execute("DROP TABLE format")
    connection.commit()
    connection.close()


def test_a_log_made_before_reasons_gets_them(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    _made_before_reasons(path)
    log = Log.open(path)
    log.append(batch(3), by="ben", reason="more came in")
    assert [change.reason for change in log.changes()] == ["", "more came in"]
    log.close()


def test_a_log_made_before_reasons_is_read_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.sqlite"
    _made_before_reasons(path)
    monkeypatch.setattr("mapapp.log.database.os.access", lambda *_: False)
    log = Log.open(path)
    assert [change.by for change in log.changes()] == ["ana"]
    assert {version.reason for version in log.history(log.read().records[0].id)} == {""}
    log.close()
