"""The command line, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gazetteer.__main__ import main

KEYS = ["id", "name", "placetype", "adm1_pcode", "adm2_pcode", "lat", "lng", "radius_m", "score",
        "likeness", "exact", "whole", "reasons"]  # fmt: skip


def test_geocode_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["geocode", "Police District 4 of Herat", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["text"] == "Police District 4 of Herat"
    assert document["ambiguous"] is False
    assert list(document["candidates"][0]) == KEYS
    assert document["candidates"][0]["adm2_pcode"] == "AF3201"


def test_batch_keeps_the_order_and_echoes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(
        "\ufefftext,adm1,adm2\n"
        '"Jangul village","Ghazni province","Ab Band district"\n'
        "Herat,,\n"
        ",,\n"
        "Dushanbe,,\n"
        "!!!,,\n"
        "هرات,AF32,\n",
        encoding="utf-8",
    )
    assert main(["geocode", "--batch", str(table), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == [
        "Jangul village", "Herat", "", "Dushanbe", "!!!", "هرات",
    ]  # fmt: skip
    assert lines[0]["candidates"][0]["adm2_pcode"] == "AF1113"
    assert lines[1]["ambiguous"] is True
    assert [line["candidates"] for line in lines[2:5]] == [[], [], []]
    assert lines[5]["candidates"][0]["adm2_pcode"] == "AF3201"


def test_batch_with_the_text_column_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,text\n1,Khairkhana area\n", encoding="utf-8")
    assert main(["geocode", "--batch", str(table), "--json"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["candidates"][0]["id"] == "nbh:kabul/khair-khana"


def test_plain_output_says_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["geocode", "Herat"]) == 0
    assert capsys.readouterr().out.startswith("ambiguous:")
    assert main(["geocode", "Dushanbe"]) == 0
    assert "nothing found" in capsys.readouterr().out


def test_reverse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reverse", "34.34", "62.2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["district"]["adm2_pcode"] == "AF3201"
    assert document["nearest"]["id"] == "town:herat/herat"
    assert main(["reverse", "34.34", "62.2"]) == 0
    assert "Herat district" in capsys.readouterr().out
    assert main(["reverse", "0", "0"]) == 0
    assert "outside" in capsys.readouterr().out


def test_search_and_mentions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "khair", "--json"]) == 0
    assert "nbh:kabul/khair-khana" in capsys.readouterr().out
    assert main(["search", "herat"]) == 0
    assert "town:herat/herat" in capsys.readouterr().out
    page = tmp_path / "page.txt"
    page.write_text("A blast in Aybak city.", encoding="utf-8")
    assert main(["mentions", str(page), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "town:samangan/aybak"
    assert main(["mentions", str(page)]) == 0
    assert "11-16" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["geocode", ""], ["geocode"], ["reverse", "91", "0"], ["reverse", "62.2", "34.3"],
     ["geocode", "--batch", "no-such-file.csv"], ["search", " "],
     ["import-geonames", "no-such.zip", "--out", "x"], ["geocode", "Herat", "--layer", "none"]],
)  # fmt: skip
def test_bad_input_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("gazetteer: ")


def test_a_table_without_the_column_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("place\nHerat\n", encoding="utf-8")
    assert main(["geocode", "--batch", str(table)]) == 2
    assert "no column 'text'" in capsys.readouterr().err
