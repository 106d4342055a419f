"""The grid of speakers: cells become statements, and what was said elsewhere stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from mapapp.curation.acts import OPS, apply
from mapapp.curation.document import document_of
from mapapp.curation.grid import Grid, claims_of, grid_of, unclear
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput

HOSPITAL = {
    "property": "killed", "value": 6, "modifier": "exact", "victim_class": "civilians",
    "asserted_by": "Provincial hospital", "speaker_class": "medical", "paragraph": "3",
    "words": "six bodies",
}  # fmt: skip


def done(grid: Grid, *acts: dict[str, Any], paragraph: str = "2") -> Grid:
    for act in acts:
        grid = apply(grid, act, paragraph=paragraph)
    return grid


def test_every_seed_stands_in_the_grid_as_it_was(seeds: Batch, gazetteer: Gazetteer) -> None:
    sources = {source.id: source for source in seeds.sources}
    for record in seeds.records:
        claims = [c for c in seeds.claims if c.incident_id == record.id]
        form = document_of(record, claims, sources, gazetteer).get("claims", [])
        said = [{"speaker_class": "media", **own} for own in form]
        assert claims_of(grid_of(form)) == said


def test_three_speakers_are_typed_into_an_empty_grid() -> None:
    grid = done(
        Grid(),
        {"op": "figures", "row": "r0", "column": "killed", "text": "3"},
        {"op": "speaker", "row": "r1", "name": "asserted_by", "text": "Provincial hospital"},
        {"op": "speaker", "row": "r1", "name": "speaker_class", "text": "medical"},
        {
            "op": "figures",
            "row": "r1",
            "column": "killed",
            "text": "at least 6; of them 2 children",
        },
        {"op": "attribution", "row": "r0", "value": "", "kind": "claimed", "actor": "iskp"},
    )
    said = claims_of(grid)
    assert [own.get("asserted_by", "") for own in said] == [
        "", "Provincial hospital", "Provincial hospital", "",
    ]  # fmt: skip
    assert said[2]["subset_of"] == "unspecified"
    assert all(own["paragraph"] == "2" for own in said)
    assert said[3]["actor"] == "iskp"


def test_a_statement_made_meanwhile_does_not_rename_the_empty_row() -> None:
    """A name goes by the key that the browser showed, whatever the figure before it made."""
    grid = done(Grid(), {"op": "figures", "row": "r0", "column": "killed", "text": "3"})
    shown = grid.spare
    grid = done(
        grid,
        {"op": "figures", "row": "r0", "column": "wounded", "text": "6; of them 2 children"},
        {"op": "speaker", "row": shown, "name": "asserted_by", "text": "a witness"},
    )
    assert grid.speaker(shown).asserted_by == "a witness"
    assert grid.spare != shown


def test_another_number_keeps_the_words_and_the_note() -> None:
    grid = grid_of([HOSPITAL | {"note": "by telephone"}])
    (row,) = grid.speakers
    (said,) = claims_of(
        done(grid, {"op": "figures", "row": row.key, "column": "killed", "text": "7 civilians"})
    )
    assert said == HOSPITAL | {"note": "by telephone", "value": 7}
    emptied = done(grid, {"op": "figures", "row": row.key, "column": "killed", "text": ""})
    assert claims_of(emptied) == []


def test_a_speaker_of_no_kind_is_asked_about_once_there_is_something_said() -> None:
    named = done(Grid(), {"op": "speaker", "row": "r0", "name": "asserted_by", "text": "Zmarai"})
    assert unclear(named) == ()
    said = done(named, {"op": "figures", "row": "r0", "column": "wounded", "text": "2"})
    (fault,) = unclear(said)
    assert "Zmarai" in fault.field


def test_what_is_not_there_is_refused_in_words() -> None:
    for act in ({"op": "dance"}, {"op": "reject", "value": "v9"}, {"op": "figures", "row": "x"},
                {"op": "figures", "row": "r7", "column": "killed", "text": "3"}):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"\w"):
            apply(Grid(), act)


ACTS = st.fixed_dictionaries(
    {"op": st.sampled_from(sorted(OPS))},
    optional={
        "row": st.sampled_from(["r0", "r1", "r2", "r3"]),
        "value": st.sampled_from(["", "v0", "v1", "v2", "v3"]),
        "column": st.sampled_from(["killed", "wounded", "damage"]),
        "name": st.sampled_from(["asserted_by", "speaker_class", "source", "words", "key"]),
        "property": st.sampled_from(["weapon", "kidnapped", "killed"]),
        "kind": st.sampled_from(["", "claimed", "unclaimed"]),
        "actor": st.sampled_from(["", "iskp"]),
        "text": st.sampled_from(["", "3", "at least 2 civilians; 1 guard", "x", "Hospital"]),
    },
)


@given(st.lists(ACTS, max_size=12))
def test_any_acts_leave_a_grid_whose_statements_have_their_speakers(
    acts: list[dict[str, Any]],
) -> None:
    grid = grid_of([HOSPITAL])
    for act in acts:
        try:
            grid = apply(grid, act, paragraph="4")
        except InvalidInput as error:
            assert str(error)
    keys = [own.key for own in grid.values] + [own.key for own in grid.speakers]
    assert len(keys) == len(set(keys))
    for own in grid.values:
        grid.speaker(own.row)
    again = grid_of(claims_of(grid))
    assert claims_of(again) == [{"speaker_class": "media", **own} for own in claims_of(grid)]
