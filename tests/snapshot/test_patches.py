"""Pre-aggregated tables without the edited incidents are what the other incidents make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mapapp.engine.engine import quoted
from mapapp.snapshot import patches, summaries
from mapapp.snapshot.snapshot import tables_of, write
from mapapp.snapshot.summaries import CATALOGUE
from mapapp.store import Log
from tests.store.generate import batch

INCIDENTS = 220


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of incidents, some without a number or a place, with every summary there is."""
    log = Log.open(":memory:")
    log.append(batch(INCIDENTS, seed=5), by="ana")
    path = tmp_path_factory.mktemp("patches") / "release.duckdb"
    write(path, tables_of(log.read()), seq=1)
    log.close()
    with duckdb.connect(str(path)) as connection:
        summaries.write_to(connection, INCIDENTS, worth=1)
    return path


@pytest.fixture
def connection(release: Path) -> Iterator[Any]:
    """A snapshot that is being written, with the release beside it."""
    with duckdb.connect() as opened:
        opened.execute(f"ATTACH {quoted(release)} AS release_0 (READ_ONLY)")
        opened.execute("CREATE SCHEMA own")
        opened.execute("CREATE TABLE main.edited (release VARCHAR, id VARCHAR, row BIGINT)")
        yield opened


def edit(connection: Any, number: int, seed: int) -> None:
    """Let so many incidents of the release be edited, and make the patches."""
    connection.execute(
        "INSERT INTO main.edited SELECT 'release_0', id, row FROM release_0.main.incidents "
        "ORDER BY hash(row + $seed) LIMIT $number",
        {"seed": 1000 * seed, "number": number},
    )
    patches.write(connection, "release_0", CATALOGUE)


def groups(connection: Any, summary: summaries.Summary, query: str) -> list[dict[str, Any]]:
    """The groups of a summary in an order of their own."""
    table = connection.sql(query).to_arrow_table().select(summary.schema.names)
    found: list[dict[str, Any]] = table.cast(summary.schema).to_pylist()
    return sorted(found, key=repr)


@pytest.mark.parametrize("number", [1, 7, 60, 219, INCIDENTS])
@pytest.mark.parametrize("seed", range(2))
def test_a_summary_with_its_patch_is_what_the_others_make(
    connection: Any, number: int, seed: int
) -> None:
    edit(connection, number, seed)
    others = "FROM release_0.main.incidents ANTI JOIN main.edited USING (row)"
    for name, summary in CATALOGUE.items():
        query = f"WITH incidents AS ({others}) FROM ({summary.sql('duckdb')})"
        made = groups(connection, summary, query)
        assert groups(connection, summary, f"({patches.of_release('release_0', name)})") == made, (
            name
        )


def test_a_sum_is_unknown_where_nobody_left_gives_a_number(connection: Any) -> None:
    edit(connection, 60, 1)
    emptied = connection.sql(
        "FROM own.release_0_figures_by_event WHERE n > 0 AND killed_known = 0"
    ).to_arrow_table()
    assert emptied.num_rows
    for name in ("killed_low", "killed_high", "killed_best_lowest"):
        assert emptied[name].null_count == emptied.num_rows


def test_figures_of_a_measure_are_known_together(release: Path) -> None:
    """What a patch relies on when it tells unknown from nought."""
    names = [name for name, known in patches.KNOWN.items() if known == "wounded_known"]
    apart = " OR ".join(f"({name} IS NULL) <> (wounded_low IS NULL)" for name in names)
    with duckdb.connect(str(release), read_only=True) as connection:
        known = "count(wounded_low) BETWEEN 1 AND count(*) - 1"
        query = f"SELECT count(*) FILTER ({apart}), {known} FROM incidents"  # noqa: S608
        assert connection.execute(query).fetchall() == [(0, True)]
