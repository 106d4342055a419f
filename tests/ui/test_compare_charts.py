"""The charts of two selections: one axis, one scale, what is beyond a period or not known."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query import Figures, RangeTotal
from mapapp.query.questions.aligned import Axis, axis
from mapapp.ui.charts import charts, compare_charts

YEAR = Selection(date_from=date(2022, 1, 1), date_to=date(2022, 12, 31))
HALF = Selection(date_from=date(2024, 1, 1), date_to=date(2024, 6, 30))


def stacked(*rows: tuple[date, int, int]) -> pa.Table:
    return pa.table(
        {
            "bin_start": pa.array([row[0] for row in rows], pa.date32()),
            "code": pa.array(["claimed"] * len(rows), pa.string()),
            "certain": [row[1] for row in rows],
            "possible": [row[2] for row in rows],
        }
    )


ONE, TWO = stacked((date(2022, 7, 1), 1, 3)), stacked((date(2024, 5, 1), 2, 2))


def shared(*, offsets: bool) -> Axis:
    found = axis((YEAR, HALF), (ONE, TWO), "month", offsets=offsets)
    assert found is not None
    return found


def test_bins_of_two_periods_have_the_same_numbers() -> None:
    frame = compare_charts.placed(charts.over_time_frame(TWO, "month"), shared(offsets=True), 1)
    assert frame[["at", "until", "low", "high"]].to_numpy().tolist() == [[4, 5, 0, 2]]
    assert compare_charts.time_words(shared(offsets=True)).startswith(
        "Month 1 is Jan 2022 for A and Jan 2024 for B."
    )


def test_both_have_one_domain_and_what_is_beyond_the_shorter_is_marked() -> None:
    own = shared(offsets=True)
    specs = [
        compare_charts.over_time(charts.over_time_frame(table, "month"), own, side, 3).to_dict()
        for side, table in enumerate((ONE, TWO))
    ]
    for spec in specs:
        bars = [layer for layer in spec["layer"] if layer["mark"]["type"] == "bar"]
        assert all(bar["encoding"]["x"]["scale"]["domain"] == [0, 12] for bar in bars)
        assert all(bar["encoding"]["y"]["scale"]["domain"] == [0, 3] for bar in bars)
    beyond = [[x["mark"]["type"] for x in spec["layer"]].count("rect") for spec in specs]
    assert beyond == [0, 1]
    rect = specs[1]["datasets"][specs[1]["layer"][0]["data"]["name"]]
    assert (rect[0]["at"], rect[0]["until"]) == (6, 12)


def test_areas_share_the_calendar() -> None:
    spec = compare_charts.over_time(
        charts.over_time_frame(ONE, "month"), shared(offsets=False), 0, 3
    ).to_dict()
    (start, end) = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert (start["year"], start["month"]) == (2022, 1)
    assert (end["year"], end["month"]) == (2024, 7)


def figures(killed: RangeTotal, wounded: RangeTotal) -> Figures:
    return Figures(
        incidents=2, certain=2, killed=killed, wounded=wounded, unclaimed=0, no_statement=0,
        not_mappable=0, undated=0, disputed=0,
    )  # fmt: skip


def total(low: int | None, high: int | None, *, is_open: bool = False) -> RangeTotal:
    return RangeTotal(low, low, high, is_open, 0, Rule.LOWEST)


def test_ranges_stand_side_by_side_and_the_unknown_is_said_not_drawn() -> None:
    both = [
        figures(total(3, 6, is_open=True), total(None, None)),
        figures(total(0, 0), total(5, 5)),
    ]
    frame = compare_charts.range_frame(both)
    assert frame[["name", "range"]].to_numpy().tolist() == [
        ["Killed, A", "3–≥6"], ["Killed, B", "0"], ["Wounded, B", "5"],
    ]  # fmt: skip
    assert compare_charts.unknown_words(both) == " Not known, and not zero: wounded of A."
    assert compare_charts.unknown_words([both[1], both[1]]) == ""
