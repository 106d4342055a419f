"""Synthetic incidents: repeatable, in the snapshot's order, and drawn by the shares as stated."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import files, generator, shares
from benchmarks.statements import pool
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.snapshot.columns import finish
from mapapp.snapshot.schema import BASE, INCIDENTS
from mapapp.store import Store
from tests.conftest import SHARED

ROWS = 40_000


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return generator.incidents(ROWS, seed=3)


def share(table: pa.Table, column: str) -> dict[str, float]:
    counts = Counter(table[column].to_pylist())
    return {value: count / table.num_rows for value, count in counts.items()}


@settings(max_examples=5, deadline=None)
@given(rows=st.integers(1, 3000))
def test_same_seed_gives_the_same_rows_and_another_does_not(rows: int) -> None:
    seed = 3
    first = pa.concat_tables(generator.batches(rows, seed))
    assert first.schema.equals(BASE)
    assert first.num_rows == rows
    assert first.equals(pa.concat_tables(generator.batches(rows, seed)))
    assert not first.equals(pa.concat_tables(generator.batches(rows, seed + 1)))


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        files.write_parquet(tmp_path / f"{name}.parquet", 2000, seed=3)
        files.write_ucdp_csv(tmp_path / f"{name}.csv", 2000, seed=3)
        pool.cache_clear()
    for kind in ("parquet", "csv"):
        one, two = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "two"))
        assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()


@pytest.mark.parametrize("column", ["geo_precision", "date_precision", "event_type", "target_type"])
def test_shares_are_as_stated(table: pa.Table, column: str) -> None:
    stated = getattr(shares, column.upper())
    found = share(table, column)
    assert set(found) <= set(stated)
    for value, expected in stated.items():
        # Abroad adds settlements, and incidents without a day are of unknown date.
        assert found.get(value, 0.0) == pytest.approx(expected, abs=0.012), value


def test_statements_are_as_stated(table: pa.Table) -> None:
    kinds = Counter(kind for row in table["kinds"].to_pylist() for kind in row)
    for kind, expected in shares.ATTRIBUTION.items():
        assert kinds[kind] / ROWS == pytest.approx(expected, abs=0.03), kind
    assert kinds["denied"] > 0
    assert kinds["contested"] > 0
    assert pc.mean(table["background"].cast(pa.int8())).as_py() == pytest.approx(0.01, abs=0.003)
    assert pc.mean(table["abroad"].cast(pa.int8())).as_py() == pytest.approx(0.005, abs=0.003)
    unmappable = pc.mean(pc.invert(table["mappable"]).cast(pa.int8())).as_py()
    assert unmappable == pytest.approx(shares.GEO_PRECISION["country"], abs=0.005)
    disputed = sum(bool(row) for row in table["disagreements"].to_pylist()) / ROWS
    assert 0.15 < disputed < 0.45


def test_groups_places_and_months_are_skewed(table: pa.Table) -> None:
    by_group = Counter(group for row in table["groups"].to_pylist() for group in row)
    assert by_group.most_common(1)[0][0] == "dfa"
    provinces = Counter(code for code in table["adm1_pcode"].to_pylist() if code)
    assert len(provinces) == 34
    assert sum(n for _, n in provinces.most_common(5)) > 0.4 * ROWS
    seasons = Counter(month % 12 for month in table["month"].to_pylist() if month is not None)
    assert min(seasons[m] for m in (5, 6, 7)) > 1.5 * max(seasons[m] for m in (0, 11))
    spots = Counter(zip(table["mx"].to_pylist(), table["my"].to_pylist(), strict=True))
    assert spots.most_common(2)[1][1] > ROWS / 200  # many share one coordinate
    assert len(spots) > ROWS / 10  # and many do not


def test_every_row_is_marked_synthetic_and_has_an_id_of_its_own(table: pa.Table) -> None:
    assert set(table["dataset"].to_pylist()) == {"synthetic"}
    assert len(set(table["id"].to_pylist())) == ROWS


def test_batches_joined_are_in_the_order_of_the_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "BATCH", 1500)
    parts = list(generator.batches(6000, seed=3))
    assert len(parts) > 3
    whole = finish(pa.concat_tables(parts))
    joined = generator.incidents(6000, seed=3)
    assert joined.schema.equals(INCIDENTS)
    assert joined.equals(whole.combine_chunks())


def test_figures_hold_together(table: pa.Table) -> None:
    for measure in ("killed", "wounded"):
        low, high = table[f"{measure}_low"], table[f"{measure}_high"]
        assert pc.all(pc.less_equal(low, high), skip_nulls=True).as_py()
        assert pc.equal(pc.is_null(low), pc.is_null(high)).combine_chunks().true_count == ROWS
        assert 0 < low.null_count < ROWS / 2
    known = pc.and_(pc.is_valid(table["earliest"]), pc.is_valid(table["latest"]))
    both = table.filter(known)
    assert pc.all(pc.less_equal(both["earliest"], both["latest"])).as_py()
    assert 0 < table.num_rows - both.num_rows < ROWS / 50


def test_a_data_folder_opens_on_the_synthetic_snapshot(tmp_path: Path) -> None:
    path = files.write_data_dir(tmp_path, 3000, seed=3)
    store = Store.open(tmp_path)
    assert store.publish().path == path  # the log has nothing newer: nothing is built over it
    assert store.current().meta["incidents"] == "3000"
    dashboard = Dashboard(store.current())
    whole = dashboard.figures(Selection(background=True, abroad=True))
    assert whole.incidents == 3000
    assert {f.code for f in dashboard.facet(Selection(), "datasets")} == {"synthetic"}
    store.close()


def test_a_snapshot_of_many_batches_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "BATCH", 700)
    files.write_snapshot(tmp_path / "snap-1.duckdb", 3000, seed=3)
    from mapapp.snapshot.snapshot import open_snapshot

    snapshot = open_snapshot(tmp_path / "snap-1.duckdb")
    rows = snapshot.engine.run('SELECT "row" FROM "incidents" ORDER BY "row"')["row"].to_pylist()
    assert rows == list(range(3000))
    snapshot.engine.close()


def test_ucdp_columns_and_codes(tmp_path: Path) -> None:
    files.write_ucdp_csv(tmp_path / "ged.csv", 3000, seed=3)
    with (tmp_path / "ged.csv").open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert len(rows) == 3000
    assert len(rows[0]) == 49
    assert {row["where_prec"] for row in rows} == {"1", "2", "3", "4", "6"}
    assert {row["date_prec"] for row in rows} == {"1", "2", "3", "4", "5"}
    for row in rows:
        low, best, high = int(row["low"]), int(row["best"]), int(row["high"])
        assert low <= best <= high
        parts = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
        assert sum(int(row[part]) for part in parts) == best
        assert row["date_start"] <= row["date_end"]


def test_ucdp_header_is_the_published_one(tmp_path: Path) -> None:
    published = SHARED / "data/foreign-format-headers/ucdp_ged_header.csv"
    if not published.exists():
        pytest.skip("the folder of foreign headers is not beside this checkout")
    files.write_ucdp_csv(tmp_path / "ged.csv", 10)
    header = (tmp_path / "ged.csv").read_text().splitlines()[0].replace('"', "")
    assert header == published.read_text(encoding="utf-8-sig").strip()


def test_parquet_has_the_columns_of_the_snapshot(tmp_path: Path) -> None:
    files.write_parquet(tmp_path / "x.parquet", 1000)
    assert pq.read_schema(tmp_path / "x.parquet").names == INCIDENTS.names
