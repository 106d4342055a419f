"""Comparing two selections: links both ways, differences of like with like, coverage in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.link import params_to_selection
from mapapp.query.questions.compare import (
    PARTS,
    Amount,
    Comparison,
    amounts,
    comparison_to_params,
    coverage_notes,
    difference,
    params_to_comparison,
    verdict,
)
from mapapp.query.questions.coverage import Coverage


def lists(params: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: [own] if isinstance(own, str) else own for name, own in params.items()}


@pytest.mark.parametrize(
    "comparison",
    [
        Comparison("date", Selection(date_from=date(2022, 1, 1), date_to=date(2022, 6, 30))),
        Comparison("provinces", Selection(provinces=("AF01", "AF32"))),
        Comparison("groups", Selection(groups=("iskp",))),
        Comparison("districts"),
    ],
)
def test_a_comparison_is_kept_in_the_link(comparison: Comparison) -> None:
    params = lists(comparison_to_params(comparison))
    assert params_to_comparison(params) == (comparison, ())
    # Whoever reads the link without comparing sees the first selection, and no complaint.
    assert params_to_selection(params) == (Selection(), ())


def test_only_one_part_differs() -> None:
    first = Selection(provinces=("AF01",), kinds=("claimed",), date_from=date(2022, 1, 1))
    other = Comparison("provinces", Selection(provinces=("AF32",), text="x")).other(first)
    assert other == Selection(provinces=("AF32",), kinds=("claimed",), date_from=date(2022, 1, 1))


def test_what_cannot_be_compared_is_named() -> None:
    found, (problem,) = params_to_comparison({"vs": ["weather"]})
    assert found is None
    assert "weather" in problem.fault
    assert all(part in problem.remedy for part in PARTS)
    kept, (fault,) = params_to_comparison({"vs": ["date"], "vs_from": ["yesterday"]})
    assert kept == Comparison("date")
    assert fault.field == "from"


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_difference_holds_for_every_pair_of_true_numbers(a: int, b: int, c: int, d: int) -> None:
    first, second = sorted((a, b)), sorted((c, d))
    said = difference(
        Amount("killed", first[0], first[1], ""), Amount("killed", second[0], second[1], "")
    )
    numbers = [int(number) for number in re.findall(r"\d+", said)] or [0]
    if "between" in said:
        assert "fewer and" in said
        numbers[0] = -numbers[0]
    elif "fewer" in said:
        numbers = [-number for number in numbers]
    assert min(numbers) == first[0] - second[1]
    assert max(numbers) == first[1] - second[0]


def test_a_difference_is_said_in_words() -> None:
    def said(a: tuple[int, int], b: tuple[int, int]) -> str:
        return difference(Amount("killed", *a, ""), Amount("killed", *b, ""))

    assert said((5, 20), (8, 8)) == "between 3 fewer and 12 more"
    assert said((5, 9), (1, 2)) == "3 to 8 more"
    assert said((1, 2), (5, 9)) == "3 to 8 fewer"
    assert said((4, 4), (5, 5)) == "1 fewer"
    assert said((4, 4), (4, 4)) == "the same"


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_what_is_said_of_two_ranges_holds_for_every_pair(a: int, b: int, c: int, d: int) -> None:
    (low, high), (least, most) = sorted((a, b)), sorted((c, d))
    said = verdict(Amount("killed", low, high, ""), Amount("killed", least, most, ""))
    pairs = [(x, y) for x in range(low, high + 1) for y in range(least, most + 1)]
    holds = {
        "more in A, for certain": all(x > y for x, y in pairs),
        "more in B, for certain": all(x < y for x, y in pairs),
        "the same in both": all(x == y for x, y in pairs),
        "as many in A or more": all(x >= y for x, y in pairs),
        "as many in B or more": all(x <= y for x, y in pairs),
        "either may be more": any(x > y for x, y in pairs) and any(x < y for x, y in pairs),
    }
    assert holds[said], said


def test_open_and_unknown_sides_stay_so() -> None:
    exact, at_least = Amount("killed", 4, 6, ""), Amount("killed", 5, None, "")
    assert difference(at_least, exact) == "at most 1 fewer, or more"
    assert difference(exact, at_least) == "at most 1 more, or fewer"
    assert difference(at_least, at_least) == "any number fewer or more"
    assert difference(exact, Amount("killed", None, None, "")) == "unknown"
    assert verdict(at_least, exact) == "either may be more"
    assert verdict(at_least, Amount("killed", 1, 4, "")) == "more in A, for certain"
    assert verdict(exact, Amount("killed", None, None, "")) == "not known which is more"
    with pytest.raises(ValueError, match="killed and wounded have no difference"):
        difference(exact, Amount("wounded", 4, 6, ""))


def test_amounts_are_those_of_the_line_of_figures(dashboard: Dashboard) -> None:
    figures = dashboard.figures(Selection(date_from=date(2022, 1, 1), date_to=date(2022, 12, 31)))
    count, killed, wounded = amounts(figures)
    assert (count.low, count.high) == (figures.certain, figures.incidents)
    assert (killed.low, killed.best) == (figures.killed.low, figures.killed.best)
    assert wounded.measure == "reported wounded"


def test_unlike_coverage_is_said() -> None:
    short = Selection(date_from=date(2022, 1, 1), date_to=date(2022, 1, 31))
    later = Selection(date_from=date(2022, 2, 1), date_to=date(2022, 2, 28))
    watched = Coverage("ged", date(1989, 1, 1), date(2022, 2, 15), True, True, "", 1)
    picked = Coverage("curated", date(2021, 8, 1), date(2024, 5, 31), False, True, "", 5)
    notes = coverage_notes(
        [("A", short, ["curated", "ged"]), ("B", later, ["curated"])],
        {"ged": watched, "curated": picked},
    )
    assert notes == (
        "ged has incidents in A only",
        "A is 31 days long, B 28 days; totals are not per day",
        "curated is a hand-picked set: fewer incidents there need not mean that less happened",
        "ged covers 1 Jan 1989 to 15 Feb 2022 only; B reaches beyond that",
    )
    alike = coverage_notes([("A", short, ["x"]), ("B", short, ["x"])], {})
    assert alike == ("x does not say which days it covers",)
