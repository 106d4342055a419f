"""Joins GeoNames districts and 2014 shapes to the P-code crosswalk; serves the build only.

Within a province names are matched by sound, best pair first; what sound cannot join
(renamed, split or moved districts) stands in sources/joins.csv.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..names.phonetics import likeness, sound
from ..names.text import fold
from .packages import Subdivision

_SUFFIX = re.compile(r"\s+(District|Province|viloyati|welaýaty|tumani|ولسوالۍ|ولايت)$")
_PREFIX = re.compile(r"^(د|ولسوالی|ولایت|وُلُسوالی)\s+")
JOIN_LIKENESS = 0.75  # the lowest that is right for all 398 districts, read one by one


def bare(name: str) -> str:
    """'Injil District', 'ولسوالی مقر' → the name alone."""
    return _PREFIX.sub("", _SUFFIX.sub("", _PREFIX.sub("", name))).strip()


def spellings(row: Subdivision) -> tuple[str, ...]:
    """The names of a GeoNames row without words for its level, each once."""
    return tuple(dict.fromkeys(bare(n) for n in (row.name, *row.aliases)))


def _alike(a: str, names: Sequence[str]) -> float:
    return max(likeness(sound(fold(a)), sound(fold(n))) for n in names)


def join(
    rows: Sequence[Subdivision],
    pcodes: Sequence[Mapping[str, str]],
    fixed: Mapping[int, str],
) -> dict[str, Subdivision]:
    """{P-code: GeoNames row} for provinces and districts, each row used once."""
    provinces = {r["pcode"]: r for r in pcodes if r["level"] == "1"}
    joined: dict[str, Subdivision] = {}
    province_of: dict[str, str] = {}
    for row in rows:
        if row.level == 1:
            pcode = max(
                sorted(provinces), key=lambda p: _alike(provinces[p]["name"], spellings(row))
            )
            joined[pcode] = row
            province_of[row.code] = pcode
    pairs = []
    for row in rows:
        if row.level != 2:
            continue
        if row.geonames_id in fixed:
            joined[fixed[row.geonames_id]] = row
            continue
        for r in pcodes:
            if r["level"] == "2" and r["parent_pcode"] == province_of[row.parent_code or ""]:
                pairs.append((_alike(r["name"], spellings(row)), row.geonames_id, r["pcode"], row))
    taken = {row.geonames_id for row in joined.values()}
    for like, geonames_id, pcode, row in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if like >= JOIN_LIKENESS and geonames_id not in taken and pcode not in joined:
            joined[pcode] = row
            taken.add(geonames_id)
    return joined
