"""Hostile files, as an owner may be sent them: read or refused in words, nothing else happens."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mapapp.domain.problems import MapAppError
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store
from tests import ged_rows
from tests.hostile import dataset
from tests.hostile.corpus import corpus


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "var")
    yield opened
    opened.close()


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _csv_of_corpus() -> bytes:
    texts = [text for _, text in corpus().texts]
    lines = [",".join('"' + text.replace('"', '""') + '"' for text in texts[:20])]
    lines += [
        ",".join('"' + text.replace('"', '""') + '"' for text in texts[at : at + 20])
        for at in range(20, 320, 20)
    ]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9)
    )
    + b'<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&j;&f;</worksheet>'
)  # fmt: skip

#: A file's name and what is in it.
FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "nulls.csv": b"\x00" * 5000,
    "noise.csv": bytes(range(256)) * 40,
    "corpus.csv": _csv_of_corpus(),
    "one-line.csv": b"a" * 2_000_000,
    "many-columns.csv": b"a," * 30_000 + b"\n" + b"1," * 30_000,
    "deep.json": b'{"schema":1,"incidents":' + b"[" * 100_000,
    "deep.geojson": b'{"type":"FeatureCollection","features":' + b'[{"a":' * 50_000,
    "nan.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":'
    b'"Point","coordinates":[NaN,Infinity]},"properties":{"date":"2022-01-01","x":1e999}}]}',
    "wrong.json": b'{"schema":1,"incidents":[1,null,"x",{"id":{}},{"id":"a"}],"sources":[]}',
    "wrong-sources.json": b'{"schema":1,"incidents":[],"sources":[{"id":5},7,null]}',
    "sources.json": b'{"schema":1,"incidents":[],"sources":"x"}',
    "huge-number.json": b'{"schema":1,"incidents":[{"id":' + b"9" * 10_000 + b"}],\"sources\":[]}",
    "noise.parquet": b"PAR1" + bytes(range(256)) * 20 + b"PAR1",
    "noise.xlsx": b"PK\x03\x04" + bytes(range(256)) * 20,
    "no-workbook.xlsx": _zip(**{"a.txt": b"x"}),
    "entities.xlsx": _zip(
        **{
            "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlforma'
            b'ts.org/package/2006/content-types"/>',
            "xl/workbook.xml": _BOMB,
            "xl/worksheets/sheet1.xml": _BOMB,
        }
    ),
    "path.zip": _zip(**{"../../outside.csv": b"a,b\n1,2\n", "/etc/outside.csv": b"a,b\n1,2\n"}),
    "bomb.zip": _zip(**{"a.csv": b"a,b\n" + b"0,0\n" * 3_000_000}),
    "in-zip.zip": _zip(**{"a.zip": _zip(**{"b.zip": _zip(**{"c.csv": b"a,b\n1,2\n"})})}),
    "noise.csv.gz": b"\x1f\x8b" + bytes(range(256)),
    "cut.csv.gz": gzip.compress(b"a,b\n1,2\n" * 1000)[:-20],
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_words(store: Store, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if "var" not in path.parts}
    folder = tmp_path / "sent"
    folder.mkdir()
    path = folder / name
    path.write_bytes(FILES[name])
    with pytest.raises(MapAppError) as refused:
        import_file(Order(path), store)
    said = str(refused.value)
    assert said
    assert "Traceback" not in said
    assert len(said) < 2000
    after = {path for path in tmp_path.rglob("*") if "var" not in path.parts}
    assert after - before == {folder, path}
    assert store.log.seq() == 0


def test_a_name_and_cells_that_are_hostile_stay_text(store: Store, tmp_path: Path) -> None:
    texts = [text for _, text in corpus().texts]
    rows = [
        ged_rows.row(n + 1, where_coordinates=text, side_a=text, source_article=text, adm_1=text)
        for n, text in enumerate(texts)
    ]
    path = tmp_path / "GEDEvent_v23_1 <img src=x onerror=top.__xss=1> '; DROP TABLE x; --.csv"
    report = import_file(Order(ged_rows.write(path, rows)), store)
    assert report.imported + report.set_aside == len(texts)
    assert report.imported > len(texts) / 2
    assert not list(tmp_path.glob("*.xml"))


def _spoiled(change: Callable[[dict[str, object]], None], path: Path) -> Path:
    document = json.loads(dataset.write(path).read_text("ascii"))
    change(document)
    path.write_text(json.dumps(document), "ascii")
    return path


def test_an_id_that_no_question_can_name_is_refused(store: Store, tmp_path: Path) -> None:
    def source(document: dict[str, object]) -> None:
        document["sources"][0]["id"] = "a\nb"  # type: ignore[index]

    with pytest.raises(MapAppError, match="control characters"):
        import_file(Order(_spoiled(source, tmp_path / "one.json")), store)

    def incident(document: dict[str, object]) -> None:
        document["incidents"][0]["id"] = "a\x00b"  # type: ignore[index]

    report = import_file(Order(_spoiled(incident, tmp_path / "two.json")), store)
    assert report.set_aside == 1
