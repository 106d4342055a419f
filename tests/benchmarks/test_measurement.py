"""Results: the file's form, what an earlier run measured stays, and the ratios of the table."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measurement import (
    UNITS,
    Measurement,
    as_table,
    machine,
    measured,
    peak_rss_mb,
    percentiles,
    read,
    write,
)


def test_the_file_is_a_list_of_plain_objects(tmp_path: Path) -> None:
    found = measured("filter", "ours", 1000, click_to_repaint_ms_p50=12.34567, bytes_ws=7000)
    write(tmp_path / "latest.json", found, machine())
    rows = json.loads((tmp_path / "latest.json").read_text())
    assert rows == [
        {"name": "filter", "way": "ours", "rows": 1000, "metric": "bytes_ws", "value": 7000,
         "unit": "bytes"},
        {"name": "filter", "way": "ours", "rows": 1000, "metric": "click_to_repaint_ms_p50",
         "value": 12.346, "unit": "ms"},
    ]  # fmt: skip
    assert json.loads((tmp_path / "machine.json").read_text())["cores"] >= 1


def test_a_partial_run_keeps_what_it_did_not_measure(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    write(path, measured("a", "ours", 10, query_ms_p50=1.0, query_ms_p95=2.0), machine())
    write(path, measured("a", "ours", 10, query_ms_p50=3.0), machine())
    assert {(m.metric, m.value) for m in read(path)} == {
        ("query_ms_p50", 3.0),
        ("query_ms_p95", 2.0),
    }


def test_other_ways_have_their_ratio_to_ours() -> None:
    found = [
        Measurement("filter", "ours", 100_000, "click_to_repaint_ms_p50", 300.0, "ms"),
        Measurement("filter", "MarkerCluster", 100_000, "click_to_repaint_ms_p50", None, "ms"),
        Measurement("filter", "FastMarkerCluster", 100_000, "click_to_repaint_ms_p50", 2100, "ms"),
    ]
    lines = as_table(found).splitlines()
    assert lines[1].split() == (
        ["filter", "1e5", "click_to_repaint_ms_p50", "FastMarkerCluster", "2,100", "ms", "×", "7.0"]
    )
    assert lines[2].endswith("stopped at the limit")
    assert lines[3].split()[-2:] == ["300", "ms"]


def test_percentiles_and_memory() -> None:
    assert percentiles([1.0, 2.0, 3.0]) == (2.0, 2.9)
    peak = peak_rss_mb()
    assert peak is None or peak > 20


def test_every_metric_has_a_unit() -> None:
    assert {"click_to_repaint_ms_p50", "first_map_ms", "import_rows_per_s"} <= UNITS.keys()
