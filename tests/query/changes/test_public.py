"""Changes through the gate: what two public states differ in, and nothing of the log besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.dates import DateInterval
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DatePrecision, Redistribution
from mapapp.query.changes.public import EDITOR, PublicLog, public_log
from mapapp.store import Store
from tests.store import generate

EVERYTHING = Selection(background=True, abroad=True)
RULES = """
delay_days = 30
withhold_incidents = ["i0004"]
[[source]]
id = "001"
redistribution = "private"
"""


def day(n: int) -> datetime:
    return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def rule(store: Store, toml: str) -> PublicLog:
    (store.data_dir / "gate.toml").write_text(toml, "utf-8")
    return public_log(store)


def only(batch: Batch, *ids: str) -> Batch:
    """Some of a batch's incidents with their claims and all sources."""
    return Batch(
        batch.sources,
        tuple(r for r in batch.records if r.id in ids),
        tuple(c for c in batch.claims if c.incident_id in ids),
    )


def dated(batch: Batch, day: date) -> Batch:
    """The incidents on one day, long ago or young."""
    own = DateInterval(day, day, DatePrecision.DAY, "", "")
    return replace(batch, records=tuple(replace(r, date=own) for r in batch.records))


@pytest.fixture
def given() -> Batch:
    made = generate.batch(12, seed=7)
    return dated(Batch(made.sources, made.records, made.claims), date(2020, 5, 5))


def ids(store: Store, seq: int) -> set[str]:
    """What the public has of the state after a change, as a visitor asks for it."""
    change = store.log.change(seq)
    assert change is not None
    found = store.gate.of(store.at(change.at)).engine.run("SELECT id FROM incidents")
    return set(found["id"].to_pylist())


def tails(found: Iterable[str]) -> set[str]:
    """Ids without the year that a coarse incident's has: a corrected date is a revision."""
    return {key.rpartition("-")[2] for key in found}


@pytest.mark.parametrize(
    "toml", [RULES, 'min_precision = "district"', 'withhold_fields = ["title", "notes"]']
)
def test_it_tells_what_a_visitor_sees_of_both_states(store: Store, given: Batch, toml: str) -> None:
    """The oracle: the public snapshots of the two times, asked for by `as_of`."""
    keys = [record.id for record in given.records]
    young = datetime.now(UTC).date() - timedelta(days=2)
    store.append(only(given, *keys[:6]), by="ana@example.org", at=day(1), reason="The first")
    store.append(only(given, *keys[6:9]), by="ben", at=day(2))
    renamed = replace(given.records[0], title="Renamed")
    store.append(Batch((), (renamed,), ()), by="ben", at=day(3), reason="A reason")
    made_young = dated(only(given, keys[1]), young).records
    store.append(Batch((), made_young, ()), by="ben", at=day(4))
    store.append(Batch((), only(given, keys[1]).records, ()), by="ben", at=day(5))
    store.append(Batch((), (), ()), by="ben", at=day(6), withdraw=[("record", keys[2])])
    store.append(only(given, *keys[9:]), by="ben", at=day(7))
    store.publish()
    log = rule(store, toml)
    public = store.public()
    last = public.seq
    states = {seq: ids(store, seq) for seq in range(1, last + 1)}
    for after, until in combinations(range(1, last + 1), 2):
        if until < last and until - after > 2:
            continue
        found = log.changes(public, EVERYTHING, after, until)
        before, now = tails(states[after]), tails(states[until])
        assert tails(item.id for item in found.added) == now - before, (after, until)
        assert tails(item.id for item in found.withdrawn) == before - now, (after, until)
        assert tails(item.id for item in found.revised) <= before & now
        every = (*found.added, *found.revised, *found.withdrawn)
        assert {(item.by, item.reason) for item in every} <= {(EDITOR, "")}
    # The whole, and one document after another, tell of the same revision.
    told = "title" not in toml and "precision" not in toml
    assert any("Renamed" in str(r) for item in log.changes(public, EVERYTHING, 2, 3).revised
               for r in item.revisions) is told  # fmt: skip
    for key in sorted(states[last]):
        own = log.history(key, last)
        assert [item.seq for item in own] == list(range(1, len(own) + 1))
        assert own[0].before is None
        assert own[-1].after is not None


def test_a_change_of_what_is_held_back_is_not_told_and_dates_nothing(
    store: Store, given: Batch
) -> None:
    record = given.records[0]
    private = replace(
        given.sources[0], id="src-private", redistribution=Redistribution.PRIVATE, dataset="own"
    )
    open_one = replace(given.sources[0], redistribution=Redistribution.FACTS)
    claim = next(c for c in given.claims if c.incident_id == record.id)
    hidden = replace(claim, source_id="src-private", asserted_by="Hidden speaker")
    shown = replace(claim, source_id=open_one.id)
    store.append(Batch((private,), (record,), (hidden,)), by="ana", at=day(1))
    store.append(Batch((open_one,), (record,), (shown,)), by="ana", at=day(2))
    again = replace(hidden, asserted_by="Another hidden speaker")
    store.append(Batch((), (), (again,)), by="ana", at=day(3))
    store.publish()
    log = public_log(store)
    public = store.public()
    assert log.withholds
    # Recorded first by a private source: it comes with the open one, and that alone is its date.
    assert log.changes(public, EVERYTHING, 0, 1).total == 0
    (added,) = log.changes(public, EVERYTHING, 0).added
    assert added.at == day(2)
    assert log.changes(public, EVERYTHING, 2).total == 0
    (version,) = log.history(record.id, public.seq)
    assert version.at == day(2)
    assert "idden" not in repr((added, version))


def test_a_coarse_incident_has_its_history_by_the_id_that_it_has_in_public(
    store: Store, given: Batch
) -> None:
    record = given.records[0]
    store.append(only(given, record.id), by="ana", at=day(1))
    store.append(
        Batch((), (replace(record, background=not record.background),), ()),
        by="ana@example.org",
        at=day(2),
    )
    store.append(Batch((), (replace(record, title="Elsewhere"),), ()), by="ana", at=day(3))
    store.publish()
    log = rule(store, 'min_precision = "province"')
    (key,) = ids(store, 3)
    assert key != record.id
    assert log.history(record.id, 3) == ()
    found = log.history(key, 3)
    assert found[0].before is None
    assert [str(r) for item in found for r in item.revisions][:1] != []
    assert record.id not in repr(found)


def test_judgements_are_told_between_incidents_that_are_whole(store: Store, given: Batch) -> None:
    keys = [record.id for record in given.records[:3]]
    store.append(only(given, *keys), by="ana", at=day(1))
    judged = [
        Judgement(keys[0], keys[n], Relation.SAME, f"Reason {n}", (), "ana@example.org")
        for n in (1, 2)
    ]
    store.append(Batch((), (), (), tuple(judged)), by="ana@example.org", at=day(2), reason="Why")
    store.publish()
    log = rule(store, f'withhold_incidents = ["{keys[2]}"]')
    (moved,) = log.changes(store.public(), EVERYTHING, 1).judgements
    assert (moved.left_id, moved.right_id) == tuple(sorted(keys[:2]))
    assert (moved.by, moved.reason) == (EDITOR, "")
    assert moved.new is not None
    assert (moved.new.judged_by, moved.new.reason) == (EDITOR, "Reason 1")
    hidden = rule(store, 'withhold_fields = ["notes"]')
    assert "Reason" not in repr(hidden.changes(store.public(), EVERYTHING, 1))
    assert "Why" not in repr(hidden.changes(store.public(), EVERYTHING, 1))
