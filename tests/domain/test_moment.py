"""Moments: written and read the same, days from start to end, what is no moment refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.moment import Moment, read_moment

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(Moment.of_day)
TIMES = st.integers(0, 9 * 10**15).map(
    lambda us: Moment(datetime(1900, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
)


@given(DAYS | TIMES)
def test_what_is_written_is_read_the_same(moment: Moment) -> None:
    assert read_moment(moment.text) == moment
    assert moment.before < moment.start <= moment.end


def test_a_day_reaches_from_its_start_to_its_end() -> None:
    day = read_moment("2026-11-25")
    assert day.start == datetime(2026, 11, 25, tzinfo=UTC)
    assert day.end == datetime(2026, 11, 26, tzinfo=UTC) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-11-25T18:50Z", "2026-11-25T18:50:00Z"),
        (" 2026-11-25T18:50:05.5Z ", "2026-11-25T18:50:05.500000Z"),
        ("2026-11-25T18:50:05+00:00", "2026-11-25T18:50:05Z"),
        ("2026-11-25T18:50:05 00:00", "2026-11-25T18:50:05Z"),
        ("2026-11-25 18:50:05Z", "2026-11-25T18:50:05Z"),
    ],
)
def test_common_forms_are_read(text: str, form: str) -> None:
    assert read_moment(text).text == form


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "2026-11-25T18:50:05", "2026-11-25T25:00Z", "25.11.2026",
     "2026-11-25T18:50:05+04:30", "٢٠٢٦-١١-٢٥", "<script>", "9999-99-99"],
)  # fmt: skip
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="neither a day nor a time in UTC"):
        read_moment(text)
