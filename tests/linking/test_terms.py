"""Reasons in words: how far two places and days lie apart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mapapp.linking.terms import _date_words, _place_words


def places(lat: float, radii: tuple[float, float], placed: bool = True) -> Any:
    """Two records on one meridian, the second at `lat`."""
    return SimpleNamespace(
        lat=[34.0, lat], lng=[62.0, 62.0], radius_m=radii, placed=[True, placed]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lat", "radii", "words"),
    [
        (34.0238, (1_000.0, 500.0), "2.6 km between the marks, 1.1 km beyond both radii"),
        (34.0238, (2_000.0, 1_500.0), "2.6 km between the marks, within the radii of 2 and 1.5 km"),
        (34.0, (500.0, 500.0), "0.0 km between the marks, within the radii of 0.5 and 0.5 km"),
    ],
)
def test_a_distance_has_its_tenths(lat: float, radii: tuple[float, float], words: str) -> None:
    assert _place_words(places(lat, radii), 0, 1) == words


def test_without_a_place_there_is_no_distance() -> None:
    words = _place_words(places(34.0, (1.0, 1.0), placed=False), 0, 1)
    assert words == "one is not known finer than the country"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (((10, 10), (10, 10)), "the same day"),
        (((10, 10), (11, 11)), "1 day apart"),
        (((10, 12), (15, 15)), "3 days apart"),
        (((10, 12), (11, 30)), "the days meet, known to 20 days"),
        (((10, 39), (11, 11)), "the days meet, known to 30 days"),
    ],
)
def test_days_apart_or_meeting(days: tuple[tuple[int, int], tuple[int, int]], words: str) -> None:
    (first, last), (second, end) = days
    both: Any = SimpleNamespace(start=[first, second], end=[last, end])
    assert _date_words(both, 0, 1) == words
    assert _date_words(both, 1, 0) == words
