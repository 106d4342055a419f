"""Streamlit's front end in one file: its content, how it is sent, the page that begins with it."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp import streamlit_internals
from mapapp.web import front_end
from mapapp.web.front_end import NONCE, OF_FIRST_VIEW, FrontEnd

FOLDER = streamlit_internals.front_end_folder() / "js"


@pytest.fixture(scope="module")
def made() -> FrontEnd:
    return FrontEnd(
        streamlit_internals.index_html(), FOLDER, ["assets/map.js?v=1", "assets/map.css?v=1"],
        ["assets/page.js?v=2"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(made: FrontEnd) -> TestClient:
    return TestClient(Starlette(routes=[made.route()]))


def test_streamlit_has_the_modules_that_a_first_view_needs(made: FrontEnd) -> None:
    stems = [name.split(".")[0] for name in made.names]
    assert {*OF_FIRST_VIEW, "index"} <= set(stems)
    assert len(made.names) > 50


def test_modules_name_each_other_by_what_the_import_map_knows(client: TestClient) -> None:
    texts = client.get(f"/{front_end.PATH}").json()
    for name, text in texts.items():
        assert not re.search(r"""(\bfrom|\bimport\(?)["'`]\./[\w.$-]+\.js["'`]""", text), name
        assert "import.meta.url" not in text
        named = re.findall(r"""(?:\bfrom|\bimport)["'`]streamlit/([\w.$-]+)["'`]""", text)
        assert [other for other in named if other not in texts] == [], name
        # Nothing else was touched: with the names put back it is the file.
        back = re.sub(r"""(["'`])streamlit/([\w.$-]+\.js)""", r"\1./\2", text)
        back = back.replace(f'(globalThis.streamlitScripts+"{name}")', "import.meta.url")
        assert back == (FOLDER / name).read_text("utf-8")


def test_it_is_sent_packed_or_plain_and_kept_for_ever(client: TestClient, made: FrontEnd) -> None:
    address = f"/{front_end.PATH}?v={made.version}"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 700_000
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    assert "immutable" in plain.headers["cache-control"]
    assert "immutable" not in client.get(f"/{front_end.PATH}?v=old").headers["cache-control"]
    again = client.get(address, headers={"If-None-Match": packed.headers["etag"]})
    assert again.status_code == 304
    assert json.loads(gzip.decompress(made._packed)) == plain.json()


def test_the_page_asks_for_one_file_instead_of_many(made: FrontEnd) -> None:
    assert "modulepreload" not in made.index
    assert 'type="module"' not in made.index
    assert 'as="font"' not in made.index
    assert f'nonce="{NONCE}"' in made.index
    assert '<link rel="preload" as="script" href="assets/map.js?v=1" />' in made.index
    assert '<link rel="preload" as="style" href="assets/map.css?v=1" />' in made.index
    assert 'as="script" crossorigin href="assets/page.js?v=2"' in made.index
    assert made.index.count("<title>") == 1


def test_a_page_without_a_beginning_stops_the_start() -> None:
    with pytest.raises(AssertionError, match="no module to begin with"):
        FrontEnd("<html><head><title>x</title></head></html>", FOLDER)
