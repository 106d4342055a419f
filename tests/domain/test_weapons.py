"""Weapons by the words of claims: of curators, of data sets, and of nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mapapp.domain.claim import Claim
from mapapp.domain.vocab import Property, SpeakerClass
from mapapp.domain.weapons import Weapon, read_weapons, weapon_words, weapons


def claim(value: str, prop: Property = Property.WEAPON) -> Claim:
    return Claim("i1", prop, "s1", "A newsroom", SpeakerClass.MEDIA, value=value)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # Types of GTD's codebook.
        ("Firearms", "firearms"),
        ("Explosives", "explosives"),
        ("Explosives/Bombs/Dynamite", "explosives"),
        ("Incendiary", "fire"),
        ("Melee", "blade"),
        ("Chemical", "chemical"),
        ("Vehicle (not to include vehicle-borne explosives, i.e., car or truck bombs)", "vehicle"),
        ("Unknown", "unknown"),
        ("Other", "other"),
        ("Sabotage Equipment", "other"),
        # Curators' words.
        ("improvised explosive device planted in a motorcycle", "explosives"),
        ("explosives set off by a motorcyclist", "explosives"),
        ("firearms, fired from a nearby building", "firearms"),
        ("a vehicle bomb", "explosives"),
        ("an IED", "explosives"),
        ("suicide vest and small arms", "firearms explosives suicide_bomb"),
        ("hand grenade", "grenade"),
        ("rocket-propelled grenade", "grenade"),
        ("rockets", "artillery"),
        ("mortar shells", "artillery"),
        ("drone strike", "aircraft"),
        ("stabbed with a knife", "blade"),
        ("set on fire with petrol", "fire"),
        ("a car that ran over people", "vehicle"),
        # Words inside other words name nothing.
        ("a determined crowd", "other"),
        ("gunpowder-free fireworks", "other"),
        ("یک بمب", "other"),
        ("   ", ""),
    ],
)
def test_weapons_of_a_text(text: str, codes: str) -> None:
    assert read_weapons(text) == tuple(map(Weapon, codes.split()))


@pytest.mark.parametrize(
    ("coded", "codes"),
    [
        ("Suicide bomb", "explosives suicide_bomb"),
        ("Remote explosive/landmine/IED", "explosives"),
        ("Shelling/artillery/missile attack", "artillery"),
        ("Air/drone strike", "aircraft"),
        ("Grenade", "grenade"),
        ("Armed clash", "not_stated"),
        ("suicide_attack", "not_stated"),  # our own word for a type of event states no weapon
    ],
)
def test_a_coded_type_of_event_may_name_the_weapon(coded: str, codes: str) -> None:
    assert weapons([claim(coded, Property.EVENT_TYPE)]) == tuple(map(Weapon, codes.split()))


def test_weapons_of_claims_stand_once_each_in_one_order() -> None:
    stated = [claim("a bomb"), claim("gunfire"), claim("explosives"), claim("Armed attack",
              Property.EVENT_TYPE)]  # fmt: skip
    assert weapons(stated) == (Weapon.FIREARMS, Weapon.EXPLOSIVES)
    assert weapons(reversed(stated)) == weapons(stated)


def test_what_nobody_says_any_more_and_other_claims_name_none() -> None:
    over = replace(claim("a bomb"), superseded_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert weapons([over, claim("a bomb", Property.TARGET), claim("")]) == (Weapon.NOT_STATED,)
    assert weapons([]) == (Weapon.NOT_STATED,)
    assert weapons([claim("Unknown")]) == (Weapon.UNKNOWN,)  # somebody says that much


def test_every_weapon_has_words() -> None:
    words = [weapon_words(weapon) for weapon in Weapon]
    assert len(set(words)) == len(words)
    assert all("_" not in text for text in words)
    assert weapon_words("of_a_later_program") == "of a later program"
