"""Slow clients, half-open ones and floods: readers in their sessions go on."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from benchmarks.load.crowd import crowd
from benchmarks.load.viewer import Viewer
from tests.apart import apart
from tests.browser.conftest import serving
from tests.faults.servers import answer, changes_filters, reader


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("crowd") / "var") as found:
        yield found


def test_readers_at_once_some_on_a_narrow_line(address: str) -> None:
    seen = apart(lambda: asyncio.run(crowd(address, 4, 4, 0.8, slow=1, ramp_s=0.05, least=1)))
    assert seen.faults == []
    assert len(seen.opened) == 4
    assert seen.changes


def _half_open(address: str, stack: ExitStack, number: int) -> None:
    """Connections that begin a request and never end it."""
    to = urlsplit(address)
    for n in range(number):
        own = stack.enter_context(socket.create_connection((to.hostname, to.port)))
        own.sendall(f"GET /data/view?x={n} HTTP/1.1\r\nHost: {to.netloc}\r\nX-Slow: ".encode())


def _flood(address: str, seconds: float, statuses: Counter[int]) -> None:
    """Ask the dearest route again and again, each time for something not asked before."""
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end or n < 2:  # however slow the machine is
        n += 1
        path = f"/data/view?q=flood{threading.get_ident()}x{n}&bbox=60,29,75,39&zoom=8"
        try:
            with urllib.request.urlopen(address + path, timeout=60) as found:
                found.read()
                statuses[found.status] += 1
        except urllib.error.HTTPError as error:
            statuses[error.code] += 1


def _floods(address: str, clients: int, seconds: float, half_open: int) -> None:
    statuses: Counter[int] = Counter()
    with ExitStack() as stack:
        _half_open(address, stack, half_open)
        threads = [
            threading.Thread(target=_flood, args=(address, seconds, statuses))
            for _ in range(clients)
        ]
        for thread in threads:
            thread.start()
        reader(address, changes_filters)
        assert answer(address, "/healthz")[0] == 200
        for thread in threads:
            thread.join()
    assert sum(statuses.values()) > clients
    # Answered, or told to come back later; never a fault of ours.
    assert set(statuses) <= {200, 429}, statuses
    reader(address, changes_filters)


def test_a_flood_and_half_open_connections(address: str) -> None:
    _floods(address, clients=4, seconds=2, half_open=30)


@pytest.mark.soak
def test_a_long_flood_and_many_half_open_connections(address: str) -> None:
    _floods(address, clients=16, seconds=60, half_open=300)


def _read_to_the_end(own: ClientConnection) -> None:
    while True:
        own.recv(timeout=30)


def test_rubbish_on_the_websocket_harms_nobody(address: str) -> None:
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    for rubbish in (b"\xff\xfe not a message", "text where bytes belong", b"\x00" * 100_000):
        with connect(url, subprotocols=["streamlit"]) as own:  # type: ignore[list-item]
            own.send(rubbish)
            with pytest.raises(ConnectionClosed):
                _read_to_the_end(own)
    reader(address, changes_filters)


def test_a_reader_comes_back_to_the_same_view_after_a_restart(tmp_path: Path) -> None:
    links: list[dict[str, str]] = []

    async def note(viewer: Viewer) -> None:
        await changes_filters(viewer)
        links.append(viewer.address())

    with serving(tmp_path / "var") as first:
        reader(first, note)

    async def same(viewer: Viewer) -> None:
        assert viewer.address() == links[0]

    with serving(tmp_path / "var") as second:
        reader(second, same, "&".join(f"{k}={v}" for k, v in links[0].items()))
