"""The gazetteer without its curated spellings: what matching alone does with package names.

The curated aliases were written by people who had seen spellings like the visible ones; this
variant of the gazetteer cannot have learnt any.
"""

from __future__ import annotations

import json

from .. import store
from ..gazetteer import Gazetteer

PACKAGE_ORIGINS = ("GeoNames", "geoBoundaries", "COD-AB")


def without_curated_names() -> Gazetteer:
    """The packaged places, each with its main English name and its packages' spellings only."""
    document = json.loads((store.DATA / "places.json").read_text(encoding="utf-8"))
    for row in document["places"]:
        spelled = row[-1]
        row[-1] = [
            n
            for n in spelled
            if n[4].startswith(PACKAGE_ORIGINS) or (n[3] == "main" and n[1] == "en")
        ]
    return Gazetteer(store.read_rows(document["places"]), store.read_city_districts())
