"""Country names as data sets write them, to ISO 3166-1 alpha-3 (row → record).

`countries.csv` holds ISO 3166-1 codes and short names, and the forms that UCDP (after Gleditsch and
Ward: "Yemen (North Yemen)"), ACLED and GTD use.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str]]:
    by_name: dict[str, str] = {}
    names: dict[str, str] = {}
    path = Path(__file__).with_name("countries.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            iso3 = row["iso3"]
            names[iso3] = row["name"]
            for word in (iso3, row["iso2"], row["numeric"], row["name"],
                         *row["other_names"].split("|")):  # fmt: skip
                if word:
                    by_name.setdefault(_fold(word), iso3)
    return by_name, names


def _fold(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(c for c in plain if c.isalnum()).lstrip("0")


def iso3(words: str) -> str | None:
    """The alpha-3 code of a country name, ISO code or ISO number; None where it is not known."""
    return _table()[0].get(_fold(words)) if words.strip() else None


def country_name(code: str) -> str:
    """The short English name of an alpha-3 code; the code itself where it is not known."""
    return _table()[1].get(code, code)
