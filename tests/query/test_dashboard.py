"""The dashboard against a plain loop over the same incidents, for selections of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.incident import Incident
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.selection import Circle, Corridor, Selection
from mapapp.domain.vocab import Rule
from mapapp.query import Dashboard
from mapapp.query.filters.table import CODES
from mapapp.query.questions.series import BY
from tests.engine.engine_scenario import check_all
from tests.query import oracle
from tests.query.selections import light_selections, selections
from tests.store.generate import HOSTILE, PROVINCES

EVERYTHING = Selection(background=True, abroad=True)


def choosing(selection: Selection, part: str, code: str) -> Selection:
    chosen: dict[str, Any] = {part: (code,)}
    return replace(selection, **chosen)


few = settings(max_examples=40, deadline=None)


@few
@given(selection=st.one_of(light_selections(), selections()))
def test_the_engine_keeps_what_a_plain_loop_keeps(
    dashboard: Dashboard, incidents: Sequence[Incident], selection: Selection
) -> None:
    ids = {incident.id for incident in oracle.kept(incidents, selection)}
    assert set(dashboard.table(selection)["id"].to_pylist()) == ids


@settings(max_examples=12, deadline=None)
@given(selection=light_selections())
def test_every_figure_agrees_with_a_plain_loop(
    dashboard: Dashboard, incidents: Sequence[Incident], selection: Selection
) -> None:
    check_all(dashboard, incidents, selection)


@settings(max_examples=25, deadline=None)
@given(selection=light_selections(), part=st.sampled_from(sorted(CODES)))
def test_an_option_s_count_is_what_choosing_it_leaves(
    dashboard: Dashboard, incidents: Sequence[Incident], selection: Selection, part: str
) -> None:
    facets = dashboard.facet(selection, part)
    assert len({facet.code for facet in facets}) == len(facets)
    assert set(getattr(selection, part)) <= {facet.code for facet in facets}
    for facet in facets:
        chosen = choosing(selection, part, facet.code)
        assert facet.count == len(oracle.kept(incidents, chosen)), facet
    # And no option that would leave something is missing.
    rest = oracle.kept(incidents, CODES[part].lifted(selection))
    offered = sum(facet.count for facet in facets)
    if part in ("event_types", "targets", "geo_precisions", "date_precisions", "datasets"):
        assert offered == len(rest)


@few
@given(selection=light_selections(), start=st.dates(date(2021, 7, 1), date(2024, 3, 1)))
def test_certain_is_at_most_possible(
    dashboard: Dashboard, selection: Selection, start: date
) -> None:
    possible = replace(selection, date_from=start, date_to=date(2024, 6, 1), date_certain=False)
    figures = dashboard.figures(possible)
    certain = dashboard.figures(replace(possible, date_certain=True))
    assert figures.certain == certain.incidents <= figures.incidents
    for row in dashboard.series(possible, "month").to_pylist():
        assert 0 <= row["certain"] <= row["possible"]
    for row in dashboard.breakdown(possible, "group").to_pylist():
        assert 0 <= row["certain"] <= row["incidents"]


hostile = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(["%", "_", "\\", "\\'", "''", "\0", "\ud800", "/*", "--", "a' OR '1'='1", "٪"]),
    st.text(max_size=12),
)


@few
@given(text=hostile, code=hostile)
def test_hostile_text_is_only_text(
    dashboard: Dashboard, incidents: Sequence[Incident], text: str, code: str
) -> None:
    chosen = replace(EVERYTHING, text=text)
    if "\0" in text or "\ud800" in text:
        assert dashboard.count(chosen) == 0
    else:
        assert dashboard.count(chosen) == len(oracle.kept(incidents, chosen))
    for part in ("provinces", "districts", "groups", "sources", "datasets"):
        chosen = choosing(EVERYTHING, part, code)
        assert dashboard.count(chosen) == len(oracle.kept(incidents, chosen))
        dashboard.facet(chosen, "groups")
    with pytest.raises(NotFound):
        dashboard.incident(code)
    assert dashboard.count(EVERYTHING) == len(incidents)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ISLAMIC state", True),  # an alias of an actor named
        ("kabul", True),
        ("Kābul", True),
        ("کابلشهر", True),  # written with a joiner in the data
        ("ي", True),
        ("drop table", True),
        ("zzz", False),
        ("kabul zzz", False),
    ],
)
def test_free_text_folds_what_looks_the_same(dashboard: Dashboard, words: str, found: bool) -> None:
    assert (dashboard.count(replace(EVERYTHING, text=words)) > 0) == found


def test_a_wider_organisation_and_victim_class_hold_the_narrower(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    part = {i.id for i in incidents if set(i.actors) & {"dfa-mod", "al-farooq-corps"}}
    dfa = set(dashboard.table(replace(EVERYTHING, groups=("dfa",)))["id"].to_pylist())
    corps = dashboard.table(replace(EVERYTHING, groups=("al-farooq-corps",)))["id"].to_pylist()
    assert part
    assert set(corps) < part < dfa
    children = {i.id for i in incidents if "children" in i.victim_classes}
    civilians = dashboard.table(replace(EVERYTHING, victims=("civilians",)))["id"].to_pylist()
    assert children
    assert children < set(civilians)


def test_an_option_names_the_organisation_it_belongs_to(dashboard: Dashboard) -> None:
    names = {facet.code: facet.label for facet in dashboard.facet(EVERYTHING, "groups")}
    assert names["al-farooq-corps"] == "Al-Farooq corps (in De facto MoD)"
    assert names["dfa"] == "De facto authorities"
    said = {facet.code: facet.label for facet in dashboard.facet(EVERYTHING, "speakers")}
    assert said["dfa-moi"] == "De facto MoI (in De facto authorities)"
    assert said["party"] == "party to the conflict"


def test_near_reaches_as_far_as_a_thing_s_own_radius(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    disc = next(i for i in incidents if i.record.place.radius_m == 6000.0)
    place = disc.record.place
    assert place.lat is not None
    assert place.lng is not None
    five_km_north = place.lat + 5 / 111.2
    near = replace(EVERYTHING, near=Circle(five_km_north, place.lng, 0.5))
    assert disc.id in dashboard.table(near)["id"].to_pylist()
    beyond = replace(EVERYTHING, near=Circle(five_km_north + 2 / 111.2, place.lng, 0.5))
    assert disc.id not in dashboard.table(beyond)["id"].to_pylist()
    one_point = Corridor(((five_km_north, place.lng),), 0.5)
    along = dashboard.table(replace(EVERYTHING, along=one_point))["id"].to_pylist()
    assert along == dashboard.table(near)["id"].to_pylist()


def test_background_and_abroad_stay_out_unless_asked_for(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    plain = [i for i in incidents if not i.record.background and not i.record.abroad]
    assert dashboard.count(Selection()) == len(plain) < dashboard.count(EVERYTHING)
    assert dashboard.count(EVERYTHING) == len(incidents)


def test_what_empties_a_selection_is_said_with_what_lifting_it_leaves(
    dashboard: Dashboard,
) -> None:
    only = Selection(text="zzz", provinces=("AF01",))
    (part, left), *more = dashboard.emptied_by(only)
    assert not more
    assert (part.part, part.words) == ("text", "“zzz”")
    assert left == dashboard.count(part.without) == dashboard.count(Selection(provinces=("AF01",)))
    assert dashboard.emptied_by(Selection()) == ()
    assert dashboard.emptied_by(Selection(text="zzz", provinces=("nowhere",))) == ()


def test_codes_the_data_do_not_have_are_named(dashboard: Dashboard) -> None:
    chosen = Selection(provinces=("AF01", "AF99"), groups=("iskp", "nobody"), sources=("000",))
    assert dashboard.missing(chosen) == (("provinces", "AF99"), ("groups", "nobody"))
    assert dashboard.missing(Selection()) == ()


def test_what_the_map_can_show_is_the_rest_of_what_it_cannot(dashboard: Dashboard) -> None:
    for chosen in (Selection(), Selection(background=True, abroad=True), Selection(text="zzz")):
        figures = dashboard.figures(chosen)
        mappable = figures.incidents - figures.not_mappable
        seen = dashboard.picture(chosen, None, 6)
        assert (seen.total, seen.mappable) == (figures.incidents, mappable)


def test_labels_are_the_data_s_own(dashboard: Dashboard) -> None:
    labels = dashboard.labels()
    assert labels["provinces"]["AF32"] == "Herat"
    assert labels["provinces"][PROVINCES[3][0]] == HOSTILE[1]
    assert labels["districts"]["AF3201"] == "Herat 1"
    assert labels["sources"]["000"] == "Invented Gazette, “First page”"
    facets = {f.code: f.label for f in dashboard.facet(EVERYTHING, "provinces")}
    assert facets["AF01"] == "Kabul"


def test_the_span_is_that_of_the_default_totals(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    kept = [i.record.date for i in oracle.kept(incidents, Selection())]
    firsts = [d for when in kept if (d := when.earliest or when.latest)]
    lasts = [d for when in kept if (d := when.latest or when.earliest)]
    assert dashboard.span() == (min(firsts), max(lasts))


@pytest.mark.parametrize("step", ["day", "week", "month", "year"])
def test_series_have_no_gaps_and_stay_in_the_days_chosen(dashboard: Dashboard, step: str) -> None:
    chosen = Selection(date_from=date(2022, 3, 9), date_to=date(2022, 11, 2))
    starts = dashboard.series(chosen, step)["bin_start"].to_pylist()  # type: ignore[arg-type]
    assert starts == sorted(set(starts))
    assert starts[0] == {
        "day": date(2022, 3, 9), "week": date(2022, 3, 7), "month": date(2022, 3, 1),
        "year": date(2022, 1, 1),
    }[step]  # fmt: skip
    lengths = {(b - a).days for a, b in pairwise(starts)}
    assert lengths <= {"day": {1}, "week": {7}, "month": {28, 30, 31}, "year": {365}}[step]
    assert starts[-1] <= date(2022, 11, 2)


@pytest.mark.parametrize("by", sorted(BY))
def test_breakdowns_and_stacks_name_their_codes(dashboard: Dashboard, by: str) -> None:
    rows = dashboard.breakdown(EVERYTHING, by).to_pylist()
    assert rows
    assert all(row["label"] and row["incidents"] > 0 for row in rows)
    assert [row["incidents"] for row in rows] == sorted(
        (row["incidents"] for row in rows), reverse=True
    )
    stacked = dashboard.stacked(EVERYTHING, "year", by)
    assert set(stacked["code"].to_pylist()) <= {row["code"] for row in rows}


def test_answers_kept_are_the_answers_given(dashboard: Dashboard) -> None:
    first = dashboard.figures(EVERYTHING)
    dashboard.warm()
    assert dashboard.figures(EVERYTHING) is first
    other = replace(EVERYTHING, rule=Rule.HIGHEST)
    assert dashboard.figures(other).killed.rule is Rule.HIGHEST
    assert dashboard.figures(EVERYTHING).killed.rule is Rule.INDEPENDENT_FIRST


def test_what_cannot_be_asked_is_named(dashboard: Dashboard) -> None:
    with pytest.raises(InvalidInput, match="no breakdown by 'weather'"):
        dashboard.breakdown(Selection(), "weather")
    with pytest.raises(InvalidInput, match="'text' has no options"):
        dashboard.facet(Selection(), "text")
    for column in ("actors", "search_text", "nothing", "killed_low; --"):
        with pytest.raises(InvalidInput, match="cannot be ordered by"):
            dashboard.table(Selection(), order_by=column)
    with pytest.raises(NotFound, match="no incident 'x'"):
        dashboard.incident("x")
    with pytest.raises(NotFound, match="no source 'x'"):
        dashboard.source("x")
