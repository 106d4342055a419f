"""What every engine must answer. Extend this first, then the engines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.domain.vocab import Property, Rule
from mapapp.query import Dashboard
from mapapp.query.questions.disagreements import ORDERS
from tests.query import oracle
from tests.store.generate import HOSTILE, PROVINCES

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
    certain = [
        i
        for i in kept
        if i.record.date.certainly_within(s.date_from, s.date_to)
        and all(oracle.lies_in(i, shape, True) for shape in s.shapes)
    ]
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
    by_type = dashboard.breakdown(s, "type").to_pylist()
    assert sum(row["incidents"] for row in by_type) == len(kept)
    figures = dashboard.figures(s)
    assert sum(row["killed_low"] or 0 for row in by_type) == (figures.killed.low or 0)
    assert sum(row["wounded_high"] or 0 for row in by_type) == (figures.wounded.high or 0)
