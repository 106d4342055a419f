"""Signing in where the map hangs below a path: one is back there, at the view one came from."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.servers import free_port
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard
from tests.browser.nginx import behind_nginx
from tests.oidc.conftest import COOKIE, ROLES, SECRETS, provider
from tests.oidc.test_sign_in import sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("prefix", "taken"), [("/some/map", True), ("/map", False)], ids=["taken away", "base path"]
)
def test_one_signs_in_below_a_path(
    tmp_path: Path, open_page: OpenPage, prefix: str, taken: bool
) -> None:
    at_provider, port = free_port(), free_port()
    (tmp_path / "roles.toml").write_text(ROLES)
    (tmp_path / ".streamlit").mkdir()
    secrets = SECRETS.replace("{port}/", f"{port}{prefix}/") % at_provider
    (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets)
    environ = {
        "HOME": str(tmp_path), "MAPAPP_ACCESS": "signed-in",
        "MAPAPP_ROLES_FILE": str(tmp_path / "roles.toml"),
    }  # fmt: skip
    if not taken:
        environ["STREAMLIT_SERVER_BASE_URL_PATH"] = prefix.strip("/")
    with (
        behind_nginx(tmp_path, prefix, taken=taken, environ=environ, port=port) as placed,
        provider(at_provider, placed.address.rstrip("/")),
    ):
        page = open_page(f"{placed.address}?province=AF32")
        expect(page.get_by_text("open to invited readers")).to_be_visible()
        assert page.request.get(f"{placed.address}api").status == 401
        sign_in(page, "olga")
        board = Dashboard(page).ready()
        board.wait_for_param("province", "AF32")
        assert page.url.startswith(placed.address)
        assert page.request.get(f"{placed.address}api").status == 200
        assert COOKIE in {cookie["name"] for cookie in page.context.cookies()}
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        expect(page.get_by_text("open to invited readers")).to_be_visible()
        assert page.url.startswith(placed.address)
        assert page.request.get(f"{placed.address}api").status == 401
