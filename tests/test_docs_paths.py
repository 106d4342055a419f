"""Every file of ours that the documentation names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

#: A path below one of our folders, up to white space or punctuation; `*` and `…` stand for several.
NAMED = re.compile(
    r"(?<![\w/.-])((?:mapapp|gazetteer|tests|benchmarks|scripts|seeds|deploy|docs)/"
    r"[\w./*-]*[\w*/])"
)


def named(text: str) -> list[str]:
    return sorted({path for path in NAMED.findall(text) if "." in path.rpartition("/")[2]})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_it_names_are_there(page: Path) -> None:
    missing = [path for path in named(page.read_text("utf-8")) if not list(ROOT.glob(path))]
    assert missing == []


def test_paths_are_found() -> None:
    assert named("see `mapapp/asgi.py`, docs/map.md and https://x.org/docs/y.md") == [
        "docs/map.md", "mapapp/asgi.py",
    ]  # fmt: skip


def test_scripts_of_the_map_have_a_line_of_their_own() -> None:
    text = (ROOT / "docs" / "map.md").read_text("utf-8")
    assets = ROOT / "mapapp" / "map" / "assets"
    told = set(re.findall(r"`(?:assets/)?(\w+\.js)`", text))
    assert {path.name for path in assets.glob("*.js")} <= told
