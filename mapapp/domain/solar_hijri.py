"""The Solar Hijri calendar: its days as Gregorian ones and back, and its months' names."""

from __future__ import annotations

from datetime import date, timedelta

#: 1 Hamal 1400; the 33-year cycle is exact from 1178 to 1628 (Gregorian 1800 to 2250).
_ANCHOR, _ANCHOR_YEAR = date(2021, 3, 21), 1400
FIRST_YEAR, LAST_YEAR = 1179, 1628
_EXACT = (1800, 2250)

#: As a page writes them.
MONTH_NAMES = (
    "Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula",
    "Mizan", "Aqrab", "Qaws", "Jadi", "Dalw", "Hut",
)  # fmt: skip

#: Spellings of the twelve months, folded: Dari and Pashto as used in Afghanistan, then Iranian.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "hamal wray farvardin حمل وری فروردین", "sawr saur thawr ghwayay ordibehesht ثور",
            "jawza jauza ghbargolay khordad جوزا", "saratan chungash tir سرطان",
            "asad zmaray mordad اسد", "sunbula sonbola sumbula wazhay shahrivar سنبله",
            "mizan tala mehr میزان", "aqrab laram aban عقرب", "qaws qaus lindai azar قوس",
            "jadi jadee marghumay dey جدی", "dalw dalwa salwagha bahman دلو",
            "hut hoot kab esfand حوت",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


def days_in_month(year: int, month: int) -> int:
    """31 in the first six months, 30 in the next five, then 29 or 30."""
    if month <= 6:
        return 31
    if month <= 11:
        return 30
    return _days_before(year + 1) - _days_before(year) - 336


def _days_before(year: int) -> int:
    return 365 * (year - 1) + (8 * year + 21) // 33


def gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day; ValueError for a day that the calendar does not have."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise ValueError(f"there is no {year}-{month:02}-{day:02} in the Solar Hijri calendar")
    before = min(month - 1, 6) * 31 + max(month - 7, 0) * 30 + day - 1
    return _ANCHOR + timedelta(_days_before(year) - _days_before(_ANCHOR_YEAR) + before)


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month (1 to 12) and day of the month; ValueError outside 1800 to 2250."""
    if not _EXACT[0] <= day.year <= _EXACT[1]:
        raise ValueError(f"{day} is outside {_EXACT[0]}–{_EXACT[1]}, where the cycle is exact")
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
    if not _EXACT[0] <= day.year <= _EXACT[1]:
        return ""
    year, month, day_of_month = solar_hijri(day)
    return f"{day_of_month} {MONTH_NAMES[month - 1]} {year}"
