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
    "digits": "9" * 100_000,
    "numbers": "12 " * 30_000,
    "thousands": "1," * 50_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "quotes": '"' * 60_000,
    "commas": "killed, " * 20_000,
    "and": "two men and " * 10_000 + "were killed in Kabul.",
    "one word": "k" * 150_000,
    "hyphens": "-a" * 60_000,
    "said": "he said she said " * 8_000,
    "no end": "twelve people were wounded in Herat and " * 4_000,
    "stops": ". " * 60_000,
    "capitals": "Abdul " * 20_000,
    "apostrophes": "'s" * 60_000,
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
