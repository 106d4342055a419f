"""The Spark Connect engine: the shared scenario on a cluster, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import files, generator
from benchmarks.selections import CLICKS
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.engine.spark import SparkConnectEngine
from mapapp.query import Dashboard
from mapapp.settings import Settings
from mapapp.snapshot import summaries
from mapapp.snapshot.schema import BASE, INCIDENTS, TABLES
from mapapp.snapshot.snapshot import open_snapshot, tables_of, write
from mapapp.store import Log, Store
from mapapp.store.default import open_store
from mapapp.store.spark_job import Sizes, build, main, new_version
from mapapp.store.spark_store import SparkStore, remote_snapshot
from tests.engine.clusters import sail
from tests.engine.engine_scenario import EngineScenario
from tests.query.answers import QUESTIONS
from tests.store.generate import batch

pytestmark = [
    pytest.mark.spark,
    # What the client says beside the error that we raise.
    pytest.mark.filterwarnings("ignore:.RETRIES_EXCEEDED.:UserWarning"),
]


def write_tables(root: Path, tables: Mapping[str, pa.Table]) -> None:
    for name, table in tables.items():
        (root / name).mkdir(parents=True)
        pq.write_table(table, root / name / "part-0.parquet")


@pytest.fixture(scope="module")
def setting(
    endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Dashboard, Sequence[Incident]]]:
    log = Log.open(":memory:")
    log.append(batch(160), by="ana")
    held = log.read()
    root = tmp_path_factory.mktemp("tables")
    meta = pa.table({"key": ["seq"], "value": ["1"]})
    write_tables(root, {**tables_of(held), "meta": meta})
    engine = SparkConnectEngine(endpoint, root, TABLES)
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


class TestCluster(EngineScenario):
    """The scenario that every engine passes."""


ROWS = 6000


@pytest.fixture(scope="module")
def built(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Synthetic rows as Parquet and as a snapshot, and the tables the job builds of them."""
    folder = tmp_path_factory.mktemp("job")
    files.write_parquet(folder / "rows.parquet", ROWS, seed=3)
    files.write_snapshot(folder / "snap-1.duckdb", ROWS, seed=3)
    root = build(
        endpoint,
        str(folder / "rows.parquet"),
        str(folder / "tables"),
        snapshot=folder / "snap-1.duckdb",
        sizes=Sizes(partitions=3, rows_at_once=1500, worth=1, summaries_from=0),
    )
    return folder, root


def test_the_job_derives_what_the_snapshot_derives(endpoint: str, built: tuple[Path, str]) -> None:
    engine = SparkConnectEngine(endpoint, built[1], TABLES)
    own = engine.run("SELECT * FROM `incidents` ORDER BY `id`")
    expected = generator.incidents(ROWS, seed=3).sort_by("id")
    for name in INCIDENTS.names:
        if name in ("west", "south", "east", "north"):
            gap = np.abs(own[name].to_numpy() - expected[name].to_numpy())
            assert np.nanmax(gap) < 1e-9, name
        elif name != "row":  # numbered by file, not over all
            assert own[name].to_pylist() == expected[name].to_pylist(), name
    assert len(set(own["row"].to_pylist())) == ROWS
    engine.close()


def test_the_table_is_in_files_by_year_in_the_order_of_cells(built: tuple[Path, str]) -> None:
    parts = sorted(Path(built[1]).glob("incidents/year=*/*.parquet"))
    assert len({part.parent.name for part in parts}) > 20
    for part in parts:
        rows = pq.ParquetFile(part).read(["month", "cell", "id"]).to_pylist()
        keys = [(row["month"], row["cell"] is not None, row["cell"], row["id"]) for row in rows]
        whole = [key for key in keys if key[1]]
        assert whole == sorted(whole)


def test_a_data_folder_is_read_through_the_engine_that_one_address_names(
    endpoint: str, built: tuple[Path, str]
) -> None:
    folder = built[0]
    store = open_store(folder, Settings(MAPAPP_ENGINE=endpoint))
    assert isinstance(store, SparkStore)
    snapshot = store.current()
    assert snapshot.meta["incidents"] == str(ROWS)
    assert snapshot.meta["sources"] == "40"
    embedded = open_snapshot(folder / "snap-1.duckdb")
    kept = summaries.held(snapshot.meta)
    assert {"map", "figures_by_month", "figures_by_event"} <= set(kept)
    ours, theirs, rows = Dashboard(embedded), Dashboard(snapshot), Dashboard(snapshot.engine)
    for name in ("everything", "three years", "claimed by a group", "text"):
        for question in ("figures", "series by month", "picture 7", "bins", "facet provinces"):
            ask = QUESTIONS[question]
            assert ask(ours, CLICKS[name]) == ask(theirs, CLICKS[name]), (name, question)
    for question in QUESTIONS:
        if question not in ("table", "features", "unmappable"):  # 6000 rows each, and tried above
            assert QUESTIONS[question](ours, MARCH) == QUESTIONS[question](theirs, MARCH), question
    # The answers are kept by engine: what the rows say is asked of another.
    assert rows.count(Selection()) == ours.count(Selection())
    embedded.engine.close()
    store.close()


#: A year that begins and ends with a month.
MARCH = Selection(date_from=date(2019, 3, 1), date_to=date(2020, 2, 29), kinds=("claimed",))


def test_the_tables_of_a_published_snapshot_are_the_snapshot(endpoint: str, tmp_path: Path) -> None:
    log = Log.open(":memory:")
    log.append(batch(60), by="ana")
    write(tmp_path / "snap-7.duckdb", tables_of(log.read()), seq=7)
    log.close()
    arguments = ["--engine", endpoint, "--snapshot", str(tmp_path / "snap-7.duckdb")]
    assert main([*arguments, "--tables", str(tmp_path / "tables")]) == 0
    store = open_store(tmp_path, Settings(MAPAPP_ENGINE=endpoint))
    snapshot, embedded = store.current(), open_snapshot(tmp_path / "snap-7.duckdb")
    assert snapshot.seq == 7
    ours, theirs = Dashboard(embedded), Dashboard(snapshot)
    everything = Selection(background=True, abroad=True)
    for row in ours.table(everything)["id"].to_pylist()[:5]:
        assert theirs.incident(row) == ours.incident(row)
    for question in ("table", "sources", "features", "labels"):
        assert QUESTIONS[question](theirs, everything) == QUESTIONS[question](ours, everything)
    with pytest.raises(InvalidInput, match="not built of this dashboard's log"):
        store.append(batch(1), by="ana")
    # A newer build is read from the next question on.
    assert main([*arguments, "--tables", str(tmp_path / "tables")]) == 0
    assert store.current() is not snapshot
    embedded.engine.close()
    store.close()


def test_two_builds_of_one_second_have_folders_of_their_own() -> None:
    at = datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC)
    names = {new_version(at) for _ in range(50)}
    assert len(names) == 50
    assert all(name.startswith("v-20260301T123005-") for name in names)


def test_without_an_address_the_store_is_embedded(tmp_path: Path) -> None:
    store = open_store(tmp_path, Settings())
    assert type(store) is Store
    store.close()


def test_csv_gives_the_same_table(endpoint: str, tmp_path: Path) -> None:
    base = generator.incidents(400, seed=3).select(BASE.names)
    plain = base.to_pandas()
    for field in BASE:
        if pa.types.is_list(field.type):
            plain[field.name] = ["|".join(own) for own in base[field.name].to_pylist()]
    plain.to_csv(tmp_path / "rows.csv", index=False)
    root = build(
        endpoint,
        str(tmp_path / "rows.csv"),
        str(tmp_path / "tables"),
        sizes=Sizes(rows_at_once=150),
    )
    engine = SparkConnectEngine(endpoint, root, TABLES)
    own = engine.run("SELECT * FROM `incidents` ORDER BY `id`").select(BASE.names)
    for row, expected in zip(own.to_pylist(), base.sort_by("id").to_pylist(), strict=True):
        assert row == expected
    engine.close()


def test_missing_columns_are_named(
    endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "rows.parquet")
    with pytest.raises(InvalidInput, match="lacks the columns title, background"):
        build(endpoint, str(tmp_path / "rows.parquet"), str(tmp_path))
    source = ["--source", str(tmp_path / "rows.parquet"), "--tables", str(tmp_path)]
    assert main(["--engine", endpoint, *source]) == 1
    assert "lacks the columns" in capsys.readouterr().err
    assert not (tmp_path / "CURRENT").exists()


def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    engine = SparkConnectEngine("sc://127.0.0.1:1", tmp_path, TABLES)
    with pytest.raises(StoreUnavailable, match=r"sc://127\.0\.0\.1:1 cannot be reached"):
        engine.run("SELECT 1")


def test_tables_of_another_version_are_refused(endpoint: str, tmp_path: Path) -> None:
    tables = tables_of(Log.open(":memory:").read())
    meta = pa.table({"key": ["schema", "seq"], "value": ["0", "1"]})
    write_tables(tmp_path, {**tables, "meta": meta})
    engine = SparkConnectEngine(endpoint, tmp_path, TABLES)
    with pytest.raises(StoreUnavailable, match="of version 0"):
        remote_snapshot(engine)
    engine.close()


def test_the_engine_comes_back_after_it_was_lost(tmp_path: Path) -> None:
    tables = tables_of(Log.open(":memory:").read())
    write_tables(tmp_path, {**tables, "meta": pa.table({"key": ["seq"], "value": ["1"]})})
    with sail() as address:
        engine = SparkConnectEngine(address, tmp_path, TABLES)
        assert Dashboard(engine).count(Selection()) == 0
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        engine.run("SELECT COUNT(*) AS `n` FROM `incidents`")
    with sail(int(address.rpartition(":")[2])):
        assert engine.run("SELECT COUNT(*) AS `n` FROM `incidents`")["n"].to_pylist() == [0]
        engine.close()


def test_an_engine_started_anew_is_asked_in_the_same_question(tmp_path: Path) -> None:
    tables = tables_of(Log.open(":memory:").read())
    write_tables(tmp_path, {**tables, "meta": pa.table({"key": ["seq"], "value": ["1"]})})
    with sail() as address:
        engine = SparkConnectEngine(address, tmp_path, TABLES)
        assert Dashboard(engine).count(Selection()) == 0
    with sail(int(address.rpartition(":")[2])):
        assert engine.run("SELECT COUNT(*) AS `n` FROM `incidents`")["n"].to_pylist() == [0]
        engine.close()


@pytest.mark.parametrize("address", ["127.0.0.1:15002", "sc://", "sc://host:port", "http://host:1"])
def test_an_address_that_is_none_is_refused_at_once(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no Spark Connect endpoint"):
        SparkConnectEngine(address, tmp_path, TABLES)
    with pytest.raises(ValueError, match="sc://host:15002"):
        Settings(MAPAPP_ENGINE=address)
