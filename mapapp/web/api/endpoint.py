"""What every address under `/api` shares: methods, rate limit, who may read it, faults as JSON
(serves route).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from mapapp.web import errors
from mapapp.web.api.settings import ApiSettings
from mapapp.web.server.limit import RateLimit

Handler = Callable[[Request], Response]

_METHODS: Final = "GET, HEAD, OPTIONS"


class Endpoint:
    """An ASGI application for one address: `handler` runs in a thread and may raise."""

    def __init__(self, handler: Handler, settings: ApiSettings, limit: RateLimit) -> None:
        self._handler, self._settings, self._limit = handler, settings, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answer(request)
        self._share(request, response)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _METHODS})
        if request.method not in ("GET", "HEAD"):
            return _problem(
                405,
                f"{request.method[:20]} is not answered here",
                "This interface is read-only: use GET.",
                {"Allow": _METHODS},
            )
        wait_s = self._limit.wait_s(request.client.host if request.client else "")
        if wait_s:
            seconds = str(int(wait_s) + 1)
            return _problem(
                429,
                "too many requests",
                f"Come back in {seconds} s, ask for more items a page, or take an export.",
                {"Retry-After": seconds},
            )
        try:
            return await run_in_threadpool(self._handler, request)
        except Exception as error:
            return errors.answer(request, error)

    def _share(self, request: Request, response: Response) -> None:
        """Lets pages of the owner's choice read the answer (CORS); nobody else's by default."""
        if not self._settings.origins:
            return
        response.headers.append("Vary", "Origin")
        origin = request.headers.get("origin")
        if origin is None or not self._settings.allows(origin):
            return
        everyone = "*" in self._settings.origins
        response.headers["Access-Control-Allow-Origin"] = "*" if everyone else origin
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, Accept"
            response.headers["Access-Control-Max-Age"] = "600"


def _problem(status: int, error: str, remedy: str, headers: dict[str, str]) -> JSONResponse:
    body = {"error": error, "field": None, "remedy": remedy}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **headers})
