"""An identity provider and the application as two processes, and readers who sign in at them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from benchmarks.servers import free_port
from tests.browser.conftest import open_page, patience, serving

__all__ = ["open_page", "patience"]

HERE = Path(__file__).parent
COOKIE = "_streamlit_user"
COOKIE_SECRET = "a-cookie-secret-of-the-tests-only-0123456789"

#: What the public and viewers are not shown.
WITHHELD = "afg-2024-05-08-fayzabad-convoy"

ROLES = """
[people]
"olga@example.org" = "owner"

[groups]
newsroom = "editor"
"""

SECRETS = f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "map"
client_secret = "a-secret-of-the-tests-only"
server_metadata_url = "http://127.0.0.1:%d/.well-known/openid-configuration"
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """The application that only who has signed in may read, its provider and its roles file."""

    address: str
    provider: str
    roles: Path
    clients: ExitStack

    def login_link(self, **claims: object) -> str:
        """What the button "Sign in" leads to; `claims` replace those of its token."""
        said = {"provider": "default", "exp": int(time.time()) + 120} | claims
        token = jwt.encode({"alg": "HS256"}, said, OctKey.import_key(COOKIE_SECRET))
        return f"{self.address}/auth/login?provider={token}"

    def signed_in(self, name: str) -> httpx2.Client:
        """A client that has gone the whole way to the provider and back, whatever came of it."""
        client = self.client()
        asked = client.get(self.login_link(), follow_redirects=True)
        assert asked.url.path.startswith("/interaction/"), asked.text
        back = client.post(str(asked.url), data={"login": name}, follow_redirects=False)
        while (back.next_request is not None) and back.next_request.url.path != "/oauth2callback":
            back = client.send(back.next_request)
        assert back.next_request is not None, back.text
        answer = client.send(back.next_request)
        assert (answer.status_code, answer.headers["location"]) == (302, "./")
        client.headers["x-callback"] = str(answer.url)
        return client

    def client(self) -> httpx2.Client:
        """Somebody new."""
        return self.clients.enter_context(
            httpx2.Client(base_url=self.address, timeout=60, trust_env=False)
        )


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("home")
    data, roles, port = home / "var", home / "roles.toml", free_port()
    data.mkdir()
    (data / "gate.toml").write_text(f'withhold_incidents = ["{WITHHELD}"]\n')
    roles.write_text(ROLES)
    (home / ".streamlit").mkdir()
    (home / ".streamlit" / "secrets.toml").write_text(SECRETS % port)
    environ = {
        "HOME": str(home), "MAPAPP_ACCESS": "signed-in", "MAPAPP_ROLES_FILE": str(roles),
    }  # fmt: skip
    with serving(data, environ) as address, provider(port, address), ExitStack() as clients:
        yield Installation(address, f"http://127.0.0.1:{port}", roles, clients)


@contextmanager
def provider(port: int, address: str) -> Iterator[None]:
    """The identity provider of an installation at an address."""
    node = shutil.which("node")
    assert node, "Node.js runs the identity provider of this test; install it: apt install nodejs"
    assert (HERE / "node_modules" / "oidc-provider").is_dir(), (
        "the identity provider of this test is not installed; make test does it, or: "
        "npm ci --prefix tests/oidc (npm: apt install npm)"
    )
    command = [node, "provider.js", str(port), f"{address}/oauth2callback"]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("ready "), f"the identity provider did not start: {said}"
        yield
        process.terminate()
