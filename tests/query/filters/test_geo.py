"""Distances over the whole earth: at the poles, across the antimeridian, of discs and of points."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import duckdb
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.incident import Incident
from mapapp.domain.place import PlaceRef
from mapapp.domain.selection import Circle, Corridor, Polygon
from mapapp.domain.vocab import GeoPrecision
from mapapp.query.filters import geo
from mapapp.query.filters.conditions import holds_any
from mapapp.query.tables import Expr, compile_query, table
from mapapp.snapshot.columns import finish, incident_columns
from tests.query.oracle import haversine_km, lies_in, to_leg_km
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
    yield from connected(places())


def connected(located: list[PlaceRef]) -> Iterator[duckdb.DuckDBPyConnection]:
    rng = random.Random(3)  # noqa: S311 - invented data
    incidents = [
        Incident(replace(record(rng, str(number)), place=place), ())
        for number, place in enumerate(located)
    ]
    rows = finish(incident_columns(incidents))
    connection = duckdb.connect()
    connection.register("incidents", rows.cast(pa.schema(rows.schema)))
    yield connection
    connection.close()


def possibly(shape: Circle | Corridor | Polygon) -> Expr:
    return geo.within(table("incidents"), shape, certain=False)


def surely(shape: Circle | Corridor | Polygon) -> Expr:
    return geo.within(table("incidents"), shape, certain=True)


def chosen(earth: duckdb.DuckDBPyConnection, condition: Expr) -> set[int]:
    query = table("incidents").filter(condition).select("id")
    rows = earth.sql(compile_query(query, "duckdb").sql).fetchall()
    return {int(key) for (key,) in rows}


def measured(
    earth: duckdb.DuckDBPyConnection, shape: Circle | Corridor | Polygon, *, certain: bool
) -> set[int]:
    """The same of places in memory, which numpy measures."""
    rows = earth.sql("FROM incidents WHERE mappable").to_arrow_table()
    lies = geo.within(geo.Columns(rows), shape, certain=certain)
    return {int(key) for key in rows["id"].filter(pa.array(lies)).to_pylist()}


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
    assert inside <= chosen(earth, possibly(Circle(lat, lng, km))) <= edge
    assert inside <= measured(earth, Circle(lat, lng, km), certain=False) <= edge


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
    kept = chosen(earth, possibly(corridor)) | measured(earth, corridor, certain=False)
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
    assert near_by <= chosen(earth, possibly(corridor)) & measured(earth, corridor, certain=False)


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
    assert (number in chosen(earth, possibly(circle))) is kept


def test_what_is_not_mappable_is_near_nothing(earth: duckdb.DuckDBPyConnection) -> None:
    nowhere = len(places()) - 1
    line = Corridor(((0.0, 0.0), (1.0, 1.0)), 2000.0)
    assert nowhere not in chosen(earth, possibly(Circle(0.0, 0.0, 2000.0)))
    assert nowhere not in chosen(earth, possibly(line))


#: Of every precision, about Kabul and Herat; areas by their outlines, two of them without one.
AFGHAN = [
    *(
        PlaceRef("x", geo_precision=precision, lat=lat, lng=lng, radius_m=radius)
        for precision, radius in (
            (GeoPrecision.SITE, None),
            (GeoPrecision.SETTLEMENT, 4_000.0),
            (GeoPrecision.SETTLEMENT, 40_000.0),
        )
        for lat in (33.9, 34.3, 34.52813, 34.9)
        for lng in (62.2, 68.9, 69.17233, 69.8)
    ),
    *(
        PlaceRef(
            "x", geo_precision=GeoPrecision(level), lat=lat, lng=lng, radius_m=30_000.0,
            area_id=area,
        )
        for level, area, lat, lng in (
            ("province", "prov:kabul", 34.56, 69.2), ("province", "prov:herat", 34.3, 62.2),
            ("province", "prov:logar", 33.98, 69.15), ("district", "dist:kabul/kabul", 34.5, 69.2),
            ("district", "dist:kabul/paghman", 34.6, 68.95),
            ("district", "dist:herat/herat", 34.35, 62.2),
            ("district", "dist:of/another-list", 34.5, 69.3),
        )
    ),
]  # fmt: skip

_near_kabul = st.tuples(st.floats(33.2, 35.6), st.floats(68.0, 70.6))
_shapes = st.one_of(
    st.builds(lambda at, km: Circle(at[0], at[1], km), _near_kabul, st.floats(1, 220)),
    st.builds(
        lambda points, km: Corridor(tuple(points), km),
        st.lists(_near_kabul, min_size=2, max_size=4),
        st.floats(1, 120),
    ),
    st.lists(_near_kabul, min_size=3, max_size=7, unique=True)
    .map(lambda points: Polygon(tuple(_about_their_middle(points))))
    .filter(lambda drawn: shapely.Polygon(drawn.points).area > 0.02),
    st.tuples(_near_kabul, _near_kabul)
    .filter(lambda two: abs(two[0][0] - two[1][0]) > 0.05 and abs(two[0][1] - two[1][1]) > 0.05)
    .map(lambda two: _rectangle(*two)),
)


def _about_their_middle(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points in an order in which their sides do not cross."""
    lat, lng = (sum(side) / len(points) for side in zip(*points, strict=True))
    return sorted(points, key=lambda at: math.atan2(at[0] - lat, at[1] - lng))


def _rectangle(a: tuple[float, float], b: tuple[float, float]) -> Polygon:
    drawn = Polygon((a, (a[0], b[1]), b, (b[0], a[1])))
    assert drawn.box is not None
    return drawn


def _moved(shape: Circle | Corridor | Polygon, by: float) -> Circle | Corridor | Polygon | None:
    """A shape a little larger or smaller, for what lies on its very border."""
    if isinstance(shape, Polygon):
        grown = shapely.Polygon([(lng, lat) for lat, lng in shape.points]).buffer(by / 100)
        if grown.is_empty or grown.geom_type != "Polygon":
            return None
        return Polygon(tuple((lat, lng) for lng, lat in grown.exterior.coords[:-1]))
    km = shape.radius_km * (1 + by)
    return replace(shape, radius_km=km) if km > 0 else None


@pytest.fixture(scope="module")
def afghan() -> Iterator[duckdb.DuckDBPyConnection]:
    yield from connected(AFGHAN)


@settings(max_examples=25)
@given(shape=_shapes, certain=st.booleans())
def test_a_shape_keeps_what_lies_there_surely_or_possibly_by_its_true_geometry(
    afghan: duckdb.DuckDBPyConnection, shape: Circle | Corridor | Polygon, certain: bool
) -> None:
    rng = random.Random(3)  # noqa: S311 - invented data
    incidents = [
        Incident(replace(record(rng, str(number)), place=place), ())
        for number, place in enumerate(AFGHAN)
    ]
    by_sql = chosen(afghan, geo.within(table("incidents"), shape, certain=certain))
    in_memory = measured(afghan, shape, certain=certain)
    smaller, larger = _moved(shape, -0.02), _moved(shape, 0.02)
    if smaller is not None:
        least = {n for n, own in enumerate(incidents) if lies_in(own, smaller, certain)}
        assert least <= by_sql & in_memory
    if larger is not None:
        most = {n for n, own in enumerate(incidents) if lies_in(own, larger, certain)}
        assert by_sql | in_memory <= most
    assert chosen(afghan, surely(shape)) <= chosen(afghan, possibly(shape))


def test_a_province_that_reaches_far_is_only_possibly_near_its_capital(
    afghan: duckdb.DuckDBPyConnection,
) -> None:
    herat = Circle(34.3482, 62.1997, 25)
    number = next(n for n, own in enumerate(AFGHAN) if own.area_id == "prov:herat")
    assert number in chosen(afghan, possibly(herat))
    assert number not in chosen(afghan, surely(herat))
    # Its disc would be there; its outline is not.
    logar = next(n for n, own in enumerate(AFGHAN) if own.area_id == "prov:logar")
    beyond = Circle(34.52813, 69.17233, 12)
    assert logar not in chosen(afghan, possibly(beyond))


def test_no_condition_is_never_fulfilled(earth: duckdb.DuckDBPyConnection) -> None:
    assert chosen(earth, geo.any_of([])) == set()
    assert holds_any(table("incidents").groups, ()) is None
    assert chosen(earth, holds_any(table("incidents").groups, ("\0",))) == set()
