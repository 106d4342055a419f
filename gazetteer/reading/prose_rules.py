"""Rules of English news prose: what the words beside a name make of it.

They tell places from the people, media and meetings that bear place names, datelines from
locations, and names that are common words from names that are places. Serves `mentions`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from ..names.text import fold, word_set
from ..store import SOURCES
from .features import WORDS

# 'Herat hospitals', 'the Balkh governor': people and institutions a place name describes.
_ATTRIBUTED = word_set(
    "hospitals hospital residents resident governor governors officials official reporter "
    "reporters journalist journalists spokesman spokesperson spokeswoman chief chiefs mayor "
    "people natives native elders elder mp mps lawmaker lawmakers senator senators "
    "administration regime government authorities authority directorate department council "
    "councillors councilor councillor court dialogue dialoque conference summit talks process "
    "declaration deal agreement accord times newspaper radio tv television bank news now pulse "
    "weekly embassy ambassador university restaurants families family women men shura commander "
    "commanders"
)
# Words that may stand between: 'Badakhshan provincial hospital', 'Kandahar police chief'.
_BETWEEN_ATTRIBUTE = word_set(
    "provincial police security intelligence local former deputy peace public health military "
    "municipal city district army taliban media press high appeals"
)
_MEETINGS = re.compile(
    r"^\s+(?:[A-Za-z]+\s+)?(?:Dialog|Dialogue|Dialoque|Conference|Summit|Process|Declaration"
    r"|Agreement|Times|Bank|Now|Pulse|Weekly|News|Post|Security\s+Dialog\w*|Shura|TV|Radio)\b"
)
_BROADCAST = re.compile(
    r"^\s*,?\s*in\s+(?:English|Dari|Pashto|Persian|Farsi|Uzbek|Arabic|Urdu|Russian|Tajik|Turkmen)\b",
    re.I,
)
_MEDIUM = re.compile(
    r"(?:\b(?:TV|Television|Radio|agency|newspaper|website|web\s?site|channel|press)\b"
    r"[^.\"“”]{0,30},\s*)$",
    re.I,
)
_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|of|to|into|around|outside|on|off|across|inside|including|through|via"
    r"|between|and|toward|towards|retake|retakes|captured?|seized?|overran|storm(?:ed|s)?|hits?"
    r"|attack(?:ed|s)?|rocks?|enter(?:ed|s)?)"
    r"\s+(?:the\s+)?(?:[a-z]+ern\s+|central\s+|restive\s+|afghan\s+)?"
    r"(?:city\s+of\s+|province\s+of\s+)?$",
    re.I,
)
_NAME_BEFORE = re.compile(r"([^\W\d_]+)[ ]+$")
# Capitalised words before a name that are no given name.
_TITLES = word_set(
    "afghan afghanistan taliban taleban isis isil daesh iskp us nato isaf un eastern western "
    "northern southern central north south east west northeast northwest southeast southwest in "
    "at near from of to the and or on for after before as by with into over around outside amid "
    "monday tuesday wednesday thursday friday saturday sunday war battle fall city province "
    "district police gen nuclear new killed kills kill wounded hits hit rocks attack attacks "
    "blast dead bombing claims storm seize seized capture captured take takes leave leaves "
    "retake enter enters"
)


def read_prose_words(path: Path = SOURCES / "prose_words.csv") -> dict[str, str]:
    """{folded name: what prose must show before the word counts as that place}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["use"] for row in csv.DictReader(file)}


def feature_after(after: str) -> str:
    """The kind of place said right after a name, or ''."""
    listed = _LIST_OF.match(after)
    if listed:
        return WORDS[listed["kind"].removesuffix("s")]
    said = _APPOSITION.match(after)
    if said:
        return WORDS[said["kind"]]
    match = re.match(r"^[ \-]+([A-Za-z]+)(?:[ ]+([A-Za-z]+))?", after)
    if not match:
        return ""
    first = match[1].lower()
    singular = first.removesuffix("s")
    if first in WORDS and first != "border":
        return WORDS[first]
    if singular in ("crossing", "district", "province", "airport"):
        return WORDS[singular]
    if first in ("border", "international") and match[2]:
        return WORDS.get(match[2].lower().removesuffix("s"), "")
    return ""


# 'in Mizan, a remote district in Zabul'
_APPOSITION = re.compile(
    r"^,\s+an?\s+(?:[a-z]+\s+){0,3}?(?P<kind>district|village|town|city|province)\s+(?:in|of)\b"
)
_KIND_OF = re.compile(
    r"(?:(?:(?P<head>[^\W\d_]+)[ -])?(?P<lead>[^\W\d_]+)\s+)?"
    r"\b(?P<kind>city|town|district|province|village)\s+of\s+(?:the\s+)?(?:[a-z]+ern\s+)?$"
)
# 'a district of Herat' lies in Herat; 'the district of Injil' is Injil.
_ONE_OF = word_set("a an another one each every some same this that district village")


def feature_before(before: str) -> str:
    """'the southern city of', 'the capital, ': a kind said ahead of the name.

    In 'Injil district of Herat' the kind belongs to the name before it.
    """
    match = _KIND_OF.search(before)
    if match:
        lead = match["lead"] or ""
        named = any(  # 'Achin district of …', 'Shib koh district of …'
            w[:1].isupper() and w.lower() not in _TITLES for w in (lead, match["head"] or "")
        )
        return "" if named or lead.lower() in _ONE_OF else WORDS[match["kind"]]
    return "town" if re.search(r"\bcapital(?:\s+city)?,?\s+$", before, re.I) else ""


# 'Nawa, Garmsir and Nad Ali districts': a plural says its kind of every name in the list.
_LIST_OF = re.compile(
    r"^(?:\s*(?:,|,?\s*and\b|&)\s*(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Za-z][\w’'-]*){0,3}?){1,6}\s+"
    r"(?P<kind>districts|provinces)\b"
)


_ARABIC_KIND_BEFORE = re.compile(r"(?:^|[^\w])(?P<kind>[\u0600-\u06ff]+)\s+$")
_ARABIC_KIND_AFTER = re.compile(r"^\s+(?P<kind>[\u0600-\u06ff]+)")


def arabic_feature(before: str, after: str) -> str:
    """The kind that Dari puts before a name and Pashto after it, or ''."""
    ahead = _ARABIC_KIND_BEFORE.search(before)
    kind = WORDS.get(fold(ahead["kind"]), "") if ahead else ""
    if kind:
        return kind
    behind = _ARABIC_KIND_AFTER.match(after)
    return WORDS.get(fold(behind["kind"]), "") if behind else ""


_AFGHAN = re.compile(r"afghan|taliban|taleban|\bkabul\b|افغان|طالب", re.I)


def about_afghanistan(text: str) -> bool:
    """Whether a text says that it is about Afghanistan."""
    return bool(_AFGHAN.search(text))


def after_a_name(before: str) -> bool:
    """Whether a capitalised word that is no title or preposition stands right before."""
    match = _NAME_BEFORE.search(before)
    if not match or not match[1][0].isupper():
        return False
    return match[1].lower() not in _TITLES


_HOLDER = re.compile(
    r"^(?:\s+[A-Za-z]+){0,2}\s*(?:,|\bof\b|\bin\b|\()\s*(?:the\s+)?"
    r"(?P<name>[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+)?)"
)


def holder_after(after: str) -> str:
    """The capitalised words that the text says hold a name, or ''."""
    match = _HOLDER.match(after)
    return match["name"] if match else ""


def led_in(before: str) -> bool:
    """Whether a preposition or a verb of going or attacking leads to the name."""
    return bool(_PREPOSITION.search(before))


_BODY = re.compile(
    r"^\s+(?:[A-Z][A-Za-z]*\s+)?(?:Corps|Brigade|Division|Battalion|Regiment|Force|Forces|Unit|Five|Four|Six|Seven|XI"
    r"|Team|Club|FC|Company|Group|Front|Movement|Party|Airlines?|Airways|Foundation|Institute|Network)\b"
    r"|^ [A-Z][a-z]{3,}s(?= [a-z]|,)"  # a team: 'Mis Ainak Knights beat …'
)
_LONGER_NAME = re.compile(r"^ (?P<next>[A-Z][a-z]+)\s+(?P<kind>[a-z]+)")
_HALLS = word_set("hall team club company group restaurant hotel clinic brigade corps band cinema "
                  "bakery cafe foundation network")  # fmt: skip


_EVENTS = word_set("bomb blast explosion attack clash clashes bombing shooting airstrike raid "
                   "flood floods earthquake protest siege battle war crash")  # fmt: skip
_BEGUN = re.compile(r"^ (?P<next>[A-Z][a-z]{3,})(?:,? [a-z])")


def part_of_a_name(before: str, after: str) -> bool:
    """Whether a name begins another one: 'the 215 Maiwand Corps', 'Parwan Hotak hall'.

    At the start of a sentence also before an unknown name: 'Balkh Zwanan won'.
    """
    if _BODY.match(after):
        return True
    begun = _BEGUN.match(after) if not before.strip() or before.rstrip().endswith(".") else None
    if begun and begun["next"].lower() not in _TITLES | _EVENTS | WORDS.keys():
        return True
    longer = _LONGER_NAME.match(after)
    return longer is not None and longer["kind"] in _HALLS and longer["next"].lower() not in WORDS


def role_of(text: str, start: int, end: int, name: str, feature: str) -> str:
    """What the words around a name make of it (see `Mention.role`)."""
    after, before = text[end : end + 80], text[max(0, start - 80) : start]
    line = before.rsplit("\n", 1)[-1]
    if _BROADCAST.match(after) or _MEDIUM.search(before):
        return "medium"
    if not feature and (_MEETINGS.match(after) or part_of_a_name(before, after)):
        return "medium"
    if name.isupper() and len(name) > 3 and re.match(r"^\s*(?:,[^.]{0,30})?[–—:(-]", after):
        return "dateline"
    if not line.strip() and re.match(r"^\s*(?:\([A-Za-z ]+\)\s*)?[–—]\s", after):
        return "dateline"
    if re.fullmatch(r"\s*[A-Z]{2,4}\s+", line) and re.match(r"^\s*[–—:]\s", after):
        return "dateline"  # 'AT Kabul: …', the agency before the place
    if re.match(r"-(?:born|based|native)\b", after):
        return "attributive"
    if not feature:
        tail = re.findall(r"[^\W\d_]+|[^\w\s]", after)[:3]
        if tail and not after.startswith((" ", "’s", "'s")):
            tail = []
        while tail and tail[0].lower() in _BETWEEN_ATTRIBUTE:
            tail.pop(0)
        if tail and tail[0].lower() in _ATTRIBUTED and tail[0][0].islower():
            return "attributive"
    return "location"
