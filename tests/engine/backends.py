"""The backends that the shared scenario runs on; a new one is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from mapapp.snapshot.snapshot import write
from mapapp.store import DuckDBEngine, Engine, Log
from tests import postgres

#: Makes an empty log, in a folder or in a database of its own.
LOGS: Mapping[str, Callable[[Path], Log]] = {
    "sqlite-file": lambda folder: Log.open(folder / "deep" / "log.sqlite"),
    "sqlite-url": lambda folder: Log.open(f"sqlite:///{folder / 'log.sqlite'}"),
    "sqlite-memory": lambda folder: Log.open(":memory:"),
    "postgresql": lambda folder: Log.open(postgres.server().database()),
}


def _duckdb(folder: Path, tables: Mapping[str, pa.Table]) -> Engine:
    path = folder / "snap-1.duckdb"
    write(path, tables, seq=1)
    return DuckDBEngine(path)


#: Makes an engine over snapshot tables. Spark Connect joins with one that loads them as views.
ENGINES: Mapping[str, Callable[[Path, Mapping[str, pa.Table]], Engine]] = {"duckdb": _duckdb}
