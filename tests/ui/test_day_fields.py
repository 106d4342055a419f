"""Days as they are typed, and the quick ways."""

from datetime import date

import pytest

from mapapp.ui.head.day_fields import End, month_of, preset, read_day


def test_presets_end_with_the_last_day_of_the_data() -> None:
    assert preset(date(2024, 5, 8), 30) == (date(2024, 4, 9), date(2024, 5, 8))
    assert preset(date(2024, 5, 8), 1) == (date(2024, 5, 8), date(2024, 5, 8))


@pytest.mark.parametrize(
    ("text", "end", "day"),
    [
        ("2022-09-30", "date_from", date(2022, 9, 30)),
        (" 2022-9-3 ", "date_to", date(2022, 9, 3)),
        ("2022-02", "date_from", date(2022, 2, 1)),
        ("2024-02", "date_to", date(2024, 2, 29)),
        ("2022", "date_from", date(2022, 1, 1)),
        ("2022", "date_to", date(2022, 12, 31)),
        ("  ", "date_to", None),
    ],
)
def test_a_day_a_month_or_a_year_is_read(text: str, end: End, day: date | None) -> None:
    assert read_day(text, end) == day


@pytest.mark.parametrize("text", ["30.9.2022", "2022-13", "2022-02-30", "soon", "22-09-30"])
def test_what_is_no_day_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"write a day|no day"):
        read_day(text, "date_from")


def test_a_month_is_whole() -> None:
    assert month_of(date(2024, 2, 11)) == (date(2024, 2, 1), date(2024, 2, 29))
