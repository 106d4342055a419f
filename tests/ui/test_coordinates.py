"""Coordinates as people write them, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.ui.head.coordinates import read


@pytest.mark.parametrize(
    ("text", "lat", "lng"),
    [
        ("34.35, 62.2", 34.35, 62.2),
        ("34.35 62.2", 34.35, 62.2),
        ("34.35;62.2", 34.35, 62.2),
        ("34.35،62.2", 34.35, 62.2),
        ("۳۴٫۳۵، ۶۲٫۲", 34.35, 62.2),
        ("34,35; 62,2", 34.35, 62.2),
        ("34,5 62,2", 34.5, 62.2),
        ("34°20'N 62°12'E", 34 + 20 / 60, 62.2),
        ("34° 20′ 30″ N, 62° 12′ 0″ E", 34 + 20 / 60 + 30 / 3600, 62.2),
        ("N 34.35, E 62.2", 34.35, 62.2),
        ("62.2E 34.35N", 34.35, 62.2),
        ("34.35°N/62.2°E", 34.35, 62.2),
        ("33.9S 18.4W", -33.9, -18.4),
        ("-12.5, -77", -12.5, -77.0),
    ],
)
def test_a_pair_is_read(text: str, lat: float, lng: float) -> None:
    [(found_lat, found_lng)] = read(text)
    assert (round(found_lat, 6), round(found_lng, 6)) == (round(lat, 6), round(lng, 6))


@pytest.mark.parametrize(
    "text",
    [
        "", "Kabul", "12", "Police District 4", "34 20 62 12", "34 20 N, 62 12 E", "91, 200",
        "34°70'N 62°E", "34N 35N", "34N, 62", "N34N E62", "34.35, 62.2, 5", "2022-09-30",
        "34.3562.2",
    ],
)  # fmt: skip
def test_what_is_none_or_could_be_read_in_two_ways_is_not(text: str) -> None:
    assert read(text) == ()


def test_longitude_first_is_offered_where_that_lies_in_afghanistan() -> None:
    assert read("62.2, 34.35") == ((62.2, 34.35), (34.35, 62.2))


@given(
    st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 5)),
    st.floats(-180, 180, allow_nan=False).map(lambda x: round(x, 5)),
)
def test_what_is_written_is_read_back(lat: float, lng: float) -> None:
    assert read(f"{lat:.5f}, {lng:.5f}")[0] == (lat, lng)
    ns, ew = "NS"[lat < 0], "EW"[lng < 0]
    found = read(f"{abs(lat):.5f}{ns} {abs(lng):.5f}{ew}")[0]
    assert found == (lat, lng)
