"""Actors that attacks are claimed by or attributed to, and the words sources use for them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation or kind of perpetrator; `parent` is the organisation it belongs to."""

    id: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


#: Alias lists follow the forms met in the source pages and in UCDP GED's actor names.
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
            "ISK",
            "IS-KP",
            "IS-K",
            "ISIS Khorasan",
            "Islamic State",
            "Islamic State of Iraq and Syria",
            "Khorasan Province",
            "Islamic State in Khurasan Province",
            "Islamic State Khorasan",
        ),
    ),
    Actor("aff", "Afghanistan Freedom Front", "AFF", ("Freedom Front",)),
    Actor("nrf", "National Resistance Front", "NRF", ("National Resistance Front of Afghanistan",)),
    Actor(
        "dfa",
        "De facto authorities (Taliban)",
        "De facto authorities",
        ("Taliban", "Taleban", "Islamic Emirate", "Islamic Emirate of Afghanistan", "IEA"),
    ),
    Actor(
        "dfa-mod",
        "De facto Ministry of Defence",
        "De facto MoD",
        ("Ministry of Defence", "Ministry of Defense", "Taliban Ministry of Defense"),
        parent="dfa",
    ),
    Actor(
        "dfa-moi",
        "De facto Ministry of Interior",
        "De facto MoI",
        ("Ministry of Interior", "Taliban Ministry of Interior"),
        parent="dfa",
    ),
    Actor(
        "al-farooq-corps",
        "Al-Farooq corps",
        "Al-Farooq corps",
        ("al-Farooq corps", "al-Farouq Corps"),
        parent="dfa-mod",
    ),
    Actor(
        "ttp",
        "Tehrik-e Taliban Pakistan",
        "TTP",
        ("Tehreek-e-Taliban Pakistan", "Pakistani Taliban"),
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


def fold(text: str) -> str:
    """Case, hyphens and spaces taken out, so that "ISIS-K" and "isis k" are one key."""
    return re.sub(r"[\W_]+", "", text.casefold())


_BY_ALIAS = {
    fold(word): actor.id
    for actor in ACTORS
    for word in (actor.id, actor.name, actor.short, *actor.aliases)
}


def actor(actor_id: str) -> Actor:
    """The actor of an id; an id met only in imported data stands for its own name."""
    return _BY_ID.get(actor_id) or Actor(actor_id, actor_id, actor_id)


def resolve(words: str) -> str | None:
    """The id of the actor that a source's words mean, None where they are not known."""
    return _BY_ALIAS.get(fold(words))


#: Ids that curated records may use.
KNOWN_IDS = frozenset(_BY_ID)
