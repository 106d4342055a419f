"""A citation opened later: the same number after unrelated imports, what changed after related."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property, Rule
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query.changes.fingerprint import DIGITS, fingerprint, incident_fingerprint, joint
from mapapp.query.changes.replay import Replay, replay, replay_incident, replay_two
from mapapp.store import Store
from tests import ged_rows
from tests.store.generate import batch

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def hour(n: int) -> datetime:
    return NOON + timedelta(hours=n)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    opened.append(given_batch(), by="ana", at=NOON)
    opened.publish()
    yield opened
    opened.close()


def given_batch() -> Batch:
    made = batch(30, seed=3)
    return Batch(
        made.sources,
        tuple(replace(r, background=False, country="AFG") for r in made.records),
        made.claims,
    )


def cite(store: Store, selection: Selection) -> tuple[datetime, str]:
    """What a card made now carries: the time of its state and the hash."""
    now = store.current()
    return store.log.changes()[-1].at, fingerprint(now, selection)


def opened(store: Store, selection: Selection, cited: tuple[datetime, str]) -> Replay:
    return replay(store, store.at(cited[0]), store.current(), selection, cited[1])


def of_a_province(store: Store) -> Selection:
    provinces = [r.place.adm1_pcode for r in store.log.read().records if r.place.adm1_pcode]
    return Selection(provinces=(max(set(provinces), key=provinces.count),))


def test_unrelated_imports_leave_a_citation_as_it_was(store: Store, tmp_path: Path) -> None:
    own = replace(of_a_province(store), datasets=tuple({r.dataset for r in given_batch().records}))
    card = cite(store, own)
    assert len(card[1]) == DIGITS
    import_file(
        Order(
            ged_rows.write(tmp_path / "GEDEvent_v24_1.csv", [ged_rows.row(n) for n in range(1, 20)])
        ),
        store,
    )
    result = opened(store, own, card)
    assert result.held
    assert result.same_now
    assert result.then == result.now
    assert result.since is not None
    assert result.since.total == 0


def test_a_related_change_is_named_with_old_and_new(store: Store) -> None:
    own = of_a_province(store)
    card = cite(store, own)
    before = store.log.read()
    inside = [r for r in before.records if r.place.adm1_pcode == own.provinces[0]]
    changed = next(
        c for c in before.claims
        if c.property is Property.KILLED and c.incident_id in {r.id for r in inside} and c.low
    )  # fmt: skip
    said = [c for c in before.claims if c.id != changed.id]
    plain = [replace(c, recorded_at=None, recorded_by="") for c in said]
    more = replace(changed, low=777, high=777, value="777", recorded_at=None, recorded_by="")
    for dataset in sorted({r.dataset for r in before.records}):
        records = tuple(r for r in before.records if r.dataset == dataset)
        ids = {r.id for r in records}
        if changed.incident_id in ids:
            claims = tuple(c for c in (*plain, more) if c.incident_id in ids)
            sources = before.sources
            store.append(
                Batch(sources, records, claims), by="ben", at=hour(1), replace_dataset=dataset,
                reason="hospital list",
            )  # fmt: skip
    store.publish()
    result = opened(store, own, card)
    assert result.held
    assert not result.same_now
    assert result.since is not None
    (revised,) = result.since.revised
    assert (revised.id, revised.by, revised.reason) == (changed.incident_id, "ben", "hospital list")
    assert any(r.new == "777" for r in revised.revisions if r.speaker == changed.asserted_by)
    assert result.since.added == result.since.withdrawn == ()


def test_a_wrong_hash_is_not_held(store: Store) -> None:
    own = Selection()
    at, _ = cite(store, own)
    assert not opened(store, own, (at, "0" * DIGITS)).held


def test_a_newer_release_that_says_the_same_changes_no_hash(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    rows = [ged_rows.row(n) for n in range(1, 12)]
    import_file(Order(ged_rows.write(tmp_path / "GEDEvent_v24_1.csv", rows)), store)
    own = Selection(datasets=("ucdp-ged",), background=True, abroad=True)
    card = cite(store, own)
    import_file(Order(ged_rows.write(tmp_path / "GEDEvent_v25_1.csv", rows)), store)
    assert store.log.seq() == 2
    result = opened(store, own, card)
    assert result.held
    assert result.same_now
    assert result.since is not None
    assert result.since.total == 0
    store.close()


def test_the_hash_is_of_the_selection_the_rule_and_the_judgements(store: Store) -> None:
    own, now = of_a_province(store), store.current()
    marks = {fingerprint(now, replace(own, rule=rule)) for rule in Rule}
    assert len(marks) == len(Rule)
    one, two = (r.id for r in store.log.read().records[:2])
    everything = Selection(background=True, abroad=True)
    before = fingerprint(now, everything)
    judged = Judgement(one, two, Relation.SAME, "one attack", judged_by="ben")
    store.append(Batch((), (), (), (judged,)), by="ben", at=hour(1))
    assert fingerprint(store.publish(), everything) != before


def test_an_incident_is_cited_apart_from_the_rest(store: Store) -> None:
    log = store.log.read()
    claim = next(c for c in log.claims if c.property is Property.KILLED and c.low is not None)
    rule, shown = Rule.LOWEST, store.current()
    mark = incident_fingerprint(shown, claim.incident_id, rule)
    assert incident_fingerprint(shown, claim.incident_id, Rule.HIGHEST) != mark

    def again() -> Replay:
        return replay_incident(
            store, store.at(NOON), store.current(), claim.incident_id, rule, mark
        )

    # Another incident of the same source is new: nothing of this one has changed.
    other = replace(log.records[0], id="another", dataset="elsewhere")
    said = replace(claim, incident_id="another", recorded_at=None, recorded_by="")
    store.append(Batch((), (other,), (said,)), by="ben", at=hour(1))
    store.publish()
    kept = again()
    assert kept.held
    assert kept.same_now
    assert kept.then == kept.now
    assert kept.then.incidents == 1
    # More is said of this one, and its source is corrected.
    more = replace(claim, low=777, high=777, value="777", recorded_at=None, recorded_by="")
    source = next(s for s in log.sources if s.id == claim.source_id)
    corrected = replace(source, title="The title that it has")
    store.append(Batch((corrected,), (), (more,)), by="cem", at=hour(2), reason="hospital list")
    store.publish()
    moved = again()
    assert moved.held
    assert not moved.same_now
    assert moved.since is not None
    (revised,) = moved.since.revised
    assert (revised.id, revised.by, revised.reason) == (claim.incident_id, "cem", "hospital list")
    assert [s.fields["title"][1] for s in moved.since.sources] == ["The title that it has"]
    assert moved.since.added == moved.since.withdrawn == ()
    assert [r.speaker for r in revised.revisions] == [claim.asserted_by]


def test_of_an_incident_that_was_withdrawn_the_citation_says_so(store: Store) -> None:
    log = store.log.read()
    record = log.records[0]
    mark = incident_fingerprint(store.current(), record.id, Rule.LOWEST)
    left = tuple(r for r in log.records if r.dataset == record.dataset and r.id != record.id)
    ids = {r.id for r in left}
    claims = tuple(
        replace(c, recorded_at=None, recorded_by="") for c in log.claims if c.incident_id in ids
    )
    store.append(
        Batch(log.sources, left, claims), by="ben", at=hour(1), replace_dataset=record.dataset
    )
    store.publish()
    result = replay_incident(store, store.at(NOON), store.current(), record.id, Rule.LOWEST, mark)
    assert (result.held, result.same_now) == (True, False)
    assert result.since is not None
    assert [item.id for item in result.since.withdrawn] == [record.id]
    assert (result.then.incidents, result.now.incidents) == (1, 0)


def test_two_that_were_compared_are_replayed_together(store: Store) -> None:
    own = of_a_province(store)
    sides = (own, replace(own, rule=own.rule, date_from=date(2022, 1, 1)))
    shown = store.current()
    mark = joint(*(fingerprint(shown, side) for side in sides))
    assert mark != joint(*(fingerprint(shown, side) for side in reversed(sides)))
    first, second = replay_two(store, shown, store.current(), sides, mark)
    assert first.held
    assert second.same_now
    assert first.then != second.then
    wrong, _ = replay_two(store, shown, store.current(), (sides[1], sides[0]), mark)
    assert not wrong.held


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(range(12)), seed=st.integers(0, 3))
def test_the_order_of_import_changes_no_hash(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], seed: int
) -> None:
    made = batch(12, seed=seed)
    marks = set()
    for records in (made.records, tuple(made.records[n] for n in order)):
        store = Store.open(tmp_path_factory.mktemp("order"))
        ids = [record.id for record in records]
        claims = sorted(made.claims, key=lambda c: ids.index(c.incident_id))
        store.append(Batch(made.sources, records, tuple(claims)), by="ana", at=NOON)
        marks.add(fingerprint(store.publish(), Selection(background=True, abroad=True)))
        store.close()
    assert len(marks) == 1
