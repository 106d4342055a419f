"""Sides that took part are said as such and never become who did it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.domain.vocab import NO_STATEMENT, Property
from mapapp.snapshot.columns import incident_columns
from tests import ged_rows
from tests.importers.support import read


@pytest.mark.parametrize("kind", [1, 2])
def test_sides_of_a_battle_are_participants(
    kind: int, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    row = ged_rows.row(1, type_of_violence=kind, side_a="IS", side_b="Taleban")
    (item,), _ = read(ged_rows.write(tmp_path / "ged_v23_1.csv", [row]), gazetteer)
    said = [claim.value for claim in item.claims if claim.property is Property.PARTICIPANT]
    assert said == ["IS", "Taleban"]
    (incident,) = assemble([item.record], item.claims)
    assert incident.actors == ()
    assert incident.display_kind == NO_STATEMENT
    assert incident.disagreements == ()
    (columns,) = incident_columns([incident]).to_pylist()
    assert columns["groups"] == columns["actors"] == columns["voices"] == []
    assert columns["tokens"] == [f"{NO_STATEMENT}:"]
    assert "taleban" in columns["search_text"]  # found by its name all the same


def test_two_sides_that_are_not_identified_stay_two(tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = ged_rows.row(1, type_of_violence=2, side_a="XXX70", side_b="XXX70")
    (item,), _ = read(ged_rows.write(tmp_path / "ged_v23_1.csv", [row]), gazetteer)
    own = [claim.id for claim in item.claims if claim.property is Property.PARTICIPANT]
    assert len(set(own)) == 2


def test_one_sided_violence_has_a_perpetrator_instead(tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = ged_rows.row(1, type_of_violence=3, side_a="IS", side_b="Civilians")
    (item,), _ = read(ged_rows.write(tmp_path / "ged_v23_1.csv", [row]), gazetteer)
    properties = [claim.property for claim in item.claims]
    assert Property.PARTICIPANT not in properties
    assert Property.ATTRIBUTION in properties
