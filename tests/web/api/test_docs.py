"""docs/api.md: its addresses answer, its program runs, and it names every filter and setting."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.web.api.app import document
from mapapp.web.api.params import FILTERS
from mapapp.web.api.settings import DEFAULT_PER_MINUTE, ApiSettings
from tests import docs
from tests.web.api_client import served

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return docs.blocks("docs/api.md", language, __file__)


@pytest.fixture(scope="module")
def client(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("docs"), seeds) as own:
        yield own


@pytest.mark.parametrize("line", [line for b in blocks("sh") for line in b.splitlines()])
def test_each_address_answers_with_something(client: TestClient, line: str) -> None:
    program, address = shlex.split(line)
    assert program == "curl"
    parts = urlsplit(address)
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200
    if answer.headers["content-type"] == "application/geo+json" and "features" in answer.json():
        assert answer.json()["numberMatched"]


def test_the_program_runs(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = blocks("python")
    program = block.replace("import httpx\n", "")
    asked = SimpleNamespace(get=client.get)
    names: dict[str, object] = {"server": "http://testserver", "httpx": asked}
    exec(compile(program, "docs/api.md", "exec"), names)  # noqa: S102 - our own page
    assert names["found"]


def test_the_fault_shown_is_the_one_given(client: TestClient) -> None:
    (shown,) = blocks("json")
    body = client.get("/api/collections/incidents/items?datetime=yesterday").json()
    assert f'"error": "{body["error"]}"' in shown
    assert body["remedy"].startswith(shown.partition('"remedy": "')[2].split(" …")[0])


def test_every_filter_address_and_setting_is_named() -> None:
    for name in FILTERS:
        assert f"`{name}`" in TEXT
    for path in document()["paths"]:
        assert f"`{path}" in TEXT or path == "/api/openapi.json"
    for name in re.findall(r"MAPAPP_[A-Z_]+", inspect.getsource(ApiSettings)):
        assert f"`{name}`" in TEXT
    assert f"default {DEFAULT_PER_MINUTE}" in TEXT
