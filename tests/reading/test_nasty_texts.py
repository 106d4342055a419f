"""No text, however long or odd, stops the reader or makes it give a value without words."""

from __future__ import annotations

import random
from datetime import date

import pytest

from mapapp.reading import read
from mapapp.reading.reader import MAX_CHARS

DAY = date(2024, 5, 12)

TEXTS = {
    "empty": "",
    "blank": " \n\t \n",
    "digits": "9" * 30_000,
    "numbers": "12 " * 2_000,
    "thousands": "1," * 10_000,
    "brackets": "(" * 10_000 + ")" * 10_000,
    "quotes": '"' * 15_000,
    "commas": "killed, " * 5_000,
    "and": "two men and " * 2_500 + "were killed in Kabul.",
    "one word": "k" * 110_000,
    "hyphens": "-a" * 15_000,
    "said": "he said she said " * 2_000,
    "no end": "twelve people were wounded in Herat and " * 1_000,
    "stops": ". " * 15_000,
    "capitals": "Abdul " * 5_000,
    "apostrophes": "'s" * 15_000,
    "control": "".join(chr(i) for i in range(1, 2000)) * 20,
    "surrogate-like": "\ud7ff\ue000\U0010ffff" * 10_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_ends(text: str) -> None:
    reading = read(text, publisher="Wire", published=DAY, language="en", seconds=5.0)
    assert reading.text == text  # and every value was checked against it


def test_what_is_too_long_is_read_in_part_and_says_so() -> None:
    text = "Two men were killed in Kabul on Friday, police said.\n" + "x" * MAX_CHARS
    reading = read(text, publisher="Wire", published=DAY)
    assert not reading.complete
    assert [q.code for q in reading.questions] == ["not-read-to-the-end"]
    assert reading.drafts[0].figures[0].low == 2


def test_no_time_no_sentences() -> None:
    reading = read("Two men were killed in Kabul.\n", publisher="W", published=DAY, seconds=0.0)
    assert not reading.complete
    assert reading.drafts == ()


WORDS = (
    "two three dozens killed wounded and or , . said police Taliban in Kabul Herat province "
    'district of the a including women ISIS claimed responsibility Friday " ( ) no at least 12 '
    "he who which that was were to death toll rose died bodies on group its fighters"
)


@pytest.mark.parametrize("seed", range(30))
def test_any_row_of_words_gives_a_reading(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    text = " ".join(dice.choice(WORDS.split()) for _ in range(400))
    read(text, publisher="Wire", published=DAY)
