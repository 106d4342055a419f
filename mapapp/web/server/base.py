"""Where the application hangs: Streamlit's base path, a mount, a prefix that a proxy takes away
(serves route).

Rules, limits and figures ask for the path of a request here, so that they see what the router sees:
what a rule is about does not depend on what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from starlette._utils import get_route_path
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

_KEY: Final = "mapapp.base"

#: What a proxy may say that it took away: segments of plain characters.
_PREFIX: Final = re.compile(r"(/[\w.~+-]{1,64}){1,8}", re.ASCII)


#: A pair of `Forwarded`, and a host with or without a port, a number in brackets included.
_PAIR: Final = re.compile(r"""(?i)\b(host|proto)=("[^"]*"|[^;,\s]+)""")
_HOST: Final = re.compile(r"([\w.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:\d{1,5})?", re.ASCII)


class Base:
    """Middleware: notes the base path that the routes of the application begin with.

    It stands before all others.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app, self._path = app, "/" + path.strip("/") if path.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] in ("http", "websocket"):
            scope[_KEY] = self._path
        await self.app(scope, receive, send)


def path_of(scope: Scope) -> str:
    """The path of a request below the base path; that of another is as it came.

    No route of the application begins elsewhere, so that such a path leads to none.
    """
    path, base = get_route_path(scope), scope.get(_KEY, "")
    if base and (path == base or path.startswith(base + "/")):
        return path[len(base) :] or "/"
    return path


def below(base: str, routes: Sequence[Route]) -> list[Route]:
    """The routes, each at its path below the base path; their handlers see it without."""
    if not base.strip("/"):
        return list(routes)
    start = "/" + base.strip("/")
    return [
        Route(start + route.path, _Below(start, route.app), methods=route.methods)
        for route in routes
    ]


class _Below:
    def __init__(self, base: str, app: ASGIApp) -> None:
        self._base, self._app = base, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "") + self._base
        await self._app(dict(scope, root_path=root) | {_KEY: ""}, receive, send)


def address_of(request: HTTPConnection, public_url: str | None) -> str:
    """The address that the application has for its readers, without a slash at its end.

    `public_url` is the owner's word for it. Without one it is what a proxy says that it was asked
    for (`Forwarded`, RFC 7239, or `X-Forwarded-Host`) and took away (`X-Forwarded-Prefix`), else
    what the request says. uvicorn reads `X-Forwarded-Proto` and `X-Forwarded-For`.
    """
    if public_url:
        return public_url
    headers = request.headers
    prefix = headers.get("x-forwarded-prefix", "").rstrip("/")
    told = {name: value.strip('"') for name, value in _PAIR.findall(_first(headers, "forwarded"))}
    named = told.get("host") or _first(headers, "x-forwarded-host")
    host = named if _HOST.fullmatch(named) else request.url.netloc
    scheme = told["proto"] if told.get("proto") in ("http", "https") else request.url.scheme
    base: str = request.scope.get("root_path", "") + request.scope.get(_KEY, "")
    return f"{scheme}://{host}{prefix if _PREFIX.fullmatch(prefix) else ''}{base}"


def _first(headers: Headers, name: str) -> str:
    """What the proxy next to the reader says, where several wrote into a header."""
    return headers.get(name, "").partition(",")[0].strip()
