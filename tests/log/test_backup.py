"""Backups under load: one moment of the log, whole or not at all, and back again."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.cli import main
from mapapp.domain.access import AccessSettings, Role
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.log import migrations
from mapapp.log.backup import LOG, MANIFEST, back_up, backups, log_digest, restore, verify
from mapapp.store import Log, Store
from mapapp.web import routes
from mapapp.web.api.app import api_routes
from mapapp.web.feed import feed_routes
from mapapp.web.preview import preview_routes
from mapapp.web.server.access import Access
from tests import postgres
from tests.store.generate import batch
from tests.web.api_client import FREE


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    store = Store.open(folder)
    store.append(batch(5), by="ana")
    store.publish()
    store.close()
    (folder / "mappings").mkdir()
    (folder / "mappings" / "one.json").write_text("{}")
    (folder / "mappings" / ".half.part").write_text("")
    return folder


def _digest(folder: Path) -> str:
    with closing(sqlite3.connect(folder / LOG)) as log:
        return log_digest(log)


def test_a_backup_restores_what_was_there(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    manifest = verify(made)
    assert (manifest.seq, manifest.log_version) == (1, migrations.VERSION)
    assert "mappings/one.json" in manifest.files
    assert not any(".part" in name for name in manifest.files)
    restore(made, tmp_path / "new")
    assert _digest(tmp_path / "new") == _digest(data) == manifest.digest
    before, after = Store.open(data), Store.open(tmp_path / "new")
    assert after.log.read() == before.log.read()
    assert after.current().meta == before.current().meta  # published, not built anew
    before.close()
    after.close()


WRITES = """
    import sys
    from dataclasses import replace
    from mapapp.domain.batch import Batch
    from mapapp.store import Store
    from tests.store.generate import batch
    store = Store.open(sys.argv[1])
    (record,) = batch(1).records
    for n in range(100_000):
        store.append(Batch((), (replace(record, id=f"{sys.argv[2]}{n}"),), ()), by="ana")
        print(n, flush=True)
"""


def test_a_backup_under_load_is_the_state_at_its_time(data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(WRITES), str(data)]
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True, cwd=root)
        for name in "ab"
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "0\n"
        made = [back_up(data, tmp_path / "backups") for _ in range(3)]
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    whole = Store.open(data)
    for backup in made:
        manifest = restore(backup, tmp_path / f"from-{backup.name}")
        restored = Store.open(tmp_path / f"from-{backup.name}")
        assert restored.log.seq() == manifest.seq
        # What the log that went on held at that change, row by row.
        with closing(sqlite3.connect(data / LOG)) as log:
            log.execute("DELETE FROM versions WHERE recorded_seq > ?", [manifest.seq])
            log.execute("DELETE FROM changes WHERE seq > ?", [manifest.seq])
            assert log_digest(log) == manifest.digest
            log.rollback()
        assert whole.log.seq() >= manifest.seq
        assert restored.publish().seq == manifest.seq
        restored.close()
    whole.close()


def test_only_the_newest_are_kept(data: Path, tmp_path: Path) -> None:
    made = [back_up(data, tmp_path / "backups", keep=2) for _ in range(4)]
    assert backups(tmp_path / "backups") == made[-2:]


def test_a_full_disk_leaves_nothing_half_written(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreUnavailable, match=r"No space left.*has room"):
        back_up(data, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


HELD = "afg-2022-09-28-kabul-kaj"
ADDRESSES = (
    "/data/view?zoom=6&background=1", "/data/table", "/data/facets?part=sources", "/feed.atom",
    "/api/collections/incidents/items?limit=1000", "/api/tiles/0/0/0.mvt",
    f"/api/incidents/{HELD}", "/preview.png",
)  # fmt: skip


@pytest.fixture
def held_back(tmp_path: Path, seeds: Batch) -> Path:
    """A folder in use for a while, with one incident withheld and places coarsened."""
    folder = tmp_path / "var"
    store = Store.open(folder)
    store.append(seeds, by="curators")
    store.publish()
    (folder / "gate.toml").write_text(
        f'withhold_incidents = ["{HELD}"]\nmin_precision = "province"\n', "utf-8"
    )
    store.public()
    store.close()
    return folder


def told(folder: Path) -> dict[str, bytes]:
    """What a visitor is answered from a data folder."""
    store = Store.open(folder)
    app = Starlette(
        routes=[
            *api_routes(lambda: store, FREE), *feed_routes(lambda: store, FREE),
            *routes(lambda: store), *preview_routes(lambda: store, "<title></title>", bool),
        ]
    )  # fmt: skip
    door = Access(app, lambda headers, cookies: Role.ANONYMOUS, AccessSettings().may)
    with TestClient(door, raise_server_exceptions=False) as client:
        answers = {address: client.get(address).content for address in ADDRESSES}
    store.close()
    made = re.compile(rb'"timeStamp":"[^"]*"')
    return {address: made.sub(b"", content) for address, content in answers.items()}


def test_what_is_held_back_stays_so_after_a_restore(
    held_back: Path, tmp_path: Path, seeds: Batch
) -> None:
    canaries = {r.title.encode() for r in seeds.records} | {HELD.encode()}
    before = told(held_back)
    made = back_up(held_back, tmp_path / "backups")
    assert {"gate.toml", "gate.key"} <= set(verify(made).files)
    restore(made, held_back, replace=True)
    for folder in (made, held_back):
        for name in ("gate.toml", "gate.key"):
            assert (folder / name).stat().st_mode & 0o777 == 0o600
    after = told(held_back)
    assert after == before  # ids outside are the same too: the key is
    for address, content in after.items():
        # The address itself is repeated where nothing is there.
        plain = content.replace(f"'{HELD}'".encode(), b"")
        assert not [canary for canary in canaries if canary in plain], address
    # So it can fail: without the rules all of it is there.
    (held_back / "gate.toml").unlink()
    assert HELD.encode() in told(held_back)["/data/view?zoom=6&background=1"]


def test_a_backup_without_rules_replaces_a_folder_with_some_only_when_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = back_up(data, tmp_path / "backups")
    (data / "gate.toml").write_text('withhold_fields = ["words"]\n', "utf-8")
    with pytest.raises(StoreUnavailable, match="--without-rules"):
        restore(made, data, replace=True)
    assert (data / "gate.toml").exists()
    again = ["restore", str(made), "--data-dir", str(data), "--replace"]
    assert main(again) == 2
    assert "would be published" in capsys.readouterr().err
    assert main([*again, "--without-rules"]) == 0
    assert "no rules of the gate" in capsys.readouterr().out
    assert not (data / "gate.toml").exists()
    (aside,) = tmp_path.glob("var.before-*")
    assert (aside / "gate.toml").exists()


def test_rules_elsewhere_are_in_the_backup_too(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "etc" / "rules.toml"
    rules.parent.mkdir()
    rules.write_text('withhold_fields = ["words"]\n', "utf-8")
    monkeypatch.setenv("MAPAPP_GATE_FILE", str(rules))
    assert main(["backup", str(tmp_path / "backups"), "--data-dir", str(data)]) == 0
    (made,) = backups(tmp_path / "backups")
    assert (made / "gate.toml").read_text("utf-8") == rules.read_text("utf-8")
    rules.unlink()
    assert main(["backup", str(tmp_path / "backups"), "--data-dir", str(data)]) == 2


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="--data-dir"):
        back_up(tmp_path, tmp_path / "backups")


@pytest.mark.parametrize("name", [LOG, "snapshots/snap-1.duckdb", "mappings/one.json"])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_backup_is_not_restored(data: Path, tmp_path: Path, name: str, harm: str) -> None:
    made = back_up(data, tmp_path / "backups")
    if harm == "missing":
        (made / name).unlink()
    else:
        with (made / name).open("ab") as file:
            file.write(b"x")
    with pytest.raises(InvalidInput, match=name):
        restore(made, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_program_is_refused(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    plain = json.loads((made / MANIFEST).read_text())
    (made / MANIFEST).write_text(json.dumps(plain | {"log_version": 99}))
    with pytest.raises(InvalidInput, match="newer program"):
        verify(made)


def test_a_manifest_cannot_name_files_elsewhere(data: Path, tmp_path: Path) -> None:
    made = back_up(data, tmp_path / "backups")
    plain = json.loads((made / MANIFEST).read_text())
    plain["files"]["../../../etc/hostname"] = [1, "0"]
    (made / MANIFEST).write_text(json.dumps(plain))
    with pytest.raises(InvalidInput, match="outside itself"):
        restore(made, tmp_path / "new")


def test_a_folder_with_data_is_replaced_only_when_told_and_never_lost(
    data: Path, tmp_path: Path
) -> None:
    made = back_up(data, tmp_path / "backups")
    with pytest.raises(StoreUnavailable, match="--replace"):
        restore(made, data)
    store = Store.open(data)
    store.append(batch(9, seed=3, prefix="later"), by="ben")
    with pytest.raises(StoreUnavailable, match="stop the server"):
        restore(made, data, replace=True)
    later = len(store.log.read().records)
    store.close()
    restore(made, data, replace=True)
    (aside,) = tmp_path.glob("var.before-*")
    assert len(Store.open(aside).log.read().records) == later
    assert len(Store.open(data).log.read().records) < later


def test_by_the_command_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, new = str(tmp_path / "backups"), str(tmp_path / "new")
    assert main(["backup", target, "--data-dir", str(data), "--keep", "3"]) == 0
    (made,) = backups(tmp_path / "backups")
    assert "to change 1" in capsys.readouterr().out
    assert main(["restore", str(made), "--check"]) == 0
    assert "is whole" in capsys.readouterr().out
    assert main(["restore", str(made), "--data-dir", new]) == 0
    assert main(["restore", str(made), "--data-dir", new]) == 2
    assert main(["restore", str(tmp_path), "--data-dir", new]) == 1
    assert "is no backup" in capsys.readouterr().err


@pytest.fixture
def shared(tmp_path: Path) -> tuple[Path, str]:
    """A data folder whose log is in PostgreSQL, with a release among its files."""
    folder, url = tmp_path / "shared", postgres.server().database()
    store = Store.open(folder, log_url=url)
    store.append(batch(5), by="ana")
    store.append(batch(3, prefix="more"), by="ben", reason="more came in")
    store.publish()
    store.close()
    return folder, url


def test_a_log_in_postgresql_is_backed_up_and_restored(
    shared: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = shared
    made = back_up(folder, tmp_path / "backups", log_url=url)
    manifest = verify(made)
    assert (manifest.seq, manifest.log_version) == (2, migrations.VERSION)
    new = postgres.server().database()
    restore(made, tmp_path / "new", log_url=new)
    assert not (tmp_path / "new" / LOG).exists()
    before, after = Log.open(url), Store.open(tmp_path / "new", log_url=new)
    assert after.log.read() == before.read()
    assert after.log.changes() == before.changes()
    # What is recorded next gets a number of its own.
    assert after.append(batch(1, prefix="next"), by="ana").seq == 3
    assert len(after.log.read().records) == 9
    after.close()
    before.close()
    again = back_up(tmp_path / "new", tmp_path / "backups", log_url=new)
    with closing(sqlite3.connect(again / LOG)) as log:
        log.execute("DELETE FROM versions WHERE recorded_seq = 3")
        log.execute("DELETE FROM changes WHERE seq = 3")
        assert log_digest(log) == manifest.digest


def test_a_log_moves_from_a_file_to_postgresql_and_back(data: Path, tmp_path: Path) -> None:
    url = postgres.server().database()
    digest = _digest(data)
    restore(back_up(data, tmp_path / "one"), tmp_path / "two", log_url=url)
    restore(back_up(tmp_path / "two", tmp_path / "three", log_url=url), tmp_path / "four")
    assert _digest(tmp_path / "four") == digest


def test_a_database_with_a_log_in_it_is_not_restored_into(
    shared: tuple[Path, str], data: Path, tmp_path: Path
) -> None:
    _, url = shared
    made = back_up(data, tmp_path / "backups")
    with pytest.raises(StoreUnavailable, match="make an empty database") as caught:
        restore(made, tmp_path / "new", log_url=url)
    assert postgres.PASSWORD not in str(caught.value)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


def test_a_folder_that_cannot_be_put_in_place_leaves_the_database_empty(
    data: Path, tmp_path: Path
) -> None:
    url = postgres.server().database()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "theirs").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be put in place"):
        restore(back_up(data, tmp_path / "backups"), tmp_path / "new", log_url=url)
    log = Log.open(url)
    assert (log.seq(), log.read().records) == (0, ())
    log.close()


def test_a_backup_waits_for_rows_that_its_log_names(
    shared: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = shared

    def bring() -> None:
        (folder / "datasets").mkdir()
        (folder / "datasets" / "rows.parquet").write_bytes(b"rows")

    made = back_up(folder, tmp_path / "backups", log_url=url, bring=bring)
    assert "datasets/rows.parquet" in verify(made).files
