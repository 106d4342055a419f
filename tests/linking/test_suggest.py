"""The score on invented rows: it adds up, is explained, and finds noisy doubles at any order."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident, assemble
from mapapp.linking.evaluate import evaluate, halves, read_incidents, subjects_from
from mapapp.linking.subjects import Subjects, subjects_of
from mapapp.linking.suggest import _near, suggest, terms_of
from mapapp.linking.terms import QUICK, SLOW
from tests import ged_rows
from tests.conftest import SHARED
from tests.store.generate import batch

#: What other records can take from a pair.
WORST = 3

PAIR = frozenset(("afg-2022-07-04-herat-al-farooq", "afg-2022-herat-al-farooq-minibus"))


def incidents_of(found: Batch) -> tuple[Incident, ...]:
    return assemble(found.records, found.claims, (), found.sources)


@pytest.fixture(scope="module")
def curated(seeds: Batch) -> Subjects:
    return subjects_from(incidents_of(seeds))


@pytest.fixture(scope="module")
def invented() -> Subjects:
    """Records with every kind of gap: no day, no place, no figure."""
    return subjects_from(incidents_of(batch(900, seed=3)))


def test_the_seeds_have_one_pair_and_it_is_explained(curated: Subjects) -> None:
    (found,) = suggest(curated)
    assert found.pair == PAIR
    terms = {term.name: term for term in terms_of(curated, found)}
    assert "“farooq”" in terms["words for the target"].reason
    assert terms["who did it"].reason == "both name ISKP"
    assert terms["killed"].points == 1
    assert terms["killed"].reason == "≥2 and 5"


def test_a_decided_pair_is_not_suggested_again(curated: Subjects) -> None:
    assert suggest(curated, without=[PAIR]) == ()


def test_an_event_of_another_data_set_is_found_beside_ours(
    seeds: Batch, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    event = ged_rows.row(
        7, type_of_violence=1, side_a="Government of Afghanistan", side_b="IS", where_prec=2,
        where_coordinates="Faizabad town", adm_1="Badakhshan province", adm_2="Faizabad district",
        latitude=37.11664, longitude=70.580026, date_start="2024-05-08", date_end="2024-05-08",
        date_prec=1, deaths_a=3, deaths_b=0, deaths_civilians=0, deaths_unknown=0, best=3, low=3,
        high=6,
    )  # fmt: skip
    events = read_incidents(ged_rows.write(tmp_path / "GEDEvent_v25_1.csv", [event]), gazetteer)
    found = suggest(subjects_from([*incidents_of(seeds), *events]))
    pairs = {own.pair for own in found}
    assert pairs == {PAIR, frozenset(("afg-2024-05-08-fayzabad-convoy", events[0].id))}


def test_the_terms_of_every_suggestion_add_up(invented: Subjects) -> None:
    found = suggest(invented, threshold=0)
    assert len(found) > 20
    for own in found:
        terms = terms_of(invented, own)
        assert sum(term.points for term in terms) == own.points
        assert all(term.points and term.reason for term in terms)


def test_blocking_loses_no_pair_that_comparing_all_would_find(invented: Subjects) -> None:
    threshold = 4
    near = (part.tolist() for part in _near(invented, threshold))
    found = {(a, b): points for a, b, points in zip(*near, strict=True)}
    left, right = np.triu_indices(len(invented), 1)
    points = np.sum([term(invented, left, right) for term in (*QUICK, *SLOW)], axis=0)
    dated = invented.dated[left] & invented.dated[right]
    # What has no place on the map is compared within its country alone.
    placed = invented.placed[left] & invented.placed[right]
    compared = dated & (placed | (invented.country[left] == invented.country[right]))
    # However the pair stands among others, so many points are enough.
    sure = compared & (points - WORST >= threshold)
    assert sure.sum() > 5
    for a, b, own in zip(left[sure], right[sure], points[sure], strict=True):
        assert found[int(a), int(b)] == own


def test_the_order_of_the_rows_changes_nothing(invented: Subjects) -> None:
    order = list(range(len(invented)))
    random.Random(1).shuffle(order)  # noqa: S311
    again = subjects_of(invented.rows.take(pa.array(order)))

    def said(found: Subjects) -> set[tuple[frozenset[str], int]]:
        return {(own.pair, own.points) for own in suggest(found)}

    assert said(again) == said(invented)


def test_noisy_doubles_of_invented_events_are_found(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(n) for n in range(1, 301)])
    score = evaluate(read_incidents(path, gazetteer))
    assert score.built > 100
    assert score.recall == 1.0, score.missed
    assert score.precision >= 0.75


@pytest.mark.parametrize("name", ["event_points.csv", "events_with_places.csv"])
def test_noisy_doubles_of_held_afghan_events_are_found(name: str, gazetteer: Gazetteer) -> None:
    path = SHARED / "data" / "ucdp-ged-afghanistan" / name
    if not path.is_file():
        pytest.skip("the GED extract is not on this machine")
    score = evaluate(halves(read_incidents(path, gazetteer))["held"])
    assert score.built > 100
    assert score.recall == 1.0, score.missed
    assert score.precision >= 0.75


def test_in_a_crowd_only_the_best_of_each_record_are_suggested(invented: Subjects) -> None:
    left, right, points = (part.tolist() for part in _near(invented, 4))
    best: dict[int, int] = {}
    for a, b, own in zip(left, right, points, strict=True):
        for side in (a, b):
            best[side] = max(best.get(side, own), own)
    found = suggest(invented)
    assert 0 < len(found) < len(left)
    near = Counter(side for part in _near(invented, 1)[:2] for side in part.tolist())
    for pair in found:
        raw = pair.points - pair.margin_points
        if raw >= 4:
            alone = max(near[pair.left], near[pair.right]) <= 4
            assert max(best[pair.left], best[pair.right]) - raw <= (3 if alone else 1)
    # Once a person has decided on one, the next best is not hidden behind it.
    gone = found[0].pair
    assert gone not in {own.pair for own in suggest(invented, without=[gone])}
