"""The frame of a component runs what messages bring, and so it hears our own page alone, whoever
frames that (serves route).
"""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.web.server.base import path_of

FRAME: Final = "/component"

#: Before any script of the component: what does not come from our own origin is heard by none. A
#: component takes messages from anybody, and folium's runs the scripts in them.
GUARD: Final = (
    b'<script>addEventListener("message",function(e){if(e.origin!==location.origin)'
    b"e.stopImmediatePropagation()},true)</script>"
)

_HEAD: Final = re.compile(rb"<head[^>]*>", re.IGNORECASE)


class DeafFrames:
    """Middleware: puts `GUARD` into the documents of components; all else passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not path_of(scope).startswith(FRAME + "/"):
            await self.app(scope, receive, send)
            return
        # A part of a document, or the word that it has not changed, would come without the guard.
        asked = [(n, v) for n, v in scope["headers"] if n not in (b"range", b"if-none-match",
                 b"if-modified-since", b"accept-encoding")]  # fmt: skip
        start: Message | None = None
        body = b""

        async def guarded(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if kind.startswith("text/html"):
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = _HEAD.sub(lambda found: found.group() + GUARD, body, count=1)
            headers = MutableHeaders(scope=start)
            if scope["method"] != "HEAD":
                headers["Content-Length"] = str(len(whole if GUARD in whole else GUARD + body))
            await send(start)
            await send({**message, "body": whole if GUARD in whole else GUARD + body})

        html = path_of(scope).endswith((".html", "/"))
        await self.app(dict(scope, headers=asked) if html else scope, receive, guarded)
