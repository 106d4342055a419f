"""What the server counts of itself for Prometheus, and the middleware that counts (serves route).

Routes are named by a fixed table, never by what a reader typed, so that their number is bounded.
"""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp import __version__
from mapapp.domain.problems import StoreUnavailable
from mapapp.store import Store
from mapapp.web.server.base import path_of
from mapapp.web.server.logs import FIELDS, REQUEST_ID

_LOG = logging.getLogger("mapapp.request")

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

REQUESTS: Final = Counter(
    "mapapp_requests", "Requests answered.", ("route", "method", "status"), registry=REGISTRY
)
SECONDS: Final = Histogram(
    "mapapp_request_seconds", "Seconds until a request was answered whole.", ("route",),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10), registry=REGISTRY,
)  # fmt: skip
SESSIONS: Final = Gauge("mapapp_sessions", "Readers' sessions that are open.", registry=REGISTRY)
FAULTS: Final = Counter("mapapp_page_faults", "Runs of the page that broke.", registry=REGISTRY)
BUILD: Final = Gauge("mapapp_build", "The running program.", ("version",), registry=REGISTRY)
BUILD.labels(__version__).set(1)

#: Beginning of a path → its route in logs and metrics. The first that fits counts.
_ROUTES: Final = (
    "/data/view", "/data/bins", "/data/counts", "/data/figures", "/data/series", "/data",
    "/api/tiles", "/api/collections", "/api/incidents", "/api/places", "/api", "/assets",
    "/preview.png", "/healthz", "/readyz", "/metrics", "/_stcore/stream", "/_stcore/health",
    "/_stcore/upload_file", "/_stcore", "/component", "/static", "/media", "/auth",
)  # fmt: skip

#: Asked for all the time, and of no interest where they go well.
_QUIET: Final = ("/assets", "/static", "/component", "/_stcore", "/healthz", "/readyz", "/metrics")

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

_ID: Final = re.compile(r"[\w.-]{8,64}", re.ASCII)


def route_of(path: str) -> str:
    """The name of the route that a path belongs to: one of a fixed number."""
    if path == "/":
        return "page"
    return next((r for r in _ROUTES if path == r or path.startswith(r + "/")), "other")


class Observe:
    """Middleware that gives each request its id, counts it, and writes a line of it.

    The id is the proxy's `X-Request-ID` where it sends a plain one; it goes back in the answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request = given if _ID.fullmatch(given) else secrets.token_hex(8)
        token = REQUEST_ID.set(request)
        try:
            if scope["type"] == "websocket":
                with SESSIONS.track_inprogress():
                    await self.app(scope, receive, send)
            else:
                await self._http(scope, receive, send, request)
        finally:
            REQUEST_ID.reset(token)

    async def _http(self, scope: Scope, receive: Receive, send: Send, request: str) -> None:
        status, size = 500, 0

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        started = time.perf_counter()
        try:
            await self.app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = route_of(path_of(scope))
            REQUESTS.labels(route, method, str(status)).inc()
            SECONDS.labels(route).observe(seconds)
            quiet = status < 400 and route.startswith(_QUIET)
            level = logging.ERROR if status >= 500 else logging.DEBUG if quiet else logging.INFO
            if _LOG.isEnabledFor(level):
                fields = {
                    "request_id": request, "method": method, "path": _plain(scope["path"]),
                    "status": status, "ms": round(seconds * 1000, 1), "bytes": size,
                }  # fmt: skip
                _LOG.log(level, "answered", extra={FIELDS: fields})


def _plain(path: str) -> str:
    """A path as a line of a log may hold it: short, and without what could end the line."""
    return re.sub(r"[^\x21-\x7e]", "?", path[:120])


class _OfStore(Collector):
    """Figures of the store, read when Prometheus asks."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; those of a store that cannot be read are left out, and `up` says so."""
        up = 0
        try:
            store = self._store()
            free = GaugeMetricFamily("mapapp_data_free_bytes", "Room left for the data folder.")
            with suppress(OSError):
                free.add_metric([], shutil.disk_usage(store.data_dir).free)
            yield free
            snapshot = store.current()
            yield GaugeMetricFamily(
                "mapapp_snapshot_seq", "The change that readers see.", snapshot.seq
            )
            yield GaugeMetricFamily(
                "mapapp_incidents", "Incidents that readers see.",
                int(snapshot.meta.get("incidents", 0)),
            )  # fmt: skip
            yield GaugeMetricFamily("mapapp_log_seq", "The log's last change.", store.log.seq())
            up = 1
        except StoreUnavailable:
            pass
        yield GaugeMetricFamily("mapapp_store_up", "Whether the store can be read.", up)


def text(store: Callable[[], Store]) -> bytes:
    """Everything counted, in Prometheus' text format."""
    own = CollectorRegistry()
    own.register(_OfStore(store))
    return generate_latest(REGISTRY) + generate_latest(own)
