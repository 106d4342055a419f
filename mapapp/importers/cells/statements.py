"""What a cell about who did it states: nothing, that nobody is known, who, and how sure (→ claims).

The words that are no actor and no claim stand here, in the languages of our tables; whom a name
means is `domain/actors.py`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mapapp.domain.vocab import AttributionKind
from mapapp.importers.cells.marks import folded, is_mark, is_not_known, words_of


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its kind and the actor in the cell's words, "" where it names none.

    Of `CLAIMED` and `DENIED` without a name the row's other column says who; a kind of None is
    words that speak of a claim and cannot be read: a person has to look.
    """

    kind: AttributionKind | None
    actor: str = ""


#: Whole cells that say yes or no.
_YES = words_of(
    "yes y true t 1 1.0 x claimed self-claimed ja oui si sim да ha بلی بله هو آری نعم ✓ ✔ ☑ √ "
    "revendique revendiquee reivindicado заявлено"
) | {
    "claimed responsibility", "claim made", "responsibility claimed", "مسئولیت پذیرفته",
    "مسوولیت پذیرفته",
}  # fmt: skip
_NO = words_of("no n false f 0 0.0 none nein non não нет نه نخیر خیر نې لا ✗ ✘ ☒ × aucun aucune")

#: Nobody is known to have done it, whatever noun stands behind.
_NOBODY = re.compile(
    r"(?:an? |the |by |suspected |alleged )*(?:unknown|unidentified|unidentifed|unnamed|"
    r"unspecified|"
    r"undetermined|anonymous|unclaimed|not known|not identified|unattributed|n/k)\b"
    r"(?!.*\b(?:claim|denie|suspect|alleged|probabl|presum|possibl|believed|blamed))[\w\s/\-()'.,]*"
    r"|(?:perpetrators?|attackers?|group|identity|actors?|responsib\w+)\s*(?:is |are |was |were )?"
    r"(?:unknown|not known|unidentified|unclear|not identified)"
    r"|nobody|no ?one|no group|other/unknown|unbekannte?r?\b.*|desconocidos?"
    r"|(?:.*\s)?(?:inconnue?s?|non[ -]identifiee?s?)(?:\s.*)?|personne"
    r"|неизвестн\w+.*|неустановлен\w+.*|никто"
    r"|هیچ ?کس|هیڅ ?وک|کس نه"
    r"|(?:.*\s)?(?:ناشناس|نا شناس|نامعلومو|ناپیژندلو"
    r"|ناشناخته|نامعلوم|مجهول(?: ?الهویه)?|نا مشخص|نامشخص|ناپیژندل شوی"
    r"|ناپیژندلی|ناپیژندل شوو|ناپیژانده)"
    r"(?:\s.*)?"
)

#: Nobody says that they did it.
_NO_CLAIM = re.compile(
    r"(?:.*\b)?(?:not|no|never|nobody|none|without|un|yet to be|has not|have not|hasn't|didn't)\b.*"
    r"\b(?:claim\w*|responsib\w*).*|unclaimed.*|no claim.*"
    r"|(?:هیچ|کس|هیچکس|کدام)\b.*مس[ئو]*ولیت.*"
    r"|.*مس[ئیو]*ولیت.*(?:نپذیرفته|نگرفته|به عهده نگرفت|نشده).*"
    r"|.*ادعا(?:ی)? (?:نشده|نکرد\w*).*|بدون ادعا"
    r"|(?:.*)مس[ئیو]*ولیت.*(?:نه|نده) (?:دی|ده|دې)?.*(?:منلی|اخیستی).*"
    r"|nicht beansprucht|kein bekenntnis|non revendique\w*|sin reivindicar|no reivindicado"
    r"|(?:aucune?|pas de|sans) revendication.*|personne n'a revendique.*"
    r"|(?:не|никто).*(?:заявл|ответственност)\w*.*|(?:none|nobody|no one)(?: so far| yet|"
    r" has| did)*"
)
_DENIED = re.compile(
    r"(?:(?:denied|rejected|refuted) by (?:the )?(?P<by>.+))"
    r"|(?:(?:the )?(?P<who>.*?)[\s,(:\-]*(?:has |have )?\b(?:denie[sd]|den(?:y|ying|ial)"
    r"|reject(?:s|ed)?|refute[sd]?"
    r"|dementiert\w*|dement\w*|nient?|отрица\w*)\b"
    r"(?: (?:it|this|responsibility|involvement|any .*|the .*|having .*))?\)?)"
    r"|(?:(?:dementi|nie)e? par (?:les? |l')?(?P<par>.+))"
    r"|(?:(?P<dari>.*?)\s*(?:(?:مس[ئیو]*ولیت|دست داشتن).*)?\s*(?:را )?"
    r"(?:رد|تکذیب)\s*(?:کرد|کرده|کردند|شده|کری|کړ\w*).*)"
)
_CLAIMED = re.compile(
    r"(?:(?:responsibility )?claimed by (?:the )?(?P<by>.+))"
    r"|(?:(?:the )?(?P<who>.+?)[\s,(:\-]*(?:has |have )?\bclaim(?:s|ed)?\b"
    r"(?: (?:it|this|responsibility.*|the .*|(?:via|through|on|in) .*))?\)?)"
    r"|(?:revendiquee? par (?:les? |l')?(?P<par>.+))|(?:ادعای (?P<claimant>.+))"
    r"|(?:ответственность(?: на себя)? взял[аои]? (?P<took>.+))"
    r"|(?:(?P<subject>.+?) взял[аои]?(?: на себя)? ответственность.*)"
    r"|(?:(?P<dari>.+?)\s*مس[ئیو]*ولیت.*(?:پذیرفت|گرفت|منلی|اخیستی|ومان|ومنل|واخیست)\w*.*)"
)
#: "not the Taliban": of somebody that it was not them.
_OTHERS = re.compile(
    r"(?:not |non )(?:the )?(?!known|identified|stated|reported|clear|sure|state)\w.*|non-tali\w+"
)
#: Where a claim was made, behind the name: "ISKP via Amaq".
_VIA = re.compile(
    r"\s+\(?(?:via|through|on|in a statement on)\s+(?:its |the )?\w[\w\s]*\)?$"
    r"|\s*[,(]\s*amaq(?: news(?: agency)?)?\)?$",
    re.IGNORECASE,
)
#: Who repeats it: "Taliban, according to police".
_BY_WHOM = re.compile(r"\s*[,(]?\s*(?:according to|as per|per|selon|по данным|به گفته)\s.+$",
                      re.IGNORECASE)  # fmt: skip
_SPOKEN_FOR = re.compile(r"^(.+?)(?:'s|’s)? spokes(?:man|men|woman|person|people)\b.*$",
                         re.IGNORECASE)  # fmt: skip
#: Within a name that a form found: it found more than a name.
_NO_NAME = re.compile(
    r"\b(?:neither|nor|not|never|yet|has|have|had|did|was|were|will|would|could|be|been|but|nobody|"
    r"none|only)\b|\b(?:ne|pas|не|ни)\b"
)
#: What is no actor, alone in a cell: means, accidents, words for several of whoever it was.
_NO_ACTOR = re.compile(
    r"(?:ieds?|rcied|vbied|uxos?|erw|(?:land)?mines?|mine explosion|explosive remnants? of war|"
    r"accident(?:al)?|n/a - .*|natural(?: causes)?|several|various|others?|mixed|multiple|"
    r"(?:multiple|several|various) (?:actors|groups|perpetrators)|divers|autres?|plusieurs|"
    r"другие|разные|ماین|حادثه|دیگر|سایر|چندین)"
)
#: Words that answer whether somebody claimed it, and name nobody.
_NO_CLAIMANT = re.compile(
    r"no (?:statement|comment|response|reaction|answer|reply)\b.*|(?:refused|declined) .*|silent|"
    r"in dispute|disputed|see notes?|ongoing|self|partially|maybe|\W+"
)
_DOUBT = (
    r"suspected(?: to be)?|susp\.?|alleged(?:ly)?|probabl[ey]|presumed|presumably|likely|"
    r"possibl[ey]|unverified|disputed|contested|unsubstantiated|not (?:confirmed|verified)|"
    r"believed to be|perhaps|maybe|purported(?:ly)?|reported(?:ly)?|unconfirmed|accused|"
    r"blamed(?: on)?|"
    r"vermutlich|mutmaßlich|presume\w*|presunto|probablement|предположительно|вероятно|"
    r"مظنون(?: به)?|احتمالا|احتمالاً|احتمالي|شکمن|گمان می رود"
)
_DOUBTED = re.compile(
    rf"(?:(?:{_DOUBT})\s*[:,\-]?\s+(?P<after>.+))|(?:(?P<before>.+?)\s*[,(\-]\s*(?:{_DOUBT})\s*\)?)"
    rf"|(?:(?P<last>.+?)\s+(?:{_DOUBT}))|(?:(?P<asked>.+?)\s*\(?\?+\)?)"
)
_ONLY_DOUBT = re.compile(_DOUBT)
_UNKNOWN_BUT = re.compile(r"(?:unknown|unidentified|unclear)[\s,;:(\-]+(?P<rest>.+?)\)?")
_SPEAKS_OF_A_CLAIM = re.compile(
    r"\b(?:claim\w*|den(?:y|ie[sd]|ial)|responsib\w*|revendi\w*|dementi\w*|ответственност\w*|"
    r"отриц\w*)\b|مس[ئیو]*ولیت|ادعا|تکذیب"
)
_ATTRIBUTED = re.compile(r"^(?:both|either|attributed to|منسوب به) ", re.IGNORECASE)
_LEADING = re.compile(r"^(?:by |the |both |either |attributed to |منسوب به )+", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def of_perpetrator(words: str) -> Statement | None:
    """What a cell of the perpetrator states; None for nothing."""
    return _read(words.strip(), AttributionKind.ATTRIBUTED)


@lru_cache(maxsize=20_000)
def of_claim(words: str) -> Statement | None:
    """What a cell of who says they did it states; None for nothing."""
    return _read(words.strip(), AttributionKind.CLAIMED)


def _read(words: str, plain_name: AttributionKind) -> Statement | None:
    if not words or is_mark(words):
        return None
    plain = folded(words)
    claims = plain_name is AttributionKind.CLAIMED
    if plain in _YES:
        return Statement(AttributionKind.CLAIMED) if claims or "claim" in plain else Statement(None)
    if plain in _NO:
        # "no" under who did it is an answer to another question.
        return Statement(AttributionKind.UNCLAIMED) if claims or plain == "none" else None
    if _NO_CLAIM.fullmatch(plain):
        return Statement(AttributionKind.UNCLAIMED)
    for form, kind in ((_DENIED, AttributionKind.DENIED), (_CLAIMED, AttributionKind.CLAIMED)):
        if found := form.fullmatch(plain):
            name = _SPOKEN_FOR.sub(r"\1", _VIA.sub("", _as_written(words, found)))
            if _SPEAKS_OF_A_CLAIM.search(folded(name)) or _NO_NAME.search(folded(name)):
                return Statement(None)  # it says two things
            return Statement(kind, name)
    if _NOBODY.fullmatch(plain):
        return Statement(AttributionKind.UNCLAIMED)
    if is_not_known(words):
        # That the file says nothing is no statement that nobody is known.
        silent = plain.strip("()[]. ").startswith(_SILENT)
        return None if silent else Statement(AttributionKind.UNCLAIMED)
    if (found := _UNKNOWN_BUT.fullmatch(plain)) and _DOUBTED.fullmatch(found["rest"]):
        return _read(_as_written(words, found), plain_name)
    if found := _DOUBTED.fullmatch(plain):
        name = _as_written(words, found)
        if not name or _NOBODY.fullmatch(folded(name)):
            return Statement(AttributionKind.UNCLAIMED)
        return Statement(AttributionKind.SUSPECTED, name)
    if _SPEAKS_OF_A_CLAIM.search(plain) or _ONLY_DOUBT.fullmatch(plain):
        return Statement(None)
    if _OTHERS.fullmatch(plain) or _NO_ACTOR.fullmatch(plain):
        return Statement(None)
    if _NO_CLAIMANT.fullmatch(plain) or (claims and _NO_NAME.search(plain)):
        return Statement(None)
    if claims and _ATTRIBUTED.match(words):
        return _read(words, AttributionKind.ATTRIBUTED)
    name = _ATTRIBUTED.sub("", _BY_WHOM.sub("", words))
    return Statement(plain_name, _VIA.sub("", name) if claims else name)


#: Words for not known that say only that the file has nothing.
_SILENT = ("no inf", "no data", "no details", "not stated", "not reported", "not available",
           "unavailable", "not recorded", "not specified", "data not", "information not", "missing",
           "tbc", "tbd", "to be", "pending", "not disclosed", "undisclosed", "sin datos",
           "non precise", "non renseigne", "non disponible", "non communique", "pas d'info",
           "under inv", "being inv", "en cours", "не указано", "уточняется", "تحت", "در حال",
           "no report", "нет данных", "بدون معلومات", "معلومات")  # fmt: skip


def _as_written(words: str, found: re.Match[str]) -> str:
    """The name that a form found in folded words, in the cell's own letters where that can be."""
    name = next((part for part in found.groupdict().values() if part), "")
    name = _bare(name)
    at = words.casefold().find(name)
    shown = words[at : at + len(name)] if at >= 0 else name
    return _bare(_LEADING.sub("", shown))


def _bare(name: str) -> str:
    """A name without what stands around it; a bracket that it holds open stays."""
    name = name.strip(" ,;:-").removeprefix("(")
    return name if name.count("(") == name.count(")") else name.strip(" ,;:-()")
