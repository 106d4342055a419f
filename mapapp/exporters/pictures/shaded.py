"""The provinces shaded by a number, with a legend that says which (totals → SVG)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from gazetteer import Gazetteer
from mapapp.exporters.pictures.frame import Projection, Room
from mapapp.exporters.pictures.svg import SEA, SOFT, Picture, lines, width_of, wrapped
from mapapp.exporters.shapes import polygons

WIDTH: Final = 760.0
MARGIN: Final = 12.0

#: From little to much; five blues of one hue that stay apart in print (ColorBrewer "Blues").
SHADES: Final = ("#dbe7f3", "#b0cfe6", "#7fb0d5", "#457fb6", "#1c4f87")
_NONE: Final = "#fcfdfe"


def limits(values: Sequence[float]) -> tuple[float, ...]:
    """The upper ends of at most five classes: round numbers (1, 2, 5 and their tens), the last at
    or above the highest value. Each class is about 2.2 times as wide as the one below, because
    counts of attacks are far from even. Classes of whole numbers end at whole ones.
    """
    top = max(values, default=0)
    if top <= 0:
        return ()
    ends = [10.0**power * step for power in range(-3, 9) for step in (1, 2, 5)]
    first = next(at for at, end in enumerate(ends) if end >= top)
    chosen = ends[max(0, first - len(SHADES) + 1) : first + 1]
    whole = all(value == int(value) for value in values)
    return tuple(end for end in chosen if end >= 1 or not whole)


def draw(title: str, values: Mapping[str, float], unit: str, notes: Sequence[str]) -> Picture:
    """The picture; `values` are by a province's P-code, and a province without one is left white.

    `unit` is what the numbers are of, for the legend; `notes` are lines under it.
    """
    inner = WIDTH - 2 * MARGIN
    projection = Projection(MARGIN, MARGIN, inner)
    note_lines = [line for note in notes for line in wrapped(note, inner, 12, 3)]
    height = MARGIN + projection.height + 62 + 16.5 * len(note_lines)
    picture = Picture(WIDTH, height, title, _about(values, unit))
    picture.rect(MARGIN, MARGIN, inner, projection.height, fill=SEA, rx=6)
    ends = limits(tuple(values.values()))
    features = Gazetteer.load().polygons("province")["features"]
    for feature in features:
        shade = _shade(values.get(feature["properties"]["adm1_pcode"], 0), ends)
        picture.path(projection.path(polygons(feature["geometry"]) or []), fill=shade,
                     stroke="#7d8b99", stroke_width=0.8, stroke_linejoin="round")  # fmt: skip
    _numbers(picture, projection, features, values)
    _legend(picture, MARGIN + projection.height + 14, ends, unit)
    lines(picture, MARGIN, MARGIN + projection.height + 62, note_lines, 12, fill=SOFT)
    return picture


def number(value: float) -> str:
    """A value as it is written: whole from ten on, else with two figures that tell."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _shade(value: float, ends: Sequence[float]) -> str:
    if value <= 0:
        return _NONE
    return SHADES[len(SHADES) - len(ends) + next(at for at, end in enumerate(ends) if value <= end)]


def _about(values: Mapping[str, float], unit: str) -> str:
    names = {p["properties"]["adm1_pcode"]: p["properties"]["name"]
             for p in Gazetteer.load().polygons("province")["features"]}  # fmt: skip
    ordered = sorted(values.items(), key=lambda item: -item[1])
    said = "; ".join(f"{names.get(code, code)} {number(value)}" for code, value in ordered if value)
    return f"{unit[:1].upper()}{unit[1:]} by province: {said or 'none'}"


def _numbers(
    picture: Picture,
    projection: Projection,
    features: Sequence[Mapping[str, Mapping[str, object]]],
    values: Mapping[str, float],
) -> None:
    """Name and number of each province that has one, where there is room."""
    room = Room()
    for feature in sorted(
        features, key=lambda f: -values.get(str(f["properties"]["adm1_pcode"]), 0)
    ):
        properties = feature["properties"]
        value = values.get(str(properties["adm1_pcode"]), 0)
        if value <= 0:
            continue
        words = f"{properties['name']} {number(value)}"
        x, y = projection.at(
            float(str(properties["label_lng"])), float(str(properties["label_lat"]))
        )
        spot = room.find(x, y, width_of(words, 10.5), 13, 2)
        if spot is not None:
            picture.text(spot[0], spot[1] + 4, words, 10.5, text_anchor="middle", stroke="#ffffff",
                         stroke_width=3, paint_order="stroke",
                         stroke_linejoin="round")  # fmt: skip


def _legend(picture: Picture, top: float, ends: Sequence[float], unit: str) -> None:
    picture.text(MARGIN, top + 8, f"Shaded by {unit}", 12.5, font_weight="700")
    x, y = MARGIN, top + 18
    classes = [("none", _NONE)]
    for (low, high), shade in zip(pairwise((0, *ends)), SHADES[len(SHADES) - len(ends) :],
                                  strict=True):  # fmt: skip
        words = f"up to {number(high)}" if low == 0 else f"{number(low)} to {number(high)}"
        classes.append((words, shade))
    for words, shade in classes:
        picture.rect(x, y, 20, 13, fill=shade, stroke="#7d8b99", stroke_width=0.8)
        picture.text(x + 26, y + 11, words, 12)
        x += 26 + width_of(words, 12) + 18
