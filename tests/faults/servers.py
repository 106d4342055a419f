"""Real servers that faults are done to, and readers of them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.load.viewer import Viewer
from tests.apart import apart

ROOT = Path(__file__).resolve().parents[2]


def answer(address: str, path: str) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of an address."""
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=60) as found:
            return found.status, json.load(found)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def reader(address: str, does: Callable[[Viewer], Awaitable[None]], link: str = "") -> None:
    """Open the page as a reader and do something there; whatever goes wrong is raised."""

    async def run() -> None:
        viewer = Viewer(address, link)
        try:
            await viewer.open()
            await does(viewer)
        finally:
            await viewer.close()

    apart(lambda: asyncio.run(run()))


async def changes_filters(viewer: Viewer) -> None:
    """Choose a province, then a group, and find them in the address."""
    await viewer.change("provinces", ["AF01"])
    await viewer.change("kinds", ["claimed"])
    assert viewer.address() == {"province": "AF01", "kind": "claimed"}, viewer.address()


def command(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m mapapp …` as somebody would beside the server, with these settings."""
    return subprocess.run(
        [sys.executable, "-m", "mapapp", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | settings,
    )  # fmt: skip
