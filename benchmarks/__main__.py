"""`python -m benchmarks`: measures ours and the usual ways in one run, prints a table with ratios
and the machine, and writes benchmarks/results/latest.json.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks import dashboard_part, import_part, load_part, query_part, usual_part
from benchmarks.files import write_data_dir
from benchmarks.measurement import RESULTS, Measurement, as_table, machine, write
from mapapp.snapshot.schema import VERSION

#: Part → the sizes it measures by default, and the most minutes it takes on two cores.
PARTS = {
    "query": ((1_000, 10_000, 100_000, 1_000_000, 10_000_000), 8),
    "dashboard": ((1_000, 10_000, 100_000, 1_000_000), 4),
    "usual": ((1_000, 10_000, 100_000, 1_000_000), 7),
    "import": ((10_000, 1_000_000), 5),
    "load": ((1_000_000,), 1),
}


def main() -> int:
    options = _parser().parse_args()
    on = machine()
    found: list[Measurement] = []
    stopped: set[str] = set()
    for part in options.only or PARTS:
        for rows in options.rows or PARTS[part][0]:
            write(options.output, found, on)  # what is measured stays if a later part fails
            found += _measure(part, rows, options.work_dir, stopped)
    print(f"Machine: {', '.join(f'{key} {value}' for key, value in on.items())}\n")
    print(as_table(found))
    write(options.output, found, on)
    print(f"\nWritten to {options.output}")
    return 0


def _measure(part: str, rows: int, work_dir: Path, stopped: set[str]) -> list[Measurement]:
    if part == "import":
        return import_part.measure(work_dir, rows, _say)
    snapshot = snapshot_of(work_dir, rows)
    match part:
        case "query":
            return query_part.measure(snapshot, rows, _say)
        case "dashboard":
            return dashboard_part.measure(snapshot.parents[1], rows, _say)
        case "usual":
            return usual_part.measure(snapshot, rows, work_dir, stopped, _say)
        case _:
            return load_part.measure(snapshot.parents[1], rows, _say)


def _parser() -> argparse.ArgumentParser:
    bounds = ", ".join(f"{part} ≤ {minutes} min" for part, (_, minutes) in PARTS.items())
    parser = argparse.ArgumentParser(prog="benchmarks", description=f"{__doc__} Parts: {bounds}.")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts to run (default: all)")
    parser.add_argument(
        "--rows", type=_rows, default=None, help="sizes, e.g. 1e3,1e4 (default: each part's own)"
    )
    parser.add_argument(
        "--work-dir", type=Path, default=Path("var/bench"), help="where data are made and kept"
    )
    parser.add_argument("--output", type=Path, default=RESULTS / "latest.json")
    return parser


def _rows(text: str) -> tuple[int, ...]:
    return tuple(int(float(part)) for part in text.split(","))


def snapshot_of(work_dir: Path, rows: int) -> Path:
    """The synthetic snapshot of a size, made if it is not there."""
    folder = work_dir / f"rows-{rows}-schema-{VERSION}"
    pointer = folder / "snapshots" / "CURRENT"
    if pointer.exists():
        return pointer.with_name(pointer.read_text("utf-8").strip())
    _say(f"making {rows:,} synthetic incidents …")
    started = time.monotonic()
    path = write_data_dir(folder, rows)
    _say(f"… in {time.monotonic() - started:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
    return path


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
