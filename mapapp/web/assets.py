"""Routes for scripts, styles and outlines (serves map layer → pixel).

Only names in a fixed table are served, so that no path is ever put together from a request.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.domain.problems import NotFound
from mapapp.map.bundle import BUNDLES, WORLD, Bundle, bundle, leaflet_dir
from mapapp.map.place_names import place_names
from mapapp.web.caching import conditional

_TYPES: Final = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/geo+json",
    "png": "image/png",
}
_LEVELS: Final = {"geo/provinces.json": "province", "geo/districts.json": "district"}

#: Leaflet's style sheet names these beside itself.
_IMAGES: Final = frozenset(
    f"images/{name}.png"
    for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
)

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, max-age=0, must-revalidate"


def asset(request: Request) -> Response:
    """One asset by its name; with its own version in `v` it may be kept for ever."""
    name = request.path_params["path"]
    found = _find(name)
    keep = FOR_EVER if request.query_params.get("v") == found.version else ASK_AGAIN
    return conditional(
        request,
        lambda: found.content,
        etag=found.version,
        media_type=_TYPES[name.rpartition(".")[2]],
        cache_control=keep,
    )


def basemap_file(_request: Request) -> Response:
    """The owner's file of vector tiles, whole or in ranges."""
    path = settings.read().basemap_file
    if path is None:
        raise NotFound("this installation has no base map of its own")
    return FileResponse(
        path, media_type="application/vnd.pmtiles", headers={"Cache-Control": ASK_AGAIN}
    )


def _find(name: str) -> Bundle:
    if name in BUNDLES:
        return bundle(name)
    if name in _LEVELS:
        return outlines(_LEVELS[name])
    if name == "geo/world.json":
        return _world()
    if name == "geo/names.json":
        return _names()
    if name in _IMAGES:
        return _image(name)
    raise NotFound(f"there is no asset of the name “{name[:80]}”")


@lru_cache
def outlines(level: str) -> Bundle:
    """The polygons of a level as GeoJSON, coordinates to five decimals (1 m)."""
    collection = Gazetteer.load().polygons(level)
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    return _bundle(text.encode("utf-8"))


@lru_cache
def _world() -> Bundle:
    return _bundle(WORLD.read_bytes())


@lru_cache
def _names() -> Bundle:
    """Names of towns and areas in three languages (see `mapapp.map.place_names`)."""
    names = place_names(Gazetteer.load())
    return _bundle(json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


@lru_cache
def _image(name: str) -> Bundle:
    return _bundle((leaflet_dir() / name).read_bytes())


def _bundle(content: bytes) -> Bundle:
    return Bundle(content, hashlib.sha256(content).hexdigest()[:12])
