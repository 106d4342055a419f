"""Import part: rows a second of a UCDP-like CSV, ours against plain `pandas.read_csv` of the file.

They do not do the same: pandas gives strings and numbers, ours geocoded incidents, published.
"""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Callable
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import Any

from benchmarks.files import write_ucdp_csv
from benchmarks.measurement import OURS, Measurement, measured, peak_rss_mb

LIMIT_S = 240.0


def measure(work_dir: Path, rows: int, progress: Callable[[str], None]) -> list[Measurement]:
    """Import speed and peak memory of both ways; ours is stopped at the limit."""
    path = work_dir / f"ged-{rows}.csv"
    if not path.exists():
        progress(f"writing a CSV of {rows:,} rows …")
        write_ucdp_csv(path, rows)
    found: list[Measurement] = []
    for way, job in ((OURS, _ours), ("pandas.read_csv", _pandas)):
        progress(f"import, {rows:,} rows, {way} …")
        done = _timed(job, path, work_dir)
        speed = None if done is None else rows / done[0]
        found += measured("import", way, rows, import_rows_per_s=speed)
        if done is not None and done[1] is not None:
            found += measured("import", way, rows, rss_mb=done[1])
    return found


def _timed(
    job: Callable[..., None], path: Path, work_dir: Path
) -> tuple[float, float | None] | None:
    """Seconds and peak memory of a job in a process of its own; None where it was stopped."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[Any] = context.Queue()
    process = context.Process(target=job, args=(answers, path, work_dir))
    process.start()
    deadline = time.monotonic() + LIMIT_S
    try:
        while time.monotonic() < deadline:
            try:
                own: tuple[float, float | None] = answers.get(timeout=1)
                return own
            except Empty:
                if not process.is_alive():
                    raise RuntimeError(f"the import of {path} failed; see above") from None
        return None
    finally:
        process.kill()
        process.join()


def _ours(answers: Queue[Any], path: Path, work_dir: Path) -> None:
    from mapapp.ingest.order import Order
    from mapapp.ingest.run import import_file
    from mapapp.store import Store

    folder = work_dir / "imported"
    shutil.rmtree(folder, ignore_errors=True)
    store = Store.open(folder)
    before = time.perf_counter()
    report = import_file(Order(path), store)
    elapsed = time.perf_counter() - before
    if report.imported == 0:
        raise RuntimeError(f"nothing of {path} was imported")
    store.close()
    answers.put((elapsed, peak_rss_mb()))


def _pandas(answers: Queue[Any], path: Path, _work_dir: Path) -> None:
    import pandas as pd

    before = time.perf_counter()
    pd.read_csv(path)
    answers.put((time.perf_counter() - before, peak_rss_mb()))
