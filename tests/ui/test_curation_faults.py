"""Faults of a record are named by the fields of the form, never by a line of a file."""

from __future__ import annotations

from gazetteer import Gazetteer
from mapapp.curation.change import Draft, check, new_document
from mapapp.domain.problems import Problem
from mapapp.ui.curation.faults import in_the_form

SAID = {"property": "killed", "value": 6, "asserted_by": "The hospital"}
DOCUMENT = {"claims": [{}, SAID]}


def test_an_empty_form_names_its_fields_and_no_line_of_a_file(gazetteer: Gazetteer) -> None:
    said = in_the_form(check(Draft(new_document()), {}, gazetteer).problems, {})
    assert "5 · Title: is empty. Fill it in" in said
    assert "2 · Day: is empty. Fill it in" in said
    assert "2 · Paragraph of the page: is empty. Fill it in" in said
    assert len(said) == len(set(said))
    assert not [line for line in said if "yaml" in line or " line " in line]


def test_what_is_wrong_with_a_field_keeps_its_words() -> None:
    day = Problem("a.yaml line 5", "date.earliest", "'2022-13-01': no month 13", "Write a day")
    claim = Problem("a.yaml line 29", "claims[2].paragraph", "'zz': is no number", "Correct it")
    source = Problem("source N1", "publisher", "is missing", "Add it")
    assert in_the_form([day, claim, source], DOCUMENT) == [
        "2 · First possible day: '2022-13-01': no month 13. Write a day",
        "4 · The hospital, killed: 6, paragraph: 'zz': is no number. Correct it",
        "1 · Publisher: is empty. Fill it in",
    ]
