"""What who may read all may pass on: private rows never leave, and figures are reckoned from what
does.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mapapp.domain.batch import Batch
from mapapp.domain.incident import assemble
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Property, Redistribution
from mapapp.exporters.extract import Extract
from mapapp.exporters.reading import read_extract
from mapapp.gate.rules import GateRules
from mapapp.store.store import Store
from tests.exporters.extracts import (
    MARK,
    killed,
    mixed,
    mixed_store,
    record,
    seeds_extract,
)


def test_private_rows_and_claims_stay_in(left: Extract) -> None:
    assert [incident.id for incident in left.incidents] == ["a-open", "b-mixed", "e-open"]
    assert left.withheld == 2
    assert left.trimmed == {"b-mixed": 2}
    assert set(left.sources) == {"open"}
    assert MARK not in repr(left)
    assert len(left.notes) == 2


def test_figures_are_reckoned_from_what_leaves(left: Extract) -> None:
    batch = mixed()
    whole = {i.id: i for i in assemble(batch.records, batch.claims)}["b-mixed"]
    before = whole.headline(Property.KILLED)
    assert (before.low, before.high) == (4, 9)
    own = left.incidents[1]
    after = own.headline(Property.KILLED)
    assert (after.low, after.high) == (4, 4)
    assert own.display_kind == "none"


def test_a_judgement_leaves_only_where_both_its_incidents_are_whole(left: Extract) -> None:
    own = left.incidents[0]
    assert [judgement.other("a-open") for judgement in own.judgements] == ["e-open"]


def test_a_row_of_a_private_data_set_stays_in_whatever_else_is_said_of_it(left: Extract) -> None:
    """The public map holds no more than a file does."""
    assert "d-coded" not in [incident.id for incident in left.incidents]


def test_the_owners_rules_are_for_the_public_alone(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text('withhold_incidents = ["a-open"]\n', "utf-8")
    store = mixed_store(tmp_path)
    whole = store.current()
    shared, public = store.gate.shareable(whole), store.public()
    ids = [[i.id for i in read_extract(s, Selection()).incidents] for s in (shared, public)]
    assert ids == [["a-open", "b-mixed", "e-open"], ["b-mixed", "e-open"]]
    assert store.gate.shareable(shared) is shared
    assert store.gate.shareable(public) is public
    store.close()


def test_a_file_is_of_the_state_that_is_shown_not_of_the_one_before(tmp_path: Path) -> None:
    store = mixed_store(tmp_path)
    assert read_extract(store.gate.shareable(store.current()), Selection()).number == 3
    store.append(Batch((), (record("f-new"),), (killed("f-new", "open", 2),)), by="test")
    whole = store.publish()
    assert read_extract(store.gate.shareable(whole), Selection()).number == 4
    store.close()


def test_a_source_that_became_private_stays_in_of_earlier_times_too(tmp_path: Path) -> None:
    store = mixed_store(tmp_path)
    then = store.log.changes(0)[0].at
    open_source = mixed().sources[0]
    closed = replace(open_source, redistribution=Redistribution.PRIVATE)
    store.append(Batch((closed,), (), ()), by="test")
    store.publish()
    earlier = store.gate.shareable(store.at(then))
    assert read_extract(earlier, Selection()).incidents == ()
    store.close()


def test_where_nothing_is_private_the_whole_itself_is_passed_on(
    seeds: Batch, tmp_path: Path
) -> None:
    store = Store.open(tmp_path)
    store.append(seeds, by="ana@example.org")
    whole = store.publish()
    assert store.gate.shareable(whole) is whole
    assert not GateRules()
    store.close()


def test_the_seeds_leave_whole(seeds: Batch) -> None:
    found = seeds_extract(seeds)
    assert found.withheld == 0
    assert found.trimmed == {}
    assert len(found.incidents) == len(seeds.records)
    assert sum(len(incident.claims) for incident in found.incidents) == len(seeds.claims)
    assert found.notes == ()
