"""Sounds, skeletons and the weighted distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.names.phonetics import (
    class_counts,
    distance,
    least_distance,
    likeness,
    skeleton,
    sound,
)
from gazetteer.names.text import fold

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzXGSCJWYOI0123456789", max_size=14)


def alike(a: str, b: str) -> float:
    return likeness(sound(fold(a)), sound(fold(b)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Pul-e Khumri", "Pol-i-Khomri"),
        ("Shibirghan", "Sheberghan"),
        ("Maymana", "Maimanah"),
        ("Khost", "Xost"),
        ("Wardak", "Vardak"),
        ("Tarin Kowt", "Tirinkot"),
        ("Mazar-e Sharif", "Masar-e Scharif"),
        ("Warduj", "وردوج"),
        ("Musa Qala", "موسی قلعه"),
    ],
)
def test_spellings_of_one_name_sound_alike(a: str, b: str) -> None:
    assert alike(a, b) >= 0.86


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Baghlan", "Baghran"),
        ("Paktia", "Paktika"),
        ("Balkh", "Balkhab"),
        ("Dasht-e Barchi", "Dasht-e Archi"),
        ("District 4", "District 5"),
        ("کابل", "زابل"),
    ],
)
def test_different_names_do_not(a: str, b: str) -> None:
    assert alike(a, b) < 0.86


@given(LETTERS, LETTERS)
def test_distance_is_symmetric_and_zero_only_for_itself(a: str, b: str) -> None:
    there, back = distance(a, b, 99.0), distance(b, a, 99.0)
    assert there == pytest.approx(back)
    assert (there == 0.0) == (a == b)


@given(LETTERS, LETTERS, st.floats(0.1, 5.0))
def test_a_limit_never_changes_a_distance_below_it(a: str, b: str, limit: float) -> None:
    full = distance(a, b, 99.0)
    limited = distance(a, b, limit)
    assert limited == pytest.approx(full) if full <= limit else limited > limit


@given(st.text(max_size=40))
def test_any_text_has_a_sound_and_a_skeleton(text: str) -> None:
    skeleton(sound(fold(text)))


@given(LETTERS, LETTERS)
def test_class_counts_never_say_more_than_the_distance(a: str, b: str) -> None:
    assert least_distance(class_counts(a), class_counts(b)) <= distance(a, b, 99.0) + 1e-9
