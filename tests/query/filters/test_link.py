"""Links: any selection round-trips, and nothing a link can hold raises."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.selection import Circle, Corridor, Polygon, Selection
from mapapp.domain.vocab import Rule
from mapapp.query import active_parts, params_to_selection, selection_to_params, sentence
from mapapp.query.filters.link import PARAMS, RESERVED
from mapapp.query.filters.params import MAX_CODES, escape, printable, unescape
from mapapp.query.filters.table import CODES, FILTERS, RULE
from mapapp.snapshot.schema import INCIDENTS, TEXTS
from tests.query.selections import selections

any_code = st.text(min_size=1, max_size=30).filter(printable)


@given(selections(free=any_code))
def test_any_selection_round_trips(selection: Selection) -> None:
    assert params_to_selection(selection_to_params(selection)) == (selection, ())


@given(selections(free=any_code))
def test_it_round_trips_through_a_real_query_string(selection: Selection) -> None:
    query = urlencode(selection_to_params(selection), doseq=True)
    assert params_to_selection(parse_qs(query)) == (selection, ())


@given(selections())
def test_a_link_holds_only_what_differs_and_always_in_one_order(selection: Selection) -> None:
    names = list(selection_to_params(selection))
    order = [param.name for param in PARAMS]
    assert names == sorted(names, key=order.index)
    assert selection_to_params(Selection()) == {}


@given(any_code)
def test_a_code_never_brings_a_comma(code: str) -> None:
    assert "," not in escape(code)
    assert unescape(escape(code)) == code


names = st.sampled_from([param.name for param in PARAMS] + ["x", "", "v", "utm_source"])
values = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["1", "2-", "-", "--3", "9" * 400, "34.5,69.2,25", "nan,nan,nan", "1e999,1,1",
                     "34,69;35,70,5", ";;;", ",,,", "2022-02-30", "٢٠٢٢-٠١-٠١", "\ud800", "\0"]),
)  # fmt: skip


@given(st.dictionaries(names, st.one_of(values, st.lists(values, max_size=3))))
def test_nothing_in_a_link_raises(params: dict[str, Any]) -> None:
    selection, problems = params_to_selection(params)
    assert params_to_selection(selection_to_params(selection)) == (selection, ())
    for problem in problems:
        assert (problem.where, problem.severity) == ("link", "warning")
        assert problem.fault
        assert problem.remedy


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        ("from=2022-09-01&to=2022-12-31", {"date_from": date(2022, 9, 1),
                                           "date_to": date(2022, 12, 31)}),
        ("certain=1", {"date_certain": True}),
        ("province=AF32,AF01", {"provinces": ("AF32", "AF01")}),
        ("province=AF32&province=AF01&province=AF32", {"provinces": ("AF32", "AF01")}),
        ("group=iskp&kind=claimed,none", {"groups": ("iskp",), "kinds": ("claimed", "none")}),
        ("group=a%252Cb", {"groups": ("a,b",)}),
        ("type=bombing&target=education", {"event_types": ("bombing",),
                                           "targets": ("education",)}),
        ("killed=2-20&wounded=5-", {"killed_min": 2, "killed_max": 20, "wounded_min": 5}),
        ("killed=-3", {"killed_max": 3}),
        ("killed=4", {"killed_min": 4, "killed_max": 4}),
        ("near=34.5,69.2,25", {"near": Circle(34.5, 69.2, 25)}),
        ("inside=34,69;35,69;35,70", {"inside": Polygon(((34, 69), (35, 69), (35, 70)))}),
        ("inside=34,69;35,69;35,70;34,69", {"inside": Polygon(((34, 69), (35, 69), (35, 70)))}),
        ("near=34.5,69.2,25&place_certain=1",
         {"near": Circle(34.5, 69.2, 25), "place_certain": True}),
        ("along=34.3,62.2;34.4,62.5,10", {"along": Corridor(((34.3, 62.2), (34.4, 62.5)), 10)}),
        ("q=50%25+off", {"text": "50% off"}),
        ("background=1&abroad=true", {"background": True, "abroad": True}),
        ("rule=lowest", {"rule": Rule.LOWEST}),
        ("v=5,34,66&incident=x&tab=charts&embed=true&play=1", {}),
    ],
)  # fmt: skip
def test_what_links_mean(query: str, selection: dict[str, Any]) -> None:
    # "+" stands for a space; ";" is not a separator.
    assert params_to_selection(parse_qs(query)) == (Selection(**selection), ())


@pytest.mark.parametrize(
    ("query", "field", "fault", "kept"),
    [
        ("from=yesterday", "from", "not a day", {}),
        ("from=2022-02-30", "from", "not a day", {}),
        ("from=2022-05-01&to=2022-01-01", "from", "is after", {}),
        ("certain=maybe", "certain", "neither 1 nor 0", {}),
        ("type=bombing,murder", "type", "not known", {"event_types": ("bombing",)}),
        ("kind=guessed", "kind", "not known", {}),
        ("rule=mine", "rule", "not known", {}),
        ("rule=,,,", "rule", "one rule", {}),
        ("rule=lowest,highest", "rule", "one rule", {}),
        ("killed=20-2", "killed", "not a range", {}),
        ("killed=99999999999999999999-", "killed", "not a range", {}),
        ("near=69.2,25", "near", "not lat,lng,km", {}),
        ("near=169.2,25,3", "near", "not on the earth", {}),
        ("near=34,69,0", "near", "cannot be searched", {}),
        ("near=34,69,inf", "near", "not all numbers", {}),
        ("along=34,69,3", "along", "not a line", {}),
        ("inside=34,69;35,69", "inside", "encloses nothing", {}),
        ("inside=34,69;35,70;36,71", "inside", "encloses nothing", {}),
        ("inside=34;35,69;1,2", "inside", "not a list of corners", {}),
        ("inside=" + ";".join(f"{n},{n * n % 7}" for n in range(41)), "inside", "corners", {}),
        ("along=" + "34,69;" * 200 + "34,69,3", "along", "points", {}),
        ("province=" + ",".join(map(str, range(MAX_CODES + 1))), "province", "too many", {}),
        ("province=" + "x" * 300, "province", "not a code", {}),
        ("q=" + "x" * 501, "q", "501 characters", {}),
        ("provinz=AF01", "provinz", "no such setting", {}),
        ("q=a&q=b", "q", "given twice", {"text": "b"}),
    ],
)
def test_what_is_broken_is_named_and_ignored(
    query: str, field: str, fault: str, kept: dict[str, Any]
) -> None:
    selection, (problem,) = params_to_selection(parse_qs(query))
    assert selection == Selection(**kept)
    assert problem.field == field
    assert fault in problem.fault


def test_every_field_of_a_selection_is_some_filter_s() -> None:
    fields = [name for entry in FILTERS for name in entry.fields] + ["rule"]
    assert sorted(fields) == sorted(Selection.__dataclass_fields__)
    own = {param.name for param in PARAMS}
    assert RULE.name in own
    assert not own & RESERVED
    assert len(own) == len(PARAMS)


def test_every_field_of_a_selection_belongs_to_one_filter() -> None:
    held = [name for entry in FILTERS for name in entry.fields]
    assert sorted([*held, "rule"]) == sorted(field.name for field in fields(Selection))


def test_every_filter_says_all_that_derives_from_it() -> None:
    for param in PARAMS:
        assert param.about.endswith("."), param.name
        assert param.kind != "choice" or param.choices
    for entry in CODES.values():
        assert entry.column in INCIDENTS.names
        assert entry.many == (INCIDENTS.field(entry.column).type == TEXTS)
        assert entry.heading
        for code in entry.known or ():
            assert entry.word({}, code)
            fields_of: dict[str, Any] = {entry.part: (code,)}
            chosen = Selection(**fields_of)
            assert entry.active(chosen)
            assert entry.lifted(chosen) == Selection()
            assert sentence(chosen) != sentence(Selection())
            assert [part.value for part in active_parts(chosen)] == [code]


@pytest.mark.parametrize(
    "name", ["fbclid", "gclid", "utm_source", "utm_x", "mc_cid", "igshid", "_hsenc", "msclkid"]
)
def test_what_services_add_to_a_link_is_no_misspelling(name: str) -> None:
    selection, problems = params_to_selection({"province": "AF32", name: "IwAR0abc"})
    assert selection.provinces == ("AF32",)
    assert problems == ()
    assert params_to_selection({f"{name}?": "x"})[1]  # what only looks like one is named
