"""View state ↔ query parameters: a round trip for any view, and no crash for any link."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.moment import Moment
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.domain.vocab import AttributionKind, EventType, GeoPrecision, Rule, VictimClass
from mapapp.query.questions.disagreements import ORDERS
from mapapp.ui.view_state import COLOURS, SORTED, STEPS, TABS, ViewState, from_params, to_params

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
codes = st.lists(words, max_size=3, unique=True).map(tuple)
days = st.dates(date(1970, 1, 1), date(2099, 12, 31))
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
radii = st.floats(0.1, 500)
ranges = st.tuples(
    st.none() | st.integers(0, 5000), st.none() | st.integers(5001, 90_000)
) | st.integers(0, 90).map(lambda n: (n, n))


def few(values: type) -> st.SearchStrategy[tuple[str, ...]]:
    listed: list[str] = [str(value) for value in values]  # type: ignore[attr-defined]
    return st.lists(st.sampled_from(listed), max_size=3, unique=True).map(tuple)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    start, end = sorted((draw(days), draw(days)))
    killed, wounded = draw(ranges), draw(ranges)
    return Selection(
        date_from=draw(st.sampled_from((start, None))),
        date_to=draw(st.sampled_from((end, None))),
        date_certain=draw(st.booleans()),
        provinces=draw(codes),
        districts=draw(codes),
        groups=draw(codes),
        kinds=draw(few(AttributionKind)),
        event_types=draw(few(EventType)),
        victims=draw(few(VictimClass)),
        killed_min=killed[0],
        killed_max=killed[1],
        wounded_min=wounded[0],
        wounded_max=wounded[1],
        sources=draw(codes),
        geo_precisions=draw(few(GeoPrecision)),
        text=draw(words | st.just("")),
        near=draw(st.none() | st.builds(Circle, st.floats(-90, 90), st.floats(-180, 180), radii)),
        along=draw(
            st.none()
            | st.builds(Corridor, st.lists(points, min_size=2, max_size=4).map(tuple), radii)
        ),
        background=draw(st.booleans()),
        abroad=draw(st.booleans()),
        rule=draw(st.sampled_from(Rule)),
    )


moments = days.map(Moment.of_day) | st.integers(0, 4 * 10**15).map(
    lambda us: Moment(datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
)

views = st.builds(
    ViewState,
    selection=selections(),
    incident=st.none() | st.from_regex(r"[\w.:~-]{1,40}", fullmatch=True),
    tab=st.sampled_from(TABS),
    step=st.sampled_from(STEPS),
    colour_by=st.sampled_from(COLOURS),
    as_of=st.none() | moments,
    since=st.none() | moments,
    cited=st.none() | st.from_regex(r"((incident|compare)\.)?[0-9a-f]{32}", fullmatch=True),
    order=st.sampled_from(ORDERS),
    sort=st.sampled_from(SORTED),
)


@given(views)
def test_a_link_opens_the_same_view(view: ViewState) -> None:
    query = urlencode(to_params(view), doseq=True)
    found, problems = from_params(parse_qs(query, keep_blank_values=True))
    assert not problems
    assert found == view


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=30), max_size=3)))
def test_no_link_crashes(params: dict[str, list[str]]) -> None:
    view, _ = from_params(params)
    assert isinstance(view, ViewState)


@given(
    st.sampled_from(("tab", "step", "colour", "incident", "from", "near", "rule", "kind")),
    st.text(min_size=1, max_size=20).map(lambda text: "!" + text),
)
def test_a_broken_value_is_named_and_left_out(name: str, value: str) -> None:
    view, problems = from_params({name: [value], "province": ["AF01"]})
    assert view == ViewState(Selection(provinces=("AF01",)))
    assert [problem.field for problem in problems] == [name]


def test_the_usual_view_needs_no_parameters() -> None:
    assert to_params(ViewState()) == {}
    assert from_params({}) == (ViewState(), ())


def test_the_parameters_of_map_and_frame_are_left_to_them() -> None:
    assert from_params({"v": ["34.5,69.1,7"], "embed": ["true"]}) == (ViewState(), ())


def test_an_unknown_parameter_is_named() -> None:
    _, (problem,) = from_params({"provinz": ["AF01"]})
    assert problem.field == "provinz"


def test_a_view_refuses_a_tab_there_is_not() -> None:
    with pytest.raises(ValueError, match="must be one of incidents"):
        ViewState(tab="secrets")
