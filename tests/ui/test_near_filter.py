"""Places typed for "within R km of a place or a line"."""

import pytest

from gazetteer import Gazetteer
from mapapp.domain.selection import Circle, Corridor
from mapapp.importers.cells.places import candidate_text
from mapapp.ui.head import near_filter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Herat", ("Herat",)),
        ("Herat; Islam Qala", ("Herat", "Islam Qala")),
        ("Kabul → Jalalabad → Torkham", ("Kabul", "Jalalabad", "Torkham")),
        ("Kabul - Ghazni", ("Kabul", "Ghazni")),
        ("Pul-e Khumri", ("Pul-e Khumri",)),
        (" ; ;", ()),
        ("; ".join("abcdefghijklmnop"), tuple("abcdefghijkl")),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert near_filter.names(text) == names


def test_one_place_is_a_circle_and_more_are_a_line(gazetteer: Gazetteer) -> None:
    kabul = near_filter.find(gazetteer, "Kabul city").candidates[0]
    jalalabad = near_filter.find(gazetteer, "Jalalabad city").candidates[0]
    circle = near_filter.area([kabul], 25)
    assert isinstance(circle, Circle)
    assert (round(circle.lat), round(circle.lng), circle.radius_km) == (35, 69, 25)
    line = near_filter.area([kabul, jalalabad], 10)
    assert isinstance(line, Corridor)
    assert [(round(lat), round(lng)) for lat, lng in line.points] == [(35, 69), (34, 70)]
    assert near_filter.area([], 10) is None


def test_a_name_that_means_two_places_is_asked_about(gazetteer: Gazetteer) -> None:
    found = near_filter.find(gazetteer, "Herat")
    assert found.ambiguous
    words = [candidate_text(candidate) for candidate in found.candidates]
    assert any("province" in text for text in words)
    assert len(set(words)) > 1


def test_a_distance_is_the_point_where_it_ends(gazetteer: Gazetteer) -> None:
    (jurm,) = near_filter.find(gazetteer, "Jurm town").candidates[:1]
    found = near_filter.find(gazetteer, "20 km south of Jurm")
    assert not found.ambiguous
    circle = near_filter.area(found.candidates[:1], 10)
    assert isinstance(circle, Circle)
    assert jurm.lat - circle.lat == pytest.approx(0.18, abs=0.01)  # 20 km
    assert circle.lng == pytest.approx(jurm.lng, abs=0.01)
    shown = candidate_text(found.candidates[0])
    assert shown.startswith("within ")
    assert shown.endswith(f"km of {circle.lat:.2f}, {circle.lng:.2f}, Jurm (district)")


@pytest.mark.parametrize("name", ["", "   ", "x" * 5000, "qqqq zzzz xxxx"])
def test_what_is_no_place_finds_none(gazetteer: Gazetteer, name: str) -> None:
    assert near_filter.find(gazetteer, name).candidates == ()
