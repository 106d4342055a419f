"""The browser parts at a small size: every metric of the issue is measured, ours and the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import clicks, dashboard_part, import_part, load_part, usual_part
from benchmarks.files import write_data_dir
from benchmarks.measurement import Measurement
from tests.apart import apart

ROWS = 1500


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_dir(tmp_path_factory.mktemp("bench") / "data", ROWS, seed=3)


def metrics(found: list[Measurement]) -> dict[tuple[str, str, str], float | None]:
    return {(m.name, m.way, m.metric): m.value for m in found}


def quiet(_text: str) -> None:
    """Says nothing."""


def _few_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, list_of_clicks in clicks.LISTS.items():
        monkeypatch.setitem(clicks.LISTS, name, list_of_clicks[:1])


def test_what_is_called_new_was_not_selected_before() -> None:
    seen = set()
    chosen: frozenset[tuple[str, str]] = frozenset()
    for name, own in clicks.LISTS.items():
        for click in own:
            chosen ^= {click}
            assert chosen not in seen or "new" not in name, (name, click)
            seen.add(chosen)
        chosen ^= set(clicks.left_on(own))
        assert not chosen


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium here")
def test_dashboard_metrics(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard_part, "OPENINGS", 1)
    _few_clicks(monkeypatch)
    monkeypatch.setattr(dashboard_part, "PLAYED_MS", 1000)
    found = metrics(apart(lambda: dashboard_part.measure(snapshot.parents[1], ROWS, quiet)))
    for name, metric in (
        ("first map", "first_map_ms"),
        ("filter change", "click_to_repaint_ms_p50"),
        ("filter change", "click_to_repaint_ms_p95"),
        ("filter change", "bytes_ws"),
        ("filter change", "bytes_http"),
    ):
        value = found[name, "ours", metric]
        assert value is not None
        assert value > 0
    share = found["playing", "ours", "frames_over_34ms_share"]
    assert share is not None
    assert 0 <= share <= 1


@pytest.mark.browser
@pytest.mark.skipif(
    shutil.which("chromium") is None or shutil.which("npm") is None,
    reason="there is no Chromium, or no npm to fetch the cluster plugin with",
)
def test_the_usual_ways_show_all_incidents(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _few_clicks(monkeypatch)
    monkeypatch.setattr(usual_part, "LIMIT_S", 300.0)  # a busy machine is slow, not wrong
    pytest.importorskip("pydeck", reason="pydeck is for the benchmarks only")
    stopped: set[str] = set()
    found = metrics(apart(lambda: usual_part.measure(snapshot, ROWS, tmp_path, stopped, quiet)))
    assert stopped == set()  # each painted every incident, or it would have been stopped
    for way in usual_part.WAYS:
        value = found["filter change", way, "click_to_repaint_ms_p50"]
        assert value is not None
        assert value > 0


def test_a_way_once_stopped_is_not_tried_with_more(snapshot: Path) -> None:
    own = usual_part._stopped("MarkerCluster", 10)
    assert {m.value for m in own} == {None}
    assert {m.metric for m in own} == {
        "first_map_ms",
        "click_to_repaint_ms_p50",
        "click_to_repaint_ms_p95",
    }


def test_import_metrics(tmp_path: Path) -> None:
    found = metrics(import_part.measure(tmp_path, 200, quiet))
    for way in ("ours", "pandas.read_csv"):
        value = found["import", way, "import_rows_per_s"]
        assert value is not None
        assert value > 0


def test_load_metrics(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("VIEWERS", 3), ("CHANGES", 1), ("THINK_S", 0.2)):
        monkeypatch.setattr(load_part, name, value)
    said: list[str] = []
    found = metrics(apart(lambda: load_part.measure(snapshot.parents[1], ROWS, said.append)))
    assert found["3 viewers", "ours", "errors"] == 0, said
    p95 = found["3 viewers", "ours", "query_ms_p95"]
    assert p95 is not None
    assert p95 > 0
