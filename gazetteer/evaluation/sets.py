"""Where the visible evaluation sets are, how they are read, and how an answer is shown."""

from __future__ import annotations

import csv
from pathlib import Path

from ..errors import DataError
from ..model import Result
from .tally import Tally

HALVES = ("tuned", "held")
VARIANTS = "district-name-variants/district_name_variants.csv"
PAIRS = "name-variant-pairs/name_variant_pairs.csv"
GEOCODE = "ucdp-ged-afghanistan/geocode_dev.csv"
HEADLINES = "ucdp-ged-afghanistan/headline_dev.csv"

# A set's table lines, and its tallies by half (and mode).
Part = tuple[list[str], dict[str, Tally]]


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a set; DataError when the folder lacks it."""
    path = folder / name
    if not path.exists():
        raise DataError(f"{folder} does not hold {name}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def say(result: Result) -> str:
    """An answer in a few words, for lists of errors."""
    flag = " (ambiguous)" if result.ambiguous else ""
    return (", ".join(f"{c.id} {c.score:.2f}" for c in result.candidates[:3]) or "nothing") + flag
