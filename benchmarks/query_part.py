"""Query part: server milliseconds a question, ours against pandas on the same data in one run."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measurement import OURS, Measurement, measured, peak_rss_mb, percentiles
from benchmarks.selections import CLICKS, nudged

#: Questions that both ways answer, and those that only ours has.
SHARED = ("figures", "facets", "table", "series", "cells")
OWN = ("features", "cell_bins", "speakers", "coverage", "fingerprint")

#: A pass asks every question of every selection, each time of one that no cache has seen.
PASSES = 2

#: Seconds for one way at one size, after loading; what is left then is not asked.
LIMIT_S = 40.0

#: From this size on the rows are not put into a DataFrame: it would take several times the memory.
WITHOUT_PANDAS = 10_000_000

Answers = dict[tuple[str, str, int], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """The times of each question in ms, the answers, and the process's peak memory."""

    times: dict[str, list[float]]
    answers: Answers
    rss_mb: float | None


def measure(snapshot: Path, rows: int, progress: Any = print) -> list[Measurement]:
    """Times of all questions at one size. Raises ValueError where the two ways disagree."""
    ways: dict[str, tuple[str, ...]] = {OURS: (*SHARED, *OWN)}
    if rows < WITHOUT_PANDAS:
        ways["pandas"] = SHARED
    found: list[Measurement] = []
    asked: dict[str, Asked] = {}
    for way, questions in ways.items():
        progress(f"query, {rows:,} rows, {way} …")
        # A process of its own, so that memory and caches are the way's own.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            asked[way] = pool.submit(_ask, way, str(snapshot), questions).result()
        for question, times in asked[way].times.items():
            p50, p95 = percentiles(times) if times else (None, None)
            found += measured(f"query {question}", way, rows, query_ms_p50=p50, query_ms_p95=p95)
        if asked[way].rss_mb is not None:
            found += measured("query process", way, rows, rss_mb=asked[way].rss_mb)
    if "pandas" in asked:
        _compare(asked[OURS].answers, asked["pandas"].answers)
    return found


def _ask(way: str, snapshot: str, questions: tuple[str, ...]) -> Asked:
    from benchmarks.our_way import OurWay
    from benchmarks.pandas_way import PandasWay

    own: Any = OurWay(Path(snapshot)) if way == OURS else PandasWay(Path(snapshot))
    for question in questions:  # the first touch of the file and of each code path is not counted
        getattr(own, question)(nudged(CLICKS["everything"], 999))
    times: dict[str, list[float]] = {question: [] for question in questions}
    answers: Answers = {}
    started = time.monotonic()
    for number in range(PASSES):
        for name, click in CLICKS.items():
            for question in questions:
                if time.monotonic() - started > LIMIT_S:
                    break
                selection = nudged(click, number)
                before = time.perf_counter()
                answer = getattr(own, question)(selection)
                times[question].append((time.perf_counter() - before) * 1000)
                answers[question, name, number] = answer
    return Asked(times, answers, peak_rss_mb())


def _compare(ours: Answers, theirs: Answers) -> None:
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            raise ValueError(f"{key}: ours answers {ours[key]}, the other way {theirs[key]}")
