"""Totals of map, histogram, figures and table against plain pandas, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import files
from benchmarks.pandas_way import PandasWay
from mapapp.domain.selection import Circle, Selection
from mapapp.domain.vocab import EventType
from mapapp.engine.spark import SparkConnectEngine
from mapapp.query import Dashboard
from mapapp.query.questions.series import Step
from mapapp.snapshot import summaries
from mapapp.snapshot.schema import TABLES
from mapapp.snapshot.snapshot import open_snapshot

ROWS = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic incidents as a snapshot of rows only, and as one with every summary."""
    made = tmp_path_factory.mktemp("totals")
    for name in ("rows", "summaries"):
        files.write_snapshot(made / f"{name}.duckdb", ROWS, seed=7)
    with duckdb.connect(str(made / "summaries.duckdb")) as connection:
        summaries.write_to(connection, ROWS, worth=1)
    return made


@pytest.fixture(scope="module")
def plain(folder: Path) -> PandasWay:
    return PandasWay(folder / "rows.duckdb")


@pytest.fixture(scope="module", params=["rows", "summaries"])
def dashboard(
    request: pytest.FixtureRequest, folder: Path, plain: PandasWay
) -> Iterator[Dashboard]:
    """After `plain`, which opens the file in a way of its own."""
    snapshot = open_snapshot(folder / f"{request.param}.duckdb")
    yield Dashboard(snapshot)
    snapshot.engine.close()


@pytest.fixture(scope="module")
def on_cluster(endpoint: str, folder: Path, plain: PandasWay) -> Iterator[Dashboard]:
    root = folder / "tables"
    snapshot = open_snapshot(folder / "rows.duckdb")
    for name in TABLES:
        (root / name).mkdir(parents=True)
        rows = snapshot.engine.run(f'SELECT * FROM "{name}"').cast(TABLES[name])  # noqa: S608
        pq.write_table(rows, root / name / "part-0.parquet")
    snapshot.engine.close()
    engine = SparkConnectEngine(endpoint, root, TABLES)
    yield Dashboard(engine)
    engine.close()


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Whole months as often as single days, and one or two other parts."""
    months = st.builds(lambda n: date(2004 + n // 12, n % 12 + 1, 1), st.integers(0, 260))
    days = st.dates(date(2004, 1, 1), date(2025, 12, 31))
    start = draw(st.one_of(st.none(), months, days))
    end = draw(st.one_of(st.none(), days)) if start is None else None
    part = draw(st.sampled_from(["none", "provinces", "types", "said", "killed", "text", "near"]))
    return Selection(
        date_from=start,
        date_to=end,
        date_certain=draw(st.booleans()),
        provinces=("AF01", "AF06") if part == "provinces" else (),
        event_types=tuple(map(str, list(EventType)[:3])) if part == "types" else (),
        groups=draw(st.sampled_from([("iskp",), ("dfa", "nrf")])) if part == "said" else (),
        kinds=draw(st.sampled_from([(), ("claimed",)])) if part in ("said", "types") else (),
        killed_min=3 if part == "killed" else None,
        text="kabul" if part == "text" else "",
        near=Circle(34.5, 69.2, 60) if part == "near" else None,
    )


def check(dashboard: Dashboard, plain: PandasWay, s: Selection, zooms: range) -> None:
    expected = plain.figures(s)
    figures = dashboard.figures(s)
    total = expected["incidents"]
    assert figures.incidents == dashboard.count(s) == total
    assert figures.not_mappable == expected["not_mappable"]
    assert (figures.killed.low or 0) == expected["killed_low"]
    assert (figures.killed.best or 0) == expected["killed_best"]
    assert (figures.killed.high or 0) == expected["killed_high"]
    assert (figures.wounded.low or 0) == expected["wounded_low"]
    assert (figures.wounded.high or 0) == expected["wounded_high"]
    table = dashboard.table(s, limit=50)
    assert table["id"].to_pylist() == plain.table(s)
    assert table.num_rows == min(50, total)
    points = plain.cells(s)["incidents"]
    for zoom in zooms:
        drawn = dashboard.picture(s, None, zoom)
        assert drawn.total == total
        assert drawn.mappable == total - expected["not_mappable"]
        assert (pc.sum(drawn.cells["count"]).as_py() or 0) == points
        areas = pc.sum(drawn.areas["count"]).as_py() or 0
        assert points + areas + expected["not_mappable"] == total
    steps: tuple[Step, ...] = ("month", "year")
    for step in steps:
        timed = dashboard.cell_bins(s, None, 6, step)
        stacked = dashboard.stacked(s, step, "display_kind")
        bins = dashboard.series(s, step)
        for column in ("certain", "possible"):
            assert pc.sum(bins[column]).as_py() == pc.sum(stacked[column]).as_py()
        assert (pc.sum(timed["count"]).as_py() or 0) <= points
    # One option of the precisions of dates and of places holds each incident.
    for part in ("date_precisions", "geo_precisions", "event_types"):
        if not getattr(s, part):
            assert sum(facet.count for facet in dashboard.facet(s, part)) == total


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(selection=selections())
def test_all_totals_agree_at_every_zoom(
    dashboard: Dashboard, plain: PandasWay, selection: Selection
) -> None:
    check(dashboard, plain, selection, range(0, 21))


@pytest.mark.spark
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(selection=selections(), zoom=st.integers(0, 18))
def test_all_totals_agree_on_a_cluster(
    on_cluster: Dashboard, plain: PandasWay, selection: Selection, zoom: int
) -> None:
    check(on_cluster, plain, selection, range(zoom, zoom + 2))
