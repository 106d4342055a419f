"""Files into the store: nothing lost, nothing twice, releases compared, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident
from mapapp.domain.problems import InvalidInput, NotFound, NotPublished, StoreUnavailable
from mapapp.domain.vocab import Property
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.tables.sniff import sniff
from mapapp.ingest.order import Order
from mapapp.ingest.report import reports
from mapapp.ingest.run import import_file, roll_back
from mapapp.query import Dashboard
from mapapp.store.store import Store
from tests import ged_rows


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def release(folder: Path, version: str, rows: list[ged_rows.Cells]) -> Path:
    return ged_rows.write(folder / f"GEDEvent_v{version.replace('.', '_')}.csv", rows)


def killed(store: Store) -> dict[str, str]:
    return {i.id: str(i.headline(Property.KILLED)) for i in incidents(store)}


def incidents(store: Store) -> list[Incident]:
    dash = Dashboard(store.current())
    keys = store.current().engine.run("SELECT id FROM incidents ORDER BY id")["id"].to_pylist()
    return [dash.incident(key).incident for key in keys]


def test_what_goes_in_and_what_is_set_aside_is_all(store: Store, tmp_path: Path) -> None:
    rows = [ged_rows.row(n) for n in range(1, 31)]
    rows[3] |= {"best": -1}
    rows[7] |= {"low": 900}
    rows[11] |= {"latitude": 69.1, "longitude": 34.5}
    rows[12] |= {"id": 11}  # the id of row 11
    told: list[float] = []
    report = import_file(
        Order(release(tmp_path, "23.1", rows)), store, progress=lambda done, _: told.append(done)
    )
    assert (report.rows_in, report.imported, report.set_aside) == (30, 26, 4)
    assert (report.added, report.version) == (26, "23.1")
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert report.aside_path
    with Path(report.aside_path).open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(row["import_row"], row["import_field"]) for row in kept] == [
        ("row 4 (line 5)", "best"), ("row 8 (line 9)", "low"), ("row 12 (line 13)", "latitude"),
        ("row 13 (line 14)", "id"),
    ]  # fmt: skip
    assert kept[1]["side_b"] == rows[7]["side_b"]
    assert all(row["import_fault"] and row["import_remedy"] for row in kept)
    assert len(incidents(store)) == 26
    assert int(store.current().meta["incidents"]) == 26


def test_importing_twice_adds_nothing(store: Store, tmp_path: Path) -> None:
    path = release(tmp_path, "23.1", [ged_rows.row(n) for n in range(1, 11)])
    import_file(Order(path), store)
    seq = store.log.seq()
    again = import_file(Order(path), store)
    assert (again.added, again.revised, again.unchanged, again.withdrawn) == (0, 0, 10, 0)
    assert store.log.seq() == seq


def test_a_newer_release_adds_revises_and_withdraws(store: Store, tmp_path: Path) -> None:
    old = [ged_rows.row(n) for n in range(1, 11)]
    import_file(Order(release(tmp_path, "23.1", old)), store)
    new = [ged_rows.row(n) for n in range(2, 13)]
    new[0] |= {"best": 50, "low": 50, "high": 50}
    part = import_file(Order(release(tmp_path, "24.1", new)), store)
    assert (part.added, part.revised, part.unchanged) == (2, 1, 8)
    assert (part.withdrawn, part.absent) == (0, 1)  # the file may be a part: nothing is taken out
    assert killed(store)["ucdp-ged-2"] == "50"  # what the older release said stands no more
    whole = import_file(Order(tmp_path / "GEDEvent_v24_1.csv", complete=True), store)
    assert (whole.added, whole.revised, whole.withdrawn, whole.absent) == (0, 0, 1, 0)
    assert "ucdp-ged-1" not in killed(store)
    before = store.at(store.log.changes()[0].at)  # but the log knows it
    assert Dashboard(before).incident("ucdp-ged-1").incident.claims


def test_withdrawal_reaches_no_country_that_the_file_lacks(store: Store, tmp_path: Path) -> None:
    abroad = ged_rows.row(900, country="Syria", latitude=36.2, longitude=37.16, adm_1="", adm_2="")
    import_file(Order(release(tmp_path, "23.1", [ged_rows.row(1), ged_rows.row(2), abroad])), store)
    report = import_file(Order(release(tmp_path, "24.1", [ged_rows.row(1)]), complete=True), store)
    assert (report.withdrawn, report.absent) == (1, 1)
    assert set(killed(store)) == {"ucdp-ged-1", "ucdp-ged-900"}


def test_an_older_release_or_one_of_no_version_is_refused(store: Store, tmp_path: Path) -> None:
    rows = [ged_rows.row(1)]
    import_file(Order(release(tmp_path, "24.1", rows)), store)
    with pytest.raises(InvalidInput, match="would replace newer"):
        import_file(Order(release(tmp_path, "23.1", rows)), store)
    with pytest.raises(InvalidInput, match="Say its version"):
        import_file(Order(ged_rows.write(tmp_path / "ged.csv", rows)), store)
    assert len(reports(store)) == 1


def test_an_import_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    first = import_file(Order(release(tmp_path, "23.1", [ged_rows.row(1), ged_rows.row(2)])), store)
    before = killed(store)
    second = import_file(
        Order(
            release(tmp_path, "24.1", [ged_rows.row(2, best=70, low=70, high=70), ged_rows.row(3)])
        ),
        store,
    )
    with pytest.raises(InvalidInput, match="Take that back first"):
        roll_back(store, first.id)
    roll_back(store, second.id)
    assert killed(store) == before
    assert [report.id for report in reports(store)] == [first.id]
    roll_back(store, first.id)
    assert killed(store) == {}
    with pytest.raises(NotFound):
        roll_back(store, first.id)


def test_claims_of_others_outlive_a_new_release(store: Store, tmp_path: Path) -> None:
    import_file(Order(release(tmp_path, "23.1", [ged_rows.row(1)])), store)
    (source,) = store.log.read().sources
    source = replace(source, id="curator", dataset="curated", publisher="A curator")
    (incident,) = incidents(store)
    claim = replace(incident.claims[0], source_id="curator", asserted_by="A curator")
    store.append(Batch((source,), (), (claim,)), by="curator")
    import_file(Order(release(tmp_path, "24.1", [ged_rows.row(1, best=9, low=9, high=9)])), store)
    assert claim.id in {c.id for c in store.log.read().claims}


def test_undecidable_dates_stop_the_import_and_an_answer_lets_it_go_on(
    store: Store, tmp_path: Path
) -> None:
    path = ged_rows.write(
        tmp_path / "ged231.csv",
        [ged_rows.row(1, date_start="03/04/2015", date_end="03/04/2015")],
    )
    with pytest.raises(InvalidInput) as caught:
        import_file(Order(path), store)
    assert {problem.field for problem in caught.value.problems} == {"date_start", "date_end"}
    assert store.log.seq() == 0
    report = import_file(Order(path, answers=Answers({"*": DayOrder.MDY})), store)
    assert report.imported == 1
    (incident,) = incidents(store)
    day = incident.record.date.earliest
    assert day is not None
    assert day.isoformat() == "2015-03-04"


def test_a_file_with_nothing_sound_changes_nothing(store: Store, tmp_path: Path) -> None:
    report = import_file(Order(release(tmp_path, "23.1", [ged_rows.row(1, best="x")])), store)
    assert (report.rows_in, report.imported, report.set_aside) == (1, 0, 1)
    assert store.log.seq() == 0


def test_a_mapping_that_worked_is_used_for_the_next_such_table(
    store: Store, tmp_path: Path
) -> None:
    first, second = tmp_path / "may.csv", tmp_path / "june.csv"
    first.write_text("no,when,province,killed\n1,2020-05-01,Kabul,2\n", encoding="utf-8")
    second.write_text("no,when,province,killed\n2,2020-06-01,Kabul,3\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="mapping of columns"):
        import_file(Order(first), store)
    proposed, _ = mapping.propose(sniff(first))
    own = mapping.corrected(proposed, speaker="A council", dataset="council")
    import_file(Order(first, format=Mapped(own)), store)
    report = import_file(Order(second), store)
    assert (report.dataset, report.added, report.absent) == ("council", 1, 1)
    assert sorted(killed(store).values()) == ["2", "3"]


def test_rows_recorded_but_not_published_are_said_to_be(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", [ged_rows.row(1)])

    def full(*_: object, **__: object) -> None:
        raise StoreUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "publish", full)
        with pytest.raises(NotPublished, match="are recorded, but readers do not see them yet"):
            import_file(Order(path), store)
    assert [report.imported for report in reports(store)] == [1]
    store.publish()
    assert import_file(Order(path), store).unchanged == 1


def test_of_two_states_of_an_acled_event_the_later_stands(store: Store, tmp_path: Path) -> None:
    """The days in the name are the period asked for: no version, and any period adds."""
    head = (
        "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,country,"
        "admin1,location,latitude,longitude,geo_precision,fatalities,timestamp\n"
    )

    def brought(folder: str, period: str, event: str, fatalities: int, stamp: int) -> str:
        path = tmp_path / folder / f"{period}-Afghanistan.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"{head}{event},{period[-10:]},{period[:4]},1,Battles,Armed clash,A group,Afghanistan,"
            f"Balkh,Mazar-e Sharif,36.709,67.111,1,{fatalities},{stamp}\n", "utf-8",
        )  # fmt: skip
        report = import_file(Order(path), store)
        return f"{report.added} {report.revised} {report.unchanged} {len(report.remarks)}"

    assert brought("one", "2024-01-01-2024-12-31", "AFG1", 2, 1700000000) == "1 0 0 0"
    assert brought("one", "2023-01-01-2023-12-31", "AFG2", 1, 1690000000) == "1 0 0 0"
    assert brought("two", "2024-01-01-2024-12-31", "AFG1", 7, 1710000000) == "0 1 0 0"
    assert brought("one", "2024-01-01-2024-12-31", "AFG1", 2, 1700000000) == "0 0 1 1"
    assert sorted(killed(store).values()) == ["1", "7"]


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", ".hidden", "a\x00b"])
def test_a_data_set_has_a_name_that_stays_in_its_folder(
    name: str, store: Store, tmp_path: Path
) -> None:
    path = ged_rows.write(tmp_path / "ged.csv", [ged_rows.row(1)])
    with pytest.raises(InvalidInput, match="no name for a data set"):
        import_file(Order(path, dataset=name), store)
    assert not (store.data_dir / "datasets").exists()
