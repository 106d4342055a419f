"""Load part: sixteen readers change filters at once on one server, the health route among them.

Each change is what the browser asks of the routes: cells or incidents of the view, and the series.
The page's own script is not part of it.
"""

from __future__ import annotations

import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.browser import free_port, serving
from benchmarks.measurement import OURS, Measurement, measured, peak_rss_mb, percentiles
from benchmarks.selections import CLICKS
from mapapp.query import selection_to_params

VIEWERS = 16
CHANGES = 8
VIEW = {"bbox": "54.7,26.6,80.7,41.2", "zoom": "6"}
TIMEOUT_S = 60


def measure(data_dir: Path, rows: int, progress: Callable[[str], None]) -> list[Measurement]:
    """Milliseconds a filter change (both requests) and a health check, and how many failed."""
    progress(f"{VIEWERS} viewers, {rows:,} rows …")
    port = free_port()
    command = [
        sys.executable, "-m", "mapapp", "serve", "--port", str(port), "--data-dir", str(data_dir),
    ]  # fmt: skip
    times: list[float] = []
    health: list[float] = []
    errors: list[str] = []
    over = threading.Event()

    def timed(into: list[float], *paths: str) -> None:
        before = time.perf_counter()
        try:
            for path in paths:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"}
                )
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                    answer.read()
        except OSError as error:
            errors.append(f"{path}: {error}")
        into.append((time.perf_counter() - before) * 1000)

    def viewer(number: int) -> None:
        for change in range(CHANGES):
            query = _query(number, change)
            view = urllib.parse.urlencode({**query, **VIEW}, doseq=True)
            series = urllib.parse.urlencode({**query, "step": "month"}, doseq=True)
            timed(times, f"/data/view?{view}", f"/data/series?{series}")

    def watcher() -> None:
        while not over.wait(0.5):
            timed(health, "/healthz")

    with serving(command, data_dir / "server.log", "/healthz", port) as pid:
        watching = threading.Thread(target=watcher)
        watching.start()
        with ThreadPoolExecutor(VIEWERS) as pool:
            list(pool.map(viewer, range(VIEWERS)))
        over.set()
        watching.join()
        rss = peak_rss_mb(pid)
    for error in errors[:5]:
        progress(f"failed: {error}")
    found = []
    for what, own in ((f"{VIEWERS} viewers", times), (f"{VIEWERS} viewers, health", health)):
        p50, p95 = percentiles(own)
        found += measured(what, OURS, rows, query_ms_p50=p50, query_ms_p95=p95)
    found += measured(f"{VIEWERS} viewers", OURS, rows, errors=float(len(errors)))
    return found if rss is None else found + measured(f"{VIEWERS} viewers", OURS, rows, rss_mb=rss)


def _query(viewer: int, change: int) -> dict[str, str | list[str]]:
    """A selection that no other viewer asks for: each has a least number killed of its own."""
    clicks = list(CLICKS.values())
    selection = clicks[(viewer + change) % len(clicks)]
    timeless = replace(selection, date_from=None, date_to=None, date_certain=False)
    return selection_to_params(
        replace(timeless, killed_min=None, killed_max=100 + viewer * CHANGES + change)
    )
