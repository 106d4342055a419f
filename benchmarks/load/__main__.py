"""`python -m benchmarks.load`: readers in real websocket sessions on a server of one's own.

Prints the figures as JSON and writes them to benchmarks/results/load-<name>.json. It ends with 1
where a bound is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.generator import batches
from benchmarks.load.crowd import crowd
from benchmarks.measurement import RESULTS, machine
from benchmarks.servers import dashboard
from mapapp.snapshot import snapshot
from mapapp.snapshot.schema import VERSION
from mapapp.store.default import open_default


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--think", type=float, default=20.0, help="mean seconds between changes")
    parser.add_argument("--slow", type=int, default=2, help="readers on a narrow line")
    parser.add_argument("--rows", type=float, default=100_000, help="synthetic incidents")
    parser.add_argument("--p95-ms", type=float, default=2000.0, help="bound of a filter change")
    parser.add_argument("--work-dir", type=Path, default=Path("var/bench"))
    parser.add_argument("--name", default="viewers")
    options = parser.parse_args()
    folder = data_folder(options.work_dir, int(options.rows))
    found = steady(folder, options)
    found = {"options": {k: str(v) for k, v in vars(options).items()}, "machine": machine()} | found
    text = json.dumps(found, indent=2)
    (RESULTS / f"load-{options.name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return report(found, options.p95_ms)


def report(found: dict[str, Any], p95_ms: float) -> int:
    """1 and a sentence for each bound that is broken, else 0."""
    broken = []
    if found["faults"]:
        broken.append(f"{found['faults']} faults, first: {found['first_faults'][:1]}")
    if found["change_all_ms"]["p95"] > p95_ms:
        broken.append(f"p95 of a filter change is {found['change_all_ms']['p95']} ms")
    if found.get("memory", {}).get("growth", 0.0) > 0.10:
        broken.append(f"memory grew by {found['memory']['growth']:.0%}")
    for words in broken:
        print(f"broken: {words}", file=sys.stderr)
    return 1 if broken else 0


def steady(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The readers' figures on one server over a data folder."""
    with dashboard(folder, folder) as server:
        seen = asyncio.run(
            crowd(
                server.address, options.viewers, options.minutes * 60, options.think,
                pid=server.pid, slow=options.slow, say=lambda text: print(text, file=sys.stderr),
            )
        )  # fmt: skip
    figures = seen.figures()
    log = server.log.read_text("utf-8", "replace")
    figures["traces_in_the_log"] = log.count("Traceback (most recent call last)")
    return figures


def data_folder(work_dir: Path, rows: int) -> Path:
    """A data folder that shows the seeds and so many synthetic incidents together."""
    folder = work_dir / f"seeds-and-{rows}-schema-{VERSION}"
    store = open_default(folder)
    if int(store.current().meta["incidents"]) < rows:  # new, or the seeds have changed since
        contents = store.log.read()
        name = f"snap-{contents.seq}-{uuid.uuid4().int % 10**6}.duckdb"
        tables = snapshot.tables_of(contents, pa.concat_tables(batches(rows)))
        snapshot.write(folder / "snapshots" / name, tables, seq=contents.seq)
        (folder / "snapshots" / "CURRENT").write_text(f"{name}\n", encoding="utf-8")
    store.close()
    return folder


if __name__ == "__main__":
    sys.exit(main())
