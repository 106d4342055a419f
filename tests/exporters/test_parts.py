"""Exports written part by part: the same content as in one piece."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mapapp import cli
from mapapp.cli import export as cli_export
from mapapp.domain.batch import Batch
from mapapp.domain.selection import Selection
from mapapp.exporters import reading
from mapapp.exporters.extract import Extract
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import Parts, read_extract
from mapapp.snapshot.snapshot import Snapshot
from mapapp.store.store import Store
from tests.exporters.extracts import MARK, mixed

ALL = Selection(background=True, abroad=True)
IN_PARTS = [name for name, form in FORMATS.items() if form.write_parts]


@pytest.fixture(scope="module")
def snapshot(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The seeds, and incidents with sources that may not be passed on."""
    store = Store.open(tmp_path_factory.mktemp("store"))
    store.append(seeds, by="test")
    store.append(mixed(), by="test")
    yield store.gate.shareable(store.publish())
    store.close()


def content(name: str, data: bytes) -> Any:
    """What a file says, whatever its layout; without the time it was made."""
    if name == "csv-package":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            texts = {own: archive.read(own).decode() for own in archive.namelist()}
        tables = {
            own: list(csv.reader(io.StringIO(text, newline="")))
            for own, text in texts.items()
            if own.endswith(".csv")
        }
        described = json.loads(texts["datapackage.json"])
        del described["created"]
        return tables, described, texts["README.txt"]
    if name == "geoparquet":
        table = pq.read_table(io.BytesIO(data))
        said = {key: json.loads(value) for key, value in table.schema.metadata.items()
                if key != b"ARROW:schema"}  # fmt: skip
        del said[b"mapapp:selection"]["made_at"]
        return table.to_pylist(), table.schema.remove_metadata(), said
    found = json.loads(data)
    del found["selection"]["made_at"]
    return found


def written(name: str, snapshot: Snapshot, selection: Selection, extract: Extract) -> bytes:
    out = io.BytesIO()
    own = Parts(snapshot, selection)
    own.whole = replace(own.whole, made_at=extract.made_at)
    write = FORMATS[name].write_parts
    assert write is not None
    write(own, out)
    assert own.whole.number == len(extract.incidents)
    assert own.whole.notes == extract.notes
    return out.getvalue()


@pytest.mark.parametrize("name", IN_PARTS)
@pytest.mark.parametrize("selection", [ALL, Selection(text="no such words anywhere")])
def test_parts_hold_what_one_piece_holds(
    name: str, selection: Selection, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PART_INCIDENTS", 4)
    extract = read_extract(snapshot, selection)
    data = written(name, snapshot, selection, extract)
    assert content(name, data) == content(name, FORMATS[name].content(extract))
    assert MARK not in str(content(name, data))


def test_the_command_writes_a_large_selection_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_export, "MAX_WHOLE", 3)
    monkeypatch.setattr(reading, "PART_INCIDENTS", 4)
    out = tmp_path / "all.geojson"
    command = ["export", "--format", "geojson", "-o", str(out), "--data-dir", str(tmp_path / "v")]
    assert cli.main(command) == 0
    found = json.loads(out.read_bytes())
    assert len(found["features"]) == found["selection"]["incidents"] > 10
    assert f"{len(found['features'])} incidents written to {out}" in capsys.readouterr().err
    assert list(tmp_path.glob("*.part")) == []
