"""Hypothesis strategies of selections: over the invented data, and over all a link can hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.domain.speakers import CODES as SPEAKERS
from mapapp.domain.vocab import (
    DatePrecision,
    Doubt,
    EventType,
    GeoPrecision,
    Rule,
    TargetType,
    VictimClass,
)
from mapapp.domain.weapons import Weapon
from mapapp.query.filters.table import KINDS
from tests.store.generate import ACTORS, HOSTILE, PROVINCES, SIDES, WORDS

COUNTRIES = ("AFG", "PAK")
#: Codes of provinces abroad; the invented ones bear names of Afghan provinces.
ELSEWHERE = tuple(f"PAK:{p[1]}" for p in PROVINCES)


def codes(of: Sequence[str] | st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly no choice, else one to three different codes."""
    one = of if isinstance(of, st.SearchStrategy) else st.sampled_from([str(code) for code in of])
    some = st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(st.just(()), st.just(()), some)


def ranges(strategy: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int | None, int | None]]:
    both = st.tuples(strategy, strategy).map(sorted).map(lambda pair: (pair[0], pair[1]))
    return st.one_of(
        st.just((None, None)),
        st.just((None, None)),
        both,
        strategy.map(lambda low: (low, None)),
        strategy.map(lambda high: (None, high)),
    )


_days = st.dates(date(2021, 7, 1), date(2024, 3, 1))
_spans = st.one_of(
    st.just((None, None)),
    st.tuples(_days, _days).map(sorted).map(tuple),
    _days.map(lambda day: (day, None)),
    _days.map(lambda day: (None, day)),
)
_points = st.tuples(st.floats(30, 38), st.floats(60, 74))
_circles = st.builds(
    lambda point, km: Circle(point[0], point[1], km), _points, st.floats(1, 400, exclude_min=True)
)
_corridors = st.builds(
    lambda points, km: Corridor(tuple(points), km),
    st.lists(_points, min_size=2, max_size=4),
    st.floats(1, 200),
)


@st.composite
def selections(
    draw: st.DrawFn, free: st.SearchStrategy[str] | None = None, text: bool = True
) -> Selection:
    """Over the invented data; with `free`, data-driven codes are any such strings."""

    def of_data(known: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
        return codes(free if free is not None else [*known, "nowhere", HOSTILE[2]])

    start, end = draw(_spans)
    killed, wounded = draw(ranges(st.integers(0, 60))), draw(ranges(st.integers(0, 60)))
    words = st.sampled_from([w.split()[0] for w in WORDS] + ["attack on", "islamic", "%", "_"])
    return Selection(
        date_from=start,
        date_to=end,
        date_certain=draw(st.booleans()),
        countries=draw(st.one_of(st.just(()), of_data(COUNTRIES))),
        provinces=draw(of_data([*(p[0] for p in PROVINCES), *ELSEWHERE])),
        districts=draw(of_data([f"{p[0]}01" for p in PROVINCES])),
        groups=draw(of_data(ACTORS)),
        kinds=draw(codes(KINDS)),
        speakers=draw(codes(SPEAKERS)),
        event_types=draw(codes(tuple(EventType))),
        targets=draw(codes(tuple(TargetType))),
        weapons=draw(codes(tuple(Weapon))),
        victims=draw(codes(tuple(VictimClass))),
        participants=draw(of_data(SIDES)),
        killed_min=killed[0],
        killed_max=killed[1],
        wounded_min=wounded[0],
        wounded_max=wounded[1],
        doubts=draw(codes(tuple(Doubt))),
        sources=draw(of_data(["000", "001", HOSTILE[5]])),
        geo_precisions=draw(codes(tuple(GeoPrecision))),
        date_precisions=draw(codes(tuple(DatePrecision))),
        text=draw(st.one_of(st.just(""), words if free is None else free)) if text else "",
        near=draw(st.one_of(st.none(), st.none(), _circles)),
        along=draw(st.one_of(st.none(), st.none(), _corridors)),
        place_certain=draw(st.booleans()),
        datasets=draw(of_data(["curated", "other"])),
        background=draw(st.booleans()),
        abroad=draw(st.booleans()),
        rule=draw(st.sampled_from(list(Rule))),
    )


#: Selections that restrict in one or two parts only, so that they mostly keep something.
@st.composite
def light_selections(draw: st.DrawFn) -> Selection:
    whole = draw(selections())
    parts = draw(
        st.lists(
            st.sampled_from(
                [
                    ("date_from", "date_to", "date_certain"), ("provinces",), ("districts",),
                    ("groups", "kinds"), ("groups",), ("kinds",), ("speakers",), ("doubts",),
                    ("groups", "speakers"), ("kinds", "speakers"), ("groups", "kinds", "speakers"),
                    ("event_types",), ("targets",), ("weapons",),
                    ("victims",), ("participants",),
                    ("killed_min", "killed_max"), ("wounded_min", "wounded_max"),
                    ("sources",), ("geo_precisions",), ("date_precisions",), ("text",), ("near",),
                    ("along",), ("near", "place_certain"), ("along", "place_certain"),
                    ("datasets",), ("background",), ("abroad",), ("rule",),
                    ("countries",), ("countries", "provinces"), ("abroad", "provinces"),
                ]
            ),
            max_size=3,
        )
    )  # fmt: skip
    return Selection(**{name: getattr(whole, name) for part in parts for name in part})
