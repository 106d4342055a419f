"""Mentions in prose: exact spans, roles, joint resolution."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from gazetteer.evaluation.spans import annotated
from gazetteer.evaluation.tally import f1


def found(gaz: Gazetteer, text: str) -> dict[str, str]:
    return {m.text: m.result.best.id for m in gaz.mentions(text) if m.result.best}


def test_spans_are_exact_and_in_order(gaz: Gazetteer) -> None:
    text = "A blast hit Police District 4 of Herat; another was heard in Spin Boldak, Kandahar."
    mentions = gaz.mentions(text)
    assert [text[m.start : m.end] for m in mentions] == [m.text for m in mentions]
    assert [m.text for m in mentions] == ["Police District 4 of Herat", "Spin Boldak", "Kandahar"]
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)


def test_what_only_bears_a_place_name_is_left_out(gaz: Gazetteer) -> None:
    for text in (
        "The group warned Herat hospitals not to talk.",
        "Khorasan Province said its fighters did it.",
        "The Herat Security Dialogue opened in Dushanbe.",
        "Noor TV, Kabul, in Dari 1300 gmt",
        "Some Kabul residents heard it.",
        "The former Balkh governor was killed.",
        "KABUL – The minister warned of attacks.",
        "General Rahim Wardak said so.",
    ):
        assert gaz.mentions(text) == (), text


def test_attributes_of_events_are_places(gaz: Gazetteer) -> None:
    assert found(gaz, "12 police killed in Kandahar clashes") == {
        "Kandahar": "town:kandahar/kandahar"
    }
    assert found(gaz, "Jawzjan: 250 dead in fighting") == {"Jawzjan": "prov:jawzjan"}


def test_places_of_a_page_resolve_together(gaz: Gazetteer) -> None:
    text = "Fighting spread in Jawzjan province. In Faizabad two people died."
    assert found(gaz, text)["Faizabad"] == "dist:jawzjan/fayzabad"
    other = "Protests in Badakhshan province went on. In Baharak two people died."
    assert found(gaz, other)["Baharak"] == "dist:badakhshan/baharak"


def test_containers_in_the_text_decide(gaz: Gazetteer) -> None:
    text = "It happened in Muqur district of Badghis province."
    assert found(gaz, text)["Muqur"] == "dist:badghis/muqur"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Six police were killed in Qarabagh district of Kabul.",
         {"Qarabagh": "dist:kabul/qarabagh", "Kabul": "prov:kabul"}),
        ("Militants fired on Dushi district of Baghlan on Sunday.",
         {"Dushi": "dist:baghlan/doshi", "Baghlan": "prov:baghlan"}),
        ("Clashes went on in Nawa, Garmsir and Nad Ali districts of Helmand province.",
         {"Nawa": "dist:helmand/nawa-e-barakzai", "Garmsir": "dist:helmand/garmser",
          "Nad Ali": "dist:helmand/nad-e-ali", "Helmand": "prov:helmand"}),
        ("Herat's Injil and Guzara districts saw clashes.",
         {"Herat": "prov:herat", "Injil": "dist:herat/injil", "Guzara": "dist:herat/guzara"}),
        ("An Afghan soldier died in the Argahandab district of Zabul.",
         {"Argahandab": "dist:zabul/arghandab", "Zabul": "prov:zabul"}),
        ("Salang Pass, 71 miles north of Kabul, was closed.",
         {"Salang Pass": "area:parwan/salang-pass"}),
        ("The army met at the Dila, Paktika, office.",
         {"Dila": "dist:paktika/dila", "Paktika": "prov:paktika"}),
        ("در ولسوالی اچین ولایت ننگرهار سه تن کشته شدند.",
         {"اچین": "dist:nangarhar/achin", "ننگرهار": "prov:nangarhar"}),
        ("د ننګرهار په اچین ولسوالۍ کې درې تنه ووژل شول.",
         {"ننګرهار": "prov:nangarhar", "اچین": "dist:nangarhar/achin"}),
        ("انفجار در ناحیه پنجم شهر کابل رخ داد.", {"ناحیه پنجم شهر کابل": "cd:kabul/kabul/5"}),
    ],
)  # fmt: skip
def test_grammar_says_what_holds_what(gaz: Gazetteer, text: str, places: dict[str, str]) -> None:
    assert found(gaz, text) == places
    assert not any(m.ambiguous for m in gaz.mentions(text))


def test_distances_and_roads_are_one_mention(gaz: Gazetteer) -> None:
    text = "Gunmen stopped a bus about 20 kilometers (12 miles) southwest of Kandahar on Monday."
    (mention,) = gaz.mentions(text)
    assert mention.text == "about 20 kilometers (12 miles) southwest of Kandahar"
    phrase = gaz.search("20 km southwest of Kandahar").best
    best = mention.result.best
    assert best is not None
    assert phrase is not None
    assert (best.lat, best.lng) == (phrase.lat, phrase.lng)
    (dari,) = gaz.mentions("در ۲۰ کیلومتری جنوب غرب قندهار یک موتر هدف قرار گرفت.")
    assert dari.result.best is not None
    assert dari.result.best.lat == best.lat
    (road,) = gaz.mentions("Fighting closed the Kabul-Kandahar highway.")
    assert road.text == "Kabul-Kandahar"
    assert road.ambiguous


def test_pages_about_other_countries_name_no_place_here(gaz: Gazetteer) -> None:
    for text in (
        "Shells hit Daraa as clashes go on around Idlib, Syria",
        "Rebels enter Bangui after talks fail",
        "Five killed in Bangladesh as Jalalabad cantonment is attacked",
        "Baraki mayor resigns in Algeria",
    ):
        assert gaz.mentions(text) == (), text
    assert found(gaz, "Afghan forces retook Dara district of Panjshir") != {}


def test_a_long_page_takes_time_by_its_length(gaz: Gazetteer) -> None:
    page = (
        "Police said on Monday that two people died in Injil district of Herat, some 20 km south "
        "of the city, while Faizabad and Nawa were calm. "
    )
    gaz.mentions(page)

    def cost(text: str) -> float:
        started = time.process_time()
        gaz.mentions(text)
        return time.process_time() - started

    short = min(cost(page * 20) for _ in range(3))
    assert min(cost(page * 80) for _ in range(3)) < 8 * short


def test_the_five_documents(gaz: Gazetteer, documents: Path) -> None:
    gold = {(r["document"], int(r["start"]), int(r["end"])): r for r in annotated()}
    spans: set[tuple[str, int, int]] = set()
    places = 0
    for name in sorted({k[0] for k in gold}):
        text = (documents / name).read_text(encoding="utf-8")
        for m in gaz.mentions(text):
            key = (name, m.start, m.end)
            spans.add(key)
            if key in gold:
                assert text[m.start : m.end] == gold[key]["name"]
                places += gold[key]["place"] in {c.id for c in m.result.candidates}
    right = len(spans & set(gold))
    assert f1(right, len(spans) - right, len(gold) - right)[2] >= 0.92
    assert places / right >= 0.95


def test_every_annotated_place_is_known(gaz: Gazetteer) -> None:
    for row in annotated():
        assert row["place"] in gaz
        assert int(row["end"]) - int(row["start"]) == len(row["name"])


def test_prose_words_are_lower_case_and_said_once() -> None:
    path = Path(__file__).parent.parent / "sources" / "prose_words.csv"
    if not path.exists():
        import gazetteer

        path = Path(gazetteer.__file__).parent / "sources" / "prose_words.csv"
    with path.open(encoding="utf-8", newline="") as file:
        words = [r["word"] for r in csv.DictReader(file)]
    assert len(words) == len(set(words))
    assert all(w == w.lower() for w in words)


@given(st.text(max_size=300))
def test_no_text_crashes_the_scan(text: str) -> None:
    for m in Gazetteer.load().mentions(text):
        assert text[m.start : m.end] == m.text
        assert m.result.candidates


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A clash took place in Khost district of Baghlan.",
         {"Khost": "dist:baghlan/khost-wa-fereng", "Baghlan": "prov:baghlan"}),
        ("A suicide bomber struck the Nabawi Mosque in Faizabad city during a funeral.",
         {"Nabawi Mosque in Faizabad": "site:badakhshan/nabawi-mosque"}),
        ("Two policemen were gunned down near Torkham, on the Pakistani border.",
         {"Torkham": "crossing:nangarhar/torkham"}),
        ("Barmal and Urgun districts of Paktika were shelled by Pakistan.",
         {"Barmal": "dist:paktika/barmal", "Urgun": "dist:paktika/urgun",
          "Paktika": "prov:paktika"}),
        ("Six police were killed in Shib koh district of Farah.",
         {"Shib koh": "dist:farah/shib-koh", "Farah": "prov:farah"}),
        ("Four farmers were killed in Mizan, a district in Zabul province.",
         {"Mizan": "dist:zabul/mizan", "Zabul": "prov:zabul"}),
        ("The event was held in the Parwan Hotak hall, Afghan officials said.", {}),
        ("Gen. Sadat led the 215 Maiwand Corps of the Afghan army.", {}),
        ("Mis Ainak Knights beat the Khost Falcons, the Afghan board said.", {}),
        ("Mohammad Khan Kandahari was named head of the Afghan board.", {}),
    ],
)  # fmt: skip
def test_names_inside_longer_names_and_beside_the_border(
    gaz: Gazetteer, text: str, places: dict[str, str]
) -> None:
    assert found(gaz, text) == places


def test_a_district_that_its_province_does_not_hold_is_none_elsewhere(gaz: Gazetteer) -> None:
    mention = gaz.mentions("Four were killed in Achin district of Herat, Afghan police said.")[0]
    assert mention.ambiguous
    assert {c.adm1_pcode for c in mention.result.candidates} == {"AF32"}
