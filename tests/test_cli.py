"""The command line: each command on a fresh data folder, and what it says when it cannot go on."""

from __future__ import annotations

import csv
import json
import resource
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mapapp.cli import main

ROOT = Path(__file__).resolve().parent.parent


def test_export_makes_and_seeds_the_store(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    data = tmp_path / "data"
    assert main(["export", "--data-dir", str(data), "-o", str(out)]) == 0
    document = json.loads(out.read_text("utf-8"))
    assert document["schema"] == 1
    ids = [incident["id"] for incident in document["incidents"]]
    assert len(ids) == len(set(ids)) == 20
    fayzabad = next(i for i in document["incidents"] if i["id"] == "afg-2024-05-08-fayzabad-convoy")
    assert fayzabad["fatalities"] | {"best_speaker": None} == {
        "low": 3, "best": 6, "high": 6, "rule": "independent-first",
        "low_modifier": "exact", "high_modifier": "at_least", "best_speaker": None,
    }  # fmt: skip
    # Twice adds nothing: the same claims with the same ids.
    again = tmp_path / "again.json"
    assert main(["export", "--data-dir", str(data), "-o", str(again)]) == 0
    assert json.loads(again.read_text("utf-8"))["incidents"] == document["incidents"]


def test_export_by_link_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path)
    link = "http://localhost:8501/?province=AF32&tab=charts&v=34,62,8"
    assert main(["export", "--data-dir", data, "--link", link, "--rule", "lowest"]) == 0
    found = json.loads(capsys.readouterr().out)["incidents"]
    assert {i["place"]["adm1_pcode"] for i in found} == {"AF32"}
    assert len(found) == 4
    assert {i["fatalities"]["rule"] for i in found} == {"lowest"}


def test_export_as_of_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path)
    assert main(["export", "--data-dir", data, "--as-of", "2199-01-01"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["incidents"]) == 20
    assert document["selection"]["sentence"].endswith("as recorded on 2199-01-01")
    assert document["selection"]["link"].endswith("as_of=2199-01-01")
    assert main(["export", "--data-dir", data, "--link", "province=AF32&as_of=2020-01-01"]) == 1
    assert "nothing was recorded here before 2020-01-01" in capsys.readouterr().err
    assert main(["export", "--data-dir", data, "--as-of", "last week"]) == 1
    assert "last week" in capsys.readouterr().err


def test_a_broken_link_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--data-dir", str(tmp_path), "--link", "from=yesterday"]) == 1
    assert "yesterday" in capsys.readouterr().err
    assert main(["export", "--data-dir", str(tmp_path), "--link", "province=Heratt"]) == 1
    assert "“Heratt” is not known. Choose of AF32 (Herat)" in capsys.readouterr().err


def test_hapi_counts_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "counts.csv"
    command = ["export", "--data-dir", str(tmp_path / "data"), "--format", "hapi", "-o", str(out)]
    assert main(command) == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    counted = sum(int(r["events"]) for r in rows if r["event_type"] == "political_violence")
    said = capsys.readouterr().err
    assert 0 < counted < 20
    assert f"{counted} incidents written to {out}" in said
    assert f"note: {20 - counted} incidents without a first and last day left out" in said


def test_check_the_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "seeds")]) == 0
    assert "20 incidents" in capsys.readouterr().out


def test_check_names_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    for path in sorted((folder / "incidents").glob("afg-2023-*.yaml")):
        text = path.read_text("utf-8").replace("modifier: exact", "modifier: roughly")
        path.write_text(text, encoding="utf-8")
    assert main(["check", str(folder)]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("roughly") == 2
    assert "at_least" in captured.err  # the values that would do
    assert "2 faults" in captured.out


def test_import_a_seeds_folder_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "data")
    assert main(["import", str(ROOT / "seeds"), "--data-dir", data]) == 0
    assert "added 0" in capsys.readouterr().out


def test_import_a_table_and_take_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = (
        (ROOT / "mapapp" / "importers" / "forms" / "gtd_columns.txt").read_text("utf-8").split()
    )
    row = dict.fromkeys(header, "") | {
        "eventid": "202001010001", "iyear": "2020", "imonth": "1", "iday": "1",
        "country": "4", "country_txt": "Afghanistan", "provstate": "Kabul", "city": "Kabul",
        "latitude": "34.53", "longitude": "69.17", "specificity": "1", "nkill": "3", "nwound": "",
        "attacktype1": "3", "attacktype1_txt": "Bombing/Explosion", "gname": "Unknown",
        "targtype1": "14", "targtype1_txt": "Private Citizens & Property", "claimed": "0",
    }  # fmt: skip
    bad = row | {"eventid": "202001010002", "nkill": "-4"}
    path = tmp_path / "gtd.csv"
    lines = [header, list(row.values()), list(bad.values())]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    data = str(tmp_path / "data")
    assert main(["import", str(path), "--data-dir", data, "--dataset-version", "2020"]) == 1
    said = capsys.readouterr()
    assert "2 rows in, 1 imported, 1 set aside" in said.out
    assert "nkill" in said.err
    assert main(["undo-import", "--data-dir", data]) == 0
    import_id = capsys.readouterr().out.split(":")[0]
    assert main(["undo-import", import_id, "--data-dir", data]) == 0
    assert "taken back" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert main(["export", "--data-dir", str(blocked)]) == 2
    assert "data folder" in capsys.readouterr().err


def test_serve_says_which_port_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, "--data-dir", str(tmp_path)]) == 2
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["check"]])
def test_help_and_check_begin_at_once(arguments: list[str]) -> None:
    """They load no more than they need: processor time, as the machine may be busy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "mapapp", *arguments], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.2


def test_a_format_that_is_none_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "--format", "word"])
    assert "'claims-csv'" in capsys.readouterr().err


def test_a_proposed_mapping_is_corrected_and_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "desk.csv"
    table.write_text("Ref,Date,Province,Dead,Weather\nA,13/04/2019,Kabul,3,rain # hail\n", "utf-8")
    assert main(["map", str(table)]) == 1
    said = capsys.readouterr()
    assert "speaker: is empty" in said.err
    assert "Weather: have no meaning" in said.err
    target = tmp_path / "desk.mapping.yaml"
    text = target.read_text("utf-8")
    assert 'killed: "Dead"' in text
    target.write_text(text.replace('speaker: ""', 'speaker: "A desk"'), "utf-8")
    data = ["--data-dir", str(tmp_path / "data")]
    assert main(["import", *data, str(table), "--mapping", str(target)]) == 0
    said = capsys.readouterr()
    assert "1 row in, 1 imported, 0 set aside" in said.out
    assert "dates are read day first" in said.err
    assert main(["map", str(table)]) == 1  # a file that is there stays
    assert "is there already" in capsys.readouterr().err


def test_a_file_that_breaks_off_is_said_and_withdraws_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": str(at), "date": "2020-01-02", "province": "Kabul"} for at in range(6)]
    whole, cut = tmp_path / "a.json", tmp_path / "b.json"
    whole.write_text(json.dumps(rows), "utf-8")
    cut.write_text(json.dumps(rows)[:-70], "utf-8")
    mapping = tmp_path / "m.json"
    columns = {name: name for name in ("id", "date", "province")}
    mapping.write_text(
        json.dumps({"columns": columns, "dataset": "table-d", "title": "D", "speaker": "A desk"})
    )
    common = ["--data-dir", str(tmp_path / "data"), "--mapping", str(mapping)]
    assert main(["import", str(whole), *common]) == 0
    capsys.readouterr()
    assert main(["import", str(cut), *common]) == 1
    said = capsys.readouterr()
    assert "breaks off" in said.err
    assert "0 withdrawn" in said.out
    assert main(["import", str(cut), *common, "--complete"]) == 1
    assert "may not be withdrawn" in capsys.readouterr().err


def test_csv_for_excel_begins_with_a_mark(tmp_path: Path) -> None:
    plain, marked = tmp_path / "a.csv", tmp_path / "b.csv"
    for form, path in (("csv", plain), ("csv-excel", marked)):
        data = ["--data-dir", str(tmp_path / "data"), "--format", form, "-o", str(path)]
        assert main(["export", *data]) == 0
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
