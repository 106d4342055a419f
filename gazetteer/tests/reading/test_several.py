"""Words that name several places are parted, each part with what the last gives to all."""

from __future__ import annotations

import pytest

from gazetteer.reading.several import inside_one_name, separated


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nangarhar/Kunar", ["Nangarhar", "Kunar"]),
        ("Farah / Nimroz", ["Farah", "Nimroz"]),
        ("Kabul or Parwan", ["Kabul", "Parwan"]),
        ("Logar - Paktia", ["Logar", "Paktia"]),
        ("ننگرهار و کنر", ["ننگرهار", "کنر"]),
        ("Nawa and Garmsir districts of Helmand",
         ["Nawa district, helmand", "Garmsir district of Helmand"]),
        ("Achin, Kot and Deh Bala districts", ["Achin district", " Kot district",
                                              "Deh Bala district"]),
        ("Kabul and Musahi district", ["Kabul", "Musahi district"]),
        ("PD 4 and PD 5 of Herat", ["PD 4, herat", "PD 5 of Herat"]),
        ("Police Districts 4 and 5 of Herat",
         ["Police district 4, herat", "district 5 of Herat"]),
        ("ناحیه پنجم و ششم شهر کابل", ["ناحیه پنجم, شهر کابل", "district 6 شهر کابل"]),
    ],
)  # fmt: skip
def test_parts(text: str, parts: list[str]) -> None:
    assert separated(text) == parts


@pytest.mark.parametrize(
    "text",
    ["Herat", "Pul-e Khumri", "the Kabul - Jalalabad highway", "between Kabul and Ghazni",
     "20 km south of Kabul and Logar", "PD 4 of Herat", "Injil (Herat and around)"],
)  # fmt: skip
def test_one_place_or_a_road(text: str) -> None:
    assert separated(text) == []


def test_a_name_may_hold_the_word_and() -> None:
    assert "tala and barfak" in inside_one_name("Tala and Barfak district of Baghlan")
