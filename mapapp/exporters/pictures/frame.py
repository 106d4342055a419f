"""Where things go in the picture of the map: projection, and room for words (export → picture)."""

from __future__ import annotations

import math
from typing import Final

from mapapp.exporters.shapes import Polygons

#: west, south, east, north of the country, degrees.
_WEST, _SOUTH, _EAST, _NORTH = 60.3, 29.2, 75.1, 38.65

#: Where words may go, in half widths and heights from where they belong.
_ASIDE: Final = (
    (0, 0), (0, -1), (0, 1), (0, -2), (0, 2), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1),
)  # fmt: skip


class Projection:
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


class Room:
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


def _mercator(lat: float) -> float:
    return math.asinh(math.tan(math.radians(lat)))
