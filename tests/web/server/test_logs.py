"""The server's log: one line an event, with the request's id, and without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from mapapp.web.server import logs
from mapapp.web.server.metrics import Observe

KNOWN = "correct-horse-battery"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What JSON logging writes; the loggers are put back after."""
    root, own = logging.getLogger(), logging.getLogger("mapapp")
    before = root.handlers[:], root.level, own.level
    stream = io.StringIO()
    logs.configure("json", "info", [KNOWN], stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    own.setLevel(before[2])


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def client() -> TestClient:
    def page(request: Request) -> Response:
        logging.getLogger("mapapp.test").warning("from inside")
        if "boom" in request.query_params:
            raise RuntimeError(f"password={KNOWN} at https://ana:s3cret@db.example/x")
        return PlainTextResponse("hello")

    routes = [Route("/data/{rest:path}", page), Route("/assets/x", page)]
    app = Starlette(routes=routes, middleware=[Middleware(Observe)])
    return TestClient(app, raise_server_exceptions=False)


def test_a_request_is_one_line_with_its_id(written: io.StringIO) -> None:
    answer = client().get("/data/view?q=secret+meeting", headers={"Cookie": "session=abc"})
    inside, own = lines(written)
    assert own["request_id"] == inside["request_id"] == answer.headers["x-request-id"]
    assert (own["method"], own["path"], own["status"], own["bytes"]) == (
        "GET",
        "/data/view",
        200,
        5,
    )
    assert own["ms"] >= 0
    # Neither what a reader looks for, nor who it is.
    assert not any(word in written.getvalue() for word in ("meeting", "session=", "testclient"))


def test_the_proxys_id_is_kept_where_it_is_plain(written: io.StringIO) -> None:
    kept = client().get("/data/x", headers={"X-Request-ID": "edge-12345678"})
    assert kept.headers["x-request-id"] == "edge-12345678"
    for odd in ("short", "a" * 65, 'x"}\\n{"level":"x'):
        answer = client().get("/data/x", headers={"X-Request-ID": odd})
        assert answer.headers["x-request-id"] != odd


def test_a_path_cannot_write_a_line_of_its_own(written: io.StringIO) -> None:
    client().get("/data/a%0d%0a%7B%22level%22:%22x%22%7D" + "b" * 500)
    own = lines(written)[-1]
    assert own["path"].startswith("/data/a??{")
    assert len(own["path"]) <= 120


def test_what_is_asked_all_the_time_is_not_written(written: io.StringIO) -> None:
    client().get("/assets/x")
    assert [line["message"] for line in lines(written)] == ["from inside"]


def test_a_fault_is_written_with_its_trace_and_without_secrets(written: io.StringIO) -> None:
    assert client().get("/data/view?boom=1").status_code == 500
    logging.getLogger("mapapp.test").error("told", exc_info=RuntimeError(f"token {KNOWN}"))
    own = [line for line in lines(written) if line["message"] == "answered"]
    assert [line["status"] for line in own] == [500]
    assert "RuntimeError" in lines(written)[-1]["trace"]
    assert KNOWN not in written.getvalue()


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("Authorization: Bearer abcdefgh12345678", "Authorization", "abcdefgh"),
        ("{'cookie': '_streamlit_user=abc; x=y'}", "cookie", "abc"),
        ("postgresql://ana:s3cret@db.example/x", "db.example", "s3cret"),
        ("client_secret=hush&state=1", "state=1", "hush"),
        ('MAPAPP_METRICS_TOKEN="hushhush"', "MAPAPP_METRICS_TOKEN", "hushhush"),
        ("sent bearer abcdefgh12345678 on", "on", "abcdefgh"),
        ("12 incidents of Kabul, killed=5", "12 incidents of Kabul, killed=5", "struck"),
    ],
)
def test_what_looks_like_a_secret_is_struck_out(text: str, kept: str, gone: str) -> None:
    clean = logs.Clean()(text)
    assert kept in clean
    assert gone not in clean


def test_lines_for_people_carry_the_same(written: io.StringIO) -> None:
    stream = io.StringIO()
    logs.configure("text", "info", [], stream)
    client().get("/data/view")
    inside, own = stream.getvalue().splitlines()
    assert "from inside request_id=" in inside
    assert "path=/data/view status=200" in own


def test_other_loggers_write_through_ours(written: io.StringIO) -> None:
    other = logging.getLogger("uvicorn.test-of-ours")
    other.addHandler(logging.StreamHandler(io.StringIO()))
    other.propagate = False
    stream = io.StringIO()
    logs.configure("json", "info", [], stream)
    other.error("uvicorn says")
    assert lines(stream)[0]["message"] == "uvicorn says"
