"""The standalone page: one HTML file with map, timeline, filters, table and who-says-so panels.

It opens from a disk with no network: scripts, styles, outlines and data are all inside, and its
Content-Security-Policy forbids every request (claims → HTML).
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gazetteer import Gazetteer
from mapapp.domain.problems import InvalidInput
from mapapp.exporters import terms
from mapapp.exporters.extract import Extract
from mapapp.exporters.standalone.data import payload
from mapapp.map.bundle import ASSETS as MAP_ASSETS
from mapapp.map.bundle import WORLD, bundle
from mapapp.map.layer import AFGHANISTAN, labels
from mapapp.map.place_names import place_names

_ASSETS: Final = Path(__file__).parent / "assets"

#: Scripts in the order in which they run; the map's are one bundle.
_PAGE_SCRIPTS: Final = (
    "page/link.js", "timeline/bars.js", "timeline/hand.js", "timeline/playback.js",
    "timeline/timeline.js",
)  # fmt: skip

#: The page's own, after those; the last holds the others together.
_SCRIPTS: Final = (
    "incidents.js", "address.js", "filters.js", "table.js", "panel.js", "views.js", "page.js",
)  # fmt: skip

#: Data larger than this are packed (deflate, base64): 5,000 incidents then fit into 2 MB.
_PLAIN_BYTES: Final = 400_000

#: Above so many a page of one file is slow on a phone.
MAX_INCIDENTS: Final = 20_000

#: Characters that could end a script element or a line of script, and what JSON may write instead.
_ESCAPES: Final = {
    ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026",
    0x2028: "\\u2028", 0x2029: "\\u2029",
}  # fmt: skip


def write(extract: Extract) -> bytes:
    """The page. Raises InvalidInput above `MAX_INCIDENTS`."""
    check_size(len(extract.incidents))
    scripts, styles = scripts_of_page(), styles_of_page()
    return render(
        "page.html",
        extract,
        policy=_policy(scripts, styles),
        scripts=[Markup(text) for text in scripts],  # noqa: S704 - our own files
        styles=[Markup(text) for text in styles],  # noqa: S704 - our own files
        data=embedded(payload(extract) | {"config": config(extract)}),
        outlines=_embedded_outlines(),
    )


def check_size(number: int) -> None:
    """Raises InvalidInput above `MAX_INCIDENTS`."""
    if number > MAX_INCIDENTS:
        raise InvalidInput(
            f"the page holds {MAX_INCIDENTS:,} incidents at most, the selection has "
            f"{number:,}; narrow it, or take CSV or GeoParquet"
        )


def config(extract: Extract) -> dict[str, Any]:
    """What the map is told beside its data; it begins with Afghanistan, or with all there is."""
    places = [i.record.place for i in extract.incidents if i.record.place.mappable]
    bounds: Any = AFGHANISTAN
    if places and any(incident.record.abroad for incident in extract.incidents):
        lats, lngs = ([getattr(place, name) for place in places] for name in ("lat", "lng"))
        bounds = [[min(lats) - 1, min(lngs) - 1], [max(lats) + 1, max(lngs) + 1]]  # degrees around
    return {"bounds": bounds, "attribution": terms.BOUNDARIES_SHORT, "labels": labels()}


def render(template: str, extract: Extract, **more: Any) -> bytes:
    """A page about an extract by a template beside this file."""
    page = _environment().get_template(template).render(
        title=extract.sentence,
        made=terms.made_line(extract),
        notes=extract.notes,
        readme=terms.readme(extract),
        **more,
    )  # fmt: skip
    return page.encode("utf-8", "replace")


def embedded(value: Any) -> Markup:
    """A value as JSON that can stand in a script element, packed where it is large."""
    plain = _json(value)
    if len(plain) > _PLAIN_BYTES:
        plain = _json({"packed": "deflate", "data": base64.b64encode(packed(value)).decode()})
    return Markup(plain.translate(_ESCAPES))  # noqa: S704 - nothing in it can end the element


def packed(value: Any) -> bytes:
    """A value as JSON, deflated."""
    return zlib.compress(_json(value).encode("utf-8", "replace"), 9)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@lru_cache
def _embedded_outlines() -> Markup:
    return embedded(outlines())


def outlines() -> dict[str, Any]:
    """The outlines of provinces and districts, and the ground and names of the map around them."""
    levels: dict[str, Any] = {level: _outlines(level) for level in ("province", "district")}
    world = json.loads(WORLD.read_text("utf-8"))
    return levels | {"world": world, "names": place_names(Gazetteer.load())}


@lru_cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_ASSETS), autoescape=True, undefined=StrictUndefined)


def scripts_of_page() -> list[str]:
    """The scripts in the order in which they run, fit to stand in the page."""
    files = [bundle("map.js").content.decode("utf-8")]
    files += [(MAP_ASSETS / name).read_text("utf-8") for name in _PAGE_SCRIPTS]
    files += [(_ASSETS / name).read_text("utf-8") for name in _SCRIPTS]
    # A script element ends at the first "</script", also inside a string or comment.
    return [_lines(text.replace("</", "<\\/").replace("<!--", "<\\!--")) for text in files]


def styles_of_page() -> list[str]:
    """The styles, in their order."""
    timeline = (MAP_ASSETS / "timeline/timeline.css").read_text("utf-8")
    css = (_ASSETS / "page.css").read_text("utf-8")
    return list(map(_lines, (bundle("map.css").content.decode("utf-8"), timeline, css)))


def _lines(text: str) -> str:
    """Line ends as the HTML reader makes them, or a hash of the text would not be the page's."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Nothing may be fetched, and only the scripts and styles that stand here may run."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _outlines(level: str) -> dict[str, Any]:
    """The outlines of a level to three decimals (100 m); repeated points are left out."""
    collection = Gazetteer.load().polygons(level)
    features = []
    for feature in collection["features"]:
        geometry = feature["geometry"]
        many = geometry["type"] == "MultiPolygon"
        shapes = geometry["coordinates"] if many else [geometry["coordinates"]]
        rounded = [[_ring(ring) for ring in rings] for rings in shapes]
        features.append(
            {
                "type": "Feature",
                "properties": feature["properties"],
                "geometry": {
                    "type": geometry["type"],
                    "coordinates": rounded if many else rounded[0],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _ring(ring: list[list[float]]) -> list[list[float]]:
    points: list[list[float]] = []
    for lng, lat, *_ in ring:
        point = [round(lng, 3), round(lat, 3)]
        if not points or points[-1] != point:
            points.append(point)
    return points
