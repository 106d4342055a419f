"""Connections on which an answer leaves at once (serves every route).

An answer goes out in two pieces, head and body. By Nagle's algorithm the second waits until the
first is acknowledged, which the other side puts off: 40 ms for each answer on a connection that is
kept. asyncio turns that off, but only for sockets made with their protocol's number, and those that
Streamlit and uvicorn bind are not.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let servers that this loop makes from now on send what they have without waiting."""
    create = loop.create_server

    async def created(*arguments: Any, **options: Any) -> asyncio.AbstractServer:
        own = options.get("sock")
        if own is not None and own.family in (socket.AF_INET, socket.AF_INET6):
            # Connections have the options of the socket that they come in by.
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server: asyncio.AbstractServer = await create(*arguments, **options)
        return server

    loop.create_server = created  # type: ignore[assignment, method-assign]
