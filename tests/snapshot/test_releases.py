"""A snapshot and the releases it names are asked as one, whatever was changed in between."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.selection import Circle, Corridor, Polygon, Selection
from mapapp.domain.vocab import GeoPrecision
from mapapp.gate.rules import GateRules
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.log.entries import Kind
from mapapp.query import Dashboard
from mapapp.snapshot import row_files, summaries
from mapapp.snapshot.schema import BASE
from mapapp.snapshot.shelf import Shelf
from mapapp.snapshot.snapshot import open_snapshot, releases_of, tables_of
from mapapp.store import Snapshot, Store
from tests import foreign_rows, ged_rows
from tests.gate.test_public import public as public_of
from tests.query.answers import QUESTIONS
from tests.store import generate

#: Questions that summaries answer, of each of their shapes.
SUMMED = (
    "figures", "count", "coverage", "facet provinces", "facet event_types", "facet groups",
    "facet victims", "series by month", "breakdown by target",
    "picture 5", "picture 7", "bins by year",
)  # fmt: skip

EVERYTHING = Selection(background=True, abroad=True)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gazetteer: Gazetteer) -> Iterator[Store]:
    """Incidents of the log and of two releases, each with every summary, as a million has."""
    monkeypatch.setattr(summaries, "FROM_INCIDENTS", 20)
    monkeypatch.setattr(summaries, "WORTH", 1)
    opened = Store.open(tmp_path / "data")
    opened.append(generate.batch(40, seed=3), by="test")
    rows = [ged_rows.row(number) for number in range(1, 60)]
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)
    import_file(Order(path), opened, gazetteer=gazetteer)
    path = foreign_rows.write(tmp_path / "acled.csv", "acled", range(1, 31))
    import_file(Order(path), opened, gazetteer=gazetteer)
    yield opened
    opened.close()


def files(snapshot: Snapshot) -> dict[str, int]:
    """The files of releases that a snapshot names, each with its inode."""
    assert snapshot.path is not None
    return {path.name: path.stat().st_ino for path in releases_of(snapshot.path).values()}


def expected(store: Store) -> list[dict[str, Any]]:
    """The incidents of the log and of all rows, assembled as if all stood in the log."""
    contents = store.log.read()
    ids: set[str] = set()
    for path in row_files.paths(store.data_dir, contents.row_files):
        ids |= set(pq.read_table(path, columns=["id"])["id"].to_pylist())
    records, claims = list(contents.records), list(contents.claims)
    held = {record.id for record in records}
    for record, said in row_files.find(store.data_dir, contents.row_files, ids - held):
        records.append(record)
        claims = [*said, *claims]
    whole = tables_of(replace(contents, records=tuple(records), claims=tuple(claims)))
    table = whole["incidents"].select(BASE.names).sort_by("id")
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def shown(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The incidents as a snapshot shows them."""
    table = snapshot.engine.run("FROM incidents").select(BASE.names).sort_by("id")
    found: list[dict[str, Any]] = table.to_pylist()
    return found


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
def test_any_changes_show_what_all_in_one_would(store: Store, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - invented data, not secrets
    before = files(store.publish())
    assert len(before) == 2
    for turn in range(4):
        for more in range(rng.randint(1, 3)):
            change(store, rng, 100 * turn + more)
        snapshot = store.publish()
        assert files(snapshot) == before  # an edit writes the small file alone
        assert shown(snapshot) == expected(store)
        assert snapshot.meta["incidents"] == str(len(expected(store)))
        numbers = snapshot.engine.run("SELECT DISTINCT row FROM incidents").num_rows
        assert numbers == len(expected(store))
        kept = snapshot.engine.run("SELECT id FROM records UNION ALL SELECT id FROM rows")
        assert sorted(kept["id"].to_pylist()) == [row["id"] for row in expected(store)]


def agree(snapshot: Snapshot) -> None:
    """What summaries answer is what the rows answer, and they are what the rows would make."""
    held = summaries.held(snapshot.meta)
    assert len(held) > 20
    for name in held:
        summary = summaries.CATALOGUE[name]
        has, made = (
            snapshot.engine.run(added_up(summary, rows)).cast(summary.schema)
            for rows in (f"FROM {name}", f"FROM ({summary.sql('duckdb')})")
        )
        assert has.equals(made), name
    assert snapshot.path is not None
    # An engine of its own: what one engine has answered is kept, whichever way it was asked.
    rows = open_snapshot(snapshot.path).engine
    by_sums, by_rows = Dashboard(snapshot), Dashboard(rows)
    for selection in (EVERYTHING, Selection(datasets=("ucdp-ged",))):
        for name in SUMMED:
            assert QUESTIONS[name](by_sums, selection) == QUESTIONS[name](by_rows, selection), name
    rows.close()


def added_up(summary: summaries.Summary, rows: str) -> str:
    """The query of a summary's groups over all files, in an order of their own."""
    ends = {"max_x": "max", "max_y": "max", "min_x": "min", "min_y": "min", "row": "min"}
    names = [name for name in summary.schema.names if name not in summary.dimensions]
    added = ", ".join(f'{ends.get(name, "sum")}("{name}") AS "{name}"' for name in names)
    return f"SELECT {', '.join(summary.dimensions)}, {added} {rows} GROUP BY ALL ORDER BY ALL"


def test_summaries_add_up_over_files(store: Store) -> None:
    snapshot = store.publish()
    agree(snapshot)
    for name in summaries.held(snapshot.meta):
        table = snapshot.engine.run(f"SELECT sum(n) AS n FROM {name}")  # noqa: S608
        assert table["n"].to_pylist() == [Dashboard(snapshot.engine).count(EVERYTHING)], name


SHAPES = (
    Selection(near=Circle(34.5, 69.2, 60), background=True, abroad=True),
    Selection(
        along=Corridor(((34.5, 69.2), (33.9, 68.0), (31.6, 65.7)), 80), background=True, abroad=True
    ),
    Selection(
        inside=Polygon(((33.0, 65.0), (36.9, 66.0), (35.0, 70.4), (34.0, 68.0))),
        background=True,
        abroad=True,
    ),
    Selection(
        inside=Polygon(((31.0, 64.0), (31.0, 70.0), (35.0, 70.0), (35.0, 64.0))),
        background=True,
        abroad=True,
    ),
)


def agree_on_shapes(snapshot: Snapshot) -> None:
    """What lies in a shape is kept as bits by row of each file, and is what the rows say."""
    kept = []
    for selection in (*SHAPES, *(replace(one, place_certain=True) for one in SHAPES)):
        asked = [
            Dashboard(way).columns(selection, ("id",))["id"].to_pylist()
            for way in (snapshot, snapshot.engine)
        ]
        assert sorted(asked[0]) == sorted(asked[1]), selection
        kept.append(len(asked[0]))
    assert 0 < max(kept) < Dashboard(snapshot.engine).count(EVERYTHING)


def test_edited_incidents_of_a_release_are_taken_out_of_its_summaries(store: Store) -> None:
    rng = random.Random(1)  # noqa: S311
    source_id = store.log.read().claims[0].source_id
    for rows in ((7,), range(1, 41)):  # one, and nearly all of many groups
        said = [claim for row in rows for claim in generate.claims_of(rng, f"ucdp-ged-{row}")]
        claims = tuple(replace(claim, source_id=source_id) for claim in said)
        store.append(Batch((), (), claims), by="ana", reason="more is known")
        snapshot = store.publish()
        agree(snapshot)
        agree_on_shapes(snapshot)
        assert shown(snapshot) == expected(store)


@pytest.mark.parametrize(
    "rules",
    [
        GateRules(withhold_incidents=frozenset({"ucdp-ged-9"})),
        GateRules(min_precision=GeoPrecision.PROVINCE),
    ],
    ids=["one held back", "coarsened"],
)
def test_the_public_s_summaries_are_without_edited_incidents_too(
    store: Store, rules: GateRules
) -> None:
    rng = random.Random(1)  # noqa: S311
    source_id = store.log.read().claims[0].source_id
    said = [claim for row in range(5, 15) for claim in generate.claims_of(rng, f"ucdp-ged-{row}")]
    claims = tuple(replace(claim, source_id=source_id) for claim in said)
    store.append(Batch((), (), claims), by="ana", reason="more is known")
    whole = store.publish()
    public = public_of(store, rules)
    assert public is not whole
    assert public.engine.run("FROM edited").num_rows
    agree(public)


def test_a_link_moves_no_incident_of_a_release(store: Store) -> None:
    judged = Judgement("ucdp-ged-3", "ucdp-ged-4", Relation.SAME, "one bomb", judged_by="ana")
    store.append(Batch((), (), (), (judged,)), by="ana", reason="the same")
    snapshot = store.publish()
    assert snapshot.engine.run("FROM edited").num_rows == 0
    detail = Dashboard(snapshot).incident("ucdp-ged-3")
    assert [other.id for other in detail.related] == ["ucdp-ged-4"]
    assert detail.incident.claims


@pytest.mark.parametrize("harm", ["gone", "rubbish"])
def test_a_release_file_that_is_lost_is_made_again(store: Store, harm: str) -> None:
    snapshot = store.publish()
    before = shown(snapshot)
    assert snapshot.path is not None
    path = next(iter(releases_of(snapshot.path).values()))
    store.close()
    path.unlink()
    if harm == "rubbish":
        path.write_bytes(b"rubbish" * 999)
    again = Store.open(store.data_dir)
    assert shown(again.current()) == before
    again.close()


def says(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text)
        if text == "half":
            raise OSError(28, "No space left on device")

    return write


def test_a_shelf_holds_whole_files_and_clears_what_a_killed_maker_left(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, "snap", tmp_path / "lock")
    left = tmp_path / ".build-snap-1.duckdb"
    left.write_text("half")
    (tmp_path / ".build-snap-1.duckdb.spill").mkdir()
    other = tmp_path / ".build-data-1.duckdb"  # of another shelf, which may be at work
    other.write_text("half")
    with shelf.making():
        assert not left.exists()
        first = shelf.put("snap-1", says("one"))
        again = shelf.put("snap-1", says("two"))
        with pytest.raises(StoreUnavailable, match="has room"):
            shelf.put("snap-2", says("half"))
    assert shelf.named("snap-1") == [again, first]
    assert [path.read_text() for path in (again, first)] == ["two", "one"]
    assert shelf.named("snap") == shelf.named("snap-2") == []
    shelf.prune([again])
    assert [path.name for path in tmp_path.glob("snap*.duckdb")] == [again.name]
    assert [path.name for path in tmp_path.glob(".build-*")] == [other.name]
