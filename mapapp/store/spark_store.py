"""A data folder whose incidents are read through an engine beyond one machine (tables → query).

The tables are those that `ingest_job` built; nothing is recorded through the dashboard then.
"""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NoReturn

from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.engine.spark import SparkConnectEngine, check_address, client
from mapapp.log.log import Log
from mapapp.snapshot import summaries
from mapapp.snapshot.past import Tell
from mapapp.snapshot.schema import TABLES, VERSION
from mapapp.snapshot.snapshot import Snapshot
from mapapp.store.store import Store

#: Where the tables are if no setting says so, inside the data folder.
DEFAULT_TABLES: Final = "tables"


class SparkStore(Store):
    """A data folder whose incidents are read through an engine; its log stays where it is.

    `tables` is the folder or prefix that the ingest job built under.
    """

    def __init__(
        self,
        data_dir: Path,
        log: Log,
        address: str,
        tables: str | Path,
        gate_file: Path | None = None,
    ) -> None:
        super().__init__(data_dir, log, gate_file)
        check_address(address)
        client()  # that it is not installed is better known at start
        self._address, self._tables = address, tables
        self._held: tuple[str, Snapshot] | None = None
        self._before: Snapshot | None = None
        self._lock = threading.Lock()

    def current(self) -> Snapshot:
        """The tables as one snapshot; the root's CURRENT is looked at again on each call.

        Raises StoreUnavailable where they cannot be read.
        """
        root = current_version(self._tables)
        with self._lock:
            if self._held is not None and self._held[0] == root:
                return self._held[1]
        engine = SparkConnectEngine(self._address, root, TABLES)
        try:
            found = remote_snapshot(engine)
        except StoreUnavailable:
            engine.close()
            raise
        with self._lock:
            if self._held is not None and self._held[0] == root:
                again, found = found, self._held[1]  # another thread was sooner
                again.engine.close()
                return found
            # The version before is left to its readers, until the next but one.
            gone, self._before = self._before, self._held[1] if self._held else None
            self._held = (root, found)
        if gone is not None:
            gone.engine.close()
        return found

    def append(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: what is recorded here would not be in the engine's tables."""
        raise InvalidInput(
            f"this dashboard reads its incidents through the engine at {self._address} and records "
            "nothing; import into a data folder without MAPAPP_ENGINE and build the tables anew "
            "with python -m mapapp.store.spark_job"
        )

    def publish(self) -> Snapshot:
        """The tables as they are: the ingest job publishes them."""
        return self.current()

    def at(
        self, as_of: datetime, tell: Tell = lambda done, doing: None, wait_s: float = 120.0
    ) -> Snapshot:
        """The tables, where they are of that time. Raises InvalidInput: there are no others."""
        current = self.current()
        if self.log.seq_at(as_of) != current.seq:
            raise InvalidInput(
                "this engine holds the data of one time only, of "
                f"{current.published_at:%Y-%m-%d}; leave as_of out, or build tables of that time"
            )
        return current

    def close(self) -> None:
        """Let go of the log and of the engine."""
        super().close()
        with self._lock:
            open_ones = [own for own in (self._before, self._held and self._held[1]) if own]
            self._before = self._held = None
        for snapshot in open_ones:
            snapshot.engine.close()


def remote_snapshot(engine: SparkConnectEngine) -> Snapshot:
    """The tables of an engine's root as a snapshot, checked to be of this version."""
    rows = engine.run("SELECT `key`, `value` FROM `meta`").to_pylist()
    meta = {row["key"]: row["value"] for row in rows}
    if meta.get("schema") != str(VERSION):
        raise StoreUnavailable(
            f"the tables in {engine.root} are of version {meta.get('schema')}, this program reads "
            f"version {VERSION}; build them anew with python -m mapapp.store.spark_job"
        )
    engine.add_tables({name: summaries.CATALOGUE[name].schema for name in summaries.held(meta)})
    published_at = datetime.fromisoformat(meta["published_at"])
    return Snapshot(int(meta["seq"]), published_at, engine, meta)


def current_version(root: str | Path) -> str:
    """The folder of the version that a root's CURRENT names; the root itself where it has none.

    On object storage give the version's own prefix: there is no pointer to read.
    """
    pointer = Path(root) / "CURRENT"
    if "://" in str(root) or not pointer.exists():
        return str(root)
    return str(Path(root) / pointer.read_text("utf-8").strip())
