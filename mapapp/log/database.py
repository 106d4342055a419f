"""The database under a log: how it is opened, how transactions begin, its faults in words."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from mapapp.domain.problems import LogAway, StoreUnavailable
from mapapp.log import migrations, postgres
from mapapp.log.tables import AGREED, HEAD, METADATA, SHARED

_LOG = logging.getLogger(__name__)

#: How long a writer waits for another.
_WAIT_S = 30.0


#: SQLite cannot make the index of the write-ahead log: there is no room for it.
_NO_ROOM: Final = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE")

FULL: Final = "the disk is full; make room and try again, nothing was half-written"


class Frozen(sqlite3.Connection):
    """A log on a full disk, read as it lies there: for one transaction, since room may come."""


class LogDatabase:
    """One log's database, its tables of this program's version. Safe to share between threads.

    With `later` one that is away is opened all the same, and looked at when it is first asked.
    """

    def __init__(
        self, engine: sa.Engine, name: str, path: Path | None = None, *, later: bool = False
    ) -> None:
        self.engine = engine
        self.name = name
        #: Whether several machines may write it, each with a data folder of its own.
        self.shared = engine.dialect.name == "postgresql"
        # What the driver raises where SQLAlchemy does not look: a connection that is lost between
        # two statements.
        self._driver_fault: type[Exception] = engine.dialect.loaded_dbapi.Error
        # One in-memory connection is shared by all threads, so that they must take turns.
        self._turn: Lock | None = Lock() if isinstance(engine.pool, StaticPool) else None
        self.has_reason = True
        #: Whether it did not answer when it was last asked.
        self.away = False
        self._ready, self._readying = False, Lock()
        try:
            self._make_ready(path)
        except LogAway:
            if not later:
                raise

    def _make_ready(self, path: Path | None = None) -> None:
        """See that the tables are there, and of this program's version. Raises StoreUnavailable."""
        with self._readying:
            if not self._ready:
                self._look_at_tables(path)
                self._ready = True

    def _look_at_tables(self, path: Path | None) -> None:
        with self._transaction() as connection:  # a log on a read-only disk can still be read
            last = AGREED if self.shared else HEAD
            made = sa.inspect(connection).has_table(last.name)
        if not made:
            with self._transaction(write=True) as connection:
                if self.shared:
                    postgres.one_maker(connection)
                    SHARED.create_all(connection)
                METADATA.create_all(connection)
                if connection.execute(sa.select(HEAD.c.id)).first() is None:
                    connection.execute(HEAD.insert().values(id=1, seq=0, at=""))
                    migrations.stamp(connection)
        self._bring_up_to_date(path)
        with self._transaction() as connection:
            self.has_reason = migrations.has_reason(connection)

    def _bring_up_to_date(self, path: Path | None) -> None:
        with self._transaction() as connection:
            held = migrations.refuse_newer(connection, self.name)
        if held == migrations.VERSION:
            return
        try:
            with self._transaction(write=True) as connection:  # what cannot be written is only read
                connection.execute(HEAD.update().values(seq=HEAD.c.seq))
        except StoreUnavailable as error:
            _LOG.warning("a log of version %d is read as it is: %s", held, error)
            return
        if path is not None:
            migrations.copy_aside(path, held)
        with self._transaction(write=True) as connection:
            migrations.migrate(connection, self.name)

    @classmethod
    def open(cls, path_or_url: str | Path, *, later: bool = False) -> LogDatabase:
        """That in an SQLite file (made if absent), `:memory:`, or at a SQLAlchemy URL.

        Raises StoreUnavailable where it cannot be opened or written; with `later` not where its
        server is away.
        """
        text = str(path_or_url)
        if "://" in text:
            url = sa.make_url(text)
            if url.get_backend_name() != "sqlite":
                name = f"the log in PostgreSQL ({url.database} at {url.host})"
                engine = postgres.engine(url)
                try:
                    return cls(engine, name, later=later)
                except StoreUnavailable:
                    engine.dispose()
                    raise
            text = url.database or ":memory:"
        if text == ":memory:":
            return cls(sqlite_engine(poolclass=StaticPool), "the in-memory log")
        path = Path(text).absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"the folder {path.parent} cannot be made ({error.strerror}); "
                "choose a folder that can be written"
            ) from error
        opener = partial(connect, path)
        return cls(sqlite_engine(poolclass=QueuePool, creator=opener), f"the log {path}", path)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def begin(self, write: bool = False) -> Iterator[sa.Connection]:
        """A transaction. Raises StoreUnavailable where the database fails."""
        if not self._ready:
            self._make_ready()
        with self._transaction(write) as connection:
            yield connection

    @contextmanager
    def _transaction(self, write: bool = False) -> Iterator[sa.Connection]:
        if self._turn:
            self._turn.acquire()
        try:
            with self.engine.connect() as connection:
                connection.info["write"] = write
                if self.shared:
                    postgres.begun(connection, write)
                frozen = isinstance(connection.connection.dbapi_connection, Frozen)
                if frozen and write:
                    raise StoreUnavailable(f"{self.name} cannot be written: {FULL}")
                try:
                    with connection.begin():
                        if self.shared and write:
                            postgres.prepare(connection)
                        yield connection
                    self.away = False
                finally:
                    if frozen:
                        connection.invalidate()
        except (sa.exc.DBAPIError, self._driver_fault) as error:
            fault = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            if self.shared and postgres.is_away(fault):
                self.away = True
                raise LogAway(explain(self.name, error)) from error
            raise StoreUnavailable(explain(self.name, error)) from error
        except sa.exc.TimeoutError as error:  # of the pool
            raise StoreUnavailable(
                f"{self.name} is asked by too many at once; try again in a moment"
            ) from error
        finally:
            if self._turn:
                self._turn.release()


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a log's file; where it cannot be written, one for reading."""
    own = path if path.exists() else path.parent
    if os.access(own, os.W_OK) and os.access(path.parent, os.W_OK):
        connection = sqlite3.connect(path, check_same_thread=False, timeout=_WAIT_S)
        try:
            connection.execute("PRAGMA journal_mode")  # what first makes the files beside it
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorname not in _NO_ROOM or not path.stat().st_size:
                raise
            return _frozen(path)
        return connection
    # SQLite opens a write-ahead log in a read-only folder only beside its writer, or when told
    # that there is none.
    written = path.with_name(path.name + "-wal").exists()
    uri = f"{path.as_uri()}?mode=ro{'' if written else '&immutable=1'}"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=_WAIT_S)


def _frozen(path: Path) -> sqlite3.Connection:
    """A log on a full disk, for reading, with what its write-ahead log holds."""
    if _alone(path):
        return sqlite3.connect(
            f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False,
            factory=Frozen,
        )  # fmt: skip
    # Whoever is alone with a log keeps the index of its write-ahead log in memory: no file.
    connection = sqlite3.connect(path, check_same_thread=False, timeout=_WAIT_S, factory=Frozen)
    for pragma in ("locking_mode=EXCLUSIVE", "query_only=1", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _alone(path: Path) -> bool:
    """Whether all that a log holds is in its own file, nothing in a write-ahead log."""
    beside = path.with_name(path.name + "-wal")
    return path.stat().st_size > 0 and (not beside.exists() or beside.stat().st_size == 0)


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


def explain(name: str, error: Exception) -> str:
    """What a fault of the database, or of its driver, means, and what to try."""
    fault = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    text = " ".join(str(fault).split())
    if not isinstance(fault, sqlite3.Error):
        remedy = postgres.remedy(fault)
    elif "readonly" in text or "read-only" in text or "read only" in text:
        remedy = "the disk or file is read-only; choose a data folder that can be written"
    elif "full" in text or getattr(fault, "sqlite_errorname", "") in _NO_ROOM:
        remedy = FULL
    elif "locked" in text:
        remedy = "another process keeps it locked; try again in a moment"
    elif "unable to open" in text:
        remedy = "check that its folder exists and can be read and written"
    elif "malformed" in text or "not a database" in text:
        remedy = "the file is damaged; restore it from a backup, or import into a new data folder"
    else:
        remedy = "check that its folder can be read and written"
    return f"{name} cannot be used ({text}): {remedy}"
