"""The Solar Hijri date of a Gregorian day, with the month names used in Afghanistan."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula",
    "Mizan", "Aqrab", "Qaws", "Jadi", "Dalw", "Hut",
)  # fmt: skip

#: 1 Hamal 1400.
_ANCHOR = date(2021, 3, 21)
_ANCHOR_YEAR = 1400

#: The 33-year cycle below agrees with the astronomical calendar between these Gregorian years.
FIRST_YEAR, LAST_YEAR = 1800, 2250


def _days_before(year: int) -> int:
    """Days from 1 Hamal 1 to 1 Hamal of `year`; 8 leap years in a cycle of 33."""
    return 365 * (year - 1) + (8 * year + 21) // 33


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month (1 to 12) and day of the month; ValueError outside 1800 to 2250."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day} is outside {FIRST_YEAR}–{LAST_YEAR}, where the cycle is exact")
    number = (day - _ANCHOR).days + _days_before(_ANCHOR_YEAR)
    year = number * 33 // 12053 + 1
    while _days_before(year + 1) <= number:
        year += 1
    while _days_before(year) > number:
        year -= 1
    rest = number - _days_before(year)
    month, day_of_month = divmod(rest, 31) if rest < 186 else divmod(rest - 186, 30)
    return year, month + (1 if rest < 186 else 7), day_of_month + 1


def solar_hijri_text(day: date) -> str:
    """As a page writes it: "9 Qaws 1401"; empty outside the years the cycle is exact for."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    year, month, day_of_month = solar_hijri(day)
    return f"{day_of_month} {MONTHS[month - 1]} {year}"
