"""Browser part, ours: click to repaint, first map, frames while playing, bytes, server memory."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Frame, Locator, Page

from benchmarks.browser import Traffic, chromium, page_of
from benchmarks.clicks import CHANGE, LISTS, NARROW, left_on
from benchmarks.measurement import OURS, Measurement, measured, of_clicks, peak_rss_mb
from benchmarks.servers import dashboard
from benchmarks.wire import Wire, relay

#: Times the page is opened, each time by a reader whose browser holds nothing of it.
OPENINGS = 3
PLAYED_MS = 6000
LIMIT_MS = 60_000


def measure(data_dir: Path, rows: int, progress: Callable[[str], None]) -> list[Measurement]:
    """All browser metrics of the dashboard over a data folder."""
    progress(f"dashboard, {rows:,} rows …")
    found: list[Measurement] = []
    with dashboard(data_dir, data_dir) as server, chromium() as browser:
        address = server.address
        cold, *warm = [_first_map(browser, address) for _ in range(OPENINGS + 1)]
        found += measured("first map, cold", OURS, rows, first_map_ms=cold)
        found += measured("first map, new reader", OURS, rows, first_map_ms=statistics.median(warm))
        again = _first_map_again(browser, address)
        found += measured("first map", OURS, rows, first_map_ms=statistics.median(again))
        with page_of(browser) as (page, traffic):
            opened(page, address)
            found += changes(page, traffic, rows)
            found += _cleared(page, rows)
        with relay(server.port) as wire, page_of(browser) as (page, _):
            opened(page, f"http://127.0.0.1:{wire.port}")
            found += measured(CHANGE, OURS, rows, bytes_ws=_bytes_ws(page, wire))
        with page_of(browser) as (page, _):
            opened(page, address)
            found += measured("playing", OURS, rows, frames_over_34ms_share=_frames_over_34ms(page))
        rss = peak_rss_mb(server.pid)
        if rss is not None:
            found += measured("server", OURS, rows, rss_mb=rss)
    return found


def opened(page: Page, address: str) -> Frame:
    """The map's frame of the dashboard at an address, once the first answer is painted."""
    page.goto(address)
    handle = page.wait_for_selector(
        "iframe[title*='st_folium']", state="attached", timeout=LIMIT_MS
    )
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    frame.wait_for_function(
        "() => window.__bench?.painted.length > 0", timeout=LIMIT_MS, polling=20
    )
    _settled(page)
    return frame


def _first_map(browser: Browser, address: str) -> float:
    """From opening the address to the first painted answer, ms."""
    with page_of(browser) as (page, _):
        frame = opened(page, address)
        started = float(page.evaluate("() => performance.timeOrigin"))
        return float(frame.evaluate("() => window.__bench.painted[0].at")) - started


def _first_map_again(browser: Browser, address: str) -> list[float]:
    """The same for a reader who has been here before: the browser holds scripts, no answers."""
    times = []
    with page_of(browser) as (page, _):
        opened(page, address)
        for _ in range(OPENINGS):
            page.goto("about:blank")
            frame = opened(page, address)
            started = float(page.evaluate("() => performance.timeOrigin"))
            times.append(float(frame.evaluate("() => window.__bench.painted[0].at")) - started)
    return times


def _bytes_ws(page: Page, wire: Wire) -> int:
    """The most that the websocket carried for any of some changes."""
    most = 0
    for facet, name in NARROW[:6]:
        wire.clear()
        _box(page, facet, name).click()
        _settled(page)
        most = max(most, wire.ws)
    return most


def _box(page: Page, facet: str, name: str) -> Locator:
    return page.get_by_role("group", name=facet, exact=True).get_by_role(
        "checkbox", name=re.compile(f"^{re.escape(name)} ")
    )


def _settled(page: Page) -> None:
    """Wait until no script runs and nothing more is on its way."""
    page.wait_for_function(
        """() => document.querySelector('[data-test-script-state]')
              ?.getAttribute('data-test-script-state') !== 'running'""",
        timeout=LIMIT_MS,
    )
    page.wait_for_timeout(700)


def changes(page: Page, traffic: Traffic, rows: int, way: str = OURS) -> list[Measurement]:
    """Click to repaint of each list of clicks, and of all filter changes together."""
    found = []
    every = _Times()
    for what, clicks in LISTS.items():
        own = _clicked(page, traffic, clicks)
        found += own.measured(what, way, rows)
        every.add(own)
        for facet, name in left_on(clicks):
            _box(page, facet, name).click()
            _settled(page)
    return found + every.measured(CHANGE, way, rows)


@dataclass
class _Times:
    """Milliseconds from clicks to the map and to the figures, and the bytes that each caused."""

    map: list[float] = field(default_factory=list)
    figures: list[float] = field(default_factory=list)
    http: list[int] = field(default_factory=list)

    def add(self, others: _Times) -> None:
        self.map += others.map
        self.figures += others.figures
        self.http += others.http

    def measured(self, what: str, way: str, rows: int) -> list[Measurement]:
        # The most bytes of any change, since the requirement is on each.
        return of_clicks(what, way, rows, self.map, bytes_http=max(self.http)) + of_clicks(
            f"{what}, figures", way, rows, self.figures
        )


def _clicked(page: Page, traffic: Traffic, clicks: Sequence[tuple[str, str]]) -> _Times:
    times = _Times()
    for facet, name in clicks:
        frame = page.frame_locator("iframe[title*='st_folium']").owner.element_handle()
        assert frame is not None
        inside = frame.content_frame()
        assert inside is not None
        box = _box(page, facet, name)
        traffic.clear()
        for place in (page, inside):
            place.evaluate("() => { const b = window.__bench; b.painted = []; b.figures = []; }")
        page.evaluate("() => { window.__bench.clicks = []; }")
        box.click()
        inside.wait_for_function(
            "() => window.__bench.painted.length > 0", timeout=LIMIT_MS, polling=20
        )
        page.wait_for_function("() => window.__bench.figures.length > 0", timeout=LIMIT_MS)
        clicked = float(page.evaluate("() => window.__bench.clicks[0]"))
        times.map.append(float(inside.evaluate("() => window.__bench.painted[0].at")) - clicked)
        times.figures.append(float(page.evaluate("() => window.__bench.figures[0].at")) - clicked)
        _settled(page)
        times.http.append(traffic.http)
    return times


def _cleared(page: Page, rows: int) -> list[Measurement]:
    """Taking all filters away: every row is shown again, which the server knows from its start."""
    handle = page.frame_locator("iframe[title*='st_folium']").owner.element_handle()
    assert handle is not None
    inside = handle.content_frame()
    assert inside is not None
    times = []
    for facet, name in (("Province", "Kabul"), ("Group", "ISKP"), ("Attribution", "claimed")):
        if not _box(page, facet, name).is_checked():
            _box(page, facet, name).click()
        _settled(page)
        inside.evaluate("() => { window.__bench.painted = []; }")
        page.evaluate("() => { window.__bench.clicks = []; }")
        page.get_by_role("button", name="Clear all").click()
        inside.wait_for_function(
            "() => window.__bench.painted.length > 0", timeout=LIMIT_MS, polling=20
        )
        clicked = float(page.evaluate("() => window.__bench.clicks[0]"))
        times.append(float(inside.evaluate("() => window.__bench.painted[0].at")) - clicked)
        _settled(page)
    return of_clicks("filters cleared", OURS, rows, times)


def _frames_over_34ms(page: Page) -> float:
    """The share of frames that took longer, in the map's frame while time plays."""
    handle = page.wait_for_selector("iframe[title*='st_folium']", state="attached")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(500)
    frame.evaluate("() => window.__bench.countFrames()")
    page.wait_for_timeout(PLAYED_MS)
    gaps: list[float] = frame.evaluate("() => window.__bench.gaps")
    return sum(gap > 34 for gap in gaps) / len(gaps)
