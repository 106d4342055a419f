"""`mapapp read`: one page as JSON, many with a report, drafts as a folder that `check` takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mapapp.cli import main
from tests.reading.pages.support import docx, web_page

TEXT = (
    "Explosion in Kunduz city kills five\n\nAt least five people were killed and 12 others wounded "
    "in an explosion in Kunduz city on Tuesday, local sources said.\n\nA spokesman for the Taliban "
    "police in Kunduz said that three people had been killed. No group has claimed responsibility "
    "for the attack.\n"
)
DARI = (
    "انفجار در شهر مزار شریف\n\nمنابع محلی در بلخ می‌گویند که دیروز در نتیجه‌ی انفجار ماین در شهر "
    "مزار شریف هفت تن کشته و بیش از بیست تن دیگر زخمی شده‌اند.\n"
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_text(DARI, encoding="utf-8")
    (folder / "c.html").write_bytes(web_page())
    (folder / "sub" / "d.docx").write_bytes(docx(*TEXT.strip().split("\n\n")))
    (folder / "e.png").write_bytes(b"\x89PNG\r\n")
    (folder / ".hidden").write_bytes(b"\x00")
    return folder


def test_one_page_is_json_with_spans(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["read", str(pages / "a.txt"), "--publisher", "P", "--published", "2024-05-09"]
    assert main(asked) == 0
    said = json.loads(capsys.readouterr().out)
    (incident,) = said["incidents"]
    assert incident["date"]["earliest"] == "2024-05-07"
    assert incident["place"]["adm1_pcode"] == "AF19"
    killed = [c for c in incident["claims"] if c["property"] == "killed"]
    assert {(c["low"], c["high"]) for c in killed} >= {(5, None), (3, 3)}
    for claim in incident["claims"]:
        start, end = claim["span"]
        assert TEXT[start:end] == claim["words"]


def test_the_text_that_spans_count_in(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(pages / "b.txt"), "--text"]) == 0
    assert capsys.readouterr().out == DARI


def test_folders_give_a_report_and_name_what_is_not_read(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(pages), "--published", "2024-05-09"]) == 1
    out, err = capsys.readouterr()
    assert f"{pages / 'a.txt'}: text, en; 1 drafts with" in out
    assert f"{pages / 'b.txt'}: text, fa; 1 drafts with 2 claims" in out
    assert f"{pages / 'sub' / 'd.docx'}: docx, en; 1 drafts" in out
    assert "e.png: not read: this is a picture" in err
    assert "hidden" not in out + err


def test_several_pages_are_one_json(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(pages / "a.txt"), str(pages / "b.txt"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["pages"]
    assert [(one["language"], len(one["incidents"])) for one in said] == [("en", 1), ("fa", 1)]


def test_drafts_become_a_folder_that_check_takes(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drafts"
    given = [str(pages / "a.txt"), str(pages / "b.txt"), str(pages / "c.html")]
    assert main(["read", *given, "--out", str(out), "--publisher", "Example Daily"]) == 0
    assert main(["check", str(out)]) == 0
    assert "3 sources, 3 incidents" in capsys.readouterr().out
    files = {path.name: path.read_text("utf-8") for path in (out / "incidents").iterdir()}
    kunduz = next(text for name, text in files.items() if "kunduz" in name)
    # Without a day of publication "Tuesday" stays open, and is asked.
    assert "# OPEN date: " in kunduz
    assert "precision: unknown" in kunduz
    assert "asserted_by: local sources" in kunduz
    # Words of a value, and no more of the page's text.
    assert "for the attack." not in "".join(files.values())
    assert main(["read", given[0], "--out", str(out)]) == 1  # never over what is there


def test_pages_wait_in_the_inbox_of_the_data_folder(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "data" / "inbox"
    inbox.mkdir(parents=True)
    pages.rename(inbox / "pages")
    assert main(["read", "--data-dir", str(tmp_path / "data")]) == 1
    assert "a.txt: text, en; 1 drafts" in capsys.readouterr().out
    assert sorted(p.name for p in (tmp_path / "data").iterdir()) == ["inbox"]  # nothing recorded


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["nowhere.txt"], "nowhere.txt: it cannot be read (No such file"),
        (["a.txt", "--published", "yesterday"], "is no day"),
        (["a.txt", "--language", "de"], "is not read; write en, fa or ps"),
        (["e.png"], "e.png: this is a picture"),
    ],
)
def test_what_cannot_be_done_is_said(
    asked: list[str], words: str, pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(pages / asked[0]), *asked[1:]]) == 1
    assert words in capsys.readouterr().err
