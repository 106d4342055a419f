"""Whose question the embedded engine answers next (query → engine).

DuckDB spreads one question over all cores. Many at once therefore end no sooner than one after the
other, and all of them end late: a reader's map would come with the last of the five answers that a
click asks for. Questions wait their turn instead, the one with the nearest deadline first. As a
deadline is a time and not a rank, a patient question is overtaken for its patience only.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: Seconds that the questions of the running request may wait for others.
_PATIENCE: ContextVar[float] = ContextVar("patience", default=0.05)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Questions asked inside may wait so long before they count as urgent as a new one of 0."""
    token = _PATIENCE.set(seconds)
    try:
        yield
    finally:
        _PATIENCE.reset(token)


class Turns:
    """At most `at_once` holders; those who wait come by their deadline."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, hold it, and hand it on."""
        self._wait()
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self) -> None:
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return
            mine = threading.Event()
            deadline = time.monotonic() + _PATIENCE.get()
            heapq.heappush(self._waiting, (deadline, next(self._numbers), mine))
        mine.wait()

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._free += 1
