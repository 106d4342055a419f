"""Engines: the shared scenario on each, and what an engine refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from mapapp.domain.batch import source_dates, source_origins
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.query import Dashboard
from mapapp.store import DuckDBEngine, Log
from mapapp.store.snapshot import tables_of
from tests.store.backends import ENGINES
from tests.store.generate import batch
from tests.store.scenario import EngineScenario


@pytest.fixture(scope="module", params=ENGINES)
def setting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Dashboard, Sequence[Incident]]]:
    log = Log.open(":memory:")
    log.append(batch(160), by="ana")
    held = log.read()
    engine = ENGINES[request.param](tmp_path_factory.mktemp("engine"), tables_of(held))
    incidents = assemble(
        held.records, held.claims, held.judgements,
        source_dates(held.sources), source_origins(held.sources),
    )  # fmt: skip
    yield Dashboard(engine), incidents
    engine.close()
    log.close()


@pytest.fixture
def dashboard(setting: tuple[Dashboard, Sequence[Incident]]) -> Dashboard:
    return setting[0]


@pytest.fixture
def incidents(setting: tuple[Dashboard, Sequence[Incident]]) -> Sequence[Incident]:
    return setting[1]


class TestEngine(EngineScenario):
    """The scenario on each engine."""


def test_sql_cannot_leave_the_snapshot(tmp_path: Path) -> None:
    engine = ENGINES["duckdb"](tmp_path, tables_of(Log.open(":memory:").read()))
    for statement in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY incidents TO '/tmp/out.csv'",
        "DROP TABLE incidents",
        "SET enable_external_access = true",
    ):
        with pytest.raises((duckdb.Error, StoreUnavailable)):
            engine.run(statement)
    assert engine.run('SELECT COUNT(*) AS "n" FROM "incidents"')["n"].to_pylist() == [0]
    engine.close()


def test_a_file_that_is_no_snapshot_is_named(tmp_path: Path) -> None:
    path = tmp_path / "snap-1.duckdb"
    path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreUnavailable, match=r"snap-1\.duckdb cannot be opened"):
        DuckDBEngine(path)
