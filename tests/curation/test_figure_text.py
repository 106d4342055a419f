"""Figures typed in a cell become the statements they say, and are written back so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.curation.figure_text import TOLD, figures_of, text_of
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import Modifier, VictimClass


@pytest.mark.parametrize(
    ("text", "value", "modifier", "victims"),
    [
        ("3", 3, "exact", "unspecified"),
        ("at least 3 civilians", 3, "at_least", "civilians"),
        ("20+ guards", 20, "at_least", "guards"),
        ("≥ 6", 6, "at_least", "unspecified"),
        ("more than 20 people", 20, "over", "unspecified"),
        ("about 200", 200, "about", "unspecified"),
        ("dozens", None, "vague", "unspecified"),
        ("1 child", 1, "exact", "children"),
        ("2 de facto authority personnel", 2, "exact", "de_facto_authority_personnel"),
        ("0", 0, "exact", "unspecified"),
    ],
)
def test_a_figure_as_it_is_typed(text: str, value: int | None, modifier: str, victims: str) -> None:
    (figure,) = figures_of(text)
    assert (figure.get("value"), figure["modifier"], figure["victim_class"]) == (
        value, modifier, victims,
    )  # fmt: skip


def test_a_part_is_of_the_figure_before_it_or_of_the_one_named() -> None:
    civilians, children = figures_of("at least 3 civilians; of them 2 children")
    assert "subset_of" not in civilians
    assert children["subset_of"] == "civilians"
    (alone,) = figures_of("of the people 20 children")
    assert alone["subset_of"] == "unspecified"


def test_a_range_has_two_ends_and_no_value() -> None:
    (found,) = figures_of("5 to 7 civilians")
    assert (found["low"], found["high"], found["modifier"]) == (5, 7, "range")
    assert "value" not in found
    with pytest.raises(InvalidInput, match="write the lower first"):
        figures_of("7-5")


@pytest.mark.parametrize("text", ["three", "3 soldiers", "3 killed", "-3", "3.5", "at least"])
def test_what_is_no_figure_is_refused_with_how_they_are_written(text: str) -> None:
    with pytest.raises(InvalidInput, match="write"):
        figures_of(text)


FIGURES = st.builds(
    lambda modifier, number, more, victims, whole: {
        "modifier": str(modifier),
        "victim_class": str(victims),
        **({"subset_of": str(whole)} if whole else {}),
        **({"low": number, "high": number + more} if modifier is Modifier.RANGE else {}),
        **({} if modifier in (Modifier.RANGE, Modifier.VAGUE) else {"value": number}),
    },
    st.sampled_from(Modifier), st.integers(0, 10**6), st.integers(1, 50),
    st.sampled_from(VictimClass), st.none() | st.sampled_from(VictimClass),
)  # fmt: skip


@given(st.lists(FIGURES, max_size=4))
def test_every_figure_is_written_so_that_it_is_read_back(figures: list[dict[str, object]]) -> None:
    again = figures_of(text_of(figures))
    assert [[own.get(name) for name in TOLD] for own in again] == [
        [own.get(name) for name in TOLD] for own in figures
    ]


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        figures_of(text)
    except InvalidInput as error:
        assert str(error)
