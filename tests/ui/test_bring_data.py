"""Bring your data: who may, how an upload is kept, and the page as a script, step by step."""

from __future__ import annotations

import io
import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gazetteer import Gazetteer
from mapapp.domain.access import Role
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.importers.mapped import mapping
from mapapp.importers.tables.sniff import sniff
from mapapp.ingest.report import reports
from mapapp.store.store import Store
from mapapp.ui import services
from mapapp.ui.bring_data.job import Job, progress_words
from mapapp.ui.bring_data.mapping import dataset_key
from mapapp.ui.bring_data.work import (
    Work,
    aside_frame,
    clean_name,
    columns_chosen,
    discard,
    first_mapping,
    good_frame,
    keep_upload,
    size_words,
)
from mapapp.ui.reader import access
from tests import ged_rows
from tests.ui.pages import html, new_page, ran

TABLE = (
    "id,when,province,killed\n"
    "1,03/04/2019,Badakhshan,2\n"
    "2,05/04/2019,Badakhshan,-2\n"
    "3,06/04/2019,Herat,3\n"
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("GEDEvent_v23_1.csv", "GEDEvent_v23_1.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\may 2020 (1).xlsx", "may 2020 (1).xlsx"),
        (".hidden.csv", "hidden.csv"),
        ("a\nb<c>.csv", "a_b_c_.csv"),
        ("حوادث.csv", "حوادث.csv"),
        ("..", "upload"),
        ("x" * 300 + ".csv", "x" * 100 + ".csv"),
    ],
)
def test_an_upload_s_name_stays_in_its_folder(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_an_upload_is_kept_whole_and_old_ones_go(tmp_path: Path) -> None:
    first = keep_upload(tmp_path / "uploads", "a.csv", io.BytesIO(b"one"))
    second = keep_upload(tmp_path / "uploads", "a.csv", io.BytesIO(b"two"))
    assert (first.path.read_bytes(), second.path.read_bytes()) == (b"one", b"two")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(first.path.parent, (two_days_ago, two_days_ago))
    third = keep_upload(tmp_path / "uploads", "b.csv", io.BytesIO(b"three"))
    assert not first.path.exists()
    assert second.path.exists()
    discard(third)
    assert not third.path.parent.exists()


def test_a_column_has_one_meaning() -> None:
    columns, problems = columns_chosen({"a": "date", "b": "", "c": "date", "d": "killed"})
    assert columns == {"date": "a", "killed": "d"}
    assert [problem.field for problem in problems] == ["c"]


def test_another_table_of_the_same_name_is_another_data_set(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    path = tmp_path / "council.csv"
    path.write_text(TABLE, encoding="utf-8")
    sniffed = sniff(path)
    begun, guesses, kept = first_mapping(sniffed, store, ())
    assert (begun.dataset, kept, len(guesses)) == ("table-council", False, 4)
    other, _, _ = first_mapping(sniffed, store, ("table-council",))
    assert other.dataset.startswith("table-council-")
    own = mapping.corrected(begun, speaker="A council", dataset="council")
    mapping.save(own, sniffed.header, store.data_dir / "mappings")
    corrected = tmp_path / "council-set-aside.csv"
    corrected.write_text(
        "import_row,import_field," + TABLE.replace("\n", "\n,,", 1).rsplit("\n3")[0]
    )
    again, _, kept = first_mapping(sniff(corrected), store, ("council",))
    assert kept
    assert again.dataset == "council"
    store.close()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("curated", "table-curated"),
        ("ucdp-ged", "table-ucdp-ged"),
        ("Table of ' OR 1", "table-of-or-1"),
        ("", "table-unnamed"),
        ("council", "council"),
    ],
)
def test_a_typed_name_is_never_that_of_a_known_data_set(typed: str, key: str) -> None:
    assert dataset_key(typed, "council") == key


def test_rows_are_tried_before_they_go_in(tmp_path: Path, gazetteer: Gazetteer) -> None:
    rows = [ged_rows.row(n) for n in range(1, 11)]
    rows[3] |= {"low": 900}
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)
    work = Work(path, "x")
    assert not work.is_own()
    assert not work.by_mapping()
    tried = work.tried(work.format(), gazetteer)
    assert (tried.rows, len(tried.good), len(tried.aside), tried.whole) == (10, 9, 1, True)
    assert work.tried(work.format(), gazetteer) is tried  # not read again at each run
    shown = aside_frame(work.sniffed(), tried)
    assert shown["Row (line)"].tolist() == ["4 (5)"]
    assert shown["Field"].tolist() == ["low"]
    assert shown["file: low"].tolist() == ["900"]
    assert len(good_frame(tried)) == 9


def test_the_preview_says_who_did_it_and_what_is_in_no_total(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    path = tmp_path / "world.csv"
    path.write_text(
        "id,date,location,dead,perpetrator,claimed_by\n"
        '1,2023-02-01,"Hamburg, Germany",3,Unknown,\n'
        "2,2023-02-02,Spin Boldak,5,ISKP,Not claimed\n"
        "3,2023-02-03,Spin Boldak,1,ISKP,yes\n"
    )
    work = Work(path, "x")
    proposed, guesses = mapping.propose(work.sniffed())
    assert {found.column: found.samples for found in guesses}["perpetrator"] == ("Unknown", "ISKP")
    work.mapping = replace(proposed, speaker="The desk")
    shown = good_frame(work.tried(work.format(), gazetteer))
    assert shown["To note"][0].startswith("abroad (Germany): in no total; not on the map")
    assert shown["Who did it"][1] == "ISKP, attributed; no claim reported"
    assert "ISKP, claimed" in shown["Who did it"][2]


def test_sizes_and_progress_in_words() -> None:
    assert [size_words(n) for n in (10, 12_345, 5 << 20, 517_622_233)] == [
        "1 KB", "12 KB", "5.0 MB", "493 MB",
    ]  # fmt: skip
    assert progress_words("25,000 rows read", 0.02, 60.0) == "25,000 rows read"
    assert progress_words("rows read", 0.25, 60.0) == "rows read · 25% · about 3 min left"
    assert progress_words("publishing", 0.9, 60.0) == "publishing · 90% · less than a minute left"
    assert progress_words("done", 1.0, 60.0) == "done"


def test_a_job_keeps_what_went_wrong(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_progress: object) -> object:
        raise InvalidInput("no")

    def break_down(progress: object) -> object:
        raise ZeroDivisionError

    for run, kind in ((refuse, InvalidInput), (break_down, ZeroDivisionError)):
        job = Job(run)  # type: ignore[arg-type]
        job.wait(30)
        assert job.finished
        assert job.report is None
        assert isinstance(job.failure, kind)
    assert [record.message for record in caplog.records] == ["an import failed"]


@pytest.fixture
def editing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(access, "role", lambda: Role.OWNER)
    services.store()
    return tmp_path


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def imported(page: AppTest) -> AppTest:
    """Click Import, let it finish, and show what became of it."""
    page.button(key="bring_start").click()
    ran(page)
    job = page.session_state["bring_job"]
    if job is not None:
        assert isinstance(job, Job)
        job.wait(60)
        ran(page)
    return page


def test_a_reader_who_may_not_sees_no_way_in(
    editing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del editing
    page = ran(new_page())
    assert "Bring your data" in labels(page)
    monkeypatch.setattr(access, "role", lambda: Role.EDITOR)
    page = new_page()
    page.session_state["bring_open"] = True
    ran(page)
    assert "Bring your data" not in labels(page)
    assert "Bring your data" not in html(page)
    assert 'data-figure="incidents"' in html(page)


def test_a_table_goes_from_upload_to_the_map_and_back(editing: Path) -> None:
    page = ran(new_page())
    page.button(key="bring_open_button").click()
    ran(page)
    assert 'data-figure="incidents"' not in html(page)
    hostile = TABLE.replace("id,", "id <b>*x*</b>,", 1)
    work = keep_upload(editing / "data" / "uploads", "council.csv", io.BytesIO(hostile.encode()))
    page.session_state["bring_work"] = work
    ran(page)

    # Nothing goes on before it is said who says so, nor before the order of the dates is.
    assert "Who asserts what it says: is empty" in html(page)
    assert "<b>*x*" not in html(page)
    page.text_input(key=f"bring_speaker_{work.id}").set_value("A council")
    ran(page)
    (question,) = page.radio
    assert question.value is None
    assert not [label for label in labels(page) if label.startswith("Import ")]
    question.set_value("dmy")
    ran(page)
    assert page.dataframe[1].value["Date"].tolist() == ["Wed 3 Apr 2019", "Sat 6 Apr 2019"]
    assert page.dataframe[2].value["Field"].tolist() == ["killed"]
    assert "<b>killed</b>" in html(page)

    # What it covers is asked and may be left open; half an answer is none.
    page.date_input(key=f"bring_covers_first_{work.id}").set_value(date(2019, 4, 1))
    ran(page)
    assert "Give both days, or neither" in html(page)
    assert work.covers is None
    page.date_input(key=f"bring_covers_last_{work.id}").set_value(date(2019, 4, 30))
    page.multiselect(key=f"bring_covers_provinces_{work.id}").set_value(["AF01"])
    ran(page)
    assert "Give both days" not in html(page)

    imported(page)
    (source,) = (s for s in services.store().log.read().sources if s.publisher == "A council")
    assert (source.covers_from, source.covers_to) == (date(2019, 4, 1), date(2019, 4, 30))
    assert (source.covers_provinces, source.covers_watched) == (("AF01",), True)
    assert 'data-report="imported">2<' in html(page)
    assert 'data-report="set_aside">1<' in html(page)
    report = reports(services.store())[0]
    assert report.aside_path
    page.button(key="bring_show").click()
    ran(page)
    assert 'data-figure="incidents">2<' in html(page)

    page.button(key="bring_open_button").click()
    ran(page)
    page.button(key="back_sure_report").click()
    ran(page)
    assert "Taken back" in html(page)
    assert not reports(services.store())

    # The same columns once more: all is filled in as it was.
    page.button(key="bring_another").click()
    ran(page)
    assert not work.path.exists()
    page.session_state["bring_work"] = keep_upload(
        editing / "data" / "uploads", "june.csv", io.BytesIO(hostile.encode())
    )
    ran(page)
    assert page.radio[0].value == "dmy"
    assert "Import 2 of 3 rows" in labels(page)


def test_a_place_is_chosen_looked_at_and_remembered(editing: Path) -> None:
    page = new_page()
    page.session_state["bring_open"] = True
    table = b"id,date,place\n1,2019-04-03,Kandahar\n2,2019-04-03,Ghazni\n3,2019-04-03,Jurm\n"
    uploads = editing / "data" / "uploads"
    work = keep_upload(uploads, "words.csv", io.BytesIO(table))
    page.session_state["bring_work"] = work
    ran(page)
    page.text_input(key=f"bring_speaker_{work.id}").set_value("A desk")
    ran(page)
    assert [radio.label for radio in page.radio] == ["Kandahar", "Ghazni"]
    assert 'data-seen="Good">1<' in html(page)
    page.radio(key=f"bring_place_{work.id}_Kandahar").set_value("prov:kandahar")
    ran(page)
    # It stays to be looked at, the rows know it, and it can be changed.
    assert page.radio(key=f"bring_place_{work.id}_Kandahar").value == "prov:kandahar"
    assert "1 of 2 decided" in " ".join(caption.value for caption in page.caption)
    assert 'data-seen="Good">2<' in html(page)
    page.radio(key=f"bring_place_{work.id}_Kandahar").set_value("town:kandahar/kandahar")
    ran(page)
    imported(page)
    assert 'data-report="imported">2<' in html(page)
    query = "SELECT place_id FROM incidents WHERE place_text = 'Kandahar'"
    placed = services.store().current().engine.run(query)["place_id"].to_pylist()
    assert placed == ["town:kandahar/kandahar"]

    # What was left open is asked once more beside the report, and adds its row alone.
    (left,) = page.radio
    assert left.label == "Ghazni"
    left.set_value("-")
    ran(page)
    left = page.radio[0]
    left.set_value(left.options[1] if left.options[1].startswith("town") else "prov:ghazni")
    ran(page)
    imported(page)
    assert 'data-report="added">1<' in html(page)

    # The next table of this kind begins with the same answers.
    again = keep_upload(uploads, "more.csv", io.BytesIO(table.replace(b"1,", b"4,", 1)))
    page.session_state["bring_work"] = again
    ran(page)
    assert page.radio(key=f"bring_place_{again.id}_Kandahar").value == "town:kandahar/kandahar"
    assert 'data-seen="Good">3<' in html(page)


def test_the_attackers_in_a_cell_are_counted_apart_once_somebody_says_so(editing: Path) -> None:
    page = new_page()
    page.session_state["bring_open"] = True
    table = b'id,date,place,killed\n1,2019-04-03,"Jurm, Badakhshan",4 (+1)\n'
    work = keep_upload(editing / "data" / "uploads", "plus.csv", io.BytesIO(table))
    page.session_state["bring_work"] = work
    ran(page)
    page.text_input(key=f"bring_speaker_{work.id}").set_value("A desk")
    ran(page)
    assert 'data-seen="Good">0<' in html(page)
    asked = page.checkbox(key=f"bring_plus_{work.id}")
    assert "4 (+1)" in asked.label.replace("\\", "")
    asked.check()
    ran(page)
    assert 'data-seen="Good">1<' in html(page)


def test_a_longer_list_is_named_where_places_are_not_known(
    editing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_page()
    page.session_state["bring_open"] = True
    table = b"id,date,place\n1,2019-04-03,Jurm\n2,2019-04-03,Zzyx\n"
    work = keep_upload(editing / "data" / "uploads", "words.csv", io.BytesIO(table))
    page.session_state["bring_work"] = work
    ran(page)
    assert "Better places" not in html(page)
    page.text_input(key=f"bring_speaker_{work.id}").set_value("A desk")
    ran(page)
    assert "Better places" in html(page)
    assert [block.value for block in page.code] == ["python -m gazetteer import-geonames AF.zip"]
    imported(page)
    assert "Better places" in html(page)

    # Not to somebody who has such a list already.
    layers = editing / "layers"
    layers.mkdir()
    (layers / "own.json").write_text("{}")
    monkeypatch.setenv("GAZETTEER_LAYERS", str(layers))
    ran(page)
    assert "Better places" not in html(page)


def test_a_refused_import_says_why_and_can_be_allowed(editing: Path) -> None:
    page = new_page()
    page.session_state["bring_open"] = True
    for version, expected in (("24_1", "imported"), ("23_1", "would replace newer")):
        path = ged_rows.write(editing / f"GEDEvent_v{version}.csv", [ged_rows.row(1)])
        with path.open("rb") as file:
            work = keep_upload(editing / "data" / "uploads", path.name, file)
        page.session_state["bring_work"] = work
        ran(page)
        imported(page)
        assert expected in html(page)
    page.checkbox(key=f"bring_older_{work.id}").check()
    ran(page)
    imported(page)
    assert 'data-report="revised">' in html(page)


def test_a_file_that_is_no_table_says_so_and_another_can_be_brought(editing: Path) -> None:
    page = new_page()
    page.session_state["bring_open"] = True
    page.session_state["bring_work"] = keep_upload(
        editing / "data" / "uploads", "page.csv", io.BytesIO(b"<html><script>x</script>")
    )
    ran(page)
    assert "is a web page, not a table" in html(page)
    assert "Another file" in labels(page)


def test_an_import_taken_back_by_somebody_else_is_said_once(editing: Path) -> None:
    del editing
    page = new_page()
    page.session_state["bring_open"] = True
    page.session_state["bring_failed"] = NotFound("there is no import 'x'")
    ran(page)
    assert "there is no import" in html(page)
    assert "there is no import" not in html(ran(page))
