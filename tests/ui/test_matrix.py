"""The matrix of speakers: exactly the cells in dispute are marked, with reasons; claims in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mapapp.domain.batch import Batch
from mapapp.domain.dependence import dependence
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.vocab import AttributionKind, Modifier, Property, Rule, SpeakerClass, VictimClass
from mapapp.ui.parts.templating import render
from mapapp.ui.record.matrix import Matrix, matrix
from tests.ui.incidents import attribution, disputed, measure, record, source

SOURCES = {"900": source()}
FAYZABAD = "afg-2024-05-08-fayzabad-convoy"


def verdicts(shown: Matrix) -> dict[str, bool]:
    return {
        column.heading: verdict.differs
        for column, verdict in zip(shown.columns, shown.verdicts, strict=True)
    }


def marked(shown: Matrix) -> set[tuple[str, str]]:
    return {
        (row.speaker, column.heading)
        for row in shown.rows
        for column, cell in zip(shown.columns, row.cells, strict=True)
        if cell.differs or cell.contradicts_itself
    }


def three_sources() -> Incident:
    """Three speakers, two disputes: on killed, and on who did it. On wounded they fit together."""
    party = SpeakerClass.PARTY
    return Incident(
        record(),
        (
            measure(Property.KILLED, "Ministry", 3, speaker_class=party,
                    asserted_on=date(2024, 5, 10)),
            measure(Property.KILLED, "Hospital", 6, modifier=Modifier.AT_LEAST,
                    speaker_class=SpeakerClass.MEDICAL),
            measure(Property.WOUNDED, "Hospital", 14, speaker_class=SpeakerClass.MEDICAL),
            measure(Property.WOUNDED, "The Courier", 10, modifier=Modifier.AT_LEAST),
            measure(Property.CASUALTIES, "The Courier", 30),
            attribution("Ministry", AttributionKind.ATTRIBUTED, "aff"),
            attribution("The Courier", AttributionKind.ATTRIBUTED, "iskp"),
        ),
    )  # fmt: skip


def test_two_disputes_are_exactly_two_marked_columns_and_their_cells() -> None:
    shown = matrix(three_sources(), SOURCES, Rule.INDEPENDENT_FIRST)
    assert verdicts(shown) == {
        "Killed": True,
        "Wounded": False,
        "Killed and wounded together": False,
        "Who did it": True,
    }
    assert marked(shown) == {
        ("Ministry", "Killed"),
        ("Hospital", "Killed"),
        ("Ministry", "Who did it"),
        ("The Courier", "Who did it"),
    }
    assert [name for name, _ in shown.conflicts] == ["killed", "perpetrator"]
    assert "Ministry says 3 and Hospital says at least 6" in shown.conflicts[0][1]


def test_what_is_in_dispute_stands_first() -> None:
    shown = matrix(three_sources(), SOURCES, Rule.INDEPENDENT_FIRST)
    assert [column.heading for column in shown.columns[:2]] == ["Killed", "Who did it"]
    assert [verdict.differs for verdict in shown.verdicts] == [True, True, False, False]


def test_sides_have_a_column_of_their_own_apart_from_who_did_it() -> None:
    own = three_sources()
    sides = tuple(
        replace(own.claims[0], property=Property.PARTICIPANT, value=value, asserted_by="UCDP",
                low=None, high=None, modifier=None, victim_class=None)
        for value in ("Taleban", "IS")
    )  # fmt: skip
    incident = Incident(own.record, (*own.claims, *sides))
    shown = matrix(incident, SOURCES, Rule.INDEPENDENT_FIRST)
    heading = "Sides, as coded (not who did it)"
    assert verdicts(shown)[heading] is False
    (row,) = [row for row in shown.rows if row.speaker == "UCDP"]
    said = dict(zip((c.heading for c in shown.columns), row.cells, strict=True))
    assert [part.text for part in said[heading].parts] == ["Taleban", "IS"]
    assert not said["Who did it"].parts
    # Whom statements are about, and what they differ on, is what it was.
    assert incident.participants == ("Taleban", "IS")
    assert incident.actors == own.actors
    assert incident.disagreements == own.disagreements


def test_a_figure_that_fits_all_is_not_marked_where_others_differ() -> None:
    incident = Incident(
        record(),
        (
            measure(Property.KILLED, "A", 3),
            measure(Property.KILLED, "B", 6),
            measure(Property.KILLED, "C", 2, modifier=Modifier.AT_LEAST),
        ),
    )
    assert marked(matrix(incident, SOURCES, Rule.LOWEST)) == {("A", "Killed"), ("B", "Killed")}


def test_the_headline_follows_the_chosen_rule() -> None:
    lines = {line.name: line for line in matrix(three_sources(), SOURCES, Rule.LOWEST).rules}
    assert [name for name, line in lines.items() if line.chosen] == ["lowest"]
    assert {name: (line.killed, line.killed_by) for name, line in lines.items()} == {
        "independent first": ("≥6", "Hospital"),
        "lowest": ("3", "Ministry"),
        "highest": ("≥6", "Hospital"),
        "latest": ("3", "Ministry"),
    }
    html = render("matrix.html", m=matrix(three_sources(), SOURCES, Rule.LOWEST))
    assert html.count("in use") == 1


def test_victim_classes_have_columns_of_their_own_and_attackers_stand_apart() -> None:
    incident = Incident(
        record(),
        (
            measure(Property.KILLED, "A", 200, modifier=Modifier.ABOUT,
                    victims=VictimClass.CIVILIANS),
            measure(Property.KILLED, "A", 13, victims=VictimClass.FOREIGN_FORCES),
            measure(Property.KILLED, "A", 2, victims=VictimClass.ATTACKERS),
        ),
    )  # fmt: skip
    shown = matrix(incident, SOURCES, Rule.INDEPENDENT_FIRST)
    assert [column.heading for column in shown.columns] == [
        "Killed, in all",
        "Killed: civilians",
        "Killed: foreign forces",
        "Killed: attackers",
    ]
    (row,) = shown.rows
    assert row.cells[0].total == "213"
    assert [cell.parts[0].text for cell in row.cells] == ["~200", "~200", "13", "2"]
    assert marked(shown) == set()


def test_claims_stand_in_the_order_they_were_made(seeds: Batch) -> None:
    sources = {item.id: item for item in seeds.sources}
    incident = next(
        i
        for i in assemble(seeds.records, seeds.claims, (), seeds.sources)
        if i.id == FAYZABAD
    )  # fmt: skip
    moments = matrix(incident, sources, Rule.INDEPENDENT_FIRST).moments
    assert [m.attack for m in moments].count(True) == 1
    days = [m.when for m in moments if not m.attack]
    assert days.index("Wed 8 May 2024") < days.index("Thu 9 May 2024")
    earlier = next(m for m in moments if m.speaker == "Afghanistan International (earlier report)")
    assert (earlier.when, earlier.how) == ("Wed 8 May 2024", "said that day")
    hospital = next(m for m in moments if "hospital" in m.speaker)
    assert hospital.how == "in the source of that day"
    assert "killed: ≥6; wounded: 14" in hospital.words
    assert "paragraph 23" in hospital.where


def test_outlets_on_one_wire_are_said_not_to_confirm_each_other() -> None:
    outlets = {
        key: replace(source(key), publisher=f"Outlet {key}", based_on=("The Wire",)) for key in "ab"
    }
    claims = tuple(
        replace(measure(Property.KILLED, f"Outlet {key}", 3), source_id=key) for key in outlets
    )
    (incident,) = assemble([record()], claims, (), outlets.values())
    first, *rest = dependence(incident, outlets)
    assert first == "2 sources, but one origin: they do not confirm each other."
    assert "Outlet a gives an account of The Wire." in rest
    assert "do not confirm" in render("matrix.html", m=matrix(incident, outlets, Rule.LOWEST))


def test_the_template_escapes_what_it_shows() -> None:
    attack = "<img src=x onerror=alert(1)>"
    hostile = replace(
        disputed(),
        record=record(title=attack),
        claims=(
            *disputed().claims,
            measure(Property.KILLED, attack, 9, victim_text=attack, locator=attack),
            attribution(attack, AttributionKind.CONTESTED, attack),
        ),
    )
    html = render("matrix.html", m=matrix(hostile, {"900": source(publisher=attack)}, Rule.LATEST))
    assert "<img" not in html
    assert html.count("&lt;img") > 5
