"""A Chromium that times what a reader sees (browser parts)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

#: Runs in every frame. Times are ms since 1970, so that frames can be compared. What was painted
#: is noted one frame after it was seen, when the canvas or the markers are on the screen.
WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const bench = (window.__bench = { clicks: [], painted: [], figures: [], gaps: null, draws: 0 });
  addEventListener("click", () => bench.clicks.push(now()), true);
  let answer = null, figure = null;
  const note = (list, value) => requestAnimationFrame(() => list.push({ at: now(), value }));
  // By a timer: a frame that is not laid out yet drops its animation frames.
  function watch() {
    const held = window.map?.incidentLayer?._answer;
    if (held && held !== answer) { answer = held; note(bench.painted, held.query); }
    const shown = document.querySelector('[data-figure="incidents"]')?.textContent;
    if (shown && shown !== figure) { figure = shown; note(bench.figures, shown); }
  }
  setInterval(watch, 4);
  bench.countFrames = () => {
    let before = null;
    bench.gaps = [];
    requestAnimationFrame(function count(at) {
      if (before !== null) bench.gaps.push(at - before);
      before = at;
      requestAnimationFrame(count);
    });
  };
  for (const type of [window.WebGL2RenderingContext]) {
    if (!type) continue;
    for (const [name, at] of [["drawArraysInstanced", 3], ["drawElementsInstanced", 4]]) {
      const draw = type.prototype[name];
      type.prototype[name] = function (...given) {
        bench.draws = given[at];
        return draw.apply(this, given);
      };
    }
  }
})();
"""


@dataclass
class Traffic:
    """Bytes that came and went since `clear`, as sent (compressed)."""

    ws: int = 0
    http: int = 0

    def clear(self) -> None:
        self.ws = self.http = 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium that reaches nothing but this machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise FileNotFoundError("there is no Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--enable-unsafe-swiftshader",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield started
        started.close()


@contextmanager
def page_of(browser: Browser) -> Iterator[tuple[Page, Traffic]]:
    """A page in a context of its own, watched, and the bytes it causes."""
    context = browser.new_context(viewport={"width": 1440, "height": 960})
    context.add_init_script(WATCH)
    page = context.new_page()
    traffic = Traffic()
    session = context.new_cdp_session(page)
    session.send("Network.enable")

    def frame(event: dict[str, Any]) -> None:
        response = event["response"]
        size = len(response["payloadData"])
        # Binary frames (opcode 2) come as base64.
        traffic.ws += size * 3 // 4 if response["opcode"] == 2 else size

    def loaded(event: dict[str, Any]) -> None:
        traffic.http += int(event["encodedDataLength"])

    session.on("Network.webSocketFrameReceived", frame)
    session.on("Network.webSocketFrameSent", frame)
    session.on("Network.loadingFinished", loaded)
    yield page, traffic
    context.close()
