"""Docs that can fail: every block is run or says why not, every setting and named test is there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mapapp import cli, settings
from mapapp.domain.access import Role, read_roles
from mapapp.gate.file import rules_in
from tests import docs
from tests.docs import ROOT

BLOCKS = [(page, number) for page in docs.PAGES for number in range(len(docs.of_page(page)))]


@pytest.mark.parametrize(("page", "number"), BLOCKS)
def test_a_block_is_run_or_says_why_not(page: str, number: int) -> None:
    block = docs.of_page(page)[number]
    assert block.run or block.why_not, (
        f"say above it what runs it, or why nothing does:\n{block.text}"
    )
    if block.run:
        test = (ROOT / block.run).read_text("utf-8")
        assert "docs.blocks(" in test or "docs.commands(" in test
        assert Path(page).name in test
    else:
        assert len(block.why_not) > 10


def test_every_setting_is_set_in_a_test() -> None:
    tests = "".join(
        path.read_text("utf-8")
        for path in (ROOT / "tests").rglob("*.py")
        if path.name != "test_docs.py"
    )
    assert [name for name in settings.NAMES if f'"{name}' not in tests] == []


NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_test_that_a_page_names_is_there(page: str) -> None:
    for file, name in NAMED.findall((ROOT / page).read_text("utf-8")):
        assert re.search(rf"^(async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.M), name


def test_every_promise_of_hosting_names_its_test() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    section = page.partition("## What is promised")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+) \| (.+) \|$", section, re.M)[1:]
    assert len(rows) > 15
    assert [promise for promise, test in rows if not re.search(r"`tests/[\w/]+\.py", test)] == []


def test_settings_in_a_file_are_read(tmp_path: Path) -> None:
    (text,) = docs.blocks("docs/configuration.md", "toml", __file__)
    path = tmp_path / "secrets.toml"
    path.write_text(text, "utf-8")
    environ: dict[str, str] = {}
    settings.take_secrets(environ, [path])
    own = settings.check(environ)
    assert (own.public_url, own.log_format) == ("https://map.example.org", "json")


def test_a_setting_of_the_environment_is_read() -> None:
    (text,) = docs.blocks("docs/configuration.md", "sh", __file__)
    (words,) = shlex.split(text)
    name, _, value = words.partition("=")
    assert len(settings.check({name: value}).basemaps) == 3


def test_roles_in_a_file_are_read(tmp_path: Path) -> None:
    (text,) = docs.blocks("docs/access.md", "toml", __file__)
    path = tmp_path / "roles.toml"
    path.write_text(text, "utf-8")
    people, groups = read_roles(path)
    assert people["chief@example.org"] is Role.OWNER
    assert groups == {"newsroom": Role.EDITOR}


def test_rules_of_the_gate_are_read_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = docs.blocks("docs/gate.md", "toml", __file__)
    assert rules_in(text.encode(), Path("gate.toml")).delay_days == 7
    (tmp_path / "gate.toml").write_text(text, "utf-8")
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path))
    assert cli.main(["export", "-o", str(tmp_path / "all.json")]) == 0
    (arguments,) = docs.commands("docs/gate.md", __file__)
    assert cli.main(arguments) == 1  # no data set and no publisher of these names is here
    said = capsys.readouterr().out
    assert "withholds 1 incident" in said
    assert "fits nothing" in said


def test_backups_are_made_and_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "srv" / "mapapp" / "var"))
    export = ["export", "-o", str(tmp_path / "all.json")]
    for arguments in (export, *docs.commands("docs/operations.md", __file__)):
        made = sorted((tmp_path / "srv" / "backups").glob("mapapp-*"))
        words = [
            str(made[-1]) if "mapapp-…" in word else word.replace("/srv/", f"{tmp_path}/srv/")
            for word in arguments
        ]
        # A process each: what one holds open is in use for the next.
        subprocess.run([sys.executable, "-m", "mapapp", *words], cwd=ROOT, check=True)


def test_a_line_of_the_log_has_these_fields() -> None:
    (text,) = docs.blocks("docs/operations.md", "json", __file__)
    line = json.loads(text)
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    told = page.partition("### MAPAPP_LOG_FORMAT")[2].partition("###")[0]
    assert list(line) == [n for n in re.findall(r"`(\w+)`", told) if n not in ("text", "json")]


def test_the_static_site_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "data"))
    (arguments,) = docs.commands("docs/hosting.md", __file__)
    assert cli.main(arguments) == 0
    assert (tmp_path / "site" / "index.html").is_file()


def test_the_gazetteers_first_page_runs() -> None:
    names: dict[str, object] = {}
    for text in docs.blocks("gazetteer/README.md", "python", __file__):
        for line in text.splitlines():
            if not line.strip():
                continue
            code, _, said = line.partition("  # ")
            try:
                value = eval(code, names)  # noqa: S307 - our own page
            except SyntaxError:
                exec(code, names)  # noqa: S102
                continue
            # What stands behind a call begins with what it gives, where that is a word.
            if said and isinstance(value, str):
                assert said.split()[0].rstrip(",") == value, line
            elif said.split(":")[0] in ("True", "False"):
                assert str(value) == said.split(":")[0], line
            elif said:
                assert value, line
    assert "geocoder" in names
