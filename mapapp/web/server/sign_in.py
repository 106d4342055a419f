"""Around Streamlit's own routes for signing in and out: a reader comes back to the view they left,
and a sign-in that was ended is over for copies of its cookie, too (serves route).

Only the part of the address after `?` is kept, so that no one can be sent elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.web.server.base import path_of

#: Ends the sign-in of whoever sends these cookies.
SignOut = Callable[[dict[str, str]], None]

_LOGIN: Final = "/auth/login"
_LOGOUT: Final = "/auth/logout"
_CALLBACK: Final = "/oauth2callback"
#: Long enough for a second factor, as long as the provider's own page usually waits.
_MAX_AGE_S: Final = 600
#: A browser keeps 4096 bytes of a cookie; a longer link is let go.
_LONGEST: Final = 2800
COOKIE: Final = "mapapp_view"


class SignIn:
    """Middleware: notes the view on the way to the provider, and gives it back on return.

    `callback` says at which path of the browser's the provider sends readers back.
    """

    def __init__(
        self, app: ASGIApp, sign_out: SignOut, callback: Callable[[], str] = lambda: _CALLBACK
    ) -> None:
        self.app, self._sign_out, self._callback = app, sign_out, callback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as Streamlit does, but for where to, and what is remembered."""
        path = path_of(scope) if scope["type"] == "http" else ""
        if path not in (_LOGIN, _LOGOUT, _CALLBACK):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        if path == _LOGOUT:
            self._sign_out(asked.cookies)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if path == _CALLBACK:
                    _give_back(asked, headers, self._callback())
                else:
                    _note(asked, headers, self._callback())
                _stay_below(path, headers)
            await send(message)

        await self.app(scope, receive, answer)


def _stay_below(path: str, headers: MutableHeaders) -> None:
    """Lead to the page where a proxy has it, whose prefix is not known here, not to the root."""
    location = headers.get("location", "")
    if location.startswith("/") and not location.startswith("//"):
        query = location.partition("?")[2]
        page = "./" if path == _CALLBACK else "../"
        headers["location"] = f"{page}?{query}" if query else page


def _note(asked: HTTPConnection, headers: MutableHeaders, callback: str) -> None:
    # Our own pages alone tell us their whole address (Referrer-Policy: same-origin).
    query = urlsplit(asked.headers.get("referer", "")).query
    if query and len(query) <= _LONGEST:
        value = base64.urlsafe_b64encode(query.encode()).decode().rstrip("=")
        _set(headers, value, _MAX_AGE_S, callback)


def _give_back(asked: HTTPConnection, headers: MutableHeaders, callback: str) -> None:
    kept = asked.cookies.get(COOKIE)
    if kept is None:
        return
    _set(headers, "", 0, callback)
    query = _read(kept)
    location = headers.get("location", "")
    if query and location.startswith("/") and location.endswith("/"):
        headers["location"] = f"{location}?{query}"


def _read(kept: str) -> str:
    try:
        query = base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return query if re.fullmatch(r"[!-~]+", query) else ""


def _set(headers: MutableHeaders, value: str, max_age_s: int, path: str) -> None:
    # Sent to the callback alone; Lax, since it is the provider's page that leads there.
    made = Response()
    made.set_cookie(COOKIE, value, max_age=max_age_s, path=path, httponly=True, samesite="lax")
    headers.append("set-cookie", made.headers["set-cookie"])
