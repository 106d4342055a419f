"""What became private is held back of earlier states, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.vocab import Redistribution
from mapapp.store import Snapshot, Store
from tests.store import generate

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


def number(snapshot: Snapshot) -> int:
    return int(snapshot.engine.run("SELECT COUNT(*) AS n FROM incidents")["n"][0].as_py())


def test_a_source_that_became_private_is_held_back_of_its_past(store: Store) -> None:
    made = generate.batch(5, seed=3)
    store.append(Batch(made.sources, made.records, made.claims), by="ana", at=BEGAN)
    store.publish()
    then = store.at(BEGAN)
    assert number(store.gate.of(then)) == len(made.records)
    private = tuple(replace(s, redistribution=Redistribution.PRIVATE) for s in made.sources)
    store.append(Batch(private, (), ()), by="ana", at=BEGAN + timedelta(days=1))
    store.publish()
    said = {claim.incident_id for claim in made.claims}
    assert said
    for shown in (store.public(), store.gate.of(store.at(BEGAN))):
        ids = set(shown.engine.run("SELECT id FROM incidents")["id"].to_pylist())
        assert not ids & said
    assert store.gate.holds(store.at(BEGAN))
