"""Files as they come: encodings, delimiters, quotes, packed, cut off, shifted, absurd."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapapp.domain.problems import InvalidInput
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.delimited import sniff_delimiter
from mapapp.importers.tables.reading import open_table
from mapapp.importers.tables.table import REASON_COLUMNS, Fault, ReadOptions
from tests.importers.support import written

TEXT = "id,name,killed\n1,Spīn Bōldak,2\n2,هرات,3\n"


def values(path: Path, options: ReadOptions | None = None) -> list[list[str]]:
    return [[str(cell) for cell in row.cells] for row in open_table(path, options).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", TEXT.encode(encoding))
    assert open_table(path).shape.header == ("id", "name", "killed")
    assert values(path) == [["1", "Spīn Bōldak", "2"], ["2", "هرات", "3"]]


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,name\n1,Café\n".encode("cp1252"))
    table = open_table(path)
    assert values(path) == [["1", "Café"]]
    assert [problem.field for problem in table.shape.notices] == ["encoding"]
    assert values(path, ReadOptions(encoding="latin-1")) == [["1", "Café"]]


def test_a_damaged_byte_sets_its_row_aside_and_comes_back_as_it_was(tmp_path: Path) -> None:
    body = "".join(f"{n},é é é é é é é\n" for n in range(20)).encode()
    path = written(tmp_path, "a.csv", b"id,name\n" + body + b"99,caf\xe9\n")
    table = open_table(path)
    rows = list(table.rows())
    assert [row.number for row in rows if row.faults] == [21]
    with AsideFile(tmp_path / "aside.csv", table) as aside:
        aside.add(rows[-1], rows[-1].faults)
    assert b"99,caf\xe9" in (tmp_path / "aside.csv").read_bytes()


def test_an_unknown_encoding_names_others(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="utf-16"):
        open_table(written(tmp_path, "a.csv", TEXT), ReadOptions(encoding="klingon"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_beside_decimal_commas(delimiter: str) -> None:
    point = '"34,5"' if delimiter == "," else "34,5"
    rows = [f"{n}{delimiter}{point}{delimiter}x" for n in range(5)]
    assert sniff_delimiter("\n".join([delimiter.join("abc"), *rows])) == delimiter


def test_quoted_line_breaks_keep_the_line_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'id,note\n1,"two\r\nlines"\n\n2,"a ""quote"""\n')
    rows = list(open_table(path).rows())
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 5)]
    assert [row.cells[1] for row in rows] == ["two\r\nlines", 'a "quote"']


def test_surplus_empty_fields_are_cut_and_full_ones_are_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "a,b\n1,2,\n3,4,5\n6\n")
    table = open_table(path)
    one, two, three = table.rows()
    assert (one.values, one.faults) == ({"a": "1", "b": "2"}, ())
    assert "shifted" in two.faults[0].fault
    assert three.faults[0].field == "b"


def test_a_cut_off_file_gives_what_is_there(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'id,note\n1,good\n2,"cut o')
    one, two = open_table(path).rows()
    assert one.faults == ()
    assert "cut off" in two.faults[0].fault


def test_a_cut_off_gzip_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = gzip.compress(
        ("id,note\n" + "".join(f"{n},row {n * n}\n" for n in range(50_000))).encode()
    )
    path = written(tmp_path, "a.csv.gz", whole[: len(whole) // 2])
    table = open_table(path)
    rows = list(table.rows())
    assert len(rows) > 10_000
    assert all(row.cells == (str(row.number - 1), f"row {(row.number - 1) ** 2}")
               for row in rows[:-1])  # fmt: skip
    assert "breaks off" in table.shape.notices[-1].fault


def test_zip_with_one_table(tmp_path: Path) -> None:
    path = tmp_path / "ged.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("GEDEvent.csv", TEXT)
        packed.writestr("README.txt", "read me")
    assert len(values(path)) == 2


def test_a_zip_bomb_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20))
    with pytest.raises(InvalidInput, match="would unpack"):
        open_table(path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "old Excel"),
        ("a.html", b"<!DOCTYPE html><p>Please log in", "web page"),
        ("a.xlsx", b"PK\x03\x04cut", "damaged or cut off"),
        ("a.parquet", b"PAR1rest", "Parquet"),
        ("a.json", b'{"type": "Topology"}', "without a table"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00cut", "damaged or cut off"),
        ("a.csv.gz", b"\x1f\x8bnot gzip at all", "damaged or cut off"),
        ("a.csv", b"\n\n\n", "no table"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(
    name: str, content: bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=says):
        open_table(written(tmp_path, name, content))
    with pytest.raises(InvalidInput, match="not there"):
        open_table(tmp_path / "absent.csv")


def test_geojson_is_streamed_and_a_cut_one_gives_what_is_there(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"id": n, "name": f"é {n}"},
         "geometry": {"type": "Point", "coordinates": [69.1, 34.5]}}
        for n in range(5000)
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features})
    table = open_table(written(tmp_path, "a.geojson", text))
    rows = list(table.rows())
    assert len(rows) == 5000
    assert rows[7].values == {"id": 7, "name": "é 7", "longitude": 69.1, "latitude": 34.5}
    cut = open_table(written(tmp_path, "b.geojson", text[: len(text) // 2]))
    found = list(cut.rows())
    assert 2400 < len(found) < 2600
    assert "breaks off" in cut.shape.notices[-1].fault


def test_parquet_keeps_types(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1, 2], "lat": [34.5, None]}), path)
    assert [row.cells for row in open_table(path).rows()] == [(1, 34.5), (2, None)]


def test_rows_set_aside_come_back_corrected(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id;n\n1;x\n")
    table = open_table(path)
    (row,) = table.rows()
    with AsideFile(tmp_path / "aside.csv", table) as aside:
        aside.add(row, (Fault("n", "is not a number", "Write digits"),))
    again = open_table(tmp_path / "aside.csv")
    assert again.shape.header == (*REASON_COLUMNS, "id", "n")
    (back,) = again.rows()
    assert back.cells[-2:] == ("1", "x")
    assert back.values["import_fault"] == "is not a number"


CELL = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
def test_any_cells_come_back_as_written(rows: list[tuple[str, ...]], tmp_path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["alpha", "beta", "gamma"])
    writer.writerows(rows)
    path = written(tmp_path, "h.csv", text.getvalue())
    options = ReadOptions(encoding="utf-8", delimiter=",")
    found = [row.cells for row in open_table(path, options).rows() if not row.faults]
    assert found == [row for row in rows if any(row) and "\ufffd" not in "".join(row)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_no_bytes_make_a_reader_fall_over(content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", content)
    with suppress(InvalidInput):
        numbers = [row.number for row in open_table(path).rows()]
        assert numbers == list(range(1, len(numbers) + 1))
