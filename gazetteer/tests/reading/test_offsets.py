"""Distances and bearings as reporters write them, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.reading.offsets import arabic_offset, offset_before, take_offset

MILE_M = 1609.344
# words, metres, bearing, what it is measured from
WORDINGS = [
    ("about 20 kilometres southwest of Zaranj", 20_000, 225, "Zaranj"),
    ("20 kilometers (12 miles) southwest of Zaranj", 20_000, 225, "Zaranj"),
    ("12 miles (20 kilometers) to the west of Zaranj", 12 * MILE_M, 270, "Zaranj"),
    ("12 miles, or 20 kilometers, west of Zaranj", 12 * MILE_M, 270, "Zaranj"),
    ("33 km SSE of Jurm", 33_000, 157.5, "Jurm"),
    ("some 7.5 km to the north of the city of Herat", 7_500, 0, "the city of Herat"),
    ("20km north-east of Herat", 20_000, 45, "Herat"),
    ("20 kilometers north east of Herat", 20_000, 45, "Herat"),
    ("nearly 18 miles in the north-west of Gardez", 18 * MILE_M, 315, "Gardez"),
    ("20-25 km west of Herat", 22_500, 270, "Herat"),
    ("twenty-five kilometers southeast of Gardez", 25_000, 135, "Gardez"),
    ("10 miles from Jurm", 10 * MILE_M, None, "Jurm"),
    ("50 kilometers away from Firozkoh", 50_000, None, "Firozkoh"),
    ("30 kilometers outside Kunduz", 30_000, None, "Kunduz"),
    ("500 meters from Kabul airport", 500, None, "Kabul airport"),
    ("در ۲۰ کیلومتری جنوب غرب شهر قندهار", 20_000, 225, "شهر قندهار"),
    ("حدود بیست کیلومتر در شمال شرق هرات", 20_000, 45, "هرات"),
    ("در فاصله ۱۲ کيلومتري غرب كابل", 12_000, 270, "کابل"),
    ("د کندهار ښار سویل لوېدیځ ته ۲۰ کیلومتره", 20_000, 225, "د کندهار شار"),
    ("له کابل څخه ۲۰ کیلومتره شمال ته", 20_000, 0, "کابل"),
]


@pytest.mark.parametrize(("words", "metres", "bearing", "anchor"), WORDINGS)
def test_wordings(words: str, metres: float, bearing: float | None, anchor: str) -> None:
    taken = take_offset(words)
    assert taken is not None
    assert taken.offset.metres == pytest.approx(metres)
    assert taken.offset.bearing == bearing
    assert taken.anchor == anchor
    assert taken.head == ""
    assert not taken.offset.vague


@pytest.mark.parametrize(
    ("words", "metres", "bearing"),
    [("an hour's drive north of Kabul", 45_000, 0), ("two hours' drive from Kabul", 90_000, None),
     ("a 40-minute drive west of Kabul", 30_000, 270), ("an hour's walk from Kabul", 4_000, None),
     ("a few kilometers outside Kunduz", 4_000, None), ("just south of Kabul", 30_000, 180),
     ("several miles east of Kabul", 6 * MILE_M, 90)],
)  # fmt: skip
def test_what_nobody_measured_is_vague(words: str, metres: float, bearing: float | None) -> None:
    taken = take_offset(words)
    assert taken is not None
    assert taken.offset.vague
    assert taken.offset.metres == pytest.approx(metres)
    assert taken.offset.bearing == bearing


def test_a_place_named_before_the_distance_is_kept() -> None:
    taken = take_offset("Salang Pass, 71 miles north of Kabul")
    assert taken is not None
    assert (taken.head, taken.anchor) == ("Salang Pass", "Kabul")


@pytest.mark.parametrize(
    "words",
    ["western Kabul", "in the west of Kabul", "the northern part of Herat", "Karta-e Parwan area",
     "4 districts of Herat", "the PD2 in the eastern province of Nangarhar", "غرب کابل"],
)  # fmt: skip
def test_parts_of_a_town_are_no_offsets(words: str) -> None:
    assert take_offset(words) is None


def test_an_offset_ends_right_before_the_name_it_is_measured_from() -> None:
    text = "Gunmen stopped a bus some 20 kilometers (12.5 miles) north of the town of "
    offset, length = offset_before(text)
    assert offset is not None
    assert offset.metres == 20_000
    assert text[-length:].startswith("some 20 kilometers")
    assert offset_before("It fell in the western districts of ") == (None, 0)
    assert offset_before("20 km north of Kabul the army met in ") == (None, 0)


def test_dari_and_pashto_offsets_beside_a_name() -> None:
    before = arabic_offset("انفجار در ۲۰ کیلومتری جنوب شهر ", " رخ داد")
    assert before is not None
    assert (before.metres, before.bearing) == (20_000, 180)
    behind = arabic_offset("د ", " ښار سویل لوېدیځ ته ۲۰ کیلومتره لرې پېښه وشوه")
    assert behind is not None
    assert (behind.metres, behind.bearing) == (20_000, 225)
    assert arabic_offset("در ", " سه تن کشته شدند و ۲۰ کیلومتر راه بسته شد") is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    take_offset(text)
    offset, length = offset_before(text)
    assert (offset is None) == (length == 0)
    assert length <= len(text)
