"""Pages of work beside the map: what a reader without a role sees of them, and what an editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mapapp.domain.access import Role
from mapapp.domain.problems import MapAppError
from mapapp.linking.decisions import state_hash
from mapapp.ui import services
from mapapp.ui.curation import page as curation_page
from mapapp.ui.curation.grid import summary
from mapapp.ui.linking import pair as linking_pair
from mapapp.ui.reader import access
from tests.ui.pages import FAYZABAD, html, opened


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def store(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(data_dir))
    services.store()


def keys(page: AppTest) -> set[str]:
    return {button.key or "" for button in page.button}


def test_a_viewer_sees_pairs_and_may_not_decide() -> None:
    page = opened()
    page.button(key="linking_open").click().run()
    assert not page.exception
    assert "1 pair to look at" in html(page)
    assert "both name ISKP" in html(page)
    assert "Deciding needs the role of an editor" in html(page)
    assert not page.radio
    assert not any(key.startswith("linking_submit") for key in keys(page))


def test_a_viewer_finds_no_way_to_change_records(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(incident=FAYZABAD)
    assert not keys(page) & {"curation_new", "curation_edit"}
    monkeypatch.setattr(access, "role", lambda: Role.VIEWER)
    with pytest.raises(MapAppError, match="role of an editor"):
        curation_page._check_allowed()
    with pytest.raises(MapAppError, match="role of an editor"):
        linking_pair.check_may_edit()


def test_an_editor_adds_a_record_field_by_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "role", lambda: Role.EDITOR)
    monkeypatch.setattr(access, "who", lambda: "ana@example.org")
    page = opened()
    page.button(key="curation_new").click().run()
    assert "Not yet complete" in html(page)
    token = next(str(t.key) for t in page.text_input if str(t.key).startswith("cur_title_"))[10:]

    def write(**fields: str) -> None:
        for name, text in fields.items():
            page.text_input(key=f"cur_{name}_{token}").input(text)
        page.run()

    page.selectbox(key=f"cur_source_{token}").set_value("004")  # of 9 May 2024
    write(
        title="Shots at a checkpoint, Herat", id="afg-2024-05-07-herat-checkpoint",
        paragraph="2", when_text="on Tuesday", where_text="Herat city", find="Herat",
        target_text="a checkpoint",
    )  # fmt: skip
    assert "Tue 7 May 2024: counted from 2024-05-09" in html(page)
    for part, code in (("kind", "armed_attack"), ("target", "security_forces")):
        page.button_group(key=f"cur_{part}_{token}").set_value(code).run()
    assert "Several places fit; choose the one meant." in html(page)
    assert "has no gazetteer id" in html(page)
    page.button(key="cur_candidate_0").click().run()
    write(find="20 km south of Jurm")  # one place alone is taken
    assert 'On the map: <strong dir="auto">within 6 km of 36.6' in html(page)
    assert page.session_state[f"cur_place_{token}"]["disc"]["radius_m"] < 10_000
    write(find="Herat")
    assert "No place is chosen yet" in html(page)
    page.button(key="cur_candidate_0").click().run()
    assert "disc" not in page.session_state[f"cur_place_{token}"]
    assert "No faults found." in html(page)
    page.text_input(key=f"cur_reason_{token}").input("typo").run()
    page.button(key="curation_save").click().run()
    assert "a change needs a reason" in html(page)
    page.text_input(key=f"cur_reason_{token}").input("A page of the paper tells of it").run()
    page.button(key="curation_save").click().run()
    assert "Recorded: Shots at a checkpoint, Herat" in html(page)
    page.button(key="curation_show").click().run()
    assert "Shots at a checkpoint, Herat" in html(page)
    page.button(key="curation_edit").click().run()
    assert "ana@example.org" in html(page)
    assert "A page of the paper tells of it" in html(page)
    (reason,) = (t for t in page.text_input if str(t.key).startswith("cur_undo_reason_"))
    reason.input("The page was withdrawn").run()
    page.button(key="curation_undo_sure").click().run()
    assert "Taken back: it is again as it was" in html(page)
    page.button(key="bench_close").click().run()
    assert "The page was withdrawn" in html(page)  # the open incident says why it is gone
    assert 'data-figure="incidents">14<' in html(page)
    assert not page.exception


def test_statements_read_in_one_line() -> None:
    said = {"property": "killed", "value": 6, "modifier": "at_least", "victim_class": "children",
            "asserted_by": "Hospital", "paragraph": 3}  # fmt: skip
    assert summary(said) == "killed: at least 6 children"
    claim = {"property": "attribution", "kind": "claimed", "actor": "iskp", "paragraph": "2, 3"}
    assert summary(claim) == "attribution: claimed ISKP"


def test_an_editor_reads_a_page_and_a_viewer_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "read_page_open" not in keys(opened())
    monkeypatch.setattr(access, "role", lambda: Role.EDITOR)
    page = opened()
    page.button(key="read_page_open").click().run()
    page.button(key="read_page_read").click().run()
    assert "there is nothing to read yet" in html(page)
    page.text_input(key="read_page_published").input("yesterday")
    page.text_area(key="read_page_text").input("A bomb killed two people in Kabul, police said.")
    page.button(key="read_page_read").click().run()
    assert "is no day of publication" in html(page)
    assert not page.exception
    monkeypatch.setattr(access, "role", lambda: Role.VIEWER)
    page.run()
    assert "Reading pages needs the role of an editor" in html(page)


def test_an_editor_links_two_records_that_nothing_suggests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "role", lambda: Role.EDITOR)
    monkeypatch.setattr(access, "who", lambda: "ana@example.org")
    page = opened(incident=FAYZABAD)
    before = state_hash(services.store().log.read())
    page.button(key="linking_hand").click().run()
    assert page.text_input(key="linking_first").value == FAYZABAD
    page.text_input(key="linking_second").input("airport gate").run()
    assert f"hand_{FAYZABAD}" not in html(page)
    (found,) = [box for box in page.selectbox if str(box.key).startswith("linking_second_of_")]
    if found.value is None:
        page = found.select_index(0).run()
    assert "points that they are one incident" in html(page)
    assert "Records beside the two were not compared" in html(page)
    (choice,) = [own for own in page.radio if str(own.key).startswith("linking_choice_hand_")]
    choice.set_value("different")
    (reason,) = [t for t in page.text_input if str(t.key).startswith("linking_reason_hand_")]
    reason.input("Another town, three years later")
    (send,) = [b for b in page.button if str(b.key).startswith("linking_submit_hand_")]
    send.click().run()
    assert not page.exception
    assert "A new decision replaces it" in html(page)
    assert state_hash(services.store().log.read()) != before
    (back,) = [t for t in page.text_input if str(t.key).startswith("linking_back_reason_")]
    back.input("Said by mistake")
    (sure,) = [b for b in page.button if str(b.key).startswith("linking_back_sure_")]
    sure.click().run()
    assert not page.exception
    assert state_hash(services.store().log.read()) == before
