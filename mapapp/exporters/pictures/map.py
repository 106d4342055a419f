"""The map as a clean picture for a briefing: honest geometry, legend, sentence and date (claims →
SVG).
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Final

from gazetteer import Gazetteer
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import DISPLAY_KINDS, NO_STATEMENT, label
from mapapp.exporters import terms
from mapapp.exporters.extract import Extract
from mapapp.exporters.pictures.frame import Projection, Room
from mapapp.exporters.pictures.marks import draw_places
from mapapp.exporters.pictures.svg import (
    BORDER,
    INK,
    KINDS,
    LAND,
    LINE,
    SEA,
    SOFT,
    Picture,
    lines,
    width_of,
    wrapped,
)
from mapapp.exporters.shapes import Shape, polygons, shape
from mapapp.exporters.totals import figures_line

WIDTH: Final = 1200.0
MARGIN: Final = 28.0


def write(extract: Extract) -> bytes:
    """The picture as SVG, 1200 px wide."""
    return draw(extract).bytes()


def draw(extract: Extract, *, headed: bool = True) -> Picture:
    """The picture: heading, map, legend, notes and attribution from top to bottom.

    With `headed` False it says only what concerns the map: the sheet around it has the rest.
    """
    inner = WIDTH - 2 * MARGIN
    heading = wrapped(extract.sentence, inner, 26, 2) if headed else []
    summary = wrapped(figures_line(extract.incidents, extract.rule), inner, 15, 2)
    top = MARGIN + (34 * len(heading) + 21 * len(summary) + 12 if headed else 0)
    projection = Projection(MARGIN, top, inner)
    placed, areas, unplaced, outside = sort_placed(extract, projection)
    notes = _notes(extract, unplaced, outside, headed)
    note_lines = [line for note in notes for line in wrapped(note, inner, 12.5, 3)]
    legend_top = top + projection.height + 16
    height = legend_top + 92 + 17.5 * len(note_lines) + MARGIN
    picture = Picture(WIDTH, height, extract.sentence, " ".join((summary[0], *notes)))
    y = lines(picture, MARGIN, MARGIN + 20, heading, 26, font_weight="700")
    if headed:
        lines(picture, MARGIN, y - 6, summary, 15, fill=SOFT)
    base(picture, projection)
    draw_places(picture, projection, placed, areas, partial(_names, picture, projection))
    picture.rect(
        MARGIN, top, inner, projection.height, fill="none", stroke=LINE, stroke_width=1, rx=6
    )
    _legend(picture, legend_top, Counter(i.display_kind for i in extract.incidents))
    lines(picture, MARGIN, legend_top + 96, note_lines, 12.5, fill=SOFT)
    return picture


def sort_placed(
    extract: Extract, projection: Projection
) -> tuple[list[tuple[Incident, Shape]], dict[str, list[Incident]], int, int]:
    """Points and discs, areas by id, how many have no place and how many lie outside the frame."""
    placed, areas, unplaced, outside = [], dict[str, list[Incident]](), 0, 0
    for incident in extract.incidents:
        geometry = shape(incident.record.place)
        if geometry is None:
            unplaced += 1
        elif not projection.inside(geometry.lng, geometry.lat):
            outside += 1
        elif geometry.kind == "area" and geometry.area_id is not None:
            areas.setdefault(geometry.area_id, []).append(incident)
        else:
            placed.append((incident, geometry))
    return placed, areas, unplaced, outside


def _notes(extract: Extract, unplaced: int, outside: int, headed: bool) -> list[str]:
    notes = []
    if unplaced:
        notes.append(f"{unplaced} not mappable: no place is known within the country.")
    if outside:
        notes.append(f"{outside} outside the frame of this map.")
    notes += extract.notes
    if not headed:
        return [*notes, terms.BOUNDARIES_SHORT]
    notes += [
        f"{terms.made_line(extract)}. Figures run from the lowest to the highest total that any "
        "speaker gives. Absence of incidents is not safety.",
        terms.BOUNDARIES_SHORT + " · Sources: "
        + "; ".join(dict.fromkeys(s.publisher for s in extract.sources.values())),
    ]  # fmt: skip
    return notes


def base(picture: Picture, projection: Projection) -> None:
    """The country: its provinces on an even ground."""
    picture.rect(
        projection.left, projection.top, projection.width, projection.height, fill=SEA, rx=6
    )
    for feature in Gazetteer.load().polygons("province")["features"]:
        picture.path(
            projection.path(polygons(feature["geometry"]) or []),
            fill=LAND, stroke=BORDER, stroke_width=1, stroke_linejoin="round",
        )  # fmt: skip


def _names(picture: Picture, projection: Projection, room: Room) -> None:
    """Names of provinces, the larger first; one without room is left out."""
    features = Gazetteer.load().polygons("province")["features"]
    for feature in sorted(features, key=lambda f: -len(str(f["geometry"]))):
        properties = feature["properties"]
        x, y = projection.at(properties["label_lng"], properties["label_lat"])
        spot = room.find(x, y, width_of(properties["name"], 11), 14, 3)
        if spot is not None:
            picture.text(
                spot[0], spot[1] + 4, properties["name"], 11, fill="#5d6b7a", text_anchor="middle",
                stroke=LAND, stroke_width=3, paint_order="stroke", stroke_linejoin="round",
            )  # fmt: skip


def _legend(picture: Picture, top: float, counts: Counter[str]) -> None:
    x = MARGIN
    for kind in DISPLAY_KINDS:
        colour, letter = KINDS[kind]
        fill = "#ffffff" if kind == NO_STATEMENT else colour
        edge = (colour, 2.0) if kind == NO_STATEMENT else (INK, 0.8)
        picture.circle(x + 8, top + 12, 8, fill=fill, stroke=edge[0], stroke_width=edge[1])
        if letter:
            dark = kind in ("suspected", "attributed", "unclaimed", "contested")
            picture.text(x + 8, top + 16, letter, 10, text_anchor="middle", font_weight="700",
                         fill=INK if dark else "#ffffff")  # fmt: skip
        words = f"{label(kind)} {counts[kind]:,}"
        picture.text(x + 22, top + 16.5, words, 13)
        x += 22 + width_of(words, 13) + 22
    y = top + 48
    x = MARGIN
    picture.circle(x + 8, y - 4, 5, fill=SOFT)
    x = _sign(picture, x + 22, y, "site known")
    picture.circle(x + 8, y - 4, 8, fill=SOFT, fill_opacity=0.15, stroke=SOFT,
                   stroke_dasharray="3 2")  # fmt: skip
    x = _sign(picture, x + 22, y, "within this radius")
    picture.rect(x, y - 12, 16, 16, fill=picture.hatch("hatch-legend", SOFT, 6, 0.9), stroke=SOFT)
    x = _sign(picture, x + 22, y, "district or province only, with the number of incidents")
    picture.circle(x + 8, y - 4, 6.5, fill="#ffffff", stroke=SOFT, stroke_width=2.5)
    _sign(picture, x + 22, y, "killed not reported")
    picture.text(
        MARGIN, top + 74,
        "Size: reported killed, or the number of incidents where a number is written.", 13,
        fill=SOFT,
    )  # fmt: skip


def _sign(picture: Picture, x: float, y: float, words: str) -> float:
    picture.text(x, y, words, 13, fill=SOFT)
    return x + width_of(words, 13) + 22
