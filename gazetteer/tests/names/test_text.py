"""Folding: what carries no difference goes, digits stay."""

from __future__ import annotations

import pytest

from gazetteer.names.text import fold, script_of, slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Nangarhār", "nangarhar"),
        ("Qal‘ah-ye Now", "qalah ye now"),
        ("  Dasht-e   Barchi ", "dasht e barchi"),
        ("دشت‌برچی", "دشت برچی"),
        ("ي ى ك", "ی ی ک"),
        ("کونړ", "کونر"),
        ("ناحیه ۴", "ناحیه 4"),
        ("ناحية ٤", "ناحیه 4"),
        ("Herat\u200e\u0007", "herat"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_scripts() -> None:
    assert script_of("Herat") == "Latn"
    assert script_of("هرات") == "Arab"
    assert script_of("4") == "Zyyy"


def test_slug_is_readable_ascii() -> None:
    assert slug("Dasht-e Archi") == "dasht-e-archi"
