"""An older log is copied aside and brought up to date; a newer one is refused and left alone."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mapapp.domain.problems import StoreUnavailable
from mapapp.log import migrations
from mapapp.log.log import Log
from tests.store.generate import batch


def _sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = [connection.execute(text).fetchall() for text in statements]
        connection.commit()
    return rows[-1]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A log as the program wrote it before versions were kept."""
    path = tmp_path / "log.sqlite"
    log = Log.open(path)
    log.append(batch(3), by="ana")
    log.close()
    _sql(path, "DROP TABLE format", "ALTER TABLE changes DROP COLUMN reason")
    return path


def test_a_new_log_says_its_version(tmp_path: Path) -> None:
    Log.open(tmp_path / "log.sqlite").close()
    assert _sql(tmp_path / "log.sqlite", "SELECT version FROM format") == [(migrations.VERSION,)]


def test_an_older_log_is_copied_aside_and_brought_up_to_date(old: Path) -> None:
    before = _sql(old, "SELECT * FROM versions")
    log = Log.open(old)
    log.append(batch(4), by="ben", reason="more came in")
    log.close()
    assert _sql(old, "SELECT version FROM format") == [(migrations.VERSION,)]
    aside = old.with_name("log.sqlite.version-1")
    assert _sql(aside, "SELECT * FROM versions") == before
    assert _sql(aside, "SELECT count(*) FROM sqlite_master WHERE name = 'format'") == [(0,)]


def test_it_is_brought_up_to_date_once(old: Path) -> None:
    Log.open(old).close()
    aside = old.with_name("log.sqlite.version-1")
    made = aside.stat().st_mtime_ns
    Log.open(old).close()
    assert aside.stat().st_mtime_ns == made


def test_without_room_for_the_copy_nothing_is_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(StoreUnavailable, match="make room on the disk"):
        Log.open(old)
    assert not list(old.parent.glob("*.version-1*"))
    assert _sql(old, "SELECT count(*) FROM sqlite_master WHERE name = 'format'") == [(0,)]


def test_a_newer_log_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = Log.open(path)
    log.append(batch(2), by="ana")
    log.close()
    _sql(path, "UPDATE format SET version = 99, program = '7.1'")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(StoreUnavailable) as caught:
        Log.open(path)
    assert "version 99, written by program version 7.1" in str(caught.value)
    assert "Start the newer program" in str(caught.value)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
