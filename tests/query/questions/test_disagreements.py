"""Incidents in dispute, totals by rule and coverage strips against a plain loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property, Rule
from mapapp.query import Dashboard
from mapapp.query.questions.coverage import Coverage, State, strips
from mapapp.query.questions.disagreements import FROM_NOBODY, ORDERS, DisagreementOrder
from tests.query import oracle
from tests.query.selections import light_selections
from tests.store.generate import PROVINCES

MANY = 1000
NAMES = {code: name for code, name, *_ in PROVINCES}


@settings(max_examples=10, deadline=None)
@given(selection=light_selections(), order=st.sampled_from(ORDERS))
def test_the_widest_disputes_come_first(
    dashboard: Dashboard,
    incidents: Sequence[Incident],
    selection: Selection,
    order: DisagreementOrder,
) -> None:
    kept = {i.id: i for i in oracle.kept(incidents, selection) if i.disagreements}
    found = dashboard.disputed(selection, order, MANY).to_pylist()
    assert {row["id"] for row in found} == set(kept)
    known = [row[order] for row in found if row[order] is not None]
    assert known == sorted(known, reverse=True)
    assert all(row[order] is None for row in found[len(known) :])
    for row in found:
        incident = kept[row["id"]]
        head = incident.headline(Property.KILLED)
        assert row["subjects"] == len(incident.disagreements)
        if "killed" not in incident.disagreements:
            assert row["killed_spread"] is None
            continue
        assert row["killed_spread"] == (head.high or 0) - (head.low or 0)
        if head.low == head.high:
            assert row["killed_ratio"] is None
        elif head.low == 0:
            assert row["killed_ratio"] == FROM_NOBODY
        else:
            assert row["killed_ratio"] == pytest.approx((head.high or 0) / (head.low or 1))
    counted = Counter(name for i in kept.values() for name in i.disagreements)
    assert dict(dashboard.disputed_subjects(selection)) == dict(counted)


def test_several_incidents_come_back_whole(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    wanted = [i for i in incidents if i.disagreements][:9]
    found = dashboard.several([i.id for i in wanted] + ["nowhere"])
    assert set(found) == {i.id for i in wanted}
    for own in wanted:
        assert [c.id for c in found[own.id].claims] == [c.id for c in own.claims]
        assert found[own.id].disagreements == own.disagreements
        assert found[own.id].origins == own.origins


@settings(max_examples=10, deadline=None)
@given(selection=light_selections())
def test_totals_under_every_rule_are_those_of_the_figures(
    dashboard: Dashboard, incidents: Sequence[Incident], selection: Selection
) -> None:
    totals = dashboard.rule_totals(selection)
    kept = oracle.kept(incidents, selection)
    for rule in Rule:
        for measure in (Property.KILLED, Property.WOUNDED):
            heads = [h for i in kept if (h := i.headline(measure, rule)).known]
            wanted = sum(h.best or 0 for h in heads) if heads else None  # null is not 0
            assert getattr(totals[rule], str(measure)) == wanted


def test_strips_hold_every_incident_of_the_provinces(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    shown = dashboard.coverage(Selection(), NAMES)
    kept = oracle.kept(incidents, Selection())
    for of in shown:
        own = [i for i in kept if i.record.dataset == of.coverage.dataset]
        assert sum(strip.incidents for strip in of.strips) == len(own)
        assert of.undated == sum(
            i.record.date.earliest is None and i.record.date.latest is None for i in own
        )
        for strip in of.strips:
            here = [i for i in own if i.record.place.adm1_pcode == strip.code]
            for month, state, certain in zip(of.months, strip.states, strip.certain, strict=True):
                last = date(month.year, month.month, 28)
                sure = [
                    i
                    for i in here
                    if (when := i.record.date).earliest
                    and when.latest
                    and (when.earliest.year, when.earliest.month) == (month.year, month.month)
                    and (when.latest.year, when.latest.month) == (month.year, month.month)
                ]
                # An open side ends with the data, and may then lie in one month whole.
                assert certain >= len(sure)
                assert (state is State.RECORDED) == (certain > 0)
                if any(i.record.date.certainly_within(month, last) for i in here):
                    assert state is State.RECORDED
    # These sources do not say what they cover: an empty month is neither quiet nor unwatched.
    empty = {s for of in shown for strip in of.strips for s in strip.states}
    assert empty <= {State.RECORDED, State.POSSIBLY, State.UNDECLARED}


@pytest.mark.parametrize(
    ("watched", "here", "expected"),
    [
        (True, True, ["outside", "quiet", "recorded", "possibly", "possibly", "quiet", "outside"]),
        (False, True,
         ["outside", "unwatched", "recorded", "possibly", "possibly", "unwatched", "outside"]),
        (True, False,
         ["outside", "outside", "recorded", "possibly", "possibly", "outside", "outside"]),
    ],
)  # fmt: skip
def test_quiet_is_told_from_not_monitored(watched: bool, here: bool, expected: list[str]) -> None:
    answer = pa.Table.from_pylist(
        [
            {"dataset": "d", "province": "P1", "first": date(2022, 3, 1),
             "last": date(2022, 3, 1), "n": 2},
            {"dataset": "d", "province": "P1", "first": date(2022, 4, 1),
             "last": date(2022, 5, 1), "n": 1},
            {"dataset": "d", "province": "", "first": None, "last": None, "n": 3},
        ]
    )  # fmt: skip
    declared = Coverage("d", date(2022, 2, 10), date(2022, 6, 5), watched, here, "", 1)
    (of,) = strips(answer, {"d": declared}, {"P1": "One"}, (date(2022, 1, 1), date(2022, 7, 31)))
    first, unknown = of.strips
    assert [str(state) for state in first.states] == expected
    assert first.certain == (0, 0, 2, 0, 0, 0, 0)
    assert (unknown.label, unknown.incidents, of.undated) == ("province not known", 3, 3)
