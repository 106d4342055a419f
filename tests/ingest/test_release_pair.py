"""An older and a newer release of one GED slice: the older totals stay, the diff is the edits.

The newer release is made of the older by the edits written here: once of real rows of GED 25.1,
once of invented ones for machines without them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mapapp.domain.selection import Selection
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.query.changes.changes import Changed, ChangeLog, Changes
from mapapp.store import Store
from tests import ged_rows
from tests.conftest import SHARED

REAL = SHARED / "data" / "ucdp-ged-afghanistan" / "event_points.csv"
EVERYTHING = Selection(background=True, abroad=True)

Rows = list[dict[str, str]]


@dataclass
class Pair:
    """A store with both releases in it, and what was edited between them (ids of our records)."""

    store: Store
    seq_before: int
    then: datetime
    totals: object
    raised: dict[str, str]  # id → the new best figure
    moved_day: tuple[str, str, str]
    gone: set[str]
    come: set[str]


def _real() -> Rows:
    if not REAL.is_file():
        pytest.skip("the rows of UCDP GED are not on this machine")
    with REAL.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _invented() -> Rows:
    return [{k: str(v) for k, v in ged_rows.row(n).items()} for n in range(1, 81)]


def _write(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module", params=["real", "invented"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    rows = _real() if request.param == "real" else _invented()
    store = Store.open(folder / "data")
    import_file(Order(_write(folder / "GEDEvent_v24_1.csv", rows), complete=True), store)
    snapshot = store.publish()
    totals = _totals(Dashboard(snapshot))
    before = {key.removeprefix("ucdp-ged-") for key in _ids(store)}
    then = store.log.changes()[-1].at

    # Edit 1: three events are said to have had more dead.
    raised = {}
    sound = [row for row in rows if row["id"] in before]
    for row in sound[3:6]:
        row["best"] = str(int(row["best"]) + 40)
        for name in ("low", "high"):
            if name in row:
                row[name] = row["best"]
        raised[f"ucdp-ged-{row['id']}"] = row["best"]
    # Edit 2: one happened three days later.
    late = sound[8]
    day_name = "date_start" if "date_start" in late else "date"
    old_day = late[day_name]
    new_day = str(date.fromisoformat(old_day) + timedelta(days=3))
    for name in (day_name, "date_end"):
        if name in late:
            late[name] = new_day
    # Edit 3: two are taken out; edit 4: two come in.
    gone = {f"ucdp-ged-{row['id']}" for row in sound[10:12]}
    rows = [row for row in rows if row not in sound[10:12]]
    come = [sound[20] | {"id": "990001"}, sound[21] | {"id": "990002"}]
    newer = _write(folder / "GEDEvent_v25_1.csv", [*rows, *come])
    import_file(Order(newer, complete=True), store)
    store.publish()
    yield Pair(
        store, snapshot.seq, then, totals, raised,
        (f"ucdp-ged-{late['id']}", old_day, new_day), gone,
        {"ucdp-ged-990001", "ucdp-ged-990002"},
    )  # fmt: skip
    store.close()


def _ids(store: Store) -> set[str]:
    return set(Dashboard(store.publish()).table(EVERYTHING)["id"].to_pylist())


def versions_of(pair: Pair, key: str) -> tuple[Changed, ...]:
    return ChangeLog(pair.store.log, pair.store.data_dir).history(key)


def _totals(dash: Dashboard) -> object:
    return (
        dash.figures(EVERYTHING),
        dash.table(EVERYTHING).to_pylist(),
        dash.breakdown(EVERYTHING, "province").to_pylist(),
        dash.series(EVERYTHING, "month").to_pylist(),
    )


def found(pair: Pair, selection: Selection = EVERYTHING) -> Changes:
    now = pair.store.current()
    log = ChangeLog(pair.store.log, pair.store.data_dir)
    return log.changes(now, selection, pair.seq_before)


def test_as_of_gives_the_older_totals_exactly(pair: Pair) -> None:
    assert _totals(Dashboard(pair.store.current())) != pair.totals
    assert _totals(Dashboard(pair.store.at(pair.then))) == pair.totals
    assert _totals(Dashboard(pair.store.at(pair.then + timedelta(microseconds=1)))) == pair.totals
    assert pair.store.at(datetime.now(UTC)) is pair.store.current()


def test_the_diff_lists_exactly_the_edits(pair: Pair) -> None:
    diff = found(pair)
    assert {item.id for item in diff.added} == pair.come
    assert {item.id for item in diff.withdrawn} == pair.gone
    assert {item.id for item in diff.revised} == {*pair.raised, pair.moved_day[0]}
    assert diff.judgements == ()
    by_id = {item.id: item for item in diff.revised}
    for key, new in pair.raised.items():
        said = [r for r in by_id[key].revisions if r.speaker]
        assert said
        totals = [r for r in by_id[key].revisions if r.name.startswith("reported killed")]
        assert new in totals[0].new
    key, old_day, new_day = pair.moved_day
    (moved,) = (r for r in by_id[key].revisions if r.name == "date" and not r.speaker)
    assert old_day in moved.old
    assert new_day in moved.new
    assert all(item.by == "import" for item in (*diff.added, *diff.revised, *diff.withdrawn))


def test_withdrawn_incidents_stay_in_their_history(pair: Pair) -> None:
    for key in pair.gone:
        first, last = versions_of(pair, key)
        assert first.before is None
        assert first.after is not None
        assert last.before == first.after
        assert last.after is None
    for key in pair.raised:
        first, second = versions_of(pair, key)
        assert second.revisions
        assert first.seq == pair.seq_before < second.seq
    untouched = next(
        key
        for key in sorted(_ids(pair.store))
        if key not in {*pair.raised, pair.moved_day[0], *pair.come}
    )
    assert len(versions_of(pair, untouched)) == 1  # a release that says the same is no change


def test_a_selection_holds_what_lay_in_it_before_or_after(pair: Pair) -> None:
    key, old_day, new_day = pair.moved_day
    for day in (old_day, new_day):
        own = replace(
            EVERYTHING, date_from=date.fromisoformat(day), date_to=date.fromisoformat(day)
        )
        assert key in {item.id for item in found(pair, own).revised}
    elsewhere = replace(EVERYTHING, date_from=date(1900, 1, 1), date_to=date(1900, 1, 2))
    assert found(pair, elsewhere).total == 0


def test_nothing_changed_since_now(pair: Pair) -> None:
    now = pair.store.current()
    assert ChangeLog(pair.store.log, None).changes(now, EVERYTHING, now.seq).total == 0
