"""A spreadsheet as desks keep them: each of its oddities is read, asked about, or set aside."""

from __future__ import annotations

from pathlib import Path

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.domain.vocab import GeoPrecision, Property
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.tables.sniff import sniff, survey
from tests import messy_workbook
from tests.importers.support import read


def test_every_row_goes_in_or_says_why(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = messy_workbook.write(tmp_path / "messy.xlsx")
    sniffed = sniff(path)
    assert sniffed.header == messy_workbook.HEADER
    assert "rows 1 to 2" in str(sniffed.notices[0])
    proposed, _ = mapping.propose(sniffed)
    assert proposed.columns["lat"] == "Lat"
    assert proposed.columns["date"] == "Date"
    form = Mapped(
        mapping.corrected(proposed, speaker="A desk", geo_precision=GeoPrecision.SETTLEMENT)
    )
    questions = survey(sniffed.table, form.date_columns(sniffed.header)).questions(Answers())
    assert [question.field for question in questions] == ["Date"]

    good, aside = read(path, gazetteer, form, Answers({"Date": DayOrder.DMY}))
    found = {}
    for item in good:
        (incident,) = assemble([item.record], item.claims)
        killed = incident.headline(Property.KILLED)
        day = item.record.date.earliest
        assert day is not None
        found[int(item.key)] = (day.isoformat(), item.record.place.text, str(killed))
    assert found == messy_workbook.GOOD
    assert {int(str(row.cells[0])): faults[0].field for row, faults in aside} == (
        messy_workbook.FAULTS
    )
    assert all(fault.remedy for _, faults in aside for fault in faults)
    first = next(item for item in good if item.key == "1")
    assert first.record.date.text == "2019-04-03"  # a date cell, not a midnight


def test_a_choice_of_place_is_kept_for_the_next_table(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = messy_workbook.write(tmp_path / "messy.xlsx")
    sniffed = sniff(path)
    proposed, _ = mapping.propose(sniffed)
    own = mapping.corrected(
        proposed, speaker="A desk", geo_precision=GeoPrecision.SETTLEMENT,
        date_orders={"Date": "dmy"}, places={"Kandahar": "prov:kandahar"},
    )  # fmt: skip
    mapping.save(own, sniffed.header, tmp_path)
    kept = mapping.saved(sniffed.header, tmp_path)
    assert kept == own
    assert kept is not None
    good, aside = read(path, gazetteer, Mapped(kept), Mapped(kept).answered(Answers()))
    (chosen,) = [item for item in good if item.key == "9"]
    assert chosen.record.place.place_id == "prov:kandahar"
    assert len(aside) == len(messy_workbook.FAULTS) - 1
