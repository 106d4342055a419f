"""Routes by which a platform learns how the server is: alive, ready, its figures (serves route)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from mapapp import __version__, settings
from mapapp.domain.access import from_this_machine
from mapapp.domain.problems import MapAppError, StoreUnavailable
from mapapp.log.room import hindrance
from mapapp.store import Store
from mapapp.web.caching import SafetyHeaders
from mapapp.web.errors import RETRY_AFTER_S
from mapapp.web.server import metrics

StoreProvider = Callable[[], Store]

_FRESH: Final = {"Cache-Control": "no-store"}


def health_routes(store_provider: StoreProvider) -> list[Route]:
    """The three routes; `store_provider` gives the store at each request."""

    def ready(_request: Request) -> Response:
        return _ready(store_provider)

    def counted(request: Request) -> Response:
        return _metrics(request, store_provider)

    safe = [Middleware(SafetyHeaders)]
    return [
        Route("/healthz", _alive, methods=["GET"], middleware=safe),
        Route("/readyz", ready, methods=["GET"], middleware=safe),
        Route("/metrics", counted, methods=["GET"], middleware=safe),
    ]


async def _alive(_request: Request) -> Response:
    """200 while the process answers at all: asks nothing else, so that no fault restarts it."""
    return JSONResponse({"status": "ok", "version": __version__}, headers=_FRESH)


def _ready(store_provider: StoreProvider) -> Response:
    """200 where readers can be served: log and snapshot are read and the engine answers.

    `writable` says whether editors are served too; readers do not need it.
    """
    checks: dict[str, Any] = {}
    try:
        store = store_provider()
        snapshot = store.current()
        # Numbers of changes tell of those to what is held back.
        told = not store.gate.holds(snapshot)
        checks["snapshot"] = snapshot.seq if told else True
        snapshot.engine.run("SELECT COUNT(*) AS n FROM meta")
        checks["engine"] = snapshot.engine.dialect
        checks["writable"] = hindrance(store.data_dir) is None
        try:
            seq = store.log.seq()
            checks["log"] = seq if told else True
        except StoreUnavailable:
            if store.log.shared is None:
                raise
            # All servers are without it at once, and readers of each are served.
            checks["log"] = checks["writable"] = False
        if store.waits:
            checks["log"] = checks["writable"] = False
    except MapAppError:  # its words name folders and addresses, and stay in the log
        body = {"status": "not ready", "checks": checks}
        return JSONResponse(body, 503, headers={**_FRESH, "Retry-After": str(RETRY_AFTER_S)})
    return JSONResponse({"status": "ready", "checks": checks}, headers=_FRESH)


def _metrics(request: Request, store_provider: StoreProvider) -> Response:
    token = settings.read().metrics_token
    if token is None:
        if not straight_from_here(request):
            return JSONResponse({"error": "there is nothing at /metrics"}, 404, headers=_FRESH)
    else:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        wanted = f"Bearer {token.get_secret_value()}".encode()
        if not hmac.compare_digest(given, wanted):
            return JSONResponse(
                {"error": "/metrics wants its token"}, 401,
                headers={**_FRESH, "WWW-Authenticate": "Bearer"},
            )  # fmt: skip
    return PlainTextResponse(
        metrics.text(store_provider), media_type="text/plain; version=0.0.4", headers=_FRESH
    )


def straight_from_here(request: Request) -> bool:
    """Whether a request comes from this machine itself, and no proxy passes it on."""
    return request.client is not None and from_this_machine(request.client.host, request.headers)
