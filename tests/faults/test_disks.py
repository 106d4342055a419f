"""Full and read-only disks, damaged files: readers go on, and messages say what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mapapp.domain.problems import StoreUnavailable
from mapapp.store import Store
from tests.browser.conftest import OpenPage, open_page, serving
from tests.faults.servers import answer, changes_filters, command, reader
from tests.store.generate import batch

__all__ = ["open_page"]

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of 40 MB, mounted."""
    folder = tmp_path_factory.mktemp("disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(folder)], capture_output=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("mounting a small disk needs root: run the tests as root in a container")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small_disk(mounted: Path) -> Iterator[Path]:
    """The disk with room on it, empty again after."""
    yield mounted
    subprocess.run(["mount", "-o", "remount,rw", str(mounted)], check=True)
    for path in mounted.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


def _edited(folder: Path) -> Path:
    """The seeds with a change in each: all of it would have to be written."""
    shutil.copytree(SEEDS, folder)
    for path in (folder / "incidents").glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("title: ", "title: Edited. "), "utf-8")
    return folder


def test_a_full_disk_stops_writers_with_words_and_no_reader(small_disk: Path) -> None:
    data = small_disk / "var"
    with serving(data) as address:
        reader(address, changes_filters)
        _fill(small_disk)
        store = Store.open(data)
        before = store.log.seq()
        store.close()
        edited = _edited(small_disk.parent / "edited")
        for _ in range(3):
            refused = command("import", edited, "--data-dir", data)
            assert refused.returncode == 2, refused.stdout + refused.stderr
            assert "disk is full" in refused.stderr
            assert "Traceback" not in refused.stderr
        backed_up = command("backup", small_disk / "backups", "--data-dir", data)
        assert backed_up.returncode == 2
        assert "room" in backed_up.stderr
        # Readers notice nothing.
        reader(address, changes_filters)
        assert answer(address, "/data/view")[0] == 200
        assert answer(address, "/readyz")[0] == 200
        # Room again: the same import goes through, and the running server shows it.
        (small_disk / "filler").unlink()
        done = command("import", edited, "--data-dir", data)
        assert done.returncode == 0, done.stderr
        assert answer(address, "/readyz")[1]["checks"]["snapshot"] > before
        titles = [i["title"] for i in answer(address, "/data/view")[1]["incidents"]]
        assert titles
        assert all(title.startswith("Edited.") for title in titles)


def test_a_log_opened_on_a_full_disk_is_written_once_there_is_room(small_disk: Path) -> None:
    data = small_disk / "var"
    assert command("import", SEEDS, "--data-dir", data).returncode == 0
    _fill(small_disk)
    store = Store.open(data)
    before, records = store.log.seq(), len(store.log.read().records)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="the disk is full; make room"):
            store.append(batch(1, seed=1), by="ana")
    assert (store.log.seq(), len(store.log.read().records)) == (before, records)
    (small_disk / "filler").unlink()
    store.append(batch(1, seed=1), by="ana")
    assert store.log.seq() == before + 1
    assert store.publish().seq == before + 1
    store.close()


@pytest.mark.browser
def test_a_server_started_on_a_full_disk_shows_what_is_published(
    small_disk: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    data = tmp_path / "var"  # the server's log goes beside it
    data.symlink_to(small_disk / "var")
    (small_disk / "var").mkdir()
    assert command("import", SEEDS, "--data-dir", data).returncode == 0
    _fill(small_disk)
    with serving(data) as address:
        status, body = answer(address, "/readyz")
        assert (status, body["checks"]["writable"]) == (200, False)
        reader(address, changes_filters)
        assert answer(address, "/data/view")[0] == 200
        page = open_page(address)
        said = page.get_by_text("Nothing can be recorded just now")
        expect(said).to_be_visible()
        expect(page.get_by_text("its disk is full")).to_be_visible()
        # Also before a long record is written.
        page.get_by_role("button", name="Add a record").click()
        expect(page.get_by_role("heading", name="Add a record")).to_be_visible()
        expect(said).to_be_visible()
        # Room again: what comes in is recorded and shown, without a restart.
        (small_disk / "filler").unlink()
        edited = _edited(small_disk.parent / "edited-again")
        done = command("import", edited, "--data-dir", data)
        assert done.returncode == 0, done.stderr
        assert answer(address, "/readyz")[1]["checks"]["writable"] is True
        titles = [i["title"] for i in answer(address, "/data/view")[1]["incidents"]]
        assert all(title.startswith("Edited.") for title in titles)
        page.reload()
        expect(page.locator('[data-figure="incidents"]')).to_be_visible()
        expect(said).to_have_count(0)


#: Records the seeds and ends as a killed server does: what it wrote last is in the log's own log.
_KILLED = """
import os, sys
from mapapp.store.default import open_default
open_default(__import__("pathlib").Path(sys.argv[1]))
os._exit(9)
"""


def _killed(data: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(data)], cwd=SEEDS.parent, check=False)
    assert done.returncode == 9
    assert (data / "log.sqlite-wal").stat().st_size
    # Its room is taken by then, as after a loss of power: the next one would have to make it anew.
    (data / "log.sqlite-shm").unlink()


def test_a_log_that_a_killed_server_left_is_read_on_a_full_disk(small_disk: Path) -> None:
    data = small_disk / "var"
    _killed(data)
    _fill(small_disk)
    store = Store.open(data)
    before, records = store.log.seq(), len(store.log.read().records)
    assert records
    with pytest.raises(StoreUnavailable, match="the disk is full; make room"):
        store.append(batch(1, seed=1), by="ana")
    assert (store.log.seq(), len(store.log.read().records)) == (before, records)
    (small_disk / "filler").unlink()
    store.append(batch(1, seed=1), by="ana")
    assert store.log.seq() == before + 1
    store.close()


@pytest.mark.browser
def test_a_server_started_on_a_full_disk_after_a_kill_shows_what_is_published(
    small_disk: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    data = tmp_path / "var"  # the server's log goes beside it
    data.symlink_to(small_disk / "var")
    _killed(small_disk / "var")
    _fill(small_disk)
    with serving(data) as address:
        status, body = answer(address, "/readyz")
        assert (status, body["checks"]["writable"]) == (200, False)
        reader(address, changes_filters)
        assert answer(address, "/data/view")[0] == 200
        page = open_page(address)
        expect(page.get_by_text("its disk is full")).to_be_visible()
        expect(page.locator('[data-figure="incidents"]')).to_be_visible()
        (small_disk / "filler").unlink()
        done = command("import", _edited(small_disk.parent / "edited-after"), "--data-dir", data)
        assert done.returncode == 0, done.stderr
        assert answer(address, "/readyz")[1]["checks"]["writable"] is True


def test_a_read_only_disk_is_served(small_disk: Path, tmp_path: Path) -> None:
    data = tmp_path / "var"  # the server's log goes beside it
    data.symlink_to(small_disk / "read-only")
    (small_disk / "read-only").mkdir()
    assert command("import", SEEDS, "--data-dir", data).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with serving(data) as address:
        status, body = answer(address, "/readyz")
        assert (status, body["checks"]["writable"]) == (200, False)
        reader(address, changes_filters)


def test_damaged_files(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with serving(data) as address:
        total = answer(address, "/data/view")[1]["counts"]["total"]
        pointer = data / "snapshots" / "CURRENT"
        # A publish that was torn by a failing disk: the next snapshot is rubbish.
        (data / "snapshots" / "snap-99.duckdb").write_bytes(b"\x00rubbish" * 999)
        pointer.write_text("snap-99.duckdb\n")
        assert answer(address, "/data/view")[1]["counts"]["total"] == total
        assert pointer.read_text().strip() != "snap-99.duckdb"
        reader(address, changes_filters)
    log = data / "log.sqlite"
    log.write_bytes(b"rubbish" + log.read_bytes()[7:])
    refused = command("import", SEEDS, "--data-dir", data)
    assert refused.returncode == 2
    assert "log.sqlite" in refused.stderr
    assert "backup" in refused.stderr
    assert "Traceback" not in refused.stderr
