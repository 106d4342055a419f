"""Engines: what runs compiled SQL and answers in Arrow columns (snapshot → query)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from mapapp.domain.problems import StoreUnavailable
from mapapp.store.turns import Turns


class Engine(Protocol):
    """Runs SQL of its dialect over the snapshot's tables; `run` is safe from many threads."""

    @property
    def dialect(self) -> str:
        """The name Ibis compiles for: `duckdb`, `pyspark` …"""

    def run(self, sql: str) -> pa.Table:
        """The rows of one query. Raises StoreUnavailable where it cannot be answered."""

    def close(self) -> None:
        """Let go of files and connections."""


class DuckDBEngine:
    """One snapshot file, opened read-only; each query runs on a cursor of its own."""

    dialect = "duckdb"

    def __init__(self, path: Path, *, threads: int | None = None, memory: str = "1GB") -> None:
        self.path = path
        config: dict[str, str | bool | int | float | list[str]] = {
            # Compiled SQL reads nothing but the snapshot, whatever text a reader typed.
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "lock_configuration": True,
        }
        if threads is not None:
            config["threads"] = threads
        # Two cores are one question's; of more, two share them.
        self._turns = Turns(max(1, min(2, (threads or os.cpu_count() or 1) // 2)))
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=config)
        except duckdb.Error as error:
            raise StoreUnavailable(
                f"the snapshot {path} cannot be opened ({error}); "
                "it is built anew from the log when the data are opened again"
            ) from error

    def run(self, sql: str) -> pa.Table:
        """The rows of one query, on a cursor of its own, when its turn comes (see `turns`)."""
        cursor = self._connection.cursor()
        try:
            with self._turns.turn():
                return cursor.sql(sql).to_arrow_table()
        except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
            raise StoreUnavailable(
                f"the snapshot {self.path} could not answer ({error}); try again, or narrow the "
                "selection"
            ) from error
        finally:
            cursor.close()

    def close(self) -> None:
        """Close the file; queries still running on their cursors come to their end."""
        self._connection.close()
