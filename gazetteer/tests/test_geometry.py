"""Distances, bearings and points in polygons; reverse geocoding."""

from __future__ import annotations

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import BadCoordinatesError, Gazetteer
from gazetteer.geometry import bearing_deg, compass, contains, distance_m, move

LAT, LNG = st.floats(-80, 80), st.floats(-179, 179)


@given(LAT, LNG, LAT, LNG)
def test_distance_agrees_with_geopy(a: float, b: float, c: float, d: float) -> None:
    assert distance_m(a, b, c, d) == pytest.approx(great_circle((a, b), (c, d)).m, abs=1.0)


@given(st.floats(29, 39), st.floats(60, 75), st.floats(0, 359.9), st.floats(100, 200_000))
def test_move_goes_that_far_that_way(lat: float, lng: float, bearing: float, metres: float) -> None:
    to = move(lat, lng, bearing, metres)
    assert distance_m(lat, lng, *to) == pytest.approx(metres, rel=1e-6)
    turn = abs(bearing_deg(lat, lng, *to) - bearing) % 360
    assert min(turn, 360 - turn) < 0.01


def test_compass() -> None:
    assert [compass(b) for b in (0, 11, 12, 157.5, 359)] == ["N", "N", "NNE", "SSE", "N"]


def test_contains_respects_holes() -> None:
    square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
    polygon = {"type": "Polygon", "coordinates": [square, hole]}
    assert contains(polygon, 0.5, 0.5)
    assert not contains(polygon, 2, 2)
    assert not contains(polygon, 5, 5)


def test_reverse(gaz: Gazetteer) -> None:
    found = gaz.reverse(34.4, 62.2)
    assert found.province is not None
    assert found.district is not None
    assert found.province.id == "prov:herat"
    assert found.nearest is not None
    assert found.nearest.place.id == "town:herat/herat"
    assert found.nearest.compass == "N"
    assert found.nearest.distance_m == pytest.approx(5763, abs=60)


def test_every_town_reverses_to_its_district(gaz: Gazetteer) -> None:
    wrong = []
    for place in gaz.places():
        if place.placetype == "settlement" and place.lat is not None and place.lng is not None:
            found = gaz.reverse(place.lat, place.lng)
            if found.district is None or found.district.id != place.parent_id:
                wrong.append(place.id)
    assert len(wrong) <= 3, wrong  # towns a few hundred metres outside the 2014 outline


def test_outside_and_bad_coordinates(gaz: Gazetteer) -> None:
    assert gaz.reverse(0.0, 0.0).district is None
    for lat, lng in [(91.0, 0.0), (0.0, 181.0), (float("inf"), 0.0), (62.2, 34.4)]:
        with pytest.raises(BadCoordinatesError):
            gaz.reverse(lat, lng)


@given(st.floats(allow_nan=True), st.floats(allow_nan=True))
def test_no_coordinates_crash(lat: float, lng: float) -> None:
    try:
        Gazetteer.load().reverse(lat, lng)
    except BadCoordinatesError:
        assert not (29.4 <= lat <= 38.5 and 60.5 <= lng <= 74.9)
