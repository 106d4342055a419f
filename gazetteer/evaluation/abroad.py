"""Measures headlines about other countries: each should be answered with nothing.

The January 2026 headlines were read while rules were made ('tuned'); those of Bangladesh and
Myanmar were not ('held').
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from ..gazetteer import Gazetteer
from .tally import table

SETS = (
    ("tuned", "world, January 2026", "ucdp-ged-candidate-2026-01/GEDEvent_v26_0_1.csv"),
    (
        "held",
        "Bangladesh and Myanmar",
        "ucdp-ged-other-countries/ged_v19_1_bangladesh_myanmar.csv",
    ),
)


def headlines_of(path: Path) -> list[str]:
    """The distinct headlines of events outside Afghanistan."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # UCDP's lists of sources are long
    found: dict[str, None] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["country"] == "Afghanistan":
                continue
            for headline in row["source_headline"].split(";"):
                text = headline.strip().strip('"')
                if any(c.isalpha() for c in text):
                    found[text] = None
    return list(found)


def report(gazetteer: Gazetteer, folder: Path) -> list[str]:
    """How many foreign headlines are answered with nothing."""
    rows = []
    for half, name, relative in SETS:
        if not (folder / relative).exists():
            continue
        texts = headlines_of(folder / relative)
        silent = sum(not gazetteer.search(t).candidates for t in texts)
        share = f"{100 * silent / len(texts):.2f} % ({silent}/{len(texts)})"
        rows.append([half, name, share])
    return table("Headlines about other countries", ["half", "set", "answered with nothing"], rows)
