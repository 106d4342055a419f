"""Imports killed at random moments: what was accepted stays, and the store is whole."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mapapp.domain.selection import Selection
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.snapshot import row_files
from mapapp.store.store import Store
from tests import ged_rows

_CHILD = """
import sys
from pathlib import Path
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store
path, store = Path(sys.argv[1]), Store.open(sys.argv[2])
print("ready", flush=True)
report = import_file(Order(path, complete=True), store)
print("accepted", report.imported, flush=True)
"""


class Importer:
    """A data folder, the two releases that are imported in turn, and what is in the store."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.data = folder / "data"
        #: What the store holds after each file: nothing, the older release, the newer one.
        self.states = {0: frozenset[str]()}
        self.files: list[Path] = []
        for number, version in enumerate(("23_1", "24_1"), 1):
            first = 1 + (number - 1) * (rows // 10)  # some withdrawn, some added
            own = [ged_rows.row(n) for n in range(first, first + rows)]
            self.files.append(ged_rows.write(folder / f"GEDEvent_v{version}.csv", own))
            self.states[number] = frozenset(f"ucdp-ged-{row['id']}" for row in own)

    def start(self, number: int) -> subprocess.Popen[str]:
        """An import of a file that has just begun."""
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, self.files[number - 1], self.data],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    def look(self) -> int:
        """Which state the store is in; it must be one of them, whole and readable."""
        store = Store.open(self.data)
        try:
            now = store.log.read()
            held = {record.id for record in now.records}
            held |= set(row_files.base_columns(self.data, now.row_files)["id"].to_pylist())
            state = next((n for n, ids in self.states.items() if ids == held), None)
            assert state is not None, f"half an import: {len(held)} incidents"
            # What readers see is whole, too: of this state, or of one before it.
            seen = store.current().engine.run("SELECT id FROM incidents")["id"].to_pylist()
            assert frozenset(seen) in [ids for n, ids in self.states.items() if n <= state]
            dash = Dashboard(store.publish())
            assert dash.count(Selection(background=True, abroad=True)) == len(held)
            if held:
                assert dash.incident(min(held)).incident.claims
            return state
        finally:
            store.close()


def kill_often(work: Importer, times: int, moment: Callable[[float], float]) -> int:
    """Kill imports `times` times; how many of them had gone through by then."""
    began = time.monotonic()
    first = work.start(1)
    said, _ = first.communicate()
    assert said.startswith("accepted")
    took_s = time.monotonic() - began
    state, through = work.look(), 0
    assert state == 1
    for _ in range(times):
        child = work.start(2)
        try:
            child.wait(timeout=moment(took_s))
        except subprocess.TimeoutExpired:
            child.kill()
        said, _ = child.communicate()
        now = work.look()
        assert now >= state, "an accepted release is gone"
        if "accepted" in said:
            assert now == 2
        if now == 2:
            through += 1
            store = Store.open(work.data)  # back to the older one, to be killed once more
            import_file(Order(work.files[0], complete=True, allow_older=True), store)
            store.close()
            now = work.look()
            assert now == 1
        state = now
    store = Store.open(work.data)
    import_file(Order(work.files[1], complete=True), store)
    store.close()
    assert work.look() == 2
    left = [p for p in work.data.rglob("*") if p.name.startswith(".build") or ".part" in p.name]
    assert not left, left
    return through


def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path) -> None:
    dice = random.Random(5)  # noqa: S311 - moments to kill at, not secrets
    kill_often(Importer(tmp_path, 300), 2, lambda took_s: dice.uniform(0.0, took_s))


@pytest.mark.soak
@pytest.mark.parametrize("rows", [5_000, 60_000])
def test_twenty_kills(rows: int, tmp_path: Path) -> None:
    dice = random.Random()  # noqa: S311
    seed = dice.randrange(1 << 32)
    print("seed", seed)
    dice.seed(seed)
    kill_often(Importer(tmp_path, rows), 20, lambda took_s: dice.uniform(0.0, 1.1 * took_s))
