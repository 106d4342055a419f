"""Work on a thread of its own, for what must not find another's event loop on its thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What `work` gives; Playwright's loop runs on the tests' thread for as long as they last."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
