"""Weapons as claims name them, by a short vocabulary (claims → filter).

A claim keeps its own words ("explosives set off by a motorcyclist"); the codes here are only how
incidents are looked for, and say nothing that no claim says. Data sets that code the weapon in
their type of event are read by their codebook's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from mapapp.domain.claim import Claim
from mapapp.domain.vocab import Property


class Weapon(StrEnum):
    """What was used, as somebody states it."""

    FIREARMS = "firearms"
    EXPLOSIVES = "explosives"
    SUICIDE_BOMB = "suicide_bomb"  # explosives too
    GRENADE = "grenade"
    ARTILLERY = "artillery"
    AIRCRAFT = "aircraft"
    BLADE = "blade"
    FIRE = "fire"
    CHEMICAL = "chemical"
    VEHICLE = "vehicle"
    OTHER = "other"  # some weapon is named, and none of these
    UNKNOWN = "unknown"  # somebody says that it is not known
    NOT_STATED = "not_stated"  # nobody says anything of it


_WORDS: Final[Mapping[str, str]] = {
    "suicide_bomb": "a suicide bomb",
    "grenade": "grenades",
    "artillery": "artillery and rockets",
    "aircraft": "aircraft and drones",
    "blade": "blades and blunt weapons",
    "chemical": "chemical weapons",
    "vehicle": "a vehicle driven at people",
    "other": "another weapon",
    "unknown": "a weapon reported as unknown",
    "not_stated": "no weapon stated",
}


def weapon_words(code: str) -> str:
    """The words for a weapon's code."""
    return _WORDS.get(code, code.replace("_", " "))


#: Sub-event types of ACLED's codebook that name a weapon; the others leave it open.
_CODED: Final[Mapping[str, tuple[Weapon, ...]]] = {
    "suicide bomb": (Weapon.EXPLOSIVES, Weapon.SUICIDE_BOMB),
    "remote explosive/landmine/ied": (Weapon.EXPLOSIVES,),
    "grenade": (Weapon.GRENADE,),
    "shelling/artillery/missile attack": (Weapon.ARTILLERY,),
    "air/drone strike": (Weapon.AIRCRAFT,),
    "chemical weapon": (Weapon.CHEMICAL,),
}

#: What is struck out before words are looked for: GTD names its type "Vehicle (not to include
#: vehicle-borne explosives, i.e., car or truck bombs)".
_ASIDE: Final = re.compile(r"\((?:not|excluding)\b[^)]*\)?", re.IGNORECASE)

#: Whole words. A vehicle counts where it is the weapon, not where it carries a bomb.
_NAMED: Final = tuple(
    (weapon, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for weapon, words in (
        (Weapon.FIREARMS, r"fire-?arms?|small arms|gun(?:s|fire|men|man|shots?)?|shots?|shooting"
         r"|rifles?|pistols?|machine-?guns?|kalashnikovs?|ak-?47s?|snipers?"),
        (Weapon.EXPLOSIVES, r"explosives?|bomb(?:s|ing|ings|ers?)?|(?:vb)?ieds?|(?:land-?)?mines?"
         r"|dynamite|suicide vests?"),
        (Weapon.SUICIDE_BOMB, r"suicide"),
        (Weapon.GRENADE, r"(?:hand-?)?grenades?|rpgs?"),
        (Weapon.ARTILLERY, r"artillery|mortars?|rockets?(?!-propelled)|missiles?|shells?|shelling"),
        (Weapon.AIRCRAFT, r"air[- ]?strikes?|aircraft|air raids?|drones?|helicopters?|uavs?"
         r"|warplanes?"),
        (Weapon.BLADE, r"knife|knives|blades?|melee|axes?|swords?|machetes?|stabb\w+|stones?"
         r"|blunt"),
        (Weapon.FIRE, r"incendiary|arson|petrol|molotov|set on fire|burn(?:ed|t|ing)"),
        (Weapon.CHEMICAL, r"chemicals?|poison\w*|acid|gas"),
        (Weapon.VEHICLE, r"ramm(?:ed|ing)|run over|ran over"),
    )
)  # fmt: skip

_UNKNOWN: Final = frozenset({"unknown", "not known", "unspecified", "unclear"})


#: What claims name weapons.
_NAMING: Final = frozenset({Property.WEAPON, Property.EVENT_TYPE})


@lru_cache(4096)
def read_weapons(text: str) -> tuple[Weapon, ...]:
    """The weapons that a text names, in the order of `Weapon`; of no text none."""
    plain = " ".join(_ASIDE.sub(" ", text).split())
    if not plain:
        return ()
    if plain.casefold() in _UNKNOWN:
        return (Weapon.UNKNOWN,)
    if plain.casefold() in ("vehicle", "vehicles"):
        return (Weapon.VEHICLE,)
    named = {weapon for weapon, pattern in _NAMED if pattern.search(plain)}
    if Weapon.SUICIDE_BOMB in named:
        named.add(Weapon.EXPLOSIVES)
    return tuple(weapon for weapon in Weapon if weapon in named) or (Weapon.OTHER,)


def weapons(claims: Iterable[Claim]) -> tuple[Weapon, ...]:
    """The weapons that current claims name, without repeats; `NOT_STATED` where none does."""
    named: dict[Weapon, None] = {}
    for claim in claims:
        if claim.property not in _NAMING or not claim.current or not claim.value:
            continue
        if claim.property is Property.WEAPON:
            named.update(dict.fromkeys(read_weapons(claim.value)))
        else:
            named.update(dict.fromkeys(_CODED.get(claim.value.casefold(), ())))
    return tuple(weapon for weapon in Weapon if weapon in named) or (Weapon.NOT_STATED,)
