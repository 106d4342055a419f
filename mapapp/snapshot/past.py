"""Snapshots of the log as it was, built when first asked for (log → snapshot, for `as_of`).

data_dir/past/past-12-v2.duckdb   the log after change 12, in the snapshot's schema 2
data_dir/past/.lock               one builder at a time; publishing does not wait for it

A file is immutable, like a published one, and a bounded number of them is kept: what is removed is
built again when somebody asks. They are made of the log alone, so that no backup needs them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from mapapp.domain.problems import InvalidInput, Problem, StoreUnavailable
from mapapp.log.entries import Contents
from mapapp.log.log import Log
from mapapp.snapshot.schema import VERSION
from mapapp.snapshot.shelf import Shelf
from mapapp.snapshot.snapshot import Snapshot, open_snapshot

#: Files kept; the one opened longest ago goes first.
KEEP = 6

#: Snapshots held open in this process.
_OPEN = 4

#: Told how far a building is (0 to 1) and what it is doing.
Tell = Callable[[float, str], None]


class Past:
    """The past of one data folder; `write` makes a snapshot file of contents."""

    def __init__(self, data_dir: Path, log: Log, write: Callable[[Path, Contents], None]) -> None:
        folder = data_dir / "past"
        self._shelf = Shelf(folder, "past", folder / ".lock")
        self._log, self._write = log, write
        self._opened: OrderedDict[int, Snapshot] = OrderedDict()
        self._table = threading.Lock()  # of `_opened`
        self._building = threading.Lock()  # one builder in this process, before the file lock

    def seq(self, as_of: datetime) -> int:
        """The log's last change at a time. Raises InvalidInput before the first one."""
        if as_of.tzinfo is None:
            raise InvalidInput(f"the time {as_of} has no time zone; give one, for example UTC")
        seq = self._log.seq_at(as_of)
        if seq:
            return seq
        first = next(iter(self._log.changes()), None)
        fault = f"nothing was recorded here before {as_of:%Y-%m-%d %H:%M} UTC"
        remedy = (
            f"The first record is of {first.at:%Y-%m-%d %H:%M} UTC; choose a later time"
            if first
            else "Nothing is recorded yet; leave it out"
        )
        raise InvalidInput(f"{fault}. {remedy}", (Problem("as_of", "as_of", fault, remedy),))

    def at(self, seq: int, as_of: datetime, tell: Tell, wait_s: float) -> Snapshot:
        """The snapshot of change `seq`, which was the last at `as_of`; built if it is not there.

        Raises StoreUnavailable where it cannot be built, or another builder takes longer than
        `wait_s` seconds.
        """
        state = self._find(seq)
        if state is not None:
            return state
        tell(0.0, "waiting for another preparation to end")
        if not self._building.acquire(timeout=wait_s):
            raise StoreUnavailable(
                "the data of that time are being prepared; try again in a moment"
            )
        try:
            with self._shelf.making(wait_s):
                return self._find(seq) or self._build(seq, as_of, tell)
        finally:
            self._building.release()

    def close(self) -> None:
        """Let go of the snapshots opened."""
        with self._table:
            while self._opened:
                self._opened.popitem()[1].engine.close()

    def _find(self, seq: int) -> Snapshot | None:
        with self._table:
            if seq in self._opened:
                self._opened.move_to_end(seq)
                return self._opened[seq]
        for path in self._shelf.named(f"past-{seq}-v{VERSION}"):
            with suppress(StoreUnavailable):  # damaged: it is built anew under another name
                snapshot = open_snapshot(path)
                self._shelf.used(path)
                return self._hold(seq, snapshot)
        return None

    def _hold(self, seq: int, snapshot: Snapshot) -> Snapshot:
        with self._table:
            # One that goes is left to its readers, and ends with the last of them.
            held_already = self._opened.setdefault(seq, snapshot)
            self._opened.move_to_end(seq)
            while len(self._opened) > _OPEN:
                self._opened.popitem(last=False)
            return held_already

    def _build(self, seq: int, as_of: datetime, tell: Tell) -> Snapshot:
        tell(0.1, "reading what was recorded then")
        contents = self._log.read(as_of)
        tell(0.4, f"assembling {len(contents.records):,} incidents")
        self._shelf.put(f"past-{seq}-v{VERSION}", lambda path: self._write(path, contents))
        self._shelf.prune(self._shelf.latest()[:KEEP])
        tell(0.95, "opening it")
        state = self._find(seq)
        if state is None:
            raise StoreUnavailable("the data of that time could not be opened; try again")
        return state
