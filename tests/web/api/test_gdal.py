"""GDAL reads `/api` through its OAPIF driver, as QGIS does, and gets the right incidents."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapapp.store import Store
from tests import gdal
from tests.web.api_client import application
from tests.web.on_thread import on_thread

DOCS = Path(__file__).resolve().parents[3] / "docs" / "api.md"


@pytest.fixture(scope="module")
def server(invented_store: Store) -> Iterator[str]:
    """The address of `/api` over many invented incidents, on a free port of this machine."""
    with on_thread(application(lambda: invented_store)) as address:
        yield address


def wanted(store: Store, condition: str) -> set[str]:
    """Ids of incidents by a condition written by hand, not by our query layer."""
    sql = f"SELECT id FROM incidents WHERE NOT background AND NOT abroad AND ({condition})"  # noqa: S608
    return set(store.current().engine.run(sql)["id"].to_pylist())


BOX = "mappable AND lng BETWEEN 61 AND 68 AND lat BETWEEN 33 AND 36"
THEN = (
    "(earliest IS NULL OR earliest <= '2022-12-31') AND (latest IS NULL OR latest >= '2022-06-01')"
)
FAST = ("-oo", "PAGE_SIZE=200")
DATES = "date_earliest >= '2022-06-01' AND date_latest <= '2022-12-31'"


@pytest.mark.parametrize(
    ("condition", "arguments"),
    [
        ("TRUE", []),
        (BOX, ["-spat", "61", "33", "68", "36", *FAST]),
        (THEN, ["-where", DATES, *FAST]),
        (f"({BOX}) AND ({THEN})", ["-spat", "61", "33", "68", "36", "-where", DATES, *FAST]),
    ],
    ids=["all pages", "bbox", "datetime", "both"],
)
def test_the_driver_gets_what_the_store_holds(
    server: str, invented_store: Store, condition: str, arguments: list[str], tmp_path: Path
) -> None:
    expected = wanted(invented_store, condition)
    assert expected
    found = gdal.features(f"OAPIF:{server}/api", "incidents", *arguments, folder=tmp_path)
    assert {one["properties"]["id"] for one in found} == expected
    assert len(found) == len(expected)


def test_content_comes_through_as_typed(server: str, invented_store: Store, tmp_path: Path) -> None:
    rows = invented_store.current().engine.run(
        "SELECT id, title, killed_low, killed_high, earliest, lat, lng, mappable FROM incidents"
    )
    own = {row["id"]: row for row in rows.to_pylist()}
    for one in gdal.features(f"OAPIF:{server}/api", "incidents", *FAST, folder=tmp_path):
        said, row = one["properties"], own[one["properties"]["id"]]
        assert said["title"] == row["title"]
        assert (said["fatalities_low"], said["fatalities_high"]) == (
            row["killed_low"], row["killed_high"],
        )  # fmt: skip
        if row["earliest"]:
            assert said["date_earliest"].replace("/", "-") == row["earliest"].isoformat()
        if row["mappable"]:
            assert one["geometry"]["coordinates"] == pytest.approx([row["lng"], row["lat"]])
        else:
            assert one["geometry"] is None


def test_the_commands_of_the_docs_run(server: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"```\n(ogr.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines():
        program, *arguments = shlex.split(line.replace("http://localhost:8501", server))
        arguments = [str(tmp_path / a) if a.endswith(".gpkg") else a for a in arguments]
        if program == "ogrinfo":
            assert "OGRFeature(incidents)" in gdal.info(*arguments)
        else:
            assert program == "ogr2ogr"
            gdal.run(program, *arguments)
    assert "Feature Count" in gdal.info("-so", str(tmp_path / "incidents.gpkg"), "incidents")


def test_a_tile_is_read(server: str, invented_store: Store, tmp_path: Path) -> None:
    found = gdal.features(
        f"/vsicurl/{server}/api/tiles/4/11/6.mvt", "incidents",
        "-oo", "Z=4", "-oo", "X=11", "-oo", "Y=6", "-t_srs", "EPSG:4326", folder=tmp_path,
    )  # fmt: skip
    own = wanted(invented_store, "mappable AND NOT areal")
    assert found
    assert {one["properties"]["id"] for one in found} <= own
    for one in found:
        lng, lat = one["geometry"]["coordinates"]
        assert 67 <= lng <= 91
        assert 21 <= lat <= 42
