"""The map as a clean picture for a briefing: honest geometry, legend, sentence and date (claims →
SVG).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from gazetteer import Gazetteer
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import DISPLAY_ORDER, NO_STATEMENT, Property, label
from mapapp.exporters import terms
from mapapp.exporters.gate import Extract
from mapapp.exporters.shapes import Polygons, Shape, outline, polygons, shape
from mapapp.exporters.svg import (
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
from mapapp.exporters.totals import figures_line

WIDTH: Final = 1200.0
MARGIN: Final = 28.0

#: west, south, east, north of the country, degrees.
_WEST, _SOUTH, _EAST, _NORTH = 60.3, 29.2, 75.1, 38.65

#: Marks nearer than this become one with a count, px.
_MERGE_PX: Final = 20.0

#: Where words may go, in half widths and heights from where they belong.
_ASIDE: Final = (
    (0, 0), (0, -1), (0, 1), (0, -2), (0, 2), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1),
)  # fmt: skip

_ORDER: Final = (*map(str, DISPLAY_ORDER), NO_STATEMENT)


def write(extract: Extract) -> bytes:
    """The picture as SVG, 1200 px wide."""
    return draw(extract).bytes()


@dataclass(slots=True)
class _Mark:
    """Incidents drawn as one: where, and which."""

    x: float
    y: float
    members: list[Incident] = field(default_factory=list)

    @property
    def r(self) -> float:
        """Radius in px: square-root scales, so that area and not radius carries the number."""
        if len(self.members) > 1:
            return min(28.0, 11 + 1.9 * math.sqrt(len(self.members) - 1))
        best = self.members[0].headline(Property.KILLED).best
        return 7.0 if best is None else min(22.0, 7 + 1.55 * math.sqrt(best))


class _Room:
    """The boxes that words and marks already take."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, float, float]] = []

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Take a box around a centre."""
        self._taken.append((x, y, width, height))

    def find(
        self, x: float, y: float, width: float, height: float, step: float
    ) -> tuple[float, float] | None:
        """The nearest free centre among the place itself and eight around it, taken at once."""
        for dx, dy in _ASIDE:
            at = (x + dx * (width / 2 + step), y + dy * (height / 2 + step))
            if all(
                abs(at[0] - ox) * 2 >= width + ow or abs(at[1] - oy) * 2 >= height + oh
                for ox, oy, ow, oh in self._taken
            ):
                self.take(*at, width, height)
                return at
        return None


class _Projection:
    """Web mercator of the country into a box of the picture."""

    def __init__(self, left: float, top: float, width: float) -> None:
        self.left, self.top, self.width = left, top, width
        self.scale = width / math.radians(_EAST - _WEST)
        self.height = self.scale * (_mercator(_NORTH) - _mercator(_SOUTH))

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        """Picture px of a place."""
        return (
            self.left + self.scale * math.radians(lng - _WEST),
            self.top + self.scale * (_mercator(_NORTH) - _mercator(lat)),
        )

    def inside(self, lng: float, lat: float) -> bool:
        """Whether a place lies in the frame."""
        return _WEST <= lng <= _EAST and _SOUTH <= lat <= _NORTH

    def px(self, metres: float, lat: float) -> float:
        """Px that a ground distance takes at a latitude."""
        return self.scale * metres / (6_378_137 * math.cos(math.radians(lat)))

    def path(self, shapes: Polygons) -> str:
        """Outlines as an SVG path; steps below half a px are left out."""
        parts = []
        for rings in shapes:
            for ring in rings:
                last: tuple[float, float] | None = None
                points = []
                for lng, lat in ring:
                    x, y = self.at(lng, lat)
                    if last is None or abs(x - last[0]) + abs(y - last[1]) >= 0.5:
                        points.append(f"{x:.1f} {y:.1f}")
                        last = (x, y)
                parts.append(f"M{'L'.join(points)}Z")
        return "".join(parts)


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))


def draw(extract: Extract) -> Picture:
    """The picture: heading, map, legend, notes and attribution from top to bottom."""
    inner = WIDTH - 2 * MARGIN
    heading = wrapped(extract.sentence, inner, 26, 2)
    summary = wrapped(figures_line(extract.incidents, extract.rule), inner, 15, 2)
    top = MARGIN + 34 * len(heading) + 21 * len(summary) + 12
    projection = _Projection(MARGIN, top, inner)
    placed, areas, unplaced, outside = _sorted(extract, projection)
    notes = _notes(extract, unplaced, outside)
    note_lines = [line for note in notes for line in wrapped(note, inner, 12.5, 3)]
    legend_top = top + projection.height + 16
    height = legend_top + 92 + 17.5 * len(note_lines) + MARGIN
    picture = Picture(WIDTH, height, extract.sentence, " ".join((summary[0], *notes)))
    y = lines(picture, MARGIN, MARGIN + 20, heading, 26, font_weight="700")
    lines(picture, MARGIN, y - 6, summary, 15, fill=SOFT)
    _base(picture, projection)
    _areas(picture, projection, areas)
    _discs(picture, projection, placed)
    marks = _merged(projection, placed)
    room = _Room()
    for mark in marks:
        room.take(mark.x, mark.y, 2 * mark.r + 4, 2 * mark.r + 4)
    badges = _badges(projection, areas, room)
    _names(picture, projection, room)
    for mark in marks:
        if len(mark.members) == 1:
            _dot(picture, mark, mark.members[0])
        else:
            _cluster(picture, mark)
    _draw_badges(picture, badges)
    picture.rect(
        MARGIN, top, inner, projection.height, fill="none", stroke=LINE, stroke_width=1, rx=6
    )
    _legend(picture, legend_top, Counter(i.display_kind for i in extract.incidents))
    lines(picture, MARGIN, legend_top + 96, note_lines, 12.5, fill=SOFT)
    return picture


def _sorted(
    extract: Extract, projection: _Projection
) -> tuple[list[tuple[Incident, Shape]], dict[str, list[Incident]], int, int]:
    """Points and discs, areas by id, how many have no place and how many lie outside the frame."""
    placed, areas, unplaced, outside = [], dict[str, list[Incident]](), 0, 0
    for incident in extract.incidents:
        found = shape(incident.record.place)
        if found is None:
            unplaced += 1
        elif not projection.inside(found.lng, found.lat):
            outside += 1
        elif found.kind == "area" and found.area_id is not None:
            areas.setdefault(found.area_id, []).append(incident)
        else:
            placed.append((incident, found))
    return placed, areas, unplaced, outside


def _notes(extract: Extract, unplaced: int, outside: int) -> list[str]:
    notes = []
    if unplaced:
        notes.append(f"{unplaced} not mappable: no place is known within the country.")
    if outside:
        notes.append(f"{outside} outside the frame of this map.")
    notes += [
        *extract.notes,
        f"{terms.made_line(extract)}. Figures run from the lowest to the highest total that any "
        "speaker gives. Absence of incidents is not safety.",
        terms.BOUNDARIES_SHORT + " · Sources: "
        + "; ".join(dict.fromkeys(s.publisher for s in extract.sources.values())),
    ]  # fmt: skip
    return notes


def _base(picture: Picture, projection: _Projection) -> None:
    picture.rect(
        projection.left, projection.top, projection.width, projection.height, fill=SEA, rx=6
    )
    for feature in Gazetteer.load().polygons("province")["features"]:
        picture.path(
            projection.path(polygons(feature["geometry"]) or []),
            fill=LAND, stroke=BORDER, stroke_width=1, stroke_linejoin="round",
        )  # fmt: skip


def _names(picture: Picture, projection: _Projection, room: _Room) -> None:
    """Names of provinces, the larger first; one without room is left out."""
    features = Gazetteer.load().polygons("province")["features"]
    for feature in sorted(features, key=lambda f: -len(str(f["geometry"]))):
        own = feature["properties"]
        x, y = projection.at(own["label_lng"], own["label_lat"])
        found = room.find(x, y, width_of(own["name"], 11), 14, 3)
        if found is not None:
            picture.text(
                found[0], found[1] + 4, own["name"], 11, fill="#5d6b7a", text_anchor="middle",
                stroke=LAND, stroke_width=3, paint_order="stroke", stroke_linejoin="round",
            )  # fmt: skip


def _areas(picture: Picture, projection: _Projection, areas: dict[str, list[Incident]]) -> None:
    """Hatched areas of incidents known only to them."""
    for area_id, members in areas.items():
        kind = _leading(members)
        colour = KINDS[kind][0]
        path = projection.path(outline(area_id) or [])
        picture.path(path, fill=colour, fill_opacity=0.08)
        picture.path(
            path, fill=picture.hatch(f"hatch-{kind}", colour), fill_opacity=0.65, stroke=colour,
            stroke_width=1.3,
        )  # fmt: skip


def _badges(
    projection: _Projection, areas: dict[str, list[Incident]], room: _Room
) -> list[tuple[float, float, int, str]]:
    """The count of each area: a box, so that it is never read as a pin; moved aside for marks."""
    found = []
    for members in areas.values():
        place = members[0].record.place
        x, y = projection.at(place.lng or 0, place.lat or 0)
        width = 14 + width_of(str(len(members)), 12)
        at = room.find(x, y, width, 19, 14) or (x, y)
        found.append((*at, len(members), KINDS[_leading(members)][0]))
    return found


def _draw_badges(picture: Picture, badges: list[tuple[float, float, int, str]]) -> None:
    for x, y, number, colour in badges:
        width = 14 + width_of(str(number), 12)
        picture.rect(
            x - width / 2, y - 9.5, width, 19, rx=4, fill="#ffffff", stroke=colour,
            stroke_width=1.5,
        )  # fmt: skip
        picture.text(x, y + 4.4, f"{number:,}", 12, text_anchor="middle", font_weight="600")


def _leading(members: list[Incident]) -> str:
    counts = Counter(incident.display_kind for incident in members)
    return max(_ORDER, key=lambda kind: (counts[kind], -_ORDER.index(kind)))


def _discs(picture: Picture, projection: _Projection, placed: list[tuple[Incident, Shape]]) -> None:
    """The ground within which a place known to a neighbourhood or settlement lies."""
    drawn: set[tuple[float, float, float]] = set()
    for incident, own in placed:
        if own.kind == "disc" and own.radius_m:
            x, y = projection.at(own.lng, own.lat)
            r = projection.px(own.radius_m, own.lat)
            if r > 8 and (x, y, r) not in drawn:
                drawn.add((x, y, r))
                colour = KINDS[incident.display_kind][0]
                picture.circle(
                    x, y, r, fill=colour, fill_opacity=0.13, stroke=colour, stroke_width=1.2,
                    stroke_dasharray="4 3",
                )  # fmt: skip


def _merged(projection: _Projection, placed: list[tuple[Incident, Shape]]) -> list[_Mark]:
    """Marks that no other lies too near to; a hash grid keeps the time linear."""
    cells: dict[tuple[int, int], list[_Mark]] = {}
    marks: list[_Mark] = []
    for incident, own in placed:
        x, y = projection.at(own.lng, own.lat)
        column, row = int(x // _MERGE_PX), int(y // _MERGE_PX)
        near = [
            mark
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for mark in cells.get((i, j), ())
            if math.hypot(mark.x - x, mark.y - y) < _MERGE_PX
        ]
        if near:
            near[0].members.append(incident)
            continue
        mark = _Mark(x, y, [incident])
        marks.append(mark)
        cells.setdefault((column, row), []).append(mark)
    return marks


def _dot(picture: Picture, mark: _Mark, incident: Incident) -> None:
    """Filled where a number of killed is reported, a hollow ring where none is."""
    kind = incident.display_kind
    colour, letter = KINDS[kind]
    best = incident.headline(Property.KILLED).best
    x, y, r = mark.x, mark.y, mark.r
    picture.circle(x, y, r + 2, fill="#ffffff")
    if best is None or kind == NO_STATEMENT:
        picture.circle(x, y, r - 1, fill="#ffffff", stroke=colour, stroke_width=2.5)
        if best is not None:  # silent on who did it, but not on the dead
            picture.circle(x, y, max(2.0, r - 5), fill="none", stroke=colour, stroke_width=1.2)
    else:
        picture.circle(x, y, r, fill=colour, stroke=INK, stroke_width=0.9)
    if letter:
        dark = best is None or kind in ("suspected", "attributed", "unclaimed", "contested")
        size = min(13.0, r * 1.15)
        picture.text(
            x, y + size * 0.36, letter, size, text_anchor="middle", font_weight="700",
            fill=INK if dark else "#ffffff",
        )  # fmt: skip


def _cluster(picture: Picture, mark: _Mark) -> None:
    """A count in a ring whose segments are the mix of attribution kinds."""
    x, y, r, members = mark.x, mark.y, mark.r, mark.members
    counts = Counter(incident.display_kind for incident in members)
    width = max(4.5, r * 0.3)
    picture.circle(x, y, r + 1.5, fill="#ffffff", stroke="#7d8b99", stroke_width=1)
    start = -math.pi / 2
    for kind in _ORDER:
        if not counts[kind]:
            continue
        end = start + 2 * math.pi * counts[kind] / len(members)
        _segment(picture, x, y, r - width / 2, start, end, KINDS[kind][0], width)
        start = end
    picture.text(x, y + 4.3, f"{len(members):,}", 12, text_anchor="middle", font_weight="600")


def _segment(
    picture: Picture, x: float, y: float, r: float, start: float, end: float, colour: str, w: float
) -> None:
    if end - start > 2 * math.pi - 1e-6:
        picture.circle(x, y, r, fill="none", stroke=colour, stroke_width=w)
        return
    x1, y1 = x + r * math.cos(start), y + r * math.sin(start)
    x2, y2 = x + r * math.cos(end), y + r * math.sin(end)
    large = 1 if end - start > math.pi else 0
    picture.path(
        f"M{x1:.2f} {y1:.2f}A{r:.2f} {r:.2f} 0 {large} 1 {x2:.2f} {y2:.2f}",
        fill="none", stroke=colour, stroke_width=w,
    )  # fmt: skip


def _legend(picture: Picture, top: float, counts: Counter[str]) -> None:
    x = MARGIN
    for kind in _ORDER:
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
