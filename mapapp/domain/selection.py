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
class Selection:
    """All filters at once; empty and None mean no restriction.

    Within one part any value may match, between parts all must. `groups`, `kinds` and `speakers`
    together mean one statement that is of the kind *and* about the group *and* made by the speaker
    (a class, or an actor that speaks; see `domain/speakers.py`). `doubts` are reasons to look
    twice, see `domain/doubt.py`. `participants` are sides of the event as a data set
    codes them, which says nothing of who did it. Figures in `killed` and `wounded`
    match an incident whose low–high range meets min–max; incidents without a figure match only
    where no bound is set. `date_certain` keeps only incidents that lie in the range for certain,
    else also those that possibly do. Background and abroad stay out unless asked for.
    """

    date_from: date | None = None
    date_to: date | None = None
    date_certain: bool = False
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
    datasets: tuple[str, ...] = ()
    background: bool = False
    abroad: bool = False
    rule: Rule = Rule.INDEPENDENT_FIRST
