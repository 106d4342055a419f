"""One exception, one status: what a failed request is answered with (serves query → route).

Only what we did not foresee is a 500, and only that is logged as an error; its trace stays in the
log.
"""

from __future__ import annotations

import logging
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

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


def answer(request: Request, error: Exception) -> JSONResponse:
    """The JSON answer to an exception: `error`, `remedy`, and `field` and `problems` if known."""
    if isinstance(error, HTTPException):
        return _json(error.status_code, error.detail, "Check the address and the method.")
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    if isinstance(error, InvalidInput) and error.problems:
        first = error.problems[0]
        response = _json(status, first.fault, first.remedy, first.field)
        return response
    if status == 404:
        return _json(status, str(error), "Check the id; it may have been withdrawn.")
    if status == 503:
        response = _json(status, str(error), "Try again in a few seconds.")
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response
    if status == 400:
        return _json(status, str(error), "Check what was sent.")
    _LOG.error("unforeseen fault answering %s", request.url.path, exc_info=error)
    return _json(
        500, "something went wrong here", "Try again; if it happens again, tell who runs this map."
    )


def _json(status: int, error: str, remedy: str, field: str | None = None) -> JSONResponse:
    body = {"error": error, "field": field, "remedy": remedy}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})
