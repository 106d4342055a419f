"""Countries by ISO 3166-1 alpha-3 code, and their names in English.

`countries.csv` holds the codes, short names, and other forms of the names that data sets write;
`importers/cells/countries.py` reads cells with these.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

#: Where the map is at home: what is elsewhere stays out of totals unless asked for.
HOME: Final = "AFG"
#: The code for a country that is not known (one that ISO 3166-1 leaves to its users).
UNKNOWN: Final = "XXX"


@lru_cache(maxsize=1)
def rows() -> Sequence[Mapping[str, str]]:
    """The table's rows: iso3, iso2, numeric, name, other_names (parted by "|")."""
    path = Path(__file__).with_name("countries.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """The short English name of each alpha-3 code."""
    return {row["iso3"]: row["name"] for row in rows()} | {UNKNOWN: "country not known"}


def country_name(code: str) -> str:
    """The short English name of an alpha-3 code; the code itself where there is none."""
    return country_names().get(code, code)


def named_province(name: str | None, country: str) -> str:
    """A province as it is told apart from others of its name, "" where nothing is known: "Herat",
    abroad "Aleppo Governorate (Syria)", or the country alone.
    """
    if country == HOME:
        return name or ""
    return f"{name} ({country_name(country)})" if name else country_name(country)
