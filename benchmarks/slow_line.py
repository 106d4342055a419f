"""`python -m benchmarks.slow_line`: a new reader on a phone with a slow line, ours beside an empty
Streamlit page in one run: requests, bytes, and when the text and the map are there.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from benchmarks.browser import chromium
from benchmarks.servers import dashboard, free_port, serving

#: A line of a phone far from its mast.
BYTES_PER_S = 400_000
LATENCY_MS = 400

EMPTY = 'import streamlit as st\n\nst.write("An empty page")\n'

#: When an element has been painted, ms after the page was asked for.
_SEEN = """selector => new Promise((done) => {
  const look = () => document.querySelector(selector)?.getClientRects().length
    ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 10);
  look();
})"""

#: When the map has drawn its answer, by the clock of the page around it.
_DRAWN = """() => new Promise((done) => {
  const look = () => {
    const frame = document.querySelector("iframe[title*='st_folium']")?.contentWindow;
    if (frame?.map?.incidentLayer?._answer?.incidents) {
      frame.requestAnimationFrame(() => done(performance.now()));
    } else setTimeout(look, 10);
  };
  look();
})"""


@dataclass
class View:
    """One first view: what was seen when, and what it cost."""

    seen: dict[str, float] = field(default_factory=dict)
    requests: list[tuple[str, int]] = field(default_factory=list)
    ws: int = 0

    @property
    def sent(self) -> int:
        return sum(size for _, size in self.requests) + self.ws


def visit(browser: Browser, address: str, shows: dict[str, tuple[str, str | None]]) -> View:
    """Open a page as a new reader does; `shows` are scripts that end when something is seen."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    rate = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_PER_S,
            "uploadThroughput": BYTES_PER_S}  # fmt: skip
    session.send("Network.emulateNetworkConditions", rate)
    view, names = View(), {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        url = names.get(event["requestId"], "?")
        if url.startswith("http"):
            view.requests.append((url, int(event["encodedDataLength"])))

    def framed(event: dict[str, Any]) -> None:
        size = len(event["response"]["payloadData"])
        view.ws += size * 3 // 4 if event["response"]["opcode"] == 2 else size

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", loaded)
    session.on("Network.webSocketFrameReceived", framed)
    page.goto(address, wait_until="commit", timeout=120_000)
    page.set_default_timeout(120_000)
    for name, (script, argument) in shows.items():
        view.seen[name] = float(page.evaluate(script, argument))
    page.wait_for_load_state("networkidle")
    context.close()
    return view


@contextmanager
def empty_page(folder: Path) -> Iterator[str]:
    """Streamlit as it comes, with one line of text."""
    script = folder / "empty.py"
    script.write_text(EMPTY, "utf-8")
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
        "--server.address", "127.0.0.1", "--server.headless", "true",
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    with serving(command, folder / "empty.log", "/_stcore/health", port) as server:
        yield server.address


def main() -> int:
    """Measure both in turn, so that what else the machine does is the same for both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--list", action="store_true", help="each request of ours")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        folder = Path(made)
        with empty_page(folder) as empty, dashboard(folder / "var", folder) as ours:
            theirs: list[View] = []
            own: list[View] = []
            for _ in range(options.times):
                theirs.append(visit(browser, empty, {"text": (_SEEN, "[data-testid=stMarkdown]")}))
                shows = {"figures": (_SEEN, "[data-figure=incidents]"), "map": (_DRAWN, None)}
                own.append(visit(browser, f"{ours.address}/", shows))
    for title, views in (("empty Streamlit page", theirs), ("ours", own)):
        seen = {n: statistics.median(v.seen[n] for v in views) / 1000 for n in views[0].seen}
        at = ", ".join(f"{name} after {seconds:.1f} s" for name, seconds in seen.items())
        last = views[-1]
        print(f"{title}: {at}; {len(last.requests)} requests, {last.sent / 1e6:.2f} MB")
    text, drawn = (statistics.median(v.seen[n] for v in views)
                   for n, views in (("text", theirs), ("map", own)))  # fmt: skip
    print(f"the map after {drawn / text:.2f} × the empty page's text")
    if options.list:
        for url, size in sorted(own[-1].requests, key=lambda found: -found[1]):
            print(f"{size:>9,} {url.partition('/')[2].partition('/')[2][:110]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
