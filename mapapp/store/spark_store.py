"""A data folder whose incidents are read through an engine beyond one machine (tables → query).

The tables are those that `spark_job` built. What is recorded goes into the log, as everywhere, and
is laid over them (`overlay.py`) until they are built anew.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.engine.spark import SparkConnectEngine, check_address, client
from mapapp.log.entries import Appended
from mapapp.log.log import Log
from mapapp.snapshot.past import Tell
from mapapp.snapshot.schema import TABLES, VERSION
from mapapp.snapshot.snapshot import Snapshot
from mapapp.snapshot.summaries import CATALOGUE, held
from mapapp.store.overlay import UNDER, counts, edited_tables, lay_over, rows_of
from mapapp.store.spark_job import LOG_SEQ_KEY
from mapapp.store.store import CHANGED_KEY, Store, spoken_of

#: Where the tables are if no setting says so, inside the data folder.
DEFAULT_TABLES: Final = "tables"

#: The entry of meta that is the log's last change that is shown.
_LAID_KEY: Final = "laid_seq"


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
        self._laying = threading.Lock()

    def current(self) -> Snapshot:
        """The tables as one snapshot; the root's CURRENT is looked at again on each call.

        Raises StoreUnavailable where they cannot be read.
        """
        root = current_version(self._tables)
        with self._lock:
            if self._held is not None and self._held[0] == root:
                return self._held[1]
        return self._open(root)

    def behind(self) -> bool:
        """Whether the log has moved on from what is laid over the tables."""
        meta = self.current().meta
        return self._is_of_log(meta) and int(meta[_LAID_KEY]) != self.log.seq()

    def publish(self) -> Snapshot:
        """The tables, with what was recorded since they were built laid over them."""
        with self._laying:
            return self._open(current_version(self._tables)) if self.behind() else self.current()

    def append(self, batch: Batch, **named: Any) -> Appended:
        """Record a batch (see `Store.append`).

        Raises InvalidInput for what could not be shown: where the tables are not of this log, and
        for releases, which are in the tables once these are built of them.
        """
        if batch.row_files:
            raise InvalidInput(
                f"this dashboard reads its incidents through the engine at {self._address}; import "
                "a release without MAPAPP_ENGINE, into the same log, and build the tables anew "
                "with python -m mapapp.store.spark_job"
            )
        if not self._is_of_log(self.current().meta):
            raise InvalidInput(
                f"the tables at {self._tables} were not built of this dashboard's log, so that "
                "nothing recorded here could be shown; build them anew of a file that was "
                "published from it (python -m mapapp.store.spark_job --snapshot …)"
            )
        return super().append(batch, **named)

    def _open(self, root: str) -> Snapshot:
        engine = SparkConnectEngine(self._address, root, TABLES)
        try:
            opened = remote_snapshot(engine)
            if self._is_of_log(opened.meta):
                opened = self._laid_over(opened, root)
        except StoreUnavailable:
            engine.close()
            raise
        with self._lock:
            # The one before is left to its readers, until the next but one.
            gone, self._before = self._before, self._held[1] if self._held else None
            self._held = (root, opened)
        if gone is not None:
            gone.engine.close()
        return opened

    def _laid_over(self, built: Snapshot, root: str) -> Snapshot:
        """The tables of a root with what this log says by now."""
        contents, since = self.log.read(), int(built.meta[LOG_SEQ_KEY])
        meta = {**built.meta, _LAID_KEY: str(contents.seq)}
        edited = self.log.incidents_moved(since, contents.seq)
        if contents.seq == since:
            return replace(built, meta=meta)
        engine = SparkConnectEngine(self._address, root, TABLES, UNDER)
        try:
            engine.add_tables({name: CATALOGUE[name].schema for name in held(meta)})
            lay_over(engine, edited_tables(engine, contents, edited), edited, held(meta))
            meta |= counts(engine)
        except StoreUnavailable:
            engine.close()
            raise
        built.engine.close()
        # Tables that have other rows than the log's, too, have a number of their own.
        return replace(built, seq=built.seq + contents.seq - since, engine=engine, meta=meta)

    def _is_of_log(self, meta: Mapping[str, str]) -> bool:
        """Whether tables were built of what this log held, and not of another's."""
        if LOG_SEQ_KEY not in meta or CHANGED_KEY not in meta:
            return False
        change = self.log.change(int(meta[LOG_SEQ_KEY]))
        return change is not None and change.at.isoformat() == meta[CHANGED_KEY]

    def _in_rows(self, batch: Batch) -> set[str]:
        engine = self.current().engine
        return {str(row["id"]) for row in rows_of(engine, "rows", spoken_of(batch))}

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
    engine.add_tables({name: CATALOGUE[name].schema for name in held(meta)})
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
