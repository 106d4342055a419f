"""The store of one data folder: its log, its published snapshots and which of them is current.

data_dir/log.sqlite                 the truth
data_dir/snapshots/snap-12.duckdb   what is read, never replaced in place; it names its releases
data_dir/snapshots/data-….duckdb    the releases that are kept as rows, see `releases`
data_dir/snapshots/CURRENT          the name of the file to read
data_dir/publish.lock               one publisher at a time
data_dir/past/                      snapshots of earlier times, built when asked for (`past.py`)
data_dir/datasets/…                 releases kept as rows, see `row_files`
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from mapapp.domain.batch import Batch
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.vocab import Redistribution
from mapapp.gate.file import GateFile
from mapapp.gate.public import PublicSnapshots
from mapapp.log.entries import Appended, Contents, Kind, Renewal
from mapapp.log.lock import held
from mapapp.log.log import Log
from mapapp.snapshot import row_files
from mapapp.snapshot.past import Past, Tell
from mapapp.snapshot.releases import Releases
from mapapp.snapshot.shelf import Shelf, sync_folder
from mapapp.snapshot.snapshot import Snapshot, open_snapshot, releases_of, tables_of, write

#: The entry of a snapshot's meta that is the time of the log's last change.
CHANGED_KEY: Final = "changed_at"

#: Published files kept: a reader that has just read CURRENT must still find its file.
KEEP = 3

#: Seconds that a log which does not answer is left in peace.
_AGAIN_S: Final = 5.0

_NAME = re.compile(r"snap-\d+(~\d+)?\.duckdb")


class Store:
    """One data folder. Open it with `Store.open`; safe to share between threads."""

    def __init__(self, data_dir: Path, log: Log, gate_file: Path | None = None) -> None:
        self.data_dir = data_dir
        #: Whether the log's database was away when it was opened, so that what is asked of it at a
        #: start is still to be done (`default.take_up`).
        self.waits = False
        self.log = log
        self._snapshots = data_dir / "snapshots"
        self._opened: tuple[str, Snapshot] | None = None
        self._opening = threading.Lock()
        self._shelf = Shelf(self._snapshots, "snap", data_dir / "publish.lock")
        self._releases = Releases(data_dir, log)
        self._past = Past(data_dir, log, self._write)
        self.gate = PublicSnapshots(
            self._snapshots, GateFile(data_dir, gate_file), private=self._private
        )
        self._private_at: tuple[int, frozenset[str]] = (-1, frozenset())
        self._ask_again_at = 0.0  # the time of the monotonic clock, after the log did not answer

    @classmethod
    def open(
        cls, data_dir: str | Path, *, log_url: str | None = None, gate_file: Path | None = None,
        later: bool = False,
    ) -> Store:  # fmt: skip
        """The store in a folder, made if absent; `log_url` puts its log in another database.

        `gate_file` has the rules of what is held back, where they are not in its `gate.toml`;
        `later` opens it also while its log's database is away. Raises StoreUnavailable where the
        folder cannot be made or read.
        """
        folder = Path(data_dir)
        try:
            (folder / "snapshots").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"the data folder {folder} cannot be made ({error.strerror}); "
                "choose a folder that can be written"
            ) from error
        log = Log.open(log_url or folder / "log.sqlite", later=later)
        return cls(folder, log, gate_file)

    def close(self) -> None:
        """Let go of the log and of the snapshot opened last."""
        self.gate.close()
        self.log.close()
        self._past.close()
        if self._opened:
            self._opened[1].engine.close()
            self._opened = None

    def append(
        self,
        batch: Batch,
        *,
        by: str,
        at: datetime | None = None,
        replace_dataset: str | Renewal | None = None,
        reason: str = "",
        withdraw: Iterable[tuple[Kind, str]] = (),
    ) -> Appended:
        """Record a batch in the log (see `Log.append`); readers see it after `publish`."""
        return self.log.append(
            batch, by=by, at=at, replace_dataset=replace_dataset, reason=reason,
            elsewhere=self._in_rows(batch), withdraw=withdraw,
        )  # fmt: skip

    @contextmanager
    def importing(self) -> Iterator[None]:
        """One import at a time, of all servers over this log. Raises StoreUnavailable."""
        with held(self.data_dir / "import.lock"), ExitStack() as others:
            if self.log.shared is not None:
                others.enter_context(self.log.shared.importing())
            yield

    def _in_rows(self, batch: Batch) -> set[str]:
        """Incidents that a batch speaks of and that stand in files of rows."""
        about = spoken_of(batch)
        files = (*self.log.row_files(), *batch.row_files) if about else ()
        return row_files.known(self.data_dir, files, about)

    def publish(self) -> Snapshot:
        """Make what the log holds now the current snapshot, and return it.

        Where the current one is already of the log's last change it stays. Killed at any moment,
        the old snapshot stays current. Raises StoreUnavailable where it cannot be written.
        """
        with self._shelf.making():
            with suppress(StoreUnavailable):
                current = self._open_current()
                if current.seq == self.log.seq() and self._is_ours(current):
                    return current
            contents = self.log.read()
            path = self._shelf.put(f"snap-{contents.seq}", lambda path: self._write(path, contents))
            self._point_at(path.name)
            self._prune(path)
            return self._open_current()

    def behind(self) -> bool:
        """Whether the log has moved on from what is published here."""
        return self.current().seq != self.log.seq()

    def current(self) -> Snapshot:
        """The snapshot to read; the CURRENT pointer is looked at again on each call.

        A missing, damaged or outdated snapshot is built anew from the log.
        """
        try:
            return self._open_current()
        except StoreUnavailable:
            return self.publish()

    def public(self) -> Snapshot:
        """The snapshot for who may not read all: `current()` itself where nothing is held back.

        Raises StoreUnavailable where what is held back cannot be told.
        """
        return self.gate.of(self.current())

    def at(
        self, as_of: datetime, tell: Tell = lambda done, doing: None, wait_s: float = 120.0
    ) -> Snapshot:
        """What the log held at `as_of` (aware), as a snapshot to ask like the current one.

        It is built where it is not held, which takes as long as a publish and blocks none; `tell`
        hears how far it is. Raises InvalidInput before the first record, StoreUnavailable where it
        cannot be built or another building takes longer than `wait_s` seconds.
        """
        seq = self._past.seq(as_of)
        current = self.current()
        return current if current.seq == seq else self._past.at(seq, as_of, tell, wait_s)

    def _private(self) -> frozenset[str]:
        """The sources that are private by themselves, as the log has them now, or had them when
        it could be asked: what is published is read also while its database is away.
        """
        if time.monotonic() < self._ask_again_at:
            return self._private_at[1]
        try:
            seq = self.log.seq()
        except StoreUnavailable:
            if self._private_at[0] < 0:
                raise
            self._ask_again_at = time.monotonic() + _AGAIN_S
            return self._private_at[1]
        if self._private_at[0] != seq:
            private = Redistribution.PRIVATE
            found = self.log.sources().values()
            self._private_at = seq, frozenset(s.id for s in found if s.redistribution is private)
        return self._private_at[1]

    def _write(self, path: Path, contents: Contents) -> None:
        """Write a snapshot file of what a log holds or held."""
        releases = self._releases.files(contents.row_files)
        made = row_files.materialised(self.data_dir, contents)
        tables = tables_of(made.contents)
        change = self.log.change(contents.seq)
        told = {CHANGED_KEY: change.at.isoformat()} if change else {}
        write(path, tables, seq=contents.seq, releases=releases, edited=made.ids, told=told)

    def _is_ours(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot was made of this log, and not of one that was here before it."""
        change = self.log.change(snapshot.seq)
        told = snapshot.meta.get(CHANGED_KEY)
        return told is None or (change is not None and change.at.isoformat() == told)

    def _open_current(self) -> Snapshot:
        name = self._current_name()
        with self._opening:
            if self._opened is None or self._opened[0] != name:
                # The snapshot before is left to its readers and goes with the last of them.
                self._opened = (name, open_snapshot(self._snapshots / name))
            return self._opened[1]

    def _current_name(self) -> str:
        try:
            name = (self._snapshots / "CURRENT").read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnavailable(f"no snapshot is published in {self._snapshots}") from error
        if not _NAME.fullmatch(name):
            raise StoreUnavailable(f"{self._snapshots / 'CURRENT'} does not name a snapshot")
        return name

    def _point_at(self, name: str) -> None:
        temporary = self._snapshots / ".CURRENT.new"
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(name + "\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._snapshots / "CURRENT")
            sync_folder(self._snapshots)
        except OSError as error:
            raise StoreUnavailable(
                f"the snapshot {name} could not be made the current one ({error.strerror}); check "
                f"that {self._snapshots} can be written and has room"
            ) from error

    def _prune(self, current: Path) -> None:
        """Remove all but the last published files, and releases that none of them names."""
        others = [path for path in self._shelf.all() if path != current]
        others.sort(key=lambda path: [int(n) for n in re.findall(r"\d+", path.stem)])
        kept = [current, *others[-(KEEP - 1) :]]
        self._shelf.prune(kept)
        needed: set[Path] = set()
        for path in kept:
            with suppress(duckdb.Error):  # a damaged file needs nothing
                needed |= set(releases_of(path).values())
        self._releases.prune(needed)


def spoken_of(batch: Batch) -> set[str]:
    """Incidents that a batch has claims or judgements about, and no record of."""
    about = {claim.incident_id for claim in batch.claims}
    about |= {side for j in batch.judgements for side in (j.left_id, j.right_id)}
    return about - {record.id for record in batch.records}
