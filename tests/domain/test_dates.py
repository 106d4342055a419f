"""Date intervals: what is certain, what is possible, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision

days = st.dates(date(2001, 1, 1), date(2030, 1, 1))


def interval(earliest: date | None, latest: date | None) -> DateInterval:
    return DateInterval(earliest, latest, DatePrecision.UNKNOWN)


def test_an_open_start_is_possible_but_never_certain_in_a_range() -> None:
    before = interval(None, date(2022, 12, 5))
    assert before.possibly_within(date(2022, 11, 1), date(2022, 11, 30))
    assert not before.certainly_within(date(2022, 11, 1), date(2022, 12, 31))
    assert before.certainly_within(None, date(2022, 12, 31))


@given(days, st.integers(0, 400), days, st.integers(0, 400))
def test_certain_implies_possible(a: date, length: int, b: date, span: int) -> None:
    when = interval(a, a + timedelta(days=length))
    start, end = b, b + timedelta(days=span)
    if when.certainly_within(start, end):
        assert when.possibly_within(start, end)


@given(days, days)
def test_a_single_day_is_certain_exactly_where_it_is_possible(day: date, start: date) -> None:
    when = DateInterval(day, day, DatePrecision.DAY)
    end = start + timedelta(days=30)
    assert when.certainly_within(start, end) == when.possibly_within(start, end)


def test_a_day_needs_one_day() -> None:
    with pytest.raises(ValueError, match="coarser precision"):
        DateInterval(date(2022, 1, 1), date(2022, 1, 2), DatePrecision.DAY)


def test_swapped_ends_are_refused() -> None:
    with pytest.raises(ValueError, match="swap"):
        interval(date(2022, 1, 2), date(2022, 1, 1))
