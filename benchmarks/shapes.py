"""A drawn shape against a province: the same questions of one snapshot, in turn in one process.

python -m benchmarks.shapes 1000000

Prints for each kind of shape, about the middle of a province, the processor time of each question
in milliseconds and its ratio to that of the province; with a last day that no pre-aggregated table
holds, so that both are asked of rows, and once as a table answers the province. Each shape is a new
one; `first` is the first question, which measures it.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from benchmarks.__main__ import snapshot_of
from gazetteer import Gazetteer
from mapapp.domain.selection import Circle, Polygon, Selection
from mapapp.query import Dashboard
from mapapp.snapshot.snapshot import open_snapshot

#: Each kind of selection is asked so often, each time of another province or shape.
TURNS: Final = 5

#: Provinces with their middles: Kabul, Nangarhar, Kunduz, Kandahar, Ghazni.
_PROVINCES: Final = tuple(
    (place.adm1_pcode, place.lat, place.lng)
    for place in Gazetteer.load().provinces()
    if place.adm1_pcode in ("AF01", "AF06", "AF19", "AF27", "AF11")
)
_DAY: Final = date(2025, 12, 20)

QUESTIONS: Final[dict[str, Callable[[Dashboard, Selection], object]]] = {
    "first": lambda d, s: d.count(s),
    "figures": lambda d, s: d.figures_without(s, ("",)),
    "picture": lambda d, s: d.picture(s, None, 6),
    "options": lambda d, s: d.facet(s, "kinds"),
    "series": lambda d, s: d.series(s, "month"),
    "table": lambda d, s: d.table(s, limit=50),
}


def polygon(lat: float, lng: float, corners: int) -> Polygon:
    """One that is about as large as a province, with corners near and far."""
    dice = np.random.default_rng([corners, round(1000 * lat)])
    points = []
    for number in range(corners):
        angle, away = 2 * math.pi * number / corners, dice.uniform(0.4, 0.8)
        points.append((lat + away * math.sin(angle), lng + 1.2 * away * math.cos(angle)))
    return Polygon(tuple((round(at[0], 4), round(at[1], 4)) for at in points))


def selections(turn: int) -> dict[str, Selection]:
    """What is compared, the province first."""
    code, lat, lng = _PROVINCES[turn]
    province = Selection(provinces=(code,))
    found = {"province": province}
    for corners in (5, 8, 30, 100):
        found[f"{corners} corners"] = Selection(inside=polygon(lat, lng, corners))
    found["circle"] = Selection(near=Circle(lat, lng, 60.0))
    found = {name: replace(selection, date_to=_DAY) for name, selection in found.items()}
    return found | {"summed up": province}


def measure(snapshot: Path) -> dict[str, dict[str, float]]:
    """Median milliseconds of processor time by selection and question."""
    dashboard = Dashboard(open_snapshot(snapshot))
    for selection in selections(0).values():  # the first of each code path is not counted
        for ask in QUESTIONS.values():
            ask(dashboard, replace(selection, date_to=date(2025, 12, 19)))
    spent: dict[str, dict[str, list[float]]] = {}
    kept: dict[str, list[int]] = {}
    for turn in range(TURNS):
        for name, selection in selections(turn).items():
            for question, ask in QUESTIONS.items():
                began = time.process_time()
                ask(dashboard, selection)
                took = 1000 * (time.process_time() - began)
                spent.setdefault(name, {}).setdefault(question, []).append(took)
            kept.setdefault(name, []).append(dashboard.count(selection))
    for name, counts in kept.items():
        print(f"{name:<12} keeps {median(counts):,.0f} incidents")
    return {
        name: {question: median(times) for question, times in own.items()}
        for name, own in spent.items()
    }


def main(rows: int) -> None:
    """Print the comparison."""
    found = measure(snapshot_of(Path("var/bench"), rows))
    province = found["province"]
    print(f"{rows:,} rows, ms of processor time (and of a province's)")
    print(" " * 12 + "".join(f"{question:>18}" for question in (*QUESTIONS, "all")))
    for name, own in found.items():
        pairs = [(own[question], province[question]) for question in QUESTIONS]
        pairs.append((sum(own.values()), sum(province.values())))
        cells = (f"{f'{ms:.0f} ({ms / of:.2f} x)':>18}" for ms, of in pairs)
        print(f"{name:<12}{''.join(cells)}", flush=True)


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
