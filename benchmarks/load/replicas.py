"""`python -m benchmarks.load.replicas`: two replicas behind nginx, one killed among its readers.

nginx runs `deploy/nginx/mapapp.conf` with ports and a certificate of its own. Readers in websocket
sessions and a few in Chromium must come back on the other replica, to what they had chosen. Ends
with 1 where one does not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

from benchmarks.browser import chromium
from benchmarks.load.__main__ import data_folder
from benchmarks.load.crowd import Seen, crowd
from benchmarks.measurement import RESULTS, machine
from benchmarks.servers import START_S, dashboard, free_port

CONF = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "mapapp.conf"
WAIT_MS = 90_000
#: Debian keeps it where only root's PATH leads.
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
LINKS = ("?province=AF01", "?kind=claimed&tab=charts", "?group=iskp")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--rows", type=int, default=0)
    options = parser.parse_args()
    if NGINX is None:
        print("there is no nginx; on Debian: apt-get install nginx-light", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        found = survive(Path(work), options.viewers, options.seconds, options.rows, LINKS * 2)
    found = {"machine": machine()} | found
    text = json.dumps(found, indent=2)
    (RESULTS / "load-replicas.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 1 if found["faults"] or not all(page["same"] for page in found["pages"]) else 0


def survive(
    work: Path, viewers: int, seconds: float, rows: int, links: Sequence[str]
) -> dict[str, Any]:
    """Two replicas and nginx in a folder, readers of both and a page for each link; one is killed.

    What the readers and the pages then had; `faults` are the readers'.
    """
    with ExitStack() as stack:
        folder = data_folder(work, rows)
        ports = [free_port(), free_port()]
        pids = [
            stack.enter_context(dashboard(folder, folder, port=port, health="/readyz")).pid
            for port in ports
        ]
        base = f"https://127.0.0.1:{stack.enter_context(Nginx(work, ports))}"
        seen: list[Seen] = []
        readers = threading.Thread(
            target=lambda: seen.append(asyncio.run(crowd(base, viewers, seconds, 6, again=True)))
        )
        readers.start()
        pages = _in_browsers(base, pids, links)
        readers.join()
    return {"pages": pages} | seen[0].figures()


def _in_browsers(base: str, pids: list[int], links: Sequence[str]) -> list[dict[str, Any]]:
    """Open pages, kill a replica that has some of them, and see each come back."""
    with chromium() as browser:
        opened = []
        for link in links:
            context = browser.new_context(ignore_https_errors=True)
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            page.goto(f"{base}/{link}")
            page.wait_for_selector('[data-figure="incidents"]')
            opened.append((page, page.url, page.text_content('[data-figure="incidents"]')))
        os.kill(pids[0], signal.SIGKILL)
        killed = time.monotonic()
        found = []
        for page, url, figure in opened:
            # A reader's own next click: it works again, and nothing chosen is lost.
            page.wait_for_function(
                # A function: an expression is evaluated at each look, against the page's policy.
                "() => !document.querySelector('[data-testid=stConnectionStatus]')",
                timeout=WAIT_MS,
            )
            page.wait_for_function(
                "f => document.querySelector('[data-figure=incidents]')?.textContent === f",
                arg=figure, timeout=WAIT_MS,
            )  # fmt: skip
            before = page.url
            boxes = page.locator("fieldset.facet input[type=checkbox]:not(:checked)")
            deadline = time.monotonic() + WAIT_MS / 1000
            while page.url == before and time.monotonic() < deadline:
                # A click that meets the moment of coming back is lost, and its reader clicks again.
                with suppress(PlaywrightError):
                    boxes.first.click(timeout=5000)
                    page.wait_for_function("u => location.href !== u", arg=before, timeout=5000)
            wanted = re.findall(r"(?:province|kind|group)=[^&]+", url)
            same = page.url != before and all(part in page.url for part in wanted)
            found.append(
                {"link": url.partition("?")[2], "incidents": figure, "same": same,
                 "after_s": round(time.monotonic() - killed, 1)}
            )  # fmt: skip
        return found


class Nginx:
    """nginx over the replicas with a certificate made for it; gives the port of TLS."""

    def __init__(self, work: Path, ports: list[int]) -> None:
        self._work, self._ports = work / "nginx", ports

    def __enter__(self) -> int:
        self._work.mkdir()
        plain, tls = free_port(), free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
            cwd=self._work, check=True, capture_output=True,
        )  # fmt: skip
        text = CONF.read_text()
        for old, new in (
            ("127.0.0.1:8501", f"127.0.0.1:{self._ports[0]}"),
            ("127.0.0.1:8502", f"127.0.0.1:{self._ports[1]}"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
            ("/etc/letsencrypt/live/map.example.org/fullchain.pem", f"{self._work}/cert.pem"),
            ("/etc/letsencrypt/live/map.example.org/privkey.pem", f"{self._work}/key.pem"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        (self._work / "nginx.conf").write_text(
            f"pid {self._work}/nginx.pid; error_log {self._work}/error.log; daemon off;"
            f" events {{}} http {{ access_log off; {text} }}"
        )
        command = [str(NGINX), "-p", str(self._work), "-c", str(self._work / "nginx.conf")]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self._process = subprocess.Popen(command)
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", tls), 1).close()
                return tls
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    log = (self._work / "error.log").read_text()
                    raise RuntimeError(f"nginx does not listen:\n{log}") from None
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    sys.exit(main())
