"""Says when a bare name is too little to be sure: most Afghan villages are in no open list.

A name without its province or district can be that of an unlisted village elsewhere. It is
answered only with a flag unless it is spelled like a province, a capital or a district.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..model import SAME_SOUND, Place, Result
from ..names.phonetics import consonants, sound
from ..names.text import fold, word_set
from ..reading.segments import Segment
from .prominence import is_capital
from .ranking import Found

DOUBTED = 0.5  # what a doubted answer keeps of its score
LONE = 0.89  # the most that a name alone is sure of: three in a hundred are unlisted villages'
_NUMBERED = re.compile(r"[\d۰-۹]{1,2}")  # 'Aqtash (2)' in a list of villages
CLOSE = 0.95  # a long name spelled this nearly is that name
SHORT = 3  # consonants of a name that must be spelled as listed
CLOSE_BARE = 0.97  # so near a long name is spelled whose kind of place is not said
LONG = 4  # consonants of a name that has few neighbours
FAR = 0.88  # where the kind of place is said, a long name may be spelled this far off
LEVELS = ("province", "district", "subdistrict", "town", "capital", "centre")
OTHER_NAME = 0.86  # an alternative name is no sure sign of its place
KNOWN_TOWN = 15_000  # people; smaller towns share their names with villages
# What village names are made of all over the country: 'Yangi Qala', 'Deh-e Bala', 'Dara'.
GENERIC = word_set(
    "qala qalah kala kalay kali killi khel khil khail deh dih dara darah darrah dahana dahan tangi "
    "tagab tagaw koh kot kotal koshk kushk robat rabat langar bagh dasht jangal charkh bazar shahr "
    "shahar sar pul chah chashma kariz karez joy juy band hazrat ziarat shah khan mir yak "
    "bala payan payin pain ulya sufla wusta miyan naw now new chal yangi kohna kuhna sabz surkh "
    "safed sefid spin tor tora sia siah sang do se chahar char panj haft hazar e i wa"
)
_WHY = {
    "village": "Afghan village names repeat, and the text names no district or province",
    "near": "only spelled like it, and the text names no district or province",
    "minor": "a small place whose name others may bear; the text names no district or province",
    "other": "another place's name, too; the text names no district or province",
    "numbered": "a number in brackets tells villages of one name apart",
    "generic": "many villages bear this name, and the text names no district or province",
}


def doubt(result: Result, segment: Segment, found: Sequence[Found]) -> Result:
    """The result of a lone name, flagged where an unlisted village is as likely."""
    best = result.best
    if best is None:
        return result
    top = max((f for f in found if f.place.id == best.id), key=lambda f: f.quality, default=None)
    why = reason_to_doubt(segment, top) if top is not None else ""
    if why == "generic" and top is not None and _large(top, found):
        why = ""
    if not why:
        return capped(result) if not segment.feature and not known(best.place) else result
    return doubted(result, _WHY[why])


def _large(top: Found, found: Sequence[Found]) -> bool:
    """Whether a district's town of the same name is known beyond its surroundings: Khanabad."""
    towns = [f.place for f in found if f.exact and f.place.placetype == "settlement"]
    return top.exact and any(known_town(t) and t.adm2_pcode == top.place.adm2_pcode for t in towns)


def doubt_in_text(result: Result, name: str, feature: str, near: Sequence[Place]) -> Result:
    """A name in a text that mentions no other place of its province, flagged where an unlisted
    village is as likely."""
    best = result.best
    if best is None or result.ambiguous or feature or known(best.place):
        return result
    if any(n.adm1_pcode == best.adm1_pcode for n in near):
        return result
    if best.placetype == "settlement" and not known_town(best.place):
        return doubted(result, _WHY["minor"])
    if best.placetype in ("district", "settlement") and generic(name):
        return doubted(result, _WHY["generic"])
    return result


def known(place: Place) -> bool:
    """Whether news means this place by its name alone: a province or a capital."""
    return place.placetype in ("province", "country") or is_capital(place)


def capped(result: Result) -> Result:
    """A lone name is never as sure as one whose district or province is named."""
    candidates = tuple(replace(c, score=min(c.score, LONE)) for c in result.candidates)
    return replace(result, candidates=candidates)


def doubted(result: Result, why: str) -> Result:
    """A result whose candidates are flagged, each with the reason."""
    candidates = tuple(
        replace(c, score=c.score * DOUBTED, reasons=(*c.reasons, why)) for c in result.candidates
    )
    return replace(result, candidates=candidates, ambiguous=bool(candidates))


def reason_to_doubt(segment: Segment, top: Found) -> str:
    """Why a lone name is not sure, as a key of the reasons; '' where it is."""
    place, near, bare = top.place, top.likeness < SAME_SOUND, not segment.feature
    if segment.feature == "village":
        return "village"
    if place.placetype in ("country", "road"):
        return ""
    if bare and _NUMBERED.fullmatch(" ".join(segment.aliases)):
        return "numbered"
    size = consonants(sound(fold(segment.name)))
    if near and bare and not (size >= LONG and top.likeness >= CLOSE_BARE):
        return "near"
    level = segment.feature in LEVELS
    if near and not bare and top.likeness < (FAR if size >= LONG and level else CLOSE):
        return "near"
    minor = not known_town(place) or (near and not is_capital(place))
    if bare and place.placetype == "settlement" and minor:
        return "minor"
    if bare and near and fold(segment.name).endswith("i"):  # 'Andarabi', people of Andarab
        return "near"
    if bare and top.quality < OTHER_NAME:
        return "other"
    single = bare and " " not in segment.words
    if bare and near and place.placetype == "area":
        return "near"
    if single and (place.placetype == "area" or (place.placetype == "site" and size < SHORT)):
        return "minor"
    if place.placetype == "district" and bare and size <= SHORT and not top.exact:
        return "near"
    if place.placetype in ("district", "area") and bare and generic(segment.name):
        return "generic"
    return ""


def known_town(place: Place) -> bool:
    """Whether a town is known beyond its surroundings: a capital, noted by us, or large."""
    return bool(place.note) or (place.population or 0) > KNOWN_TOWN


def generic(name: str) -> bool:
    """Whether a name is made as village names are everywhere: of such words, '…abad', 'Deh …'."""
    words = fold(name).split()
    if not words:
        return False
    made = words[-1].endswith(("abad", "khel", "khil")) or words[0] in ("deh", "dih")
    return made or all(w in GENERIC for w in words)
