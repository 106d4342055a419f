"""Under a base path, and with another before it, each role gets what it gets without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from mapapp.web.server.access import rule_of
from mapapp.web.server.base import Base, address_of, path_of
from tests import postgres
from tests.asgi_under_base import BASE
from tests.route_roles import EXPECTED, WHO

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def printed(request: pytest.FixtureRequest) -> Any:
    """With the log in the data folder, and elsewhere."""
    elsewhere = request.param == "PostgreSQL"
    log = {"MAPAPP_LOG_URL": postgres.server().database()} if elsewhere else {}
    process = subprocess.run(
        [sys.executable, "-m", "tests.asgi_under_base"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=300, env=os.environ | log,
    )  # fmt: skip
    return json.loads(process.stdout)


@pytest.mark.parametrize("number", [0, 1], ids=["base", "base below another"])
def test_each_role_gets_what_it_gets_without_a_base_path(printed: Any, number: int) -> None:
    table = printed["tables"][number]
    # A base path without its slash is answered with the way to it.
    assert set(table.pop("")) <= {200, 307}
    assert table == {path: list(row) for path, row in EXPECTED.items() if path}


def test_nothing_is_taken_outside_of_the_base_path(printed: Any) -> None:
    assert printed["outside"] in (401, 404, 405)


def test_addresses_hold_the_base_path(printed: Any) -> None:
    hrefs = [link["href"] for link in printed["api"]["links"]]
    assert hrefs
    assert all(href.startswith(f"http://testserver{BASE}/api") for href in hrefs)
    assert f'content="http://testserver{BASE}/?province=AF32"' in printed["page"]


@pytest.mark.parametrize(
    ("root", "base", "path", "plain"),
    [
        ("", "", "/data/view", "/data/view"),
        ("", "/map", "/map/data/view", "/data/view"),
        ("", "/map", "/map", "/"),
        ("", "/map", "/mapped", "/mapped"),
        ("", "/map", "/map/map/data", "/map/data"),
        ("/outer", "/map", "/outer/map/_stcore/upload_file/s/f", "/_stcore/upload_file/s/f"),
        ("/outer", "", "/outer/_stcore/upload_file/s/f", "/_stcore/upload_file/s/f"),
        ("", "/data", "/data/data/view", "/data/view"),
    ],
)
def test_a_rule_sees_the_path_that_the_router_sees(
    root: str, base: str, path: str, plain: str
) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(path_of(scope))
        await Response()(scope, receive, send)

    TestClient(Base(app, base), root_path=root).get(path)
    assert seen == [plain]
    assert (rule_of(plain) is None) == (plain in ("/", "/mapped", "/map/data"))


@pytest.mark.parametrize(
    ("prefix", "address"),
    [
        (None, "http://host"), ("/map", "http://host/map"), ("/map/", "http://host/map"),
        ("/user/ana/proxy/8501", "http://host/user/ana/proxy/8501"), ("/~/+", "http://host/~/+"),
        ("//evil.example.org", "http://host"), ("/a?b", "http://host"), ("evil", "http://host"),
    ],
)  # fmt: skip
def test_a_proxy_says_what_it_took_away(prefix: str | None, address: str) -> None:
    headers = [(b"host", b"host")]
    if prefix is not None:
        headers.append((b"x-forwarded-prefix", prefix.encode()))
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "path": "/api", "headers": headers,
        "query_string": b"", "server": ("host", 80),
    }  # fmt: skip
    assert address_of(Request(scope), None) == address
    assert address_of(Request(scope), "https://map.example.org") == "https://map.example.org"


def test_who_asks_are_those_of_the_table() -> None:
    assert all(len(row) == len(WHO) for row in EXPECTED.values())
