"""`/api` as a FastAPI application: its addresses, its OpenAPI document, and what each address
shares: methods, rate limit, who may read it from another page, faults as JSON (serves route).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp import __version__
from mapapp.store import Store
from mapapp.web import errors
from mapapp.web.api import models
from mapapp.web.api.features import OPENAPI, Api
from mapapp.web.api.params import Asked, given_once, refusal
from mapapp.web.api.settings import ApiSettings
from mapapp.web.caching import SafetyHeaders
from mapapp.web.server.limit import RateLimit

Json = dict[str, Any]

_METHODS: Final = "GET, HEAD, OPTIONS"

#: What each address may answer beside what it is for; 404 where it looks for one thing.
_FAULTS: Final = {
    400: "A parameter cannot be read; the answer names it and what to try.",
    404: "There is no such incident, or it may not leave.",
    429: "Asked too often; `Retry-After` says when to come back.",
    503: "The store cannot be read just now.",
}

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}


class GeoJSON(JSONResponse):
    """Features."""

    media_type = "application/geo+json"


class OpenAPI(JSONResponse):
    """A document of an interface."""

    media_type = OPENAPI


class Tile(Response):
    """A vector tile."""

    media_type = "application/vnd.mapbox-vector-tile"


def api_routes(
    store_provider: Callable[[], Store], settings: ApiSettings | None = None
) -> list[Route]:
    """The routes; `store_provider` gives the store at each request.

    `settings` are those of the environment where None. Raises InvalidInput where those cannot be
    read.
    """
    own = settings or ApiSettings.from_environment()
    return served(_router(Api(store_provider, own)), own)


def served(router: APIRouter, settings: ApiSettings) -> list[Route]:
    """A route for each address of a read-only interface, all to one application."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={RequestValidationError: _unread, HTTPException: _answer},
        middleware=[
            Middleware(SafetyHeaders),
            Middleware(GZipMiddleware, minimum_size=700),
            Middleware(ReadOnly, settings=settings),
            Middleware(errors.Faults),
        ],
        dependencies=[Depends(given_once)],
    )
    app.include_router(router)
    return [Route(path, app) for path in dict.fromkeys(route.path for route in router.routes)]  # type: ignore[attr-defined]


async def _unread(request: Request, error: RequestValidationError) -> Response:
    return errors.answer(request, refusal(error))


async def _answer(request: Request, error: HTTPException) -> Response:
    return errors.answer(request, error)


def _router(api: Api) -> APIRouter:
    """The addresses: path, handler, tag, what is answered; the first line of a handler's docstring
    is its summary.
    """

    def openapi(request: Request, _asked: Annotated[Asked, Query()]) -> Response:
        """This document."""
        return api.made(request, document(api.base(request)), OPENAPI)

    router = APIRouter()
    items = "/api/collections/incidents/items"
    one = "{id}"
    for path, handler, tag, model, form in (
        ("/api", api.landing, "features", models.Landing, JSONResponse),
        ("/api/conformance", api.conformance, "features", models.Conformance, JSONResponse),
        ("/api/openapi.json", openapi, "features", Json, OpenAPI),
        ("/api/collections", api.collections, "features", models.Collections, JSONResponse),
        ("/api/collections/incidents", api.collection, "features", models.Collection, JSONResponse),
        (items, api.items, "features", models.FeatureCollection, GeoJSON),
        (f"{items}/{one}", api.item, "features", models.Feature, GeoJSON),
        (f"/api/incidents/{one}", api.incident, "incidents", models.Incident, JSONResponse),
        ("/api/places", api.places, "places", models.Places, JSONResponse),
        ("/api/tiles.json", api.tilejson, "tiles", models.TileJSON, JSONResponse),
        ("/api/tiles/{z}/{x}/{y}.mvt", api.tile, "tiles", None, Tile),
    ):
        faults: dict[int | str, Json] = {
            status: {"description": about, "content": {"application/json": {"schema": _PROBLEM}}}
            for status, about in _FAULTS.items()
            if status != 404 or one in path
        }
        router.add_api_route(
            path, handler, methods=["GET"], response_model=model, response_class=form,
            responses=faults, tags=[tag], operation_id=handler.__name__,
            summary=(handler.__doc__ or "").partition("\n")[0], description="",
        )  # fmt: skip
    router.add_api_route("/api/tiles", api.tilejson, include_in_schema=False)
    router.add_api_route("/api/{rest:path}", api.nothing, include_in_schema=False)
    return router


def document(server_url: str = "") -> Json:
    """The OpenAPI 3.0 document; `server_url` is where `/api` hangs."""
    from fastapi.openapi.utils import get_openapi

    def store() -> Store:
        raise AssertionError("a document is made without data")

    made = get_openapi(
        title="Afghanistan incidents, and who says so",
        version=__version__,
        openapi_version="3.0.3",
        description="Incidents with every figure's source and speaker. OGC API – Features Part 1, "
        "vector tiles, and a gazetteer. Read-only; rate-limited.",
        routes=_router(Api(store, ApiSettings())).routes,
        servers=[{"url": server_url}],
        tags=[{"name": name} for name in ("features", "incidents", "tiles", "places")],
        separate_input_output_schemas=False,
    )
    made["info"]["license"] = {"name": "Facts with citation; see `licence` of each source"}
    for path in made["paths"].values():
        # What cannot be read is a 400 here.
        path["get"]["responses"].pop("422", None)
        for parameter in path["get"].get("parameters", []):
            if parameter["schema"].get("type") == "array":
                parameter |= {"style": "form", "explode": False}
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = models.Problem.model_json_schema()
    plain: Json = _as_3_0(made)
    return plain


def _as_3_0(node: Any) -> Any:
    """JSON Schema of OpenAPI 3.1 in the words of 3.0, which OGC API – Features asks for."""
    if isinstance(node, list):
        return [_as_3_0(part) for part in node]
    if not isinstance(node, dict):
        return node
    made = {name: _as_3_0(part) for name, part in node.items()}
    if isinstance(made.get("const"), str):
        made["enum"] = [made.pop("const")]
    choices = made.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        (other,) = [choice for choice in choices if choice != {"type": "null"}]
        del made["anyOf"]
        # Beside a reference 3.0 reads nothing else.
        made |= ({"allOf": [other]} if "$ref" in other else other) | {"nullable": True}
    return made


class ReadOnly:
    """Middleware: methods, the rate limit, and pages that may read answers (CORS).

    A slash at an address's end makes no other address.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self.app, self._settings = app, settings
        self._limit = RateLimit(settings.per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._share(scope, MutableHeaders(scope=message))
            await send(message)

        answer = self._refusal(scope) or self.app
        path = scope["path"].rstrip("/")
        # Who asks for the head alone is sent no body by the server.
        await answer(dict(scope, method="GET", path=path), receive, shared)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        method = scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _METHODS})
        if method not in ("GET", "HEAD"):
            return errors.problem(
                405,
                f"{method[:20]} is not answered here",
                "This interface is read-only: use GET.",
                headers={"Allow": _METHODS},
            )
        client = scope.get("client")
        wait_s = self._limit.wait_s(client[0] if client else "")
        if not wait_s:
            return None
        seconds = str(int(wait_s) + 1)
        return errors.problem(
            429,
            "too many requests",
            f"Come back in {seconds} s, ask for more items a page, or take an export.",
            headers={"Retry-After": seconds},
        )

    def _share(self, scope: Scope, headers: MutableHeaders) -> None:
        """Lets pages of the owner's choice read the answer; nobody else's by default."""
        if not self._settings.origins:
            return
        headers.append("Vary", "Origin")
        origin = Headers(scope=scope).get("origin")
        if origin is None or not self._settings.allows(origin):
            return
        headers["Access-Control-Allow-Origin"] = "*" if "*" in self._settings.origins else origin
        headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if scope["method"] == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = _METHODS
            headers["Access-Control-Allow-Headers"] = "If-None-Match, Accept"
            headers["Access-Control-Max-Age"] = "600"
