"""PostgreSQL under a log: how it is opened, and what its faults mean (serves claims → log).

One writer at a time, as with a file: the first statement of each change locks the one row of
`head`. A reader sees one moment of the log for as long as its transaction lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from mapapp.domain.problems import StoreUnavailable

#: How long a connection may take, and a writer and an importer wait for another, in seconds.
_CONNECT_S: Final = 5
_WAIT_S: Final = 30
_IMPORT_S: Final = 120

#: A server that falls silent is given up as soon as one that refuses.
_CONNECTING: Final = {"connect_timeout": _CONNECT_S, "tcp_user_timeout": 2000 * _CONNECT_S}

#: The advisory locks of whoever makes the tables, and of who imports; the numbers say nothing.
_MAKING: Final = 5_046_612_001
_IMPORTING: Final = 5_046_612_002

#: What servers over one database hear of each other by.
_CHANNEL: Final = "mapapp_log"

#: Settings of one transaction. Committed means on disk, also where the server is told otherwise.
_BEGIN: Final = sa.text(
    f"SELECT set_config('lock_timeout', '{_WAIT_S}s', true), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') "
    "WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true)"
)

#: What is to be done, by the code that the server gives a fault (SQLSTATE), or its class.
_REMEDIES: Final = {
    "42501": "its role may not do that. Let it own the database, or grant it CREATE and USAGE on "
    "the schema (docs/scaling.md); it need not be a superuser",
    "3F000": "there is no schema to put the log's tables in; create one for the role",
    "25006": "it is read-only, as a standby is; name the server that takes changes",
    "53100": "the server's disk is full; make room and try again, nothing was half-written",
    "53300": "the server has no connection left; raise max_connections, or stop who holds them",
    "55P03": "another writer keeps it locked; try again in a moment",
    "57P": "the server is being stopped or started; try again in a moment",
}

#: What is to be done, by words of a connection that was refused: such a fault has no code.
_REFUSED: Final = {
    "password authentication failed": "correct the name and password in MAPAPP_LOG_URL",
    "no password supplied": "put the password into MAPAPP_LOG_URL",
    "no pg_hba.conf entry": "let this machine in, in the server's pg_hba.conf",
    "does not exist": "create the database and its role (docs/scaling.md), or correct "
    "MAPAPP_LOG_URL",
}


def engine(url: sa.URL) -> sa.Engine:
    """An engine over a database. Raises StoreUnavailable where the driver is not installed."""
    try:
        return sa.create_engine(url, pool_pre_ping=True, max_overflow=15, connect_args=_CONNECTING)
    except ImportError as error:
        raise StoreUnavailable(
            f"MAPAPP_LOG_URL is set, but the driver of PostgreSQL is not installed ({error}); "
            "install it with pip install -r requirements-postgres.txt"
        ) from error


def begun(connection: sa.Connection, write: bool) -> sa.Connection:
    """A connection before its transaction, which will be one for reading or for writing."""
    # A writer must see what the one before it wrote; a reader one moment in all its questions.
    level: Any = "READ COMMITTED" if write else "REPEATABLE READ"
    return connection.execution_options(isolation_level=level, postgresql_readonly=not write)


def prepare(connection: sa.Connection) -> None:
    """The first statement of a transaction for writing."""
    connection.execute(_BEGIN)


def one_maker(connection: sa.Connection) -> None:
    """Wait, to the end of the transaction, until nobody else makes the tables of a log."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MAKING)))


def tell(connection: sa.Connection) -> None:
    """Let every server that listens know, once the transaction is over, that something is new."""
    connection.execute(sa.select(sa.func.pg_notify(_CHANNEL, "")))


@contextmanager
def _beside(url: sa.URL) -> Iterator[sa.Connection]:
    """A connection of its own, without transactions."""
    own = sa.create_engine(url, poolclass=sa.NullPool, connect_args=_CONNECTING)
    with own.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def alone(url: sa.URL) -> Iterator[None]:
    """Hold off every other importer, for as long as the block lasts or this process lives."""
    with _beside(url) as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{_IMPORT_S}s'")
        connection.execute(sa.select(sa.func.pg_advisory_lock(_IMPORTING)))
        yield


@contextmanager
def listening(url: sa.URL) -> Iterator[Callable[[float], None]]:
    """A connection that listens: what it gives waits for news, at most so many seconds.

    Raises SQLAlchemy's DBAPIError, and the wait what the driver raises where it is lost.
    """
    with _beside(url) as connection:
        connection.exec_driver_sql(f"LISTEN {_CHANNEL}")
        driver: Any = connection.connection.driver_connection

        def wait(seconds: float) -> None:
            for _ in driver.notifies(timeout=seconds, stop_after=1):
                pass

        yield wait


def is_away(fault: object) -> bool:
    """Whether a fault of the driver is one that passes when the server is up and reached again."""
    code = getattr(fault, "sqlstate", None)
    if code:
        return str(code).startswith(("08", "57P"))
    return not any(text in str(fault) for text in _REFUSED)


def remedy(fault: object) -> str:
    """What to try after a fault of the driver."""
    code = getattr(fault, "sqlstate", None) or ""
    found = _REMEDIES.get(code) or _REMEDIES.get(code[:3])
    if found is None:
        said = (words for text, words in _REFUSED.items() if text in str(fault))
        found = next(said, "check that the database is up, can be reached and can be written")
    return found
