"""The store: the append-only log (truth), published snapshots, and the engines that run SQL."""

from mapapp.engine.engine import DuckDBEngine, Engine
from mapapp.engine.turns import patience
from mapapp.log.entries import Appended, Change, Contents, Counts, Moved, Version
from mapapp.log.log import Log
from mapapp.snapshot.snapshot import Snapshot
from mapapp.store.store import Store

__all__ = [
    "Appended",
    "Change",
    "Contents",
    "Counts",
    "DuckDBEngine",
    "Engine",
    "Log",
    "Moved",
    "Snapshot",
    "Store",
    "Version",
    "patience",
]
