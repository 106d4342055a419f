"""Two replicas behind nginx with the recipe's own file, one killed: its readers come back on the
other, in sessions and in Chromium, to what they had chosen; and a request that it was answering is
answered by the other.

`python -m benchmarks.load.replicas` is the long form.
"""

from __future__ import annotations

import ssl
import sys
import textwrap
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.load.replicas import NGINX, Nginx, survive
from benchmarks.servers import free_port, serving
from tests.apart import apart

pytestmark = pytest.mark.browser


def test_the_readers_of_a_killed_replica_go_on_at_the_other(tmp_path: Path) -> None:
    assert NGINX, "nginx stands before the replicas: apt install nginx-light"
    # That all pages and sessions are on the replica that lives on happens once in 64 runs.
    links = ("?province=AF01", "?kind=claimed&tab=charts", "?group=iskp")
    found = apart(lambda: survive(tmp_path, 3, 12, 0, links))
    assert found["faults"] == 0, found["first_faults"]
    assert [page["same"] for page in found["pages"]] == [True] * len(links)


#: Answers as the server does; with "dies", a kill meets the first answer between head and body.
ANSWERS = """
    import asyncio, os, signal, sys
    import uvicorn
    from mapapp.streamlit_internals import send_whole

    async def app(scope, receive, send):
        head = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        if sys.argv[2] == "dies" and scope["path"] == "/healthz":
            os.kill(os.getpid(), signal.SIGKILL)
        await send({"type": "http.response.body", "body": b"ok"})

    async def main():
        send_whole(asyncio.get_running_loop())
        chosen = uvicorn.Config(app, port=int(sys.argv[1]), lifespan="off", log_level="warning")
        await uvicorn.Server(chosen).serve()

    asyncio.run(main())
"""


def test_an_answer_that_a_kill_cuts_in_two_is_given_by_the_other(tmp_path: Path) -> None:
    assert NGINX, "nginx stands before the replicas: apt install nginx-light"
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    with ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port, fate in zip(ports, ("dies", "lives"), strict=True):
            command = [sys.executable, "-c", textwrap.dedent(ANSWERS), str(port), fate]
            stack.enter_context(serving(command, tmp_path / f"{fate}.log", "/", port))
        base = f"https://127.0.0.1:{stack.enter_context(Nginx(tmp_path, ports))}"
        # Each request without a cookie goes to either: that none meets the one that dies happens
        # once in a million runs.
        for _ in range(20):
            with urllib.request.urlopen(f"{base}/healthz", context=unverified) as answer:
                assert answer.read() == b"ok"
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/")
