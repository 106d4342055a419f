"""Engines: the shared scenario on each, and what an engine refuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from benchmarks.files import write_snapshot
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import StoreUnavailable
from mapapp.engine import engine as engine_module
from mapapp.query import Dashboard
from mapapp.snapshot.snapshot import tables_of
from mapapp.store import DuckDBEngine, Log
from tests.engine.backends import ENGINES
from tests.engine.engine_scenario import EngineScenario
from tests.store.generate import batch


@pytest.fixture(scope="module", params=ENGINES)
def setting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Dashboard, Sequence[Incident]]]:
    log = Log.open(":memory:")
    log.append(batch(160), by="ana")
    held = log.read()
    engine = ENGINES[request.param](tmp_path_factory.mktemp("engine"), tables_of(held))
    incidents = assemble(held.records, held.claims, held.judgements, held.sources)
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


def test_a_question_that_needs_more_memory_than_is_kept_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_LEAST_KEPT_MB", 8)
    path = tmp_path / "snap-1.duckdb"
    write_snapshot(path, 30_000)
    engine = DuckDBEngine(path)
    whole = 'SELECT * FROM "incidents" ORDER BY "killed_low" DESC NULLS LAST, "id"'
    with pytest.raises(duckdb.OutOfMemoryException):
        engine._ask(whole)
    assert engine.run(whole).num_rows == 30_000
    (limit,) = engine.run("SELECT current_setting('memory_limit') AS m")["m"].to_pylist()
    assert limit.startswith("7.6 MiB")
    engine.close()
    poor = DuckDBEngine(path, memory_mb=8)
    with pytest.raises(StoreUnavailable, match="narrow the selection"):
        poor.run(whole)
    poor.close()
