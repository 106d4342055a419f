"""Actors that attacks are claimed by or attributed to, the words sources use for them, and where
and when those words mean them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation or kind of perpetrator; `parent` is the organisation it belongs to."""

    id: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


#: Alias lists follow the forms met in the source pages, the actor names of UCDP GED, ACLED and GTD,
#: and the names in Dari and Pashto.
ACTORS: tuple[Actor, ...] = (
    Actor(
        "iskp",
        "Islamic State Khorasan Province",
        "ISKP",
        (
            "ISIS",
            "ISIL",
            "IS",
            "Daesh",
            "ISIS-K",
            "ISIS-KP",
            "ISIL-K",
            "ISIL-KP",
            "ISK",
            "IS-KP",
            "IS-K",
            "ISIS Khorasan",
            "ISIL Khorasan",
            "IS Khorasan",
            "Daesh Khorasan",
            "Daesh-K",
            "Da'ish",
            "Islamic State",
            "Islamic State group",
            "Islamic State of Iraq and Syria",
            "Islamic State of Iraq and the Levant",
            "Islamic State (Afghanistan)",
            "Islamic State (Pakistan)",
            "Islamic State Afghanistan",
            "Islamic State in Afghanistan",
            "ISIS (Afghanistan)",
            "ISIS in Afghanistan",
            "ISIL in Afghanistan",
            "Khorasan Chapter of the Islamic State",
            "Khorasan Province",
            "ISIS Khorasan Province",
            "ISIL Khorasan Province",
            "ISKP (Islamic State Khorasan Province)",
            "Islamic State - Khorasan Province",
            "Daesh Wilayat Khorasan",
            "Wilayat Khorasan",
            "Islamic State in Khorasan Province",
            "Islamic State in Khorasan",
            "Islamic State Khorasan",
            "Islamic State Khorasan group",
            "Islamic State's Khorasan Province",
            "Islamic State of Khorasan",
            "Islamic State of Khorasan Province",
            "داعش",
            "گروه داعش",
            "داعش خراسان",
            "شاخه خراسان داعش",
            "دولت اسلامی",
            "دولت اسلامی خراسان",
            "دولت اسلامی ولایت خراسان",
            "ولایت خراسان",
            "د داعش ډله",
            "د داعش خراسان څانګه",
            "د داعش خراسان څانګې",
            "د اسلامي دولت ډله",
            "د خراسان اسلامي دولت",
        ),
    ),
    Actor(
        "aff",
        "Afghanistan Freedom Front",
        "AFF",
        (
            "Freedom Front",
            "Afghan Freedom Front",
            "Freedom Front of Afghanistan",
            "جبهه آزادی افغانستان",
            "جبهه آزادی",
            "د افغانستان د آزادۍ جبهه",
            "د افغانستان د ازادۍ جبهه",
        ),
    ),
    Actor(
        "nrf",
        "National Resistance Front",
        "NRF",
        (
            "National Resistance Front of Afghanistan",
            "NRFA",
            "Resistance Front",
            "جبهه مقاومت ملی",
            "جبهه مقاومت ملی افغانستان",
            "جبهه مقاومت",
            "د ملي مقاومت جبهه",
            "د افغانستان د ملي مقاومت جبهه",
        ),
    ),
    Actor(
        "dfa",
        "De facto authorities (Taliban)",
        "De facto authorities",
        (
            "de facto government",
            "Taliban",
            "Taleban",
            "Taliban authorities",
            "Taliban government",
            "Afghan Taliban",
            "Taliban (Afghanistan)",
            "Government of Afghanistan (2021-)",
            "De facto government of Afghanistan",
            "Islamic Emirate",
            "Islamic Emirate of Afghanistan",
            "IEA",
            "طالبان",
            "گروه طالبان",
            "امارت اسلامی",
            "امارت اسلامی افغانستان",
            "اسلامي امارت",
            "د افغانستان اسلامي امارت",
            "د طالبانو ډله",
            "طالبانو",
            "وسله وال طالبان",
            "Taliban insurgents",
            "Taliban militants",
            "Taliban fighters",
        ),
    ),
    Actor(
        "dfa-mod",
        "De facto Ministry of Defence",
        "De facto MoD",
        (
            "Ministry of Defence",
            "Ministry of Defense",
            "Military Forces of Afghanistan (2021-)",
            "Taliban Ministry of Defense",
            "Taliban Ministry of Defence",
            "Taliban Defense Ministry",
            "وزارت دفاع",
            "وزارت دفاع طالبان",
            "د دفاع وزارت",
        ),
        parent="dfa",
    ),
    Actor(
        "dfa-moi",
        "De facto Ministry of Interior",
        "De facto MoI",
        (
            "Ministry of Interior",
            "Ministry of Interior Affairs",
            "Police Forces of Afghanistan (2021-)",
            "Taliban Ministry of Interior",
            "Taliban Interior Ministry",
            "وزارت داخله",
            "وزارت داخله طالبان",
            "د کورنیو چارو وزارت",
        ),
        parent="dfa",
    ),
    Actor(
        "al-farooq-corps",
        "Al-Farooq corps",
        "Al-Farooq corps",
        (
            "al-Farooq corps",
            "al-Farouq Corps",
            "Al-Faruq Corps",
            "207 Al-Farooq Corps",
            "قول اردوی الفاروق",
            "قول اردوی ۲۰۷ الفاروق",
            "د الفاروق قول اردو",
        ),
        parent="dfa-mod",
    ),
    Actor(
        "ttp",
        "Tehrik-e Taliban Pakistan",
        "TTP",
        (
            "Tehreek-e-Taliban Pakistan",
            "Tehreek-i-Taliban Pakistan",
            "Tehrik-i-Taliban Pakistan",
            "Pakistani Taliban",
            "تحریک طالبان پاکستان",
            "د پاکستان د طالبانو تحریک",
        ),
    ),
    Actor(
        "taliban-until-2021",
        "Taliban (armed group, until 15 August 2021)",
        "Taliban until August 2021",
    ),
    Actor(
        "haqqani",
        "Haqqani Network",
        "Haqqani Network",
        (
            "Haqqani Group",
            "Taliban - Haqqani Network",
            "Haqqani Network (Afghanistan)",
            "شبکه حقانی",
            "گروه حقانی",
            "د حقاني شبکه",
        ),
        parent="taliban-until-2021",
    ),
    Actor("afghan-national", "An unnamed Afghan national", "Afghan national", ()),
    Actor(
        "unidentified",
        "Unidentified armed men",
        "Unidentified",
        ("gunmen", "unknown gunmen", "armed men"),
    ),
)

_BY_ID = {actor.id: actor for actor in ACTORS}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and since when words mean an actor: all its words, or those alone that name no
    Khorasan. No `countries` are all. `before` is the actor that they mean earlier in the same
    countries, None for one that is not known here: then the source's own words stand.
    """

    actor: str
    countries: frozenset[str]  # ISO 3166-1 alpha-3
    since: date
    words: frozenset[str] = frozenset()  # folded; empty for all
    before: str | None = None


#: The day on which the Taliban entered Kabul: from then on they are the de facto authorities.
TALIBAN_RULE = date(2021, 8, 15)

#: The announcement of the Khorasan province, and where its parent's bare names mean it.
KHORASAN_PROVINCE = date(2015, 1, 26)
#: The Afghanistan Freedom Front announced itself on 11 March 2022.
FREEDOM_FRONT = date(2022, 3, 11)
#: The Tehrik-e Taliban Pakistan was formed in December 2007.
PAKISTANI_TALIBAN = date(2007, 12, 1)
_ANYWHERE: frozenset[str] = frozenset()
_AFGHANISTAN = frozenset({"AFG"})
_KHORASAN = frozenset({"AFG", "PAK", "TJK", "UZB", "TKM"})
#: What says of itself that it is the Khorasan province means it anywhere.
_SAYS_KHORASAN = re.compile(
    r"kh[ou]rass?an|хорасан|خراسان|afghan|pakistan|ISKP|ISK$|IS-?K$|IS-?KP$|[SL]-KP?$|Daesh-K$"
    r"|EI-K$",
    re.IGNORECASE,
)


#: Arabic ya and kaf, and the Pashto forms of ya, to one letter each; digits come one by NFKD.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه"})
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def fold(text: str) -> str:
    """Case, hyphens, spaces, accents and like letters taken out: "ISIS-K" and "isis k" are one."""
    plain = unicodedata.normalize("NFKC", text).translate(_LETTERS).translate(_DIGITS)
    plain = unicodedata.normalize("NFD", plain.casefold())
    return re.sub(r"[\W_]+", "", plain).translate(_LETTERS)


_ARTICLE = re.compile(r"^(?:the|د)\s+", re.IGNORECASE)


def _key(words: str) -> str:
    """Folded words without an article, the spellings of Khorasan and its province made one."""
    plain = (
        fold(_ARTICLE.sub("", words.strip()))
        .replace("khurasan", "khorasan")
        .replace("khorassan", "khorasan")
    )
    return plain.replace("wilayah", "wilayat").replace("vilayat", "wilayat")


#: Names that tables have and prose of ours has not: plurals, Russian and French, "armed men".
_IN_TABLES: dict[str, tuple[str, ...]] = {
    "dfa": (
        "Talibans", "Talebans", "Taliban forces", "Taliban members", "Taliban group",
        "les talibans",
        "Талибан", "талибы", "движение Талибан", "الطالبان", "حركة طالبان",
        "تحریک طالبان",
    ),
    "iskp": (
        "Daech", "État islamique", "EI", "EI-K", "État islamique au Khorassan", "ИГИЛ", "ИГ",
        "ДАИШ", "Исламское государство", "ИГИЛ-Хорасан", "Вилаят Хорасан", "تنظيم داعش",
    ),
    "nrf": (
        "Resistance forces", "Front national de résistance", "Фронт национального сопротивления",
    ),
    "unidentified": ("hommes armés", "вооружённые люди", "افراد مسلح", "مردان مسلح", "وسله وال"),
}  # fmt: skip

_BY_ALIAS = {
    _key(word): actor.id
    for actor in ACTORS
    for word in (actor.id, actor.name, actor.short, *actor.aliases,
                 *_IN_TABLES.get(actor.id, ()))
}  # fmt: skip

_BARE = frozenset(
    _key(word)
    for word in (*_BY_ID["iskp"].aliases, *_IN_TABLES["iskp"])
    if not _SAYS_KHORASAN.search(word)
)

SCOPES: tuple[Scope, ...] = (
    Scope("dfa", _AFGHANISTAN, TALIBAN_RULE, before="taliban-until-2021"),
    Scope("dfa-mod", _AFGHANISTAN, TALIBAN_RULE),
    Scope("dfa-moi", _AFGHANISTAN, TALIBAN_RULE),
    Scope("al-farooq-corps", _AFGHANISTAN, TALIBAN_RULE),
    Scope("iskp", _KHORASAN, KHORASAN_PROVINCE, words=_BARE),
    Scope("iskp", _ANYWHERE, KHORASAN_PROVINCE),
    Scope("ttp", _ANYWHERE, PAKISTANI_TALIBAN),
    Scope("nrf", _ANYWHERE, TALIBAN_RULE),
    Scope("aff", _ANYWHERE, FREEDOM_FRONT),
)


def aliases() -> dict[str, str]:
    """Every name and alias as it is written, with its actor's id."""
    return {
        word: entry.id for entry in ACTORS for word in (entry.name, entry.short, *entry.aliases)
    }


def actor(actor_id: str) -> Actor:
    """The actor of an id; an id met only in imported data stands for its own name."""
    return _BY_ID.get(actor_id) or Actor(actor_id, actor_id, actor_id)


def resolve(
    words: str, *, country: str | None = None, on: date | None = None, until: date | None = None
) -> str | None:
    """The id of the actor that a source's words mean, None where they are not known.

    `country` (alpha-3) and `on` are where and when: "Taliban" are the authorities in Afghanistan
    from August 2021 alone, and "Islamic State" is another group in Syria. Without either the words
    are read as in Afghanistan today. Where the days from `on` to `until` are of both times, as
    those of "2021" are, nothing tells whom the words mean. "Afghanistan Freedom Front (AFF)" and
    ACLED's "AFF: Afghanistan Freedom Front" are read where both names mean the same actor.
    """
    if until is not None and on is not None and until > on:
        one, other = (resolve(words, country=country, on=day) for day in (on, until))
        return one if one == other else None
    key = _key(words)
    actor = _BY_ALIAS.get(key)
    both = _NAME_AND_SHORT.fullmatch(words.strip())
    if actor is None and both:
        one, other = (_key(part) for part in both.groups() if part)
        actor = _BY_ALIAS.get(one) if _BY_ALIAS.get(one) == _BY_ALIAS.get(other) else None
        key = other if one in _BARE else one
    for scope in SCOPES:
        if scope.actor != actor or (scope.words and key not in scope.words):
            continue
        if country is not None and scope.countries and country not in scope.countries:
            return None
        if on is not None and on < scope.since:
            return scope.before
    return actor


def stands(actor_id: str, on: date) -> bool:
    """Whether an actor of that id was there on a day: the authorities were none before 2021."""
    return all(on >= scope.since for scope in SCOPES if scope.actor == actor_id and not scope.words)


_NAME_AND_SHORT = re.compile(r"([^()]+)\(([^()]+)\)|([^:]+): ([^:]+)|(.+?) [-–] (.+)")


def ancestry(actor_id: str) -> tuple[str, ...]:
    """An actor and the organisations it belongs to, nearest first."""
    chain: list[str] = []
    upward: str | None = actor_id
    while upward is not None and upward not in chain:
        chain.append(upward)
        upward = actor(upward).parent
    return tuple(chain)


def akin(one: str, other: str) -> bool:
    """Whether one of two actors is the other, or part of it."""
    return one in ancestry(other) or other in ancestry(one)


#: Ids that curated records may use.
KNOWN_IDS = frozenset(_BY_ID)
