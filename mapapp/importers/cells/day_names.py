"""Names of months and days of the week, in the languages that tables of our field come in.

English stands here; the others are those of Unicode's CLDR (through Babel), read when a word is not
English. A name that means two months in two languages means none.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

from mapapp.domain import solar_hijri as hijri
from mapapp.importers.cells.marks import folded

#: CLDR's locales: those spoken in and around Afghanistan, and those that tables met were in.
LANGUAGES = (
    "fa_AF", "fa", "ps", "ur", "tg", "uz", "tr", "ar", "ar_SY", "ru", "de", "fr", "es", "it", "pt",
    "nl", "pl", "id", "uk", "hi",
)  # fmt: skip

#: Spellings that CLDR does not have.
_MORE_MONTHS = {"sept": 9, "فبروری": 2, "فروری": 2, "اپریل": 4, "اگست": 8, "دسامبر": 12}
_MORE_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3, "پنجشنبه": 3, "چهارشنبه": 2,
                  "سه شنبه": 1, "یک شنبه": 6, "پنج شنبه": 3, "چهار شنبه": 2}  # fmt: skip


def _table(names: dict[str, set[int]]) -> dict[str, int]:
    return {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1}


def _key(name: str) -> str:
    return re.sub(r"[.\s]+", "", folded(name))


_ENGLISH_MONTHS = {
    _key(name): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {_key(name): number for name, number in _MORE_MONTHS.items()}
_ENGLISH_WEEKDAYS = {
    _key(name): number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(names)
} | {_key(name): number for name, number in _MORE_WEEKDAYS.items()}
#: In Pashto and as in Iran: words of other meanings, too, which only a cell of days can hold.
_SOLAR_HERE = (
    "وری فروردین", "غویی اردیبهشت", "غبرگولی خرداد", "چنگاښ تیر", "زمری مرداد امرداد",
    "وږی شهریور", "تله مهر", "لړم آبان", "لیندۍ آذر", "مرغومی دی", "سلواغه بهمن", "کب اسفند",
)  # fmt: skip
_SOLAR = {_key(name): number for name, number in hijri.MONTHS.items()} | {
    _key(name): number for number, names in enumerate(_SOLAR_HERE, 1) for name in names.split()
}


@lru_cache(maxsize=1)
def _of_cldr() -> tuple[dict[str, int], dict[str, int]]:
    """Months and days of the week in `LANGUAGES`."""
    from babel.dates import get_day_names, get_month_names  # only tables in other languages need it

    months: dict[str, set[int]] = {}
    weekdays: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    months.setdefault(_key(name), set()).add(number)
                for number, name in get_day_names(width, context, language).items():
                    weekdays.setdefault(_key(name), set()).add(number)
    return _table(months), _table(weekdays)


@lru_cache(maxsize=4096)
def month(name: str) -> int | None:
    """The number of a Gregorian month's name, None where it is no month."""
    key = _key(name)
    return _ENGLISH_MONTHS.get(key) or _of_cldr()[0].get(key)


@lru_cache(maxsize=4096)
def solar_month(name: str) -> int | None:
    """The number of a Solar Hijri month's name."""
    return _SOLAR.get(_key(name))


@lru_cache(maxsize=4096)
def weekday(name: str) -> int | None:
    """The number of a day of the week, 0 for Monday, None where it is none."""
    key = _key(name)
    if key in _ENGLISH_WEEKDAYS:
        return _ENGLISH_WEEKDAYS[key]
    return _of_cldr()[1].get(key)
