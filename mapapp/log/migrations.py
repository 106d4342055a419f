"""The log's versions: what each added, and how an older log is brought up to this program's.

A log says its version itself. A newer one is refused whole, with words: a program that does not
know a table might break what it holds. An older one is copied aside before it is changed. Logs
from before versions were kept count as version 1.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from mapapp import __version__
from mapapp.domain.problems import StoreUnavailable
from mapapp.log.tables import CHANGES, FORMAT, HEAD, VERSIONS

_LOG = logging.getLogger(__name__)


def has_reason(connection: sa.Connection) -> bool:
    """Whether changes have the column that version 2 brought."""
    columns = sa.inspect(connection).get_columns(CHANGES.name)
    return any(column["name"] == CHANGES.c.reason.name for column in columns)


def _reasons(connection: sa.Connection) -> None:
    if not has_reason(connection):
        connection.execute(sa.text("ALTER TABLE changes ADD COLUMN reason TEXT"))
    for index in VERSIONS.indexes:  # later ones answer what changed since a time
        index.create(connection, checkfirst=True)


#: Version → what turns the one before it into this. A step leaves alone what is there already.
STEPS: Final[dict[int, Callable[[sa.Connection], None]]] = {2: _reasons}

#: The version that this program reads and writes.
VERSION: Final = max(STEPS)


def version_of(connection: sa.Connection) -> int:
    """The version of a log."""
    if not sa.inspect(connection).has_table(FORMAT.name):
        return 1
    return int(connection.execute(sa.select(FORMAT.c.version)).scalar_one())


def refuse_newer(connection: sa.Connection, name: str) -> int:
    """The version of a log, which is not above ours. Raises StoreUnavailable where it is."""
    held = version_of(connection)
    if held > VERSION:
        program = connection.execute(sa.select(FORMAT.c.program)).scalar_one()
        raise StoreUnavailable(
            f"{name} is of version {held}, written by program version {program}; this program "
            f"({__version__}) knows versions up to {VERSION} and leaves it as it is. Start the "
            "newer program, or restore a backup from before the change (docs/operations.md)"
        )
    return held


def stamp(connection: sa.Connection) -> None:
    """Write down that the log is now of our version."""
    if not sa.inspect(connection).has_table(FORMAT.name):
        FORMAT.create(connection)
    values = {"version": VERSION, "program": __version__}
    if connection.execute(sa.select(FORMAT.c.id)).first() is None:
        connection.execute(FORMAT.insert().values(id=1, **values))
    else:
        connection.execute(FORMAT.update().values(**values))


def migrate(connection: sa.Connection, name: str) -> None:
    """Bring the log up to our version, in the writing transaction of `connection`."""
    # On PostgreSQL this makes a second program wait, and then find the work done.
    connection.execute(HEAD.update().values(seq=HEAD.c.seq))
    held = refuse_newer(connection, name)
    for version in range(held + 1, VERSION + 1):
        STEPS[version](connection)
    if held < VERSION:
        stamp(connection)
        _LOG.info("%s was brought from version %d to %d", name, held, VERSION)


def copy_aside(path: Path, version: int) -> Path:
    """A copy of an SQLite log as it is now, beside it; one that is there already stays.

    Raises StoreUnavailable where it cannot be written: then nothing is migrated either.
    """
    target = path.with_name(f"{path.name}.version-{version}")
    if target.exists():
        return target
    building = target.with_name(target.name + ".part")
    try:
        building.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(building)) as copy:
            source.backup(copy)
        building.rename(target)
    except (sqlite3.Error, OSError) as error:
        building.unlink(missing_ok=True)
        raise StoreUnavailable(
            f"the log {path} must be brought up to date, but its copy {target} cannot be written "
            f"({error}); make room on the disk, then start again"
        ) from error
    return target
