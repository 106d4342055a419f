"""Codes of a link: what exists nowhere is ignored and named, what merely has no incident stays."""

from __future__ import annotations

import pytest

from gazetteer import Gazetteer
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.store.default import open_default
from mapapp.ui.link_check import usable


@pytest.fixture(scope="module")
def dash(tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    return Dashboard(open_default(tmp_path_factory.mktemp("data")).current())


def test_what_exists_nowhere_is_ignored_and_named(dash: Dashboard, gazetteer: Gazetteer) -> None:
    chosen = Selection(provinces=("AF32", "ZZ99"), groups=("nobody",))
    selection, problems = usable(dash, chosen, gazetteer)
    assert selection == Selection(provinces=("AF32",))
    assert [(p.field, "ignored" in p.remedy) for p in problems] == [
        ("provinces", True),
        ("groups", True),
    ]


def test_a_province_without_incidents_is_a_true_answer(
    dash: Dashboard, gazetteer: Gazetteer
) -> None:
    chosen = Selection(provinces=("AF34",), districts=("AF0102",))
    selection, problems = usable(dash, chosen, gazetteer)
    assert selection == chosen
    assert ["matches nothing" in p.remedy for p in problems] == [True, True]
    assert dash.count(selection) == 0


def test_a_sound_link_stays_as_it_is(dash: Dashboard, gazetteer: Gazetteer) -> None:
    chosen = Selection(provinces=("AF32",), groups=("iskp",), kinds=("claimed",))
    assert usable(dash, chosen, gazetteer) == (chosen, ())
