"""`python -m benchmarks.engines`: the dashboard in a browser over an engine's tables.

    python -m benchmarks.engines --engine sc://127.0.0.1:15002 --name sail --data-dir DIR

`DIR/tables` is what the ingest job built. Prints the times from a click to the painted map and
writes them to benchmarks/results/engine-<name>.json, in the form of latest.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.browser import chromium, page_of
from benchmarks.dashboard_part import changes, opened
from benchmarks.measurement import RESULTS, Measurement, machine, measured, peak_rss_mb
from benchmarks.servers import dashboard


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.engines", description=__doc__)
    parser.add_argument("--engine", required=True, help="sc://host:port")
    parser.add_argument("--data-dir", type=Path, required=True, help="the folder of `tables`")
    parser.add_argument("--name", required=True, help="sail, spark")
    parser.add_argument("--rows", type=float, required=True, help="incidents in the tables")
    options = parser.parse_args()
    found = measure(options.engine, options.data_dir, options.name, int(options.rows))
    rows = [asdict(own) for own in found]
    (RESULTS / f"engine-{options.name}.json").write_text(
        json.dumps({"machine": machine(), "measurements": rows}, indent=2) + "\n", encoding="utf-8"
    )
    for own in found:
        print(f"{own.name:32} {own.metric:28} {own.value}")
    return 0


def measure(engine: str, data_dir: Path, name: str, rows: int) -> list[Measurement]:
    """First map and click to repaint of a server that asks the engine."""
    found: list[Measurement] = []
    with (
        dashboard(data_dir, data_dir, environ={"MAPAPP_ENGINE": engine}) as server,
        chromium() as browser,
    ):
        for what in ("first map, cold", "first map"):
            with page_of(browser) as (page, _):
                frame = opened(page, server.address)
                started = float(page.evaluate("() => performance.timeOrigin"))
                painted = float(frame.evaluate("() => window.__bench.painted[0].at"))
                found += measured(what, name, rows, first_map_ms=painted - started)
        with page_of(browser) as (page, traffic):
            opened(page, server.address)
            found += changes(page, traffic, rows, way=name)
        rss = peak_rss_mb(server.pid)
    return found if rss is None else found + measured("server", name, rows, rss_mb=rss)


if __name__ == "__main__":
    sys.exit(main())
