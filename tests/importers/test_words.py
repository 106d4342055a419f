"""What the words of a cell mean: nothing, a statement, a country, an exactness, a day, a point."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mapapp.domain import actors
from mapapp.domain.vocab import AttributionKind, DatePrecision, GeoPrecision
from mapapp.importers.cells.countries import iso3, named_in
from mapapp.importers.cells.day_column import survey
from mapapp.importers.cells.day_values import DayOrder, days, of_parts
from mapapp.importers.cells.exactness import exactness
from mapapp.importers.cells.marks import empty, filled
from mapapp.importers.cells.statements import of_claim, of_perpetrator
from mapapp.importers.cells.values import BadValue, coordinate, figure, point, whole
from mapapp.importers.tables.table import Cell

K = AttributionKind
G = GeoPrecision


@pytest.mark.parametrize(
    "mark",
    ["NA", "n/a", "N.A.", "NULL", "null", "NaN", "None", "<NA>", "-", "–", "—", "?", "#N/A", ".",
     "Not applicable", "nicht zutreffend", "قابل اجرا نیست"],
)  # fmt: skip
def test_a_mark_alone_in_a_cell_is_an_empty_cell(mark: str) -> None:
    assert empty(mark)
    for parse in (figure, whole, days, lambda cell: coordinate(cell, 90)):
        assert parse(mark) is None


@pytest.mark.parametrize(
    "words", ["Unknown", "(unknown)", "no data", "Not reported", "نامعلوم", "معلوم نیست", "inconnu"]
)
def test_not_known_is_no_number_and_no_mark(words: str) -> None:
    assert filled(words) == ""
    assert not empty(words)  # in a column of perpetrators it says something
    assert figure(words) is None


@pytest.mark.parametrize(
    "words", ["Nangarhar", "NAT", "No. 5", "0", "Nadir", "na shahr", "12", "-5"]
)
def test_what_holds_something_is_kept(words: str) -> None:
    assert filled(words) == words


@pytest.mark.parametrize(
    "cell", ["none", "nobody", "no casualties", "هیچ", "4 (+1)", "7 (+2)", "3+1"]
)
def test_a_figure_of_two_meanings_is_asked(cell: str) -> None:
    with pytest.raises(BadValue):
        figure(cell)


@pytest.mark.parametrize("cell", ["1.000", "2.000", "1,000", "12.345", "1 000.5"])
def test_a_separator_of_thousands_is_never_a_fraction(cell: str) -> None:
    with pytest.raises(BadValue):
        figure(cell)


@pytest.mark.parametrize(
    ("words", "perpetrator", "claim"),
    [
        ("ISKP", (K.ATTRIBUTED, "ISKP"), (K.CLAIMED, "ISKP")),
        ("Taliban (suspected)", (K.SUSPECTED, "Taliban"), (K.SUSPECTED, "Taliban")),
        ("alleged NRF", (K.SUSPECTED, "NRF"), (K.SUSPECTED, "NRF")),
        ("unknown, possibly ISKP", (K.SUSPECTED, "ISKP"), (K.SUSPECTED, "ISKP")),
        ("The Taliban denied involvement", (K.DENIED, "Taliban"), (K.DENIED, "Taliban")),
        ("denied by AFF", (K.DENIED, "AFF"), (K.DENIED, "AFF")),
        ("طالبان رد کرد", (K.DENIED, "طالبان"), (K.DENIED, "طالبان")),
        ("ISKP claimed responsibility", (K.CLAIMED, "ISKP"), (K.CLAIMED, "ISKP")),
        ("Not claimed", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("no group has claimed it", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("هیچ گروهی مسئولیت نگرفته", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("Unidentified gunmen", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("افراد مسلح ناشناس", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("Unknown", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("yes", (None, ""), (K.CLAIMED, "")),
        ("TRUE", (None, ""), (K.CLAIMED, "")),
        ("بلی", (None, ""), (K.CLAIMED, "")),
        ("denied", (K.DENIED, ""), (K.DENIED, "")),
        ("suspected", (None, ""), (None, "")),
        ("Taliban claimed, ISKP denied", (None, ""), (None, "")),
        ("ISKP (unverified)", (K.SUSPECTED, "ISKP"), (K.SUSPECTED, "ISKP")),
        ("disputed", (None, ""), (None, "")),
        ("not the Taliban", (None, ""), (None, "")),
        ("ISIS-K via Amaq", (K.ATTRIBUTED, "ISIS-K via Amaq"), (K.CLAIMED, "ISIS-K")),
        ("طالبانو رد کړې", (K.DENIED, "طالبانو"), (K.DENIED, "طالبانو")),
        ("طالبانو مسوولیت ومانه", (K.CLAIMED, "طالبانو"), (K.CLAIMED, "طالبانو")),
        ("تفنگداران نا شناس", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
        ("نامعلومو وسله والو", (K.UNCLAIMED, ""), (K.UNCLAIMED, "")),
    ],
)
def test_words_of_who_did_it_mean_what_they_say(
    words: str, perpetrator: tuple[object, str], claim: tuple[object, str]
) -> None:
    for read, expected in ((of_perpetrator, perpetrator), (of_claim, claim)):
        said = read(words)
        assert said is not None
        assert (said.kind, said.actor) == expected


@pytest.mark.parametrize("words", ["", "NA", "-", "Not applicable", "No information", "NULL"])
def test_silence_about_who_did_it_is_no_statement(words: str) -> None:
    assert of_perpetrator(words) is None
    assert of_claim(words) is None


@pytest.mark.parametrize(
    ("words", "country", "on", "actor"),
    [
        ("Taliban", "AFG", date(2010, 3, 1), "taliban-until-2021"),
        ("Taliban", "AFG", date(2021, 8, 14), "taliban-until-2021"),
        ("Taliban", "AFG", date(2021, 8, 15), "dfa"),
        ("طالبان", "AFG", date(2010, 3, 1), "taliban-until-2021"),
        ("Taliban", "PAK", date(2023, 3, 1), None),
        ("Ministry of Interior", "AFG", date(2010, 3, 1), None),
        ("Islamic State", "AFG", date(2018, 1, 1), "iskp"),
        ("Islamic State", "PAK", date(2018, 1, 1), "iskp"),
        ("Islamic State", "AFG", date(2010, 1, 1), None),
        ("Islamic State of Iraq and the Levant (ISIL)", "SYR", date(2018, 1, 1), None),
        ("داعش", "IRQ", date(2018, 1, 1), None),
        ("ISIS-K", "IRN", date(2024, 1, 3), "iskp"),
        ("Khorasan Chapter of the Islamic State", "AFG", date(2015, 9, 1), "iskp"),
        ("Islamic State (Afghanistan)", "AFG", date(2019, 1, 1), "iskp"),
        ("Wilayat Khurasan", "AFG", date(2016, 1, 1), "iskp"),
        ("Haqqani Network", "AFG", date(2012, 1, 1), "haqqani"),
        ("TTP: Tehreek-i-Taliban Pakistan", "PAK", date(2012, 1, 1), "ttp"),
        ("The Taliban", "AFG", date(2018, 1, 1), "taliban-until-2021"),
        ("د طالبانو", "AFG", date(2022, 1, 1), "dfa"),
        ("د داعش خراسان څانګې", "AFG", date(2018, 1, 1), "iskp"),
        ("ISKP", "AFG", date(1998, 5, 1), None),
        ("NRF", "AFG", date(2018, 5, 1), None),
        ("NRF", "AFG", date(2022, 5, 1), "nrf"),
        ("TTP", "PAK", date(2007, 2, 1), None),
        ("AFF", "AFG", date(2022, 3, 10), None),
        ("AFF", "AFG", date(2022, 3, 11), "aff"),
    ],
)
def test_an_actor_is_meant_by_place_and_time(
    words: str, country: str, on: date, actor: str | None
) -> None:
    assert actors.resolve(words, country=country, on=on) == actor


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Syrian Arab Republic", "SYR"), ("Iran (Islamic Republic of)", "IRN"),
        ("Iran, Islamic Rep.", "IRN"), ("Occupied Palestinian Territories", "PSE"),
        ("oPt", "PSE"), ("Libyan Arab Jamahiriya", "LBY"), ("Congo, Dem. Rep.", "COD"),
        ("Korea, Rep.", "KOR"), ("Republic of Moldova", "MDA"), ("Côte d'Ivoire", "CIV"),
        ("The Gambia", "GMB"), ("Egypt, Arab Rep.", "EGY"), ("پاکستان", "PAK"),
        ("Deutschland", "DEU"), ("4.0", "AFG"), ("Yemen (North Yemen)", "YEM"), ("Atlantis", None),
        ("Korea", None),
    ],
)  # fmt: skip
def test_countries_by_their_many_names(words: str, code: str | None) -> None:
    assert iso3(words) == code


@pytest.mark.parametrize(
    ("words", "country", "rest"),
    [
        ("Bonn, Germany", "DEU", "Bonn"), ("Mosul (Iraq)", "IRQ", "Mosul"),
        ("Nablus, West Bank", "PSE", "Nablus"), ("حلب، سوریه", "SYR", "حلب"),
        ("Chaman - Pakistan", "PAK", "Chaman"), ("Pakistan", "PAK", ""),
        ("Kabul, Parwan", None, "Kabul, Parwan"), ("Herat", None, "Herat"),
    ],
)  # fmt: skip
def test_words_that_end_in_a_country(words: str, country: str | None, rest: str) -> None:
    assert named_in(words) == (country, rest)


@pytest.mark.parametrize(
    ("cell", "precision"),
    [
        ("1", G.SETTLEMENT), ("2.0", G.DISTRICT), (3, G.PROVINCE), ("6", G.COUNTRY),
        ("(4) Province", G.PROVINCE), ("(1) Exact location", G.SITE), ("village", G.SETTLEMENT),
        ("centre of the district", G.DISTRICT), ("Admin 1", G.PROVINCE), ("ولسوالی", G.DISTRICT),
        ("not exact", G.PROVINCE), ("Dorf", G.SETTLEMENT), ("neighbourhood", G.NEIGHBOURHOOD),
        ("national", G.COUNTRY), ("quux", None),
    ],
)  # fmt: skip
def test_exactness_is_never_read_finer_than_it_may_be(
    cell: Cell, precision: GeoPrecision | None
) -> None:
    assert exactness(cell) == (True, precision)


@pytest.mark.parametrize(
    ("said", "first", "last", "precision"),
    [
        ("2024-03-01 - 2024-03-05", date(2024, 3, 1), date(2024, 3, 5), DatePrecision.DAYS),
        ("2024-03-01/2024-03-05", date(2024, 3, 1), date(2024, 3, 5), DatePrecision.DAYS),
        ("1 - 5 March 2024", date(2024, 3, 1), date(2024, 3, 5), DatePrecision.DAYS),
        ("28 Feb to 2 March 2024", date(2024, 2, 28), date(2024, 3, 2), DatePrecision.DAYS),
        ("13-20/01/2024", date(2024, 1, 13), date(2024, 1, 20), DatePrecision.DAYS),
        ("1 or 2 April 2023", date(2023, 4, 1), date(2023, 4, 2), DatePrecision.DAYS),
        ("۱۴۰۱/۰۹/۰۹ تا ۱۴۰۱/۰۹/۱۲", date(2022, 11, 30), date(2022, 12, 3), DatePrecision.DAYS),
        ("March - May 2019", date(2019, 3, 1), date(2019, 5, 31), DatePrecision.MONTH),
        ("early March 2019", date(2019, 3, 1), date(2019, 3, 31), DatePrecision.MONTH),
        ("late 2014", date(2014, 1, 1), date(2014, 12, 31), DatePrecision.YEAR),
        ("end of 2014", date(2014, 1, 1), date(2014, 12, 31), DatePrecision.YEAR),
        ("2019-03-00", date(2019, 3, 1), date(2019, 3, 31), DatePrecision.MONTH),
        ("Monday, 4 March 2019", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("دوشنبه ۱۳ حوت ۱۳۹۷", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("4-Mar-19", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("4. März 2019", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("4 марта 2019 г.", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("Mar 4, 2019 18:05", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("2019-03-04T22:15:00Z", date(2019, 3, 5), date(2019, 3, 5), DatePrecision.DAY),
        ("2019-03-04T22:15:00+04:30", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("2019-03-04 01:00 -0500", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("1551734100000", date(2019, 3, 5), date(2019, 3, 5), DatePrecision.DAY),
        (1551734100, date(2019, 3, 5), date(2019, 3, 5), DatePrecision.DAY),
        ("20190304.0", date(2019, 3, 4), date(2019, 3, 4), DatePrecision.DAY),
        ("2019.0", date(2019, 1, 1), date(2019, 12, 31), DatePrecision.YEAR),
        (datetime(2019, 3, 4, 22, 15, tzinfo=UTC), date(2019, 3, 5), date(2019, 3, 5),
         DatePrecision.DAY),
    ],
)  # fmt: skip
def test_days_as_people_and_programs_write_them(
    said: Cell, first: date, last: date, precision: DatePrecision
) -> None:
    found = days(said, DayOrder.DMY)
    assert found is not None
    assert (found.earliest, found.latest, found.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "said",
    ["2024-03-01 (not confirmed)", "2024-03-01?", "circa 2024-03-01", "about 5 May 2019",
     "Tuesday, 4 March 2019", "2024-03-05 - 2024-03-01", "1 May 2019 or 1 August 2019", "4-Mar-45",
     "2024-03-01 to ..."],
)  # fmt: skip
def test_a_doubted_day_is_asked_and_never_read_as_sure(said: str) -> None:
    with pytest.raises(BadValue):
        days(said, DayOrder.DMY)


def test_the_row_s_year_completes_two_figures_and_must_agree() -> None:
    found = days("4/13/22", DayOrder.MDY, year=2022)
    assert found is not None
    assert found.earliest == date(2022, 4, 13)
    with pytest.raises(BadValue, match="year of its row"):
        days("13-Apr-22", year=2012)
    completed = days("24-Mar", year=2019)
    assert completed is not None
    assert completed.earliest == date(2019, 3, 24)


def test_a_workbook_that_counts_from_1904() -> None:
    found = days(43890, from_1904=True)
    assert found is not None
    assert found.earliest == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("parts", "first", "precision"),
    [
        ((2011, 4, 1), date(2011, 4, 1), DatePrecision.DAY),
        (("2011", "October", ""), date(2011, 10, 1), DatePrecision.MONTH),
        (("2011", "0", "0"), date(2011, 1, 1), DatePrecision.YEAR),
        (("2011.0", "4.0", "1.0"), date(2011, 4, 1), DatePrecision.DAY),
        (("1401", "قوس", "9"), date(2022, 11, 30), DatePrecision.DAY),
    ],
)
def test_year_month_and_day_in_cells_of_their_own(
    parts: tuple[Cell, Cell, Cell], first: date, precision: DatePrecision
) -> None:
    found = of_parts(*parts)
    assert found is not None
    assert (found.earliest, found.precision) == (first, precision)


def test_no_month_is_guessed() -> None:
    for parts in ((2011, 13, 1), (2011, "Smarch", 1), (2011, 2, 30)):
        with pytest.raises(ValueError):  # noqa: PT011 - of the calendar or of ours
            of_parts(*parts)


@pytest.mark.parametrize(
    ("cells", "order", "asks"),
    [
        (["13/01/2024 - 20/01/2024", "03/04/2024"], DayOrder.DMY, False),
        (["2024-13-02", "2024-03-04"], DayOrder.YDM, False),
        (["2024-13-02", "2024-02-13"], None, True),
        (["03/04/2024 - 05/04/2024"], None, True),
    ],
)
def test_one_order_holds_for_a_column(cells: list[str], order: DayOrder | None, asks: bool) -> None:
    column = survey("date", cells)
    assert (column.order(), column.asks()) == (order, asks)


def test_a_column_that_a_spreadsheet_half_converted_is_told() -> None:
    mixed: list[Cell] = [datetime(2024, 1, 3), "13/01/2024", date(2024, 2, 1)]  # noqa: DTZ001
    assert any("swapped" in sentence for sentence in survey("date", mixed).verdict())


@pytest.mark.parametrize(
    ("cell", "spot"),
    [
        ("36.7090, 67.1109", (36.709, 67.1109)), ("36.7090,67.1109", (36.709, 67.1109)),
        ("36,709; 67,111", (36.709, 67.111)), ("36.709 67.111 350.0 4.9", (36.709, 67.111)),
        ("POINT (67.1109 36.7090)", (36.709, 67.1109)), ("36°42'N 67°06'E", (36.7, 67.1)),
        ("SRID=4326;POINT(67.1109 36.7090)", (36.709, 67.1109)),
        ('{"type": "Point", "coordinates": [67.1, 36.7]}', (36.7, 67.1)),
        ("https://maps.google.com/?q=36.7,67.1", (36.7, 67.1)),
        ("lat: 36.7, lng: 67.1", (36.7, 67.1)),
        ("Mazar-e Sharif", None), ("5, 12", None), ("District 3, Street 4", None),
    ],
)  # fmt: skip
def test_both_coordinates_in_one_cell(cell: str, spot: tuple[float, float] | None) -> None:
    assert point(cell) == spot
