"""Cells to numbers, coordinates and days: what is taken, what is refused and why."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain import solar_hijri as hijri
from mapapp.domain.solar_hijri import solar_hijri
from mapapp.domain.vocab import DatePrecision, Modifier
from mapapp.importers.cells.day_values import DayOrder, days
from mapapp.importers.cells.values import BadValue, coordinate, count, figure
from mapapp.importers.tables.table import Cell


@pytest.mark.parametrize(
    ("said", "value", "low", "high", "modifier"),
    [
        ("12", 12, 12, 12, Modifier.EXACT),
        (12.0, 12, 12, 12, Modifier.EXACT),
        ("۱۲", 12, 12, 12, Modifier.EXACT),
        ("12+", 12, 12, None, Modifier.AT_LEAST),
        ("at least 12", 12, 12, None, Modifier.AT_LEAST),
        ("more than 12", 12, 13, None, Modifier.OVER),
        ("~12", 12, 12, 12, Modifier.ABOUT),
        ("3–6", None, 3, 6, Modifier.RANGE),
        ("Dozens", None, None, None, Modifier.VAGUE),
    ],
)
def test_figures_keep_how_they_were_put(
    said: Cell, value: int | None, low: int | None, high: int | None, modifier: Modifier
) -> None:
    found = figure(said)
    assert found is not None
    assert (found.value, found.low, found.high, found.modifier) == (value, low, high, modifier)


@pytest.mark.parametrize("said", ["-1", "2,5", "2.5", "1,234", "a lot", True, "6-3", "9" * 12])
def test_what_is_no_number_of_people_is_refused(said: Cell) -> None:
    with pytest.raises(BadValue) as caught:
        figure(said)
    assert caught.value.remedy


def test_nothing_is_not_zero() -> None:
    assert [figure(""), figure(None), count("  "), coordinate("", 90), days("")] == [None] * 5


@pytest.mark.parametrize(
    ("said", "degrees"),
    [("34.5", 34.5), ("34,5", 34.5), (34.5, 34.5), ("34°30'N", 34.5), ("34 S", -34.0),
     ("-34.5", -34.5)],
)  # fmt: skip
def test_degrees_in_many_forms(said: Cell, degrees: float) -> None:
    assert coordinate(said, 90) == pytest.approx(degrees)


@pytest.mark.parametrize("said", ["91", "north", "69°E", "34°75'N"])
def test_what_is_no_latitude_is_refused(said: str) -> None:
    with pytest.raises(BadValue):
        coordinate(said, 90)


@pytest.mark.parametrize(
    ("said", "first", "last", "precision"),
    [
        ("2019-03-04", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("2019-03-04T12:00:00Z", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        (datetime(2019, 3, 4, 12), date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),  # noqa: DTZ001
        ("04/03/2019", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("4 March 2019", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("March 4th, 2019", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), DatePrecision.MONTH),
        ("Feb 2020", date(2020, 2, 1), date(2020, 2, 29), DatePrecision.MONTH),
        ("2019", date(2019, 1, 1), date(2019, 12, 31), DatePrecision.YEAR),
        ("43528", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("1401/09/09", date(2022, 11, 30), date(2022, 11, 30), DatePrecision.DAY),
        ("۹ قوس ۱۴۰۱", date(2022, 11, 30), date(2022, 11, 30), DatePrecision.DAY),
        ("1399", date(2020, 3, 20), date(2021, 3, 20), DatePrecision.YEAR),
    ],
)
def test_days_in_many_forms(said: Cell, first: date, last: date, precision: DatePrecision) -> None:
    found = days(said, DayOrder.DMY)
    assert found is not None
    assert (found.earliest, found.latest, found.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "said", ["31/02/2019", "04/03/19", "1443-01-01", "yesterday", "13/13/2019", "1401/12/30", "0"]
)
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(BadValue) as caught:
        days(said, DayOrder.DMY)
    assert caught.value.remedy


def test_day_and_month_are_never_guessed() -> None:
    with pytest.raises(BadValue, match="day first and month first"):
        days("03/04/2019")


@given(st.dates(date(1879, 3, 22), date(2200, 1, 1)))
def test_solar_hijri_there_and_back(day: date) -> None:
    assert hijri.gregorian(*solar_hijri(day)) == day


@given(st.text(max_size=30), st.sampled_from(DayOrder))
def test_no_text_makes_a_parser_fall_over(text: str, order: DayOrder) -> None:
    for parse in (figure, count, lambda t: coordinate(t, 180), lambda t: days(t, order)):
        with suppress(BadValue):
            parse(text)
