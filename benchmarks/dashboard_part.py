"""Browser part, ours: click to repaint, first map, frames while playing, bytes, server memory."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Frame, Locator, Page

from benchmarks.browser import Traffic, chromium, page_of
from benchmarks.clicks import NARROW, ON_AND_OFF
from benchmarks.measurement import OURS, Measurement, measured, peak_rss_mb, percentiles
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
            found += clicks_of(page, traffic, rows, "option on, option off", ON_AND_OFF)
            found += clicks_of(page, traffic, rows, "filter change", NARROW)
            found += _cleared(page, rows)
        with relay(server.port) as wire, page_of(browser) as (page, _):
            opened(page, f"http://127.0.0.1:{wire.port}")
            found += measured("filter change", OURS, rows, bytes_ws=_bytes_ws(page, wire))
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


def clicks_of(
    page: Page,
    traffic: Traffic,
    rows: int,
    what: str,
    clicks: Sequence[tuple[str, str]],
    way: str = OURS,
) -> list[Measurement]:
    """Click to repaint of these clicks, one after the other, and the most bytes of any."""
    map_ms, figures_ms, http = [], [], []
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
        map_ms.append(float(inside.evaluate("() => window.__bench.painted[0].at")) - clicked)
        figures_ms.append(float(page.evaluate("() => window.__bench.figures[0].at")) - clicked)
        _settled(page)
        http.append(traffic.http)
    found = []
    for name, times in ((what, map_ms), (f"{what}, figures", figures_ms)):
        p50, p95 = percentiles(times)
        found += measured(name, way, rows, click_to_repaint_ms_p50=p50, click_to_repaint_ms_p95=p95)
    # The most of any change, since the requirement is on each.
    return found + measured(what, way, rows, bytes_http=max(http))


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
    p50, p95 = percentiles(times)
    return measured(
        "filters cleared", OURS, rows, click_to_repaint_ms_p50=p50, click_to_repaint_ms_p95=p95
    )


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
