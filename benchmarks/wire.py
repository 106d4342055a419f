"""Bytes on the wire: a relay between browser and server that counts what a websocket carries.

Chromium tells the length of messages as a page reads them; what travels is compressed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass
class Wire:
    """The relay's port, and the bytes that websockets carried both ways since `clear`."""

    port: int = 0
    ws: int = 0

    def clear(self) -> None:
        self.ws = 0


@contextmanager
def relay(to_port: int) -> Iterator[Wire]:
    """A relay to a port of this machine."""
    wire = Wire()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(
            lambda reader, writer: _connection(wire, to_port, reader, writer), "127.0.0.1", 0
        )
        wire.port = server.sockets[0].getsockname()[1]
        ready.set()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop)
    ready.wait(10)
    try:
        yield wire
    finally:

        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            loop.stop()

        asyncio.run_coroutine_threadsafe(end(), loop)
        thread.join(10)
        loop.close()


async def _connection(
    wire: Wire, to_port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    up, down = await asyncio.open_connection("127.0.0.1", to_port)
    first = await reader.read(65536)
    down.write(first)
    counted = b"upgrade: websocket" in first.lower()
    with suppress(asyncio.CancelledError):  # the relay has come to its end
        await asyncio.gather(
            _pass(wire, reader, down, counted),
            _pass(wire, up, writer, counted),
            return_exceptions=True,
        )


async def _pass(
    wire: Wire, source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: bool
) -> None:
    while data := await source.read(65536):
        if counted:
            wire.ws += len(data)
        sink.write(data)
        await sink.drain()
    sink.close()
