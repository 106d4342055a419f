"""A selection: which incidents a reader looks at, as a plain value that every view shares.

How each part becomes an engine expression, a sentence and a URL parameter stands in
`mapapp/query/filters/table.py`, one entry a part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapapp.domain.vocab import Rule


@dataclass(frozen=True, slots=True)
class Circle:
    """Within `radius_km` of a point (degrees)."""

    lat: float
    lng: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Corridor:
    """Within `radius_km` of a line of (lat, lng) points (degrees), two at least."""

    points: tuple[tuple[float, float], ...]
    radius_km: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """Inside a closed line of (lat, lng) points (degrees), three at least; the last is not the
    first. Sides are straight in degrees.
    """

    points: tuple[tuple[float, float], ...]

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north where it is a rectangle along the degrees, else None."""
        latitudes, longitudes = (sorted(set(side)) for side in zip(*self.points, strict=True))
        if len(self.points) != 4 or len(latitudes) != 2 or len(longitudes) != 2:
            return None
        corners = {(lat, lng) for lat in latitudes for lng in longitudes}
        turns = zip(self.points, (*self.points[1:], self.points[0]), strict=True)
        along = all((a[0] == b[0]) != (a[1] == b[1]) for a, b in turns)
        if set(self.points) != corners or not along:
            return None
        return longitudes[0], latitudes[0], longitudes[1], latitudes[1]


@dataclass(frozen=True, slots=True)
class Selection:
    """All filters at once; empty and None mean no restriction.

    Within one part any value may match, between parts all must. `groups`, `kinds` and `speakers`
    together mean one statement that is of the kind *and* about the group *and* made by the speaker
    (a class, or an actor that speaks; see `domain/speakers.py`). `doubts` are reasons to look
    twice, see `domain/doubt.py`. `participants` are sides of the event as a data set
    codes them, which says nothing of who did it. Figures in `killed` and `wounded`
    match an incident whose low–high range meets min–max; incidents without a figure match only
    where no bound is set. `date_certain` keeps only incidents that lie in the range for certain,
    else also those that possibly do; `place_certain` the same for `near`,
    `along` and `inside`. Background and abroad stay out unless asked for; `countries` (ISO 3166-1
    alpha-3) ask for those abroad that they name, whatever `abroad` says.
    """

    date_from: date | None = None
    date_to: date | None = None
    date_certain: bool = False
    countries: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    killed_min: int | None = None
    killed_max: int | None = None
    wounded_min: int | None = None
    wounded_max: int | None = None
    doubts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    geo_precisions: tuple[str, ...] = ()
    date_precisions: tuple[str, ...] = ()
    text: str = ""
    near: Circle | None = None
    along: Corridor | None = None
    inside: Polygon | None = None
    place_certain: bool = False
    datasets: tuple[str, ...] = ()
    background: bool = False
    abroad: bool = False
    rule: Rule = Rule.INDEPENDENT_FIRST

    @property
    def shapes(self) -> tuple[Circle | Corridor | Polygon, ...]:
        """What is chosen on the map; an incident must lie in each."""
        return tuple(shape for shape in (self.near, self.along, self.inside) if shape is not None)
