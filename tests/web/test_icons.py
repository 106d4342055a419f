"""The font of icons: those that are named are in it, and it is small."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from mapapp import streamlit_internals
from mapapp.web import icons
from mapapp.web.icons import Icons, SmallIcons

FOLDER = streamlit_internals.front_end_folder()


def names_in(content: bytes) -> set[str]:
    return {name for name, _ in icons._ligatures(TTFont(io.BytesIO(content)))}


def served(made: Icons) -> bytes:
    client = TestClient(Starlette(middleware=[Middleware(SmallIcons, icons=made)]))
    assert client.get("/static/media/other.woff2").status_code == 404
    answer = client.get(made.path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "font/woff2"
    assert "immutable" in answer.headers["cache-control"]
    return answer.content


def test_until_it_is_cut_the_whole_font_is_sent(tmp_path: Path) -> None:
    (whole,) = (FOLDER / "media").glob("MaterialSymbols-Rounded.*.woff2")
    assert served(Icons(FOLDER, tmp_path)) == whole.read_bytes()


def test_what_is_named_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    made = Icons(FOLDER, tmp_path)
    whole = names_in(served(made))
    made.cut()
    content = served(made)
    assert len(content) < 100_000
    found = names_in(content)
    assert {"close", "expand_more", "check", "keyboard_double_arrow_left"} <= found
    assert len(found) < len(whole) / 4
    # One that neither Streamlit nor a program names, until a program does.
    other = min(whole - found)
    (tmp_path / "page.py").write_text(f'st.button("x", icon=":material/{other}:")\n')
    made.cut()
    assert names_in(served(made)) == found | {other}


def test_a_font_that_cannot_be_cut_is_sent_whole(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(file: Path, names: set[str]) -> bytes:
        raise ValueError("no GSUB")

    monkeypatch.setattr(icons, "_of", broken)
    made = Icons(FOLDER)
    made.cut()
    assert len(served(made)) > 300_000
    assert "sent whole" in caplog.text
