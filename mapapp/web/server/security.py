"""Headers of safety on every answer, which hosts are answered, and how often the map's data may be
asked for (serves route). The threats behind them are in docs/security.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.web.server.base import path_of
from mapapp.web.server.framing import FRAME
from mapapp.web.server.limit import RateLimit

#: On every answer, where the route has not said otherwise.
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    # A link holds what somebody looks for; only this site learns it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

#: For who asks whether the process lives, by whatever name it has in its network.
_ANY_HOST: Final = ("/healthz", "/readyz", "/metrics")

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


#: Where the nonce of an answer is in its scope, and what stands for it in a policy.
NONCE: Final = "mapapp.nonce"
_NONCE: Final = "{nonce}"


def frame_policy(tile_origins: Iterable[str] = ()) -> str:
    """The policy of the map's frame: folium puts its map together with `eval`, and branca with
    inline scripts. Pictures come from us, and from the layers that the owner chose.

    A browser asks it of every page around, so that it names nobody; what it hears is our own page
    (`framing`), which does.
    """
    pictures = " ".join(["'self'", "data:", "blob:", *tile_origins])
    return (
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        f"style-src 'self' 'unsafe-inline'; img-src {pictures}; font-src 'self' data:; "
        "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors *"
    )


def page_policy(index: str, ancestors: str) -> str:
    """The policy of the page with this HTML: its own inline scripts by their hashes, the map of its
    modules' addresses by the answer's nonce, no others.

    Styles are inline throughout Streamlit, and it loads the scripts of components from `blob:`
    addresses, which only a script that runs already can make. `ancestors` may frame it.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", index, re.DOTALL)
    )
    return (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob: 'nonce-{_NONCE}' "
        f"{hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "media-src 'self' blob:; connect-src 'self'; worker-src 'self' blob:; frame-src 'self'; "
        "manifest-src 'self'; base-uri 'self'; form-action 'self'; object-src 'none'; "
        f"frame-ancestors {ancestors}"
    )


class Security:
    """Middleware: the headers, the hosts, and the limit on `/data`.

    `index` is the page's HTML, `public_url` the address that readers use (None: any host is
    answered), `per_minute` how many requests to `/data` each client may make (0: no limit),
    `ancestors` the origins that may frame the whole page beside our own, `tile_origins` those that
    a base map's pictures may come from.
    """

    def __init__(
        self,
        app: ASGIApp,
        index: str,
        public_url: str | None,
        per_minute: int,
        ancestors: frozenset[str] = frozenset(),
        tile_origins: Iterable[str] = (),
    ) -> None:
        self.app = app
        # A view that is asked for as embedded may be framed by every site: our cookies do not
        # travel there, so that it is always the public's.
        self._embedded = page_policy(index, "*")
        self._page = page_policy(index, " ".join(["'self'", *sorted(ancestors)]))
        self._frame = frame_policy(tile_origins)
        public = urlsplit(public_url or "")
        self._host = public.hostname
        self._strict = public.scheme == "https"
        self._limit = RateLimit(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on with headers to come."""
        if scope["type"] == "websocket" and not self._knows(scope):
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope[NONCE] = secrets.token_urlsafe(12)
        policy = self._policy(scope).replace(_NONCE, scope[NONCE])

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
                if message["status"] >= 400:
                    # Streamlit's own refusals have none, and a browser might guess.
                    headers.setdefault("Content-Type", "text/plain; charset=utf-8")
                if self._strict:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        if not self._knows(scope):
            refused = _problem(421, "this host is not served here", "Use the map's own address.")
            await refused(scope, receive, with_headers)
            return
        if path_of(scope).startswith("/data/"):
            client = scope.get("client")
            wait_s = self._limit.wait_s(client[0] if client else "")
            if wait_s:
                seconds = str(int(wait_s) + 1)
                refused = _problem(429, "too many requests", f"Come back in {seconds} s.")
                refused.headers["Retry-After"] = seconds
                await refused(scope, receive, with_headers)
                return
        await self.app(scope, receive, with_headers)

    def _policy(self, scope: Scope) -> str:
        if path_of(scope).startswith(FRAME + "/"):
            return self._frame
        query = parse_qs(scope["query_string"].decode("latin-1"))
        return self._embedded if query.get("embed") == ["true"] else self._page

    def _knows(self, scope: Scope) -> bool:
        """Whether a request names the host that readers use, or this machine itself."""
        if self._host is None or path_of(scope) in _ANY_HOST:
            return True
        try:
            host = urlsplit("//" + Headers(scope=scope).get("host", "")).hostname
        except ValueError:
            return False
        return host == self._host or host in _LOOPBACK


def _problem(status: int, error: str, remedy: str) -> JSONResponse:
    body = {"error": error, "field": None, "remedy": remedy}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
