"""The folium map: no outside resource, one base script for ever, tokens that cannot break out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import streamlit_folium as st_folium
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain import basemaps
from mapapp.map.layer import AFGHANISTAN, IncidentMap, ViewToken, labels, script_json

GOLDEN = Path(__file__).parent / "map.golden.html"

HOSTILE = (
    "</script><img src=x onerror=alert(1)>${alert(2)}`'\"{{ 'x' }}{% raw %}{# }}\u2028"
    "{{{ cycler.__init__ }}}{{ 7 * 7 }}"
)


def html_of(incident_map: IncidentMap) -> str:
    """The page of a map, with ids and versions made the same on every run."""
    html = incident_map.get_root().render()
    html = re.sub(r"\b([a-z_]+?)_[0-9a-f]{32}\b", r"\1_ID", html)
    html = re.sub(r"\?v=[0-9a-f]{12}", "?v=VERSION", html)
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


def test_the_page_of_the_map_is_the_golden_one() -> None:
    incident_map = IncidentMap()
    incident_map.add_child(ViewToken("kind=claimed", date_from="2022-01-01", selected="afg-1"))
    assert html_of(incident_map) == GOLDEN.read_text("utf-8"), (
        "the map's page changed; if it was meant, write the new one with "
        "`python -m tests.map.test_layer` and review its diff"
    )


def test_nothing_comes_from_elsewhere() -> None:
    html = html_of(IncidentMap())
    assert not re.findall(r"""(?:src|href)=["'](?:[a-z]+:)?//""", html)
    assert "http" not in html.replace('http-equiv="content-type"', "")
    for word in ("jquery", "bootstrap", "awesome", "cdn"):
        assert word not in html.lower()


def test_addresses_follow_where_the_routes_are_mounted() -> None:
    html = html_of(IncidentMap(assets_url="/base/assets", data_url="/base/data"))
    assert 'src="/base/assets/map.js?v=VERSION"' in html
    assert '"dataUrl": "/base/data"' in html
    assert '"geoUrl": "/base/assets/geo"' in html


def test_base_maps_are_there_only_when_the_owner_offers_them() -> None:
    layers = basemaps.read_layers("OpenStreetMap.Mapnik")
    html = html_of(IncidentMap(tiles=layers, vector_tiles=True))
    assert "https://tile.openstreetmap.org/{z}/{x}/{y}.png" in html
    assert '"url": "../../assets/basemap.pmtiles"' in html
    plain = html_of(IncidentMap())
    assert '"tiles": []' in plain
    assert '"vectorTiles": null' in plain


def scripts(query: str) -> tuple[str, str]:
    """The base map's and the token's script, as st_folium makes them."""
    incident_map = IncidentMap()
    incident_map.get_root().render()
    base = st_folium._get_map_string(incident_map)
    token = st_folium._get_feature_group_string(ViewToken(query), map=incident_map)
    return base, token


def test_the_base_script_is_the_same_for_every_filter_and_the_token_is_not() -> None:
    base, token = scripts("kind=claimed")
    other_base, other_token = scripts("kind=denied")
    assert base == other_base
    assert token != other_token
    assert "map_div.incidentLayer.setFilter(" in token
    assert "feature_group_feature_group_0" in token


def test_a_hostile_query_stays_inside_its_string() -> None:
    _, token = scripts(HOSTILE)
    argument = re.search(r"setFilter\((\{.*?\})\);", token)
    assert argument is not None
    assert json.loads(argument[1])["query"] == HOSTILE
    assert "<" not in argument[1]
    assert "'" not in argument[1]


def test_no_text_is_run_as_a_template_on_the_server() -> None:
    incident_map = IncidentMap()
    incident_map.add_child(ViewToken(HOSTILE))
    html = incident_map.get_root().render()
    argument = re.search(r"setFilter\((\{.*\})\);", html)
    assert argument is not None
    assert json.loads(argument[1])["query"] == HOSTILE


@given(
    st.recursive(
        st.text("{}%#x\"\\</>'& "), lambda s: st.lists(s) | st.dictionaries(st.text("{%"), s)
    )
)
def test_any_value_comes_back_from_a_script_and_opens_no_template(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not re.search(r"\{[{%#]", text)
    assert "<" not in text


def test_labels_name_every_code_that_the_layer_shows() -> None:
    words = labels()
    assert words["kinds"]["none"] == "no statement"
    assert words["actors"]["iskp"] == "ISKP"
    assert all(words["event_types"].values())


def test_the_first_view_is_afghanistan_lat_before_lng() -> None:
    (south, west), (north, east) = AFGHANISTAN
    assert 29 < south < north < 39
    assert 60 < west < east < 75


def test_inline_data_go_into_the_page_as_json() -> None:
    view: dict[str, Any] = {"mode": "incidents", "incidents": [{"title": HOSTILE}]}
    html = IncidentMap(inline={"view": view}).get_root().render()
    assert "</script><img" not in html
    assert "\\u003c/script\\u003e" in html


if __name__ == "__main__":
    golden = IncidentMap()
    golden.add_child(ViewToken("kind=claimed", date_from="2022-01-01", selected="afg-1"))
    GOLDEN.write_text(html_of(golden), "utf-8")
