"""A folder of immutable files: each is written whole under another name, then put in its place
(serves log → snapshot).

A file is never replaced: a process that has it open goes on with what it opened. One that is made
again gets a number: `snap-12.duckdb`, `snap-12~1.duckdb`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mapapp.domain.problems import StoreUnavailable
from mapapp.log.lock import held

#: How long one maker waits for another.
WAIT_S: Final = 120.0

#: The number of a file that was made again.
_AGAIN: Final = re.compile(r"~\d+$")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one kind in a folder, which other kinds may share.

    `kind` is what the names of its files begin with. Only who holds `making` may `put` and `prune`.
    """

    folder: Path
    kind: str
    lock: Path

    @contextmanager
    def making(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold the shelf against other makers, and clear what a killed one left behind.

        Raises StoreUnavailable where the folder cannot be made, or another maker takes longer.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"the folder {self.folder} cannot be made ({error.strerror}); choose a data folder "
                "that can be written"
            ) from error
        with held(self.lock, wait_s):
            for left_over in self.folder.glob(f".build-{self.kind}-*"):
                _remove(left_over)
            yield

    def put(self, stem: str, write: Callable[[Path], None]) -> Path:
        """Have a file written and put it in place; its path.

        Killed at any moment, there is a whole file or none. Raises StoreUnavailable where there is
        no room, and what `write` raises.
        """
        building = self.folder / f".build-{self.kind}-{os.getpid()}.duckdb"
        path = self._fresh(stem)
        try:
            write(building)
            building.rename(path)
            sync_folder(self.folder)
        except OSError as error:
            raise StoreUnavailable(
                f"{path.name} could not be put in place ({error.strerror}); check that "
                f"{self.folder} can be written and has room"
            ) from error
        finally:
            _remove(building)
            _remove(building.with_name(building.name + ".wal"))
        return path

    def named(self, stem: str) -> list[Path]:
        """The files of a stem, the one made last first."""
        matching = [path for path in self.all() if _AGAIN.sub("", path.stem) == stem]
        return sorted(matching, key=_again, reverse=True)

    def all(self) -> list[Path]:
        """Every file of this kind, in no order."""
        return list(self.folder.glob(f"{self.kind}-*.duckdb"))

    def latest(self) -> list[Path]:
        """Every file of this kind, the one used last first."""
        timed: list[tuple[float, Path]] = []
        for path in self.all():
            with suppress(FileNotFoundError):  # another process took it away
                timed.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(timed, reverse=True)]

    def used(self, path: Path) -> None:
        """Note that a file was used, for the order of `latest`."""
        with suppress(OSError):  # on a read-only disk the order of removal is of no use
            os.utime(path)

    def prune(self, keep: Collection[Path]) -> None:
        """Remove all files but some; one that is open stays readable to who has it open."""
        for path in self.all():
            if path not in keep:
                _remove(path)

    def _fresh(self, stem: str) -> Path:
        path, again = self.folder / f"{stem}.duckdb", 0
        while path.exists():
            again += 1
            path = self.folder / f"{stem}~{again}.duckdb"
        return path


def _again(path: Path) -> int:
    match = _AGAIN.search(path.stem)
    return int(match[0][1:]) if match else 0


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder durable, where the system can open a folder."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):  # Windows refuses to remove an open file; the next maker tries again
        path.unlink()
