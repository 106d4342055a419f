"""Sentences and chips, as a table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from mapapp.domain.selection import Circle, Corridor, Polygon, Selection
from mapapp.query import active_parts
from mapapp.query.filters.sentence import sentence
from mapapp.query.filters.table import FILTERS
from mapapp.query.filters.words import days_words
from tests.query.selections import selections

LABELS = {
    "provinces": {"AF32": "Herat", "AF01": "Kabul", "AF17": "Badakhshan"},
    "districts": {"AF3202": "Injil"},
    "sources": {"000": "Gazette, “First page”"},
}


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(), "All attacks in Afghanistan"),
        (
            Selection(
                provinces=("AF32", "AF01"),
                groups=("iskp",),
                kinds=("claimed",),
                date_from=date(2022, 9, 1),
                date_to=date(2022, 12, 31),
            ),
            "Attacks in Herat and Kabul claimed by ISKP, Sep–Dec 2022",
        ),
        (
            Selection(
                event_types=("bombing", "suicide_attack"),
                targets=("education",),
                provinces=("AF32", "AF01", "AF17"),
            ),
            "Bombings and suicide attacks on school or training centre in Herat, Kabul and "
            "Badakhshan",
        ),
        (
            Selection(weapons=("firearms", "suicide_bomb"), targets=("education",)),
            "Attacks with firearms or a suicide bomb on school or training centre",
        ),
        (Selection(weapons=("not_stated",)), "Attacks with no weapon stated"),
        (Selection(districts=("AF3202",)), "Attacks in the district of Injil"),
        (
            Selection(groups=("iskp", "aff"), kinds=("claimed", "attributed")),
            "Attacks claimed by or attributed to ISKP or AFF",
        ),
        (Selection(groups=("aff",)), "Attacks linked by a statement to AFF"),
        (Selection(kinds=("unclaimed",)), "Attacks with no claim reported"),
        (
            Selection(groups=("iskp",), kinds=("attributed",), speakers=("dfa",)),
            "Attacks attributed to ISKP according to the de facto authorities",
        ),
        (
            Selection(kinds=("claimed", "denied"), speakers=("party", "aff")),
            "Attacks claimed or denied according to a party to the conflict or AFF",
        ),
        (
            Selection(speakers=("monitor",)),
            "Attacks with a statement on who did it by a monitor",
        ),
        (
            Selection(provinces=("AF32",), doubts=("disputed_figures", "single_source")),
            "Attacks in Herat with disputed figures or known from a single source",
        ),
        (Selection(kinds=("none",)), "Attacks with no statement on who did it"),
        (Selection(victims=("children",)), "Attacks with figures for children"),
        (Selection(killed_min=2, killed_max=20), "Attacks with 2–20 reported killed"),
        (Selection(wounded_min=5), "Attacks with at least 5 reported wounded"),
        (Selection(killed_max=3), "Attacks with at most 3 reported killed"),
        (Selection(sources=("000",)), "Attacks reported in Gazette, “First page”"),
        (Selection(near=Circle(34.52813, 69.17233, 25)), "Attacks within 25 km of Kabul"),
        (
            Selection(near=Circle(34.6, 69.17233, 25), place_certain=True),
            "Attacks within 25 km of a point 4.6 km NE of Khair Khana for certain",
        ),
        (Selection(near=Circle(0.0, 20.0, 25)), "Attacks within 25 km of 0, 20"),
        (
            Selection(inside=Polygon(((34.1, 69.0), (34.1, 69.5), (34.9, 69.5), (34.9, 69.0)))),
            "Attacks in the rectangle 34.1–34.9° N, 69–69.5° E",
        ),
        (
            Selection(along=Corridor(((34, 62), (35, 63)), 10)),
            "Attacks within 10 km of the line a point 31 km SW of Guzara – a point 12 km SSW of "
            "Ab Kamari",
        ),
        (Selection(text="mosque"), "Attacks mentioning “mosque”"),
        (Selection(geo_precisions=("district",)), "Attacks placed to the district"),
        (Selection(date_precisions=("month",)), "Attacks dated to the month"),
        (
            Selection(date_from=date(2022, 9, 5), date_certain=True),
            "Attacks, from 5 Sep 2022, for certain",
        ),
        (Selection(background=True), "All attacks in Afghanistan, also those mentioned in passing"),
    ],
)
def test_sentences(selection: Selection, words: str) -> None:
    assert sentence(selection, LABELS) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2022, 1, 1), (2022, 12, 31), "2022"),
        ((2021, 1, 1), (2023, 12, 31), "2021–2023"),
        ((2022, 9, 1), (2022, 9, 30), "Sep 2022"),
        ((2022, 9, 1), (2022, 12, 31), "Sep–Dec 2022"),
        ((2021, 11, 1), (2022, 2, 28), "Nov 2021 – Feb 2022"),
        ((2022, 9, 5), (2022, 9, 5), "5 Sep 2022"),
        ((2022, 9, 5), (2022, 9, 9), "5–9 Sep 2022"),
        ((2022, 9, 5), (2022, 12, 12), "5 Sep – 12 Dec 2022"),
        ((2021, 9, 5), (2022, 12, 12), "5 Sep 2021 – 12 Dec 2022"),
    ],
)
def test_days(start: tuple[int, int, int], end: tuple[int, int, int], words: str) -> None:
    assert days_words(date(*start), date(*end)) == words


def test_chips_take_out_one_thing_each() -> None:
    chosen = Selection(provinces=("AF32", "AF01"), killed_min=2, text="gate", background=True)
    chips = active_parts(chosen, LABELS)
    assert [(chip.part, chip.words, chip.value) for chip in chips] == [
        ("provinces", "Herat", "AF32"),
        ("provinces", "Kabul", "AF01"),
        ("killed", "at least 2 reported killed", None),
        ("text", "“gate”", None),
        ("background", "also mentioned in passing", None),
    ]
    assert chips[0].without.provinces == ("AF01",)
    assert chips[2].without.killed_min is None
    assert chips[2].without.provinces == ("AF32", "AF01")
    assert active_parts(Selection()) == ()


@given(selections())
def test_taking_every_chip_out_leaves_the_default(selection: Selection) -> None:
    rest = selection
    while chips := active_parts(rest):
        assert sentence(rest)
        assert chips[0].words
        rest = chips[0].without
    assert rest == Selection(rule=selection.rule)
    for entry in FILTERS:
        assert not entry.active(rest)
