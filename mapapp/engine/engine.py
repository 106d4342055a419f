"""Engines: what runs compiled SQL and answers in Arrow columns (snapshot → query)."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from mapapp.domain.problems import StoreUnavailable
from mapapp.engine.turns import Turns

_LOG = logging.getLogger(__name__)


class Engine(Protocol):
    """Runs SQL of its dialect over the snapshot's tables; `run` is safe from many threads."""

    @property
    def dialect(self) -> str:
        """The name Ibis compiles for: `duckdb`, `pyspark` …"""

    def run(self, sql: str) -> pa.Table:
        """The rows of one query. Raises StoreUnavailable where it cannot be answered."""

    def close(self) -> None:
        """Let go of files and connections."""


#: DuckDB keeps what it has read of a snapshot: a sixth of the file is about what a dashboard's
#: columns need. What goes beyond stays with the system, which keeps files in memory by itself.
_SHARE_KEPT = 6
_LEAST_KEPT_MB = 64

#: The few questions that put whole rows in order need more, for as long as they take.
_MOST_MB = 1024


#: What the file of a snapshot itself is called among those that are open.
_MAIN = "snapshot"


def quoted(path: Path) -> str:
    """A path as a text of SQL: ATTACH takes no parameters. It is ours, of the data folder."""
    return "'" + str(path).replace("'", "''") + "'"


def _kept_mb(files: Iterable[Path]) -> int:
    size = 0
    for path in files:
        with suppress(OSError):  # DuckDB says what is wrong with it
            size += path.stat().st_size
    return min(max(size // 2**20 // _SHARE_KEPT, _LEAST_KEPT_MB), _MOST_MB)


class DuckDBEngine:
    """One snapshot file and those it names, all read-only; each query runs on its own cursor.

    `beside` are the other files by the names that the views of `path` know them by.
    """

    dialect = "duckdb"

    def __init__(
        self,
        path: Path,
        beside: Mapping[str, Path] | None = None,
        *,
        threads: int | None = None,
        memory_mb: int = _MOST_MB,
    ) -> None:
        self.path = path
        files = {_MAIN: path, **(beside or {})}
        self._most_mb = memory_mb
        self._kept_mb = min(_kept_mb(files.values()), memory_mb)
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": f"{self._kept_mb}MB",
            "preserve_insertion_order": False,
            "temp_directory": f"{path}.tmp",  # not in the folder that the program runs in
        }
        if threads is not None:
            config["threads"] = threads
        # Two cores are one question's; of more, two share them.
        self._turns = Turns(max(1, min(2, (threads or os.cpu_count() or 1) // 2)))
        self._large = threading.Lock()
        self._connection = duckdb.connect(":memory:", config=config)
        try:
            for name, file in files.items():
                self._connection.execute(f"ATTACH {quoted(file)} AS {name} (READ_ONLY)")
            # A bit an incident (`query/shapes.py`).
            self._connection.execute(
                "CREATE MACRO memory.main.bit_at(bits, place) AS "
                "get_bit(CAST(from_base64(bits) AS BIT), CAST(place AS INTEGER))"
            )
            # Compiled SQL reads nothing but the snapshot, whatever text a reader typed. This
            # cannot be undone.
            self._connection.execute("SET enable_external_access = false")
        except duckdb.Error as error:
            self._connection.close()
            raise StoreUnavailable(
                f"the snapshot {path} cannot be opened ({error}); "
                "it is built anew from the log when the data are opened again"
            ) from error

    def run(self, sql: str) -> pa.Table:
        """The rows of one query, on a cursor of its own, when its turn comes (see `turns`)."""
        try:
            with self._turns.turn():
                try:
                    return self._ask(sql)
                except duckdb.OutOfMemoryException:
                    with self._more_memory():
                        return self._ask(sql)
        except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
            raise StoreUnavailable(
                f"the snapshot {self.path} could not answer ({error}); try again, or narrow the "
                "selection"
            ) from error

    def _ask(self, sql: str) -> pa.Table:
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"USE {_MAIN}")
            return cursor.sql(sql).to_arrow_table()
        finally:
            cursor.close()

    @contextmanager
    def _more_memory(self) -> Iterator[None]:
        """All the memory there may be, for one question at a time."""
        with self._large:
            self._limit(self._most_mb)
            try:
                yield
            finally:
                self._limit(self._kept_mb)

    def _limit(self, megabytes: int) -> None:
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"SET memory_limit = '{megabytes:d}MB'")  # a number of ours
        except duckdb.OutOfMemoryException:
            # Other questions hold more than that just now: the next return to it will do.
            _LOG.info("memory stays above %d MB while other questions run", megabytes)
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the file; queries still running on their cursors come to their end."""
        self._connection.close()
