"""The charts: functions that take the query layer's tables and give Altair charts.

Colours are Okabe–Ito's, as on the map, and never stand alone: bars are labelled, and what is only
possibly in a bin is hatched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from mapapp.domain.vocab import DISPLAY_KINDS, NO_STATEMENT, label
from mapapp.domain.wording import bounds_text
from mapapp.query import Facet
from mapapp.ui.parts.templating import render

#: In the order of display; the same colours as the map's.
KIND_COLOURS: Mapping[str, str] = {
    "contested": "#cc79a7",
    "claimed": "#d55e00",
    "attributed": "#e69f00",
    "suspected": "#f0e442",
    "denied": "#0072b2",
    "unclaimed": "#999999",
    NO_STATEMENT: "#d0d4d8",
}
BAR = "#4a86b0"


#: Names are cut only where they are very long, and none is left out.
_NAMES = alt.Axis(labelLimit=180, labelOverlap=False)

#: The height is that of the bars alone, however long the legend is.
FIT = alt.AutoSizeParams(type="fit-x", contains="padding")

#: Height of the piles over time, pixels.
PILE_HEIGHT = 190

#: Bars shown in a chart of categories; the rest is in the table.
MAX_BARS = 25


def bin_end(start: date, step: str) -> date:
    """The day after the bin that begins on `start`."""
    if step == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    if step == "year":
        return date(start.year + 1, 1, 1)
    return start + timedelta(days=7 if step == "week" else 1)


def over_time_frame(stacked: pa.Table, step: str) -> pd.DataFrame:
    """Columns start, end, kind, sure ("for certain" or "possibly"), incidents, low, high.

    `low` and `high` are where the block begins and ends in its bin's pile: certain ones below.
    """
    piles: dict[date, int] = {}
    rows = []
    found = sorted(stacked.to_pylist(), key=lambda row: DISPLAY_KINDS.index(row["code"]))
    for sure in ("for certain", "possibly"):
        for row in found:
            certain = row["certain"]
            number = certain if sure == "for certain" else row["possible"] - certain
            if not number:
                continue
            start = row["bin_start"]
            low = piles.get(start, 0)
            piles[start] = low + number
            rows.append(
                {
                    "start": pd.Timestamp(start),
                    "end": pd.Timestamp(bin_end(start, step)),
                    "kind": label(row["code"]),
                    "sure": sure,
                    "incidents": number,
                    "low": low,
                    "high": low + number,
                }
            )
    return pd.DataFrame(rows, columns=["start", "end", "kind", "sure", "incidents", "low", "high"])


def over_time(stacked: pa.Table, step: str) -> alt.LayerChart:
    """Incidents by bin, stacked by attribution kind; possible-only ones hatched."""
    x = alt.X("start:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True))
    return piles(over_time_frame(stacked, step), x, "end:T")


def piles(
    frame: pd.DataFrame,
    x: alt.X,
    x2: str,
    scale: alt.Scale | None = None,
    below: Sequence[alt.Chart] = (),
) -> alt.LayerChart:
    """The piles of an `over_time_frame` over any axis; `scale` is that of their height.

    `below` are layers drawn before them.
    """
    encoded = {
        "x": x,
        "x2": x2,
        "y": alt.Y(
            "low:Q",
            title="Incidents",
            axis=alt.Axis(tickMinStep=1, format=",d"),
            scale=scale or alt.Undefined,
        ),
        "y2": "high:Q",
        "tooltip": [
            alt.Tooltip("start:T", title="From", format="%d %b %Y"),
            alt.Tooltip("kind:N", title="Attribution"),
            alt.Tooltip("sure:N", title="In this bin"),
            alt.Tooltip("incidents:Q", title="Incidents"),
        ],
    }
    certain = (
        alt.Chart(frame[frame["sure"] == "for certain"])
        .mark_bar(stroke="#5b6670", strokeWidth=0.8)
        .encode(color=_kind_colour(), **encoded)
    )
    possible = frame[frame["sure"] == "possibly"]
    # A layer a kind: a stripe is a gradient, and a scale has plain colours only.
    hatched = [
        alt.Chart(possible[possible["kind"] == label(kind)])
        .mark_bar(fill=hatch(KIND_COLOURS[kind]), stroke="#5b6670", strokeWidth=0.8)
        .encode(**encoded)
        for kind in DISPLAY_KINDS
        if (possible["kind"] == label(kind)).any()
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=[*below, certain, *hatched]).properties(
        height=PILE_HEIGHT, background="transparent", autosize=FIT
    )
    return chart


#: Stripes of a hatched bar, corner to corner.
_STRIPES = 9


def hatch(colour: str) -> alt.LinearGradient:
    """Diagonal stripes of a colour with nothing between them, as a fill."""
    stops = []
    for number in range(_STRIPES):
        start, middle = number / _STRIPES, (number + 0.55) / _STRIPES
        end = (number + 1) / _STRIPES
        stops += [
            alt.GradientStop(offset=start, color=colour),
            alt.GradientStop(offset=middle, color=colour),
            alt.GradientStop(offset=middle, color="transparent"),
            alt.GradientStop(offset=end, color="transparent"),
        ]
    return alt.LinearGradient(gradient="linear", stops=stops, x1=0, y1=0, x2=1, y2=1)


def by_category(breakdown: pa.Table) -> alt.LayerChart:
    """Horizontal bars of incidents by category, with their numbers."""
    frame = counts_frame(breakdown, "label").head(MAX_BARS)
    return _counted(frame, alt.value(BAR), BAR)


def by_kind(breakdown: pa.Table) -> alt.LayerChart:
    """Incidents by attribution kind; an incident with several kinds counts once for each."""
    frame = counts_frame(breakdown, "code")
    frame = frame[frame["name"].isin(DISPLAY_KINDS)].sort_values(
        "name", key=lambda s: s.map(DISPLAY_KINDS.index)
    )
    frame["kind"] = frame["name"].map(label)
    frame["name"] = frame["kind"]
    return _counted(frame, _kind_colour(), "#5b6670")


def counts_frame(breakdown: pa.Table, name: str) -> pd.DataFrame:
    """Columns name, certain, incidents, words: "5", or "5 (3 for certain)" in a range of days."""
    certain, incidents = breakdown["certain"].to_pylist(), breakdown["incidents"].to_pylist()
    return pd.DataFrame(
        {
            "name": breakdown[name].to_pylist(),
            "certain": certain,
            "incidents": incidents,
            "words": [
                f"{n:,}" if sure == n else f"{n:,} ({sure:,} for certain)"
                for sure, n in zip(certain, incidents, strict=True)
            ],
        }
    )


def _counted(frame: pd.DataFrame, colour: Any, stripes: str) -> alt.LayerChart:
    """Bars of a `counts_frame`; what lies in the chosen days only possibly is hatched."""
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=_NAMES),
        tooltip=[
            alt.Tooltip("name:N", title="Name"),
            alt.Tooltip("incidents:Q", title="Incidents"),
            alt.Tooltip("certain:Q", title="For certain in the days chosen"),
        ],
    )
    axis = alt.Axis(tickMinStep=1, format=",d")
    layers = [
        base.mark_bar(stroke="#5b6670", strokeWidth=0.8).encode(
            x=alt.X("certain:Q", title="Incidents", axis=axis), color=colour
        ),
        base.mark_text(align="left", dx=4, color="gray").encode(
            x=alt.X("incidents:Q"), text="words:N"
        ),
    ]
    if (frame["certain"] < frame["incidents"]).any():
        layers.append(
            base.mark_bar(fill=hatch(stripes), stroke="#5b6670", strokeWidth=0.8).encode(
                x=alt.X("certain:Q", title="Incidents", axis=axis), x2="incidents:Q"
            )
        )
    return _sized(alt.LayerChart(layer=layers), len(frame))


def group_frame(facets: Mapping[str, Sequence[Facet]]) -> pd.DataFrame:
    """Columns group, kind, incidents, from the groups' counts under each kind."""
    rows = [
        {"group": facet.label, "kind": label(kind), "incidents": facet.count}
        for kind in DISPLAY_KINDS
        for facet in facets.get(kind, ())
        if facet.count
    ]
    return pd.DataFrame(rows, columns=["group", "kind", "incidents"])


def by_group(facets: Mapping[str, Sequence[Facet]]) -> alt.LayerChart:
    """Incidents by group, one bar a kind beside the next: they are never added up."""
    frame = group_frame(facets)
    base = alt.Chart(frame).encode(
        y=alt.Y("group:N", sort=None, title=None, axis=_NAMES),
        yOffset=alt.YOffset("kind:N"),
        x=alt.X("incidents:Q", title="Incidents", axis=alt.Axis(tickMinStep=1, format=",d")),
        tooltip=[
            alt.Tooltip("group:N", title="Group"),
            alt.Tooltip("kind:N", title="Attribution"),
            alt.Tooltip("incidents:Q", title="Incidents"),
        ],
    )
    return _sized(
        base.mark_bar(stroke="#5b6670").encode(color=_kind_colour())
        + base.mark_text(align="left", dx=4, color="gray").encode(text="incidents:Q"),
        max(len(frame), 3),
    )


def range_frame(rows: Sequence[Mapping[str, Any]], name: str) -> pd.DataFrame:
    """Columns name, low, best, high, range of the rows that have a number, highest first.

    A row has killed_low, killed_best, killed_high and killed_open; `name` is the key of its name.
    """
    found = [
        {
            "name": row[name],
            "low": row["killed_low"],
            "best": row["killed_best"],
            "high": row["killed_high"],
            "range": bounds_text(
                row["killed_low"], row["killed_high"], high_open=bool(row["killed_open"])
            ),
        }
        for row in rows
        if row["killed_low"] is not None
    ]
    found.sort(key=lambda row: (-row["high"], str(row["name"])))
    return pd.DataFrame(found[:MAX_BARS], columns=["name", "low", "best", "high", "range"])


def killed_ranges(frame: pd.DataFrame) -> alt.LayerChart:
    """Ranges of reported killed, as `ranges` draws them."""
    return ranges(frame, "Reported killed")


def ranges(frame: pd.DataFrame, title: str) -> alt.LayerChart:
    """Low–high bars with a tick at the best figure and the range in words, as in `range_frame`."""
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, labelOverlap=False)),
        tooltip=[
            alt.Tooltip("name:N", title="Name"),
            alt.Tooltip("range:N", title=title),
            alt.Tooltip("best:Q", title="Best by the rule"),
        ],
    )
    low = alt.X("low:Q", title=title, axis=alt.Axis(tickMinStep=1, format=",d"))
    return _sized(
        base.mark_rule(strokeWidth=7, color=BAR, opacity=0.45, strokeCap="round").encode(
            x=low, x2="high:Q"
        )
        + base.mark_tick(thickness=3, size=16, color=BAR).encode(x=alt.X("best:Q"))
        + base.mark_text(align="left", dx=8, color="gray").encode(x="high:Q", text="range:N"),
        len(frame),
    )


def _kind_colour() -> alt.Color:
    return alt.Color(
        "kind:N",
        scale=alt.Scale(
            domain=[label(kind) for kind in DISPLAY_KINDS],
            range=[KIND_COLOURS[kind] for kind in DISPLAY_KINDS],
        ),
        title=None,
        # The page's own legend wraps on a narrow screen, which a chart's does not.
        legend=None,
    )


def legend_html(codes: Iterable[str]) -> str:
    """The colours of the kinds among `codes`, in the order of display."""
    present = set(codes)
    return render(
        "chart_legend.html",
        kinds=[(kind, label(kind)) for kind in DISPLAY_KINDS if kind in present],
    )


def _sized(chart: alt.LayerChart, bars: int) -> alt.LayerChart:
    return chart.properties(height=max(48, 24 * bars), background="transparent", autosize=FIT)
