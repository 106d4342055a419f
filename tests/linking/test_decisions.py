"""Decisions on pairs: recorded, replaced, taken back whole; totals without doubles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.selection import Selection
from mapapp.linking.decisions import decide, standing, state_hash, undo
from mapapp.linking.overlap import groups, overlap
from mapapp.linking.subjects import read_subjects
from mapapp.linking.suggest import pair_of, terms_of
from mapapp.query import Dashboard
from mapapp.store import Store

LEFT, RIGHT = "afg-2022-07-04-herat-al-farooq", "afg-2022-herat-al-farooq-minibus"
REASON = "Both tell of the minibus of the corps near the airport"
#: The totals of seeds, of which both records of the pair are part.
EVERYTHING = Selection()


@pytest.fixture
def store(tmp_path: Path, seeds: Batch) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    opened.append(seeds, by="curators", replace_dataset="curated")
    opened.publish()
    yield opened
    opened.close()


def published(store: Store) -> dict[str, list[dict[str, object]]]:
    """What readers see, without when it was recorded."""
    engine = store.current().engine
    found = {}
    for name in ("incidents", "claims", "sources", "judgements", "records"):
        rows = engine.run(f'SELECT * FROM "{name}" ORDER BY "id"').to_pylist()  # noqa: S608
        found[name] = [
            {k: v for k, v in row.items() if k not in ("recorded_at", "recorded_by", "position")}
            for row in rows
        ]
    return found


def test_unlinking_restores_the_identical_state(store: Store) -> None:
    before, seen = state_hash(store.log.read()), published(store)
    made = decide(store, LEFT, RIGHT, Relation.SAME, REASON, by="ana")
    assert state_hash(store.log.read()) != before
    assert published(store) != seen
    undo(store, made.id, LEFT, "The vehicles were two", by="ben")
    assert state_hash(store.log.read()) == before
    assert published(store) == seen
    ended = [v for v in store.log.history(LEFT) if v.key == made.id]
    assert [(v.reason, v.ended_reason, v.superseded_by) for v in ended] == [
        (REASON, "The vehicles were two", "ben")
    ]


def test_a_second_decision_replaces_the_first_and_its_undoing_brings_it_back(store: Store) -> None:
    first = decide(store, LEFT, RIGHT, Relation.SAME, REASON, by="ana")
    after_first = state_hash(store.log.read())
    second = decide(store, RIGHT, LEFT, Relation.DIFFERENT, "Two days, two vehicles", by="ben")
    decided = [j for j in store.log.read().judgements if j.relation is not Relation.POSSIBLY_SAME]
    assert [j.id for j in decided] == [second.id]
    assert [j.relation for j in standing(store.log.read().judgements)] == [Relation.DIFFERENT]
    undo(store, second.id, RIGHT, "The second source was misread", by="ana")
    assert state_hash(store.log.read()) == after_first
    assert [j.id for j in standing(store.log.read().judgements)] == [first.id]


def test_a_decision_survives_the_seeds_being_read_again(store: Store, seeds: Batch) -> None:
    decide(store, LEFT, RIGHT, Relation.SAME, REASON, by="ana")
    before = state_hash(store.log.read())
    store.append(seeds, by="curators", replace_dataset="curated")
    assert state_hash(store.log.read()) == before


def test_nothing_is_decided_without_a_reason_or_a_record(store: Store) -> None:
    with pytest.raises(InvalidInput, match="needs a reason"):
        decide(store, LEFT, RIGHT, Relation.SAME, "  yes ", by="ana")
    with pytest.raises(NotFound, match="no incident 'nowhere'"):
        decide(store, LEFT, "nowhere", Relation.SAME, REASON, by="ana")
    with pytest.raises(InvalidInput, match="decides nothing"):
        decide(store, LEFT, RIGHT, Relation.POSSIBLY_SAME, REASON, by="ana")
    with pytest.raises(InvalidInput, match="with itself"):
        decide(store, LEFT, LEFT, Relation.SAME, REASON, by="ana")
    with pytest.raises(NotFound, match="does not stand"):
        undo(store, "0" * 20, LEFT, "There was none", by="ana")


def test_totals_without_doubles_are_those_of_the_speakers_put_together(store: Store) -> None:
    dash = Dashboard(store.current())
    assert overlap(dash, EVERYTHING, dash.figures(EVERYTHING)) is None  # "possibly" is no decision
    decide(store, LEFT, RIGHT, Relation.SAME, REASON, by="ana")
    dash = Dashboard(store.current())
    figures = dash.figures(EVERYTHING)
    found = overlap(dash, EVERYTHING, figures)
    assert found is not None
    assert (found.doubles, found.incidents) == (1, figures.incidents - 1)
    assert found.groups == ((LEFT, RIGHT),)
    # Killed 2 to at least 2 in one, 5 in the other: alone 2–≥2 and 5, together 2–5.
    assert figures.killed.low is not None
    assert figures.killed.high is not None
    assert found.killed.low == figures.killed.low - 5
    assert found.killed.high == figures.killed.high - 2
    # Wounded over 20 (21 at least) and 18: together 18 to more than 20.
    assert figures.wounded.low is not None
    assert found.wounded.low == figures.wounded.low - 21
    assert found.wounded.high == (figures.wounded.high or 0) - 18
    # Where only one of the two is in the selection nothing is counted twice.
    one = Selection(text="minibus")
    assert overlap(dash, one, dash.figures(one)) is None


def test_a_part_does_not_count_beside_the_whole(store: Store) -> None:
    decide(store, RIGHT, LEFT, Relation.PART_OF, "One of the attacks of that day", by="ana")
    dash = Dashboard(store.current())
    figures = dash.figures(EVERYTHING)
    found = overlap(dash, EVERYTHING, figures)
    assert found is not None
    assert found.groups == ((LEFT, RIGHT),)
    assert found.killed.low == (figures.killed.low or 0) - 5
    assert found.killed.high == (figures.killed.high or 0) - 5


def test_unknown_figures_stay_unknown(tmp_path: Path, seeds: Batch) -> None:
    record: IncidentRecord = seeds.records[0]
    store = Store.open(tmp_path / "bare")
    store.append(Batch((), (replace(record, id="a"), replace(record, id="b")), ()), by="ana")
    store.publish()
    decide(store, "a", "b", Relation.SAME, REASON, by="ana")
    dash = Dashboard(store.current())
    found = overlap(dash, EVERYTHING, dash.figures(EVERYTHING))
    assert found is not None
    assert (found.killed.low, found.killed.high, found.killed.unknown) == (None, None, 1)
    store.close()


def test_groups_join_over_several_decisions() -> None:
    def said(left: str, right: str, relation: Relation) -> Judgement:
        return Judgement(left, right, relation, REASON)

    found = groups(
        [said("b", "a", Relation.SAME), said("b", "c", Relation.SAME),
         said("d", "a", Relation.PART_OF), said("x", "y", Relation.SAME)]
    )  # fmt: skip
    assert [(group.whole, group.parts) for group in found] == [
        (("a", "b", "c"), ("d",)), (("x", "y"), ()),
    ]  # fmt: skip


def test_any_two_records_are_scored_linked_and_unlinked(store: Store) -> None:
    far = "afg-2021-08-26-kabul-airport-gate"
    subjects = read_subjects(store.current().engine, (LEFT, far))
    pair = pair_of(subjects)
    assert pair.pair == {LEFT, far}
    assert pair.points == sum(term.points for term in terms_of(subjects, pair)) < 0
    before, seen = state_hash(store.log.read()), published(store)
    made = decide(store, LEFT, far, Relation.PART_OF, "A page counts both together", by="ana")
    assert published(store) != seen
    undo(store, made.id, LEFT, "The page was misread", by="ana")
    assert (state_hash(store.log.read()), published(store)) == (before, seen)
