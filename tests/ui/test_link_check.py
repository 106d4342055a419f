"""Codes of a link: what exists nowhere is ignored and named, what merely has no incident stays."""

from __future__ import annotations

import pytest

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard, params_to_selection
from mapapp.store.default import open_default
from mapapp.ui import notices
from mapapp.ui.link_check import usable


@pytest.fixture(scope="module")
def dash(tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    return Dashboard(open_default(tmp_path_factory.mktemp("data")).current())


def test_what_exists_nowhere_is_ignored_and_named_with_choices(dash: Dashboard) -> None:
    chosen = Selection(
        provinces=("AF32", "Badakshan"), districts=("AF3299",), groups=("nobody",), sources=("x",)
    )
    selection, problems = usable(dash, chosen)
    assert selection == Selection(provinces=("AF32",))
    said = {problem.field: problem for problem in problems}
    assert list(said) == ["province", "district", "group", "source"]
    assert said["province"].fault == "“Badakshan” is not known"
    assert said["province"].remedy == ("It was ignored; choose of AF17 (Badakhshan) … (34 in all)")
    for field, choice in (("district", "AF32"), ("group", "iskp"), ("source", "000")):
        assert said[field].remedy.startswith("It was ignored; choose of ")
        assert choice in said[field].remedy


def test_what_exists_without_incidents_is_a_true_answer(dash: Dashboard) -> None:
    chosen = Selection(provinces=("AF34",), districts=("AF0102",), groups=("haqqani",))
    selection, problems = usable(dash, chosen)
    assert selection == chosen
    assert ["matches nothing" in p.remedy for p in problems] == [True, True, True]
    assert dash.count(selection) == 0


def test_many_codes_without_incidents_are_one_problem_with_their_names(dash: Dashboard) -> None:
    codes = ("AF18", "AF32", "AF23", "AF08")
    selection, [problem] = usable(dash, Selection(provinces=codes, districts=("AF0101",)))
    assert selection.provinces == codes
    assert problem.fault == "the data have no incident of Takhar, Ghor or Panjshir"
    assert problem.remedy == "They match nothing; remove the filters"


def test_what_is_wrong_in_the_same_way_is_said_once() -> None:
    _, problems = params_to_selection({"foo": "1", "killed_min": "2", "kind": "clamed"})
    said = notices.link_problems_html(problems)
    assert "foo, killed_min: the page knows no such setting. Check the link" in said
    assert said.count("<li") == 2


def test_a_sound_link_stays_as_it_is(dash: Dashboard) -> None:
    chosen = Selection(provinces=("AF32",), groups=("iskp",), kinds=("claimed",))
    assert usable(dash, chosen) == (chosen, ())
