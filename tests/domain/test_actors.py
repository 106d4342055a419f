"""Names of actors as sources write them, and what a speaker's name says of whom it speaks for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from mapapp.domain import actors
from mapapp.domain.speakers import CODES, speaker_actor, speaker_codes
from mapapp.domain.vocab import SpeakerClass


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("ISIS", "iskp"),
        ("ISIL", "iskp"),
        ("Daesh", "iskp"),
        ("Da’esh", "iskp"),
        ("ISKP", "iskp"),
        ("ISIS-K", "iskp"),
        ("is–kp", "iskp"),
        ("Islamic State Khorasan", "iskp"),
        ("Islamic State of Iraq and Syria (ISIS)", "iskp"),
        ("داعش", "iskp"),
        ("دولت اسلامی خراسان", "iskp"),
        ("د اسلامي دولت ډله", "iskp"),
        ("Afghanistan Freedom Front (AFF)", "aff"),
        ("جبههٔ آزادی افغانستان", "aff"),
        ("NRF", "nrf"),
        ("د ملي مقاومت جبهه", "nrf"),
        ("جبهه مقاومت ملي", "nrf"),  # the Arabic ya
        ("طالبان", "dfa"),
        ("Islamic Emirate", "dfa"),
        ("قول اردوی ۲۰۷ الفاروق", "al-farooq-corps"),
        ("Taliban (Pakistan)", None),  # two names that do not mean the same
        ("Lashkar-e-Nobody", None),
    ],
)
def test_a_source_s_word_means_one_actor(words: str, actor: str | None) -> None:
    assert actors.resolve(words) == actor


def test_no_word_means_two_actors() -> None:
    meant = defaultdict(set)
    for entry in actors.ACTORS:
        for word in (entry.id, entry.name, entry.short, *entry.aliases):
            assert actors.fold(word)
            meant[actors.fold(word)].add(entry.id)
    assert [word for word, ids in meant.items() if len(ids) > 1] == []


def test_the_corps_lies_within_the_ministry_within_the_de_facto_authorities() -> None:
    assert actors.ancestry("al-farooq-corps") == ("al-farooq-corps", "dfa-mod", "dfa")
    assert actors.akin("dfa", "al-farooq-corps")
    assert not actors.akin("dfa-moi", "dfa-mod")
    assert actors.ancestry("met only in imports") == ("met only in imports",)


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Taliban (Zabihullah Mujahid, spokesman)", "dfa"),
        ("Shah Mahmood Rasooli, Taliban spokesperson for Herat police", "dfa"),
        ("spokesman for the Taliban", "dfa"),
        ("ISIS (through Amaq)", "iskp"),
        ("Taliban Ministry of Interior", "dfa-moi"),
        ("Government of Pakistan", None),
        ("ISLAMABAD police", None),  # begins like IS
        ("is not named", None),
        ("unknown gunmen", None),
        ("", None),
    ],
)
def test_a_speaker_s_name_says_whom_it_speaks_for(name: str, actor: str | None) -> None:
    assert speaker_actor(name) == actor


def test_a_speaker_is_found_by_class_and_organisation() -> None:
    codes = speaker_codes("Taliban Ministry of Interior", SpeakerClass.PARTY)
    assert codes == ("party", "dfa-moi", "dfa")
    assert set(codes) <= set(CODES)


def test_the_authorities_were_none_before_they_entered_kabul() -> None:
    assert actors.stands("dfa", date(2021, 8, 15))
    assert not actors.stands("dfa-moi", date(2021, 8, 14))
    assert actors.stands("iskp", date(2015, 1, 26))
    assert not actors.stands("iskp", date(2010, 1, 1))  # by whatever name
    assert actors.stands("ttp", date(2010, 1, 1))
