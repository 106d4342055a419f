"""Prints what each route of the application answers each role under Streamlit's base path, as JSON.

A process of its own: the base path is read when the application is made, and Streamlit's runtime
cannot be made twice in one.
"""

from __future__ import annotations

import json
import sys
import tempfile
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit import config

from mapapp.domain.access import AccessSettings, Role
from mapapp.web.server.access import Access, WhoAsks
from mapapp.web.server.base import Base
from tests.route_roles import EXPECTED, WHO, example

BASE = "/a/map"


def always(role: Role) -> WhoAsks:
    """Says of every request that it is from this role."""
    return lambda headers, cookies: role


def answers(root_path: str) -> dict[str, list[int]]:
    """Path without the base → a status for each of `WHO`; `root_path` is what a server adds."""
    from mapapp.asgi import app

    own: Any = app
    routes = own._starlette_app.routes
    table: dict[str, list[int]] = {}
    for mode, role in WHO:
        settings = AccessSettings(mode=mode)
        door = [
            Middleware(Base, path=BASE),
            Middleware(Access, who=always(role), may=settings.may),
        ]
        client = TestClient(
            Starlette(routes=routes, middleware=door), raise_server_exceptions=False,
            follow_redirects=False, root_path=root_path,
        )  # fmt: skip
        for path in EXPECTED:
            method = "PUT" if "upload" in path else "GET"
            address = root_path + BASE + example(path)
            table.setdefault(path, []).append(client.request(method, address).status_code)
    return table


def main() -> None:
    """Print both tables and a few whole answers."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPAPP_DATA_DIR", folder)
        # As `streamlit run` does with STREAMLIT_SERVER_BASE_URL_PATH.
        config.set_option("server.baseUrlPath", BASE.strip("/"))
        from mapapp.asgi import app

        with TestClient(app) as client:
            landing = client.get(f"{BASE}/api").json()
            page = client.get(f"{BASE}/?province=AF32").text
            outside = client.put("/_stcore/upload_file/s/f", files={"f": b"x"}).status_code
            tables = [answers(""), answers("/outer")]
        json.dump({"tables": tables, "api": landing, "page": page, "outside": outside}, sys.stdout)


if __name__ == "__main__":
    main()
