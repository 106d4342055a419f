"""Short invented pages in the styles of agencies, local media and statements, each with what a
reader must make of it. No sentence comes from any page; organisations and places are real.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mapapp.reading import read
from tests.reading.lines import lines

FOLDER = Path(__file__).parent / "pages_of_ours"


def pages() -> list[tuple[str, str, str, str, list[str]]]:
    """Name, publisher, day, text and the lines that are expected, of each page."""
    found = []
    for file in sorted(FOLDER.glob("*.txt")):
        for part in file.read_text("utf-8").split("### ")[1:]:
            head, _, rest = part.partition("\n")
            name, publisher, day = head.split(" | ")
            text, _, expected = rest.partition("\n=>")
            rows = [line for line in expected.split("\n") if line.strip()]
            found.append((name, publisher, day, text + "\n", rows))
    return found


@pytest.mark.parametrize("page", pages(), ids=lambda page: page[0])
def test_page(page: tuple[str, str, str, str, list[str]]) -> None:
    _, publisher, day, text, expected = page
    reading = read(text, publisher=publisher, published=date.fromisoformat(day))
    assert lines(reading) == expected


def test_every_title_is_neutral() -> None:
    """A title says what, where and when; no actor and no figure."""
    for _, publisher, day, text, _ in pages():
        reading = read(text, publisher=publisher, published=date.fromisoformat(day))
        for draft in reading.drafts:
            title = draft.title.lower()
            assert title
            assert not any(
                word in title for word in ("taliban", "isis", "daesh", "killed", "front")
            )


def test_without_a_day_of_publication_a_weekday_stays_open() -> None:
    text = "Two people were killed in an explosion in Herat city on Friday, police said.\n"
    (draft,) = read(text, publisher="Wire", published=None).drafts
    assert draft.day is not None
    assert draft.day.words == "Friday"
    assert draft.day.interval.earliest is None
    assert [q.code for q in draft.questions] == ["date-open"]


def test_a_bare_name_of_town_and_province_is_asked() -> None:
    text = "A bomb killed two people in Herat on Friday, police said.\n"
    (draft,) = read(text, publisher="Wire", published=date(2024, 5, 12)).drafts
    question = next(q for q in draft.questions if q.code == "place-ambiguous")
    assert len(question.options) > 1


def test_killed_and_wounded_together_are_neither() -> None:
    text = "A bomb in Jalalabad on Friday killed and wounded 12 people, police said.\n"
    (draft,) = read(text, publisher="Wire", published=date(2024, 5, 12)).drafts
    assert [(f.property, f.low) for f in draft.figures] == [("casualties", 12)]
    assert "killed-and-wounded-together" in {q.code for q in draft.questions}


def test_a_figure_of_several_attacks_is_asked() -> None:
    text = (
        "A mine hit a patrol in Kunduz city on Friday and killed two soldiers, police said.\n"
        "In both attacks of the week nine soldiers were killed, a source said.\n"
    )
    reading = read(text, publisher="Wire", published=date(2024, 5, 12))
    assert [f.low for d in reading.drafts for f in d.figures] == [2]
    assert [q.code for q in reading.questions] == ["figure-over-several-attacks"]


def test_a_disputed_cause_is_asked() -> None:
    text = (
        "A bombing killed five people in a bakery in Kabul on Friday.\n"
        "Police said that a gas cylinder had blown up. Nobody has claimed the attack.\n"
    )
    (draft,) = read(text, publisher="Wire", published=date(2024, 5, 12)).drafts
    assert "cause-disputed" in {q.code for q in draft.questions}
