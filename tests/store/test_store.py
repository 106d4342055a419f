"""The store of a folder: publishing, what survives a kill, damage, read-only and full disks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.snapshot import snapshot
from mapapp.store import Store
from mapapp.store import store as store_module
from tests.store.generate import batch

EVERYTHING = Selection(background=True, abroad=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def titled(title: str) -> Batch:
    (record,) = batch(1).records
    return Batch((), (replace(record, title=title, background=False, country="AFG"),), ())


def published(store: Store) -> Path:
    path = store.publish().path
    assert path is not None
    return path


def titles(store: Store) -> list[str]:
    found: list[str] = Dashboard(store.current()).table(EVERYTHING)["title"].to_pylist()
    return found


def test_an_empty_store_can_be_read(store: Store) -> None:
    current = store.current()
    assert current.seq == 0
    dashboard = Dashboard(current)
    dashboard.warm()
    assert dashboard.span() == (None, None)
    assert dashboard.figures(EVERYTHING).incidents == 0
    assert dashboard.series(EVERYTHING, "day").num_rows == 0
    assert dashboard.stacked(EVERYTHING).num_rows == 0
    assert dashboard.cells(EVERYTHING, None, 5).num_rows == 0
    assert dashboard.sources(EVERYTHING).num_rows == 0
    assert dashboard.facet(EVERYTHING, "groups") == ()


def test_readers_see_an_append_after_publishing(store: Store) -> None:
    store.append(titled("one"), by="ana")
    first = store.publish()
    store.append(titled("two"), by="ana")
    assert titles(store) == ["one"]
    second = store.publish()
    assert (first.seq, second.seq) == (1, 2)
    assert titles(store) == ["two"]
    # Who still holds the old one goes on reading it.
    assert Dashboard(first).table(EVERYTHING)["title"].to_pylist() == ["one"]
    assert second.meta["incidents"] == "1"


def test_publishing_nothing_new_keeps_the_snapshot(store: Store) -> None:
    store.append(titled("one"), by="ana")
    assert store.publish() is store.publish() is store.current()


def test_another_process_s_publish_is_seen(store: Store) -> None:
    store.append(titled("one"), by="ana")
    store.publish()
    other = Store.open(store.data_dir)
    other.append(titled("two"), by="ben")
    other.publish()
    other.close()
    assert titles(store) == ["two"]


def test_old_snapshots_go_and_the_last_three_stay(store: Store) -> None:
    for n in range(12):
        store.append(titled(f"title {n}"), by="ana")
        store.publish()
    kept = {path.name for path in (store.data_dir / "snapshots").glob("snap-*")}
    assert kept == {"snap-10.duckdb", "snap-11.duckdb", "snap-12.duckdb"}
    assert titles(store) == ["title 11"]


@pytest.mark.parametrize("damage", ["remove", "truncate", "rubbish", "pointer", "no pointer"])
def test_a_lost_snapshot_is_built_anew_from_the_log(store: Store, damage: str) -> None:
    store.append(batch(30), by="ana")
    path = published(store)
    store.close()
    pointer = path.with_name("CURRENT")
    match damage:
        case "remove":
            path.unlink()
        case "truncate":
            os.truncate(path, path.stat().st_size // 3)
        case "rubbish":
            path.write_bytes(b"rubbish" * 5000)
        case "pointer":
            pointer.write_text("../../etc/passwd\n")
        case "no pointer":
            pointer.unlink()
    again = Store.open(store.data_dir)
    assert len(titles(again)) == 30
    again.close()


def test_a_snapshot_of_another_version_is_built_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(batch(3), by="ana")
    with monkeypatch.context() as older:
        older.setattr(snapshot, "VERSION", 0)
        old = published(store)
    store.close()
    again = Store.open(store.data_dir)
    assert again.current().path != old
    assert len(titles(again)) == 3
    again.close()


def test_a_failed_publish_leaves_the_old_one_current(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(titled("one"), by="ana")
    store.publish()
    store.append(titled("two"), by="ana")

    def no_room(path: Path, *args: object, **kwargs: object) -> None:
        path.write_bytes(b"half a file")
        raise StoreUnavailable("the snapshot could not be written: No space left on device")

    with monkeypatch.context() as full:
        full.setattr(store_module, "write", no_room)
        with pytest.raises(StoreUnavailable, match="No space left"):
            store.publish()
    assert titles(store) == ["one"]
    assert not list((store.data_dir / "snapshots").glob(".build-*"))
    store.publish()
    assert titles(store) == ["two"]


OUT_OF_ROOM = """
    import resource, sys
    from mapapp.domain.problems import StoreUnavailable
    from mapapp.store import Store
    store = Store.open(sys.argv[1])
    store.log.seq()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        store.publish()
    except StoreUnavailable as error:
        print(error)
"""


def test_a_disk_that_takes_no_more_is_said_so_and_the_old_snapshot_stays(store: Store) -> None:
    store.append(titled("one"), by="ana")
    store.publish()
    store.append(titled("two"), by="ana")
    answer = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(OUT_OF_ROOM), store.data_dir],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "could not be written" in answer.stdout
    assert "check that the disk has room" in answer.stdout
    assert titles(store) == ["one"]
    assert not list((store.data_dir / "snapshots").glob(".build-*"))
    store.publish()
    assert titles(store) == ["two"]


KILLED_WHILE_PUBLISHING = """
    import sys, time
    from pathlib import Path
    from mapapp.store import Store, store as module
    at = sys.argv[2]

    def stop(*_):
        print("there", flush=True)
        time.sleep(60)

    if at == "building":
        module.write = lambda path, *_, **__: (path.write_bytes(b"half"), stop())
    elif at == "before the rename":
        whole = module.write
        module.write = lambda *a, **k: (whole(*a, **k), stop())
    else:
        Store._point_at = stop
    Store.open(sys.argv[1]).publish()
"""


@pytest.mark.parametrize("at", ["building", "before the rename", "before the pointer"])
def test_a_kill_while_publishing_leaves_the_old_snapshot_current(store: Store, at: str) -> None:
    store.append(titled("one"), by="ana")
    store.publish()
    store.append(titled("two"), by="ana")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED_WHILE_PUBLISHING), store.data_dir, at],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.send_signal(signal.SIGKILL)
    assert titles(store) == ["one"]
    assert store.publish().seq == 2  # the lock died with its holder
    assert titles(store) == ["two"]
    assert not list((store.data_dir / "snapshots").glob(".build-*"))


KILLED_WHILE_APPENDING = """
    import sys
    from dataclasses import replace
    from mapapp.domain.batch import Batch
    from mapapp.store import Store
    from tests.store.generate import batch
    store = Store.open(sys.argv[1])
    (record,) = batch(1).records
    for n in range(100_000):
        store.append(Batch((), (replace(record, id=f"r{n}"),), ()), by="ana")
        print(n, flush=True)
"""


def test_a_kill_while_appending_loses_nothing_acknowledged(store: Store) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED_WHILE_APPENDING), store.data_dir],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(25)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout]
    held = {record.id for record in store.log.read().records}
    assert {f"r{n}" for n in acknowledged} <= held
    assert len(held) <= len(acknowledged) + 1
    assert len(titles(store)) == 0 or store.publish().seq == len(held)


PUBLISHES = """
    import sys
    from dataclasses import replace
    from mapapp.domain.batch import Batch
    from mapapp.store import Store
    from tests.store.generate import batch
    store = Store.open(sys.argv[1])
    (record,) = batch(1).records
    for n in range(6):
        store.append(Batch((), (replace(record, id=f"{sys.argv[2]}{n}"),), ()), by="ana")
        store.publish()
"""


def test_two_processes_publish_without_clash(store: Store) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(PUBLISHES), store.data_dir, name],
            cwd=Path(__file__).parents[2],
        )
        for name in "ab"
    ]
    seen = []
    while any(process.poll() is None for process in running):
        seen.append(len(titles(store)))
        time.sleep(0.01)
    assert [process.wait() for process in running] == [0, 0]
    assert seen == sorted(seen)
    assert len(titles(store)) == 12
    assert store.current().seq == 12


def test_threads_read_while_another_publishes(store: Store) -> None:
    store.append(batch(20), by="ana")
    store.publish()
    done = threading.Event()

    def read(_: int) -> int:
        rounds = 0
        while not done.is_set() or rounds == 0:
            assert Dashboard(store.current()).count(EVERYTHING) >= 20
            rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, n) for n in range(4)]
        for n in range(5):
            store.append(batch(2, seed=n + 2, prefix=f"new{n}-"), by="ana")
            store.publish()
        done.set()
        assert all(reader.result(120) for reader in readers)
    assert Dashboard(store.current()).count(EVERYTHING) == 30


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"data folder .* cannot be made"):
        Store.open(tmp_path / "file" / "data")


READ_ONLY = """
    import os, sys
    from mapapp.domain.problems import StoreUnavailable
    from mapapp.domain.selection import Selection
    from mapapp.query import Dashboard
    from mapapp.store import Store
    from tests.store.generate import batch
    everything = Selection(background=True, abroad=True)
    # What is imported late must be so before another user does not see it any more.
    Dashboard(Store.open(sys.argv[2]).current()).count(everything)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    store = Store.open(sys.argv[1])
    print(Dashboard(store.current()).count(everything))
    print(len(store.log.read().records))
    try:
        store.append(batch(3, seed=9, prefix="x"), by="ana")
    except StoreUnavailable as error:
        print(error)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A new folder that every user of this machine can go into.

    pytest closes its own folders to others, again with each run that starts on the machine.
    """
    places = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")  # noqa: S108
    above = next(
        (p for p in map(Path, places) if p.is_dir()
         and all(q.stat().st_mode & 0o001 for q in (p, *p.resolve().parents))),
        None,
    )  # fmt: skip
    assert above, f"no folder that every user can go into, of {', '.join(places)}"
    with tempfile.TemporaryDirectory(prefix="test-store-", dir=above) as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_a_read_only_folder_can_be_read_and_says_so_when_written(
    open_to_all: Path, tmp_path: Path
) -> None:
    store = Store.open(open_to_all / "data")
    store.append(batch(5), by="ana")
    path = published(store)
    store.close()
    folders = (store.data_dir, path.parent)
    files = [p for p in store.data_dir.rglob("*") if p.is_file()]
    for entry in files:
        entry.chmod(0o444)
    for folder in folders:
        folder.chmod(0o555)
    try:
        answer = subprocess.run(
            [
                sys.executable,
                "-B",
                "-c",
                textwrap.dedent(READ_ONLY),
                store.data_dir,
                tmp_path / "x",
            ],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert answer.stderr == ""
    counted, held, refusal = answer.stdout.splitlines()
    assert (counted, held) == ("5", "5")
    assert "read-only; choose a data folder that can be written" in refusal
