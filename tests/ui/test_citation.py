"""A citation's forms: each is read by the program it is for, and says what the card says."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.bibtex.bibparse import BibTeXParser
from citeproc.source.json import CiteProcJSON

from mapapp.ui.citing.citation import LICENCE, LINK, TITLE, Card

HOSTILE = 'Attacks on {"police"} & 50% \\input{x}\nTY  - BOOK'
ADDRESS = "https://map.example/?province=AF32&cited=0a"


def card(about: str = "Attacks in Herat") -> Card:
    return Card(
        what="Chart “Incidents by month”",
        subject="Selection",
        about=about,
        figures="19 incidents; reported killed 96–≥118, reported wounded unknown",
        rule="best figures by “lowest”",
        rests_on=(("Records", "one, two"), ("Data", "curated (facts)")),
        state="as recorded on 22 Nov 2026, 18:50 UTC (change 7)",
        recorded=date(2026, 11, 22),
        hash="0a" * 16,
        accessed=date(2026, 11, 25),
        query="?province=AF32&cited=0a",
    )


def test_the_text_names_selection_figures_rule_state_data_and_licence() -> None:
    for words in (
        TITLE, "Attacks in Herat", "19 incidents", "96–≥118", "unknown", "“lowest”", "one, two",
        "curated", "22 Nov 2026", "change 7", "2026-11-25", "0a" * 16, LICENCE, LINK,
    ):  # fmt: skip
        assert words in card().text


def test_the_sentence_is_one_line_with_the_link_at_its_end() -> None:
    said = card().sentence
    assert "\n" not in said
    assert said.endswith(LINK)
    for words in ("Attacks in Herat", "96–≥118", "“lowest”", "change 7", "0a" * 16, "25 Nov 2026"):
        assert words in said


@pytest.mark.parametrize("about", ["Attacks in Herat", HOSTILE])
def test_bibtex_is_one_entry(tmp_path: Path, about: str) -> None:
    path = tmp_path / "cited.bib"
    path.write_text(card(about).bibtex.replace(LINK, ADDRESS), encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        (entry,) = BibTeXParser(file).values()
    assert entry.document_type == "misc"
    assert {"title", "year", "note", "url", "urldate"} <= set(entry)
    assert entry["url"] == ADDRESS
    assert "96–≥118" in entry["note"]


@pytest.mark.parametrize("about", ["Attacks in Herat", HOSTILE])
def test_ris_is_one_data_set(about: str) -> None:
    (entry,) = rispy.loads(card(about).ris.replace(LINK, ADDRESS))
    assert entry["type_of_reference"] == "DATA"
    assert entry["year"] == "2026"
    assert entry["urls"] == [ADDRESS]
    assert "0a" * 16 in entry["notes"][0]
    assert entry["title"].startswith("Chart “Incidents by month”: Attacks")


@pytest.mark.parametrize("about", ["Attacks in Herat", HOSTILE])
def test_csl_json_is_rendered_by_a_citation_processor(about: str) -> None:
    items = json.loads(card(about).csl_json.replace(LINK, ADDRESS))
    assert [item["type"] for item in items] == ["dataset"]
    assert items[0]["title"].endswith(about)
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False),
        CiteProcJSON(items),
        formatters.plain,
    )
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    (rendered,) = bibliography.bibliography()
    assert "2026" in str(rendered)
    assert "Incidents by month" in io.StringIO(str(rendered)).getvalue()
