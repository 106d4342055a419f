"""What servers on several machines tell each other through the database of their log: that there is
something new, which sign-ins were ended, and what has to be the same on all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from mapapp.domain.problems import StoreUnavailable
from mapapp.log import postgres
from mapapp.log.database import LogDatabase, explain
from mapapp.log.entries import text_of
from mapapp.log.tables import AGREED, SIGN_OUTS


class Shared:
    """The part of a log's database that is not the log. Safe to share between threads."""

    def __init__(self, database: LogDatabase) -> None:
        self._database = database

    @contextmanager
    def listening(self) -> Iterator[Callable[[float], None]]:
        """Hear of news: what it gives waits for some, at most so many seconds.

        Raises StoreUnavailable, also out of the wait, where the database cannot be heard.
        """
        url, name = self._database.engine.url, self._database.name
        faults: Any = self._database.engine.dialect.loaded_dbapi.Error
        try:
            with postgres.listening(url) as wait:
                yield wait
        except (sa.exc.DBAPIError, faults) as error:
            raise StoreUnavailable(explain(name, error)) from error

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Hold off the imports of all other servers. Raises StoreUnavailable."""
        try:
            with postgres.alone(self._database.engine.url):
                yield
        except sa.exc.DBAPIError as error:
            raise StoreUnavailable(explain(self._database.name, error)) from error

    def sign_out(self, key: str, keep: timedelta) -> None:
        """End a sign-in for all servers; those ended longer ago than `keep` are forgotten."""
        now = datetime.now(UTC)
        with self._database.begin(write=True) as connection:
            connection.execute(SIGN_OUTS.delete().where(SIGN_OUTS.c.at < text_of(now - keep)))
            row = insert(SIGN_OUTS).values(key=key, at=text_of(now))
            connection.execute(row.on_conflict_do_nothing())
            postgres.tell(connection)

    def signed_out(self) -> Collection[str]:
        """The sign-ins that were ended and are not forgotten."""
        with self._database.begin() as connection:
            return frozenset(connection.execute(sa.select(SIGN_OUTS.c.key)).scalars())

    def agreed(self, name: str, value: str) -> str:
        """What all servers hold of something: what is held already, else this."""
        held = self._held(name)
        if held is None:
            with self._database.begin(write=True) as connection:
                row = insert(AGREED).values(name=name, value=value)
                connection.execute(row.on_conflict_do_nothing())
            held = self._held(name)
        return held or value

    def agree_anew(self, name: str, value: str) -> None:
        """Put what all servers hold of something in place of what they held."""
        if self._held(name) == value:
            return
        with self._database.begin(write=True) as connection:
            row = insert(AGREED).values(name=name, value=value)
            connection.execute(
                row.on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )

    def _held(self, name: str) -> str | None:
        with self._database.begin() as connection:
            found = sa.select(AGREED.c.value).where(AGREED.c.name == name)
            value: str | None = connection.execute(found).scalar_one_or_none()
            return value
