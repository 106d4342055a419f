"""Large files whole: a million rows in the memory of a small machine, and gigabytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mapapp.importers.tables.reading import open_table
from mapapp.query import Dashboard
from mapapp.store.store import Store
from tests import ged_rows

pytestmark = pytest.mark.soak

_IMPORT = """
import sys, time
from pathlib import Path
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store
began = time.monotonic()
report = import_file(Order(Path(sys.argv[1]), complete=True), Store.open(sys.argv[2]))
said = Path("/proc/self/status").read_text().split()  # a child's own peak, its parent's left out
print(report.imported, report.added, report.set_aside, int(said[said.index("VmHWM:") + 1]) // 1024,
      sep=",")
wall, cpu = time.monotonic() - began, time.process_time()
print(f"{wall:.0f} s, {cpu:.0f} s of processor", file=sys.stderr)
"""


def test_a_million_rows_go_in_and_again_add_nothing(tmp_path: Path) -> None:
    from benchmarks.files import write_ucdp_csv

    path, data = tmp_path / "GEDEvent_v23_1.csv", tmp_path / "data"
    write_ucdp_csv(path, 1_000_000)
    for added in (1_000_000, 0):
        done = subprocess.run(
            [sys.executable, "-c", _IMPORT, path, data], capture_output=True, text=True, check=True
        )
        print(done.stderr)
        imported, new, aside, peak_mb = map(int, done.stdout.split(","))
        assert (imported, new, aside) == (1_000_000, added, 0)
        assert peak_mb <= 2_048
    store = Store.open(data)
    dash = Dashboard(store.current())
    assert store.current().meta["incidents"] == "1000000"
    assert dash.incident("ucdp-ged-777777").incident.claims
    store.close()


def test_a_file_of_two_gigabytes_is_read_row_by_row(tmp_path: Path) -> None:
    """Read to its end, a part of it at a time; what is wrong near the end is found there."""
    few = ged_rows.write(tmp_path / "few.csv", [ged_rows.row(n) for n in range(1, 2_001)])
    header, _, body = few.read_bytes().partition(b"\n")
    path, times = tmp_path / "GEDEvent_v23_1.csv", (2 << 30) // len(body) + 1
    with path.open("wb") as file:
        file.write(header + b"\n")
        for _ in range(times):
            file.write(body)
        file.write(b'99999999,"cut off in the middle')
    assert path.stat().st_size > 2 << 30
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from mapapp.importers.tables.reading import open_table\n"
        "count = fault = 0\n"
        "for _, _, bad in open_table(Path(sys.argv[1])).raw():\n"
        "    count, fault = count + 1, fault + (bad is not None)\n"
        "said = Path('/proc/self/status').read_text().split()\n"
        "print(count, fault, int(said[said.index('VmHWM:') + 1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )
    count, faults, peak_mb = map(int, done.stdout.split())
    assert (count, faults) == (2_000 * times + 1, 1)
    assert peak_mb < 600
    first = next(iter(open_table(path).rows()))
    assert not first.faults
