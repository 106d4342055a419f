"""Browser part, the usual ways on the same data in the same run, each stopped after 60 s."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Sequence, Set
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Frame, Page, Route
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.browser import Traffic, chromium, page_of
from benchmarks.clicks import CHANGE, LISTS, OPTIONS, left_on
from benchmarks.measurement import Measurement, measured, of_clicks, peak_rss_mb
from benchmarks.servers import free_port, serving
from mapapp.map.bundle import leaflet_dir

WAYS = ("MarkerCluster", "FastMarkerCluster", "GeoJson layer", "pydeck")
LIMIT_S = 60.0

#: folium plugins load this from the internet; here it comes from the npm registry once.
CLUSTER_PACKAGE = "leaflet.markercluster@1.5.3"

#: How many incidents are on the screen: those in clusters and single ones, or what WebGL drew.
_SHOWN = {
    "cluster": """() => {
        let n = document.querySelectorAll(".leaflet-marker-icon:not(.marker-cluster)").length;
        for (const e of document.querySelectorAll(".marker-cluster span")) n += +e.textContent;
        return n;
    }""",
    "layers": """() => {
        let n = 0;
        window.map?.eachLayer((layer) => { if (layer.feature) n += 1; });
        return n;
    }""",
    "webgl": "() => window.__bench.draws",
}
_HOW = {"GeoJson layer": "layers", "pydeck": "webgl"}


def measure(
    snapshot: Path, rows: int, work_dir: Path, stopped: set[str], progress: Callable[[str], None]
) -> list[Measurement]:
    """Click to repaint and first map of each way; a way in `stopped` is not tried again.

    A way that takes longer than the limit joins `stopped`: it would not be faster with more rows.
    """
    scripts = _cluster_scripts(work_dir)
    data = _data(snapshot, work_dir, rows)
    found: list[Measurement] = []
    for way in WAYS:
        if way in stopped:
            found += _stopped(way, rows)
            continue
        progress(f"{way}, {rows:,} rows …")
        port = free_port()
        command = [
            sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("usual_app.py")),
            "--server.port", str(port), "--server.address", "127.0.0.1",
            "--server.headless", "true", "--browser.gatherUsageStats", "false",
            "--", way, str(data.resolve()),
        ]  # fmt: skip
        log = work_dir / "usual.log"
        with (
            serving(command, log, "/_stcore/health", port) as server,
            chromium() as browser,
        ):
            own = _one(browser, server.address, way, rows, scripts)
            rss = peak_rss_mb(server.pid)
        if any(m.value is None for m in own):
            stopped.add(way)
        found += own
        if rss is not None:
            found += measured("server", way, rows, rss_mb=rss)
    return found


def _stopped(way: str, rows: int) -> list[Measurement]:
    found = measured("first map", way, rows, first_map_ms=None)
    for name in (*LISTS, CHANGE):
        found += measured(
            name, way, rows, click_to_repaint_ms_p50=None, click_to_repaint_ms_p95=None
        )
    return found


def _one(
    browser: Browser, address: str, way: str, rows: int, scripts: dict[str, Path]
) -> list[Measurement]:
    how = _SHOWN[_HOW.get(way, "cluster")]
    with page_of(browser) as (page, traffic):
        page.route("**/*", lambda route: _offline(route, scripts))
        try:
            page.goto(address, timeout=LIMIT_S * 1000)
            started = float(page.evaluate("() => performance.timeOrigin"))
            first = _painted(page, how, _words(set()), time.monotonic() + LIMIT_S) - started
        except (PlaywrightTimeout, TimeoutError):
            return _stopped(way, rows)
        found = measured("first map", way, rows, first_map_ms=first)
        every: list[float] = []
        for name, clicks in LISTS.items():
            times, ws, http = _changes(page, traffic, how, clicks)
            if len(times) < len(clicks):
                return found[:1] + _stopped(way, rows)[1:]
            found += of_clicks(name, way, rows, times, bytes_ws=ws, bytes_http=http)
            every += times
            for _, option in left_on(clicks):
                page.get_by_text(option, exact=True).click(timeout=LIMIT_S * 1000)
            _painted(page, how, _words(set()), time.monotonic() + LIMIT_S)
    return found + of_clicks(CHANGE, way, rows, every)


def _changes(
    page: Page, traffic: Traffic, how: str, clicks: Sequence[tuple[str, str]]
) -> tuple[list[float], int, int]:
    """Times of the changes that were done before the limit, and the most bytes of one."""
    times: list[float] = []
    chosen: set[str] = set()
    ws = http = 0
    deadline = time.monotonic() + LIMIT_S
    for _, option in clicks:
        chosen ^= {option}
        page.wait_for_timeout(500)
        traffic.clear()
        page.evaluate("() => { window.__bench.clicks = []; }")
        try:
            page.get_by_text(option, exact=True).click(timeout=LIMIT_S * 1000)
            painted = _painted(page, how, _words(chosen), deadline)
        except (PlaywrightTimeout, TimeoutError):
            break
        clicked = float(page.evaluate("() => window.__bench.clicks[0]"))
        times.append(painted - clicked)
        page.wait_for_timeout(300)
        ws, http = max(ws, traffic.ws), max(http, traffic.http)
    return times, ws, http


def _words(chosen: Set[str]) -> str:
    """What the page says that it shows."""
    return "+".join(option for option in OPTIONS if option in chosen) or "all"


def _painted(page: Page, how: str, words: str, deadline: float) -> float:
    """When all that the page says it shows is on the screen, ms since 1970."""
    said = page.locator("p", has_text=f"of {words};").locator("strong")
    said.wait_for(timeout=max(1.0, (deadline - time.monotonic()) * 1000))
    wanted = int(said.inner_text())
    while time.monotonic() < deadline:
        for place in _places(page):
            try:
                if place.evaluate(how) == wanted:
                    return float(
                        place.evaluate(
                            """() => new Promise((done) => requestAnimationFrame(() =>
                              done(performance.timeOrigin + performance.now())))"""
                        )
                    )
            except Exception as error:
                # Streamlit replaces the frame while it is asked.
                if "detached" not in str(error) and "destroyed" not in str(error):
                    raise
        time.sleep(0.02)
    raise TimeoutError


def _places(page: Page) -> list[Frame]:
    return [frame for frame in page.frames if not frame.is_detached()]


def _offline(route: Route, scripts: dict[str, Path]) -> None:
    """Scripts from the internet come from packages, and those that are not needed are empty."""
    url = route.request.url
    if url.startswith("http://127.0.0.1"):
        route.continue_()
        return
    for name, path in scripts.items():
        if url.partition("?")[0].endswith(name):
            route.fulfill(path=path)
            return
    route.fulfill(body="", content_type="text/css" if ".css" in url else "text/javascript")


def _cluster_scripts(work_dir: Path) -> dict[str, Path]:
    """File name → path, for Leaflet (of our own requirement) and the cluster plugin (npm)."""
    folder = work_dir / "markercluster"
    if not folder.exists():
        work_dir.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "pack", CLUSTER_PACKAGE], cwd=work_dir, check=True, capture_output=True
        )
        (archive,) = work_dir.glob("leaflet.markercluster-*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    dist = folder / "package" / "dist"
    leaflet = leaflet_dir()
    return {
        "leaflet.markercluster.js": dist / "leaflet.markercluster.js",
        "MarkerCluster.css": dist / "MarkerCluster.css",
        "MarkerCluster.Default.css": dist / "MarkerCluster.Default.css",
        "leaflet.js": leaflet / "leaflet.js",
        "leaflet.css": leaflet / "leaflet.css",
    }


def _data(snapshot: Path, work_dir: Path, rows: int) -> Path:
    """The same incidents, those that have a point, as the usual ways would load them."""
    path = work_dir / f"points-of-places-{rows}.parquet"
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        connection.execute(
            """
            COPY (
                SELECT lat, lng, adm1_pcode AS province, coalesce(actors[1], '') AS "group",
                       display_kind AS kind
                FROM incidents
                WHERE mappable AND NOT areal AND NOT background AND NOT abroad
            ) TO ? (FORMAT parquet)
            """,
            [str(path)],
        )
    return path
