"""Solar Hijri days against published pairs, and day by day over two centuries."""

from datetime import date, timedelta

import pytest

from mapapp.domain.solar_hijri import solar_hijri, solar_hijri_text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2022, 11, 30), "9 Qaws 1401"),
        (date(2024, 5, 8), "19 Sawr 1403"),
        (date(2021, 8, 26), "4 Sunbula 1400"),
        (date(2021, 8, 15), "24 Asad 1400"),
        (date(1979, 2, 11), "22 Dalw 1357"),
        (date(2025, 3, 20), "30 Hut 1403"),
        (date(2025, 3, 21), "1 Hamal 1404"),
        (date(1700, 1, 1), ""),
    ],
)
def test_known_days(day: date, words: str) -> None:
    assert solar_hijri_text(day) == words


def test_each_day_follows_the_one_before() -> None:
    day = date(1900, 1, 1)
    year, month, day_of_month = solar_hijri(day)
    while day < date(2100, 1, 1):
        day += timedelta(days=1)
        found = solar_hijri(day)
        follows = {
            (year, month, day_of_month + 1),
            (year, month + 1, 1),
            (year + 1, 1, 1),
        }
        assert found in follows
        assert found[1] <= 12
        assert found[2] <= (31 if found[1] <= 6 else 30)
        if found[2] == 1:
            assert day_of_month >= (31 if month <= 6 else 30 if month < 12 else 29)
        year, month, day_of_month = found


def test_outside_the_exact_years_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 1800–2250"):
        solar_hijri(date(1700, 1, 1))
