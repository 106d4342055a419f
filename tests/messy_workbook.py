"""A spreadsheet as desks keep them: merged titles, days of three kinds, decimal commas, faults."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("No.", "Date", "Province", "District", "Location", "Lat", "Long", "Killed (low)",
          "Killed", "Killed (high)", "Injured", "Group", "Notes")  # fmt: skip

#: The column that each faulty row is set aside for, by the number in its first column.
FAULTS = {
    5: "Lat", 6: "Lat", 7: "Killed (low)", 8: "Killed", 9: "Location", 12: "Killed", 13: "Date",
}  # fmt: skip

#: The rows that go in, with what they say: day, place, reported killed.
GOOD = {
    1: ("2019-04-03", "Jurm", "1–4"),
    2: ("2019-04-03", "Kabul city", "5"),
    3: ("2019-04-02", "Herat city", "≥3"),
    4: ("2019-04-05", "Jalalabad", "0"),
    10: ("2019-04-11", "Badghis", "unknown"),
    11: ("2019-04-12", "Mazar-e-Sharif, Balkh", "3–6"),
}


def rows() -> list[tuple[object, ...]]:
    """The table's rows, as a person typed them: no day tells which of its numbers is the month."""
    kabul, kunduz, mazar = ("34,5289", "69,1725"), ("36,7286", "68,8681"), (None, None)
    return [
        # A date cell, a number of days, and text.
        (1, date(2019, 4, 3), "Badakhshan", "Jurm", "Jurm", "36,8647", "70,8342", 1, 2, 4, 3, "",
         "a date cell"),
        (2, 43558, "Kabul", "", "Kabul city", *kabul, None, 5, None, "12+", "ISKP", "a number"),
        (3, "02/04/2019", "Herat", "", "Herat city", "34,34", "62,2", None, "at least 3", None,
         None, "unknown", "text"),
        (4, "05/04/2019", "Nangarhar", "", "Jalalabad", "34,4265", "70,4515", None, 0, None, 2, "",
         ""),
        (5, "06/04/2019", "Kabul", "", "Kabul city", *kabul[::-1], None, 1, None, 1, "", "swapped"),
        (6, "07/04/2019", "Ghazni", "", "Ghazni city", 0, 0, None, 1, None, 1, "", "0,0"),
        (7, "08/04/2019", "Kunduz", "", "Kunduz", *kunduz, 9, 4, 3, 1, "", "low above high"),
        (8, "09/04/2019", "Kunduz", "", "Kunduz", *kunduz, None, "=1+1", None, 1, "", "a formula"),
        (9, "10/04/2019", "", "", "Kandahar", None, None, None, 2, None, None, "", "city or area"),
        (10, "11/04/2019", "Badghis", "", "", None, None, None, "dozens", None, None, "", ""),
        (11, "12 April 2019", "Balkh", "", "Mazar-e-Sharif", *mazar, None, "3–6", None, None, "",
         "words alone"),
        (12, "03/04/2019", "Balkh", "", "Mazar-e-Sharif", *mazar, None, 1.5, None, None, "", ""),
        (13, "2019-04-31", "Balkh", "", "Mazar-e-Sharif", *mazar, None, 1, None, None, "", ""),
    ]  # fmt: skip


def write(path: Path, corrected: AnyMapping[int, AnyMapping[str, object]] | None = None) -> Path:
    """The workbook: the table under two merged rows of titles; `corrected` are cells set right."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Incidents 2019"
    sheet.append(["Security incidents, April 2019"])
    sheet.merge_cells("A1:M1")
    sheet.append(["compiled by the desk; do not circulate"])
    sheet.merge_cells("A2:M2")
    sheet.append([])
    sheet.append(HEADER)
    for row in rows():
        new = (corrected or {}).get(int(str(row[0])), {})
        sheet.append([new.get(name, cell) for name, cell in zip(HEADER, row, strict=True)])
    sheet["B5"].number_format = "dd/mm/yyyy"
    book.save(path)
    return path
