"""Rows converted by processes of their own: all is as by one, in the same order."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mapapp.domain.problems import StoreUnavailable
from mapapp.importers.kept_rows import KeptForm, joined
from mapapp.ingest import row_writer as ingest_rows
from mapapp.ingest import run as ingest
from mapapp.ingest import workers as ingest_workers
from mapapp.ingest.convert import Raw
from mapapp.ingest.order import Order
from mapapp.ingest.workers import Workers
from mapapp.snapshot import row_files
from mapapp.store.store import Store
from tests import foreign_rows
from tests.ingest.test_row_writer import acled, as_csv, given, same


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes for every file, and chunks so small that several are on their way."""
    monkeypatch.setattr(ingest, "how_many", lambda size: 2)
    monkeypatch.setattr(ingest_rows, "_CHUNK_ROWS", 20)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    both = Store.open(tmp_path / "several"), Store.open(tmp_path / "one")
    yield both
    for store in both:
        store.close()


@pytest.mark.usefixtures("several")
def test_several_processes_give_what_one_gives(
    stores: tuple[Store, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(8)  # noqa: S311 - rows for a test
    # Some rows have a key of one chunk before, some a key of their own chunk, some faults.
    path = as_csv(tmp_path / "first", [acled(dice, number) for number in range(1, 111)])
    reports = []
    for store in stores:
        reports.append(ingest.import_file(Order(path, **given(path)), store))
        monkeypatch.setattr(ingest, "how_many", lambda size: 0)
    same(*reports)
    assert reports[0].set_aside > 8
    tables = []
    for store in stores:
        (file,) = row_files.paths(store.data_dir, store.log.read().row_files)
        tables.append(pq.read_table(file).drop_columns(["recorded_at"]).to_pylist())
    assert len(tables[0]) == reports[0].imported
    assert tables[0] == tables[1]


@pytest.mark.usefixtures("several")
def test_dates_found_to_need_a_look_are_looked_at(
    stores: tuple[Store, Store], tmp_path: Path
) -> None:
    dice = random.Random(9)  # noqa: S311
    rows = [foreign_rows.acled(number) for number in range(1, 60)]
    rows[45]["event_date"] = f"{dice.randint(13, 28)}/03/2021"
    path = as_csv(tmp_path / "first", rows)
    report = ingest.import_file(Order(path), stores[0])
    assert (report.imported, report.set_aside) == (59, 0)


def test_a_worker_that_ends_before_its_time_is_said() -> None:
    form = KeptForm("acled", ("event_id_cnty", "event_date"), "acled", "")
    raws: list[Raw] = [(1, 2, joined(["AFG1", "2021-01-01"]), ())]
    with Workers(1, form, ()) as workers:
        ((_, made),) = workers.made([raws])
        assert isinstance(made.outcomes[0], tuple)  # the row lacks what an event needs
        workers._every[0].kill()
        with pytest.raises(StoreUnavailable, match="nothing was recorded"):
            list(workers.made([raws]))


@pytest.mark.parametrize(("size", "some"), [(1 << 20, False), (1 << 30, True)])
def test_small_files_are_read_by_one(
    size: int, some: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_workers, "_cores", lambda: 2)
    assert bool(ingest_workers.how_many(size)) is some
    monkeypatch.setattr(ingest_workers, "_cores", lambda: 1)
    assert not ingest_workers.how_many(size)


def test_workers_end_with_who_began_them() -> None:
    program = (
        "import sys\n"
        "from mapapp.importers.kept_rows import KeptForm\n"
        "from mapapp.ingest.workers import Workers\n"
        "with Workers(2, KeptForm('acled', ('event_id_cnty',), 'acled', ''), ()) as workers:\n"
        "    list(workers.made([[(1, 2, 'AFG1', ())]]))\n"
        "    print('working', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "working\n"
    child.kill()
    # The error output is the workers', too: it ends when the last of them has.
    child.communicate(timeout=120)
