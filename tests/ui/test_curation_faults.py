"""Faults of a record are named by the fields of the form, as far as the form has them."""

from __future__ import annotations

from gazetteer import Gazetteer
from mapapp.curation.change import Draft, check, new_document
from mapapp.domain.problems import Problem
from mapapp.ui.curation.faults import in_the_form


def test_an_empty_form_names_its_fields_and_no_line_of_a_file(gazetteer: Gazetteer) -> None:
    said = [in_the_form(own) for own in check(Draft(new_document()), {}, gazetteer).problems]
    assert "1 · Title: is empty. Fill it in" in said
    assert "2 · The source's words for it: is empty. Fill it in" in said
    assert not [line for line in said if ".yaml" in line]


def test_what_is_wrong_with_a_field_keeps_its_words() -> None:
    day = Problem("a.yaml line 5", "date.earliest", "'2022-13-01': no month 13", "Write a day")
    assert in_the_form(day) == "2 · First possible day: '2022-13-01': no month 13. Write a day"
    claim = Problem("a.yaml line 29", "claims[2].paragraph", "'zz': is no number", "Correct it")
    assert in_the_form(claim) == "5 · Statement 2, paragraph: 'zz': is no number. Correct it"


def test_what_the_form_does_not_have_is_said_as_of_the_file() -> None:
    other = Problem("a.yaml line 3", "nonsense", "is no field", "Leave it out")
    assert in_the_form(other) == "a.yaml line 3: nonsense: is no field. Leave it out"
