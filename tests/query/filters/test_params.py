"""Readers of single values that pages and routes share."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.query.filters.params import (
    MAX_ZOOM,
    Fault,
    read_as_of,
    read_bounds,
    read_whole_number,
    read_zoom,
)

lng = st.floats(-180, 180)
lat = st.floats(-90, 90)


@given(lng, lat, lng, lat)
def test_bounds_are_read_as_they_are_written(
    west: float, one: float, east: float, two: float
) -> None:
    bounds = (west, min(one, two), east, max(one, two))
    assert read_bounds(",".join(map(repr, bounds))) == bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("60.5,29.4,74.9,38.5", (60.5, 29.4, 74.9, 38.5)),
        ("170,-20,-170,20", (170, -20, -170, 20)),
        ("-180,-90,180,90", (-180, -90, 180, 90)),
        ("69,34,69,34", (69, 34, 69, 34)),
        ("60,29,0,75,39,9000", (60, 29, 75, 39)),
        (" 60 , 29 , 75 , 39 ", (60, 29, 75, 39)),
    ],
)
def test_bounds(text: str, bounds: tuple[float, ...]) -> None:
    assert read_bounds(text) == bounds


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "not four numbers"),
        ("1,2,3", "not four numbers"),
        ("1,2,3,4,5", "not four numbers"),
        ("a,b,c,d", "not four numbers"),
        ("nan,0,1,1", "not four numbers"),
        ("0,0,1e400,1", "not four numbers"),
        ("0,50,10,40", "south above its north"),
        ("-180.1,0,1,1", "beyond the globe"),
        ("0,0,180.1,1", "beyond the globe"),
        ("0,-90.1,1,1", "beyond the globe"),
        ("0,0,1,90.1", "beyond the globe"),
    ],
)
def test_bounds_that_are_none(text: str, fault: str) -> None:
    with pytest.raises(Fault) as caught:
        read_bounds(text)
    assert fault in caught.value.fault
    assert "west,south,east,north" in caught.value.remedy


def test_a_moment_is_a_day_or_a_time() -> None:
    assert read_as_of("2026-11-25").day == date(2026, 11, 25)
    assert read_as_of("2026-11-25T18:50:00Z").text == "2026-11-25T18:50:00Z"
    with pytest.raises(Fault) as caught:
        read_as_of("yesterday")
    assert "yesterday" in caught.value.fault
    assert "2026-11-25" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "-1", "23", "5.0", "٥", "1e1", " 5", "0" * 10])
def test_a_zoom_that_is_none(text: str) -> None:
    with pytest.raises(Fault) as caught:
        read_zoom(text)
    assert f"0 to {MAX_ZOOM}" in caught.value.remedy


def test_whole_numbers_have_both_ends() -> None:
    assert [read_zoom(text) for text in ("0", "05", "22")] == [0, 5, 22]
    assert [read_whole_number(text, 3, 5) for text in ("3", "5")] == [3, 5]
    for text in ("2", "6", str(math.inf)):
        with pytest.raises(Fault):
            read_whole_number(text, 3, 5)
