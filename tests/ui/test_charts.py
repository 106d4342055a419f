"""What the charts draw: blocks of bins, groups by kind, ranges; kinds are never added up."""

from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query import Facet
from mapapp.ui.charts import charts


def stacked(rows: list[tuple[date, str, int, int]]) -> pa.Table:
    starts, codes, certain, possible = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "bin_start": pa.array(starts, pa.date32()),
            "code": pa.array(codes, pa.string()),
            "certain": pa.array(certain, pa.int64()),
            "possible": pa.array(possible, pa.int64()),
        }
    )


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [
        (date(2022, 11, 1), "month", date(2022, 12, 1)),
        (date(2022, 12, 1), "month", date(2023, 1, 1)),
        (date(2022, 12, 26), "week", date(2023, 1, 2)),
        (date(2022, 12, 31), "day", date(2023, 1, 1)),
        (date(2022, 1, 1), "year", date(2023, 1, 1)),
    ],
)
def test_bin_end(start: date, step: str, end: date) -> None:
    assert charts.bin_end(start, step) == end


def test_certain_blocks_lie_below_possible_ones_and_pile_up_to_the_count() -> None:
    month = date(2022, 11, 1)
    frame = charts.over_time_frame(
        stacked([(month, "claimed", 2, 3), (month, "none", 1, 4), (month, "contested", 0, 1)]),
        "month",
    )
    assert list(zip(frame["kind"], frame["sure"], frame["low"], frame["high"], strict=True)) == [
        ("claimed", "for certain", 0, 2),
        ("no statement", "for certain", 2, 3),
        ("contested", "possibly", 3, 4),
        ("claimed", "possibly", 4, 5),
        ("no statement", "possibly", 5, 8),
    ]
    assert frame["incidents"].sum() == 8
    assert frame["end"].unique().tolist() == [pd.Timestamp(2022, 12, 1)]


def test_kinds_of_a_group_stay_apart() -> None:
    frame = charts.group_frame(
        {
            "claimed": (Facet("iskp", "ISKP", 4), Facet("aff", "AFF", 1)),
            "suspected": (Facet("iskp", "ISKP", 2), Facet("aff", "AFF", 0)),
        }
    )
    assert sorted(frame.itertuples(index=False, name=None)) == [
        ("AFF", "claimed", 1),
        ("ISKP", "claimed", 4),
        ("ISKP", "suspected", 2),
    ]


def test_ranges_leave_out_what_nobody_gives_a_number_for() -> None:
    rows: list[dict[str, Any]] = [
        {"n": "a", "killed_low": 3, "killed_best": 6, "killed_high": 6, "killed_open": True},
        {"n": "b", "killed_low": None, "killed_best": None, "killed_high": None,
         "killed_open": False},
        {"n": "c", "killed_low": 0, "killed_best": 0, "killed_high": 9, "killed_open": False},
    ]  # fmt: skip
    frame = charts.range_frame(rows, "n")
    assert frame[["name", "range"]].to_numpy().tolist() == [["c", "0–9"], ["a", "3–≥6"]]


def test_charts_of_nothing_are_charts() -> None:
    empty = charts.over_time(stacked([]), "month").to_dict()
    assert [layer["mark"]["type"] for layer in empty["layer"]] == ["bar"]
    assert charts.by_group({}).to_dict()["layer"]
    assert charts.killed_ranges(charts.range_frame([], "n")).to_dict()["layer"]


def test_every_kind_has_a_colour_of_its_own() -> None:
    assert len(set(charts.KIND_COLOURS.values())) == len(DISPLAY_KINDS)
    assert set(charts.KIND_COLOURS) == set(DISPLAY_KINDS)


def test_what_is_only_possible_is_hatched_in_its_kind_s_colour() -> None:
    rows = [
        (date(2022, 1, 1), "claimed", 1, 3),
        (date(2022, 2, 1), "denied", 0, 1),
    ]
    spec = charts.over_time(stacked(rows), "month").to_dict()
    certain, *hatched = spec["layer"]
    assert "gradient" not in str(certain["mark"])
    fills = [layer["mark"]["fill"] for layer in hatched]
    assert [fill["gradient"] for fill in fills] == ["linear", "linear"]
    colours = [{stop["color"] for stop in fill["stops"]} for fill in fills]
    assert colours == [
        {charts.KIND_COLOURS["claimed"], "transparent"},
        {charts.KIND_COLOURS["denied"], "transparent"},
    ]


def test_bars_say_how_many_lie_in_the_days_for_certain() -> None:
    breakdown = pa.table(
        {
            "code": ["claimed", "none", ""],
            "label": ["claimed", "no statement", "not stated"],
            "incidents": [5, 2, 1],
            "certain": [3, 2, 0],
        }
    )
    frame = charts.counts_frame(breakdown, "label")
    assert frame["words"].to_list() == ["5 (3 for certain)", "2", "1 (0 for certain)"]
    marks = [layer["mark"] for layer in charts.by_category(breakdown).to_dict()["layer"]]
    assert [mark["type"] for mark in marks] == ["bar", "text", "bar"]
    assert marks[2]["fill"]["gradient"] == "linear"
    kinds = charts.by_kind(breakdown).to_dict()
    (rows,) = kinds["datasets"].values()
    assert [row["name"] for row in rows] == ["claimed", "no statement"]
    certain = charts.by_category(breakdown.slice(1, 1)).to_dict()["layer"]
    assert len(certain) == 2  # nothing to hatch
