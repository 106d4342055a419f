"""A page of the map layer alone, with invented incidents, to look at and to drive in tests."""

from __future__ import annotations

import argparse
import json
from datetime import date, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mapapp.map.layer import IncidentMap, ViewToken
from mapapp.web.assets import asset

HOSTILE = "<img src=x onerror=window.__pwned=1>${window.__pwned=2}`${window.__pwned=3}`</script>"


def invented() -> list[dict[str, Any]]:
    """Incidents of every precision, kind and size; none of them happened."""
    rows: list[dict[str, Any]] = []

    def add(title: str, lat: float, lng: float, precision: str, kind: str, **more: Any) -> None:
        radius = {"site": 150.0, "neighbourhood": 1500.0, "settlement": 4000.0}.get(precision)
        rows.append(
            {
                "id": f"invented-{len(rows):02d}",
                "title": title,
                "lat": lat,
                "lng": lng,
                "radius_m": radius,
                "geo_precision": precision,
                "area_id": None,
                "kind": kind,
                "actors": [],
                "event_type": "bombing",
                "areal": precision in ("district", "province"),
                "place": "",
                "killed": "unknown",
                "killed_low": None,
                "killed_high": None,
                "earliest": "2022-09-30",
                "latest": "2022-09-30",
                "date_precision": "day",
            }
            | more
        )

    def killed(low: int, high: int | None = None, is_open: bool = False) -> dict[str, Any]:
        most = low if high is None else high
        mark = "≥" if is_open else ""
        words = f"{mark}{most}" if low == most else f"{low}–{mark}{most}"
        return {"killed": words, "killed_low": low, "killed_high": most}

    kinds = ("claimed", "attributed", "suspected", "contested", "denied", "unclaimed", "none")
    for index, kind in enumerate(kinds):
        add(f"Kabul blast {index}", 34.5281 + 0.004 * (index % 3), 69.1723, "site", kind,
            **killed(index * 3), actors=["iskp"] if kind != "none" else [],
            earliest=f"2022-0{index + 1}-15", latest=f"2022-0{index + 1}-15")  # fmt: skip
    for index in range(3):
        add(f"Same spot {index}", 34.5553, 69.2075, "site", "claimed", actors=["iskp"],
            **killed(2), event_type="suicide_attack")  # fmt: skip
    add("Airport gate", 34.5610, 69.2120, "site", "claimed", **killed(213),
        actors=["iskp"], earliest="2021-08-26", latest="2021-08-26")  # fmt: skip
    add("Neighbourhood in Herat", 34.352, 62.204, "neighbourhood", "claimed", **killed(5),
        actors=["iskp"])  # fmt: skip
    add("Town of Fayzabad", 37.117, 70.579, "settlement", "contested", **killed(3, 6, True),
        actors=["iskp"], earliest="2024-05-08", latest="2024-05-08")  # fmt: skip
    add("District only", 34.34, 62.2, "district", "attributed", area_id="dist:herat/herat",
        actors=["nrf"], event_type="armed_attack")  # fmt: skip
    for index in range(2):
        add(f"Province only {index}", 34.3, 62.0, "province", "claimed", area_id="prov:herat",
            actors=["iskp"], event_type="armed_clash", **killed(4))  # fmt: skip
    add("Kabul province only", 34.6, 69.13, "province", "unclaimed", area_id="prov:kabul")
    add("Some time in October", 36.72, 67.11, "settlement", "suspected", actors=["iskp"],
        earliest="2022-10-01", latest="2022-10-31", date_precision="month")  # fmt: skip
    add("Aybak school", 36.265, 68.016, "site", "unclaimed", **killed(19, 20, True),
        earliest="2022-11-30", latest="2022-11-30")  # fmt: skip
    add("Panjshir clash", 35.31, 69.52, "settlement", "attributed", **killed(8),
        actors=["nrf"], event_type="armed_clash")  # fmt: skip
    add("Kandahar mosque", 31.613, 65.71, "site", "claimed", **killed(47, 63), actors=["iskp"],
        earliest="2021-10-15", latest="2021-10-15")  # fmt: skip
    add("Jalalabad", 34.43, 70.45, "settlement", "denied", **killed(2), actors=["aff"])
    add("Undated in Khost", 33.34, 69.92, "settlement", "none", earliest=None, latest="2023-01-10",
        date_precision="unknown")  # fmt: skip
    add(HOSTILE, 32.6, 65.9, "settlement", "claimed", actors=[HOSTILE], event_type=HOSTILE)
    add("حمله در زابل", 32.1, 66.9, "settlement", "suspected", **killed(1), actors=["iskp"])
    return rows


def answer() -> dict[str, Any]:
    """The invented incidents as `/data/view` would answer."""
    rows = invented()
    counts = {"total": len(rows) + 2, "mappable": len(rows), "not_mappable": 2}
    return {"mode": "incidents", "covers": None, "incidents": rows, "counts": counts}


def page(request: Request) -> Response:
    """The map alone; whatever it tells the page is kept in `window.messages`."""
    incident_map = IncidentMap()
    incident_map.add_child(ViewToken(""))
    html = incident_map.get_root().render()
    keep = (
        "<script>window.messages=[];window.addEventListener('message',"
        "e=>{if(e.data&&e.data.source==='incident-map')window.messages.push(e.data)})</script>"
    )
    return HTMLResponse(html.replace("<head>", "<head>" + keep, 1))


TIMELINE_PAGE = """<!doctype html><html lang="en">
<meta name="viewport" content="width=device-width">
<title>Timeline</title><body style="margin:12px;background:Canvas;color-scheme:light dark">
<link rel="stylesheet" href="/assets/page.css"><link rel="stylesheet" href="/assets/map.css">
<div id="map" style="height:300px"></div>
<div id="timeline-root"><div class="timeline"></div></div>
<div id="bridge-root"><div class="bridge"></div></div>
<script src="/assets/map.js"></script><script type="module" src="/assets/page.js"></script>
<script type="module">
  window.said = [];
  const part = (id, data) => ({ parentElement: document.getElementById(id), data,
    setTriggerValue: (name, value) => said.push([name, value]) });
  window.timeline = (data) => IncidentPage.timeline(part("timeline-root",
    { query: "", step: "month", from: null, to: null, data_url: "/data", ...data }));
  window.bridge = (data) => IncidentPage.bridge(part("bridge-root",
    { params: [], token: null, order: [], click: 0, fly: null, copy_link: true, ...data }));
  window.map = L.map("map", { zoomSnap: 0.25, center: [34, 67], zoom: 5 });
  map.addLayer(new IncidentLayer({ dataUrl: "/data", geoUrl: "/assets/geo",
    bounds: [[29.36, 60.47], [38.5, 74.92]], attribution: "",
    labels: { kinds: {}, actors: {}, event_types: {} } }));
  timeline({});
  bridge({ token: { query: "" } });
</script></body></html>"""


def timeline_page(request: Request) -> Response:
    """Map, timeline and bridge on one plain page; what they tell the script is in `window.said`."""
    return HTMLResponse(TIMELINE_PAGE)


def series(request: Request) -> Response:
    """The invented incidents by month, week or day."""
    step = request.query_params.get("step", "month")
    starts: list[date] = []
    at = date(2021, 8, 1)
    while at <= date(2024, 5, 31):
        starts.append(at)
        if step == "month":
            at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        else:
            at += timedelta(days=7 if step == "week" else 1)
    rows = [row for row in invented() if row["earliest"] and row["latest"]]
    certain = [0] * len(starts)
    possible = [0] * len(starts)
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else date(2024, 6, 1)
        for row in rows:
            first, last = date.fromisoformat(row["earliest"]), date.fromisoformat(row["latest"])
            possible[index] += first < end and last >= start
            certain[index] += first >= start and last < end
    return JSONResponse(
        {
            "step": step,
            "start": [day.isoformat() for day in starts],
            "certain": certain,
            "possible": possible,
        }
    )


def view(request: Request) -> Response:
    """The same answer to every question."""
    return JSONResponse(answer())


def make_app() -> Starlette:
    """The page, its assets, and invented data."""
    return Starlette(
        routes=[
            Route("/", page),
            Route("/timeline", timeline_page),
            Route("/data/series", series),
            Route("/assets/{path:path}", asset),
            Route("/data/view", view),
        ]
    )


if __name__ == "__main__":
    import uvicorn

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8701)
    parser.add_argument("--dump", action="store_true", help="print the data and stop")
    arguments = parser.parse_args()
    if arguments.dump:
        print(json.dumps(answer(), indent=1))
    else:
        uvicorn.run(make_app(), host="127.0.0.1", port=arguments.port, log_level="warning")
