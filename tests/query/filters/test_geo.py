"""Distances over the whole earth: at the poles, across the antimeridian, of discs and of points."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.incident import Incident
from mapapp.domain.place import PlaceRef
from mapapp.domain.selection import Circle, Corridor
from mapapp.domain.vocab import GeoPrecision
from mapapp.query.filters import geo
from mapapp.query.filters.conditions import holds_any
from mapapp.query.tables import Expr, compile_query, table
from mapapp.snapshot.columns import finish, incident_columns
from tests.query.oracle import haversine_km, to_leg_km
from tests.store.generate import record

#: Metres; None is a point whose radius nobody gives.
RADII = (None, 0.0, 1_500.0, 90_000.0, 400_000.0)
LATS = (-90.0, -89.9, -80.0, -33.3, 0.0, 34.5, 60.0, 79.0, 81.0, 89.5, 90.0)
LNGS = (-180.0, -179.9, -120.0, -0.1, 0.0, 69.2, 178.5, 179.95, 180.0)


def places() -> list[PlaceRef]:
    located = [
        PlaceRef("x", geo_precision=GeoPrecision.SITE, lat=lat, lng=lng, radius_m=radius)
        for lat in LATS
        for lng in LNGS
        for radius in RADII
    ]
    return [*located, PlaceRef("somewhere")]


@pytest.fixture(scope="module")
def earth() -> Iterator[duckdb.DuckDBPyConnection]:
    rng = random.Random(3)  # noqa: S311 - invented data
    incidents = [
        Incident(replace(record(rng, str(number)), place=place), ())
        for number, place in enumerate(places())
    ]
    rows = finish(incident_columns(incidents))
    connection = duckdb.connect()
    connection.register("incidents", rows.cast(pa.schema(rows.schema)))
    yield connection
    connection.close()


def chosen(earth: duckdb.DuckDBPyConnection, condition: Expr) -> set[int]:
    query = table("incidents").filter(condition).select("id")
    rows = earth.sql(compile_query(query, "duckdb").sql).fetchall()
    return {int(key) for (key,) in rows}


def expected(distance_km: list[float | None], limit: float) -> tuple[set[int], set[int]]:
    """What is surely within a distance, and what may be: rounding decides on the edge itself."""
    inside = {n for n, km in enumerate(distance_km) if km is not None and km <= limit - 0.001}
    edge = {n for n, km in enumerate(distance_km) if km is not None and km <= limit + 0.001}
    return inside, edge


def away(place: PlaceRef, km: float) -> float:
    return km - (place.radius_m or 0.0) / 1000


@settings(max_examples=40, deadline=None)
@given(
    lat=st.one_of(st.sampled_from(LATS), st.floats(-90, 90)),
    lng=st.one_of(st.sampled_from(LNGS), st.floats(-180, 180)),
    km=st.one_of(st.sampled_from([0.1, 25.0, 300.0, 2000.0]), st.floats(0.1, 2000)),
)
def test_a_circle_anywhere_keeps_what_a_great_circle_reaches(
    earth: duckdb.DuckDBPyConnection, lat: float, lng: float, km: float
) -> None:
    distances = [
        None
        if place.lat is None or place.lng is None
        else away(place, haversine_km(place.lat, place.lng, lat, lng))
        for place in places()
    ]
    inside, edge = expected(distances, km)
    assert inside <= chosen(earth, geo.near(table("incidents"), Circle(lat, lng, km))) <= edge


@settings(max_examples=25, deadline=None)
@given(
    points=st.lists(st.tuples(st.floats(-89, 89), st.floats(-170, 170)), min_size=1, max_size=4),
    km=st.floats(1, 800),
)
def test_a_corridor_keeps_what_its_nearest_leg_reaches(
    earth: duckdb.DuckDBPyConnection, points: list[tuple[float, float]], km: float
) -> None:
    corridor = Corridor(tuple(points), km)
    legs = list(pairwise(points)) or [(points[0], points[0])]
    distances = [
        None
        if place.lat is None or place.lng is None
        else away(place, min(to_leg_km((place.lat, place.lng), *leg) for leg in legs))
        for place in places()
    ]
    kept = chosen(earth, geo.along(table("incidents"), corridor))
    inside, edge = expected(distances, km)
    # A flat map of a leg has no far side of the antimeridian, nor a pole: the box may leave out
    # what only the plane calls near. What is kept is never farther than the limit.
    assert kept <= edge
    near_by = {
        n
        for n in inside
        if (p := places()[n]).lat is not None
        and p.lng is not None
        and min(haversine_km(p.lat, p.lng, *point) for point in points) - (p.radius_m or 0) / 1000
        <= km - 0.001
    }
    assert near_by <= kept


@pytest.mark.parametrize(
    ("circle", "place", "kept"),
    [
        # A pole is as far from every longitude.
        (Circle(90.0, 0.0, 60.0), (89.5, -120.0, None), True),
        (Circle(89.9, 10.0, 100.0), (89.5, -180.0, None), True),
        (Circle(-90.0, 77.0, 12.0), (-89.9, 0.0, None), True),
        (Circle(-90.0, 77.0, 11.0), (-89.9, 0.0, None), False),
        # Across the antimeridian.
        (Circle(0.0, 179.95, 20.0), (0.0, -179.9, None), True),
        (Circle(0.0, 179.95, 15.0), (0.0, -179.9, None), False),
        (Circle(0.0, 179.0, 50.0), (0.0, -179.9, 90_000.0), True),
        # No radius is a point, and a disc reaches as far as its rim.
        (Circle(34.5, 70.2, 91.0), (34.5, 69.2, None), False),
        (Circle(34.5, 70.2, 92.0), (34.5, 69.2, None), True),
        (Circle(34.5, 70.2, 2.0), (34.5, 69.2, 90_000.0), True),
        (Circle(34.5, 70.2, 1.0), (34.5, 69.2, 90_000.0), False),
    ],
)
def test_circles_by_hand(
    earth: duckdb.DuckDBPyConnection,
    circle: Circle,
    place: tuple[float, float, float | None],
    kept: bool,
) -> None:
    (number,) = [n for n, p in enumerate(places()) if (p.lat, p.lng, p.radius_m) == place]
    assert (number in chosen(earth, geo.near(table("incidents"), circle))) is kept


def test_what_is_not_mappable_is_near_nothing(earth: duckdb.DuckDBPyConnection) -> None:
    nowhere = len(places()) - 1
    line = Corridor(((0.0, 0.0), (1.0, 1.0)), 2000.0)
    assert nowhere not in chosen(earth, geo.near(table("incidents"), Circle(0.0, 0.0, 2000.0)))
    assert nowhere not in chosen(earth, geo.along(table("incidents"), line))


def test_no_condition_is_never_fulfilled(earth: duckdb.DuckDBPyConnection) -> None:
    assert chosen(earth, geo.any_of([])) == set()
    assert holds_any(table("incidents").groups, ()) is None
    assert chosen(earth, holds_any(table("incidents").groups, ("\0",))) == set()
