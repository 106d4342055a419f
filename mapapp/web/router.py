"""The routes that are mounted beside the page: data, assets, health (query → route).

Every path below `/data` and `/assets` is ours, also those that do not exist: Streamlit would answer
them with its page and status 200.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Any, Final, cast

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mapapp import __version__
from mapapp.domain.problems import NotFound
from mapapp.query import Dashboard, selection_to_params
from mapapp.query.questions.series import Step
from mapapp.store import Snapshot, Store, patience
from mapapp.web import columns, errors, table, view
from mapapp.web.assets import ASK_AGAIN, asset, basemap_file
from mapapp.web.caching import SafetyHeaders, conditional
from mapapp.web.params import DataRequest, parse, problems_json, timeless
from mapapp.web.params import snapshot as snapshot_of
from mapapp.web.server.access import mark_of, readable
from mapapp.web.server.health import health_routes

Endpoint = Callable[[Request], Response]
StoreProvider = Callable[[], Store]
Answer = Callable[[Dashboard, DataRequest], dict[str, Any]]

#: Seconds that an answer may wait for others: the map comes first, the table last.
_PATIENCE_S: Final = {
    "view": 0.0, "counts": 0.0, "figures": 0.1, "bins": 0.1, "series": 0.1, "facets": 0.25,
    "table": 0.3,
}  # fmt: skip

#: Answers that follow the days of the selection; the others are scrubbed by the browser.
_WITH_DAYS: Final = frozenset({"counts", "figures", "facets", "table"})

#: Below this gzip saves less than its frame costs.
_GZIP_FROM_BYTES: Final = 700


def routes(store_provider: StoreProvider) -> list[Route]:
    """All routes; `store_provider` gives the store at each request."""
    paths: tuple[tuple[str, Endpoint], ...] = (
        ("/data/view", _data(store_provider, "view", _view)),
        ("/data/bins", _data(store_provider, "bins", _bins)),
        ("/data/counts", _data(store_provider, "counts", _counts)),
        ("/data/series", _data(store_provider, "series", _series)),
        ("/data/figures", _data(store_provider, "figures", _figures)),
        ("/data/facets", _data(store_provider, "facets", _facets)),
        ("/data/table", _data(store_provider, "table", _table)),
        ("/data/{rest:path}", _nothing),
        ("/data", _nothing),
        ("/assets/{path:path}", asset),
        ("/assets", _nothing),
    )
    middleware = [
        Middleware(SafetyHeaders),
        Middleware(GZipMiddleware, minimum_size=_GZIP_FROM_BYTES, compresslevel=5),
        Middleware(errors.Faults),
    ]
    # An archive is read in ranges, and is compressed within.
    archive = Route(
        "/assets/basemap.pmtiles",
        basemap_file,
        methods=["GET"],
        middleware=[Middleware(SafetyHeaders), Middleware(errors.Faults)],
    )
    return [
        *health_routes(store_provider),
        archive,
    ] + [Route(path, endpoint, methods=["GET"], middleware=middleware) for path, endpoint in paths]


def _data(store_provider: StoreProvider, name: str, make: Answer) -> Endpoint:
    def endpoint(request: Request) -> Response:
        question = parse(request.query_params.multi_items())
        store = store_provider()
        snapshot = readable(request, store, snapshot_of(store, question.as_of))
        packed = columns.PACKED in request.headers.get("accept", "")
        etag = _etag(snapshot, name, question) + ("-c" if packed else "")

        def content() -> bytes:
            with patience(_PATIENCE_S[name]):
                body = make(Dashboard(snapshot), question)
            answer = {"snapshot": snapshot.number, "warnings": _warnings(question)} | body
            return columns.as_packed(answer) if packed else columns.as_json(answer)

        media_type = columns.PACKED if packed else "application/json"
        response = conditional(
            request, content, etag=etag, media_type=media_type, cache_control=ASK_AGAIN
        )
        response.headers["Vary"] = "Accept"
        return response

    return endpoint


def _view(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return view.view(dash, timeless(question.selection), question.bounds, question.zoom)


def _bins(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    step = cast(Step, question.step)
    return view.bins(dash, timeless(question.selection), question.bounds, question.zoom, step)


def _counts(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return view.counts(dash, question.selection, question.bounds, question.zoom, question.seen)


def _series(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return view.series(dash, timeless(question.selection), cast(Step, question.step))


def _figures(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return view.figures(dash, question.selection)


def _facets(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return table.facets(dash, question.selection, question.part)


def _table(dash: Dashboard, question: DataRequest) -> dict[str, Any]:
    return table.table(dash, question.selection, question.page)


def _nothing(request: Request) -> Response:
    raise NotFound(f"there is nothing at {request.url.path[:120]}")


def _etag(snapshot: Snapshot, name: str, question: DataRequest) -> str:
    """A tag of all that the answer follows from, `name` being the route.

    Warnings enter: a link with a broken filter is answered like one without it, but says so.
    """
    parts = (
        __version__,
        mark_of(snapshot),
        name,
        selection_to_params(
            question.selection if name in _WITH_DAYS else timeless(question.selection)
        ),
        question.bounds,
        question.seen,
        question.zoom,
        question.step,
        question.part,
        astuple(question.page),
        _warnings(question),
    )
    return hashlib.sha256(_json(parts)).hexdigest()[:16]


def _warnings(question: DataRequest) -> list[Any]:
    return list(problems_json(question.warnings))


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")
