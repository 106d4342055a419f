"""The running application: page, data and assets with a 404 each, and every route as each role.

One file, because Streamlit's runtime cannot be started twice in a process.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp import streamlit_internals
from mapapp.domain.access import AccessSettings, Mode, Role
from mapapp.ui import services
from mapapp.ui.reader import access
from mapapp.web.server.access import RULES, SMALL_BYTES, Access, WhoAsks, rule_of
from mapapp.web.server.framing import GUARD
from mapapp.web.server.security import Security
from tests.route_roles import EXPECTED, WHO, example

#: The page itself: it is Streamlit's shell and asks for its reader's role at each run.
SHELL = ("/", "")

REMEDY = (
    "This route has no rule of who may ask for it. Add a line to RULES in "
    "mapapp/web/server/access.py: "
    'Rule("{path}", Permission.READ) for data of the snapshot that `readable(request, …)` gives, '
    "a stronger permission for what changes or runs something, None for what is the same for all."
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPAPP_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        from mapapp.asgi import app

        with TestClient(app) as served:
            yield served


@pytest.fixture(scope="module")
def application(client: TestClient) -> Any:
    return client.app


@pytest.fixture(scope="module")
def paths(application: Any) -> list[str]:
    """All paths that the running application has routes for, ours and Streamlit's."""
    found = [getattr(route, "path", "") for route in application._starlette_app.routes]
    assert len(found) > 40
    return list(dict.fromkeys(found))


def bare(application: Any) -> Starlette:
    """Its routes without the middlewares, so that a test says who asks."""
    return Starlette(routes=application._starlette_app.routes)


def refused(answer: Any) -> bool:
    """Whether the gate at the door refused; Streamlit's own check of uploads also says 403."""
    said = ("sign in to do that", "your role here may not do that")
    return answer.status_code in (401, 403) and any(words in answer.text for words in said)


def always(role: Role) -> WhoAsks:
    """Says of every request that it is from this role."""
    return lambda headers, cookies: role


def test_the_page_is_served(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "<title>" in answer.text


def test_the_map_frame_is_there_before_any_session(client: TestClient) -> None:
    assert client.get("/component/streamlit_folium.st_folium/index.html").status_code == 200


def test_data_is_of_the_seeded_store(client: TestClient) -> None:
    found = client.get("/data/view").json()
    assert found["counts"]["total"] > 5
    incident = found["incidents"][0]["id"]
    assert services.dashboard().incident(incident).incident.id == incident


@pytest.mark.parametrize("path", ["/data/nothing", "/api/nothing", "/assets/nothing.js"])
def test_our_paths_answer_their_own_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<html" not in answer.text


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_every_route_has_a_rule(paths: list[str]) -> None:
    for path in paths:
        if path not in SHELL:
            assert rule_of(example(path)) is not None, REMEDY.format(path=path)


def test_no_rule_is_left_over(paths: list[str]) -> None:
    used = {rule_of(example(path)) for path in paths if path not in SHELL}
    assert [rule.path for rule in RULES if rule not in used and rule.path != "/static"] == []


@pytest.mark.parametrize("mode", [Mode.PUBLIC, Mode.SIGNED_IN])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may(
    application: Any, paths: list[str], mode: Mode, role: Role
) -> None:
    own = AccessSettings(mode=mode)
    client = TestClient(
        Access(bare(application), lambda headers, cookies: role, own.may),
        raise_server_exceptions=False,
    )
    asked = 0
    for path in paths:
        rule = rule_of(example(path))
        if rule is None or rule.needs is None or path == "/_stcore/stream":
            continue
        method = "PUT" if "upload" in path else "GET"
        answer = client.request(method, example(path))
        asked += 1
        if own.may(role, rule.small or rule.needs):  # nothing is sent along: a small body
            assert not refused(answer), path
            if role is not Role.ANONYMOUS and path.startswith(("/data", "/api", "/feed")):
                assert answer.headers["cache-control"] == "private, no-store", path
        else:
            assert answer.status_code == (401 if role is Role.ANONYMOUS else 403), path
            assert answer.headers["cache-control"] == "no-store"
        if not path.startswith(("/_stcore", "/assets")):
            assert "Cookie" in answer.headers.get("vary", "") or answer.status_code in (401, 403)
    assert asked > 20


def test_every_route_is_written_down_for_every_role(application: Any, paths: list[str]) -> None:
    """A new route without a line in tests/route_roles.py fails, and so does a line without one."""
    asked = [path for path in paths if path != "/_stcore/stream"]  # the page's: it asks at each run
    assert sorted(asked) == sorted(EXPECTED)
    for number, (mode, role) in enumerate(WHO):
        client = TestClient(
            Access(bare(application), always(role), AccessSettings(mode=mode).may),
            raise_server_exceptions=False,
            follow_redirects=False,
        )
        for path in asked:
            method = "PUT" if "upload" in path else "GET"
            got = client.request(method, example(path) or "/").status_code
            assert got == EXPECTED[path][number], (path, mode, role)


WITHHELD = "afg-2022-09-28-kabul-kaj"

#: Addresses that tell of every incident, or of one.
TELLING = (
    "/data/view", "/data/table", "/data/facets?part=provinces", "/data/series?step=day",
    "/api/collections/incidents/items?limit=1000",
    f"/api/collections/incidents/items/{WITHHELD}", f"/api/incidents/{WITHHELD}",
    "/api/tiles/6/44/25.mvt", "/feed.atom",
)  # fmt: skip


def test_what_is_held_back_is_for_editors_and_owners_alone(application: Any) -> None:
    gate = services.store().data_dir / "gate.toml"

    def answers(role: Role) -> list[tuple[int, bytes]]:
        client = TestClient(
            Access(bare(application), always(role), AccessSettings().may),
            raise_server_exceptions=False,
        )
        found = [client.get(address) for address in TELLING]
        made = re.compile(rb'"timeStamp":"[^"]*"')
        return [(answer.status_code, made.sub(b"", answer.content)) for answer in found]

    whole = answers(Role.ANONYMOUS)
    try:
        gate.write_text(f'withhold_incidents = ["{WITHHELD}"]\n', "utf-8")
        told = {role: answers(role) for role in Role}
    finally:
        gate.unlink()
    assert told[Role.ANONYMOUS] == told[Role.VIEWER]
    assert told[Role.EDITOR] == told[Role.OWNER]
    for address, public, all_of_it, before in zip(
        TELLING, told[Role.VIEWER], told[Role.OWNER], whole, strict=True
    ):
        if address != "/feed.atom":  # the feed is the public's for everybody
            assert all_of_it == before, address
            assert public != before, address
        assert WITHHELD.encode() not in public[1].replace(b"'" + WITHHELD.encode() + b"'", b"")


def test_owners_upload_and_editors_no_more_than_a_page(application: Any) -> None:
    for role in Role:
        client = TestClient(Access(bare(application), always(role), AccessSettings().may))
        answer = client.put("/_stcore/upload_file/none/none", files={"f": b"x"})
        assert refused(answer) is (role not in (Role.EDITOR, Role.OWNER))
        large = {"f": bytes(SMALL_BYTES)}
        answer = client.put("/_stcore/upload_file/none/none", files=large)
        assert refused(answer) is (role is not Role.OWNER)
        unsaid = client.put("/_stcore/upload_file/none/none", content=iter([b"x"]))
        assert refused(unsaid) is (role is not Role.OWNER)


SECRETS = {
    "cookie_secret": "a-secret-of-the-tests-only-0123456789",
    "redirect_uri": "https://map.example.org/oauth2callback",
    "client_id": "map",
}


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """An identity provider is set up, as Streamlit's functions see it."""
    from streamlit import auth_util
    from streamlit.web.server import server_util
    from streamlit.web.server.starlette import starlette_websocket

    monkeypatch.setattr(streamlit_internals, "get_secrets_auth_section", lambda: SECRETS)
    monkeypatch.setattr(auth_util, "get_secrets_auth_section", lambda: SECRETS)
    for module in (server_util, starlette_websocket):
        monkeypatch.setattr(module, "get_cookie_secret", lambda: SECRETS["cookie_secret"])


def cookie(secret: str = SECRETS["cookie_secret"], **claims: Any) -> dict[str, str]:
    """The cookie that Streamlit gives who signs in, by its own function."""
    import json

    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    said = {
        "origin": "https://map.example.org", "is_logged_in": True, "sub": "s",
        "aud": "map", "iat": int(time.time()),
    }  # fmt: skip
    text = json.dumps(said | claims)
    return {"_streamlit_user": create_signed_value(secret, "_streamlit_user", text).decode()}


@pytest.mark.parametrize(
    ("cookies", "role"),
    [
        ({}, Role.ANONYMOUS),
        (cookie(), Role.VIEWER),
        (cookie(roles=["owner"]), Role.OWNER),
        (cookie("another-secret", roles=["owner"]), Role.ANONYMOUS),
        (cookie(origin="https://evil.example.org", roles=["owner"]), Role.ANONYMOUS),
        (cookie(is_logged_in=False, roles=["owner"]), Role.ANONYMOUS),
        (cookie(iat=int(time.time()) - 13 * 3600, roles=["owner"]), Role.ANONYMOUS),
        (cookie(aud=["another", "map"]), Role.VIEWER),
        (cookie(aud="another", azp="map", roles=["owner"]), Role.ANONYMOUS),
        (cookie(aud=None, roles=["owner"]), Role.ANONYMOUS),
        ({"_streamlit_user": "x.y.z"}, Role.ANONYMOUS),
    ],
)
def test_a_route_reads_the_cookie_of_the_page(
    sign_in: None, cookies: dict[str, str], role: Role
) -> None:
    del sign_in
    assert access.role_of({"host": "map.example.org"}, cookies) is role


@pytest.fixture(scope="module")
def secured(application: Any) -> TestClient:
    inner = Security(application._starlette_app, "<script>a</script>", "https://map.example.org", 3)
    return TestClient(inner)


def test_another_host_is_not_answered(secured: TestClient) -> None:
    for host, status in (
        ("map.example.org", 404), ("127.0.0.1:8501", 404), ("evil.example.org", 421), ("[x", 421),
    ):  # fmt: skip
        answer = secured.get("/assets/none", headers={"Host": host})
        assert answer.status_code == status, host
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert secured.get("/healthz", headers={"Host": "10.1.2.3"}).status_code == 200


def test_the_map_s_data_have_a_limit(secured: TestClient) -> None:
    here = {"Host": "map.example.org"}
    answers = [secured.get("/data/series", headers=here) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_owner_names_who_may_frame_the_whole_page(application: Any) -> None:
    named = frozenset({"https://news.example", "https://desk.example"})
    inner = Security(bare(application), "", None, 0, named)
    policy = TestClient(inner).get("/").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://desk.example https://news.example")


def test_the_frame_of_a_component_hears_its_own_page_before_its_scripts_do(
    client: TestClient,
) -> None:
    address = "/component/streamlit_folium.st_folium/index.html"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content.count(GUARD) == 1
    assert answer.content.index(GUARD) < answer.content.index(b"<script", 0) + 1
    assert int(answer.headers["content-length"]) == len(answer.content)
    # Neither a part nor "not changed" comes without it.
    again = client.get(address, headers={"If-None-Match": answer.headers.get("etag", "*"),
                                         "Range": "bytes=300-"})  # fmt: skip
    assert again.content == answer.content
    (script,) = re.findall(rb'src="\.?/?([^"]+\.js)"', answer.content)[:1]
    plain = client.get(f"/component/streamlit_folium.st_folium/{script.decode()}")
    assert plain.status_code == 200
    assert GUARD not in plain.content


def test_scripts_of_packages_are_sent_compressed_and_compressed_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = re.findall(r'data-entry="([^"]+\.js)"', client.get("/").text)
    script = f"static/js/{name}"
    plain = client.get(f"/{script}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    first = client.get(f"/{script}")
    assert first.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in first.headers["vary"]
    assert int(first.headers["content-length"]) < 0.4 * len(plain.content)
    assert first.content == plain.content
    assert first.headers["cache-control"] == plain.headers["cache-control"]
    with monkeypatch.context() as patch:
        patch.setattr("gzip.compress", None)  # it is kept
        again = client.get(f"/{script}")
    assert again.content == plain.content
    new = {"x-request-id": "", "content-security-policy": ""}  # in each answer
    assert dict(again.headers) | new == dict(first.headers) | new
    # A part, or the question whether it has changed, is answered as ever.
    part = client.get(f"/{script}", headers={"Range": "bytes=0-9"})
    assert part.status_code in (200, 206)
    assert "content-encoding" not in part.headers
    unchanged = client.get(f"/{script}", headers={"If-None-Match": first.headers.get("etag", "")})
    assert unchanged.status_code in (200, 304)
    # A path that is not there is answered with the page, which is not kept under its name.
    missing = client.get("/static/js/nothing.js")
    assert missing.headers["content-type"].startswith("text/html")
    assert "content-encoding" not in missing.headers


def test_each_kind_of_answer_has_its_policy(secured: TestClient) -> None:
    here = {"Host": "map.example.org"}
    page = secured.get("/", headers=here).headers["content-security-policy"]
    assert "'unsafe-eval'" not in page
    assert re.search(r"script-src 'self' 'wasm-unsafe-eval' blob: 'nonce-\S{16}' 'sha256-", page)
    assert "frame-ancestors 'self'" in page
    # The nonce is of one answer, and the page has the one of its policy.
    again = secured.get("/", headers=here)
    (nonce,) = re.findall(r"'nonce-(\S+)'", again.headers["content-security-policy"])
    assert f"'nonce-{nonce}'" not in page
    assert f'<script nonce="{nonce}"' in again.text
    embedded = secured.get("/?embed=true", headers=here).headers["content-security-policy"]
    assert "frame-ancestors *" in embedded
    frame = secured.get("/component/streamlit_folium.st_folium/index.html", headers=here)
    assert "'unsafe-eval'" in frame.headers["content-security-policy"]
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    api = secured.get("/api", headers=here).headers["content-security-policy"]
    assert "sandbox" in api
