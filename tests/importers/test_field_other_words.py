"""The kinds of `test_field.py` in other words, languages and habits: what was silently wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gazetteer import Gazetteer
from mapapp.domain import actors
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import AttributionKind as Kind
from mapapp.domain.vocab import Modifier
from mapapp.importers.cells.countries import named_in
from mapapp.importers.cells.day_values import days
from mapapp.importers.cells.marks import is_total
from mapapp.importers.cells.statements import Statement, of_claim, of_perpetrator
from mapapp.importers.cells.values import BadValue, figure, point
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import corrected, propose
from mapapp.importers.mapped.roles import counting_column
from mapapp.importers.tables.sniff import sniff
from tests.importers.support import read, written
from tests.importers.test_field import given, of, stated

NOBODY, UNREAD = Statement(Kind.UNCLAIMED), Statement(None)


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("aucune revendication", NOBODY), ("pas de revendication", NOBODY), ("personne", NOBODY),
        ("не заявлено", NOBODY), ("никто не взял ответственность", NOBODY), ("هیڅوک", NOBODY),
        ("کسی ادعا نکرد", NOBODY), ("none so far", NOBODY), ("✗", NOBODY), ("Aucun", NOBODY),
        ("Revendiqué par l'EI", Statement(Kind.CLAIMED, "EI")),
        ("ответственность взяло ИГИЛ", Statement(Kind.CLAIMED, "ИГИЛ")),
        ("ادعای داعش", Statement(Kind.CLAIMED, "داعش")), ("✓", Statement(Kind.CLAIMED)),
        ("ISKP claimed via Telegram", Statement(Kind.CLAIMED, "ISKP")),
        ("ISKP (via Amaq)", Statement(Kind.CLAIMED, "ISKP")),
        ("self-claimed", Statement(Kind.CLAIMED)),
        ("Démenti par les talibans", Statement(Kind.DENIED, "talibans")),
        ("Les talibans nient", Statement(Kind.DENIED, "Les talibans")),
        ("отрицают", Statement(Kind.DENIED)),
        ("طالبان مسئولیت را رد کردند", Statement(Kind.DENIED, "طالبان")),
        ("Taliban spokesman A. Person denied", Statement(Kind.DENIED, "Taliban")),
        ("предположительно ИГИЛ", Statement(Kind.SUSPECTED, "ИГИЛ")),
        ("Islamic State Khorasan Province (ISKP) (suspected)",
         Statement(Kind.SUSPECTED, "Islamic State Khorasan Province (ISKP)")),
        ("منسوب به داعش", Statement(Kind.ATTRIBUTED, "داعش")),
        ("Taliban neither confirmed nor denied", UNREAD), ("no statement", UNREAD),
        ("refused to comment", UNREAD), ("silent", UNREAD), ("in dispute", UNREAD),
    ],
)  # fmt: skip
def test_words_under_who_claimed_it(words: str, means: Statement) -> None:
    assert of_claim(words) == means


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("Hommes armés non identifiés", NOBODY), ("Auteur inconnu", NOBODY),
        ("ناپېژانده وسله وال", NOBODY), ("неустановленные лица", NOBODY),
        ("IED", UNREAD), ("Landmine", UNREAD), ("Various", UNREAD), ("Other", UNREAD),
        ("multiple actors", UNREAD), ("non-Taliban", UNREAD), ("N/A - accident", UNREAD),
        ("Under investigation", None), ("در حال بررسی", None),
        ("Taliban, according to police", Statement(Kind.ATTRIBUTED, "Taliban")),
        ("Attributed to ISKP", Statement(Kind.ATTRIBUTED, "ISKP")),
        ("blamed on ISKP", Statement(Kind.SUSPECTED, "ISKP")),
        ("The Base", Statement(Kind.ATTRIBUTED, "The Base")),
    ],
)  # fmt: skip
def test_words_under_who_did_it(words: str, means: Statement | None) -> None:
    assert of_perpetrator(words) == means


def test_several_groups_each_by_what_joins_them(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,country,who,claimed\n1,2022-05-01,AFG,either Taliban or ISKP,\n"
            "2,2022-05-01,AFG,Taliban and/or ISKP,\n"
            "3,2022-05-01,AFG,,claimed by both ISKP and NRF\n")  # fmt: skip
    good, aside = given(text, of("id date country actor=who claimed_by=claimed"), tmp_path,
                        gazetteer)  # fmt: skip
    assert aside == []
    either = [(Kind.SUSPECTED, "dfa"), (Kind.SUSPECTED, "iskp")]
    both = [(Kind.CLAIMED, "iskp"), (Kind.CLAIMED, "nrf")]
    assert [stated(good[key]) for key in "123"] == [either, either, both]
    speakers = [c.asserted_by for c in good["3"].claims if c.attribution_kind]
    assert speakers == ["ISKP", "NRF"]


def test_days_of_both_times_leave_the_words_as_they_are(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = ("id,date,country,who\n1,2021,AFG,Taliban\n2,August 2021,AFG,Taliban\n"
            "3,2021-08-15,AFG,Taliban\n4,July 2021,AFG,Taliban\n")  # fmt: skip
    good, _ = given(text, of("id date country actor=who"), tmp_path, gazetteer)
    found = [stated(good[key])[0][1] for key in "1234"]
    assert found == ["Taliban", "Taliban", "dfa", "taliban-until-2021"]
    assert [len(good[key].remarks) for key in "1234"] == [1, 1, 0, 0]
    assert "before and after 15 August 2021" in good["1"].remarks[0].fault


@pytest.mark.parametrize(
    ("words", "country", "on", "actor"),
    [
        ("Талибан", "AFG", date(2010, 1, 1), "taliban-until-2021"),
        ("les talibans", "AFG", date(2024, 1, 1), "dfa"), ("ИГИЛ", "AFG", date(2018, 1, 1), "iskp"),
        ("ИГИЛ", "SYR", date(2018, 1, 1), None), ("EI", "SYR", date(2018, 1, 1), None),
        ("État islamique au Khorassan", "RUS", date(2024, 3, 22), "iskp"),
        ("NRF - National Resistance Front", "AFG", date(2022, 9, 1), "nrf"),
        ("مردان مسلح", "AFG", date(2022, 9, 1), "unidentified"),
    ],
)  # fmt: skip
def test_actors_in_the_words_of_tables(
    words: str, country: str, on: date, actor: str | None
) -> None:
    assert actors.resolve(words, country=country, on=on) == actor
    assert words not in actors.aliases()  # prose is read by its own lists


def test_a_known_foreign_place_beside_an_afghan_province_is_asked(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = ("id,date,province,place\n1,2019-01-01,Kabul,Peshawar\n"
            '2,2019-01-01,Nangarhar,"Torkham, Pakistani side"\n'
            "3,2019-01-01,Kabul,Afghan embassy in Pakistan\n4,2019-01-01,Kabul,Zzyx\n")  # fmt: skip
    good, aside = given(text, of("id date province place"), tmp_path, gazetteer)
    ((row, (fault,)),) = aside
    assert (row.values["id"], fault.fault) == (
        "1", "'Peshawar' is in Pakistan, the row's province is Kabul")  # fmt: skip
    assert {key: item.record.country for key, item in good.items()} == {
        "2": "PAK", "3": "PAK", "4": "AFG"}  # fmt: skip
    # A country of its own decides it: the province stands for the words.
    text = "id,date,country,province,place\n1,2019-01-01,AFG,Kabul,Peshawar\n"
    good, _ = given(text, of("id date country province place"), tmp_path, gazetteer)
    assert good["1"].record.place.area_id == "prov:kabul"


def test_a_side_of_the_border_is_a_country() -> None:
    assert named_in("Torkham (Pakistan side of the border)") == ("PAK", "Torkham")
    assert named_in("Islam Qala, Iranian side") == ("IRN", "Islam Qala")
    assert named_in("Torkham, Afghan side") == ("AFG", "Torkham")
    assert named_in("Western side") == (None, "Western side")


@pytest.mark.parametrize("words", ["2024-03-05 -", "2024-03-05 –", "1900-01-00", "1899-12-30"])
def test_what_is_no_day_is_refused(words: str) -> None:
    with pytest.raises(BadValue):
        days(words)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("سه\u200cشنبه ۱۵ حوت ۱۴۰۲", "2024-03-05", "2024-03-05"),
        ("۱۵ کب ۱۴۰۲", "2024-03-05", "2024-03-05"), ("15 اسفند 1402", "2024-03-05", "2024-03-05"),
        ("с 1 по 5 марта 2024", "2024-03-01", "2024-03-05"),
    ],
)  # fmt: skip
def test_days_in_other_languages(words: str, first: str, last: str) -> None:
    found = days(words)
    assert found is not None
    assert (str(found.earliest), str(found.latest)) == (first, last)


@pytest.mark.parametrize(
    ("words", "low", "high", "how"),
    [
        ("au moins 5", 5, None, Modifier.AT_LEAST),
        ("دست\u200cکم ۵ تن", 5, None, Modifier.AT_LEAST),
        ("plus de 5", 6, None, Modifier.OVER), ("بیش از ۵", 6, None, Modifier.OVER),
        ("более 5", 6, None, Modifier.OVER), ("около 5", 5, 5, Modifier.ABOUT),
        ("5 à 7", 5, 7, Modifier.RANGE), ("entre 5 et 7", 5, 7, Modifier.RANGE),
        ("۱۲ نفر", 12, 12, Modifier.EXACT), ("5 people", 5, 5, Modifier.EXACT),
        ("999 people", 999, 999, Modifier.EXACT), ("ده\u200cها تن", None, None, Modifier.VAGUE),
    ],
)  # fmt: skip
def test_figures_in_other_languages(
    words: str, low: int | None, high: int | None, how: Modifier
) -> None:
    found = figure(words)
    assert found is not None
    assert (found.low, found.high, found.modifier) == (low, high, how)


@pytest.mark.parametrize("words", ["999", "9999", 999, 999.0, "<5", "5 (incl. 2 children)", "5/7"])
def test_what_may_be_no_figure_is_asked(words: str | float) -> None:
    with pytest.raises(BadValue):
        figure(words)


@pytest.mark.parametrize(
    "words", ["NSP", "non précisé", "н/д", "معلومات ندارد", "s/o", "نه ده معلومه"]
)
def test_marks_in_other_languages_are_empty(words: str) -> None:
    assert figure(words) is None


def test_a_row_of_totals_is_no_incident(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("Year,Country,Place,Killed\n2022,Afghanistan,Kabul city,2\n2022,Afghanistan,Total:,3\n"
            "2022,Afghanistan,مجموع,3\nGrand total,Afghanistan,,8\n")  # fmt: skip
    form = of("year=Year country=Country place=Place killed=Killed")
    good, aside = given(text, form, tmp_path, gazetteer)
    assert len(good) == 1
    assert {fault.fault for _, (fault, *_) in aside} == {"names a row of sums, not an incident"}
    assert not is_total("Total war museum")


@pytest.mark.parametrize(
    "name",
    ["No. of security incidents", "# of attacks", "Nb d'attaques", "Количество инцидентов",
     "تعداد حملات", "political_violence_events", "IED incidents", "Clashes", "count", "n"],
)  # fmt: skip
def test_columns_that_count_events_in_tables_of_months(name: str) -> None:
    assert counting_column(["Admin1", "Month", "Year", name, "Fatalities"]) == name


@pytest.mark.parametrize(
    "name", ["related incidents", "n", "N°", "count", "IED incidents", "Total", "type of attacks"]
)
def test_columns_beside_a_day_that_count_nothing(name: str) -> None:
    assert counting_column(["Date", "Province", name, "Killed"]) is None


def test_a_hidden_sheet_is_not_read_unasked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    seen = book.active
    assert seen is not None
    seen.title = "2024"
    seen.append(["Date", "Province"])
    seen.append(["2024-03-05", "Balkh"])
    old = book.create_sheet("old")
    old.append(["Date", "Province", "Killed", "Wounded"])
    old.append(["2023-03-05", "Balkh", 2, 1])
    old.sheet_state = "hidden"
    path = tmp_path / "h.xlsx"
    book.save(path)
    table = sniff(path).table
    assert [row.values["Date"] for row in table.rows()] == ["2024-03-05"]
    assert "old (hidden)" in table.shape.notices[0].fault


def _guessed(folder: Path, text: str) -> dict[str, str]:
    return dict(propose(sniff(written(folder, "g.csv", text)))[0].columns)


def test_the_day_of_a_report_is_not_guessed_as_that_of_the_incident(tmp_path: Path) -> None:
    row = "2020-01-05,2020-01-01,Balkh,1\n2020-02-05,2020-02-01,Balkh,1\n"
    found = _guessed(tmp_path, "report date,date of incident,province,killed\n" + row)
    assert found["date"] == "date of incident"
    found = _guessed(tmp_path, "report date,date published,province,killed\n" + row)
    assert "date" not in found


def test_headers_in_french_and_russian(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = (
        "N°;Date de l'incident;Province;Lieu;Tués;Dont civils tués;Blessés;Auteur présumé;"
        "Revendication;Lien\n1;05/03/2024;Balkh;Mazar-e Sharif;2;1;NSP;Talibans;Non revendiqué"
        ";https://a.example/1\n2;25/03/2024;Kaboul;Kaboul;0;0;3;EI-K;Oui;https://a.example/2\n"
    )
    path = written(tmp_path, "fr.csv", text)
    proposed, _ = propose(sniff(path))
    assert set(proposed.columns) == {
        "id", "date", "province", "place", "killed", "civilians_killed", "wounded", "actor",
        "claimed_by", "url",
    }  # fmt: skip
    good, aside = read(path, gazetteer, Mapped(corrected(proposed, speaker="A desk")))
    assert aside == []
    assert [str(item.record.date.earliest) for item in good] == ["2024-03-05", "2024-03-25"]
    assert stated(good[1]) == [(Kind.ATTRIBUTED, "iskp"), (Kind.CLAIMED, "iskp")]
    text = "№;Дата;Провинция;Убито;Ранено;Исполнитель\n1;25.03.2024;Kunduz;1;0;ИГИЛ\n"
    assert set(_guessed(tmp_path, text)) == {
        "id", "date", "province", "killed", "wounded", "actor",
    }  # fmt: skip


def test_counted_events_are_asked_in_french(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = "Année;Mois;Province;Nombre d'attaques;Morts\n2024;janvier;Balkh;4;7\n"
    path = written(tmp_path, "m.csv", text)
    form = Mapped(corrected(propose(sniff(path))[0], speaker="A desk"))
    with pytest.raises(InvalidInput, match="does not fit"):
        read(path, gazetteer, form)


_ITEMS = [{"id": at, "date": "2024-03-01", "province": "Kabul"} for at in range(3)]


@pytest.mark.parametrize(
    ("text", "severity", "says"),
    [
        (json.dumps({"data": _ITEMS, "next": "https://a.example/?page=2"}), "warning", "page=2"),
        (json.dumps({"total": 50, "data": _ITEMS}), "warning", "counts 50, and 3 are here"),
        (json.dumps({"data": _ITEMS})[:-1], "error", "its end is missing"),
        (json.dumps(_ITEMS) + json.dumps(_ITEMS), "error", "more follows its list"),
    ],
)
def test_the_end_of_json_is_looked_at(text: str, severity: str, says: str, tmp_path: Path) -> None:
    table = sniff(written(tmp_path, "e.json", text)).table
    assert len(list(table.rows())) == 3
    (notice,) = table.shape.notices
    assert (notice.severity, says in notice.fault) == (severity, True)


@pytest.mark.parametrize(
    "text",
    [json.dumps({"count": 3, "data": _ITEMS, "status": {"ok": True}}), json.dumps(_ITEMS) + "\n",
     json.dumps({"TotalCount": 9, "NextPageUrl": "", "Result": _ITEMS})],
)  # fmt: skip
def test_whole_json_says_nothing(text: str, tmp_path: Path) -> None:
    table = sniff(written(tmp_path, "w.json", text)).table
    assert len(list(table.rows())) == 3
    assert table.shape.notices == []


def test_a_second_pair_of_coordinates_is_not_dropped() -> None:
    assert point("36.709 67.111 350 5") == (36.709, 67.111)  # altitude and accuracy
    assert point("36.709, 67.111; 36.8, 67.2") is None
    assert point("36.709, 67.111, 36.8, 67.2") is None


def test_two_districts_in_a_row_are_asked(tmp_path: Path, gazetteer: Gazetteer) -> None:
    words = ["Sangin, Kajaki", "Zzyx, Kajaki", "Ghazni, Andar", "Sangin, Helmand"]
    rows = "".join(f'{at},2010-01-01,"{own}"\n' for at, own in enumerate(words))
    good, aside = given("id,date,place\n" + rows, of("id date place"), tmp_path, gazetteer)
    ((row, (fault,)),) = aside
    assert row.values["place"] == "Sangin, Kajaki"
    assert "Sangin (district" in fault.fault
    assert "Kajaki (district" in fault.fault
    assert len(good) == 3


@pytest.mark.parametrize(
    ("column", "said", "goes_in"),
    [
        ("_validation_status", "validation_status_not_approved", False),
        ("_validation_status", "Not Approved", False), ("_validation_status", "Approved", True),
        ("_validation_status", "On Hold", False), ("_validation_status", "", True),
        ("__system/reviewState", "rejected", False), ("ReviewState", "hasIssues", False),
        ("ReviewState", "approved", True), ("ReviewState", "edited", True),
    ],
)  # fmt: skip
def test_submissions_that_were_rejected_stay_out(
    column: str, said: str, goes_in: bool, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = (f"_uuid,_submission_time,date_of_incident,province,killed,{column}\n"
            f"u1,2024-03-02,2024-03-01,Balkh,2,{said}\n")  # fmt: skip
    path = written(tmp_path, "kobo.csv", text)
    form = Mapped(corrected(propose(sniff(path))[0], speaker="A desk"))
    good, aside = read(path, gazetteer, form)
    assert (len(good), len(aside)) == (int(goes_in), int(not goes_in))
    if aside:
        assert "was not approved" in aside[0][1][0].fault


def test_provinces_and_districts_that_say_so_in_dari(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,province,district\n1,2024-03-01,ولایت بلخ,ولسوالی چمتال\n"
            "2,2024-03-01,Wilayat-e Herat,\n")  # fmt: skip
    good, aside = given(text, of("id date province district"), tmp_path, gazetteer)
    assert aside == []
    found = [good[key].record.place.area_id for key in "12"]
    assert found == ["dist:balkh/chemtal", "prov:herat"]
