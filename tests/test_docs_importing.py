"""The examples of docs/importing.md run as they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mapapp import cli
from mapapp.ingest import coverage
from tests import docs, ged_rows

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_example_imports_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("council.csv").write_text(
        "id,date,place,province,lat,lng,killed\n"
        "1,03/04/2019,Jurm,Badakhshan,36.86,70.83,2\n"
        "2,05/04/2019,Jurm,Badakhshan,36.86,70.83,-2\n",
        encoding="utf-8",
    )
    (example,) = docs.blocks("docs/importing.md", "python", __file__)
    exec(example, {"__name__": "example"})  # noqa: S102 - our own documentation
    said = capsys.readouterr().out
    assert "2 rows in, 1 imported, 1 set aside" in said
    assert "negative" in said


def test_the_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "data"))
    ged_rows.write(Path("GEDEvent_v23_1.csv"), [ged_rows.row(n) for n in range(1, 6)])
    Path("council.csv").write_text("no,day,place\n1,03/04/2019,Kandahar\n", encoding="utf-8")
    mapping = {
        "columns": {"id": "no", "date": "day", "place": "place"}, "dataset": "table-council",
        "title": "Incidents of 2019", "speaker": "A local council",
    }  # fmt: skip
    Path("council.json").write_text(json.dumps(mapping), encoding="utf-8")
    for arguments in docs.commands("docs/importing.md", __file__):
        assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "5 rows in, 5 imported, 0 set aside" in said
    assert "1 row in, 1 imported, 0 set aside" in said
    assert said.count("GEDEvent_v23_1.csv") == 2  # also among the imports listed


def test_words_that_fit_several_places_are_named_with_what_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "data"))
    Path("t.csv").write_text("no,day,place\n1,2019-04-03,Kandahar\n", encoding="utf-8")
    mapping = {
        "columns": {"id": "no", "date": "day", "place": "place"}, "dataset": "table-t",
        "title": "T", "speaker": "A desk",
    }  # fmt: skip
    Path("t.json").write_text(json.dumps(mapping), encoding="utf-8")
    assert cli.main(["import", "t.csv", "--mapping", "t.json"]) == 1
    assert "say --place 'Kandahar=ID' with" in capsys.readouterr().out
    assert cli.main(["import", "t.csv", "--mapping", "t.json", "--place", "Kandahar"]) == 1
    assert "names no place" in capsys.readouterr().err


def test_the_declared_coverage_is_read(tmp_path: Path) -> None:
    (text,) = docs.blocks("docs/importing.md", "yaml", __file__)
    path = tmp_path / "covers.yaml"
    path.write_text(text, "utf-8")
    declared = coverage.read(path)
    assert (str(declared.first), str(declared.last)) == ("2023-01-01", "2024-06-30")
