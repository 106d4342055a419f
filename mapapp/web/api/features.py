"""What the addresses of `/api` answer: features, tiles, one incident, places (query → route)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

from fastapi import Path, Query
from pydantic import WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from gazetteer import Gazetteer, Result
from gazetteer.errors import GazetteerError
from mapapp import __version__
from mapapp.domain.moment import Moment
from mapapp.domain.problems import NotFound
from mapapp.exporters.columns import flat_row
from mapapp.exporters.geojson import feature
from mapapp.exporters.incidents_json import incident_json, source_json
from mapapp.exporters.reading import Extent, left_out, read_extent, read_page
from mapapp.query import Dashboard, IncidentDetail, selection_to_params
from mapapp.query.codes import checked
from mapapp.query.filters.params import read_zoom
from mapapp.store import Engine, Snapshot, Store
from mapapp.web.api import tiles
from mapapp.web.api.params import (
    Asked,
    FiltersAsked,
    ItemsAsked,
    OneAsked,
    PlacesAsked,
    by,
    refuse,
    token,
    whole_number,
)
from mapapp.web.api.settings import ApiSettings
from mapapp.web.assets import ASK_AGAIN
from mapapp.web.caching import conditional
from mapapp.web.params import snapshot as snapshot_of
from mapapp.web.server.access import mark_of, readable
from mapapp.web.server.base import address_of

Json = dict[str, Any]
StoreProvider = Callable[[], Store]

CONFORMANCE: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "oas30", "geojson")
)
CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

#: Parts of a path.
Id = Annotated[str, Path(description="The id of an incident.")]
Zoom = Annotated[
    Any,
    Path(description="Zoom."),
    by(lambda text: read_zoom(text, tiles.MAX_ZOOM)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": tiles.MAX_ZOOM}),
]
_INDEX: Final = WithJsonSchema({"type": "integer", "minimum": 0})
Column = Annotated[str, Path(description="Column, from the west."), _INDEX]
Row = Annotated[str, Path(description="Row, from the north."), _INDEX]

_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_TITLE: Final = "Afghanistan incidents, and who says so"
_ABOUT: Final = (
    "Attacks in Afghanistan with every figure's source and speaker. Attacks mentioned in passing "
    "and abroad are left out unless asked for with background=1 and abroad=1."
)


class Api:
    """The handlers, one an address. All run in threads and raise what `errors` knows."""

    def __init__(self, store_provider: StoreProvider, settings: ApiSettings) -> None:
        self._store, self.settings = store_provider, settings

    def landing(self, request: Request, _asked: Annotated[Asked, Query()]) -> Response:
        """What is here."""
        body = {
            "title": _TITLE,
            "description": _ABOUT,
            "links": [
                self._link(request, "", "self", "This document"),
                self._link(request, "/openapi.json", "service-desc", "OpenAPI", OPENAPI),
                self._link(request, "/conformance", "conformance", "Standards kept"),
                self._link(request, "/collections", "data", "The collections"),
                self._link(request, "/tiles.json", "related", "TileJSON of the vector tiles"),
            ],
        }
        return self.made(request, body)

    def conformance(self, request: Request, _asked: Annotated[Asked, Query()]) -> Response:
        """The standards kept."""
        return self.made(request, {"conformsTo": CONFORMANCE})

    def collections(self, request: Request, _asked: Annotated[Asked, Query()]) -> Response:
        """The collections."""
        body = {
            "collections": [self._collection(request)],
            "links": [self._link(request, "/collections", "self", "This document")],
        }
        return self.made(request, body)

    def collection(self, request: Request, _asked: Annotated[Asked, Query()]) -> Response:
        """The one collection."""
        return self.made(request, self._collection(request))

    def items(self, request: Request, asked: Annotated[ItemsAsked, Query()]) -> Response:
        """Incidents as GeoJSON, page by page in the order of ids."""
        query = request.query_params.multi_items()
        snapshot = self._snapshot(request, asked.as_of)
        selection = checked(Dashboard(snapshot), asked.selection())

        def content() -> bytes:
            page = read_page(snapshot, selection, asked.bbox, asked.limit, asked.after)
            path = "/collections/incidents/items"
            links = [self._link(request, path, "self", "This page", _GEOJSON, query)]
            if page.after is not None:
                rest = [(name, value) for name, value in query if name != "after"]
                rest.append(("after", token(page.after)))
                links.append(self._link(request, path, "next", "The next page", _GEOJSON, rest))
            features = [
                feature(own, flat_row(own, page.whole.sources, selection.rule,
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

        etag = _tag(snapshot, "items", self.base(request), query)
        return conditional(
            request, content, etag=etag, media_type=_GEOJSON, cache_control=ASK_AGAIN
        )

    def item(self, request: Request, id: Id, asked: Annotated[OneAsked, Query()]) -> Response:
        """One incident as GeoJSON."""
        detail, without = self._one(request, id, asked.as_of)
        own = detail.incident
        row = flat_row(own, detail.sources, asked.rule, without)
        body = feature(own, row)
        path = f"/collections/incidents/items/{quote(own.id, safe='')}"
        body["links"] = [
            self._link(request, path, "self", "This document", _GEOJSON),
            self._link(request, "/collections/incidents", "collection", "The collection"),
            self._link(request, f"/incidents/{quote(own.id, safe='')}", "alternate", "With claims"),
        ]
        return self.made(request, body, _GEOJSON)

    def incident(self, request: Request, id: Id, asked: Annotated[OneAsked, Query()]) -> Response:
        """One incident with its claims and sources."""
        detail, without = self._one(request, id, asked.as_of)
        own = detail.incident
        body = incident_json(own, detail.sources, asked.rule)
        body["claims_withheld"] = without
        used = set(own.source_ids)
        item = f"/collections/incidents/items/{quote(own.id, safe='')}"
        return self.made(
            request,
            {
                "incident": body,
                "sources": [source_json(s) for key, s in detail.sources.items() if key in used],
                "links": [self._link(request, item, "alternate", "As GeoJSON", _GEOJSON)],
            },
        )

    def places(self, request: Request, asked: Annotated[PlacesAsked, Query()]) -> Response:
        """Places that words mean, ranked."""
        gazetteer = Gazetteer.load()
        try:
            found = gazetteer.search(asked.q, limit=asked.limit)
        except GazetteerError as error:
            fault = str(error).rstrip(".")
            raise refuse("q", fault, "write a place, like q=Pul-e Khumri") from error
        return self.made(request, _places(gazetteer, found))

    def tilejson(self, request: Request, asked: Annotated[FiltersAsked, Query()]) -> Response:
        """TileJSON of the vector tiles; filters are handed on to the tiles."""
        as_of: Moment | None = asked.as_of
        snapshot = self._snapshot(request, as_of)
        selection = checked(Dashboard(snapshot), asked.selection())
        params = selection_to_params(selection) | ({"as_of": as_of.text} if as_of else {})
        query = f"?{urlencode(params, doseq=True, safe=',:;')}" if params else ""
        address = f"{self.base(request)}/api/tiles/{{z}}/{{x}}/{{y}}.mvt{query}"
        bounds = extent_of(snapshot).bounds
        return self.made(request, tiles.tilejson(address, bounds))

    def tile(
        self, request: Request, z: Zoom, x: Column, y: Row, asked: Annotated[FiltersAsked, Query()]
    ) -> Response:
        """A vector tile with the layers incidents or cells, and areas."""
        column, row = (
            whole_number(name, text, 0, (1 << z) - 1) for name, text in (("x", x), ("y", y))
        )
        snapshot = self._snapshot(request, asked.as_of)
        selection = checked(Dashboard(snapshot), asked.selection())
        return conditional(
            request,
            lambda: tiles.tile(snapshot.engine, selection, z, column, row),
            etag=_tag(snapshot, "tile", (z, column, row), request.query_params.multi_items()),
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

    def _one(
        self, request: Request, incident_id: str, as_of: Moment | None
    ) -> tuple[IncidentDetail, int]:
        """An incident, and how many of its claims are left out."""
        snapshot = self._snapshot(request, as_of)
        return Dashboard(snapshot).incident(incident_id), left_out(snapshot).get(incident_id, 0)

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

    def base(self, request: Request) -> str:
        """The address that `/api` hangs on, without a slash at its end."""
        return address_of(request, self.settings.public_url)

    def _link(
        self, request: Request, path: str, rel: str, title: str, media_type: str = _JSON,
        query: list[tuple[str, str]] | None = None,
    ) -> Json:  # fmt: skip
        search = f"?{urlencode(query, safe=',:;/')}" if query else ""
        href = f"{self.base(request)}/api{path}{search}"
        return {"href": href, "rel": rel, "type": media_type, "title": title}

    def made(self, request: Request, body: object, media_type: str = _JSON) -> Response:
        """A body as it is sent, or 304 where the client holds it."""
        content = _text(body)
        return conditional(
            request,
            lambda: content,
            etag=hashlib.sha256(content).hexdigest()[:16],
            media_type=media_type,
            cache_control=ASK_AGAIN,
        )


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


def _places(gazetteer: Gazetteer, found: Result) -> dict[str, object]:
    """What words mean: ranked places with the names of what holds them, and parts likewise."""
    body = found.as_dict()
    del body["candidates"]
    places = [
        candidate.as_dict()
        | {"within": [place.name for place in gazetteer.ancestors(candidate.id)]}
        for candidate in found.candidates
    ]
    return body | {"places": places, "parts": [_places(gazetteer, p) for p in found.parts]}
