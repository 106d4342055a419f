"""Backups of a data folder while it is in use, and how one is restored.

<target>/mapapp-20261125T180000.000000Z-12/    one backup: its time, and the log's last change
    manifest.json                              what is in it, with a hash each
    log.sqlite  snapshots/  datasets/  imports/  mappings/
    gate.toml  gate.key                        what is held back, for the owner's eyes alone (600)

The log is copied by SQLite's own backup, or row by row out of another database into an SQLite file:
one moment of it, however many write meanwhile. The rest never changes once it is written. Imports
and publishing wait while they are copied, readers do not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from mapapp import __version__
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.log import migrations
from mapapp.log.copying import copied_in, copy_out
from mapapp.log.lock import held

MANIFEST: Final = "manifest.json"
LOG: Final = "log.sqlite"

#: What the owner holds back from readers, and the secret that ids outside are made with: without
#: them a restored folder would publish all of it.
RULES: Final = "gate.toml"
_KEY: Final = "gate.key"

#: Of the manifest itself.
_VERSION: Final = 1
_PREFIX: Final = "mapapp-"
_FOLDERS: Final = ("datasets", "imports", "mappings")
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `files` maps its paths to (bytes, sha256); `digest` is of the log."""

    made_at: str
    program: str
    log_version: int
    seq: int
    digest: str
    snapshot: str | None
    files: dict[str, tuple[int, str]]
    version: int = _VERSION


def back_up(
    data_dir: Path,
    target: Path,
    *,
    keep: int | None = None,
    rules: Path | None = None,
    log_url: str | None = None,
    bring: Callable[[], object] = lambda: None,
) -> Path:
    """Copy a data folder into a new folder below `target`, and return that.

    `rules` are the gate's where they are not in the folder's `gate.toml`. `log_url` is the log's
    where it is in another database; `bring` then sees to it, once that is copied, that the rows it
    names are in the folder. With `keep`, only so many of the newest backups in `target` stay.
    Raises StoreUnavailable where there is nothing to back up, or the backup cannot be written;
    nothing half-written is left.
    """
    if log_url is None and not (data_dir / LOG).is_file():
        raise StoreUnavailable(
            f"there is no log in {data_dir}; name the data folder with --data-dir"
        )
    building = target / f".building-{uuid.uuid4().hex}"
    try:
        building.mkdir(parents=True)
        with ExitStack() as locks:
            for name in ("import.lock", "publish.lock"):
                locks.enter_context(held(data_dir / name))
            if log_url is None:
                _copy_log(data_dir / LOG, building / LOG)
            else:
                copy_out(log_url, building / LOG)
                bring()
            snapshot = _copy_snapshot(data_dir / "snapshots", building / "snapshots")
            _copy_private(rules or data_dir / RULES, building / RULES, must_be=rules is not None)
            _copy_private(data_dir / _KEY, building / _KEY)
            for name in _FOLDERS:
                if (data_dir / name).is_dir():
                    shutil.copytree(data_dir / name, building / name, ignore=_unfinished)
        made = datetime.now(UTC)
        seq = _write_manifest(building, made, snapshot)
        final = target / f"{_PREFIX}{made:%Y%m%dT%H%M%S.%f}Z-{seq}"
        building.rename(final)
        _sync(target)
    except (OSError, sqlite3.Error, shutil.Error) as error:
        raise StoreUnavailable(
            f"the backup in {target} cannot be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    if keep is not None:
        for old in backups(target)[: -max(keep, 1)]:
            shutil.rmtree(old, ignore_errors=True)
    return final


def _write_manifest(building: Path, made: datetime, snapshot: str | None) -> int:
    """Say what is in a backup, and make all of it durable; the log's last change."""
    with closing(sqlite3.connect(building / LOG)) as log:
        seq, version, digest = *_state(log), log_digest(log)
    manifest = Manifest(
        made.isoformat(timespec="seconds"), __version__, version, seq, digest, snapshot,
        {name: _hashed(building / name) for name in _files(building)},
    )  # fmt: skip
    (building / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
    for name in (*_files(building), MANIFEST):
        _sync(building / name)
    return seq


def backups(target: Path) -> list[Path]:
    """The whole backups below a folder, oldest first."""
    return sorted(p for p in target.glob(f"{_PREFIX}*") if (p / MANIFEST).is_file())


def verify(backup: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was written.

    Raises InvalidInput naming the first that is not, or where this is no backup of ours.
    """
    try:
        plain: dict[str, Any] = json.loads((backup / MANIFEST).read_text("utf-8"))
        plain["files"] = {
            name: (int(size), str(sha)) for name, (size, sha) in plain["files"].items()
        }
        manifest = Manifest(**plain)
    except FileNotFoundError as error:
        raise InvalidInput(
            f"{backup} is no backup: it has no {MANIFEST}; name the folder mapapp-… itself"
        ) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput(
            f"the {MANIFEST} of {backup} cannot be read ({error}); take another backup"
        ) from error
    if manifest.version > _VERSION or manifest.log_version > migrations.VERSION:
        raise InvalidInput(
            f"{backup} was made by a newer program ({manifest.program}); restore it with that"
        )
    for name, (size, sha) in manifest.files.items():
        path = (backup / name).resolve()
        if not path.is_relative_to(backup.resolve()):
            raise InvalidInput(f"{backup} names a file outside itself: {name}; take another backup")
        if not path.is_file():
            raise InvalidInput(f"{backup} is not whole: {name} is missing; take another backup")
        if _hashed(path) != (size, sha):
            raise InvalidInput(f"{backup} is damaged: {name} has changed; take another backup")
    with closing(
        sqlite3.connect(f"{(backup / LOG).as_uri()}?mode=ro&immutable=1", uri=True)
    ) as log:
        if log_digest(log) != manifest.digest:
            raise InvalidInput(f"{backup} is damaged: its log says other than it did")
    return manifest


def restore(
    backup: Path,
    data_dir: Path,
    *,
    replace: bool = False,
    without_rules: bool = False,
    log_url: str | None = None,
) -> Manifest:
    """Make `data_dir` what the backup holds, checked before and put in place whole.

    A folder with a log in it is refused, or with `replace` moved aside (its new name is
    `<data_dir>.before-<time>`). With `log_url` the log goes into the empty database there. One with
    rules of the gate is replaced by a backup that has none only `without_rules`: what they hold
    back would be published. Raises InvalidInput for a damaged backup, StoreUnavailable where the
    folder is in use or cannot be written.
    """
    manifest = verify(backup.absolute())
    data_dir = data_dir.absolute()
    if log_url is None and (data_dir / LOG).exists():
        if not replace:
            raise StoreUnavailable(
                f"{data_dir} already holds a log; name an empty folder with --data-dir, or move "
                "what is there aside with --replace"
            )
        _not_in_use(data_dir / LOG)
    if (data_dir / RULES).exists() and RULES not in manifest.files and not without_rules:
        raise StoreUnavailable(
            f"{data_dir / RULES} holds something back, and {backup} has no rules: restored, all of "
            "it would be published. Take a newer backup, or say --without-rules and put the file "
            "back before you serve the folder"
        )
    building = data_dir.with_name(f".{data_dir.name}.restoring-{uuid.uuid4().hex}")
    try:
        for name in manifest.files:
            (building / name).parent.mkdir(parents=True, exist_ok=True)
            if name in (RULES, _KEY):
                _copy_private(backup / name, building / name, must_be=True)
            else:
                shutil.copyfile(backup / name, building / name)
            _sync(building / name)
        with nullcontext() if log_url is None else copied_in(building / LOG, log_url):
            if log_url is not None:
                for path in building.glob(f"{LOG}*"):
                    path.unlink()
            _put_in_place(building, data_dir, replace)
    except OSError as error:
        raise StoreUnavailable(
            f"{data_dir} cannot be put in place ({error}); what was there is as it was, or moved "
            "aside beside it. Name an empty folder on a disk with room"
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return manifest


def _put_in_place(building: Path, data_dir: Path, replace: bool) -> None:
    if data_dir.exists():
        if replace:
            aside = f"{data_dir.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
            data_dir.rename(data_dir.with_name(aside))
        else:
            data_dir.rmdir()  # an empty folder; another is not ours to take away
    building.rename(data_dir)
    _sync(data_dir.parent)


def log_digest(log: sqlite3.Connection) -> str:
    """A hash of all that a log says: every version of every statement, and every change."""
    digest = hashlib.sha256()
    for query in ("SELECT * FROM versions ORDER BY row", "SELECT * FROM changes ORDER BY seq"):
        cursor = log.execute(query)
        digest.update(repr([column[0] for column in cursor.description]).encode())
        for row in cursor:
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _state(log: sqlite3.Connection) -> tuple[int, int]:
    """The last change, and the log's version."""
    (seq,) = log.execute("SELECT seq FROM head").fetchone()
    try:
        (version,) = log.execute("SELECT version FROM format").fetchone()
    except sqlite3.OperationalError:  # from before versions were kept
        version = 1
    return int(seq), int(version)


def _copy_log(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=30)) as log,
        closing(sqlite3.connect(target)) as copy,
    ):
        log.backup(copy)  # in one step: one moment of the log
        copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file


def _copy_private(source: Path, target: Path, *, must_be: bool = False) -> None:
    """Copy a file that nobody but its owner may read, where there is one."""
    try:
        content = source.read_bytes()
    except FileNotFoundError:
        if must_be:
            raise
        return
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _copy_snapshot(source: Path, target: Path) -> str | None:
    """Copy the current snapshot and the releases beside it; its name, None where there is none."""
    try:
        name = (source / "CURRENT").read_text("utf-8").strip()
        target.mkdir()
        for path in (source / name, *source.glob("data-*.duckdb")):
            shutil.copyfile(path, target / path.name)
    except FileNotFoundError:
        return None  # it is built anew from the log
    (target / "CURRENT").write_text(name + "\n", encoding="utf-8")
    return name


def _unfinished(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or name.endswith(".part")]


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    )


def _hashed(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        for block in _blocks(file):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def _blocks(file: Any) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _not_in_use(path: Path) -> None:
    """Raises StoreUnavailable where another process has the log open."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as log:
            # In this mode SQLite wants the file for itself, and is refused it by any other opener.
            log.execute("PRAGMA locking_mode=EXCLUSIVE")
            log.execute("BEGIN EXCLUSIVE")
            log.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            return  # damaged: that is what a restore is for
        raise StoreUnavailable(
            f"the log {path} is in use; stop the server, then restore"
        ) from error


def _sync(path: Path) -> None:
    with suppress(PermissionError):  # a folder, where the system cannot open one
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
