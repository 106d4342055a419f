"""Measurements: one value of one way at one size, the table that is printed, and the JSON file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

RESULTS: Final = Path(__file__).with_name("results")

OURS: Final = "ours"

#: Metric → unit, in the order of the table. A value of None was stopped at its time limit.
UNITS: Final = {
    "click_to_repaint_ms_p50": "ms",
    "click_to_repaint_ms_p95": "ms",
    "first_map_ms": "ms",
    "frames_over_34ms_share": "share",
    "bytes_ws": "bytes",
    "bytes_http": "bytes",
    "query_ms_p50": "ms",
    "query_ms_p95": "ms",
    "rss_mb": "MB",
    "import_rows_per_s": "rows/s",
    "errors": "count",
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value: of what (`name`), which way, over how many rows; None: stopped at the limit."""

    name: str
    way: str
    rows: int
    metric: str
    value: float | None
    unit: str


def measured(name: str, way: str, rows: int, **values: float | None) -> list[Measurement]:
    """A measurement for each metric given, with the metric's unit."""
    return [
        Measurement(name, way, rows, metric, None if own is None else round(own, 3), UNITS[metric])
        for metric, own in values.items()
    ]


def percentiles(times_ms: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return float(np.percentile(times_ms, 50)), float(np.percentile(times_ms, 95))


def of_clicks(
    name: str, way: str, rows: int, times_ms: Sequence[float], **values: float | None
) -> list[Measurement]:
    """Click to repaint of these times, median and 95th percentile, and what else is given."""
    p50, p95 = percentiles(times_ms)
    return measured(
        name, way, rows, click_to_repaint_ms_p50=p50, click_to_repaint_ms_p95=p95, **values
    )


def peak_rss_mb(pid: int | str = "self") -> float | None:
    """The most memory a process ever held; None where the system does not tell.

    Not `getrusage`, whose peak a process inherits from the one that started it.
    """
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024


def machine() -> dict[str, str | int | float]:
    """What the figures were measured on, and how busy it was with other work at the start."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": cpu,
        "cores": os.cpu_count() or 1,
        "memory_gb": round(memory, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_average_1_min": round(os.getloadavg()[0], 2),
    }


def read(path: Path) -> list[Measurement]:
    """The measurements of an earlier run; none where there is no file."""
    return [Measurement(**row) for row in json.loads(path.read_text())] if path.exists() else []


def write(path: Path, found: Sequence[Measurement], on: dict[str, str | int | float]) -> None:
    """Write the list, and beside it what it was measured on.

    What an earlier run measured and this one did not (`--only`) stays.
    """
    keys = {_key(m) for m in found}
    kept = [m for m in read(path) if _key(m) not in keys]
    rows = [asdict(m) for m in sorted([*kept, *found], key=_key)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n")
    path.with_name("machine.json").write_text(json.dumps(on, indent=1) + "\n")


def _key(m: Measurement) -> tuple[str, int, str, str]:
    return (m.name, m.rows, m.way, m.metric)


def as_table(found: Iterable[Measurement]) -> str:
    """One line a value; other ways with the ratio to ours at the same size."""
    rows = [("what", "rows", "metric", "way", "value", "of ours")]
    listed = sorted(found, key=lambda m: (m.name, m.rows, list(UNITS).index(m.metric), m.way))
    ours = {(m.name, m.rows, m.metric): m.value for m in listed if m.way == OURS}
    for m in listed:
        own = ours.get((m.name, m.rows, m.metric))
        ratio = f"× {m.value / own:,.1f}" if m.way != OURS and m.value and own else ""
        value = f"{m.value:,.6g} {m.unit}" if m.value is not None else "stopped at the limit"
        rows.append((m.name, f"{m.rows:.0e}".replace("+0", ""), m.metric, m.way, value, ratio))
    widths = [max(len(row[at]) for row in rows) for at in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
