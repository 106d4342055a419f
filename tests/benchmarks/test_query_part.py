"""The query part: both ways agree on the same data, and every metric is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import query_part
from benchmarks.files import write_snapshot
from benchmarks.our_way import OurWay
from benchmarks.pandas_way import PandasWay
from benchmarks.query_part import OWN, SHARED
from benchmarks.selections import CLICKS, nudged


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "snap-1.duckdb"
    write_snapshot(path, 5000, seed=3)
    return path


def test_both_ways_answer_the_same(snapshot: Path) -> None:
    pandas, ours = PandasWay(snapshot), OurWay(snapshot)
    kept = []
    for click in CLICKS.values():
        for number in (0, 400):
            selection = nudged(click, number)
            for question in SHARED:
                answer = getattr(ours, question)(selection)
                assert answer == getattr(pandas, question)(selection), (question, selection)
            kept.append(ours.figures(selection)["incidents"])
            for question in OWN:
                getattr(ours, question)(selection)
    assert min(kept) > 0  # no click is of nothing
    assert max(kept) > 4000


def test_a_run_gives_every_metric(snapshot: Path) -> None:
    said: list[str] = []
    found = query_part.measure(snapshot, 5000, said.append)
    assert len(said) == 2
    metrics = {(m.name, m.way, m.metric) for m in found}
    for question in SHARED:
        for way in ("ours", "pandas"):
            assert (f"query {question}", way, "query_ms_p95") in metrics
    assert all(m.value is not None and m.value > 0 for m in found)


def test_disagreement_is_an_error() -> None:
    with pytest.raises(ValueError, match="the other way 2"):
        query_part._compare({("series", "all", 0): 1}, {("series", "all", 0): 2})
