"""A public file made of the one before equals one made whole, whatever was changed in between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazetteer import Gazetteer
from mapapp.gate import public_advance
from mapapp.gate.public import PublicSnapshots
from mapapp.gate.rules import LEVELS, GateRules, SourceRule
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.snapshot import advance, summaries
from mapapp.snapshot.summaries import CATALOGUE
from mapapp.store import Snapshot, Store
from tests import ged_rows
from tests.gate.test_columns import Fixed, state
from tests.snapshot.test_advance import change
from tests.store import generate

TODAY = date(2023, 1, 15)
RULES = (
    GateRules(min_precision=LEVELS[0], withhold_incidents=frozenset({"i0003", "ucdp-ged-4"})),
    GateRules(
        delay_days=300,
        sources=(SourceRule(id="001", private=True), SourceRule(id="000", min_precision=LEVELS[1])),
    ),
    GateRules(withhold_fields=frozenset({"notes", "speakers"}), delay_days=20),
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(summaries, "FROM_INCIDENTS", 1)
    monkeypatch.setattr(summaries, "WORTH", 1)
    monkeypatch.setattr(advance, "LEAST", 0)
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


class Counted:
    """Counts how often a public file was made of the one before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times, self._own = 0, public_advance.advance_public
        monkeypatch.setattr("mapapp.gate.public.advance_public", self)

    def __call__(self, *args: Any) -> bool:
        done = self._own(*args)
        self.times += done
        return done


def gate_of(store: Store, rules: GateRules, **more: Any) -> PublicSnapshots:
    gate_file: Any = Fixed(rules)
    return PublicSnapshots(store.data_dir / "snapshots", gate_file, lambda: TODAY, **more)


def made_whole(store: Store, rules: GateRules) -> Snapshot:
    """Made whole, beside the other."""
    for old in (store.data_dir / "snapshots").glob("public-*"):
        old.unlink()
    return gate_of(store, rules).of(store.current())


def summed(snapshot: Snapshot) -> dict[str, list[str]]:
    found = {}
    for name in summaries.held(snapshot.meta):
        rows = snapshot.engine.run(f'SELECT * FROM "{name}"')  # noqa: S608 - names of the catalogue
        found[name] = sorted(map(repr, rows.select(sorted(rows.column_names)).to_pylist()))
    return found


@pytest.mark.parametrize("number", range(len(RULES)))
def test_any_changes_give_what_a_file_made_whole_holds(
    store: Store, tmp_path: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    rng, rules = random.Random(number), RULES[number]  # noqa: S311 - invented data, not secrets
    store.append(generate.batch(40, seed=number), by="ana@example.org")
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(n) for n in range(1, 60)])
    import_file(Order(path, as_rows=True), store, gazetteer=gazetteer)
    store.publish()
    counted = Counted(monkeypatch)
    gate = gate_of(store, rules, since=store._touched)
    gate.of(store.current())
    for turn in range(3):
        for more in range(rng.randint(1, 3)):
            change(store, rng, 100 * turn + more)
        store.publish()
        gate.of(store.current())
        gate.close()
        advanced = gate.of(store.current())
        assert advanced.seq == store.current().seq
        whole = made_whole(store, rules)
        left, right = state(advanced), state(whole)
        for one in (left, right):  # a day too early is looked at once more, and no harm
            one["told"].pop("gate_next_due")
        for name, found in right.items():
            assert left[name] == found, (name, turn)
        assert summed(advanced).keys() == CATALOGUE.keys()
        assert summed(advanced) == summed(whole)
        assert advanced.number == whole.number
    assert counted.times >= 2
