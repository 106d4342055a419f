"""The OpenAPI 3.0 document of `/api`: every address, parameter and answer (serves route)."""

from __future__ import annotations

from typing import Any, Final

from mapapp import __version__
from mapapp.exporters import columns
from mapapp.exporters.columns import Column
from mapapp.query.filters.entry import Param
from mapapp.query.filters.link import PARAMS
from mapapp.web.api.params import LIMIT_DEFAULT, LIMIT_MAX
from mapapp.web.api.tiles import MAX_ZOOM

Json = dict[str, Any]

#: What a list parameter may hold: codes of letters and digits; one code at a time is enough.
_CODE: Final = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,60}$"}

_SCHEMAS: Final[dict[str, Json]] = {
    "day": {"type": "string", "format": "date", "example": "2022-09-30"},
    "flag": {"type": "string", "enum": ["1", "0"]},
    "range": {"type": "string", "pattern": r"^([0-9]{1,7}-?|-[0-9]{1,7})$", "example": "5-"},
    "text": {"type": "string", "maxLength": 200},
    "circle": {"type": "string", "example": "34.5,69.2,25"},
    "corridor": {"type": "string", "example": "34.3,62.2;34.4,62.5,10"},
}


def _schema(param: Param) -> Json:
    if param.kind == "choice":
        return {"type": "string", "enum": list(param.choices or ())}
    if param.kind != "codes":
        return _SCHEMAS[param.kind]
    items = {"type": "string", "enum": list(param.choices)} if param.choices else _CODE
    return {"type": "array", "items": items, "minItems": 1, "maxItems": 20}


#: Each filter: its schema and what it keeps.
FILTERS: Final = {param.name: (_schema(param), param.about) for param in PARAMS}

_TYPES: Final[dict[str, Json]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "array": {"type": "array", "items": {}},
}


def document(server_url: str) -> Json:
    """The whole document; `server_url` is where `/api` hangs."""
    filters = [_query(name, schema, about) for name, (schema, about) in FILTERS.items()]
    paging = [
        _query(
            "bbox",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
            "west,south,east,north in degrees (WGS 84). Incidents whose point lies inside; what is "
            "not mappable lies in none.",
        ),
        _query(
            "datetime",
            {"type": "string", "example": "2022-09-01/2022-09-30"},
            "A day, or an interval of days with `..` for an open end (RFC 3339; times of day are "
            "dropped). Incidents that can have been then.",
        ),
        _query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT},
            "How many items a page holds at most.",
        ),
        _query("after", {"type": "string"}, "Set by `next` links; no meaning of its own."),
    ]
    then = _query(
        "as_of",
        {"type": "string", "example": "2026-11-25"},
        "The data as recorded at the end of a day (UTC) or at a time like 2026-11-25T18:50:00Z; "
        "not before the first record.",
    )
    one = _path("id", {"type": "string"}, "The id of an incident.")
    tile = [
        _path("z", {"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}, "Zoom."),
        _path("x", {"type": "integer", "minimum": 0}, "Column, from the west."),
        _path("y", {"type": "integer", "minimum": 0}, "Row, from the north."),
    ]
    places = [
        _query("q", {"type": "string", "minLength": 1, "maxLength": 300}, "A place as a reporter "
               "wrote it, in any spelling.", required=True),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 20, "default": 5}, "How many "
               "candidates."),
    ]  # fmt: skip
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Afghanistan incidents, and who says so",
            "version": __version__,
            "description": "Incidents with every figure's source and speaker. OGC API – Features "
            "Part 1, vector tiles, and a gazetteer. Read-only; rate-limited.",
            "license": {"name": "Facts with citation; see `licence` of each source"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": name} for name in ("features", "incidents", "tiles", "places")],
        "paths": {
            "/api": _get("landing", "features", "What is here.", "Landing"),
            "/api/conformance": _get("conformance", "features", "Standards kept.", "Conformance"),
            "/api/openapi.json": _get("openapi", "features", "This document.", "Object",
                                      "application/vnd.oai.openapi+json;version=3.0"),
            "/api/collections": _get("collections", "features", "The collections.", "Collections"),
            "/api/collections/incidents": _get("collection", "features", "The collection of "
                                               "incidents.", "Collection"),
            "/api/collections/incidents/items": _get(
                "items", "features", "Incidents as GeoJSON, page by page in the order of ids.",
                "FeatureCollection", "application/geo+json", [*paging, then, *filters]),
            "/api/collections/incidents/items/{id}": _get(
                "item", "features", "One incident as GeoJSON.", "Feature", "application/geo+json",
                [one, _rule(), then], finds=True),
            "/api/incidents/{id}": _get(
                "incident", "incidents", "One incident with its claims and sources.", "Incident",
                parameters=[one, _rule(), then], finds=True),
            "/api/places": _get("places", "places", "Places that words mean, ranked.", "Places",
                                parameters=places),
            "/api/tiles.json": _get("tilejson", "tiles", "TileJSON of the vector tiles; filters "
                                    "are handed on to the tiles.", "TileJSON",
                                    parameters=[then, *filters],
                                    ),
            "/api/tiles/{z}/{x}/{y}.mvt": _get(
                "tile", "tiles", "A vector tile with the layers incidents or cells, and areas.",
                None, "application/vnd.mapbox-vector-tile", [*tile, then, *filters]),
        },
        "components": {"schemas": _schemas()},
    }  # fmt: skip


def _rule() -> Json:
    schema, about = FILTERS["rule"]
    return _query("rule", schema, about)


def _query(name: str, schema: Json, about: str, *, required: bool = False) -> Json:
    found: Json = {"name": name, "in": "query", "description": about, "schema": schema}
    found |= {"required": required}
    if schema.get("type") == "array":
        found |= {"style": "form", "explode": False}
    return found


def _path(name: str, schema: Json, about: str) -> Json:
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}


def _get(
    name: str,
    tag: str,
    about: str,
    schema: str | None,
    media_type: str = "application/json",
    parameters: list[Json] | None = None,
    *,
    finds: bool = False,
) -> Json:
    content = {"type": "string", "format": "binary"} if schema is None else _ref(schema)
    answers: Json = {
        "200": {"description": about, "content": {media_type: {"schema": content}}},
        "429": _problem("Asked too often; `Retry-After` says when to come back."),
        "503": _problem("The store cannot be read just now."),
    }
    # Each address refuses parameters that it does not know.
    answers["400"] = _problem("A parameter cannot be read; the answer names it and what to try.")
    if finds:
        answers["404"] = _problem("There is no such incident, or it may not leave.")
    own = {"operationId": name, "tags": [tag], "summary": about, "responses": answers}
    return {"get": own | {"parameters": parameters or []}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(about: str) -> Json:
    return {"description": about, "content": {"application/json": {"schema": _ref("Problem")}}}


def _object(properties: Json, required: tuple[str, ...] | None = None) -> Json:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties} | ({"required": names} if names else {})


def _null(schema: Json) -> Json:
    return schema | {"nullable": True}


def _list(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _column(column: Column) -> Json:
    about = {"description": column.about} if column.about else {}
    return _TYPES[column.kind] | about | {"nullable": column.kind != "array"}


def _schemas() -> Json:
    text: Json = {"type": "string"}
    number: Json = {"type": "integer"}
    links = _list(_ref("Link"))
    claim = _object({c.name: _column(c) for c in columns.CLAIMS if c.name != "incident_id"})
    claim["properties"]["value"] = {"nullable": True}
    point = _object(
        {
            "type": {"type": "string", "enum": ["Point"]},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2,
                            "maxItems": 2},
        }
    )  # fmt: skip
    return {
        "Object": {"type": "object"},
        "Link": _object(
            {"href": text, "rel": text, "type": text, "title": text}, ("href", "rel")
        ),
        "Problem": _object({"error": text, "field": _null(text), "remedy": text}),
        "Landing": _object({"title": text, "description": text, "links": links}),
        "Conformance": _object({"conformsTo": _list(text)}),
        "Collections": _object({"collections": _list(_ref("Collection")), "links": links}),
        "Collection": _object(
            {
                "id": text, "title": text, "description": text, "itemType": text,
                "extent": {"type": "object"}, "crs": _list(text), "links": links,
            }
        ),
        "Feature": _object(
            {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": text,
                "geometry": _null(point),
                "properties": _object({c.name: _column(c) for c in columns.INCIDENTS}),
                "links": links,
            },
            ("type", "id", "geometry", "properties"),
        ),
        "FeatureCollection": _object(
            {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": _list(_ref("Feature")),
                "links": links,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": number,
                "numberReturned": number,
            }
        ),
        "Incident": _object(
            {
                "incident": _object(
                    {"id": text, "title": text, "claims": _list(claim), "claims_withheld": number}
                ),
                "sources": _list({"type": "object"}),
                "links": links,
            }
        ),
        "Places": _object(
            {
                "query": text, "ambiguous": {"type": "boolean"}, "notes": _list(text),
                "places": _list(_object(
                    {
                        "id": text, "name": text, "placetype": text, "adm1_pcode": _null(text),
                        "adm2_pcode": _null(text), "lat": _null({"type": "number"}),
                        "lng": _null({"type": "number"}), "radius_m": {"type": "number"},
                        "score": {"type": "number"}, "reasons": _list(text), "within": _list(text),
                    }
                )),
            }
        ),
        "TileJSON": _object(
            {
                "tilejson": text, "name": text, "tiles": _list(text), "minzoom": number,
                "maxzoom": number, "attribution": text, "vector_layers": _list({"type": "object"}),
            }
        ),
    }  # fmt: skip
