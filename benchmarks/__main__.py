"""`python -m benchmarks`: measures ours and the usual ways in one run, prints a table with ratios
and the machine, and writes benchmarks/results/latest.json.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks import query_part
from benchmarks.files import write_data_dir
from benchmarks.measurement import RESULTS, Measurement, as_table, machine, write
from mapapp.store.schema import VERSION

#: Part → the sizes it measures by default, and the most minutes it takes on two cores.
PARTS = {
    "query": ((1_000, 10_000, 100_000, 1_000_000, 10_000_000), 10),
}


def main() -> int:
    options = _parser().parse_args()
    on = machine()
    found: list[Measurement] = []
    for part in options.only or PARTS:
        sizes = options.rows or PARTS[part][0]
        for rows in sizes:
            if part == "query":
                found += query_part.measure(_snapshot(options.work_dir, rows), rows, _say)
    print(f"Machine: {', '.join(f'{key} {value}' for key, value in on.items())}\n")
    print(as_table(found))
    write(options.output, found, on)
    print(f"\nWritten to {options.output}")
    return 0


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


def _snapshot(work_dir: Path, rows: int) -> Path:
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
