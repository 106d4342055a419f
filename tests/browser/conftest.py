"""A real server on a free port, and a Chromium that can reach nothing but it."""

from __future__ import annotations

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

from benchmarks.servers import dashboard

LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Conditions are waited for, never slept; a busy machine takes its time.
WAIT_MS = 60_000

_LIKE_MAKE_RUN = {"PYTHONUNBUFFERED": "1", "MAPAPP_ACCESS": "local"}

OpenPage = Callable[..., Page]


@contextmanager
def serving(data_dir: Path, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the dashboard over a data folder, served as `make run` serves it."""
    own = _LIKE_MAKE_RUN | dict(environ or {})
    base = own.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    start = f"/{base}" if base else ""
    health = f"{start}/healthz"
    with dashboard(data_dir, data_dir.parent, health=health, environ=own) as server:
        yield server.address + start


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
            context.set_default_timeout(WAIT_MS)
            context.on("request", watch)
            context.route(
                lambda found: urlsplit(found).hostname not in (*LOOPBACK, None),
                lambda route: route.abort(),
            )
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("dialog", refuse)
            page.goto(url)
            return page

        yield opened
    assert outside == [], f"asked for something beyond this machine: {outside}"
    assert faults == []
