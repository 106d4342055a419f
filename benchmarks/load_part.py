"""Load part: sixteen readers in websocket sessions change filters at once, and the health route
answers; `python -m benchmarks.load` does the same for longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from benchmarks.load.crowd import crowd
from benchmarks.measurement import OURS, Measurement, measured, peak_rss_mb, percentiles
from benchmarks.servers import dashboard

VIEWERS = 16
CHANGES = 6

#: Seconds between a reader's changes, in the middle: quick ones.
THINK_S = 8.0


def measure(data_dir: Path, rows: int, progress: Callable[[str], None]) -> list[Measurement]:
    """Milliseconds of a filter change (page, map, lists and table have their data) and of a health
    check, and how many failed.
    """
    progress(f"{VIEWERS} viewers, {rows:,} rows …")
    with dashboard(data_dir, data_dir) as server:
        seen = asyncio.run(
            crowd(server.address, VIEWERS, 0.0, THINK_S, pid=server.pid, least=CHANGES)
        )
        rss = peak_rss_mb(server.pid)
    for fault in seen.faults[:5]:
        progress(f"failed: {fault}")
    found = []
    own = [change.all_ms for change in seen.changes]
    for what, times in (
        (f"{VIEWERS} viewers", own),
        (f"{VIEWERS} viewers, health", seen.health_ms),
    ):
        p50, p95 = percentiles(times)
        found += measured(what, OURS, rows, query_ms_p50=p50, query_ms_p95=p95)
    found += measured(f"{VIEWERS} viewers", OURS, rows, errors=float(len(seen.faults)))
    return found if rss is None else found + measured(f"{VIEWERS} viewers", OURS, rows, rss_mb=rss)
