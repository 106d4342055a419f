"""What every log backend must do. Extend this first, then the backends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput
from mapapp.log.entries import Kind
from mapapp.store import Counts, Log
from tests.store.generate import HOSTILE, batch

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def hour(n: int) -> datetime:
    return NOON + timedelta(hours=n)


class LogScenario:
    """Needs a fixture `log`: an empty one."""

    def test_what_went_in_comes_out(self, log: Log) -> None:
        given = batch(40)
        done = log.append(given, by="ana", at=NOON)
        assert done.seq == 1
        assert done.added == Counts(
            len(given.sources), len(given.records), len(given.claims), len(given.judgements)
        )
        held = log.read()
        assert held.seq == 1
        assert held.sources == given.sources
        assert held.records == given.records
        assert [c.id for c in held.claims] == [c.id for c in given.claims]
        bare = [replace(c, recorded_at=None, recorded_by="") for c in held.claims]
        assert bare == list(given.claims)
        assert {c.recorded_at for c in held.claims} == {NOON}
        assert {c.recorded_by for c in held.claims} == {"ana"}
        assert [replace(j, recorded_at=None) for j in held.judgements] == list(given.judgements)

    def test_the_same_again_adds_nothing(self, log: Log) -> None:
        given = batch(12)
        first = log.append(given, by="ana", at=NOON)
        again = log.append(given, by="ben", at=hour(1), replace_dataset=None)
        assert again.seq == first.seq
        assert again.added == again.superseded == Counts()
        assert again.unchanged == first.added
        assert log.read() == log.read(as_of=NOON)
        assert log.seq() == 1

    def test_a_changed_record_supersedes_its_older_version(self, log: Log) -> None:
        given = batch(3)
        log.append(given, by="ana", at=NOON)
        changed = replace(given.records[0], title="Corrected")
        done = log.append(Batch((), (changed,), ()), by="ben", at=hour(1))
        assert (done.added, done.superseded) == (Counts(records=1), Counts(records=1))
        titles = {r.id: r.title for r in log.read().records}
        assert titles[changed.id] == "Corrected"
        assert len(titles) == 3
        before = log.read(as_of=hour(1) - timedelta(microseconds=1))
        assert given.records[0] in before.records
        assert changed not in before.records
        assert before.seq == 1
        versions = [v for v in log.history(changed.id) if v.kind == "record"]
        assert [v.statement for v in versions] == [given.records[0], changed]
        assert versions[0].superseded_at == versions[1].recorded_at == hour(1)
        assert [v.recorded_by for v in versions] == ["ana", "ben"]
        assert (versions[0].superseded_by, versions[1].superseded_at) == ("ben", None)

    def test_a_change_says_why(self, log: Log) -> None:
        given = batch(3)
        log.append(given, by="ana", at=NOON)
        changed = replace(given.records[0], title="Corrected")
        log.append(Batch((), (changed,), ()), by="ben", at=hour(1), reason="The street was wrong")
        first, second = log.changes()
        assert (first.seq, first.at, first.by, first.reason) == (1, NOON, "ana", "")
        assert (second.by, second.reason, second.replaces) == ("ben", "The street was wrong", None)
        assert log.changes(since=1) == (second,)
        old, new = (v for v in log.history(changed.id) if v.kind == "record")
        assert (old.reason, old.ended_reason) == ("", "The street was wrong")
        assert (new.reason, new.ended_reason) == ("The street was wrong", "")
        assert (old.recorded_seq, old.superseded_seq, new.recorded_seq) == (1, 2, 2)

    def test_statements_named_end_in_the_same_change(self, log: Log) -> None:
        given = batch(3)
        log.append(given, by="ana", at=NOON)
        gone, kept = given.claims[0], given.claims[1]
        added = replace(gone, note="Read again")
        ends: list[tuple[Kind, str]] = [
            ("claim", gone.id),
            ("claim", kept.id),
            ("claim", "never there"),
        ]
        done = log.append(
            Batch((), (), (added, kept)), by="ben", at=hour(1), reason="Misread", withdraw=ends
        )
        assert (done.added.claims, done.superseded.claims, done.seq) == (1, 1, 2)
        held = {claim.id for claim in log.read().claims}
        assert held == {claim.id for claim in given.claims} - {gone.id} | {added.id}
        (old,) = (v for v in log.history(gone.incident_id) if v.key == gone.id)
        assert (old.superseded_by, old.ended_reason) == ("ben", "Misread")

    def test_nothing_is_before_the_beginning(self, log: Log) -> None:
        log.append(batch(3), by="ana", at=NOON)
        before = log.read(as_of=NOON - timedelta(seconds=1))
        assert (before.records, before.claims, before.seq) == ((), (), 0)

    def test_a_newer_release_of_a_dataset_withdraws_what_it_lacks(self, log: Log) -> None:
        given = batch(20)
        log.append(given, by="ana", at=NOON)
        own = {r.id for r in given.records if r.dataset == "curated"}
        gone = min(own)
        lost_claim = next(c for c in given.claims if c.incident_id in own - {gone})
        newer = Batch(
            given.sources,
            tuple(r for r in given.records if r.id in own - {gone}),
            tuple(c for c in given.claims if c.incident_id in own - {gone} and c != lost_claim),
            tuple(j for j in given.judgements if {j.left_id, j.right_id} <= own - {gone}),
        )
        done = log.append(newer, by="ana", at=hour(1), replace_dataset="curated")
        assert done.added == Counts()
        assert done.superseded.records == 1
        lost = [c for c in given.claims if c.incident_id == gone or c == lost_claim]
        assert done.superseded.claims == len(lost)
        held = log.read()
        assert gone not in {r.id for r in held.records}
        assert not {c.id for c in lost} & {c.id for c in held.claims}
        others = {r.id for r in given.records if r.dataset == "other"}
        assert others <= {r.id for r in held.records}
        assert len(log.read(as_of=NOON).claims) == len(given.claims)
        # What comes back is a new version, and the gap stays visible.
        log.append(given, by="ana", at=hour(2))
        assert {r.id for r in log.read().records} == {r.id for r in given.records}
        assert gone not in {r.id for r in log.read(as_of=hour(1)).records}

    def test_a_release_leaves_the_judgements_of_others(self, log: Log) -> None:
        given = batch(20)
        curated = replace(given, records=tuple(replace(r, dataset="d") for r in given.records))
        log.append(replace(curated, judgements=()), by="import", at=NOON)
        log.append(Batch((), (), (), given.judgements[:2]), by="editor", at=hour(1))
        log.append(Batch((), (), (), given.judgements[2:]), by="import", at=hour(2))
        log.append(replace(curated, judgements=()), by="import", at=hour(3), replace_dataset="d")
        assert len(given.judgements) > 2
        kept = [replace(j, recorded_at=None) for j in log.read().judgements]
        assert kept == list(given.judgements[:2])

    def test_hostile_strings_come_back_as_they_were(self, log: Log) -> None:
        (record,) = batch(1).records
        odd = tuple(
            replace(record, id=f"x{n}{text}", title=text, target=text, notes=(text,))
            for n, text in enumerate(HOSTILE)
        )
        log.append(Batch((), odd, ()), by=HOSTILE[0], at=NOON)
        assert log.read().records == odd
        assert log.history(odd[0].id)[0].recorded_by == HOSTILE[0]

    def test_a_claim_needs_its_record_and_source(self, log: Log) -> None:
        given = batch(10)
        with pytest.raises(InvalidInput, match="refers to what is not there") as caught:
            log.append(replace(given, records=given.records[1:]), by="ana")
        assert caught.value.problems
        assert "no record 'i0000'" in str(caught.value.problems[0])
        with pytest.raises(InvalidInput, match="no source"):
            log.append(replace(given, sources=()), by="ana")
        assert log.read().records == ()
        assert log.seq() == 0

    def test_a_batch_that_contradicts_itself_is_refused(self, log: Log) -> None:
        (record,) = batch(1).records
        with pytest.raises(InvalidInput, match="contradicts itself"):
            log.append(Batch((), (record, replace(record, title="other")), ()), by="ana")

    def test_time_does_not_run_backwards(self, log: Log) -> None:
        given = batch(2)
        log.append(given, by="ana", at=NOON)
        changed = Batch((), (replace(given.records[0], title="x"),), ())
        with pytest.raises(InvalidInput, match="before the log's last change"):
            log.append(changed, by="ana", at=NOON - timedelta(seconds=1))
        with pytest.raises(InvalidInput, match="no time zone"):
            log.append(changed, by="ana", at=datetime(2025, 1, 1))  # noqa: DTZ001
        assert log.seq() == 1

    def test_seqs_have_no_gaps(self, log: Log) -> None:
        given = batch(5)
        seqs = [
            log.append(replace(given, records=(record,), claims=(), judgements=()), by="ana").seq
            for record in given.records
        ]
        assert seqs == [1, 2, 3, 4, 5]
        assert all(a < b for a, b in pairwise(seqs))
