"""An incident's row in words."""

from __future__ import annotations

import pytest

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query import Dashboard
from mapapp.query.questions.table_words import COLUMNS, NAMES, perpetrator_text, row_words
from mapapp.store.default import open_default


@pytest.fixture(scope="module")
def dash(tmp_path_factory: pytest.TempPathFactory) -> Dashboard:
    return Dashboard(open_default(tmp_path_factory.mktemp("data")).current())


@pytest.mark.parametrize(
    ("actors", "kinds", "words"),
    [
        (["iskp"], ["claimed", "contested"], "ISKP · claimed, contested"),
        ([], ["unclaimed"], "no claim reported"),
        ([], ["none"], "no statement"),
        ([], [], "no statement"),
    ],
)
def test_perpetrator_text(actors: list[str], kinds: list[str], words: str) -> None:
    assert perpetrator_text(actors, kinds) == words


def test_a_row_has_a_value_under_every_column(dash: Dashboard) -> None:
    rows = dash.table(Selection(background=True, abroad=True)).to_pylist()
    found = {row["id"]: row_words(row, Rule.LOWEST) for row in rows}
    assert {len(words) for words in found.values()} == {len(COLUMNS)}
    fayzabad = dict(zip(NAMES, found["afg-2024-05-08-fayzabad-convoy"], strict=True))
    assert (fayzabad["Date"], fayzabad["Killed"], fayzabad["Killed best"]) == (
        "2024-05-08",
        "3–≥6",
        3,
    )
    assert fayzabad["Record"] == "afg-2024-05-08-fayzabad-convoy"
    assert "killed" in fayzabad["Sources differ on"]
    marked = NAMES.index("Marked")
    assert any("not mappable" in words[marked] for words in found.values())
