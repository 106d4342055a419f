"""The scripts and styles that pages load, put together from our files and Leaflet's.

Serves the step from map layer to pixel. One file a page instead of ten: each request that can fail
or be slow is one more way for a map to stay blank.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from mapapp.domain.problems import MapAppError

ASSETS = Path(__file__).parent / "assets"

#: Where `npm ci --prefix mapapp/map/npm` puts what the map takes from npm.
NPM = Path(__file__).parent / "npm" / "node_modules"

#: The ground around the country, as TopoJSON; scripts/base_map.py makes it.
WORLD = Path(__file__).parent / "data" / "world.json"

_LEAFLET = "leaflet:"  # a name with this prefix is a file of the Leaflet package
_NPM = "npm:"  # and one with this a file of a package of npm

#: Bundle name → its parts, in the order in which they run.
BUNDLES = MappingProxyType(
    {
        "map.js": (
            f"{_LEAFLET}leaflet.js",
            "maths/tiles.js",
            "maths/columns.js",
            "map/style.js",
            "map/canvas.js",
            "map/ground.js",
            "map/labels.js",
            "map/basemap.js",
            "map/marks.js",
            "map/paint.js",
            "map/shapes.js",
            "map/panel.js",
            "map/controls.js",
            "map/layers.js",
            "map/link.js",
            "map/asking.js",
            "map/seen.js",
            "map/drawing.js",
            "map/picking.js",
            "map/draw.js",
            "map/picture.js",
            "map/layer.js",
        ),
        "map.css": (f"{_LEAFLET}leaflet.css", "map/layer.css"),
        # Fetched only by maps that show the owner's own file of vector tiles.
        "vector_tiles.js": (f"{_NPM}protomaps-leaflet/dist/protomaps-leaflet.js",),
        "page.js": (
            "maths/tiles.js",
            "page/link.js",
            "page/ahead.js",
            "page/suggest.js",
            "page/bridge.js",
            "page/figures.js",
            "timeline/bars.js",
            "timeline/hand.js",
            "timeline/playback.js",
            "timeline/timeline.js",
            "timeline/component.js",
            "page/facet_list.js",
            "page/chips.js",
            "page/picture.js",
            "page/actions.js",
            "page/incident_table.js",
            "page/fields.js",
            "page/claims_grid.js",
            "page/place_map.js",
            "page/page_text.js",
            "page/desk.js",
            "page/module.js",
        ),
        "page.css": (
            "timeline/timeline.css",
            "page/facet_list.css",
            "page/chips.css",
            "page/actions.css",
            "page/incident_table.css",
            "page/claims_grid.css",
            "page/desk.css",
        ),
    }
)

_SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)


class AssetMissing(MapAppError):
    """A file that the map cannot do without is not installed."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file to serve: its bytes, and a version that changes with them (12 hex digits)."""

    content: bytes
    version: str


def leaflet_dir() -> Path:
    """The folder of Leaflet's files in the package that brings them.

    Raises AssetMissing where the package is not installed.
    """
    spec = find_spec("js_lib_leaflet")
    if spec is None or spec.origin is None:
        raise AssetMissing(
            "Leaflet is not installed; run `pip install django-js-lib-leaflet==1.9.4.1`"
        )
    return Path(spec.origin).parent / "static" / "js_lib_leaflet"


def bundle(name: str) -> Bundle:
    """The bundle of a name in `BUNDLES`, made anew when one of its files changes.

    Raises KeyError for another name, AssetMissing where a part is not there.
    """
    paths = tuple(_path(part) for part in BUNDLES[name])
    try:
        stamps = tuple(path.stat().st_mtime_ns for path in paths)
    except FileNotFoundError as error:
        from_npm = Path(error.filename).is_relative_to(NPM)
        remedy = "run `npm ci --prefix mapapp/map/npm`" if from_npm else "reinstall the package"
        raise AssetMissing(f"{error.filename} of the map is missing; {remedy}") from error
    return _join(paths, stamps)


def url(name: str, base: str = "assets") -> str:
    """The address of a bundle under `base`, with its version so that it can be kept for ever."""
    return f"{base}/{name}?v={bundle(name).version}"


def _path(part: str) -> Path:
    if part.startswith(_LEAFLET):
        return leaflet_dir() / part.removeprefix(_LEAFLET)
    if part.startswith(_NPM):
        return NPM / part.removeprefix(_NPM)
    return ASSETS / part


@lru_cache(maxsize=16)
def _join(paths: tuple[Path, ...], stamps: tuple[int, ...]) -> Bundle:
    del stamps  # part of the key only
    # A semicolon keeps one script's last line from running into the next one's first.
    between = b"\n;\n" if paths[0].suffix == ".js" else b"\n"
    content = between.join(_SOURCE_MAP.sub(b"", path.read_bytes()) for path in paths)
    return Bundle(content, hashlib.sha256(content).hexdigest()[:12])
