"""What follows from what was typed, and what does not."""

from __future__ import annotations

from datetime import date

import pytest

from mapapp.curation.change import new_document
from mapapp.curation.filled import (
    days_of,
    filled,
    reason_of,
    record_id,
    source_of,
    speaker_class_of,
)

PUBLISHED = date(2024, 6, 2)  # a Sunday


def test_an_empty_form_holds_nothing_and_nothing_follows_from_it() -> None:
    document = new_document()
    assert not any(document.values())
    made = filled(document, PUBLISHED, "")
    assert not any(made.values())


def test_days_paragraph_title_id_and_target_follow() -> None:
    document = new_document() | {
        "paragraph": "2",
        "date": {"text": "on Saturday"},
        "place": {"text": "Fayzabad", "id": "town:badakhshan/fayzabad"},
        "event_type": {"value": "bombing"},
        "target": {"type": "security_forces", "paragraph": "4"},
        "claims": [{"property": "killed"}, {"property": "killed", "paragraph": "5"}],
    }
    made = filled(document, PUBLISHED, "Fayzabad")
    assert (made["date"]["earliest"], made["date"]["latest"]) == ("2024-06-01", "2024-06-01")
    assert str(PUBLISHED) in made["date"]["derivation"]
    assert [made[part]["paragraph"] for part in ("date", "place", "target")] == ["2", "2", "4"]
    assert [claim["paragraph"] for claim in made["claims"]] == ["2", "5"]
    assert made["id"] == "afg-2024-06-01-fayzabad-bombing"
    assert made["title"] == "Bombing or planted device, Fayzabad"
    assert made["target"]["text"] == "security forces"


def test_what_was_typed_is_never_replaced() -> None:
    typed = {"text": "on Saturday", "earliest": "2024-05-01", "latest": "2024-05-31",
             "precision": "month"}  # fmt: skip
    document = new_document() | {"date": typed, "title": "Ours", "id": "ours"}
    made = filled(document, PUBLISHED, "Kabul")
    assert made["date"] == typed
    assert (made["title"], made["id"]) == ("Ours", "ours")


@pytest.mark.parametrize("words", ["on Saturday", "yesterday", "8 May", "last week"])
def test_no_day_of_publication_no_day(words: str) -> None:
    assert days_of(words, None) == {}
    assert days_of(words, PUBLISHED)


def test_an_id_says_no_more_than_is_known_and_is_not_taken_twice() -> None:
    document = {"event_type": {"value": "raid"}, "place": {},
                "date": {"earliest": "2024-05-01", "latest": "2024-05-31"}}  # fmt: skip
    assert record_id(document, "Herat", ()) == "afg-2024-05-herat-raid"
    assert record_id(document, "Herat", {"afg-2024-05-herat-raid"}) == "afg-2024-05-herat-raid-2"
    assert record_id(document | {"date": {}}, "Herat", ()) == "afg-undated-herat-raid"


def test_a_source_gets_id_language_terms_and_its_last_day() -> None:
    typed = {"publisher": "The Courier", "title": "Shots", "published": {"earliest": "2024-06-02"}}
    made = source_of(typed, {"the-courier-2024-06-02"})
    assert made["id"] == "the-courier-2024-06-02-2"
    assert made["published"]["latest"] == "2024-06-02"
    assert (made["language"], made["redistribution"]) == ("en", "facts")
    assert "url" not in made  # never guessed
    assert reason_of(made) == "New from The Courier, “Shots”, 2024-06-02"
    assert source_of({"publisher": "BBC", "title": "د کابل په ښار کې"})["language"] == "ps"


@pytest.mark.parametrize(
    ("name", "target", "kind"),
    [
        ("Provincial hospital", "security_forces", "medical"),
        ("UNAMA", "civilians", "monitor"),
        ("a witness", "civilians", "witness"),
        ("Taliban interior ministry", "civilians", "official"),
        ("Taliban interior ministry", "security_forces", ""),  # a side of it: a person says
        ("Taliban interior ministry", "", ""),
        ("Zmarai", "civilians", ""),
    ],
)
def test_the_kind_of_a_speaker_is_filled_in_where_the_name_shows_it(
    name: str, target: str, kind: str
) -> None:
    assert speaker_class_of(name, target) == kind
