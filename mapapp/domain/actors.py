"""Actors that attacks are claimed by or attributed to, and the words sources use for them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation or kind of perpetrator; `parent` is the organisation it belongs to."""

    id: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


#: Alias lists follow the forms met in the source pages, in UCDP GED's actor names, and the names in
#: Dari and Pashto. In Afghanistan since 2015 "Islamic State" alone means its Khorasan province.
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
            "Khorasan Province",
            "Wilayat Khorasan",
            "Wilayah Khorasan",
            "Islamic State in Khurasan Province",
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
        ),
    ),
    Actor(
        "dfa-mod",
        "De facto Ministry of Defence",
        "De facto MoD",
        (
            "Ministry of Defence",
            "Ministry of Defense",
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
            "Tehrik-i-Taliban Pakistan",
            "Pakistani Taliban",
            "تحریک طالبان پاکستان",
            "د پاکستان د طالبانو تحریک",
        ),
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


#: Arabic ya and kaf, and the Pashto forms of ya, to one letter each; digits come one by NFKD.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه"})
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def fold(text: str) -> str:
    """Case, hyphens, spaces, accents and like letters taken out: "ISIS-K" and "isis k" are one."""
    plain = unicodedata.normalize("NFKC", text).translate(_LETTERS).translate(_DIGITS)
    plain = unicodedata.normalize("NFD", plain.casefold())
    return re.sub(r"[\W_]+", "", plain).translate(_LETTERS)


_BY_ALIAS = {
    fold(word): actor.id
    for actor in ACTORS
    for word in (actor.id, actor.name, actor.short, *actor.aliases)
}


def aliases() -> dict[str, str]:
    """Every name and alias as it is written, with its actor's id."""
    return {
        word: entry.id for entry in ACTORS for word in (entry.name, entry.short, *entry.aliases)
    }


def actor(actor_id: str) -> Actor:
    """The actor of an id; an id met only in imported data stands for its own name."""
    return _BY_ID.get(actor_id) or Actor(actor_id, actor_id, actor_id)


def resolve(words: str) -> str | None:
    """The id of the actor that a source's words mean, None where they are not known.

    "Afghanistan Freedom Front (AFF)" is read where both names mean the same actor.
    """
    found = _BY_ALIAS.get(fold(words))
    both = _NAME_AND_SHORT.fullmatch(words.strip())
    if found is None and both:
        one, other = (_BY_ALIAS.get(fold(part)) for part in both.groups())
        found = one if one == other else None
    return found


_NAME_AND_SHORT = re.compile(r"([^()]+)\(([^()]+)\)")


def ancestry(actor_id: str) -> tuple[str, ...]:
    """An actor and the organisations it belongs to, nearest first."""
    found: list[str] = []
    upward: str | None = actor_id
    while upward is not None and upward not in found:
        found.append(upward)
        upward = actor(upward).parent
    return tuple(found)


def akin(one: str, other: str) -> bool:
    """Whether one of two actors is the other, or part of it."""
    return one in ancestry(other) or other in ancestry(one)


#: Ids that curated records may use.
KNOWN_IDS = frozenset(_BY_ID)
