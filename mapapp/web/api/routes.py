"""The open interfaces under `/api`: OGC API – Features, vector tiles, one incident, places (query →
route).

`api_routes` is mounted by the application before any other route under `/api`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gazetteer import Gazetteer
from gazetteer.errors import GazetteerError
from mapapp import __version__
from mapapp.domain.moment import Moment
from mapapp.domain.problems import NotFound
from mapapp.domain.vocab import Rule
from mapapp.exporters.columns import flat_row
from mapapp.exporters.geojson import feature
from mapapp.exporters.incidents_json import incident_json, source_json
from mapapp.exporters.reading import Extent, left_out, read_extent, read_page
from mapapp.query import Dashboard, IncidentDetail, selection_to_params
from mapapp.store import Engine, Snapshot, Store
from mapapp.web.api import openapi as api_openapi
from mapapp.web.api import params as api_params
from mapapp.web.api import tiles as api_tiles
from mapapp.web.api.endpoint import Endpoint, Handler
from mapapp.web.api.settings import ApiSettings
from mapapp.web.assets import ASK_AGAIN
from mapapp.web.caching import SafetyHeaders, conditional
from mapapp.web.params import snapshot as snapshot_of
from mapapp.web.server.access import mark_of, readable
from mapapp.web.server.limit import RateLimit

Json = dict[str, Any]
StoreProvider = Callable[[], Store]

CONFORMANCE: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "oas30", "geojson")
)
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

#: A place as a reporter wrote it is a phrase, not a page.
MAX_PLACE_CHARS: Final = 300

_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_TITLE: Final = "Afghanistan incidents, and who says so"
_ABOUT: Final = (
    "Attacks in Afghanistan with every figure's source and speaker. Attacks mentioned in passing "
    "and abroad are left out unless asked for with background=1 and abroad=1."
)


def api_routes(store_provider: StoreProvider, settings: ApiSettings | None = None) -> list[Route]:
    """The routes; `store_provider` gives the store at each request.

    `settings` are those of the environment where None. Raises InvalidInput where those cannot be
    read.
    """
    api = Api(store_provider, settings or ApiSettings.from_environment())
    table: tuple[tuple[str, Handler], ...] = (
        ("/api", api.landing),
        ("/api/", api.landing),
        ("/api/conformance", api.conformance),
        ("/api/openapi.json", api.openapi),
        ("/api/collections", api.collections),
        ("/api/collections/incidents", api.collection),
        ("/api/collections/incidents/items", api.items),
        ("/api/collections/incidents/items/{id}", api.item),
        ("/api/incidents/{id}", api.incident),
        ("/api/places", api.places),
        ("/api/tiles.json", api.tilejson),
        ("/api/tiles", api.tilejson),
        ("/api/tiles/{z}/{x}/{y}.mvt", api.tile),
        ("/api/{rest:path}", api.nothing),
    )
    limit = RateLimit(api.settings.per_minute)
    middleware = [Middleware(SafetyHeaders), Middleware(GZipMiddleware, minimum_size=700)]
    return [
        Route(path, Endpoint(handler, api.settings, limit), middleware=middleware)
        for path, handler in table
    ]


class Api:
    """The handlers, one an address. All run in threads and raise what `errors` knows."""

    def __init__(self, store_provider: StoreProvider, settings: ApiSettings) -> None:
        self._store, self.settings = store_provider, settings

    def landing(self, request: Request) -> Response:
        """What is here."""
        api_params.only(request.query_params.multi_items(), set())
        body = {
            "title": _TITLE,
            "description": _ABOUT,
            "links": [
                self._link(request, "", "self", "This document"),
                self._link(request, "/openapi.json", "service-desc", "OpenAPI", _OPENAPI),
                self._link(request, "/conformance", "conformance", "Standards kept"),
                self._link(request, "/collections", "data", "The collections"),
                self._link(request, "/tiles.json", "related", "TileJSON of the vector tiles"),
            ],
        }
        return self._made(request, body)

    def conformance(self, request: Request) -> Response:
        """The standards kept."""
        api_params.only(request.query_params.multi_items(), set())
        return self._made(request, {"conformsTo": CONFORMANCE})

    def openapi(self, request: Request) -> Response:
        """The OpenAPI document."""
        api_params.only(request.query_params.multi_items(), set())
        return self._made(request, api_openapi.document(self._base(request)), _OPENAPI)

    def collections(self, request: Request) -> Response:
        """The collections."""
        api_params.only(request.query_params.multi_items(), set())
        body = {
            "collections": [self._collection(request)],
            "links": [self._link(request, "/collections", "self", "This document")],
        }
        return self._made(request, body)

    def collection(self, request: Request) -> Response:
        """The one collection."""
        api_params.only(request.query_params.multi_items(), set())
        return self._made(request, self._collection(request))

    def items(self, request: Request) -> Response:
        """One page of incidents as GeoJSON."""
        query = request.query_params.multi_items()
        asked = api_params.items(query)
        snapshot = self._snapshot(request, asked.as_of)

        def content() -> bytes:
            page = read_page(snapshot, asked.selection, asked.bounds, asked.limit, asked.after)
            path = "/collections/incidents/items"
            links = [self._link(request, path, "self", "This page", _GEOJSON, query)]
            if page.after is not None:
                rest = [(name, value) for name, value in query if name != "after"]
                rest.append(("after", api_params.token(page.after)))
                links.append(self._link(request, path, "next", "The next page", _GEOJSON, rest))
            features = [
                feature(own, flat_row(own, page.whole.sources, asked.selection.rule,
                                      page.trimmed.get(own.id, 0)))
                for own in page.whole.incidents
            ]  # fmt: skip
            return _text(
                {
                    "type": "FeatureCollection",
                    "features": features,
                    "links": links,
                    "timeStamp": datetime.now(UTC).isoformat(timespec="seconds"),
                    "numberMatched": page.matched,
                    "numberReturned": len(features),
                }
            )

        etag = _tag(snapshot, "items", self._base(request), query)
        return conditional(
            request, content, etag=etag, media_type=_GEOJSON, cache_control=ASK_AGAIN
        )

    def item(self, request: Request) -> Response:
        """One incident as GeoJSON."""
        rule, as_of = _rule(request)
        detail, without = self._one(request, as_of)
        own = detail.incident
        row = flat_row(own, detail.sources, rule, without)
        body = feature(own, row)
        path = f"/collections/incidents/items/{quote(own.id, safe='')}"
        body["links"] = [
            self._link(request, path, "self", "This document", _GEOJSON),
            self._link(request, "/collections/incidents", "collection", "The collection"),
            self._link(request, f"/incidents/{quote(own.id, safe='')}", "alternate", "With claims"),
        ]
        return self._made(request, body, _GEOJSON)

    def incident(self, request: Request) -> Response:
        """One incident with its claims and sources."""
        rule, as_of = _rule(request)
        detail, without = self._one(request, as_of)
        own = detail.incident
        body = incident_json(own, detail.sources, rule)
        body["claims_withheld"] = without
        used = set(own.source_ids)
        item = f"/collections/incidents/items/{quote(own.id, safe='')}"
        return self._made(
            request,
            {
                "incident": body,
                "sources": [source_json(s) for key, s in detail.sources.items() if key in used],
                "links": [self._link(request, item, "alternate", "As GeoJSON", _GEOJSON)],
            },
        )

    def places(self, request: Request) -> Response:
        """Places that words mean, ranked."""
        own = api_params.only(request.query_params.multi_items(), {"q", "limit"})
        limit = api_params.whole_number("limit", own.get("limit", "5"), 1, 20)
        gazetteer = Gazetteer.load()
        words = own.get("q", "")
        if len(words) > MAX_PLACE_CHARS:
            raise api_params.refuse(
                "q", f"it has {len(words)} characters", f"write {MAX_PLACE_CHARS} at most"
            )
        try:
            found = gazetteer.search(words, limit=limit)
        except GazetteerError as error:
            raise api_params.refuse(
                "q", str(error).rstrip("."), "write a place, like q=Pul-e Khumri"
            ) from error
        places = [
            candidate.as_dict()
            | {"within": [place.name for place in gazetteer.ancestors(candidate.id)]}
            for candidate in found.candidates
        ]
        body = {"query": found.query, "ambiguous": found.ambiguous, "notes": list(found.notes)}
        return self._made(request, body | {"places": places})

    def tilejson(self, request: Request) -> Response:
        """TileJSON; its tiles carry the filters that it was asked with."""
        selection, as_of = api_params.filters_only(request.query_params.multi_items())
        params = selection_to_params(selection) | ({"as_of": as_of.text} if as_of else {})
        query = f"?{urlencode(params, doseq=True, safe=',:;')}" if params else ""
        address = f"{self._base(request)}/api/tiles/{{z}}/{{x}}/{{y}}.mvt{query}"
        bounds = extent_of(self._snapshot(request, as_of)).bounds
        return self._made(request, api_tiles.tilejson(address, bounds))

    def tile(self, request: Request) -> Response:
        """One vector tile."""
        query = request.query_params.multi_items()
        selection, as_of = api_params.filters_only(query)
        path = request.path_params
        z = api_params.whole_number("z", path["z"], api_tiles.MIN_ZOOM, api_tiles.MAX_ZOOM)
        x = api_params.whole_number("x", path["x"], 0, (1 << z) - 1)
        y = api_params.whole_number("y", path["y"], 0, (1 << z) - 1)
        snapshot = self._snapshot(request, as_of)
        return conditional(
            request,
            lambda: api_tiles.tile(snapshot.engine, selection, z, x, y),
            etag=_tag(snapshot, "tile", (z, x, y), query),
            media_type="application/vnd.mapbox-vector-tile",
            cache_control=ASK_AGAIN,
        )

    def nothing(self, request: Request) -> Response:
        """An address that is not there."""
        raise NotFound(f"there is nothing at {request.url.path[:120]}; see /api")

    # What the handlers share.

    def _snapshot(self, request: Request, as_of: Moment | None = None) -> Snapshot:
        store = self._store()
        return store.gate.shareable(readable(request, store, snapshot_of(store, as_of)))

    def _one(self, request: Request, as_of: Moment | None) -> tuple[IncidentDetail, int]:
        """An incident, and how many of its claims are left out."""
        snapshot = self._snapshot(request, as_of)
        detail = Dashboard(snapshot).incident(request.path_params["id"])
        return detail, left_out(snapshot).get(detail.incident.id, 0)

    def _collection(self, request: Request) -> Json:
        extent = extent_of(self._snapshot(request))
        path = "/collections/incidents"
        ends = [None if day is None else f"{day}T00:00:00Z" for day in (extent.first, extent.last)]
        body: Json = {
            "id": "incidents",
            "title": _TITLE,
            "description": _ABOUT,
            "itemType": "feature",
            "extent": {"temporal": {"interval": [ends]}},
            "crs": [CRS84],
            "links": [
                self._link(request, path, "self", "This document"),
                self._link(request, f"{path}/items", "items", "The incidents", _GEOJSON),
            ],
        }
        if extent.bounds is not None:
            body["extent"]["spatial"] = {"bbox": [list(extent.bounds)], "crs": CRS84}
        return body

    def _base(self, request: Request) -> str:
        """The address that `/api` hangs on, without a slash at its end."""
        return self.settings.public_url or str(request.base_url).rstrip("/")

    def _link(
        self, request: Request, path: str, rel: str, title: str, media_type: str = _JSON,
        query: list[tuple[str, str]] | None = None,
    ) -> Json:  # fmt: skip
        search = f"?{urlencode(query, safe=',:;/')}" if query else ""
        href = f"{self._base(request)}/api{path}{search}"
        return {"href": href, "rel": rel, "type": media_type, "title": title}

    def _made(self, request: Request, body: object, media_type: str = _JSON) -> Response:
        content = _text(body)
        return conditional(
            request,
            lambda: content,
            etag=hashlib.sha256(content).hexdigest()[:16],
            media_type=media_type,
            cache_control=ASK_AGAIN,
        )


def _rule(request: Request) -> tuple[Rule, Moment | None]:
    own = api_params.only(request.query_params.multi_items(), {"rule", "as_of"})
    try:
        rule = Rule(own.get("rule", Rule.INDEPENDENT_FIRST))
        return rule, api_params.moment("as_of", own.get("as_of", ""))
    except ValueError:
        raise api_params.refuse("rule", "there is no such rule", f"use {', '.join(Rule)}") from None


#: A snapshot never changes; what was read of it goes with it.
_EXTENTS: Final[WeakKeyDictionary[Engine, Extent]] = WeakKeyDictionary()


def extent_of(snapshot: Snapshot) -> Extent:
    """What all of a snapshot spans."""
    engine = snapshot.engine
    if engine not in _EXTENTS:
        _EXTENTS[engine] = read_extent(engine)
    return _EXTENTS[engine]


def _tag(snapshot: Snapshot, *parts: object) -> str:
    return hashlib.sha256(_text([__version__, mark_of(snapshot), *parts])).hexdigest()[:16]


def _text(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")
