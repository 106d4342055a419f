"""Where distances end: the right point, beyond the border, and what is doubted."""

from __future__ import annotations

import pytest

from gazetteer import Gazetteer
from gazetteer.geometry import distance_m, move
from gazetteer.store import read_positions

KANDAHAR = "town:kandahar/kandahar"
PHRASES = [
    "20 km southwest of Kandahar", "about 20 kilometres (12 miles) south-west of Kandahar city",
    "a village some 20 km to the southwest of the city of Kandahar",
    "در ۲۰ کیلومتری جنوب غرب قندهار", "د کندهار ښار سویل لوېدیځ ته ۲۰ کیلومتره",
]  # fmt: skip


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_point_lies_where_the_words_say(gaz: Gazetteer, phrase: str) -> None:
    town = gaz.place(KANDAHAR)
    assert town.lat is not None
    assert town.lng is not None
    end = move(town.lat, town.lng, 225, 20_000)
    for within in (None, "prov:kandahar"):
        result = gaz.search(phrase, within=within)
        best = result.best
        assert best is not None
        assert not result.ambiguous
        assert distance_m(*end, best.lat, best.lng) < 100
        assert best.radius_m >= 4_000
        assert best.placetype == "district"


def test_a_distance_without_a_bearing_is_a_disc(gaz: Gazetteer) -> None:
    best = gaz.search("50 kilometers away from Kandahar").best
    town = gaz.place(KANDAHAR)
    assert best is not None
    assert best.id == "prov:kandahar"
    assert (best.lat, best.lng) == (town.lat, town.lng)
    assert best.radius_m >= 50_000


@pytest.mark.parametrize(
    "phrase", ["an hour's drive south of Kandahar", "just west of Jalalabad",
               "a few kilometers outside Kunduz"],
)  # fmt: skip
def test_what_was_not_measured_is_flagged(gaz: Gazetteer, phrase: str) -> None:
    result = gaz.search(phrase)
    assert result.ambiguous
    assert result.best is not None
    assert result.best.score < 0.6


def test_a_distance_that_ends_abroad_says_so_and_is_not_the_town(gaz: Gazetteer) -> None:
    result = gaz.search("60 km east of Torkham")
    assert result.candidates == ()
    assert result.abroad is not None
    assert result.abroad.country == "Pakistan"
    assert result.abroad.border_m == pytest.approx(58_000, rel=0.2)
    assert any("beyond the border" in n for n in result.notes)
    near = gaz.search("4 km east of Torkham")
    assert near.ambiguous
    assert near.abroad is not None
    mention = gaz.mentions("Afghan troops said it fell 60 km east of Torkham.")[0]
    assert mention.result.candidates == ()
    assert mention.result.abroad is not None


def test_a_place_named_beside_the_distance_is_the_answer(gaz: Gazetteer) -> None:
    for phrase, place in [
        ("Salang Pass, 71 miles north of Kabul", "area:parwan/salang-pass"),
        ("Paghman district, west of Kabul", "dist:kabul/paghman"),
        ("Dilaram district, about 120 kilometers (75 miles) east of Farah city",
         "area:nimroz/dilaram"),
    ]:  # fmt: skip
        result = gaz.search(phrase)
        assert result.best is not None
        assert result.best.id.split("/")[-1] == place.split("/")[-1]
    unlisted = gaz.search("Foo Kalay, 20 km south of Gardez")
    assert unlisted.best is not None
    assert unlisted.best.adm1_pcode == "AF13"
    assert any("20 km south of" in r for r in unlisted.best.reasons)


def test_a_district_whose_centre_is_not_listed_is_doubted(gaz: Gazetteer) -> None:
    result = gaz.search("20 km south of Deh Sabz district")
    assert result.ambiguous
    assert result.best is not None
    assert any("the middle of the area" in r for r in result.best.reasons)


def test_an_unknown_anchor_is_not_guessed(gaz: Gazetteer) -> None:
    result = gaz.search("20 km south of Qwxzr village in Kunar province")
    assert result.ambiguous
    assert [c.id for c in result.candidates] == ["prov:kunar"]
    assert gaz.search("20 km south of Qwxzr").candidates == ()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("30 kilometers north of Ab Kamari, Badghis", "sources put Ab Kamari 20 km apart"),
        ("12 km south of Garmser, Helmand", "measured from the middle of the area"),
        ("22 kilometers outside Garmser, Helmand", "measured from the middle of the area"),
        ("29 kilometers outside Kushk, Herat", "the district Kushk may be meant"),
        ("10 km south of the Salang Pass", "measured from the middle of the area"),
    ],
)
def test_a_distance_from_what_has_no_sure_point_is_flagged(
    gaz: Gazetteer, words: str, why: str
) -> None:
    result = gaz.search(words)
    assert result.ambiguous
    assert result.best is not None
    assert result.best.score < 0.5
    assert any(why in reason for reason in result.best.reasons)


def test_a_disputed_town_widens_the_disc_by_what_its_sources_differ(gaz: Gazetteer) -> None:
    def radius(words: str) -> float:
        best = gaz.search(words).best
        assert best is not None
        return best.radius_m

    sure = radius("30 km north of Qadis, Badghis")
    assert radius("30 km north of Ab Kamari, Badghis") - sure == pytest.approx(20_200, abs=1)


def test_every_disputed_position_is_a_listed_town(gaz: Gazetteer) -> None:
    positions = read_positions()
    assert positions
    assert all(gaz.place(i).placetype == "settlement" for i in positions)
    assert all(metres > 3_000 for metres in positions.values())
