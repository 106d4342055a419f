"""The table in words, and the files of a selection."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.store.default import open_default
from mapapp.ui.incident_table import COLUMNS, display_frame, perpetrator_text


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


def test_the_table_holds_every_incident_with_all_columns(dash: Dashboard) -> None:
    everything = Selection(background=True, abroad=True)
    table = dash.table(everything)
    frame = display_frame(table, "killed_best_lowest", "wounded_best_lowest")
    assert tuple(frame.columns) == COLUMNS
    assert frame["Record"].tolist() == table["id"].to_pylist()
    fayzabad = frame.set_index("Record").loc["afg-2024-05-08-fayzabad-convoy"]
    assert (fayzabad["Date"], fayzabad["Killed"], fayzabad["Killed best"]) == (
        "2024-05-08",
        "3–≥6",
        3,
    )
    assert "killed" in fayzabad["Sources differ on"]
    assert frame["Marked"].str.contains("not mappable").any()


def test_an_empty_table_has_its_columns(dash: Dashboard) -> None:
    table = dash.table(Selection(text="nowhere at all"))
    assert tuple(display_frame(table, "killed_best_latest", "wounded_best_latest").columns) == (
        COLUMNS
    )


def test_the_method_page_names_what_the_page_uses() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text("utf-8")
    for words in ("independent first", "lowest", "highest", "latest", "not mappable", "2014",
                  "no claim reported", "background", "Corrections"):  # fmt: skip
        assert words.casefold() in text.casefold()
