"""Provinces shaded by a number: classes, words, and what stands in the picture."""

from __future__ import annotations

import pytest

from mapapp.domain import population
from mapapp.exporters.pictures import shaded
from mapapp.ui.charts.shaded_map import notes_of, values_of


def _row(code: str, incidents: int, best: int | None = None, unknown: int = 0) -> dict[str, object]:
    return {
        "code": code, "incidents": incidents, "killed_best": best, "killed_unknown": unknown,
    }  # fmt: skip


ROWS = [_row("AF01", 40, 90, 3), _row("AF08", 2, None, 2), _row("", 5, 7), _row("PK-KP", 9, 1)]


def test_every_province_has_its_people_once() -> None:
    assert len(population.PEOPLE) == 34
    assert sum(population.PEOPLE.values()) == 30_725_560


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ((), ()),
        ((0, 0), ()),
        ((1,), (1,)),
        ((1, 5), (1, 2, 5)),
        ((3, 14), (1, 2, 5, 10, 20)),
        ((1, 4000), (200, 500, 1000, 2000, 5000)),
        ((0.02, 0.19), (0.01, 0.02, 0.05, 0.1, 0.2)),
    ],
)
def test_classes_end_at_round_numbers_and_hold_the_highest(
    values: tuple[float, ...], ends: tuple[float, ...]
) -> None:
    assert shaded.limits(values) == pytest.approx(ends)


def test_incidents_without_a_province_here_are_said_not_shaded() -> None:
    assert values_of(ROWS, "incidents") == {"AF01": 40, "AF08": 2}
    assert notes_of(ROWS, "incidents")[0] == (
        "14 not mappable here: no province of Afghanistan is known."
    )


def test_sums_of_killed_say_what_is_in_none_of_them() -> None:
    assert values_of(ROWS, "reported killed") == {"AF01": 90, "AF08": 0}
    assert "5 without a number of killed are in no sum." in notes_of(ROWS, "reported killed")


def test_per_head_is_of_the_province_and_names_its_source() -> None:
    values = values_of(ROWS, "incidents per 100,000 people")
    assert values["AF08"] == pytest.approx(2 * 100_000 / 167_000)
    assert values["AF08"] > values["AF01"]
    assert any("Statistical Yearbook 2019" in note for note in notes_of(ROWS, "… people"))


def test_the_picture_says_its_numbers_in_words_and_escapes_them() -> None:
    picture = shaded.draw("<Provinces>", {"AF01": 40.0, "AF08": 1.2}, "incidents", ["a & b"])
    svg = picture.bytes().decode()
    assert "Incidents by province: Kabul 40; Panjshir 1.2" in svg
    assert "&lt;Provinces&gt;" in svg
    assert "a &amp; b" in svg
    assert svg.count(shaded.SHADES[-1]) == 2  # Kabul, and its class in the legend
