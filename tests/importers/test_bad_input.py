"""Files as they should not be: what is wrong is named, and nothing of them is lost."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.problems import InvalidInput
from mapapp.importers.cells.day_values import days, tomorrow
from mapapp.importers.cells.values import BadValue
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.reading import open_table
from mapapp.importers.tables.sniff import sniff
from tests.importers.support import read, written

HEADER = "ref,date,place,remarks\n"


def of(path: Path) -> Mapped:
    proposed, _ = mapping.propose(sniff(path))
    return Mapped(mapping.corrected(proposed, speaker="A council"))


@pytest.mark.parametrize("words", ["2202-03-04", "0202-03-04", "4 May 2199"])
def test_a_slip_in_the_year_is_no_day(words: str) -> None:
    with pytest.raises(BadValue, match=r"in the future|too long ago"):
        days(words)
    assert days(datetime.combine(tomorrow(), datetime.min.time())) is not None


def test_a_spreadsheet_day_may_have_its_time() -> None:
    found = days("44622.5")
    assert found is not None
    assert found.earliest == date(2022, 3, 2)


def test_a_quote_that_is_not_closed_keeps_what_it_swallowed(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = HEADER + '1,2022-03-04,Jurm,ok\n2,2022-03-04,"Jurm,x\n3,2022-03-04,Jurm,swallowed\n'
    path = written(tmp_path, "open.csv", text)
    good, ((row, faults),) = read(path, gazetteer, of(path))
    assert len(good) == 1
    assert "ends inside a quoted field" in faults[0].fault
    assert "Close the quote" in faults[0].remedy
    assert "swallowed" in str(row.cells[-1])


def test_half_a_letter_sets_its_row_aside(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = (
        '[{"ref": 1, "date": "2022-03-04", "place": "Jurm", "remarks": "\\ud800 x"},'
        ' {"ref": 2, "date": "2022-03-04", "place": "Jurm", "remarks": "\\ud83d\\ude00"}]'
    )
    path = written(tmp_path, "half.json", text)
    good, ((row, faults),) = read(path, gazetteer, of(path))
    assert [item.key for item in good] == ["2"]
    with AsideFile(tmp_path / "aside.csv", open_table(path)) as aside:
        aside.add(row, faults)
    assert "\\ud800 x" in (tmp_path / "aside.csv").read_text("utf-8-sig")


def test_one_object_a_line(tmp_path: Path, gazetteer: Gazetteer) -> None:
    lines = [f'{{"ref": {n}, "date": "2022-03-04", "place": "Jurm"}}\n' for n in range(1, 4)]
    path = written(tmp_path, "lines.jsonl", "".join(lines))
    good, aside = read(path, gazetteer, of(path))
    assert ([item.key for item in good], aside) == (["1", "2", "3"], [])
    assert open_table(path).shape.notices == []
    cut = written(tmp_path, "cut.jsonl", "".join(lines)[:-9])
    good, _ = read(cut, gazetteer, of(cut))
    assert len(good) == 2
    assert "breaks off" in sniff_and_read(cut)[0]


def sniff_and_read(path: Path) -> list[str]:
    table = open_table(path)
    for _ in range(2):  # what is noticed twice is said once
        list(table.rows())
    return [notice.fault for notice in table.shape.notices]


def test_what_breaks_off_is_said_once(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + "1,2022-03-04,Jurm,ok\n" * 5_000).encode())
    path = written(tmp_path, "cut.csv.gz", packed[: len(packed) // 2])
    assert len(sniff_and_read(path)) == 1


def test_json_that_nests_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nests too deeply"):
        open_table(written(tmp_path, "deep.json", "[" * 100_000))


def test_a_locked_workbook_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(InvalidInput, match="locked with a password"):
        open_table(path)


def test_names_that_come_late_in_json_are_columns_too(tmp_path: Path) -> None:
    items = [f'{{"ref": {n}, "date": "2022-03-04"}}' for n in range(300)]
    text = "[" + ",".join([*items, '{"ref": 301, "late": 1}']) + "]"
    table = open_table(written(tmp_path, "late.json", text))
    assert table.shape.header == ("ref", "date", "late")
    rows = list(table.rows())
    assert "late" not in rows[0].values
    assert (rows[-1].values["ref"], rows[-1].values["late"]) == (301, 1)
