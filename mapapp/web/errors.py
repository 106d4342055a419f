"""One exception, one status: what a failed request is answered with (serves query → route).

Only what we did not foresee is a 500, and only that is logged as an error; its trace stays in the
log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.domain.problems import InvalidInput, NotFound, StoreUnavailable
from mapapp.map.bundle import AssetMissing

_LOG = logging.getLogger(__name__)

#: Exception → status. The first whose class fits counts.
STATUSES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (InvalidInput, 400),
    (NotFound, 404),
    (AssetMissing, 503),
    (StoreUnavailable, 503),
)

#: A temporary fault of the store is over in seconds: a publish, a full disk made room on.
RETRY_AFTER_S = 5


class Faults:
    """Middleware: every exception of what it wraps is answered by the table."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer what is raised before an answer began."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await answer(Request(scope), error)(scope, receive, send)


def answer(request: Request, error: Exception) -> JSONResponse:
    """The JSON answer to an exception: `error`, `remedy`, and `field` if known."""
    if isinstance(error, HTTPException):
        return problem(error.status_code, error.detail, "Check the address and the method.")
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    if isinstance(error, InvalidInput) and error.problems:
        first = error.problems[0]
        return problem(status, first.fault, first.remedy, first.field)
    if status == 404:
        return problem(status, str(error), "Check the address, and the id in it.")
    if status == 503:
        wait = {"Retry-After": str(RETRY_AFTER_S)}
        return problem(status, str(error), "Try again in a few seconds.", headers=wait)
    if status == 400:
        return problem(status, str(error), "Check what was sent.")
    _LOG.error("unforeseen fault answering %s", request.url.path, exc_info=error)
    return problem(
        500, "something went wrong here", "Try again; if it happens again, tell who runs this map."
    )


def problem(
    status: int,
    error: str,
    remedy: str,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The one form of every refusal: what is wrong, with which parameter, and what to try."""
    body = {"error": error, "field": field, "remedy": remedy}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store", **(headers or {})})
