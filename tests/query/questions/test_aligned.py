"""One axis of time for two series: the same days, or numbers from each period's begin."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.selection import Selection
from mapapp.query.questions.aligned import axis
from mapapp.query.questions.series import Step, bin_start


def bins(*days: date) -> pa.Table:
    return pa.table({"bin_start": pa.array(days, pa.date32())})


def test_two_periods_are_counted_from_their_begin() -> None:
    sides = (
        Selection(date_from=date(2022, 1, 1), date_to=date(2022, 12, 31)),
        Selection(date_from=date(2024, 1, 15), date_to=date(2024, 6, 30)),
    )
    found = axis(sides, [bins(date(2022, 7, 1)), bins(date(2024, 5, 1))], "month", offsets=True)
    assert found is not None
    assert found.starts == (date(2022, 1, 1), date(2024, 1, 1))
    assert (found.bins, found.own) == (12, (12, 6))
    assert (found.place(0, date(2022, 7, 1)), found.place(1, date(2024, 5, 1))) == (6, 4)


def test_two_areas_share_the_calendar() -> None:
    one, two = bins(date(2021, 8, 1), date(2021, 9, 1)), bins(date(2022, 1, 1))
    found = axis((Selection(), Selection()), [one, two], "month", offsets=False)
    assert found is not None
    assert found.starts == (date(2021, 8, 1), date(2021, 8, 1))
    assert (found.bins, found.own) == (6, (6, 6))


def test_a_side_without_any_day_takes_the_other_s() -> None:
    found = axis((Selection(), Selection()), [bins(), bins(date(2022, 1, 3))], "week", offsets=True)
    assert found is not None
    assert found.own == (1, 1)
    assert axis((Selection(), Selection()), [bins(), bins()], "day", offsets=True) is None


@pytest.mark.parametrize("step", ["day", "week", "month"])
@given(start=st.dates(date(1990, 1, 1), date(2030, 1, 1)), days=st.integers(0, 900))
def test_every_bin_of_a_period_has_its_own_place(step: Step, start: date, days: int) -> None:
    own = Selection(date_from=start, date_to=start + timedelta(days=days))
    found = axis((own, own), [bins(), bins()], step, offsets=True)
    assert found is not None
    places = [found.place(0, bin_start(start + timedelta(days=n), step)) for n in range(days + 1)]
    assert sorted(set(places)) == list(range(found.bins))
    assert places == sorted(places)
