"""Scripts and styles that never change while the server runs are compressed once, and sent so
(serves route). Streamlit sends its own as they are, three times the size.
"""

from __future__ import annotations

import gzip
import re
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.web.assets import FOR_EVER
from mapapp.web.server.base import path_of

#: Files of packages: they have their version in their name, or belong to one that is installed.
_PATHS: Final = ("/static/", "/component/")

#: Not documents: Streamlit answers every path that is not there with its page.
_TYPES: Final = (
    "text/css", "text/javascript", "application/javascript", "application/json", "image/svg",
)  # fmt: skip

#: A file whose name changes with what is in it.
_NAMED_BY_CONTENT: Final = re.compile(r"\.[0-9a-f]{8,}\.(?:js|css)$")

#: Below this gzip saves less than its frame costs.
_LEAST_BYTES: Final = 700

#: More than all scripts that a page can ask for; beyond it files go as they are.
_MOST_KEPT_BYTES: Final = 16_000_000


class KeptCompressed:
    """Middleware: the first whole answer for such a file is compressed and kept for all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, tuple[Message, bytes]] = {}
        self._size_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what is kept, or pass the request on."""
        if not _asks_for_whole_file(scope):
            await self.app(scope, receive, send)
            return
        path = path_of(scope)
        if path not in self._kept:
            await self.app(scope, receive, partial(self._take, path, [], send))
            return
        start, body = self._kept[path]
        await send({**start, "headers": list(start["headers"])})
        await send({"type": "http.response.body", "body": body})

    async def _take(self, path: str, parts: list[Message], send: Send, message: Message) -> None:
        """Hold an answer until it is whole, then send it compressed where that is worth while."""
        if message["type"] == "http.response.start" and not _worth_while(message):
            await send(message)
            return
        if not parts and message["type"] != "http.response.start":
            await send(message)  # of an answer that passes as it is
            return
        parts.append(message)
        if message["type"] == "http.response.start" or message.get("more_body"):
            return
        start, whole = parts[0], b"".join(part.get("body", b"") for part in parts[1:])
        headers = MutableHeaders(scope=start)
        if _NAMED_BY_CONTENT.search(path):
            headers["Cache-Control"] = FOR_EVER  # components' files come without any such word
        if len(whole) >= _LEAST_BYTES:
            whole = await to_thread.run_sync(partial(gzip.compress, whole, 9, mtime=0))
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(whole))
            headers.add_vary_header("Accept-Encoding")
            if tag := headers.get("etag"):
                headers["ETag"] = "W/" + tag.removeprefix("W/")  # the same file in another form
            if self._size_bytes + len(whole) <= _MOST_KEPT_BYTES:
                self._kept[path] = ({**start, "headers": list(start["headers"])}, whole)
                self._size_bytes += len(whole)
        await send(start)
        await send({"type": "http.response.body", "body": whole})


def _asks_for_whole_file(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not path_of(scope).startswith(_PATHS):
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and not any(
        name in headers for name in ("range", "if-none-match", "if-modified-since")
    )


def _worth_while(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and "set-cookie" not in headers
        and headers.get("content-type", "").startswith(_TYPES)
    )
