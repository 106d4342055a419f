"""Tables as other programs and offices write them: pages of an API, covers, headers of two rows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from mapapp.domain.problems import InvalidInput
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped import mapping
from mapapp.importers.tables.reading import open_table
from mapapp.importers.tables.sniff import sniff, survey
from mapapp.importers.tables.table import shape_of
from tests import ged_rows
from tests.importers.support import written


def test_a_page_of_an_api_says_that_there_are_more(tmp_path: Path) -> None:
    answer = {"TotalCount": 40, "TotalPages": 2, "PreviousPageUrl": "",
              "NextPageUrl": "https://example.org/api?page=1",
              "Result": [ged_rows.row(1), ged_rows.row(2)]}  # fmt: skip
    sniffed = sniff(written(tmp_path, "page.json", json.dumps(answer)))
    assert sniffed.format is not None
    assert len(sniffed.sample) == 2
    (notice,) = sniffed.notices
    assert "https://example.org/api?page=1" in notice.fault
    answer["NextPageUrl"] = ""
    assert sniff(written(tmp_path, "last.json", json.dumps(answer))).notices == ()


def test_a_sheet_of_libreoffice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<x/>")
    with pytest.raises(InvalidInput, match="LibreOffice"):
        open_table(path)


def test_a_cover_is_passed_over_and_a_header_of_two_rows_is_one(tmp_path: Path) -> None:
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover["A1"] = "Read me"
    sheet = book.create_sheet("Incidents")
    sheet["A1"] = "Incidents of 2019, northern region"
    sheet.merge_cells("A1:F1")
    sheet.append(["Ref", "When", "Where", "", "Casualties", "", "Remarks"])
    sheet.append(["", "Date", "Province", "Village", "Killed", "Injured", ""])
    sheet.append([1, "2019-02-13", "Kabul", "Paghman", 2, 3, "first"])
    path = tmp_path / "register.xlsx"
    book.save(path)
    sniffed = sniff(path)
    assert sniffed.header == ("Ref", "Date", "Province", "Village", "Killed", "Injured", "Remarks")
    assert [row.values["Village"] for row in sniffed.sample] == ["Paghman"]
    said = " ".join(notice.fault for notice in sniffed.notices)
    assert "only the sheet 'Incidents' is read" in said
    assert "are both names of columns" in said


@pytest.mark.parametrize(
    "second",
    [
        ["7", "2019-02-13", "Kabul", "Paghman"],  # data below a nameless column
        ["#event+id", "#date", "#adm1", "#loc"],
        ["", "Date", "Province", ""],  # leaves a column without a name
    ],
)
def test_a_row_that_is_no_second_half_stays_what_it_is(second: list[str]) -> None:
    shape = shape_of([["Ref", "When", "Where", ""], second, ["8", "x", "y", "z"]], "table.csv")
    assert shape.header[:3] == ("Ref", "When", "Where")


def test_columns_in_dari_are_guessed(tmp_path: Path) -> None:
    text = (
        "شماره,تاریخ وقوع,ولایت,قریه,عرض البلد,طول البلد,تعداد کشته ها,زخمی,گروه مسئول,ملاحظات\n"
        "1,۱۴۰۱/۰۶/۱۱,هرات,هرات,34.34,62.2,۳,۵,داعش,متن\n"
    )
    proposed, _ = mapping.propose(sniff(written(tmp_path, "dari.csv", text)))
    assert set(proposed.columns) == {
        "id", "date", "province", "place", "lat", "lng", "killed", "wounded", "actor", "notes",
    }  # fmt: skip


def test_where_both_orders_occur_each_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path, "both.csv", "Ref,Date\n1,13/02/2019\n2,02/13/2019\n3,03/04/2019\n")
    (question,) = survey(open_table(path), ("Date",)).questions(Answers())
    assert [example[:10] for example in question.examples] == ["13/02/2019", "02/13/2019"]
