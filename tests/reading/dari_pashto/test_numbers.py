"""Numbers in Dari and Pashto: words, digits of three scripts, and how exactly."""

from __future__ import annotations

import pytest

from mapapp.reading.dari_pashto.numbers import number_at
from mapapp.reading.dari_pashto.tokens import tokens


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("هفت تن", (7, 7, "exact")),
        ("بیست و یک نفر", (21, 21, "exact")),
        ("یک‌صد و بیست و سه تن", (123, 123, "exact")),
        ("سه صد تن", (300, 300, "exact")),
        ("دو هزار و پنجصد نفر", (2500, 2500, "exact")),
        ("۲۶ زخمی", (26, 26, "exact")),
        ("٢٦ زخمی", (26, 26, "exact")),
        ("1,250 تن", (1250, 1250, "exact")),
        ("بیش از ۵۰ زخمی", (51, None, "over")),
        ("بیشتر از بیست تن", (21, None, "over")),
        ("دست‌کم ۱۲ تن", (12, None, "at_least")),
        ("دست کم دوازده تن", (12, None, "at_least")),
        ("حداقل پنج تن", (5, None, "at_least")),
        ("حدود سی تن", (30, 30, "about")),
        ("دو یا سه تن", (2, 3, "range")),
        ("۵ تا ۷ تن", (5, 7, "range")),
        ("ده‌ها تن", (None, None, "vague")),
        ("چندین تن", (None, None, "vague")),
        ("شماری از باشندگان", (None, None, "vague")),
        ("پنځه کسان", (5, 5, "exact")),
        ("د پنځو کسانو", None),
        ("نهو تنو", (9, 9, "exact")),
        ("دوه ویشت کسان", (22, 22, "exact")),
        ("پنځه دېرش کسان", (35, 35, "exact")),
        ("لږ تر لږه ۱۵ ټپیان", (15, None, "at_least")),
        ("له څلوېښتو زیات ټپیان", (41, None, "over")),
        ("تر شلو ډېر کسان", (21, None, "over")),
        ("یو شمېر نور", (None, None, "vague")),
        ("لسګونه کسان", (None, None, "vague")),
        ("سه‌شنبه", None),  # a Tuesday
        ("د سه شنبې په ورځ", None),
        ("123456789 تن", None),
        ("انفجار", None),
    ],
)
def test_the_number_that_begins(text: str, said: tuple[int | None, int | None, str] | None) -> None:
    lows = tuple(token.low for token in tokens(text, 0, len(text)))
    found = number_at(lows, 0)
    assert (found and (found.low, found.high, str(found.modifier))) == said
