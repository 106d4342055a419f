"""Drafts on the desk: what a person does stays, nothing is lost, nothing is recorded unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from mapapp.curation.change import check, record_ids, sources_of, undo
from mapapp.curation.desk.acts import Context, apply
from mapapp.curation.desk.desk import Desk, PageFacts
from mapapp.curation.desk.reading import desk_of, read_again
from mapapp.curation.desk.recording import page_source, prepared, record
from mapapp.curation.desk.waiting import WaitingDesks
from mapapp.curation.grid import State, Value
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import Property
from mapapp.linking.decisions import state_hash
from mapapp.linking.likeness import like
from mapapp.query import Dashboard
from mapapp.reading.model import Reading
from mapapp.reading.reader import read
from mapapp.store import Store
from mapapp.store.default import open_default

PUBLISHED = date(2024, 6, 2)
TEXT = """Two attacks in a day

A bomb killed three civilians in Fayzabad, Badakhshan, on Saturday, police spokesman Amin Rahi said.
A doctor at the provincial hospital said seven people were killed and 12 others were wounded.
No group has claimed responsibility for the blast in Fayzabad.

In the city of Jalalabad gunmen shot dead two guards of a bank on Friday, residents said.
"""
WHY = "A page of The Courier tells of both"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(TEXT, publisher="The Courier", published=PUBLISHED, language="en")


@pytest.fixture
def desk(reading: Reading, gazetteer: Gazetteer) -> Desk:
    return desk_of(reading, FACTS, gazetteer)


FACTS = PageFacts("0" * 64, "The Courier", "2024-06-02", "Two attacks in a day")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_default(tmp_path / "data")
    assert isinstance(opened, Store)
    yield opened
    opened.close()


def done(desk: Desk, gazetteer: Gazetteer, *acts: dict[str, Any]) -> Desk:
    for act in acts:
        desk = apply(desk, act, Context(TEXT, gazetteer))
    return desk


def find(desk: Desk, said: str) -> Value:
    return next(
        value for own in desk.incidents for value in own.values()
        if said in str(value.content.get("words") or value.content.get("text"))
    )  # fmt: skip


def accepted(desk: Desk, gazetteer: Gazetteer) -> Desk:
    acts = [{"op": "accept_all", "incident": own.key} for own in desk.incidents]
    return done(desk, gazetteer, *acts)


def ready(desk: Desk, store: Store, gazetteer: Gazetteer) -> Any:
    return prepared(desk, store, sources_of(store), record_ids(store), gazetteer)


def test_the_reading_lies_on_the_desk_with_spans_and_speakers(desk: Desk) -> None:
    first, second = desk.incidents
    for own in (*first.values(), *second.values()):
        assert own.span is not None
        assert own.state is State.OPEN
        words = str(own.content.get("words") or own.content["text"])
        assert " ".join(TEXT[slice(*own.span)].split()) == words
    place = first.part("place")
    assert place is not None
    assert "badakhshan" in place.content["id"]
    names = [own.asserted_by for own in first.grid.speakers]
    assert any("Rahi" in name for name in names)
    hospital = next(own for own in first.grid.speakers if "octor" in own.asserted_by)
    assert hospital.speaker_class == "medical"
    (figure,) = first.grid.of(hospital.key, "killed")
    assert figure.content["paragraph"] == "3"


def test_nothing_is_recorded_of_what_nobody_accepted(
    desk: Desk, store: Store, gazetteer: Gazetteer
) -> None:
    for own in ready(desk, store, gazetteer):
        assert own.draft.document["claims"] == []
        assert own.draft.document["date"] == {}


def test_all_accepted_is_recorded_as_one_change_and_taken_back_as_one(
    desk: Desk, store: Store, gazetteer: Gazetteer
) -> None:
    before = {own.id for own in store.log.read().records}
    desk = accepted(desk, gazetteer)
    seq = store.log.seq()
    saved = record(store, ready(desk, store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    assert store.log.seq() == seq + 1
    assert len(saved) == 2
    found = Dashboard(store.current()).incident(saved[0].record.id)  # type: ignore[union-attr]
    assert found.incident.headline(Property.KILLED).high == 7
    (source,) = {claim.source_id for claim in found.incident.claims}
    assert found.sources[source].title == "Two attacks in a day"
    undo(store, saved[1].record.id, seq + 1, "The page was withdrawn", by="ana")  # type: ignore[union-attr]
    assert {own.id for own in store.log.read().records} == before


def test_a_change_of_several_is_not_taken_back_when_one_was_edited_since(
    desk: Desk, store: Store, gazetteer: Gazetteer
) -> None:
    done_once = ready(accepted(desk, gazetteer), store, gazetteer)
    saved = record(store, done_once, WHY, by="ana", gazetteer=gazetteer)
    ids = [own.record.id for own in saved if own.record]
    seq = store.log.seq()
    claim = next(c for c in store.log.read().claims if c.incident_id == ids[0])
    store.append(Batch((), (), ()), by="ben", reason="wrong", withdraw=[("claim", claim.id)])
    held = state_hash(store.log.read())
    with pytest.raises(InvalidInput, match="changed again"):
        undo(store, ids[1], seq, "The page was withdrawn", by="ana")
    assert state_hash(store.log.read()) == held


def test_the_same_page_is_one_source(desk: Desk, store: Store, gazetteer: Gazetteer) -> None:
    first, second = desk.incidents
    once = done(desk, gazetteer, {"op": "accept_all", "incident": first.key},
                {"op": "drop_incident", "incident": second.key})  # fmt: skip
    record(store, ready(once, store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    source, new = page_source(desk, sources_of(store))
    assert new == ()
    assert source in sources_of(store)


def test_a_value_is_moved_and_a_new_incident_made_of_it(desk: Desk, gazetteer: Gazetteer) -> None:
    _first, second = desk.incidents
    wounded = find(desk, "12 others")
    moved = done(desk, gazetteer, {"op": "move", "value": wounded.key, "to": second.key})
    assert moved.holder(wounded.key).key == second.key
    held = moved.incident(second.key).grid
    assert "octor" in held.speaker(held.value(wounded.key).row).asserted_by
    split = done(desk, gazetteer, {"op": "move", "value": wounded.key, "to": "new"})
    assert len(split.incidents) == 3


def test_merging_keeps_every_value(desk: Desk, gazetteer: Gazetteer) -> None:
    first, second = desk.incidents
    origins = sorted(v.origin for own in desk.incidents for v in own.values())
    merged = done(desk, gazetteer, {"op": "merge", "incident": second.key, "into": first.key})
    (only,) = merged.incidents
    assert sorted(v.origin for v in only.values()) == origins
    standing = only.part("date")
    assert standing is not None
    assert standing.origin == first.part("date").origin  # type: ignore[union-attr]


def test_marked_words_become_values(desk: Desk, gazetteer: Gazetteer) -> None:
    first, second = desk.incidents

    def mark(words: str, kind: str, **more: str) -> dict[str, Any]:
        start = TEXT.index(words)
        return {"op": "make", "kind": kind, "start": start, "end": start + len(words), **more}

    made = done(
        desk, gazetteer,
        mark("three civilians", "wounded", incident=second.key),
        mark("Fayzabad", "place", incident=second.key),
        mark("on Friday", "date", incident=first.key),
    )  # fmt: skip
    figure = made.incident(second.key).grid.values[-1]
    assert (figure.content["value"], figure.content["victim_class"]) == (3, "civilians")
    assert figure.by_person
    place = made.incident(second.key).part("place")
    assert place is not None
    assert len(place.content["others"]) > 1
    assert "id" not in place.content  # several fit: none is chosen
    day = made.incident(first.key).part("date")
    assert day is not None
    assert day.content["earliest"] == "2024-05-31"
    renamed = done(made, gazetteer, mark("residents", "speaker", incident=second.key,
                                         value=figure.key))  # fmt: skip
    grid = renamed.incident(second.key).grid
    assert grid.speaker(grid.value(figure.key).row).asserted_by == "residents"
    with pytest.raises(InvalidInput, match="only the few words"):
        done(desk, gazetteer, {"op": "make", "kind": "target", "start": 0, "end": len(TEXT)})


def test_a_second_reading_leaves_what_a_person_did(
    desk: Desk, reading: Reading, gazetteer: Gazetteer
) -> None:
    first, second = desk.incidents
    seven = find(desk, "seven people")
    acted = done(
        desk, gazetteer,
        {"op": "figures", "incident": first.key, "row": seven.row, "column": "killed",
         "text": "at least 8"},
        {"op": "reject", "value": find(desk, "12 others").key},
        {"op": "part", "incident": second.key, "part": "date", "name": "text", "text": "1 June"},
        {"op": "title", "incident": first.key, "text": "Ours"},
    )  # fmt: skip
    later = read(TEXT, publisher="The Courier", published=date(2024, 6, 9), language="en")
    again = read_again(acted, later, FACTS, gazetteer)
    for value in [v for own in acted.incidents for v in own.values() if v.touched]:
        assert value in list(again.holder(value.key).values())
    assert again.incident(first.key).title == "Ours"
    day = again.incident(first.key).part("date")
    assert day is not None
    assert day.content["earliest"] == "2024-06-08"  # nobody had touched it


def test_claims_go_to_a_record_that_is_there_as_a_further_source(
    desk: Desk, store: Store, gazetteer: Gazetteer
) -> None:
    done_once = ready(accepted(desk, gazetteer), store, gazetteer)
    saved = record(store, done_once, WHY, by="ana", gazetteer=gazetteer)
    target = saved[0].record
    assert target is not None
    page = PageFacts("1" * 64, "The Herald", "2024-06-02", "Blast in Fayzabad")
    herald = read(TEXT, publisher="The Herald", published=PUBLISHED, language="en")
    other = accepted(desk_of(herald, page, gazetteer), gazetteer)
    (draft, _) = ready(other, store, gazetteer)
    checked = check(draft.draft, sources_of(store), gazetteer)
    assert checked.record is not None
    alike = like(Dashboard(store.current()), checked.record, checked.claims, checked.sources)
    assert [own.id for own in alike] == [target.id]
    joined = done(
        other, gazetteer,
        {"op": "join", "incident": other.incidents[0].key, "record": target.id},
        {"op": "drop_incident", "incident": other.incidents[1].key},
    )  # fmt: skip
    record(store, ready(joined, store, gazetteer), WHY, by="ben", gazetteer=gazetteer)
    with pytest.raises(InvalidInput, match="nothing was changed"):  # it has all of it by now
        record(store, ready(joined, store, gazetteer), WHY, by="ben", gazetteer=gazetteer)
    found = Dashboard(store.current()).incident(target.id)
    assert {own.publisher for own in found.sources.values()} == {"The Courier", "The Herald"}
    assert found.incident.record.title == target.title


def test_what_the_page_does_not_say_is_recorded_as_such(
    desk: Desk, store: Store, gazetteer: Gazetteer
) -> None:
    _first, second = desk.incidents
    acts = [{"op": "unsaid", "incident": second.key, "part": part}
            for part in ("date", "place", "event_type", "target")]  # fmt: skip
    silent = done(
        desk, gazetteer, *acts, {"op": "drop_incident", "incident": desk.incidents[0].key}
    )
    (saved,) = record(store, ready(silent, store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    assert saved.record is not None
    when, place = saved.record.date, saved.record.place
    assert (when.earliest, when.latest, when.precision) == (None, PUBLISHED, "unknown")
    assert not place.mappable
    assert (saved.record.event_type, saved.record.target_type) == ("other", "unknown")


def test_desks_wait_for_the_one_who_made_them(
    desk: Desk, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    waiting = WaitingDesks(tmp_path)
    acted = accepted(desk, gazetteer)
    waiting.put("ana", acted)
    assert WaitingDesks(tmp_path).get("ana", acted.page.sha256) == acted
    assert waiting.all("ben") == ()
    (file,) = tmp_path.rglob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert "ana" not in str(file)
    waiting.drop("ana", acted.page.sha256)
    assert waiting.all("ana") == ()
    assert waiting.get("ana", acted.page.sha256) is None


def test_a_desk_file_that_cannot_be_read_is_no_desk(desk: Desk, tmp_path: Path) -> None:
    waiting = WaitingDesks(tmp_path)
    waiting.put("ana", desk)
    (file,) = tmp_path.rglob("*.json")
    file.write_text("{")
    assert waiting.all("ana") == ()
    with pytest.raises(ValueError, match="no hash"):
        waiting.get("ana", "../../log")


KEYS = ["i0", "i1", "i2", "new"]
VALUES = [f"{key}.v{n}" for key in KEYS[:2] for n in range(10)]
ACTS = st.fixed_dictionaries(
    {"op": st.sampled_from(["accept", "reject", "accept_all", "move", "merge", "drop_incident",
                            "part", "title", "figures", "speaker", "make", "answer", "join"])},
    optional={
        "incident": st.sampled_from(KEYS), "into": st.sampled_from(KEYS),
        "to": st.sampled_from(KEYS), "value": st.sampled_from(VALUES),
        "row": st.sampled_from([f"i{i}.r{n}" for i in range(2) for n in range(4)]),
        "column": st.just("killed"), "name": st.sampled_from(["text", "value", "asserted_by"]),
        "part": st.sampled_from(["date", "place", "event_type"]),
        "kind": st.sampled_from(["killed", "place", "date", "speaker", "x"]),
        "text": st.sampled_from(["", "3", "on Friday", "raid", "Herat"]),
        "start": st.integers(0, 300), "end": st.integers(0, 340),
    },
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTS, max_size=10))
def test_whatever_is_done_no_read_value_is_lost_and_a_reading_changes_nothing_touched(
    desk: Desk, reading: Reading, gazetteer: Gazetteer, acts: list[dict[str, Any]]
) -> None:
    read_origins = {v.origin for own in desk.incidents for v in own.values()}
    acted = desk
    for act in acts:
        try:
            acted = apply(acted, act, Context(TEXT, gazetteer))
        except InvalidInput as error:
            assert str(error)
    values = [v for own in acted.incidents for v in own.values()]
    assert {v.origin for v in values if v.origin} == read_origins
    assert len({v.key for v in values}) == len(values)
    for own in acted.incidents:
        for value in own.grid.values:
            own.grid.speaker(value.row)
        for part in ("date", "place", "event_type", "target"):
            standing = [v for v in own.parts if v.part == part and v.state is State.ACCEPTED]
            assert len(standing) <= 1
    again = read_again(acted, reading, FACTS, gazetteer)
    for value in [v for v in values if v.touched]:
        assert value in list(again.holder(value.key).values())
