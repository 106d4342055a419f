"""Any table by a mapping: the guess, what a person must say, and what becomes of messy rows."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gazetteer import Gazetteer
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    GeoPrecision,
    Modifier,
    Property,
    SpeakerClass,
)
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers, Context
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping
from mapapp.importers.mapped.roles import BY_CODE
from mapapp.importers.tables.sniff import convert_all, preview, sniff, survey
from tests.conftest import ROOT
from tests.importers.support import SHARED, read, written

MESSY = """\
Ref;Date of incident;Village;Province;Lat;Long;Killed;Injured;Perpetrator;Reported by;Remarks
A1;25/03/2019;Kabul city;Kabul;34,5281;69,1723;3;12+;Taliban;A local council;"two
lines"
A2;04/05/2019;Mazar-e Sharif;Balkh;36,7090;67,1109;dozens;;unknown;A local council;
A3;05/06/2019;Herat city;Herat;62,1997;34,3482;1;;;A local council;swapped
A4;06/07/2019;Kandahar;Kandahar;0;0;1;;;A local council;null island
A5;07/08/2019;Ghazni;Ghazni;33,55;68,42;-2;;;A local council;negative
A6;08/09/2019;Ghazni;Ghazni;33,55;68,42;2,5;;;A local council;fraction
A7;31/02/2019;Ghazni;Ghazni;33,55;68,42;1;;;A local council;no such day
A1;25/03/2019;Kabul city;Kabul;34,5281;69,1723;3;12+;Taliban;A local council;"two
lines"
A8;2019;;Ghor;;;about 4;;;A local council;province only
A9;12/13/2019;Ghazni;Ghazni;33,55;68,42;1;;;A local council;month first
"""


def mapped(path: Path, **changes: Any) -> Mapped:
    proposed, _ = mapping.propose(sniff(path))
    changes = {"speaker": "A local council", "geo_precision": GeoPrecision.SETTLEMENT} | changes
    return Mapped(mapping.corrected(proposed, **changes))


def test_the_guess_of_a_messy_table(tmp_path: Path) -> None:
    proposed, guesses = mapping.propose(sniff(written(tmp_path, "messy.csv", MESSY)))
    assert proposed.columns == {
        "id": "Ref", "date": "Date of incident", "place": "Village", "province": "Province",
        "lat": "Lat", "lng": "Long", "killed": "Killed", "wounded": "Injured",
        "actor": "Perpetrator", "source": "Reported by", "notes": "Remarks",
    }  # fmt: skip
    by_column = {guess.column: guess for guess in guesses}
    assert by_column["Killed"].samples == ("3", "dozens", "1", "-2")
    missing = {problem.field for problem in proposed.problems(tuple(by_column))}
    assert missing == {"geo_precision", "speaker"}  # what no table says of itself


def test_what_becomes_of_a_messy_table(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = written(tmp_path, "messy.csv", MESSY)
    good, aside = read(path, gazetteer, mapped(path), Answers({"*": DayOrder.DMY}))
    assert [item.key for item in good] == ["A1", "A2", "A8"]
    assert [(row.values.get("Ref"), faults[0].field) for row, faults in aside] == [
        ("A3", "Lat"), ("A4", "Lat"), ("A5", "Killed"), ("A6", "Killed"),
        ("A7", "Date of incident"), ("A1", "id"), ("A9", "Date of incident"),
    ]  # fmt: skip
    assert "swapped" in aside[0][1][0].fault
    assert "same row as row 1" in aside[5][1][0].fault

    first, second, last = good
    assert first.record.date.earliest == date(2019, 3, 25)
    assert (first.record.place.lat, first.record.place.lng) == (34.5281, 69.1723)
    assert first.record.notes[0] == "two\nlines"
    wounded = next(c for c in first.claims if c.property is Property.WOUNDED)
    assert (wounded.low, wounded.high, wounded.modifier) == (12, None, Modifier.AT_LEAST)
    said = next(c for c in first.claims if c.attribution_kind)
    assert (said.attribution_kind, said.actor) == (AttributionKind.ATTRIBUTED, "taliban-until-2021")
    assert said.asserted_by == "A local council"

    vague = next(c for c in second.claims if c.property is Property.KILLED)
    assert (vague.low, vague.high, vague.modifier) == (None, None, Modifier.VAGUE)
    assert next(c for c in second.claims if c.attribution_kind).attribution_kind is (
        AttributionKind.UNCLAIMED
    )
    assert last.record.date.precision is DatePrecision.YEAR
    assert (last.record.place.area_id, last.record.place.adm1_pcode) == ("prov:ghor", "AF23")


def test_both_orders_in_one_column_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, "messy.csv", MESSY)
    sniffed = sniff(path)
    (question,) = survey(sniffed.table, ["Date of incident"]).questions(Answers())
    assert "both orders" in question.ask
    assert [code for code, _ in question.options] == ["dmy", "mdy"]


@pytest.mark.parametrize(
    ("days", "order", "asks"),
    [
        (["25/03/2019", "01/02/2019"], DayOrder.DMY, False),
        (["01/02/2019", "03/25/2019"], DayOrder.MDY, False),
        (["01/02/2019", "03/04/2019"], None, True),
        (["01/01/2019"], None, False),  # the same either way
        (["2019-03-04"], None, False),
        (["25/03/2019", "03/25/2019"], None, True),
    ],
)
def test_the_order_of_day_and_month_is_proved_or_asked(
    days: list[str], order: DayOrder | None, asks: bool, tmp_path: Path
) -> None:
    path = written(tmp_path, "d.csv", "id,date,killed\n" + "".join(f"1,{d},2\n" for d in days))
    column = survey(sniff(path).table, ["date"]).dates["date"]
    assert (column.order(), column.asks()) == (order, asks)
    assert bool(column.verdict()) == (order is not None or (len(set(days)) > 1 and asks
                                      and "25" in "".join(days)))  # fmt: skip


def test_words_alone_are_offered_for_choice(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = written(tmp_path, "w.csv", "id,date,place\n1,2020-01-02,Kandahar\n2,2020-01-02,Zzzyx\n")
    form = mapped(path)
    reader = form.reader(sniff(path).table, Context(gazetteer, Answers(), {}))
    results = [found for _, found in convert_all(sniff(path).table, reader)]
    assert isinstance(results[0], tuple)
    assert "several places" in results[0][0].fault
    assert isinstance(results[1], tuple)
    assert "no place the gazetteer knows" in results[1][0].fault
    offered = [candidate.id for candidate in reader.choices["Kandahar"]]
    assert len(offered) > 1

    answers = Answers(places={"Kandahar": offered[0]})
    good, _ = read(path, gazetteer, form, answers)
    assert good[0].record.place.place_id == offered[0]
    assert not good[0].record.place.ambiguous


def test_solar_hijri_and_spreadsheet_days(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = "id,date,province\n1,1401/09/09,Samangan\n2,9 Qaws 1401,Samangan\n3,44895,Samangan\n"
    path = written(tmp_path, "h.csv", text)
    good, aside = read(path, gazetteer, mapped(path))
    assert aside == []
    assert [item.record.date.earliest for item in good] == [date(2022, 11, 30)] * 3
    verdicts = " ".join(survey(sniff(path).table, ["date"]).dates["date"].verdict())
    assert "Solar Hijri" in verdicts
    assert "44895 is 2022-11-30" in verdicts


def test_a_workbook_with_formulas_and_two_sheets(tmp_path: Path, gazetteer: Gazetteer) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Incidents of an invented council"])
    sheet.append(["id", "date", "province", "killed"])
    sheet.append([1, datetime(2020, 1, 2), "Kabul", 3])  # noqa: DTZ001 - as spreadsheets have it
    sheet.append([2, datetime(2020, 1, 3), "Kabul", "=1+1"])  # noqa: DTZ001
    book.create_sheet("Lists").append(["a", "b"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    sniffed = sniff(path)
    assert {problem.field for problem in sniffed.notices} == {"", "sheet"}
    good, aside = read(path, gazetteer, mapped(path))
    assert [item.key for item in good] == ["1"]
    assert good[0].record.date.earliest == date(2020, 1, 2)
    ((row, faults),) = aside
    assert (row.line, faults[0].field) == (4, "killed")
    assert "formula" in faults[0].fault


def test_a_mapping_is_kept_for_tables_with_the_same_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "messy.csv", MESSY)
    sniffed = sniff(path)
    own = mapped(path, date_orders={"Date of incident": "dmy"}).mapping
    mapping.save(own, sniffed.header, tmp_path / "mappings")
    assert mapping.saved(tuple(reversed(sniffed.header)), tmp_path / "mappings") == own
    assert mapping.saved(("other",), tmp_path / "mappings") is None


def test_every_role_and_name_of_a_mapping_is_documented() -> None:
    page = (ROOT / "docs" / "importing.md").read_text("utf-8")
    table = page.partition("| role |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(BY_CODE)
    told = page.partition("A mapping can be kept as YAML")[2].partition("| role |")[0]
    assert {field.name for field in fields(Mapping)} <= set(re.findall(r"`(\w+)`", told))


SOUND = "columns: {date: day, place: where}\nspeaker: A council\ntitle: Of 2019\ndataset: t\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("speakr: x", "speakr: is no part of a mapping. Known are columns,"),
        ("speaker_class: king", "speaker_class: “king” is not known. Use one of monitor,"),
        ("date_orders: {day: dym}", "date_orders.day: “dym” is not known. Use one of dmy,"),
        ("rows_are_incidents: perhaps", "rows_are_incidents: is neither true nor false"),
        ("licence: 4", "licence: is no text"),
        ("places: [Kabul]", "places: holds no names with values"),
    ],
)
def test_a_fault_of_a_mapping_s_file_is_told_in_words(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SOUND, "utf-8")
    assert mapping.load(path).columns == {"date": "day", "place": "where"}
    path.write_text(SOUND + line + "\n", "utf-8")
    with pytest.raises(InvalidInput) as caught:
        mapping.load(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"own.yaml: {said}")


@pytest.mark.parametrize("text", ["- a\n", "columns: [", "x"])
def test_a_file_that_is_no_mapping_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"own\.yaml is no mapping of columns"):
        mapping.load(path)


def test_what_a_mapping_lacks_and_a_strange_country_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("title: Of 2019\n", "utf-8")
    with pytest.raises(InvalidInput) as caught:
        mapping.load(path)
    assert [p.field for p in caught.value.problems] == ["columns", "dataset", "speaker"]
    path.write_text(SOUND + "country: Narnia\n", "utf-8")
    (problem,) = mapping.load(path).problems(("day", "where"))
    assert (problem.field, problem.fault) == ("country", "'Narnia' is no country")


def test_the_preview_says_what_became_of_each_row(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = written(tmp_path, "messy.csv", MESSY)
    sniffed = sniff(path)
    form = mapped(path, date_orders={"Date of incident": "dmy"})
    shown = preview(sniffed, form, survey(sniffed.table, form.date_columns(())), gazetteer)
    assert shown.questions == ()
    assert [isinstance(found, tuple) for _, found in shown.rows[:4]] == [False, False, True, True]


def test_a_list_of_places_made_from_ged_goes_in_by_a_mapping(gazetteer: Gazetteer) -> None:
    """Not events but place strings with years: the last real file, by a mapping."""
    path = SHARED / "ucdp-ged-afghanistan/geocode_dev.csv"
    if not path.is_file():
        pytest.skip("the data set belongs to its publisher and is not here")
    form = Mapped(
        Mapping(
            {
                "id": "gold_id", "date": "first_year", "date_end": "last_year",
                "place": "place_text", "lat": "latitude", "lng": "longitude", "province": "adm_1",
                "district": "adm_2", "notes": "note",
            },
            "table-places", "Places of GED events", "UCDP", SpeakerClass.ANALYST,
            geo_precision=GeoPrecision.DISTRICT, rows_are_incidents=True,
        )
    )  # fmt: skip
    good, aside = read(path, gazetteer, form)
    assert len(good) + len(aside) == 177
    assert all(row.values["latitude"] == "" for row, _ in aside)
    assert {row.values["place_kind"] for row, _ in aside} <= {"road", "region", "area", "river"}
