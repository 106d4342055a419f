"""What every log backend and every engine must do. Extend this first, then the backends."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.domain.vocab import Property, Rule
from mapapp.query import Dashboard
from mapapp.query.disagreements import ORDERS
from mapapp.store import Counts, Log
from mapapp.store.log_entries import Kind
from tests.query import oracle
from tests.store.generate import HOSTILE, PROVINCES, batch

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


#: Selections that use every part; the property tests try many more on the embedded engine.
SELECTIONS: tuple[Selection, ...] = (
    Selection(),
    Selection(background=True, abroad=True, rule=Rule.HIGHEST),
    Selection(date_from=date(2022, 3, 10), date_to=date(2022, 9, 30)),
    Selection(date_from=date(2022, 3, 10), date_to=date(2022, 9, 30), date_certain=True),
    Selection(date_from=date(2023, 1, 1), date_certain=True),
    Selection(date_to=date(2022, 1, 1)),
    Selection(provinces=("AF32", PROVINCES[3][0])),
    Selection(districts=("AF0101", "AF3202")),
    Selection(groups=("dfa",)),
    Selection(groups=("iskp", HOSTILE[5]), kinds=("claimed", "suspected")),
    Selection(kinds=("none", "unclaimed")),
    Selection(groups=("dfa",), speakers=("party",)),
    Selection(kinds=("claimed", "denied"), speakers=("dfa", "monitor")),
    Selection(groups=("iskp",), kinds=("attributed", "suspected"), speakers=("dfa-moi", "media")),
    Selection(speakers=("dfa",)),
    Selection(doubts=("disputed_figures", "contested_claim")),
    Selection(doubts=("single_source",), groups=("nrf",)),
    Selection(doubts=("no_independent_speaker",)),
    Selection(event_types=("bombing", "raid"), targets=("education", "unknown")),
    Selection(victims=("civilians",)),
    Selection(participants=("Taleban", HOSTILE[5])),
    Selection(participants=("IS",), groups=("iskp",)),
    Selection(killed_min=2, killed_max=20),
    Selection(killed_min=30, wounded_max=10),
    Selection(sources=(HOSTILE[5],)),
    Selection(geo_precisions=("site", "district"), date_precisions=("day", "month")),
    Selection(text="islamic STATE"),
    Selection(text="50% under_score"),
    Selection(text="كابلشهر"),
    Selection(text=HOSTILE[0]),
    Selection(near=Circle(34.5, 69.2, 60)),
    Selection(along=Corridor(((34.3, 62.2), (34.5, 69.2), (36.9, 70.8)), 40)),
    Selection(datasets=("other",), rule=Rule.LOWEST),
    Selection(provinces=("nowhere",)),
)


class EngineScenario:
    """Needs fixtures `dashboard` over some invented incidents, and those `incidents`."""

    @pytest.mark.parametrize("selection", SELECTIONS, ids=range(len(SELECTIONS)))
    def test_every_question_is_answered_as_a_plain_loop_would(
        self, dashboard: Dashboard, incidents: Sequence[Incident], selection: Selection
    ) -> None:
        check_all(dashboard, incidents, selection)

    def test_pages_follow_each_other_without_gap_or_repeat(
        self, dashboard: Dashboard, incidents: Sequence[Incident]
    ) -> None:
        everything = Selection(background=True, abroad=True)
        for order_by, descending in (("date", True), ("date", False), ("killed", True),
                                     ("adm1_name", True), ("title", False)):  # fmt: skip
            whole = dashboard.table(everything, order_by, descending)["id"].to_pylist()
            assert sorted(whole) == sorted(i.id for i in incidents)
            paged: list[str] = []
            page = dashboard.table(everything, order_by, descending, limit=23)
            while page.num_rows:
                paged += page["id"].to_pylist()
                after = Dashboard.cursor(page)
                page = dashboard.table(everything, order_by, descending, limit=23, after=after)
            assert paged == whole

    def test_disputes_rules_speakers_and_coverage(
        self, dashboard: Dashboard, incidents: Sequence[Incident]
    ) -> None:
        everything = Selection(background=True, abroad=True)
        disputed = {i.id: i for i in incidents if i.disagreements}
        for order in ORDERS:
            rows = dashboard.disputed(everything, order, 1000).to_pylist()
            assert {row["id"] for row in rows} == set(disputed)
            known = [row[order] for row in rows if row[order] is not None]
            assert known == sorted(known, reverse=True)
        subjects = [name for i in disputed.values() for name in i.disagreements]
        assert dict(dashboard.disputed_subjects(everything)) == Counter(subjects)
        for rule, totals in dashboard.rule_totals(everything).items():
            heads = [i.headline(Property.KILLED, rule) for i in incidents]
            assert totals.killed == sum(h.best or 0 for h in heads)
        chosen = replace(everything, groups=("dfa", HOSTILE[5]), kinds=("claimed", "suspected"))
        for part in ("speakers", "groups", "kinds", "doubts", "participants"):
            for option in dashboard.facet(replace(chosen, speakers=("party", "media")), part):
                options: dict[str, tuple[str, ...]] = {
                    "speakers": ("party", "media"), part: (option.code,),
                }  # fmt: skip
                own = replace(chosen, **options)  # type: ignore[arg-type]
                assert option.count == len(oracle.kept(incidents, own)), option
        strips = dashboard.coverage(Selection(background=True), {"AF01": "Kabul"})
        assert sum(s.incidents for of in strips for s in of.strips if s.code == "AF01") == len(
            oracle.kept(incidents, Selection(background=True, provinces=("AF01",)))
        )

    def test_an_incident_comes_back_whole(
        self, dashboard: Dashboard, incidents: Sequence[Incident]
    ) -> None:
        rng = random.Random(3)  # noqa: S311
        for incident in rng.sample(list(incidents), 8):
            detail = dashboard.incident(incident.id)
            assert detail.incident.record == incident.record
            assert [c.id for c in detail.incident.claims] == [c.id for c in incident.claims]
            assert set(detail.sources) == {c.source_id for c in incident.claims}
            assert {r.id for r in detail.related} == {
                j.other(incident.id) for j in incident.judgements
            }
            for rule in Rule:
                own = detail.incident.headline(Property.KILLED, rule)
                assert own == incident.headline(Property.KILLED, rule)


def check_all(dashboard: Dashboard, incidents: Sequence[Incident], s: Selection) -> None:
    """Every question's answer against the oracle's."""
    kept = oracle.kept(incidents, s)
    ids = {incident.id for incident in kept}
    assert set(dashboard.table(s)["id"].to_pylist()) == ids
    check_figures(dashboard, kept, s)
    check_places(dashboard, kept, s)
    check_series(dashboard, kept, s)
    sources = dashboard.sources(s)
    cited = [key for incident in kept for key in incident.source_ids]
    assert dict(
        zip(sources["source_id"].to_pylist(), sources["incidents"].to_pylist(), strict=True)
    ) == {key: cited.count(key) for key in set(cited)}
    spoken = [claim.source_id for incident in kept for claim in incident.claims]
    assert dict(
        zip(sources["source_id"].to_pylist(), sources["claims"].to_pylist(), strict=True)
    ) == {key: spoken.count(key) for key in set(spoken)}


def check_figures(dashboard: Dashboard, kept: Sequence[Incident], s: Selection) -> None:
    figures = dashboard.figures(s)
    assert figures.incidents == dashboard.count(s) == len(kept)
    certain = [i for i in kept if i.record.date.certainly_within(s.date_from, s.date_to)]
    assert figures.certain == len(certain) <= figures.incidents
    assert figures.not_mappable == sum(not i.record.place.mappable for i in kept)
    assert figures.disputed == sum(bool(i.disagreements) for i in kept)
    assert figures.no_statement == sum(not i.attributions for i in kept)
    assert figures.unclaimed == sum(
        "unclaimed" in oracle.kinds(i) and "claimed" not in oracle.kinds(i) for i in kept
    )
    for measure, own in ((Property.KILLED, figures.killed), (Property.WOUNDED, figures.wounded)):
        heads = [i.headline(measure, s.rule) for i in kept]
        known = [h for h in heads if h.known]
        assert own.unknown == len(heads) - len(known)
        if not known:
            assert (own.low, own.best, own.high, own.high_open) == (None, None, None, False)
            continue
        assert own.low == sum(h.low or 0 for h in known)
        assert own.best == sum(h.best or 0 for h in known)
        assert own.high == sum(h.high or 0 for h in known)
        assert own.high_open == any(h.high_open for h in known)
    for group, pair in dashboard.by_victim_group(s).items():
        for measure, own in zip((Property.KILLED, Property.WOUNDED), pair, strict=True):
            known = [h for i in kept if (h := i.headline(measure, group=group)).known]
            assert own.low == (sum(h.low or 0 for h in known) if known else None)
            assert own.high == (sum(h.high or 0 for h in known) if known else None)
            assert own.unknown == len(kept) - len(known)


def check_places(dashboard: Dashboard, kept: Sequence[Incident], s: Selection) -> None:
    mapped = {i.id for i in kept if i.record.place.mappable}
    areal = {i.id for i in kept if i.record.place.area_id and i.id in mapped}
    assert set(dashboard.features(s)["id"].to_pylist()) == mapped
    seen = dashboard.picture(s, None, 6)
    assert (seen.total, seen.mappable) == (len(kept), len(mapped))
    assert set(dashboard.unmappable(s)["id"].to_pylist()) == {i.id for i in kept} - mapped
    assert sum(dashboard.areas(s)["count"].to_pylist()) == len(areal)
    view = (68.5, 34.0, 70.0, 35.0)
    for zoom in (5, 9, 18):
        cells = dashboard.cells(s, None, zoom).to_pylist()
        assert sum(cell["count"] for cell in cells) == len(mapped - areal)
        for cell in cells:
            assert sum(cell[kind] for kind in KIND_COLUMNS) == cell["count"]
        ids = dashboard.ids_of([cell["row"] for cell in cells])
        assert set(ids.values()) <= mapped - areal
        assert len(ids) == len(cells)
        timed = dashboard.cell_bins(s, None, zoom, "month").to_pylist()
        dated = [i for i in kept if i.id in mapped - areal]
        dated = [i for i in dated if i.record.date.earliest or i.record.date.latest]
        assert sum(row["count"] for row in timed) == len(dated)
        inside = dashboard.cells(s, view, zoom)
        points = dashboard.features(s, view).to_pylist()
        assert sum(inside["count"].to_pylist()) == sum(not p["areal"] for p in points)


KIND_COLUMNS = (
    "contested", "claimed", "attributed", "suspected", "denied", "unclaimed", "none",
)  # fmt: skip


def check_series(dashboard: Dashboard, kept: Sequence[Incident], s: Selection) -> None:
    dated = [i for i in kept if i.record.date.earliest or i.record.date.latest]
    first, last = dashboard.span()
    assert first is not None
    assert last is not None
    bins = dashboard.series(s, "year").to_pylist()
    for row in bins:
        start = row["bin_start"]
        end = date(start.year, 12, 31)
        inside = [i for i in dated if i.record.date.possibly_within(start, end)]
        # An open side ends with the data.
        inside = [i for i in inside if (i.record.date.latest or last) >= start]
        assert row["possible"] == len(
            [
                i
                for i in inside
                if (i.record.date.earliest or min(first, i.record.date.latest or first)) <= end
            ]
        )
        assert row["certain"] <= row["possible"]
    stacked = dashboard.stacked(s, "year", "display_kind").to_pylist()
    assert sum(r["possible"] for r in stacked) == sum(r["possible"] for r in bins)
    assert sum(r["certain"] for r in stacked) == sum(r["certain"] for r in bins)
    by_type = dashboard.breakdown(s, "event_type").to_pylist()
    assert sum(row["incidents"] for row in by_type) == len(kept)
    figures = dashboard.figures(s)
    assert sum(row["killed_low"] or 0 for row in by_type) == (figures.killed.low or 0)
    assert sum(row["wounded_high"] or 0 for row in by_type) == (figures.wounded.high or 0)
