"""Doubt that is earned: lone names, near spellings, foreign names, several places in a cell."""

from __future__ import annotations

import pytest

from gazetteer import Gazetteer


@pytest.mark.parametrize(
    "name", ["Yangi Qala", "Baraki", "Chahar Qala", "Dolana", "Shahrwan", "Deh Bala", "Dara",
             "Garband", "Jani Khel village"],
)  # fmt: skip
def test_a_lone_name_like_a_village_is_flagged(gaz: Gazetteer, name: str) -> None:
    result = gaz.search(name)
    assert result.ambiguous or not result.candidates
    assert all(c.score < 0.6 for c in result.candidates)


@pytest.mark.parametrize(
    "name",
    [
        "Herat province",
        "Argo",
        "Spin Boldak",
        "Injil district",
        "Argahandab district of Zabul",
        "Pashtoonkiot district",
    ],
)
def test_a_known_name_is_not(gaz: Gazetteer, name: str) -> None:
    assert not gaz.search(name).ambiguous


def test_a_lone_name_is_less_sure_than_one_with_its_province(gaz: Gazetteer) -> None:
    alone, held = gaz.search("Injil").best, gaz.search("Injil, Herat").best
    assert alone is not None
    assert held is not None
    assert alone.id == held.id
    assert alone.score < 0.9 <= held.score


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Chanaray, Kunar", "prov:kunar"),
        ("Chaghari, Ghazni", "prov:ghazni"),
        ("Jangul, Kunduz", "prov:kunduz"),
        ("Jangul, Kunduz, Kunduz", "dist:kunduz/kunduz"),
        ("Jangul, Spin Boldak, Kandahar", "dist:kandahar/spin-boldak"),
        ("Jangul, Gardez city", "town:paktia/gardez"),
        ("Jangul village of Jurm district in Badakhshan province", "dist:badakhshan/jurm"),
        ("China village, Achin, Nangarhar", "dist:nangarhar/achin"),
    ],
)
def test_an_unlisted_village_stands_for_the_area_that_holds_it(
    gaz: Gazetteer, words: str, place: str
) -> None:
    result = gaz.search(words)
    assert result.best is not None
    assert result.best.id == place
    assert not result.ambiguous
    assert any("answered with" in r for r in result.best.reasons)


@pytest.mark.parametrize("name", ["Doaw", "Chaka", "Dara Bala", "Cere", "Gawmurda"])
def test_a_village_is_not_bent_into_a_district_of_its_province(gaz: Gazetteer, name: str) -> None:
    result = gaz.geocode_row(name, "Badakhshan")
    assert [c.id for c in result.candidates] == ["prov:badakhshan"]


@pytest.mark.parametrize(
    ("words", "country"),
    [("Dresden, Germany", "Germany"), ("Tripoli, Libya", "Libya"), ("Warsaw", "Poland"),
     ("Hebron, West Bank", "Palestinian Territory"), ("Bangui", "Central African Republic"),
     ("Zéré, Central African Republic", "Central African Republic"), ("Daraa", "Syria"),
     ("Spin Boldak, Pakistan", "Pakistan")],
)  # fmt: skip
def test_a_place_abroad_is_answered_with_its_country(
    gaz: Gazetteer, words: str, country: str
) -> None:
    result = gaz.search(words)
    assert result.candidates == ()
    assert result.abroad is not None
    assert result.abroad.country == country
    assert gaz.search(words.split(",")[0] + " district, Kandahar").best is not None


def test_a_name_here_that_is_a_larger_place_abroad_is_flagged(gaz: Gazetteer) -> None:
    for name, place in [("Rustaq", "dist:takhar/rustaq"), ("Asmar", "town:kunar/asmar")]:
        result = gaz.search(name)
        assert result.ambiguous
        assert result.best is not None
        assert result.best.id.split("/")[1] == place.split("/")[1]
        held = gaz.search(f"{name}, {'Takhar' if name == 'Rustaq' else 'Kunar'}")
        assert not held.ambiguous
    assert not gaz.search("Kandahar city").ambiguous


@pytest.mark.parametrize(
    ("cell", "places"),
    [
        ("Nangarhar/Kunar", {"prov:nangarhar", "prov:kunar"}),
        ("Farah / Nimroz", {"prov:farah", "prov:nimroz"}),
        ("Kabul, Parwan", {"prov:kabul", "prov:parwan"}),
        ("Logar - Paktia", {"prov:logar", "prov:paktia"}),
        ("Uruzgan & Zabul", {"prov:uruzgan", "prov:zabul"}),
        ("Faryab Province, Khost Province, Afghanistan", {"prov:faryab", "prov:khost"}),
        ("Kabul and Mussahi District, Afghanistan", {"town:kabul/kabul", "dist:kabul/musahi"}),
        ("Charikar, Parwan Province and Ghazni Province, Afghanistan",
         {"town:parwan/charikar", "prov:ghazni"}),
        ("Nawa and Garmsir districts of Helmand",
         {"dist:helmand/nawa-e-barakzai", "dist:helmand/garmser"}),
        ("ننگرهار و کنر", {"prov:nangarhar", "prov:kunar"}),
    ],
)  # fmt: skip
def test_several_places_are_an_ambiguity(gaz: Gazetteer, cell: str, places: set[str]) -> None:
    result = gaz.search(cell)
    assert result.ambiguous
    assert {c.id for c in result.candidates} >= places
    assert len(result.parts) == 2
    assert all(c.score < 0.6 for c in result.candidates)


@pytest.mark.parametrize(
    ("cell", "place"),
    [("Herat/Injil", "dist:herat/injil"), ("Firozkoh/Chaghcharan", "town:ghor/firozkoh"),
     ("Tala and Barfak district", "dist:baghlan/tala-wa-barfak"),
     ("خوست و فرنگ", "dist:baghlan/khost-wa-fereng")],
)  # fmt: skip
def test_one_place_is_not_parted(gaz: Gazetteer, cell: str, place: str) -> None:
    result = gaz.search(cell)
    assert result.best is not None
    assert result.best.id == place
    assert not result.ambiguous
    assert result.parts == ()


def test_half_of_a_cell_is_not_taken_for_the_whole(gaz: Gazetteer) -> None:
    result = gaz.search("Achin/Qwxzrt")
    assert result.ambiguous
    assert result.best is not None
    assert result.best.score < 0.6


PHRASES = ["Injil district", "ولسوالی انجیل", "د اچین ولسوالۍ", "منطقه سپین غر ولسوالی اچین",
           "20 km south of Gardez", "Spin Boldak", "PD 4 of Herat", "the capital of Ghor",
           "Wazir Akbar Khan", "Torkham border crossing", "حوزه سیزدهم امنیتی کابل"]  # fmt: skip


@pytest.mark.parametrize("words", PHRASES)
def test_the_province_never_makes_an_answer_worse(gaz: Gazetteer, words: str) -> None:
    alone = gaz.search(words)
    assert alone.best is not None
    given = gaz.geocode_row(words, alone.best.adm1_pcode or "")
    assert given.best is not None
    assert given.best.id == alone.best.id
    assert not given.ambiguous


@pytest.mark.parametrize(
    "name", ["Aqtash (2)", "Baghlani (۳)", "Andarabi", "Abdullah Khel", "Chal"]
)
def test_a_name_as_lists_of_villages_write_it_is_flagged(gaz: Gazetteer, name: str) -> None:
    result = gaz.search(name)
    assert result.ambiguous or not result.candidates


def test_an_answer_says_in_fields_how_it_was_found(gaz: Gazetteer) -> None:
    def found(words: str) -> tuple[bool, bool, bool]:
        best = gaz.search(words).best
        assert best is not None
        assert (best.likeness == 1.0) or not best.exact
        return best.exact, best.near, best.whole

    assert found("Spin Boldak, Kandahar") == (True, False, True)
    assert found("Spinn Bolldak, Kandahar") == (False, False, True)  # sounds alike
    assert found("Spyn Boldakk district, Kandahar")[0] is False
    assert found("Gerishkk, Helmand") == (False, True, True)
    assert found("Jangul, Spin Boldak, Kandahar")[2] is False
    document = gaz.search("Jangul, Spin Boldak, Kandahar").as_dict()
    assert document["candidates"][0]["whole"] is False  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Kabul to Kandahar", {"AF01", "AF27"}),
        ("from Kabul to Kandahar", {"AF01", "AF27"}),
        ("Kabul-Kandahar", {"AF01", "AF27"}),
        ("Herat–Badghis", {"AF31", "AF32"}),
        ("از کابل تا قندهار", {"AF01", "AF27"}),
        ("کابل الی قندهار", {"AF01", "AF27"}),
        ("له کابل څخه تر کندهار", {"AF01", "AF27"}),
        ("between Ghazni and Zabul", {"AF11", "AF26"}),
    ],
)
def test_a_way_from_one_place_to_another_is_two_places(
    gaz: Gazetteer, words: str, parts: set[str]
) -> None:
    result = gaz.search(words)
    assert result.ambiguous
    assert {p.best.adm1_pcode for p in result.parts if p.best} == parts


def test_what_lies_close_to_a_place_is_no_way_to_it(gaz: Gazetteer) -> None:
    for words in ("close to Kandahar city", "Close to Kandahar city", "next to Kandahar city"):
        result = gaz.search(words)
        assert result.best is not None
        assert result.best.id == "town:kandahar/kandahar"
        assert not result.parts


@pytest.mark.parametrize(
    ("words", "provinces", "country"),
    [
        ("Kandahar to Quetta", ["AF27"], "Pakistan"),
        ("Herat-Mashhad road", ["AF32"], "Iran"),
        ("Torkham-Peshawar highway", ["AF06"], "Pakistan"),
        ("Quetta-Chaman road", [], "Pakistan"),
        ("Peshawar to Karachi", [], "Pakistan"),
    ],
)
def test_a_road_s_end_abroad_is_no_place_here(
    gaz: Gazetteer, words: str, provinces: list[str], country: str
) -> None:
    result = gaz.search(words)
    assert [c.adm1_pcode for c in result.candidates] == provinces
    assert result.ambiguous is bool(provinces)
    assert result.abroad is not None
    assert result.abroad.country == country
    assert not result.parts
