"""The language of a text, and what is none of the three."""

from __future__ import annotations

import pytest

from mapapp.reading.languages import language_code, language_of, language_of_title


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Seven people were killed in the explosion, the police said.", "en"),
        ("در نتیجه این انفجار هفت تن کشته شده اند و منابع محلی آن را تایید کرده است.", "fa"),
        ("په خوست کې ځايي سرچینې وايي، چې پنځه کسان وژل شوي دي.", "ps"),
        ("ISKP: انفجار در کابل هفت تن را کشت و کسی مسوولیت آن را نپذیرفت که از گروه بود", "fa"),
        ("قتل سبعة أشخاص في انفجار في كابول على يد من مجهولين إلى التي", "unknown"),
        ("دھماکے میں سات افراد ہلاک ہو گئے ہیں اور پولیس نے کہا ہے کہ", "unknown"),
        ("Sieben Menschen sind bei der Explosion und in der Stadt getötet worden", "unknown"),
        ("Kabul 7 killed", "unknown"),
        ("12 345", "unknown"),
        ("", "unknown"),
    ],
)
def test_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_names_that_people_give() -> None:
    given = ("fa", "prs", "Dari", "ps", "Pashto", "en", "de")
    assert [*map(language_code, given)] == ["fa", "fa", "fa", "ps", "ps", "en", None]


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Seven people were killed in the explosion, the police said.", "en"),
        ("Kabul blast kills 7", "en"),
        ("انفجار کابل", "fa"),
        ("کابل کې چاودنه", "ps"),
    ],
)
def test_of_a_title_its_letters_say_what_its_words_do_not(title: str, language: str) -> None:
    assert language_of_title(title) == language
