"""Many readers at once on one server: each opens a link, thinks, changes a filter, and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx2

from benchmarks.load.viewer import Change, Fault, Viewer
from benchmarks.measurement import percentiles

#: Links that readers come by; a third opens the whole.
LINKS: Final = (
    "", "", "province=AF01", "group=iskp", "kind=claimed", "from=2022-01-01&to=2022-12-31",
)  # fmt: skip

#: Lists whose options they click.
PARTS: Final = ("provinces", "groups", "kinds")


@dataclass(slots=True)
class Seen:
    """What the readers and the watcher saw; times in ms, memory in MB by seconds since the start.

    `slow_changes` are those of readers on a narrow line, whose time is their own doing.
    """

    changes: list[Change] = field(default_factory=list)
    slow_changes: list[Change] = field(default_factory=list)
    opened: list[Change] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The numbers to keep."""
        found: dict[str, Any] = {
            "opened": len(self.opened),
            "changes": len(self.changes),
            "slow_changes": len(self.slow_changes),
            "faults": len(self.faults),
            "first_faults": Counter(self.faults).most_common(5),
        }
        for name, own in (
            ("open_page_ms", [c.page_ms for c in self.opened]),
            ("change_figures_ms", [c.figures_ms for c in self.changes]),
            ("change_page_ms", [c.page_ms for c in self.changes]),
            ("change_all_ms", [c.all_ms for c in self.changes]),
            ("health_ms", self.health_ms),
        ):
            if own:
                p50, p95 = percentiles(own)
                found[name] = {"p50": round(p50), "p95": round(p95), "max": round(max(own))}
        if self.memory:
            found["memory"] = growth(self.memory)
        return found


def growth(memory: list[tuple[float, float]]) -> dict[str, float]:
    """Memory after the warm-up (the first fifth) and at the end (the last fifth), and the ratio."""
    whole = memory[-1][0]
    early = [mb for at, mb in memory if whole * 0.2 <= at < whole * 0.4] or [memory[0][1]]
    late = [mb for at, mb in memory if at >= whole * 0.8]
    before, after = sum(early) / len(early), sum(late) / len(late)
    return {
        "after_warm_up_mb": round(before, 1), "at_end_mb": round(after, 1),
        "growth": round(after / before - 1, 4),
    }  # fmt: skip


async def crowd(
    base: str,
    viewers: int,
    seconds: float,
    think_s: float,
    *,
    pid: int | None = None,
    seed: int = 1,
    ramp_s: float = 0.3,
    slow: int = 0,
    again: bool = False,
    least: int = 0,
    say: Callable[[str], None] = lambda text: None,
) -> Seen:
    """What `viewers` readers saw in `seconds`; each pauses `think_s` on average between changes.

    `slow` of them take the page's parts as over a narrow line. With `again` a reader whose session
    breaks opens the link that the page had written last, as a browser does; what it had chosen
    must then stand there, or that is a fault. Each tries `least` changes, however long it takes.
    """
    seen = Seen()
    end = time.monotonic() + seconds
    watching = asyncio.create_task(_watch(base, pid, seen, say))
    readers = [
        _reader(
            Viewer(base, LINKS[number % len(LINKS)], slow_s=0.02 if number < slow else 0.0),
            random.Random(f"{seed}-{number}"), number * ramp_s, end, think_s, again, least,
            seen,
        )
        for number in range(viewers)
    ]  # fmt: skip
    await asyncio.gather(*readers)
    watching.cancel()
    return seen


async def _reader(
    viewer: Viewer, rng: random.Random, wait_s: float, end: float, think_s: float, again: bool,
    least: int, seen: Seen,
) -> None:  # fmt: skip
    await asyncio.sleep(wait_s)
    chosen: dict[str, str] | None = None
    made = 0
    try:
        while time.monotonic() < end or made < least:
            try:
                if not viewer.session:
                    opened = await viewer.open()
                    seen.opened.append(opened)
                    if chosen is not None and viewer.address() != chosen:
                        raise Fault(f"came back to {viewer.address()}, had {chosen}")
                chosen = viewer.address()
                # Readers pause unlike machines: from a fifth to a good twice of the mean.
                await asyncio.sleep(rng.uniform(0.2, 1.8) * think_s)
                if time.monotonic() >= end and made >= least:
                    break
                part = rng.choice(PARTS)
                offered = viewer.offered(part)
                codes = rng.sample(offered, min(len(offered), rng.choice((0, 1, 1, 1, 2))))
                into = seen.slow_changes if viewer.slow_s else seen.changes
                into.append(await viewer.change(part, codes))
                made += 1
                chosen = viewer.address()
            except Fault as fault:
                made += 1  # a server that is gone is not asked for ever
                if not again or "came back" in str(fault):
                    seen.faults.append(str(fault))
                await viewer.close()
                viewer.session = ""
                viewer.link = urlencode(chosen or {})
                await asyncio.sleep(rng.uniform(0.3, 1.0))
    finally:
        await viewer.close()


async def _watch(base: str, pid: int | None, seen: Seen, say: Callable[[str], None]) -> None:
    started = time.monotonic()
    # Servers under load stand on loopback, with certificates of their own making.
    async with httpx2.AsyncClient(base_url=base, timeout=30, verify=False) as client:
        while True:
            before = time.perf_counter()
            try:
                answer = await client.get("/healthz")
                if answer.status_code != 200:
                    seen.faults.append(f"/healthz answered {answer.status_code}")
            except httpx2.HTTPError as error:
                seen.faults.append(f"/healthz did not answer: {error!r}")
            seen.health_ms.append((time.perf_counter() - before) * 1000)
            at = time.monotonic() - started
            if pid is not None:
                seen.memory.append((at, resident_mb(pid)))
            if len(seen.health_ms) % 30 == 0:
                say(f"{at:4.0f} s: {len(seen.changes)} changes, {len(seen.faults)} faults")
            await asyncio.sleep(1)


def resident_mb(pid: int) -> float:
    """What a process holds in memory now (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
