"""Text from data in Markdown places; that the browser shows it as it is stands in tests/browser."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.ui.parts.plain_text import WORD_JOINER, plain


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Kabul", "Kabul"),
        ("$x$", r"\$x\$"),
        ("[a](b)", r"\[a\]\(b\)"),
        ("`code` <b>", r"\`code\` \<b\>"),
        (":red[x]", rf"\:{WORD_JOINER}red\[x\]"),
        (":smile:", rf"\:{WORD_JOINER}smile\:"),
        ("two\n\n# lines", r"two \# lines"),
        ("https://a.b", rf"https\:{WORD_JOINER}\/\/a\.b"),
        ("دلو هرات", "دلو هرات"),
    ],
)
def test_examples(text: str, safe: str) -> None:
    assert plain(text) == safe


@given(st.text())
def test_taking_the_marks_away_gives_the_words_back(text: str) -> None:
    without = re.sub(r"\\(.)", r"\1", plain(text)).replace(WORD_JOINER, "")
    assert without == " ".join(text.split()).replace(WORD_JOINER, "")


@given(st.text(alphabet="$:[]`<>*_~\\a1 "))
def test_no_active_character_stands_without_a_backslash(text: str) -> None:
    bare = re.sub(r"\\.", "", plain(text))
    assert not set(bare) & set("$:[]`<>*_~")
