"""A real server on a free port, and a Chromium that can reach nothing but it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Request,
    expect,
)

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
START_TIMEOUT_S = 120
#: Conditions are waited for, never slept; a busy machine takes its time.
WAIT_MS = 60_000

_LIKE_MAKE_RUN = {"PYTHONUNBUFFERED": "1", "MAPAPP_ACCESS": "local"}

OpenPage = Callable[..., Page]


@contextmanager
def serving(data_dir: Path, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the dashboard over a data folder, served as `make run` serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = data_dir.parent / f"server-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "mapapp", "serve",
                "--port", str(port), "--data-dir", str(data_dir),
            ],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | _LIKE_MAKE_RUN | dict(environ or {}),
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(process, address, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the server stopped with {process.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {START_TIMEOUT_S} s:\n{log.read_text()}")


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """How long an expectation waits: a busy machine is slow, not wrong."""
    expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over the curated seeds."""
    with serving(tmp_path_factory.mktemp("seeded") / "data") as found:
        yield found


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages, each in a context of its own, that must not ask for anything elsewhere.

    At the end no page may have asked for an address beyond this machine, thrown an error, or shown
    a dialog.
    """
    outside: list[str] = []
    faults: list[str] = []

    def watch(request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host is not None and host not in LOOPBACK:
            outside.append(request.url)

    def refuse(dialog: Dialog) -> None:
        faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    with ExitStack() as stack:

        def opened(url: str, width: int = 1440, height: int = 960, **options: object) -> Page:
            context: BrowserContext = browser.new_context(
                viewport={"width": width, "height": height},
                **options,  # type: ignore[arg-type]
            )
            stack.callback(context.close)
            context.on("request", watch)
            context.route(
                lambda found: urlsplit(found).hostname not in (*LOOPBACK, None),
                lambda route: route.abort(),
            )
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("dialog", refuse)
            page.goto(url)
            return page

        yield opened
    assert outside == [], f"asked for something beyond this machine: {outside}"
    assert faults == []
