"""The who-says-so table: rows, totals, and exactly the cells that disagree marked."""

from mapapp.domain import who_says_so
from mapapp.domain.incident import Incident
from mapapp.domain.incident_view import attackers_text, incident_text, incident_view
from mapapp.domain.vocab import (
    AttributionKind,
    Modifier,
    Property,
    Rule,
    SpeakerClass,
    VictimClass,
)
from mapapp.ui.parts.templating import render
from tests.ui.incidents import ID, attribution, disputed, measure, record, source

SOURCES = {"900": source()}


def marked(incident: Incident) -> set[tuple[str, str]]:
    return {
        (row.speaker, who_says_so.NARROW[index].name)
        for row in who_says_so.rows(incident, SOURCES)
        for index, cell in enumerate(row.cells)
        if cell.differs
    }


def test_two_disputes_mark_exactly_their_cells() -> None:
    assert marked(disputed()) == {
        ("Ministry of Interior", "killed"),
        ("Provincial hospital", "killed"),
        ("ISKP statement", "perpetrator"),
        ("The Courier", "perpetrator"),
    }


def test_agreeing_speakers_mark_nothing() -> None:
    incident = Incident(
        record(),
        (
            measure(Property.KILLED, "A", 3),
            measure(Property.KILLED, "B", 3),
            measure(Property.CASUALTIES, "C", 12),
            attribution("A", AttributionKind.CLAIMED, "iskp"),
        ),
    )
    assert marked(incident) == set()
    assert who_says_so.differences(incident) == ()


def test_parts_add_up_and_attackers_stand_apart() -> None:
    incident = Incident(
        record(),
        (
            measure(
                Property.KILLED,
                "A",
                200,
                modifier=Modifier.ABOUT,
                victims=VictimClass.CIVILIANS,
            ),
            measure(Property.KILLED, "A", 13, victims=VictimClass.FOREIGN_FORCES),
            measure(Property.KILLED, "A", 2, victims=VictimClass.ATTACKERS),
        ),
    )
    (row,) = who_says_so.rows(incident, SOURCES)
    killed = row.cells[0]
    assert [(part.text, part.detail) for part in killed.parts] == [
        ("~200", "civilians"),
        ("13", "foreign forces"),
        ("+2", "attackers"),
    ]
    assert killed.total == "213"
    assert attackers_text(incident) == "+2 attackers"


def test_a_speaker_who_contradicts_himself_is_marked_with_the_reason() -> None:
    incident = Incident(
        record(),
        (
            measure(Property.KILLED, "A", 19),
            measure(
                Property.KILLED,
                "A",
                20,
                modifier=Modifier.AT_LEAST,
                victims=VictimClass.CHILDREN,
                subset_of=VictimClass.UNSPECIFIED,
            ),
        ),
    )
    (row,) = who_says_so.rows(incident, SOURCES)
    assert row.cells[0].contradicts_itself
    assert row.cells[0].parts[1].detail == "children among them"
    (difference,) = who_says_so.differences(incident)
    assert "do not fit together" in difference[1]


def test_each_row_cites_source_and_place_in_it() -> None:
    (first, *_) = who_says_so.rows(disputed(), SOURCES)
    (cite,) = first.citations
    assert (cite.name, cite.locators, cite.url) == ("The Courier", ("paragraph 3",), None)


def test_panel_says_range_rule_and_the_figure_that_enters_neither() -> None:
    view = incident_view(disputed(), [source()], Rule.INDEPENDENT_FIRST)
    assert view.killed == "3–≥6"
    assert "≥6 (Provincial hospital)" in view.best
    assert "neither" in view.casualties
    assert view.hijri == "19 Sawr 1403"
    assert view.disputed == 2
    assert "within 3 km" in view.where_precision


def test_text_to_paste_names_speakers_sources_and_record() -> None:
    text = incident_text(incident_view(disputed(), [source()], Rule.LOWEST), "http://x.test/?a=b")
    for words in (
        "Wed 8 May 2024 (19 Sawr 1403)",
        "- Provincial hospital (medical): killed ≥6; wounded 14 [The Courier, paragraph 3]",
        "+1 attacker",
        "The Courier, “A convoy was hit”, 2024-05-09",
        f"Record {ID}",
        "http://x.test/?a=b",
    ):
        assert words in text


def test_template_escapes_every_field() -> None:
    attack = "<img src=x onerror=alert(1)>${alert(1)}`x`"
    incident = Incident(
        record(title=attack, target=attack, notes=(attack,)),
        (
            measure(
                Property.KILLED,
                attack,
                None,
                modifier=Modifier.VAGUE,
                words=attack,
                victim_text=attack,
                locator=attack,
                note=attack,
                speaker_class=SpeakerClass.WITNESS,
            ),
            attribution(attack, AttributionKind.SUSPECTED, attack, attack + "2"),
        ),
    )
    hostile = source(publisher=attack, title=attack, url="javascript:alert(1)")
    html = render("panel.html", p=incident_view(incident, [hostile], Rule.HIGHEST))
    assert "<img" not in html
    assert "javascript:" not in html
    assert html.count("&lt;img") >= 10
