"""The public snapshot: what is held back is not in the file, and the rest is as it was."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from gazetteer import Gazetteer
from mapapp.domain.actors import resolve
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import GeoPrecision, Redistribution, SpeakerClass
from mapapp.gate import public as public_module
from mapapp.gate import public_file
from mapapp.gate.file import GateFile
from mapapp.gate.public import PublicSnapshots, sentences_of
from mapapp.gate.rules import FIELDS, GateRules, SourceRule
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.log import codec
from mapapp.query import Dashboard
from mapapp.snapshot.schema import BASE
from mapapp.snapshot.snapshot import tables_of
from mapapp.store import Snapshot
from mapapp.store.store import Store
from tests import ged_rows

KAJ = "afg-2022-09-28-kabul-kaj"
NEVER = date(2030, 1, 1)


class Fixed:
    """Rules that a test sets."""

    def __init__(self, rules: GateRules) -> None:
        self.own = rules

    def rules(self) -> GateRules:
        return self.own


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, seeds: Batch) -> Iterator[Store]:
    own = Store.open(tmp_path_factory.mktemp("public"))
    own.append(seeds, by="curators", at=datetime(2026, 1, 1, tzinfo=UTC))
    own.publish()
    yield own
    own.close()


def public(store: Store, rules: GateRules, today: date = NEVER) -> Snapshot:
    gate_file: Any = Fixed(rules)
    folder = store.data_dir / "snapshots"
    return PublicSnapshots(folder, gate_file, today=lambda: today).of(store.current())


def texts(snapshot: Snapshot) -> str:
    """Everything that the file says, as one text."""
    found = []
    for name in ("incidents", "claims", "sources", "judgements", "records", "meta"):
        found += [repr(row) for row in snapshot.engine.run(f'SELECT * FROM "{name}"').to_pylist()]  # noqa: S608
    return "\n".join(found)


def test_without_rules_there_is_no_second_file(store: Store) -> None:
    assert public(store, GateRules()) is store.current()
    assert store.public() is store.current()
    assert sentences_of(store.current()) == ()


RULES = {
    "private": GateRules(sources=(SourceRule(id="002", private=True),)),
    "source delay": GateRules(sources=(SourceRule(publisher="Waradana", delay_days=2000),)),
    "source precision": GateRules(
        sources=(SourceRule(id="004", min_precision=GeoPrecision.PROVINCE),)
    ),
    "delay": GateRules(delay_days=1000),
    "district": GateRules(min_precision=GeoPrecision.DISTRICT),
    "country": GateRules(min_precision=GeoPrecision.COUNTRY),
    "fields": GateRules(withhold_fields=frozenset(FIELDS)),
    "incident": GateRules(withhold_incidents=frozenset({KAJ})),
}


@pytest.mark.parametrize("name", RULES)
def test_the_file_is_what_the_gate_lets_through_of_the_whole(store: Store, name: str) -> None:
    """Only incidents that a rule is about are made anew; the same as if all had been."""
    rules, today = RULES[name], date(2026, 1, 2)
    found = public(store, rules, today)
    contents = store.log.read()
    gate_file: Any = Fixed(rules)
    gate = PublicSnapshots(store.data_dir / "snapshots", gate_file, today=lambda: today)
    whole = Batch(contents.sources, contents.records, contents.claims, contents.judgements)
    left = gate.gated(whole).batch
    expected = tables_of(
        replace(
            contents,
            sources=left.sources,
            records=left.records,
            claims=left.claims,
            judgements=left.judgements,
        )
    )
    columns = BASE.names
    got = found.engine.run('SELECT * FROM "incidents" ORDER BY "id"').select(columns)
    assert got.to_pylist() == expected["incidents"].sort_by("id").select(columns).to_pylist()
    for table, key in (
        ("claims", "id"),
        ("sources", "id"),
        ("records", "id"),
        ("judgements", "id"),
    ):
        rows = found.engine.run(f'SELECT "content" FROM "{table}" ORDER BY "{key}"')  # noqa: S608
        assert rows["content"].to_pylist() == expected[table].sort_by(key)["content"].to_pylist()
    assert found.seq == store.current().seq
    assert found.number != found.seq


def test_a_coarsened_place_is_its_area_without_a_name_of_it(
    store: Store, gazetteer: Gazetteer
) -> None:
    found = public(store, RULES["district"])
    said = texts(found)
    for word in ("Kaj", "Barchi", "education centre", "Dasht", "Injil outpost", "paragraph"):
        assert word not in said, word
    for record in store.log.read().records:
        if record.place.geo_precision in ("site", "neighbourhood", "settlement"):
            assert str(record.place.lat) not in said
        assert record.title not in said
        assert record.id not in said
    rows = found.engine.run('SELECT * FROM "incidents"').to_pylist()
    assert (
        len(rows) == 20
        or len(rows) == store.current().engine.run('SELECT * FROM "incidents"').num_rows
    )
    for row in rows:
        assert row["geo_precision"] in ("district", "province", "country")
        assert row["id"].split("-")[-1].isalnum()
        if row["geo_precision"] == "district":
            lat, lng, *_ = gazetteer.effective_geometry(row["area_id"])
            assert (row["lat"], row["lng"]) == (lat, lng)
            assert row["areal"]
    (kaj,) = [r for r in rows if r["earliest"] == date(2022, 9, 28) and r["killed_low"] == 53]
    detail = Dashboard(found).incident(kaj["id"])
    assert detail.incident.record.title == "armed attack, Kabul"
    assert detail.incident.record.notes == (
        "The owner of this map gives this place to the district at the finest.",
    )
    assert sentences_of(found) == ("Places are given to the district at the finest.",)


def test_a_party_s_office_and_its_leader_tell_no_place(store: Store) -> None:
    claims = public(store, RULES["district"]).engine.run('SELECT content FROM "claims"')
    parties = {
        claim.asserted_by
        for claim in map(codec.decode_claim, claims["content"].to_pylist())
        if claim.speaker_class is SpeakerClass.PARTY
    }
    before = {
        c.asserted_by for c in store.log.read().claims if c.speaker_class is SpeakerClass.PARTY
    }
    assert "Gulbuddin Hekmatyar" in before
    assert any(name.startswith("party ") for name in parties)
    # An armed group under its own name tells no place.
    assert {name for name in parties if not name.startswith("party ")} == {
        name for name in before if resolve(name)
    }


def test_the_same_incident_keeps_its_new_id(store: Store) -> None:
    def ids(rules: GateRules) -> set[str]:
        rows = public(store, rules).engine.run('SELECT "id" FROM "incidents"')
        return set(rows["id"].to_pylist())

    fields = replace(RULES["district"], withhold_fields=frozenset({"notes"}))
    assert ids(RULES["district"]) == ids(fields)
    assert KAJ not in ids(fields)


def test_a_source_that_is_private_leaves_with_all_that_rests_on_it(store: Store) -> None:
    said = texts(public(store, RULES["private"]))
    assert "Hasht-e Subh" not in said
    assert "96 People Killed" not in said
    assert KAJ not in said


def test_what_is_due_comes_out_on_its_day(store: Store) -> None:
    rules, days = GateRules(delay_days=100), [date(2024, 8, 15)]
    gate_file: Any = Fixed(rules)
    gate = PublicSnapshots(store.data_dir / "snapshots", gate_file, today=lambda: days[0])

    def fayzabad() -> bool:
        return "afg-2024-05-08-fayzabad-convoy" in texts(gate.of(store.current()))

    assert not fayzabad()
    held = gate.of(store.current())
    assert gate.of(store.current()) is held
    days[0] = date(2024, 8, 16)  # 8 May and 100 days
    gate.of(store.current())
    gate.close()  # until it is made, the public reads what it read
    assert fayzabad()


def test_who_recorded_it_is_no_address(tmp_path: Path, seeds: Batch) -> None:
    own = Store.open(tmp_path)
    own.append(seeds, by="chief@example.org")
    own.publish()
    said = texts(own.public())
    assert "chief@example.org" not in said
    assert "an editor" in said
    own.close()


def test_a_file_of_rules_holds_as_soon_as_it_is_written(
    tmp_path: Path, seeds: Batch, caplog: pytest.LogCaptureFixture
) -> None:
    own = Store.open(tmp_path)
    own.append(seeds, by="curators")
    own.publish()
    assert KAJ in texts(own.public())
    rules = tmp_path / "gate.toml"
    rules.write_text(f'withhold_incidents = ["{KAJ}"]\n', "utf-8")
    assert KAJ not in texts(own.public())
    rules.write_text("withhold_incidents = [", "utf-8")
    with pytest.raises(StoreUnavailable, match="closed until its owner mends the rules") as closed:
        own.public()
    assert str(tmp_path) not in str(closed.value)  # what is wrong is for the log
    (said,) = [record for record in caplog.records if "closed" in record.message]
    assert str(rules) in said.message
    with pytest.raises(StoreUnavailable):
        own.public()
    assert len([record for record in caplog.records if "closed" in record.message]) == 1
    assert own.current().seq
    rules.unlink()
    assert own.public() is own.current()
    own.close()


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nothing is shown without it"):
        GateFile(tmp_path, tmp_path / "rules.toml").rules()


def test_a_private_source_needs_no_rule(tmp_path: Path, seeds: Batch) -> None:
    sources = tuple(
        replace(s, redistribution=Redistribution.PRIVATE) if s.id == "002" else s
        for s in seeds.sources
    )
    own = Store.open(tmp_path)
    own.append(replace(seeds, sources=sources), by="curators")
    own.publish()
    assert "Hasht-e Subh" not in texts(own.public())
    assert "Hasht-e Subh" in texts(own.current())
    assert (
        codec.decode_source(
            own.current()
            .engine.run('SELECT "content" FROM "sources" WHERE "id" = \'002\'')["content"][0]
            .as_py()
        ).redistribution
        is Redistribution.PRIVATE
    )
    own.close()


class Slow:
    """Makes public files when a test lets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._write = public_file.write_public
        monkeypatch.setattr(public_module, "write_public", self)

    def __call__(self, *args: Any) -> None:
        self.begun.set()
        assert self.go_on.wait(60)
        self._write(*args)


@pytest.fixture
def own(tmp_path: Path, seeds: Batch) -> Iterator[Store]:
    """A store with a rule, read by the public once."""
    opened = Store.open(tmp_path)
    opened.append(seeds, by="curators")
    opened.publish()
    (tmp_path / "gate.toml").write_text('withhold_fields = ["notes"]\n', "utf-8")
    opened.public()
    yield opened
    opened.close()


def retitle(store: Store, seeds: Batch) -> None:
    (record,) = (r for r in seeds.records if r.id == KAJ)
    store.append(Batch((), (replace(record, title="Another title"),), ()), by="ana", reason="x")
    store.publish()


def test_the_public_reads_on_while_its_next_file_is_made(
    own: Store, seeds: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, slow = own.public(), Slow(monkeypatch)
    retitle(own, seeds)
    assert own.public() is before
    assert slow.begun.wait(60)
    assert own.public() is before
    slow.go_on.set()
    own.gate.close()
    assert own.public().seq == own.current().seq > before.seq
    assert "Another title" in texts(own.public())


def test_it_reads_on_after_a_restart(
    own: Store, seeds: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, slow = own.public().seq, Slow(monkeypatch)
    retitle(own, seeds)
    own.close()
    again = Store.open(own.data_dir)
    assert again.public().seq == before
    slow.go_on.set()
    again.gate.close()
    assert again.public().seq == again.current().seq
    again.close()


def test_rules_that_change_hold_before_anything_else_is_shown(
    own: Store, seeds: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KAJ in texts(own.public())
    slow = Slow(monkeypatch)
    retitle(own, seeds)
    (own.data_dir / "gate.toml").write_text(f'withhold_incidents = ["{KAJ}"]\n', "utf-8")
    with ThreadPoolExecutor(1) as asked:
        answer = asked.submit(own.public)
        assert slow.begun.wait(60)
        assert not answer.done()
        slow.go_on.set()
        assert KAJ not in texts(answer.result(60))


def test_a_source_that_becomes_private_is_not_read_on(
    own: Store, seeds: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Hasht-e Subh" in texts(own.public())
    (source,) = (s for s in seeds.sources if s.id == "002")
    closed = replace(source, redistribution=Redistribution.PRIVATE)
    own.append(Batch((closed,), (), ()), by="ana", reason="not to be passed on")
    own.publish()
    assert "Hasht-e Subh" not in texts(own.public())


def test_a_file_that_cannot_be_made_is_told_and_the_one_before_read(
    own: Store, seeds: Batch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise StoreUnavailable("the disk is full")

    before = own.public()
    monkeypatch.setattr(public_module, "write_public", full)
    retitle(own, seeds)
    assert own.public() is before
    own.gate.close()
    assert own.public() is before
    assert "the public reads an older state: the disk is full" in caplog.text


def test_a_file_made_by_other_rules_has_another_name() -> None:
    """Else the file made before a rule would be found and served."""
    changed: dict[str, Any] = {
        "delay_days": 3,
        "min_precision": GeoPrecision.DISTRICT,
        "withhold_fields": frozenset({"title"}),
        "withhold_incidents": frozenset({"a"}),
        "sources": (SourceRule(id="a"),),
    }
    assert changed.keys() == {field.name for field in fields(GateRules)}
    marks = {public_module._mark(GateRules(**{name: value})) for name, value in changed.items()}
    assert len(marks | {public_module._mark(GateRules())}) == len(changed) + 1
    order = [frozenset(("a", "b")), frozenset(("b", "a"))]
    assert len({public_module._mark(GateRules(withhold_incidents=ids)) for ids in order}) == 1


def test_a_point_abroad_is_never_coarsened_to_an_afghan_area(tmp_path: Path) -> None:
    """However near the border it lies."""
    store = Store.open(tmp_path / "data")
    near_torkham = {"latitude": 34.2, "longitude": 70.9, "where_prec": 1}
    rows = [
        ged_rows.row(1, **near_torkham, adm_1="", adm_2=""),
        ged_rows.row(2, **near_torkham, country="Pakistan", adm_1="Khyber", adm_2=""),
    ]
    import_file(Order(ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)), store)
    coarse = public(store, GateRules(min_precision=GeoPrecision.PROVINCE))
    found = Dashboard(coarse).table(Selection(abroad=True)).to_pylist()
    places = {row["country"]: (row["adm1_name"], row["mappable"]) for row in found}
    assert places == {"AFG": ("Nangarhar", True), "PAK": (None, False)}
    store.close()
