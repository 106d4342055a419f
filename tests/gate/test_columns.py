"""The gate over columns gives what the gate of single records gives, for any rules and form."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import assemble
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.vocab import GeoPrecision, Redistribution
from mapapp.gate.columns import ColumnGate
from mapapp.gate.public import PublicSnapshots
from mapapp.gate.rules import FIELDS, LEVELS, GateRules, SourceRule
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.log import codec
from mapapp.snapshot import row_files
from mapapp.snapshot.columns import finish, incident_columns
from mapapp.snapshot.schema import BASE
from mapapp.store import Snapshot, Store
from tests import foreign_rows, ged_rows
from tests.store import generate

TODAY = date(2022, 6, 1)
WORDS = ("Secret village", "Hidden hamlet", "", "Shindand town")
ATTACKERS = ("IS", "Taleban", "XXX512", "Government of Afghanistan", "Taleban, IS", "Lone band")

#: A table without a known form: who says so is bound to the place.
COUNCIL = Mapping(
    {
        "id": "Ref", "date": "Date", "province": "Province", "place": "Village", "lat": "Lat",
        "lng": "Long", "killed": "Killed", "wounded": "Injured", "actor": "Perpetrator",
        "source": "Reported by", "notes": "Remarks",
    },
    "table-council", "Incidents", "A council", geo_precision=GeoPrecision.SETTLEMENT,
    redistribution=Redistribution.FACTS,
)  # fmt: skip


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
    import_file(Order(path), own, gazetteer=gazetteer)
    table = foreign_rows.write(folder / "council.csv", "council", range(1, 61))
    answers = Answers(date_orders={"Date": DayOrder.DMY})
    import_file(Order(table, Mapped(COUNCIL), answers), own, gazetteer=gazetteer)
    path = foreign_rows.write(folder / "acled.csv", "acled", range(1, 31))
    import_file(Order(path), own, gazetteer=gazetteer)
    assert len(own.log.row_files()) == 3
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


CHOICES = (
    {"dataset": "ucdp-ged"}, {"dataset": "table-council"}, {"id": "000"}, {"id": "001"},
)  # fmt: skip


def random_rules(rng: random.Random) -> GateRules:
    """Any of the rules, alone and together."""
    levels = (None, None, *LEVELS)
    few = rng.sample(sorted(FIELDS), rng.choice((0, 0, 1, 2, 4, len(FIELDS))))
    ids = [f"ucdp-ged-{rng.randint(1, 60)}" for _ in range(rng.choice((0, 3)))]
    sources = [
        SourceRule(**rng.choice(CHOICES),
                   private=rng.random() < 0.25, min_precision=rng.choice(levels),
                   delay_days=rng.choice((0, 0, 400)))
        for _ in range(rng.choice((0, 1, 2)))
    ]  # fmt: skip
    return GateRules(
        rng.choice((0, 0, 30, 600)), rng.choice(levels), frozenset(few), frozenset(ids),
        tuple(sources),
    )  # fmt: skip


def state(snapshot: Snapshot) -> dict[str, Any]:
    """All that a public snapshot says, its rows read whole."""

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = snapshot.engine.run(f'SELECT * FROM "{name}"').to_pylist()  # noqa: S608
        return found

    records = {row["id"]: codec.decode_record(row["content"]) for row in rows("records")}
    claims: dict[str, list[Claim]] = {key: [] for key in records}
    for row in sorted(rows("claims"), key=lambda row: row["position"]):
        said = codec.decode_claim(
            row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
        )
        claims[row["incident_id"]].append(said)
    kept = rows("rows")
    for record, made in row_files.incidents(kept, snapshot.engine):
        records[record.id], claims[record.id] = record, list(made)
    assert {row["id"]: row["claims"] for row in kept} == {
        row["id"]: len(claims[row["id"]]) for row in kept
    }
    meta = {row["key"]: row["value"] for row in rows("meta")}
    return {
        "incidents": sorted(rows("incidents"), key=lambda row: row["id"]),
        "records": records,
        "claims": claims,
        "sources": sorted(row["content"] for row in rows("sources")),
        "judgements": sorted(row["content"] for row in rows("judgements")),
        "due": meta["gate_next_due"],
        "trimmed": meta["gate_trimmed"],
    }


def passed_one_by_one(store: Store, gate: PublicSnapshots) -> dict[str, Any]:
    """The same, of every incident read whole and passed by the gate of records."""
    contents = store.log.read()
    files = contents.row_files
    ids: set[str] = set()
    for path in row_files.paths(store.data_dir, files):
        ids |= set(pq.read_table(path, columns=["id"])["id"].to_pylist())
    held = {record.id for record in contents.records}
    records, claims = list(contents.records), list(contents.claims)
    for record, said in row_files.find(store.data_dir, files, ids - held):
        records.append(record)
        claims = [*said, *claims]
    whole = Batch(contents.sources, tuple(records), tuple(claims), contents.judgements)
    passed = gate.gated(whole, gate.rules())
    left = passed.batch
    own = assemble(left.records, left.claims, (), left.sources)
    said_of: dict[str, list[Claim]] = {record.id: [] for record in left.records}
    for claim in left.claims:
        said_of[claim.incident_id].append(claim)
    return {
        "incidents": finish(incident_columns(own)).sort_by("id").to_pylist(),
        "records": {record.id: record for record in left.records},
        "claims": said_of,
        "sources": sorted(codec.encode(source) for source in left.sources),
        "judgements": sorted(codec.encode(judgement) for judgement in left.judgements),
        "due": passed.next_due.isoformat() if passed.next_due else "",
        "trimmed": json.dumps(passed.trimmed, sort_keys=True),
    }


def made(store: Store, rules: GateRules, today: date = TODAY) -> Snapshot:
    for kind in ("public", "gated"):
        for old in (store.data_dir / "snapshots").glob(f"{kind}-*"):
            old.unlink()
    return gate_of(store, rules, today).of(store.current())


def gate_of(store: Store, rules: GateRules, today: date = TODAY) -> PublicSnapshots:
    gate_file: Any = Fixed(rules)
    return PublicSnapshots(store.data_dir / "snapshots", gate_file, today=lambda: today)


FIXED = (
    GateRules(min_precision=LEVELS[0]),
    GateRules(withhold_fields=frozenset(FIELDS)),
    GateRules(withhold_fields=frozenset({"notes", "place_text"})),
    GateRules(delay_days=200, withhold_fields=frozenset({"words"})),
)


@pytest.mark.parametrize("seed", range(12))
def test_columns_are_those_of_incidents_that_pass_one_by_one(store: Store, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a choice of rules, not secrets
    rules = FIXED[seed] if seed < len(FIXED) else random_rules(rng)
    found = state(made(store, rules))
    expected = passed_one_by_one(store, gate_of(store, rules))
    some = bool(rules.withhold_fields & {"title", "target", "notes", "place_text", "words"})
    for name, own in expected.items():
        if name != "incidents":
            assert found[name] == own, (name, rules)
    assert len(found["incidents"]) == len(expected["incidents"])
    for row, whole in zip(found["incidents"], expected["incidents"], strict=True):
        for column in BASE.names:
            if column == "search_text" and some:  # it looks through what the columns show
                assert set(row[column].split("\n")) <= set(whole[column].split("\n")), rules
            elif column in ("attributed_by", "voices"):  # they may say less of a speaker
                assert set(row[column]) <= set(whole[column]), (column, rules)
            else:
                assert row[column] == whole[column], (column, rules)
    assert len({row["row"] for row in found["incidents"]}) == len(found["incidents"])


def test_a_speaker_s_side_is_not_told_where_speakers_are_withheld(store: Store) -> None:
    """A name is numbered where an incident is read whole; its columns must not say more."""
    whole = store.current().engine.run("FROM incidents LIMIT 3")
    told = [["official", "dfa"], ["party", "isk"], ["media"]]
    voices = [["claimed:isk:official", ":isk:dfa"], [":isk:isk"], ["claimed:isk:media"]]
    for name, lists in (("attributed_by", told), ("voices", voices)):
        at = whole.schema.get_field_index(name)
        whole = whole.set_column(at, BASE.field(name), pa.array(lists, BASE.field(name).type))
    areas: Any = None

    def left(withheld: str) -> tuple[list[list[str]], list[list[str]]]:
        own = ColumnGate(None, frozenset({withheld}), areas, str).columns(whole, "s")
        return own["attributed_by"].to_pylist(), own["voices"].to_pylist()

    classes = [["official"], ["party"], ["media"]]
    assert left("speakers") == (classes, [["claimed:isk:official"], [], ["claimed:isk:media"]])
    assert left("locator") == (told, voices)


def test_rows_of_a_release_pass_in_columns(store: Store) -> None:
    rows = made(store, GateRules(min_precision=LEVELS[1])).engine.run("SELECT form FROM rows")
    assert rows.num_rows > 200
    assert set(rows["form"].to_pylist()) == {"by key"}


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
        shared = "SELECT * FROM incidents WHERE dataset <> 'acled'"  # is private by itself
        found = snapshot.engine.run(shared).select(columns)
        return sorted(map(repr, found.to_pylist()))

    assert figures(coarse) == figures(store.current())
