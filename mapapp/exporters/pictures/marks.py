"""Marks, discs and hatched areas of the picture of the map (incidents → picture)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mapapp.domain.incident import Incident
from mapapp.domain.vocab import DISPLAY_KINDS, NO_STATEMENT, Property
from mapapp.exporters.pictures.frame import Projection, Room
from mapapp.exporters.pictures.svg import INK, KINDS, Picture, width_of
from mapapp.exporters.shapes import Shape, outline

#: Marks nearer than this become one with a count, px.
_MERGE_PX: Final = 20.0


@dataclass(slots=True)
class Mark:
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


def draw_places(
    picture: Picture,
    projection: Projection,
    placed: list[tuple[Incident, Shape]],
    areas: dict[str, list[Incident]],
    below: Callable[[Room], None] = lambda room: None,
) -> None:
    """Areas, discs, marks and counts of areas; `below` draws what lies under the marks, in the room
    that these leave.
    """
    hatch_areas(picture, projection, areas)
    draw_discs(picture, projection, placed)
    marks = merged(projection, placed)
    room = Room()
    for mark in marks:
        room.take(mark.x, mark.y, 2 * mark.r + 4, 2 * mark.r + 4)
    counts = badges(projection, areas, room)
    below(room)
    for mark in marks:
        if len(mark.members) == 1:
            draw_dot(picture, mark, mark.members[0])
        else:
            draw_cluster(picture, mark)
    draw_badges(picture, counts)


def merged(projection: Projection, placed: list[tuple[Incident, Shape]]) -> list[Mark]:
    """Marks that no other lies too near to; a hash grid keeps the time linear."""
    cells: dict[tuple[int, int], list[Mark]] = {}
    marks: list[Mark] = []
    for incident, geometry in placed:
        x, y = projection.at(geometry.lng, geometry.lat)
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
        mark = Mark(x, y, [incident])
        marks.append(mark)
        cells.setdefault((column, row), []).append(mark)
    return marks


def leading(members: list[Incident]) -> str:
    """The kind that most of them have, the earlier in `DISPLAY_KINDS` of equals."""
    counts = Counter(incident.display_kind for incident in members)
    return max(DISPLAY_KINDS, key=lambda kind: (counts[kind], -DISPLAY_KINDS.index(kind)))


def hatch_areas(picture: Picture, projection: Projection, areas: dict[str, list[Incident]]) -> None:
    """Hatched areas of incidents known only to them."""
    for area_id, members in areas.items():
        kind = leading(members)
        colour = KINDS[kind][0]
        path = projection.path(outline(area_id) or [])
        picture.path(path, fill=colour, fill_opacity=0.08)
        picture.path(
            path, fill=picture.hatch(f"hatch-{kind}", colour), fill_opacity=0.65, stroke=colour,
            stroke_width=1.3,
        )  # fmt: skip


def draw_discs(
    picture: Picture, projection: Projection, placed: list[tuple[Incident, Shape]]
) -> None:
    """The ground within which a place known to a neighbourhood or settlement lies."""
    drawn: set[tuple[float, float, float]] = set()
    for incident, disc in placed:
        if disc.kind == "disc" and disc.radius_m:
            x, y = projection.at(disc.lng, disc.lat)
            r = projection.px(disc.radius_m, disc.lat)
            if r > 8 and (x, y, r) not in drawn:
                drawn.add((x, y, r))
                colour = KINDS[incident.display_kind][0]
                picture.circle(
                    x, y, r, fill=colour, fill_opacity=0.13, stroke=colour, stroke_width=1.2,
                    stroke_dasharray="4 3",
                )  # fmt: skip


def badges(
    projection: Projection, areas: dict[str, list[Incident]], room: Room
) -> list[tuple[float, float, int, str]]:
    """The count of each area: a box, so that it is never read as a pin; moved aside for marks."""
    result = []
    for members in areas.values():
        place = members[0].record.place
        x, y = projection.at(place.lng or 0, place.lat or 0)
        width = 14 + width_of(str(len(members)), 12)
        at = room.find(x, y, width, 19, 14) or (x, y)
        result.append((*at, len(members), KINDS[leading(members)][0]))
    return result


def draw_badges(picture: Picture, counts: list[tuple[float, float, int, str]]) -> None:
    """The boxes that `badges` found room for."""
    for x, y, number, colour in counts:
        width = 14 + width_of(str(number), 12)
        picture.rect(
            x - width / 2, y - 9.5, width, 19, rx=4, fill="#ffffff", stroke=colour,
            stroke_width=1.5,
        )  # fmt: skip
        picture.text(x, y + 4.4, f"{number:,}", 12, text_anchor="middle", font_weight="600")


def draw_dot(picture: Picture, mark: Mark, incident: Incident) -> None:
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


def draw_cluster(picture: Picture, mark: Mark) -> None:
    """A count in a ring whose segments are the mix of attribution kinds."""
    x, y, r, members = mark.x, mark.y, mark.r, mark.members
    counts = Counter(incident.display_kind for incident in members)
    width = max(4.5, r * 0.3)
    picture.circle(x, y, r + 1.5, fill="#ffffff", stroke="#7d8b99", stroke_width=1)
    start = -math.pi / 2
    for kind in DISPLAY_KINDS:
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
