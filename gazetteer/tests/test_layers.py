"""Layers made from a user's own GeoNames and COD-AB files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from gazetteer import DataError, Gazetteer
from gazetteer.__main__ import main
from gazetteer.layers import import_cod, import_geonames, import_settlements, read_layer


def line(number: int, name: str, alternates: str, lat: float, lng: float, code: str) -> str:
    fields = [str(number), name, name, alternates, str(lat), str(lng), "P", code, "AF", "", "11",
              "", "", "", "0", "", "", "Asia/Kabul", "2024-01-01"]  # fmt: skip
    return "\t".join(fields) + "\n"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "AF.zip"
    rows = [
        line(1, "Zzyzx Kalay", "Zzyzyks,ززیکس", 34.30, 62.33, "PPL"),
        line(2, "Kuh-e Test", "", 34.31, 62.34, "STM"),
        line(3, "Far Away", "", 51.0, 0.0, "PPL"),
        line(1140026, "Herat", "", 34.348, 62.2, "PPLA"),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr("AF.txt", "".join(rows))
    return path


def test_geonames_layer(gaz: Gazetteer, dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "layer.json"
    assert import_geonames(Gazetteer.load(), dump, out) == 1
    layer = read_layer(out)
    assert (layer["layer"], layer["licence"]) == ("GeoNames", "CC BY 4.0 (geonames.org)")
    assert layer["version"]
    wider = gaz.with_layer(out)
    best = wider.search("Zzyzx Kalay village", within="prov:herat").best
    assert best is not None
    assert best.id == "town:herat/injil/zzyzx-kalay-1"
    assert best.adm2_pcode == "AF3202"
    assert wider.search("ززیکس").best is not None
    assert "town:herat/injil/zzyzx-kalay-1" not in gaz
    assert len(wider.places()) == len(gaz.places()) + 1


def test_layer_on_the_command_line(
    dump: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "layer.json"
    assert main(["import-geonames", str(dump), "--out", str(out)]) == 0
    assert "1 places" in capsys.readouterr().out
    assert main(["geocode", "Zzyzx Kalay", "--layer", str(out), "--json"]) == 0
    assert "zzyzx-kalay-1" in capsys.readouterr().out


def test_a_kept_layer_is_loaded_by_every_program(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "layers"
    monkeypatch.setenv("GAZETTEER_LAYERS", str(folder))
    assert main(["import-geonames", str(dump)]) == 0
    assert str(folder / "geonames.json") in capsys.readouterr().out
    Gazetteer.load.cache_clear()
    try:
        place = Gazetteer.load().place("town:herat/injil/zzyzx-kalay-1")
        assert place.own_list
        assert place.adm2_pcode == "AF3202"
        damaged = folder / "broken.json"
        damaged.write_text("{", encoding="utf-8")
        Gazetteer.load.cache_clear()
        with pytest.raises(DataError, match=r"broken\.json"):
            Gazetteer.load()
    finally:
        Gazetteer.load.cache_clear()


VILLAGES = (
    "OBJECTID,VILLAGE_NAME,Lat_Y,Lon_X,Name_Prs\n"
    "1,Zzyzx Kalay,34.30,62.33,ززیکس کلی\n"
    "2,Injil,34.31,62.30,\n"
    "3,Jangul,34.60,62.10,\n"
    "4,Jangul,33.55,68.42,\n"
    "5,Far Away,51.0,0.0,\n"
)


def test_a_table_of_settlements_by_its_titles(gaz: Gazetteer, tmp_path: Path) -> None:
    table, out = tmp_path / "villages.csv", tmp_path / "villages.json"
    table.write_text(VILLAGES, encoding="utf-8")
    assert import_settlements(gaz, table, out, "ODbL") == 4
    assert read_layer(out)["licence"] == "ODbL"
    wider = gaz.with_layer(out)
    best = wider.search("Zzyzx Kalay, Herat").best
    assert best is not None
    assert (best.lat, best.lng) == (34.30, 62.33)
    assert wider.search("ززیکس کلی، هرات").best == best or best.id.endswith("-2")
    # a village never takes the place of a listed name, and is not certain by its name alone
    named = wider.search("Injil, Herat").best
    assert named is not None
    assert named.id == "dist:herat/injil"
    assert wider.search("Jangul").ambiguous
    ghazni = wider.search("Jangul, Ghazni").best
    assert ghazni is not None
    assert ghazni.adm1_pcode == "AF11"
    # in running text it needs the word for a village, or what holds it
    assert wider.mentions("Afghan police said Jangul was quiet.") == ()
    (village, _) = wider.mentions("Afghan police said Jangul village in Herat province was quiet.")
    assert village.result.best is not None
    assert village.result.best.place.own_list


TWINS = """name,lat,lon
Abdul Haq (1),34.30,62.33
Abdul Haq (2),34.32,62.32
Ashak (Asheq),34.28,62.33
Barzari,34.29,62.34
Bar Zari,34.31,62.36
Qwertabad,34.29,62.35
Qwertabad,34.31,62.30
"""


def test_lists_tell_homonyms_apart_by_numbers_in_brackets(gaz: Gazetteer, tmp_path: Path) -> None:
    table, out = tmp_path / "twins.csv", tmp_path / "twins.json"
    table.write_text(TWINS, encoding="utf-8")
    import_settlements(gaz, table, out, "")
    wider = gaz.with_layer(out)

    def at(words: str) -> float | None:
        result = wider.search(f"{words}, Injil, Herat")
        assert result.best is not None
        return None if result.ambiguous else result.best.lat

    assert (at("Abdul Haq (1)"), at("Abdul Haq (2)")) == (34.30, 34.32)
    assert at("Abdul Haq") is None  # which of both is not said
    assert at("Qwertabad") is None  # and here nothing tells them apart
    assert (at("Ashak"), at("Asheq"), at("Ashak (Asheq)")) == (34.28,) * 3
    assert (at("Barzari"), at("Bar Zari")) == (34.29, 34.31)


def test_an_own_list_of_district_centres_makes_distances_sure(
    gaz: Gazetteer, tmp_path: Path
) -> None:
    table, out = tmp_path / "centres.csv", tmp_path / "centres.json"
    table.write_text("name,lat,lon\nGarmser,31.11,64.20\n", encoding="utf-8")
    import_settlements(gaz, table, out, "")
    words = "12 km south of Garmser, Helmand"
    assert gaz.search(words).ambiguous
    result = gaz.with_layer(out).search(words)
    assert result.best is not None
    assert not result.ambiguous
    assert (result.best.lat, result.best.lng) == pytest.approx((31.002, 64.20), abs=0.002)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a,b\n1,2\n", "no column for name, latitude, longitude"),
     ("name,lat,lon\nX,north,62\n", "line 2: the point cannot be read"),
     ("name,lat,lon\nX,51,0\n", "no settlement in Afghanistan")],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_explained(
    gaz: Gazetteer, tmp_path: Path, text: str, words: str
) -> None:
    table = tmp_path / "villages.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        import_settlements(gaz, table, tmp_path / "o.json", "")


def test_cod_layer(gaz: Gazetteer, tmp_path: Path) -> None:
    source, out = tmp_path / "adm2.geojson", tmp_path / "layer.json"
    features = [
        {"properties": {"ADM2_PCODE": "AF3202", "ADM2_EN": "Qwertel", "ADM2_DA": "قورتل"}},
        {"properties": {"ADM2_PCODE": "AF9999", "ADM2_EN": "Unknown"}},
    ]
    source.write_text(json.dumps({"features": features}), encoding="utf-8")
    assert import_cod(Gazetteer.load(), source, out, "v04") == 1
    layer = read_layer(out)
    assert layer["version"] == "v04"
    assert layer["unknown_pcodes"] == ["AF9999"]
    best = gaz.with_layer(out).search("Qwertel district").best
    assert best is not None
    assert best.id == "dist:herat/injil"
    assert main(["import-cod", str(source), "--out", str(out), "--version", "v04"]) == 0


def test_damaged_files_are_explained(tmp_path: Path) -> None:
    bad = tmp_path / "AF.zip"
    bad.write_bytes(b"not a zip")
    with pytest.raises(DataError, match="not a zip"):
        import_geonames(Gazetteer.load(), bad, tmp_path / "o")
    text = tmp_path / "AF.txt"
    text.write_text("1\tHerat\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1: 2 fields"):
        import_geonames(Gazetteer.load(), text, tmp_path / "o")
    geojson = tmp_path / "x.geojson"
    geojson.write_text("[]", encoding="utf-8")
    with pytest.raises(DataError):
        import_cod(Gazetteer.load(), geojson, tmp_path / "o", "v")
    geojson.write_text('{"features": [{"properties": {}}]}', encoding="utf-8")
    with pytest.raises(DataError, match="ADM2_PCODE"):
        import_cod(Gazetteer.load(), geojson, tmp_path / "o", "v")
    geojson.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="not a gazetteer layer"):
        read_layer(geojson)
