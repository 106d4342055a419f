"""The gate over columns gives what the gate of single records gives, for any rules."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.gate import columns as gate_columns
from mapapp.gate import gated_rows
from mapapp.gate.public import PublicSnapshots
from mapapp.gate.rules import FIELDS, LEVELS, GateRules, SourceRule
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.log import codec
from mapapp.snapshot import row_files
from mapapp.store import Snapshot, Store
from tests import ged_rows
from tests.store import generate

TODAY = date(2022, 6, 1)
WORDS = ("Secret village", "Hidden hamlet", "", "Shindand town")
ATTACKERS = ("IS", "Taleban", "XXX512", "Government of Afghanistan", "Taleban, IS", "Lone band")


class Fixed:
    """Rules that a test sets."""

    def __init__(self, rules: GateRules) -> None:
        self.own = rules

    def rules(self) -> GateRules:
        return self.own


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> Iterator[Store]:
    """A release kept as rows, incidents of the log, statements and links about both."""
    folder = tmp_path_factory.mktemp("gated")
    rng = random.Random(5)  # noqa: S311 - invented data, not secrets
    own = Store.open(folder / "data")
    own.append(generate.batch(30, seed=2), by="ana@example.org")
    path = ged_rows.write(folder / "GEDEvent_v23_1.csv", [odd(rng, n) for n in range(1, 301)])
    import_file(Order(path, as_rows=True), own, gazetteer=gazetteer)
    held = own.log.read()
    rows = [f"ucdp-ged-{number}" for number in range(1, 40)]
    claims = {c.id: c for key in rows[:6] for c in generate.claims_of(rng, key)}
    pairs = [(rows[n], rows[n + 1]) for n in range(0, 30, 2)]
    pairs += [(rows[n], held.records[n].id) for n in range(8)]
    linked = tuple(
        Judgement(a, b, Relation.SAME, "both tell of it", judged_by="ana") for a, b in pairs
    )
    own.append(Batch((), (), tuple(claims.values()), linked), by="ana")
    own.publish()
    yield own
    own.close()


def odd(rng: random.Random, number: int) -> ged_rows.Cells:
    """A row with something out of the ordinary every now and then."""
    own: dict[str, Any] = {"where_description": rng.choice(WORDS)}
    if rng.random() < 0.5:
        own["where_coordinates"] = rng.choice(WORDS)
    if rng.random() < 0.1:
        own |= {"adm_2": "", "adm_1": rng.choice(("", "Kabul province"))}
    if rng.random() < 0.1:
        own |= {"country": "Pakistan", "adm_1": "Khyber", "adm_2": "Peshawar district",
                "latitude": 34.01, "longitude": 71.57}  # fmt: skip
    if rng.random() < 0.2:
        own |= {"date_end": "2022-12-31", "date_prec": 5, "date_start": "2022-01-01"}
    if rng.random() < 0.4:
        own |= {"type_of_violence": 3, "side_a": rng.choice(ATTACKERS), "side_b": "Civilians",
                "deaths_a": rng.choice((0, 2)), "deaths_b": rng.choice((0, 0, 3))}  # fmt: skip
        own |= {"best": 9, "low": 8, "high": 12}
    if rng.random() < 0.2:
        own |= {"event_clarity": 2, "code_status": "Check", "source_article": ""}
    return ged_rows.row(number, **own)


def random_rules(rng: random.Random) -> GateRules:
    """Any of the rules, alone and together."""
    levels = (None, None, *LEVELS)
    few = rng.sample(sorted(FIELDS), rng.choice((0, 0, 1, 2, 4, len(FIELDS))))
    ids = [f"ucdp-ged-{rng.randint(1, 60)}" for _ in range(rng.choice((0, 3)))]
    sources = [
        SourceRule(**rng.choice(({"dataset": "ucdp-ged"}, {"id": "000"}, {"id": "001"})),
                   private=rng.random() < 0.25, min_precision=rng.choice(levels),
                   delay_days=rng.choice((0, 0, 400)))
        for _ in range(rng.choice((0, 1, 2)))
    ]  # fmt: skip
    return GateRules(
        rng.choice((0, 0, 30, 600)), rng.choice(levels), frozenset(few), frozenset(ids),
        tuple(sources),
    )  # fmt: skip


def state(snapshot: Snapshot) -> dict[str, Any]:
    """All that a public snapshot says, whichever way its tables keep it."""

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = snapshot.engine.run(f'SELECT * FROM "{name}"').to_pylist()  # noqa: S608
        return found

    records = {row["id"]: codec.decode_record(row["content"]) for row in rows("records")}
    claims: dict[str, list[Any]] = {key: [] for key in records}
    for row in sorted(rows("claims"), key=lambda row: row["position"]):
        said = codec.decode_claim(
            row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
        )
        claims[row["incident_id"]].append(said)
    kept = rows("rows")
    for record, made in row_files.incidents(kept):
        records[record.id], claims[record.id] = record, list(made)
    assert {row["id"]: row["claims"] for row in kept} == {
        row["id"]: len(claims[row["id"]]) for row in kept
    }
    meta = {row["key"]: row["value"] for row in rows("meta")}
    return {
        "incidents": sorted(rows("incidents"), key=lambda row: row["row"]),
        "records": records,
        "claims": claims,
        "sources": sorted(row["content"] for row in rows("sources")),
        "judgements": sorted(row["content"] for row in rows("judgements")),
        "told": {key: meta[key] for key in ("incidents", "sources", "gate", "gate_next_due")},
        "trimmed": meta["gate_trimmed"],
    }


def made(store: Store, rules: GateRules, today: date = TODAY) -> Snapshot:
    gate_file: Any = Fixed(rules)
    for old in (store.data_dir / "snapshots").glob("public-*"):
        old.unlink()
    return PublicSnapshots(store.data_dir / "snapshots", gate_file, today=lambda: today).of(
        store.current()
    )


FIXED = (
    GateRules(min_precision=LEVELS[0]),
    GateRules(withhold_fields=frozenset(FIELDS)),
    GateRules(withhold_fields=frozenset({"notes", "place_text"})),
    GateRules(delay_days=200, withhold_fields=frozenset({"words"})),
)


@pytest.mark.parametrize("seed", range(12))
def test_columns_and_records_give_the_same(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)  # noqa: S311 - a choice of rules, not secrets
    rules = FIXED[seed] if seed < len(FIXED) else random_rules(rng)
    columns = state(made(store, rules))
    monkeypatch.setattr(gate_columns.GedGate, "can", lambda form: False)
    records = state(made(store, rules))
    for name, found in records.items():
        assert columns[name] == found, (name, rules)


def test_most_rows_pass_in_columns(store: Store) -> None:
    rows = made(store, GateRules(min_precision=LEVELS[1])).engine.run("SELECT form FROM rows")
    assert rows.num_rows > 200
    assert all(map(gated_rows.is_gated, rows["form"].to_pylist()))


def test_the_cells_that_leave_hold_nothing_held_back(store: Store) -> None:
    coarse = made(store, GateRules(min_precision=LEVELS[0]))
    words = [word for word in WORDS if word and word != "Shindand town"]
    words += ["village", "Kabul city", "invented agency", "34.53", "65.70", "Jurm district"]
    said = "\n".join(coarse.engine.run("SELECT cells FROM rows")["cells"].to_pylist())
    for word in words:
        assert word not in said, word
    bare = made(store, GateRules(withhold_fields=frozenset(FIELDS)))
    said = "\n".join(bare.engine.run("SELECT cells FROM rows")["cells"].to_pylist())
    for word in (*words[:2], "Kabul city", "agency", "Kabul district", "Jurm district"):
        assert word not in said, word


def test_figures_of_two_groups_stay_two_without_their_words(store: Store) -> None:
    """A coarsened incident's figures are those of the whole, by any rule."""
    columns = [
        name
        for name in store.current().engine.run("SELECT * FROM incidents LIMIT 0").schema.names
        if name.startswith(("killed", "wounded")) or name.endswith(("_low", "_high", "_open"))
    ]
    coarse = made(store, replace(FIXED[0], withhold_fields=frozenset({"speakers"})))

    def figures(snapshot: Snapshot) -> list[str]:
        found = snapshot.engine.run("SELECT * FROM incidents").select(columns)
        return sorted(map(repr, found.to_pylist()))

    assert figures(coarse) == figures(store.current())
