"""The usual ways to put incidents on a map in Streamlit, for comparison (usual part).

Served as `streamlit run usual_app.py -- WAY PARQUET`: the rows are filtered with pandas and all
that are left go to the browser, as in the examples of each library.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import folium
import pandas as pd
import pydeck
import streamlit as st
from folium.plugins import FastMarkerCluster, MarkerCluster
from streamlit_folium import st_folium

from benchmarks.clicks import OPTIONS

HEIGHT_PX = 470
CENTRE = (33.9, 67.7)

#: Plain markers: what the library's own default adds is an icon font from the internet.
_MARKER = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"


@st.cache_resource
def rows(path: str) -> pd.DataFrame:
    return pd.read_parquet(path)


def narrowed(frame: pd.DataFrame, chosen: Sequence[str]) -> pd.DataFrame:
    """The rows that have one of the chosen options in each column that has any."""
    wanted: dict[str, list[str]] = {}
    for option in chosen:
        column, code = OPTIONS[option]
        wanted.setdefault(column, []).append(code)
    for column, codes in wanted.items():
        frame = frame[frame[column].isin(codes)]
    return frame


def show(way: str, kept: pd.DataFrame) -> None:
    if way == "pydeck":
        layer = pydeck.Layer(
            "ScatterplotLayer",
            kept[["lat", "lng"]],
            get_position=["lng", "lat"],
            get_radius=2000,
            radius_min_pixels=2,
            get_fill_color=[213, 94, 0],
        )
        view = pydeck.ViewState(latitude=CENTRE[0], longitude=CENTRE[1], zoom=5)
        deck = pydeck.Deck(layers=[layer], initial_view_state=view, map_provider=None)
        st.pydeck_chart(deck, height=HEIGHT_PX)
        return
    chart = folium.Map(location=CENTRE, zoom_start=6, tiles=None, prefer_canvas=True)
    chart.options["maxZoom"] = 18  # clusters need to know it, and there are no tiles to say it
    points = kept[["lat", "lng"]].to_numpy().tolist()
    if way == "MarkerCluster":
        MarkerCluster(points).add_to(chart)
    elif way == "FastMarkerCluster":
        FastMarkerCluster(points, callback=_MARKER).add_to(chart)
    else:
        features = [
            {"type": "Feature", "properties": {},
             "geometry": {"type": "Point", "coordinates": [lng, lat]}}
            for lat, lng in points
        ]  # fmt: skip
        marker = folium.CircleMarker(radius=3, fill=True)
        folium.GeoJson({"type": "FeatureCollection", "features": features}, marker=marker).add_to(
            chart
        )
    st_folium(chart, key="map", returned_objects=[], use_container_width=True, height=HEIGHT_PX)


def main() -> None:
    way, path = sys.argv[1:3]
    frame = rows(path)
    chosen = [option for option in OPTIONS if st.sidebar.checkbox(option)]
    kept = narrowed(frame, chosen)
    st.markdown(f"shown **{len(kept)}** of {'+'.join(chosen) or 'all'};")
    show(way, kept)


main()
