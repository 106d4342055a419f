"""Country names as data sets write them, to ISO 3166-1 alpha-3 (row → record).

`domain/countries.csv` holds ISO 3166-1 codes, short names, and the forms of UCDP (after Gleditsch
and Ward: "Yemen (North Yemen)"), ACLED, GTD, the UN and the World Bank; ISO's own long names come
from pycountry, names in other languages from Unicode's CLDR (through Babel).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mapapp.domain.countries import rows
from mapapp.importers.cells.day_names import LANGUAGES
from mapapp.importers.cells.marks import folded, is_mark, is_not_known, words_of

#: Words of a state's form: "Iran, Islamic Rep." is Iran whatever it calls itself.
_FORMS = words_of(
    "the of and republic rep islamic arab dem democratic people peoples s federal federated fed "
    "states sts state kingdom bolivarian plurinational rb pdr united socialist emirate emirates "
    "sultanate commonwealth union former independent"
)  # fmt: skip
#: Names that two states share but for their form.
_SHARED = frozenset({"congo", "korea", "china", "america"})
#: "Torkham crossing, Pakistani side": across the border, whatever the place is called.
_SIDE = re.compile(r"\s+(?:side|territory|soil)(?:\s+of\s+.+)?$", re.IGNORECASE)
_OF_A_COUNTRY = {"afghan": "Afghanistan", "pakistani": "Pakistan", "pak": "Pakistan",
                 "iranian": "Iran", "tajik": "Tajikistan", "uzbek": "Uzbekistan",
                 "turkmen": "Turkmenistan", "chinese": "China", "indian": "India"}  # fmt: skip
_LAST_PART = re.compile(
    r"^(?P<rest>.*?)(?:\s*[,،;]\s*|\s*[(\[]\s*|\s+-\s+|\s+(?:in|inside|within)\s+)"
    r"(?:the )?(?P<last>[^,،;()\[\]]+)[)\]]?$"
)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    by_name: dict[str, str] = {}
    for row in rows():
        for word in (row["iso3"], row["iso2"], row["numeric"], row["name"],
                     *row["other_names"].split("|")):  # fmt: skip
            if word:
                by_name.setdefault(_fold(word), row["iso3"])
    return by_name


@lru_cache(maxsize=1)
def _elsewhere() -> dict[str, str]:
    """Names that the table does not have: ISO's long ones, and those in other languages."""
    import pycountry  # both are slow to load, and most files need neither
    from babel import Locale

    found: dict[str, str] = {}
    by_iso2 = {}
    for country in pycountry.countries:
        by_iso2[country.alpha_2] = country.alpha_3
        for kind in ("name", "official_name", "common_name"):
            if name := getattr(country, kind, ""):
                found.setdefault(_fold(name), country.alpha_3)
    for language in ("en", *LANGUAGES):
        for code, name in Locale.parse(language).territories.items():
            if code in by_iso2:
                found.setdefault(_fold(name), by_iso2[code])
    return found


def _fold(words: str) -> str:
    plain = unicodedata.normalize("NFKD", folded(words.replace("&", " and ")))
    return "".join(c for c in plain if c.isalnum()).lstrip("0")


@lru_cache(maxsize=20_000)
def iso3(words: str) -> str | None:
    """The alpha-3 code of a country name, ISO code or ISO number; None where it is not known."""
    words = words.strip().removesuffix(".0")
    if not words:
        return None
    return _known(words) or _by_its_form(words)


def _known(words: str) -> str | None:
    key = _fold(words)
    found = _table().get(key)
    # Codes of two letters and numbers stand in the table alone.
    return found or (_elsewhere().get(key) if len(key) > 2 and not key.isdigit() else None)


def _by_its_form(words: str) -> str | None:
    """ "Iran (Islamic Republic of)", "Egypt, Arab Rep.", "The Gambia", "Republic of Yemen"."""
    part = re.fullmatch(r"(.+?)\s*[,(]\s*([^,()]+)\)?", words)
    if part:
        for other in (f"{part[2]} {part[1]}", f"{part[2].removesuffix('.')} {part[1]}"):
            if found := _known(other):
                return found
    tokens = re.findall(r"[^\W_]+", folded(words))
    rest = [token for token in tokens if token not in _FORMS]
    if not rest or len(rest) == len(tokens) or (set(rest) & _SHARED and len(rest) == 1):
        return None
    return _known(" ".join(rest))


@lru_cache(maxsize=50_000)
def named_in(words: str) -> tuple[str | None, str]:
    """The country that words for a place end in, and the words before it: "Dresden, Germany".

    A name alone is a country where it is one ("Pakistan"). Codes are none: "Surkh Rod, AF" may be
    anything. (None, the words) where they name no country.
    """
    plain = words.strip()
    if _is_name(plain):
        return iso3(plain), ""
    if found := _LAST_PART.fullmatch(plain):
        last = _SIDE.sub("", found["last"])
        last = _OF_A_COUNTRY.get(last.casefold(), last) if last != found["last"] else last
        if _is_name(last):
            return iso3(last), found["rest"].strip()
    return None, plain


def _is_name(words: str) -> bool:
    words = words.strip()
    if len(words) < 4 and words not in ("USA", "UAE", "DRC", "UK", "U.S."):
        return False
    if is_mark(words) or is_not_known(words) or any(char.isdigit() for char in words):
        return False
    return iso3(words) is not None
