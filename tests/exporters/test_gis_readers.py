"""The spatial files read back by GDAL and by geopandas, and their content compared."""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import GeoPrecision, Property
from mapapp.exporters.extract import Extract
from mapapp.exporters.formats import FORMATS
from tests import gdal
from tests.exporters.extracts import seeds_extract

AREAS = (GeoPrecision.DISTRICT, GeoPrecision.PROVINCE)


@pytest.fixture(scope="module")
def own(seeds: Batch) -> Extract:
    return seeds_extract(seeds)


def written(name: str, extract: Extract, folder: Path) -> Path:
    export = FORMATS[name].write(extract)
    path = folder / export.filename
    path.write_bytes(export.content)
    return path


def killed(incident: Incident, extract: Extract) -> tuple[int | None, int | None]:
    headline = incident.headline(Property.KILLED, extract.rule)
    return headline.low, headline.high


def test_gdal_reads_the_geojson(own: Extract, tmp_path: Path) -> None:
    path = written("geojson", own, tmp_path)
    (layer,) = [line for line in gdal.info(str(path)).splitlines() if line.startswith("1:")]
    found = gdal.features(str(path), layer.split()[1], folder=tmp_path)
    assert len(found) == len(own.incidents)
    for one, incident in zip(found, own.incidents, strict=True):
        place = incident.record.place
        assert one["properties"]["id"] == incident.id
        assert one["properties"]["title"] == incident.record.title
        if place.mappable:
            assert one["geometry"]["coordinates"] == pytest.approx([place.lng, place.lat])
        else:
            assert one["geometry"] is None


def test_gdal_reads_the_kml(own: Extract, tmp_path: Path) -> None:
    path = written("kml", own, tmp_path)
    layers = [
        line.partition(":")[2].partition("(")[0].strip()
        for line in gdal.info(str(path)).splitlines()
        if line[:1].isdigit()
    ]
    found = {
        one["properties"]["Name"]: one
        for layer in layers
        for one in gdal.features(str(path), layer, folder=tmp_path)
    }
    assert len(found) == len(own.incidents)
    for incident in own.incidents:
        geometry, place = found[incident.record.title]["geometry"], incident.record.place
        known, when = found[incident.record.title]["properties"], incident.record.date
        figures = incident.headline(Property.KILLED)
        assert known.get("fatalities_low") == figures.low, known
        for name, day in (("begin", when.earliest), ("end", when.latest)):
            assert str(known.get(name))[:10].replace("/", "-") == str(day)
        if not place.mappable:
            assert geometry is None
        elif place.geo_precision in AREAS:
            assert "Point" not in str(geometry)
        else:
            assert "Point" in str(geometry)


def test_gdal_reads_the_geopackage_with_its_styles(own: Extract, tmp_path: Path) -> None:
    path = written("geopackage", own, tmp_path)
    layers = {
        name: gdal.features(str(path), name, folder=tmp_path)
        for name in ("points", "areas", "not_mappable")
    }
    ids = [one["properties"]["id"] for rows in layers.values() for one in rows]
    assert sorted(ids) == sorted(incident.id for incident in own.incidents)
    kinds = {
        name: {str((one["geometry"] or {}).get("type")) for one in rows}
        for name, rows in layers.items()
    }
    assert kinds["areas"] == {"MultiPolygon"}
    assert kinds["points"] <= {"Point"}
    assert kinds["not_mappable"] <= {"None"}
    with closing(sqlite3.connect(path)) as base:
        styles = base.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles")
        found = {name: (qml, default) for name, qml, default in styles}
        listed = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
        parts = base.execute("SELECT DISTINCT f_table_catalog || f_table_schema FROM layer_styles")
        assert [own for (own,) in parts] == [""]  # QGIS looks for empty ones, not for NULL
    assert listed == {*layers, "layer_styles"}  # else QGIS finds no style
    assert found.keys() == {"points", "areas"}
    for qml, default in found.values():
        assert ElementTree.fromstring(qml).tag == "qgis"  # noqa: S314 - of our own making
        assert default


def test_gdal_reads_the_workbook(own: Extract, tmp_path: Path) -> None:
    path = written("xlsx", own, tmp_path)
    # By itself it takes a first row for a header only above columns of numbers.
    header = ("--config", "OGR_XLSX_HEADERS", "FORCE")
    claims = gdal.features(str(path), "Claims", *header, folder=tmp_path)
    assert [one["properties"]["id"] for one in claims] == [
        claim.id for incident in own.incidents for claim in incident.claims
    ]


def test_geopandas_reads_the_geoparquet(own: Extract, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import geopandas

        frame = geopandas.read_parquet(written("geoparquet", own, tmp_path))
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert list(frame["id"]) == [incident.id for incident in own.incidents]
    for row, incident in zip(frame.itertuples(), own.incidents, strict=True):
        place = incident.record.place
        if place.mappable:
            assert (row.geometry.x, row.geometry.y) == (place.lng, place.lat)
        else:
            assert row.geometry is None
        low, high = killed(incident, own)
        assert (row.fatalities_low == low) if low is not None else row.fatalities_low != 0
        assert (row.fatalities_high == high) if high is not None else row.fatalities_high != 0
        assert [claim["id"] for claim in row.claims] == [c.id for c in incident.claims]


def test_geopandas_reads_the_geojson_with_its_own_gdal(own: Extract, tmp_path: Path) -> None:
    import geopandas

    frame = geopandas.read_file(written("geojson", own, tmp_path))
    assert frame.crs.to_epsg() == 4326
    assert list(frame["id"]) == [incident.id for incident in own.incidents]
    assert frame.geometry.notna().sum() == sum(i.record.place.mappable for i in own.incidents)
