"""Servers' connections send what they have at once, also on sockets that others bound."""

from __future__ import annotations

import asyncio
import socket

from mapapp.web.server.connections import send_at_once
from tests.apart import apart


async def _nodelay(prepared: bool) -> bool:
    """Whether the connections of a server on a socket bound as uvicorn binds it send at once."""
    loop = asyncio.get_running_loop()
    if prepared:
        send_at_once(loop)
    seen = loop.create_future()

    def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = writer.get_extra_info("socket")
        seen.set_result(bool(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    bound = socket.socket(family=socket.AF_INET)
    bound.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(connected, sock=bound)
    async with server:
        _, writer = await asyncio.open_connection(*bound.getsockname())
        found = await seen
        writer.close()
    return bool(found)


def test_an_answer_is_not_held_until_the_other_side_acknowledges() -> None:
    assert apart(lambda: asyncio.run(_nodelay(prepared=True)))
