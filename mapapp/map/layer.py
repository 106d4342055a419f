"""The folium map of incidents: base map, incident layer, and the token that sets its filter.

Serves the step from JSON to map layer. The base map's script is the same on every run, so that
st_folium never mounts it anew; what changes goes through `ViewToken` in `feature_group_to_add`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

import folium
from folium.elements import JSCSSMixin
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from mapapp.domain.actors import ACTORS
from mapapp.domain.basemaps import TileLayer
from mapapp.domain.vocab import DISPLAY_WORDS, NO_STATEMENT, AttributionKind, EventType, label
from mapapp.map import bundle

#: South-west and north-east of Afghanistan, lat-lng.
AFGHANISTAN = ((29.36, 60.47), (38.5, 74.92))

_TEMPLATE_OPENING = re.compile(r"\{(?=[{%#])")

ATTRIBUTION = "Boundaries of 2014: geoBoundaries, AIMS · places: GeoNames · Natural Earth"


class IncidentMap(folium.Map):  # type: ignore[misc]
    """A Leaflet map without any outside resource; add an `IncidentLayer` to it.

    `assets_url` and `data_url` are where the routes are mounted, from the document that draws the
    map: a component's frame lies two folders below the page, wherever that is. `tiles` are online
    layers that a reader may choose instead of our own ground; `vector_tiles` says that the owner's
    file of vector tiles is served beside the assets. `draws`: the page around it listens for areas
    that are drawn. `fits`: it shows the selection as large as it can, not the country; "afresh"
    whatever view the address has.
    """

    def __init__(
        self,
        *,
        assets_url: str = "../../assets",
        data_url: str = "../../data",
        tiles: Sequence[TileLayer] = (),
        vector_tiles: bool = False,
        inline: Mapping[str, Any] | None = None,
        draws: bool = False,
        fits: bool | Literal["afresh"] = False,
    ) -> None:
        (south, west), (north, east) = AFGHANISTAN
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            zoom_start=6,
            tiles=None,
            zoom_control="topright",
            font_size="13px",
            min_zoom=1,
            max_zoom=18,
            zoom_snap=0.25,
            wheel_px_per_zoom_level=110,
        )
        # The names are folium's own keys of the header, one entry each.
        self.default_js = [("incident_map", bundle.url("map.js", assets_url))]
        self.default_css = [("incident_map_css", bundle.url("map.css", assets_url))]
        # folium takes the two zoom limits for tile layers only.
        self.options |= {"minZoom": 1, "maxZoom": 18}
        self.add_child(
            IncidentLayer(
                data_url=data_url,
                geo_url=f"{assets_url}/geo",
                tiles=tiles,
                vector_tiles={
                    "script": bundle.url("vector_tiles.js", assets_url),
                    "url": f"{assets_url}/basemap.pmtiles",
                }
                if vector_tiles
                else None,
                inline=inline,
                draws=draws,
                fits=fits,
            ),
            name="incidents",
        )


class IncidentLayer(JSCSSMixin):  # type: ignore[misc]
    """The canvas layer that asks `data_url` for what to draw; see docs/map.md.

    `inline` holds `view`, and what a page that shall fetch nothing brings of `provinces`,
    `districts`, `world` and `names`.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own protocol
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = new IncidentLayer({{ this.script_config }});
            {{ this.get_name() }}.addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        *,
        data_url: str,
        geo_url: str,
        tiles: Sequence[TileLayer] = (),
        vector_tiles: Mapping[str, str] | None = None,
        inline: Mapping[str, Any] | None = None,
        draws: bool = False,
        fits: bool | Literal["afresh"] = False,
    ) -> None:
        super().__init__()
        self._name = "IncidentLayer"
        self.config: dict[str, Any] = {
            "dataUrl": data_url,
            "geoUrl": geo_url,
            "tiles": [asdict(layer) for layer in tiles],
            "vectorTiles": dict(vector_tiles) if vector_tiles else None,
            "draws": draws,
            "fits": fits,
            "bounds": AFGHANISTAN,
            "attribution": ATTRIBUTION,
            "labels": labels(),
        }
        if inline is not None:
            self.config["inline"] = dict(inline)

    @property
    def script_config(self) -> str:
        """The options as they stand in the script."""
        return script_json(self.config)


class ViewToken(folium.FeatureGroup):  # type: ignore[misc]
    """What the layer shows now, for `st_folium(feature_group_to_add=…)`: an empty group whose
    script calls the layer's `setFilter`.

    `query` is the URL form of the selection without `from`, `to` and `certain`; `date_from` and
    `date_to` are ISO days, and `certain` leaves out what lies in them only possibly; `selected` is
    the id of the open incident; `colour` one of kind, group, event_type.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.featureGroup();
            {{ this._parent.get_name() }}.incidentLayer.setFilter({{ this.script_token }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        query: str,
        *,
        date_from: str | None = None,
        date_to: str | None = None,
        certain: bool = False,
        selected: str | None = None,
        colour: str = "kind",
    ) -> None:
        super().__init__(name="incidents", control=False)
        self.token = {
            "query": query,
            "from": date_from,
            "to": date_to,
            "certain": certain,
            "selected": selected,
            "colour": colour,
        }

    @property
    def script_token(self) -> str:
        """The token as it stands in the script."""
        return script_json(self.token)


def script_json(value: Any) -> str:
    """JSON that may stand in a script of a page that folium renders.

    No text in it can end the script, and none can open a Jinja expression: branca renders the
    finished script as a template once more, on the server, so that `{{ … }}` in a search text
    would be run there. In JSON only strings can hold `{{`, `{%` or `{#`.
    """
    return _TEMPLATE_OPENING.sub(r"\\u007b", str(htmlsafe_json_dumps(value, sort_keys=True)))


def labels() -> dict[str, dict[str, str]]:
    """Words for the codes that the layer shows: kinds, actors, event types.

    `marks` are those of a kind where each incident has one: the legend counts by it.
    """
    return {
        "kinds": {code: label(code) for code in (*map(str, AttributionKind), NO_STATEMENT)},
        "marks": dict(DISPLAY_WORDS),
        "actors": {actor.id: actor.short for actor in ACTORS},
        "event_types": {code: label(code) for code in map(str, EventType)},
    }
