"""How exact a row says its point is, in the words and numbers of data sets (cell → precision).

A number means what the data sets that print one agree on at the least: 3 is a district to UCDP and
a province to ACLED, so it is read as the province.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.marks import filled, folded, is_not_known
from mapapp.importers.tables.table import Cell, text_of

#: UCDP's where_prec and Insecurity Insight's Geo Precision (1 to 7), ACLED's geo_precision
#: (1 to 3), GTD's specificity (1 to 5), AidData's precision code (1 to 8): the coarsest of them.
NUMBERS = {
    0: GeoPrecision.COUNTRY, 1: GeoPrecision.SETTLEMENT, 2: GeoPrecision.DISTRICT,
    3: GeoPrecision.PROVINCE, 4: GeoPrecision.PROVINCE, 5: GeoPrecision.COUNTRY,
    6: GeoPrecision.COUNTRY, 7: GeoPrecision.COUNTRY, 8: GeoPrecision.COUNTRY,
}  # fmt: skip

#: Words in a cell, coarsest first: of "centre of the district" the district counts.
WORDS: tuple[tuple[GeoPrecision, str], ...] = (
    (GeoPrecision.COUNTRY, "country|national|nationwide|nation|admin ?0|adm ?0|state level unknown|"
     "unknown|no location|international|land|staat|pays|pais|کشور|هیواد|دولة"),
    (GeoPrecision.PROVINCE, "province|provincial|admin ?1|adm ?1|admin level 1|region|regional|"
     "governorate|oblast|state|first.?order|estimated|imprecise|large area|low|provinz|bundesland|"
     "provincia|ولایت|محافظة|استان"),
    (GeoPrecision.DISTRICT, "district|admin ?2|adm ?2|admin level 2|county|woreda|municipality|"
     "second.?order|near|nearby|vicinity|around|approximate|approximately|approx|"
     "(?:within )?25 ?km|general area|area|medium|kreis|bezirk|commune|distrito|municipio|"
     "ولسوالی|ولسوالۍ|شهرستان"),
    (GeoPrecision.SETTLEMENT, "village|town|city|settlement|populated place|locality|hamlet|camp|"
     "admin ?3|adm ?3|admin ?4|named place|exact place name|dorf|ort|stadt|ville|village|ciudad|"
     "pueblo|قریه|شهر|کلی|ښار|دهکده|مدينة|قرية"),
    (GeoPrecision.NEIGHBOURHOOD, "neighbou?rhood|quarter|street|road|block|suburb|stadtteil|"
     "quartier|barrio|ناحیه|محله|سرک|کوچه"),
    (GeoPrecision.SITE, "exact|precise|site|building|address|gps|coordinates?|geolocated|point|"
     "facility|high|genau|exakt|exacto?|précise?|دقیق|ساختمان"),
)  # fmt: skip
_WORDS = tuple((precision, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for precision, words in WORDS)
#: Numbers stand for at most a settlement: a digit says nothing of a building.
_NUMBER = re.compile(r"\(?(\d)\)?(?:\.0)?")
_NOT = re.compile(r"\b(?:not|no|non|in)[\s-]?(?:exact|precise)\b")


@lru_cache(maxsize=10_000)
def _of_words(words: str) -> GeoPrecision | None:
    plain = folded(words)
    if number := _NUMBER.fullmatch(plain):
        return NUMBERS.get(int(number[1]))
    if plain in _OWN:
        return GeoPrecision(plain)
    if _NOT.search(plain):
        return GeoPrecision.PROVINCE
    for precision, pattern in _WORDS:
        if pattern.search(plain):
            return precision
    return None


_OWN = frozenset(GeoPrecision)


def exactness(cell: Cell) -> tuple[bool, GeoPrecision | None]:
    """Whether a cell says something, and the precision that it means, None where that is not
    known. "(4) Province", "district", "2", "Exact"."""
    words = filled(cell)
    if not words and is_not_known(text_of(cell)):
        return True, None
    return bool(words), _of_words(words) if words else None


def coarser(one: GeoPrecision, other: GeoPrecision) -> GeoPrecision:
    """The coarser of two."""
    order = tuple(GeoPrecision)
    return max(one, other, key=order.index)
