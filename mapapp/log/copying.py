"""A whole log from one database into another, row by row (log → log, for backups and moves)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from mapapp.domain.problems import StoreUnavailable
from mapapp.log.database import LogDatabase
from mapapp.log.tables import HEAD, METADATA, VERSIONS

_AT_ONCE: Final = 2000


def copy_out(url: str, path: Path) -> None:
    """Write the log at a URL, as it is at one moment, to a new SQLite file.

    Raises StoreUnavailable where one of them cannot be used.
    """
    source, target = LogDatabase.open(url), LogDatabase.open(path)
    try:
        with source.begin() as reading, target.begin(write=True) as writing:
            _copy(reading, writing)
    finally:
        source.close()
        target.close()
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # so that it is one file


@contextmanager
def copied_in(path: Path, url: str) -> Iterator[None]:
    """Put the log of an SQLite file, which is ours to change, into the empty one at a URL.

    It stands there once the block has come to its end. Raises StoreUnavailable where there is
    something already, or one of them cannot be used.
    """
    source, target = LogDatabase.open(path), LogDatabase.open(url)
    try:
        with source.begin() as reading, target.begin(write=True) as writing:
            writing.execute(HEAD.update().values(seq=HEAD.c.seq))  # other writers wait
            if writing.execute(sa.select(HEAD.c.seq)).scalar_one():
                raise StoreUnavailable(
                    f"{target.name} has something in it already, and nothing is taken out of a "
                    "log; make an empty database, and name that in MAPAPP_LOG_URL"
                )
            _copy(reading, writing)
            yield
    finally:
        source.close()
        target.close()


def _copy(reading: sa.Connection, writing: sa.Connection) -> None:
    for table in METADATA.sorted_tables:
        writing.execute(table.delete())
        found = reading.execution_options(yield_per=_AT_ONCE).execute(sa.select(table))
        for some in found.mappings().partitions():
            writing.execute(table.insert(), [dict(row) for row in some])
    if writing.dialect.name == "postgresql":
        # Rows that bring their number do not move what the next one gets.
        counter = sa.func.pg_get_serial_sequence(VERSIONS.name, VERSIONS.c.row.name)
        last = sa.select(sa.func.coalesce(sa.func.max(VERSIONS.c.row), 0) + 1).scalar_subquery()
        writing.execute(sa.select(sa.func.setval(counter, last, False)))
