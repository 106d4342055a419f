"""The database under a log: how it is opened, how transactions begin, its faults in words."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

#: How long a writer waits for another.
_WAIT_S = 30.0


class Frozen(sqlite3.Connection):
    """A log on a full disk, read as it lies there: for one transaction, since room may come."""


#: SQLite cannot make the index of the write-ahead log: there is no room for it.
_NO_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE")


def _alone(path: Path) -> bool:
    """Whether all that a log holds is in its own file, nothing in a write-ahead log."""
    beside = path.with_name(path.name + "-wal")
    return path.stat().st_size > 0 and (not beside.exists() or beside.stat().st_size == 0)


FULL: Final = "the disk is full; make room and try again, nothing was half-written"


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a log's file; where it cannot be written, one for reading."""
    own = path if path.exists() else path.parent
    if os.access(own, os.W_OK) and os.access(path.parent, os.W_OK):
        connection = sqlite3.connect(path, check_same_thread=False, timeout=_WAIT_S)
        try:
            connection.execute("PRAGMA journal_mode")  # what first makes the files beside it
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorname not in _NO_ROOM or not _alone(path):
                raise
            return sqlite3.connect(
                f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False,
                factory=Frozen,
            )  # fmt: skip
        return connection
    # SQLite opens a write-ahead log in a read-only folder only beside its writer, or when told
    # that there is none.
    written = path.with_name(path.name + "-wal").exists()
    uri = f"{path.as_uri()}?mode=ro{'' if written else '&immutable=1'}"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=_WAIT_S)


def sqlite_engine(**options: Any) -> sa.Engine:
    """An SQLite engine whose transactions are SQLAlchemy's alone, and durable once committed."""
    if "creator" not in options:
        options["connect_args"] = {"check_same_thread": False}
    engine = sa.create_engine("sqlite://", **options)

    @sa.event.listens_for(engine, "connect")
    def on_connect(dbapi_connection: Any, _record: object) -> None:
        # The driver's own transaction handling would start them late and deferred.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        finally:
            cursor.close()

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        # A deferred transaction that reads first and writes later fails under a second writer.
        write = connection.info.get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def explain(name: str, error: sa.exc.DBAPIError) -> str:
    """What a fault of the database means, and what to try."""
    text = str(error.orig)
    if "readonly" in text or "read-only" in text or "read only" in text:
        remedy = "the disk or file is read-only; choose a data folder that can be written"
    elif "full" in text or getattr(error.orig, "sqlite_errorname", "") in _NO_ROOM:
        remedy = FULL
    elif "locked" in text:
        remedy = "another process keeps it locked; try again in a moment"
    elif "unable to open" in text:
        remedy = "check that its folder exists and can be read and written"
    elif "malformed" in text or "not a database" in text:
        remedy = "the file is damaged; restore it from a backup, or import into a new data folder"
    else:
        remedy = "check that the database is up and can be written"
    return f"{name} cannot be used ({text}): {remedy}"
