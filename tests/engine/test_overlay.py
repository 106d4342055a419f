"""What is recorded where an engine holds the tables: laid over them, the same as embedded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.settings import Settings
from mapapp.snapshot import summaries
from mapapp.store import Store
from mapapp.store.default import open_store
from mapapp.store.spark_job import Sizes, build
from mapapp.store.spark_store import SparkStore
from tests import ged_rows, postgres
from tests.query.answers import QUESTIONS
from tests.store.generate import batch

pytestmark = pytest.mark.spark

EVERYTHING = Selection(background=True, abroad=True)
SELECTIONS = (
    Selection(),
    EVERYTHING,
    Selection(date_from=date(2015, 1, 1), date_to=date(2019, 12, 31), background=True),
    Selection(kinds=("claimed",), background=True),
)
#: Every incident counts in the pre-aggregated tables, however few there are.
ALL_SUMMARIES = Sizes(worth=1, summaries_from=0)


def build_tables(endpoint: str, store: Store) -> None:
    tables = str(store.data_dir / "tables")
    build(endpoint, None, tables, snapshot=store.publish().path, sizes=ALL_SUMMARIES)


@pytest.fixture
def stores(endpoint: str, tmp_path: Path) -> Iterator[tuple[Store, SparkStore]]:
    """One data folder, embedded and through an engine whose tables were built of it."""
    embedded = Store.open(tmp_path / "var")
    embedded.append(batch(120), by="import")
    path = tmp_path / "GEDEvent_v24_1.csv"
    ged_rows.write(path, [ged_rows.row(n) for n in range(1, 151)])
    import_file(Order(path), embedded)
    build_tables(endpoint, embedded)
    remote = open_store(tmp_path / "var", Settings(MAPAPP_ENGINE=endpoint))
    assert isinstance(remote, SparkStore)
    yield embedded, remote
    remote.close()
    embedded.close()


def edit(store: Store) -> None:
    """A record corrected, one with another figure, one new, one withdrawn, a row spoken of."""
    contents = store.log.read()
    records = contents.records
    corrected = replace(records[3], title="Corrected", place=records[8].place)
    store.append(Batch((), (corrected,), ()), by="ana", reason="The title was wrong")
    claim = next(c for c in contents.claims if c.low is not None)
    more = replace(claim, value=None, low=41, high=43)
    store.append(Batch((), (), (more,)), by="ben", withdraw=[("claim", claim.id)])
    new = batch(3, seed=5, prefix="new")
    store.append(new, by="ana")
    gone = records[7]
    lost = [("claim", c.id) for c in contents.claims if c.incident_id == gone.id]
    linked = [
        ("judgement", j.id) for j in contents.judgements if gone.id in (j.left_id, j.right_id)
    ]
    store.append(
        Batch((), (), ()),
        by="ben",
        withdraw=[("record", gone.id), *lost, *linked],  # type: ignore[list-item]
    )
    row = Dashboard(store.current()).table(replace(EVERYTHING, datasets=("ucdp-ged",)))["id"][5]
    store.append(Batch((), (), (replace(claim, incident_id=row.as_py()),)), by="ana")


def test_what_is_recorded_is_seen_as_it_is_embedded(stores: tuple[Store, SparkStore]) -> None:
    embedded, remote = stores
    assert remote.current().seq == embedded.current().seq == remote.log.seq()
    before = remote.current()
    edit(remote)
    assert remote.behind()
    theirs, ours = Dashboard(remote.publish()), Dashboard(embedded.publish())
    assert not remote.behind()
    assert remote.current().seq == embedded.current().seq
    assert {"map", "figures_by_month", "map_by_month"} <= set(summaries.held(remote.current().meta))
    for name in ("incidents", "claims", "sources"):
        assert remote.current().meta[name] == embedded.current().meta[name], name
    for selection in SELECTIONS:
        for question, ask in QUESTIONS.items():
            assert ask(theirs, selection) == ask(ours, selection), (question, selection)
    # The rows alone say the same as the pre-aggregated tables.
    rows = Dashboard(remote.current().engine)
    assert QUESTIONS["figures"](rows, EVERYTHING) == QUESTIONS["figures"](ours, EVERYTHING)
    for key in ours.table(EVERYTHING)["id"].to_pylist():
        assert theirs.incident(key) == ours.incident(key), key
    # Who had opened the state before goes on with it.
    assert Dashboard(before).figures(EVERYTHING) != theirs.figures(EVERYTHING)


def test_a_release_is_imported_where_the_tables_are_built(
    stores: tuple[Store, SparkStore], tmp_path: Path
) -> None:
    remote, before = stores[1], stores[1].log.seq()
    path = tmp_path / "GEDEvent_v25_1.csv"
    ged_rows.write(path, [ged_rows.row(n) for n in range(1, 161)])
    with pytest.raises(InvalidInput, match="import a release without MAPAPP_ENGINE"):
        import_file(Order(path), remote)
    assert remote.log.seq() == before


def test_tables_built_anew_need_nothing_laid_over(
    endpoint: str, stores: tuple[Store, SparkStore]
) -> None:
    embedded, remote = stores
    edit(remote)
    laid = Dashboard(remote.publish()).figures(EVERYTHING)
    build_tables(endpoint, embedded)
    assert not remote.behind()
    assert Dashboard(remote.current()).figures(EVERYTHING) == laid
    remote.append(batch(1, prefix="later"), by="ana")
    assert remote.behind()
    later = Dashboard(remote.publish()).count(EVERYTHING)
    assert later == Dashboard(embedded.publish()).count(EVERYTHING)


def test_tables_of_another_log_take_no_changes(
    endpoint: str, stores: tuple[Store, SparkStore], tmp_path: Path
) -> None:
    embedded, _ = stores
    for count in (120, 1, 1):  # as many changes as the tables' log has, and more
        other = Store.open(tmp_path / "other")
        other.append(batch(count, prefix=f"o{other.log.seq()}-"), by="ana")
        other.close()
    remote = open_store(
        tmp_path / "other",
        Settings(MAPAPP_ENGINE=endpoint, MAPAPP_ENGINE_TABLES=str(embedded.data_dir / "tables")),
    )
    with pytest.raises(InvalidInput, match="not built of this dashboard's log"):
        remote.append(batch(1), by="ana")
    assert not remote.behind()
    assert Dashboard(remote.publish()).count(EVERYTHING) == Dashboard(embedded.current()).count(
        EVERYTHING
    )
    remote.close()


def test_an_editor_at_one_dashboard_is_followed_at_another(endpoint: str, tmp_path: Path) -> None:
    url = postgres.server().database()
    embedded = Store.open(tmp_path / "ingest", log_url=url)
    embedded.append(batch(20), by="import")
    build_tables(endpoint, embedded)
    chosen = Settings.model_validate(
        {
            "MAPAPP_ENGINE": endpoint,
            "MAPAPP_LOG_URL": url,
            "MAPAPP_ENGINE_TABLES": str(embedded.data_dir / "tables"),
        }
    )
    one, two = (open_store(tmp_path / name, chosen) for name in ("one", "two"))
    assert one.current().seq == two.current().seq == 1
    one.append(batch(2, prefix="new"), by="ana")
    assert two.behind()
    assert Dashboard(two.publish()).count(EVERYTHING) == 22
    for store in (one, two, embedded):
        store.close()
