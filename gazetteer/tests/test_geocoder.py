"""The contract geopy's own geocoders are held to, kept by GazetteerGeocoder."""

from __future__ import annotations

from typing import Any

import pytest
from geopy.distance import distance
from geopy.exc import GeocoderQueryError, GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from gazetteer import GazetteerGeocoder


@pytest.fixture(scope="module")
def geocoder() -> GazetteerGeocoder:
    return GazetteerGeocoder()


def test_is_a_geocoder(geocoder: GazetteerGeocoder) -> None:
    assert isinstance(geocoder, Geocoder)
    assert GazetteerGeocoder(timeout=3, user_agent="test").timeout == 3


def test_geocode_one(geocoder: GazetteerGeocoder) -> None:
    found = geocoder.geocode("Police District 4 of Herat")
    assert isinstance(found, Location)
    assert found.latitude == pytest.approx(34.348, abs=0.01)
    assert found.longitude == pytest.approx(62.2, abs=0.01)
    assert found.raw["id"] == "cd:herat/herat/4"
    assert found.raw["ambiguous"] is False
    assert found.raw["radius_m"] > 0
    assert found.address.endswith("Herat district, Herat province, Afghanistan")


def test_geocode_many(geocoder: GazetteerGeocoder) -> None:
    found = geocoder.geocode("Faizabad", exactly_one=False)
    assert isinstance(found, list)
    assert len(found) > 1
    assert found[0].raw["ambiguous"] is True
    assert [f.raw["score"] for f in found] == sorted((f.raw["score"] for f in found), reverse=True)


def test_nothing_is_none(geocoder: GazetteerGeocoder) -> None:
    assert geocoder.geocode("Dushanbe") is None
    assert geocoder.geocode("Dushanbe", exactly_one=False) is None
    assert geocoder.geocode("Herat", accept_ambiguous=False) is None
    assert geocoder.geocode("Herat province", accept_ambiguous=False) is not None


@pytest.mark.parametrize("query", ["", "  "])
def test_bad_queries(geocoder: GazetteerGeocoder, query: str) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(query)


@pytest.mark.parametrize("query", ["!!!", "-", "Кундуз", "a" * 30_000])
def test_words_that_cannot_be_read_are_no_place(geocoder: GazetteerGeocoder, query: str) -> None:
    assert geocoder.geocode(query) is None


def test_context(geocoder: GazetteerGeocoder) -> None:
    found = geocoder.geocode("Arghandab", within="prov:zabul")
    assert isinstance(found, Location)
    assert found.raw["adm2_pcode"] == "AF2605"
    with pytest.raises(GeocoderQueryError, match="No place has the id"):
        geocoder.geocode("Arghandab", within="prov:nowhere")


@pytest.mark.parametrize("point", [(34.34, 62.2), "34.34, 62.2", Point(34.34, 62.2)])
def test_reverse(geocoder: GazetteerGeocoder, point: Any) -> None:
    found = geocoder.reverse(point)
    assert isinstance(found, Location)
    assert found.raw["adm2_pcode"] == "AF3201"
    assert found.raw["nearest"]["id"] == "town:herat/herat"
    assert (found.latitude, found.longitude) == (34.34, 62.2)
    several = geocoder.reverse(point, exactly_one=False)
    assert isinstance(several, list)
    assert [f.raw.get("id") for f in several[1:]] == [
        "town:herat/herat",
        "dist:herat/herat",
        "prov:herat",
    ]


def test_reverse_outside_is_none(geocoder: GazetteerGeocoder) -> None:
    assert geocoder.reverse((51.5, 0.0)) is None


@pytest.mark.parametrize("point", [(91.0, 0.0), (62.2, 34.34), "not a point", (float("nan"), 1.0)])
def test_reverse_of_bad_coordinates(geocoder: GazetteerGeocoder, point: Any) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.reverse(point)


def test_swapped_coordinates_are_explained(geocoder: GazetteerGeocoder) -> None:
    with pytest.raises(GeocoderQueryError, match="latitude comes first"):
        geocoder.reverse((62.2, 34.34))


def test_works_in_the_rate_limiter_and_with_distances(geocoder: GazetteerGeocoder) -> None:
    geocode = RateLimiter(geocoder.geocode, min_delay_seconds=0.0, swallow_exceptions=False)
    kabul, herat = geocode("Kabul city"), geocode("Herat city")
    assert distance(kabul.point, herat.point).km == pytest.approx(641, abs=15)


class _Online:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def geocode(self, query: str, **options: Any) -> Location:
        self.asked.append(query)
        return Location("elsewhere", Point(38.5, 68.8), {"from": "online"})


def test_fallback_is_off_unless_given() -> None:
    online = _Online()
    with_one = GazetteerGeocoder(fallback=online, fallback_delay_s=0.0)
    found = with_one.geocode("Dushanbe")
    assert isinstance(found, Location)
    assert found.raw == {"from": "online"}
    known = with_one.geocode("Herat city")
    assert isinstance(known, Location)
    assert online.asked == ["Dushanbe"]


def test_errors_are_geopys(geocoder: GazetteerGeocoder) -> None:
    assert issubclass(GeocoderQueryError, GeopyError)
    with pytest.raises(GeopyError):
        geocoder.geocode("Herat", within="prov:nowhere")
