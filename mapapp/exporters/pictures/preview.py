"""The picture that a shared link shows where it is pasted: sentence, figures, map (claims → SVG).

1200 × 630 px, what the large networks crop nothing of. Words are large: it is mostly seen small.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from mapapp.exporters.extract import Extract
from mapapp.exporters.pictures.frame import Projection
from mapapp.exporters.pictures.map import base, sort_placed
from mapapp.exporters.pictures.marks import draw_places
from mapapp.exporters.pictures.svg import INK, LINE, SOFT, Picture, lines, wrapped

WIDTH: Final = 1200
HEIGHT: Final = 630
MARGIN: Final = 40.0
MAP_PX: Final = 640.0

#: Incidents that meet on so small a map, from afar: latitude, longitude, how many.
Spots = Iterable[tuple[float, float, int]]


def draw(title: str, sentence: str, figures: list[str], extract: Extract | None, spots: Spots = (),
         ) -> Picture:  # fmt: skip
    """The picture; the map shows an extract's incidents, or `spots` where they are too many."""
    picture = Picture(WIDTH, HEIGHT, sentence, " ".join(figures))
    picture.rect(0, 0, WIDTH, HEIGHT, fill="#f4f6f8")
    projection = Projection(WIDTH - MARGIN - MAP_PX, 0, MAP_PX)
    projection.top = (HEIGHT - projection.height) / 2
    base(picture, projection)
    if extract is not None:
        placed, areas, _, _ = sort_placed(extract, projection)
        draw_places(picture, projection, placed, areas)
    for lat, lng, count in sorted(spots, key=lambda spot: -spot[2]):
        if projection.inside(lng, lat):
            x, y = projection.at(lng, lat)
            picture.circle(x, y, 2 + 2.2 * math.log10(count + 1), fill="#33658a", fill_opacity=0.45)
    picture.rect(projection.left, projection.top, MAP_PX, projection.height, fill="none",
                 stroke=LINE, stroke_width=1.5, rx=6)  # fmt: skip
    _words(picture, title, sentence, figures)
    return picture


def _words(picture: Picture, title: str, sentence: str, figures: list[str]) -> None:
    room = WIDTH - 3 * MARGIN - MAP_PX
    lines(picture, MARGIN, MARGIN + 24, wrapped(title, room, 21, 2), 21, fill=SOFT)
    y = lines(picture, MARGIN, 150, wrapped(sentence, room, 38, 5), 38, font_weight="700", fill=INK)
    y += 18
    for number, words in enumerate(figures):
        size = 27 if number == 0 else 21
        y = lines(picture, MARGIN, y, wrapped(words, room, size, 3), size, fill=INK)
        y += 8
    lines(picture, MARGIN, HEIGHT - MARGIN,
          wrapped("Absence of incidents is not safety.", room, 19, 1), 19, fill=SOFT)  # fmt: skip
