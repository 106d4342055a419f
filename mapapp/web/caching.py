"""Answers that a browser may keep and ask about again: ETag, 304, and headers of safety."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Data and scripts are never a page: nothing in them is run or framed as one.
SAFETY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


def conditional(
    request: Request,
    content: Callable[[], bytes],
    *,
    etag: str,
    media_type: str,
    cache_control: str,
) -> Response:
    """200 with the content, or 304 where the browser holds this version; then nothing is made."""
    # A weak tag: the same content may travel compressed or not.
    tag = f'W/"{etag}"'
    headers = {"ETag": tag, "Cache-Control": cache_control}
    if _holds(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content(), media_type=media_type, headers=headers)


def _holds(if_none_match: str, tag: str) -> bool:
    tags = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


class SafetyHeaders:
    """Middleware that adds `SAFETY` to every answer of the routes it wraps."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the answer's headers are completed on the way back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
