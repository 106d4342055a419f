"""One publisher at a time, over processes: a lock that the system drops when its holder dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from mapapp.domain.problems import StoreUnavailable


@contextmanager
def held(path: Path, timeout_s: float = 120.0) -> Iterator[None]:
    """Hold the lock file for the block, waiting for another holder at most `timeout_s` seconds.

    It is an exclusive SQLite transaction on an otherwise empty file: the same on every system,
    and gone with the process, also when that was killed.
    """
    try:
        with closing(sqlite3.connect(path, timeout=timeout_s, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            remedy = "the disk is full: make room and try again, nothing was half-written"
        else:
            remedy = (
                "another process publishes, or the folder cannot be written. Try again in a moment"
            )
        raise StoreUnavailable(
            f"publishing needs the lock {path}, which cannot be had ({error}); {remedy}"
        ) from error
