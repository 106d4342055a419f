"""What must let nobody in: false tokens, cookies forged or replayed, callbacks bent elsewhere."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from mapapp.web.server.sign_in import COOKIE as VIEW
from tests.oidc.conftest import COOKIE, COOKIE_SECRET, Installation


def role_says(client: httpx2.Client) -> int:
    """How an owner's route answers: 200 an owner, 403 who signed in, 401 anyone else."""
    return client.get("/_stcore/metrics").status_code


def test_a_true_token_lets_in(installation: Installation) -> None:
    assert role_says(installation.signed_in("olga")) == 200
    assert role_says(installation.signed_in("vera")) == 403


@pytest.mark.parametrize(
    "lie",
    [
        "wrong-issuer", "wrong-audience", "wrong-audience-right-party", "expired", "wrong-nonce",
        "no-nonce", "wrong-key", "unsigned", "long-ago",
    ],
)  # fmt: skip
def test_a_false_token_is_refused(installation: Installation, lie: str) -> None:
    client = installation.signed_in(lie)
    assert role_says(client) == 401
    assert client.get("/data/view").status_code == 401


def signed(secret: str = COOKIE_SECRET, name: str = COOKIE, **said: object) -> str:
    claims = {
        "origin": "http://127.0.0.1:1", "is_logged_in": True, "sub": "olga", "aud": "map",
        "roles": ["owner"], "iat": int(time.time()), "provider": "default",
    }  # fmt: skip
    return create_signed_value(secret, name, json.dumps(claims | said)).decode()


def test_a_forged_cookie_is_refused(installation: Installation) -> None:
    own = installation.address
    body, _, mark = signed(origin=own).rpartition(".")
    forged = {
        "another secret": signed("another-secret-0123456789-0123456789", origin=own),
        "of another site": signed(origin="https://evil.example.org"),
        "another name": signed(name="_streamlit_user_tokens", origin=own),
        "tampered": f"{body[:-4]}AAAA.{mark}",
        "unsigned": json.dumps({"is_logged_in": True, "roles": ["owner"], "origin": own}),
        "old": signed(origin=own, iat=int(time.time()) - 13 * 3600),
        "of the future": signed(origin=own, iat=int(time.time()) + 3600),
        "for another client": signed(origin=own, aud="another"),
        "chunks that are not there": "chunks-9",
    }
    for why, value in forged.items():
        client = installation.client()
        client.cookies.set(COOKIE, value)
        assert role_says(client) == 401, why
    client.cookies.set(COOKIE, signed(origin=own))
    assert role_says(client) == 200  # so the others failed for what is wrong with them


def test_a_cookie_is_worth_nothing_after_signing_out(installation: Installation) -> None:
    client = installation.signed_in("olga")
    copy = installation.client()
    copy.cookies.set(COOKIE, client.cookies[COOKIE])
    assert role_says(copy) == 200
    ended = client.get("/auth/logout")
    assert urlsplit(ended.headers["location"]).netloc == urlsplit(installation.provider).netloc
    assert COOKIE not in client.cookies
    assert role_says(copy) == 401
    # Another sign-in of the same person is another session.
    again = installation.signed_in("olga")
    assert role_says(again) == 200
    assert role_says(copy) == 401


def test_a_callback_works_once_and_in_its_own_browser(installation: Installation) -> None:
    client = installation.signed_in("olga")
    callback = client.headers.pop("x-callback")
    for other in (installation.client(), client):
        other.cookies.delete(COOKIE) if COOKIE in other.cookies else None
        answer = other.get(callback)
        assert (answer.status_code, answer.headers["location"]) == (302, "./")
        assert COOKIE not in other.cookies
        assert role_says(other) == 401


ELSEWHERE = ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)")


@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_redirect_leads_elsewhere(installation: Installation, to: str) -> None:
    client = installation.client()
    names = ("next", "redirect", "redirect_uri", "url", "return_to", "state", "code", "provider",
             "post_logout_redirect_uri", "iss", "error", "error_description")  # fmt: skip
    for path in ("/oauth2callback", "/auth/login", "/auth/logout"):
        for name in names:
            answer = client.get(
                path, params={name: to, "error": "x"} if name == "state" else {name: to}
            )
            # The page itself, wherever a proxy has it.
            page = "./" if path == "/oauth2callback" else "../"
            assert answer.headers.get("location", page) == page, f"{path}?{name}"
            assert "evil" not in answer.text
            assert answer.status_code < 500
    for path in (
        f"/{to}",
        f"/oauth2callback/{to}",
        f"/auth/login/..%2f..%2f{to}",
        f"{to}/oauth2callback",
    ):
        answer = httpx2.get(installation.address + "/" + path.lstrip("/").replace("\\", "%5c"))
        assert "evil" not in answer.headers.get("location", ""), path


def test_the_view_that_is_given_back_is_one_of_ours(installation: Installation) -> None:
    client = installation.client()
    client.headers["referer"] = "https://evil.example/path?province=AF01"
    kept = client.get(installation.login_link()).cookies[VIEW]
    for value, back in (
        (kept, "./?province=AF01"),
        (base64.urlsafe_b64encode(b"a=1\r\nSet-Cookie: x=y").decode(), "./"),
        (base64.urlsafe_b64encode("å".encode()).decode(), "./"),
        ("%%%", "./"),
    ):
        answer = client.get("/oauth2callback", headers={"cookie": f"{VIEW}={value}"})
        assert answer.headers["location"] == back
        assert "x=y" not in str(answer.headers.get_list("set-cookie"))
    client.headers["referer"] = f"{installation.address}/?q={'x' * 5000}"
    assert VIEW not in client.get(installation.login_link()).headers.get("set-cookie", "")


def test_the_way_to_the_provider_is_the_one_that_is_set(installation: Installation) -> None:
    client = installation.client()
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        answer = client.get(installation.login_link(), headers=headers)
        asked = urlsplit(answer.headers["location"])
        assert f"{asked.scheme}://{asked.netloc}" == installation.provider
        said = parse_qs(asked.query)
        assert said["redirect_uri"] == [f"{installation.address}/oauth2callback"]
        assert said["code_challenge_method"] == ["S256"]
        assert said["nonce"][0]
        assert said["state"][0]
    for link in (
        installation.login_link(exp=int(time.time()) - 1),
        installation.login_link(provider="another"),
        installation.login_link()[:-3] + "AAA",
    ):
        answer = client.get(link)
        assert answer.headers.get("location", "../") == "../", link
        assert answer.status_code < 500, link
