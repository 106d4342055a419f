"""A snapshot made of the one before equals one built whole, whatever was changed in between."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.log.entries import Kind
from mapapp.snapshot import advance, change_file, statements, summaries
from mapapp.snapshot.snapshot import Snapshot
from mapapp.store import Store
from tests import ged_rows
from tests.store import generate

#: What tells when a file was made, and of which other.
_OWN = ("published_at", change_file.TIMES_KEY)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Every snapshot has every summary, as one of a million incidents has."""
    monkeypatch.setattr(summaries, "FROM_INCIDENTS", 1)
    monkeypatch.setattr(summaries, "WORTH", 1)
    monkeypatch.setattr(advance, "LEAST", 0)
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def contents(path: Path) -> dict[str, list[Any]]:
    """Every table of a snapshot file, its rows in an order of their own."""
    copy = path.with_suffix(".looked-at")  # readers have the file open in their own way
    copy.write_bytes(path.read_bytes())
    with duckdb.connect(str(copy), read_only=True) as connection:
        names = [name for (name,) in connection.sql("SHOW TABLES").fetchall()]
        found = {}
        for name in names:
            table = connection.table(name).to_arrow_table()
            columns = sorted(table.column_names)
            rows = [tuple(row[c] for c in columns) for row in table.to_pylist()]
            if name == "meta":
                rows = [row for row in rows if row[0] not in _OWN]
            found[name] = sorted(map(repr, rows))
    return found


def times(snapshot: Snapshot) -> int:
    return int(snapshot.meta.get(change_file.TIMES_KEY, "0"))


def equals_a_whole_build(store: Store, tmp_path: Path) -> bool:
    """Publish; whether what was published is what a whole build gives, table by table."""
    advanced = store.publish()
    assert advanced.path is not None
    whole = tmp_path / f"whole-{advanced.seq}.duckdb"
    store._write(whole, store.log.read())
    left, right = contents(advanced.path), contents(whole)
    assert left.keys() == right.keys()
    for name in left:
        assert left[name] == right[name], name
    return True


def change(store: Store, rng: random.Random, turn: int) -> None:
    """One change of the kinds that editors and imports make."""
    held = store.log.read()
    records = [record for record in held.records if not record.id.startswith("ucdp")]
    kind = rng.choice(("edit", "move", "add", "remove", "claims", "link", "link", "unlink"))
    source = rng.choice([source for source in held.sources if not source.dataset_version])
    rows = [f"ucdp-ged-{number}" for number in range(1, 60)] if held.row_files else []
    if kind == "edit":
        made = replace(rng.choice(records), title=f"Another title {turn}")
        store.append(Batch((), (made,), ()), by="ana", reason="a better title")
    elif kind == "move":  # to another day and place
        of, to = rng.sample(records, 2)
        made = replace(of, date=to.date, place=to.place)
        store.append(Batch((), (made,), ()), by="ana", reason="another day")
    elif kind == "add":
        new = generate.batch(rng.randint(1, 4), seed=turn, prefix=f"n{turn}-")
        added = replace(source, id=f"s{turn}", title="A new page")
        store.append(replace(new, sources=(*new.sources, added)), by="ana", reason="new")
    elif kind == "remove":
        linked = {side for j in held.judgements for side in (j.left_id, j.right_id)}
        gone = rng.choice([record for record in records if record.id not in linked])
        ended: list[tuple[Kind, str]] = [("record", gone.id)]
        ended += [("claim", claim.id) for claim in held.claims if claim.incident_id == gone.id]
        store.append(Batch((), (), ()), by="ana", reason="no such thing", withdraw=ended)
    elif kind == "claims":
        about = rng.choice([record.id for record in records] + rows)
        said = {c.id: c for c in generate.claims_of(rng, about)}
        claims = tuple(replace(c, source_id=source.id) for c in said.values())
        store.append(Batch((), (), claims), by="ana", reason="other figures")
    elif kind == "link":
        one = rng.choice(records).id
        other = rng.choice([*(r.id for r in records if r.id != one), *rows])
        judged = Judgement(one, other, Relation.SAME, "both tell of it", judged_by="ana")
        store.append(Batch((), (), (), (judged,)), by="ana", reason="the same")
    elif held.judgements:
        ended = [("judgement", rng.choice(held.judgements).id)]
        store.append(Batch((), (), ()), by="ana", reason="not the same", withdraw=ended)


@pytest.mark.parametrize("seed", range(2))
def test_any_changes_give_what_a_whole_build_gives(
    store: Store, tmp_path: Path, gazetteer: Gazetteer, seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311 - invented data, not secrets
    store.append(generate.batch(40, seed=seed), by="test")
    if seed:
        path = ged_rows.write(
            tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(n) for n in range(1, 60)]
        )
        import_file(Order(path, as_rows=True), store, gazetteer=gazetteer)
    before = times(store.publish())
    for turn in range(5):
        for more in range(rng.randint(1, 3)):
            change(store, rng, 100 * turn + more)
        assert equals_a_whole_build(store, tmp_path)
    assert times(store.current()) > before + 2  # most were made of the one before


def test_what_it_cannot_do_is_built_whole(store: Store, tmp_path: Path) -> None:
    store.append(generate.batch(20), by="test")
    store.publish()
    source = store.log.read().sources[0]
    store.append(Batch((replace(source, title="Renamed"),), (), ()), by="test", reason="its title")
    assert equals_a_whole_build(store, tmp_path)
    assert times(store.current()) == 0
    store.append(generate.batch(advance.MOST + 1, seed=5, prefix="m"), by="test")
    store.publish()
    assert times(store.current()) == 0


def test_a_damaged_file_is_not_built_upon(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.append(generate.batch(20), by="test")
    path = store.publish().path
    assert path is not None
    copy = tmp_path / "without.duckdb"
    copy.write_bytes(path.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute("ALTER TABLE judgements RENAME COLUMN relation TO other")
    copy.replace(path)
    store.close()
    again = Store.open(store.data_dir)
    again.append(generate.batch(1, seed=9, prefix="z"), by="test")
    assert equals_a_whole_build(again, tmp_path)
    assert "all is built anew" in caplog.text
    again.close()


@pytest.mark.parametrize("ask", [statements.count_of, statements.all_of])
def test_no_statement_is_made_for_a_table_that_is_none(ask: Any) -> None:
    with pytest.raises(ValueError, match="no table of a snapshot"):
        ask('incidents"; DROP TABLE "claims')


def test_no_summary_is_changed_that_is_none() -> None:
    for make in (statements.dropped, lambda name: statements.without_groups(name, "stale")):
        with pytest.raises(ValueError, match="no summary of a snapshot"):
            make("incidents")


def test_what_is_near_has_all_columns_that_every_summary_has() -> None:
    said = re.findall(r"affected\.(\w+) IS NOT", change_file._NEAR_SQL)
    assert tuple(said) == summaries.BASE
