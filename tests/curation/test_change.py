"""Records changed as in the browser: checked, recorded, seen, undone, kept, and exported whole."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.curation.change import (
    Draft,
    check,
    draft_of,
    fingerprint,
    last_edit,
    new_document,
    save,
    sources_of,
    standing,
    undo,
)
from mapapp.curation.document import document_of, yaml_text
from mapapp.curation.package import review_zip
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.vocab import Property
from mapapp.importers.seeds import yaml_files
from mapapp.importers.seeds.seeds import read_incident, read_seeds
from mapapp.linking.decisions import state_hash
from mapapp.query import Dashboard
from mapapp.settings import SEEDS
from mapapp.store import Store
from mapapp.store.default import open_default

OWN = "afg-2024-05-08-fayzabad-convoy"
WHY = "The hospital corrected its figure on 9 May"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_default(tmp_path / "data")
    assert isinstance(opened, Store)
    yield opened
    opened.close()


def edited(store: Store, gazetteer: Gazetteer) -> Draft:
    """The hospital says at least 7 instead of 6."""
    draft = draft_of(store, OWN, gazetteer)
    document = copy.deepcopy(draft.document)
    (hospital,) = (c for c in document["claims"] if c.get("value") == 6)
    hospital["value"] = 7
    return replace(draft, document=document)


def added() -> Draft:
    document = new_document() | {
        "id": "afg-2024-06-01-herat-checkpoint",
        "title": "Shots at a checkpoint, Herat",
        "source": "N1",
        "date": {"earliest": "2024-06-01", "latest": "2024-06-01", "precision": "day",
                 "text": "on Saturday", "derivation": "printed", "paragraph": "2"},
        "place": {"id": "town:herat/herat", "text": "Herat city", "paragraph": "2"},
        "event_type": {"value": "armed_attack", "paragraph": "1"},
        "claims": [{"property": "killed", "value": 2, "modifier": "exact",
                    "victim_class": "civilians", "paragraph": "3"}],
    }  # fmt: skip
    document["target"] = {"type": "civilians", "text": "passers-by", "paragraph": "2"}
    source = {"id": "N1", "publisher": "The Courier", "title": "Shots in Herat", "language": "en",
              "published": {"earliest": "2024-06-02", "latest": "2024-06-02", "how": "printed"},
              "licence": "facts cited", "redistribution": "facts"}  # fmt: skip
    return Draft(document, (source,))


def test_every_seed_is_read_back_from_its_form(seeds: Batch, gazetteer: Gazetteer) -> None:
    sources = {source.id: source for source in seeds.sources}
    for record in seeds.records:
        claims = tuple(c for c in seeds.claims if c.incident_id == record.id)
        text = yaml_text(document_of(record, claims, sources, gazetteer))
        document, problem = yaml_files.load_text(text, "form")
        assert problem is None
        again, said, faults = read_incident(document, "form", record.id, sources, gazetteer)
        assert (again, faults) == (record, ())
        assert [c.id for c in said] == [c.id for c in claims]


def test_a_seed_with_a_distance_keeps_the_disc_and_the_words(
    seeds: Batch, gazetteer: Gazetteer
) -> None:
    sources = {source.id: source for source in seeds.sources}
    (record,) = (r for r in seeds.records if r.id == OWN)
    claims = tuple(c for c in seeds.claims if c.incident_id == OWN)
    form = document_of(record, claims, sources, gazetteer)
    disc = {"lat": 36.685, "lng": 70.831, "radius_m": 5500.0}
    form["place"] |= {"id": "dist:badakhshan/jurm", "text": "20 km south of Jurm", "disc": disc}
    document, _ = yaml_files.load_text(yaml_text(form), "form")
    again, said, faults = read_incident(document, "form", OWN, sources, gazetteer)
    assert faults == ()
    assert again is not None
    place = again.place
    assert (place.text, place.adm2_name, place.area_id) == ("20 km south of Jurm", "Jurm", None)
    assert {"lat": place.lat, "lng": place.lng, "radius_m": place.radius_m} == disc
    assert document_of(again, said, sources, gazetteer)["place"]["disc"] == disc

    for wrong in ({"lat": 34.5, "lng": 69.2}, {"lat": 70.831, "lng": 36.685}):
        form["place"]["disc"] = disc | wrong
        document, _ = yaml_files.load_text(yaml_text(form), "form")
        _, _, (fault,) = read_incident(document, "form", OWN, sources, gazetteer)
        assert (fault.field, "does not lie in" in fault.fault) == ("place.disc", True)


def test_an_edit_is_seen_at_once_and_its_undoing_restores_the_state(
    store: Store, gazetteer: Gazetteer
) -> None:
    before = state_hash(store.log.read())
    assert Dashboard(store.current()).incident(OWN).incident.headline(Property.KILLED).high == 6
    save(store, edited(store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    assert Dashboard(store.current()).incident(OWN).incident.headline(Property.KILLED).high == 7
    last = last_edit(store, OWN)
    assert last is not None
    assert (last.by, last.reason) == ("ana", WHY)
    undo(store, OWN, last.seq, "The correction was of another day", by="ben")
    assert state_hash(store.log.read()) == before
    assert Dashboard(store.current()).incident(OWN).incident.headline(Property.KILLED).high == 6


def test_an_edit_survives_a_restart_and_other_seeds_still_flow(
    store: Store, gazetteer: Gazetteer
) -> None:
    save(store, edited(store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    save(store, added(), "A page of The Courier tells of it", by="ana", gazetteer=gazetteer)
    held = state_hash(store.log.read())
    store.close()
    again = open_default(store.data_dir)
    assert isinstance(again, Store)
    assert state_hash(again.log.read()) == held
    assert Dashboard(again.current()).incident(OWN).incident.headline(Property.KILLED).high == 7
    again.close()


def test_a_new_record_with_its_source_is_added_and_taken_out_again(
    store: Store, gazetteer: Gazetteer
) -> None:
    before = {r.id for r in store.log.read().records}
    draft = added()
    save(store, draft, "A page of The Courier tells of it", by="ana", gazetteer=gazetteer)
    own_id = draft.document["id"]
    found = Dashboard(store.current()).incident(own_id)
    assert found.incident.record.place.adm1_name == "Herat"
    assert found.sources["N1"].publisher == "The Courier"
    again = replace(draft, sources=())
    with pytest.raises(InvalidInput, match="already"):
        save(store, again, "A page of The Courier tells of it", by="ben", gazetteer=gazetteer)
    last = last_edit(store, own_id)
    assert last is not None
    undo(store, own_id, last.seq, "The page was withdrawn", by="ana")
    assert {r.id for r in store.log.read().records} == before
    with pytest.raises(NotFound):
        standing(store, own_id)


def test_faults_are_those_of_check_and_nothing_is_recorded(
    store: Store, gazetteer: Gazetteer
) -> None:
    draft = edited(store, gazetteer)
    draft.document["date"]["latest"] = "8 May"
    draft.document["claims"][0]["actor"] = "isis"
    seq = store.log.seq()
    with pytest.raises(InvalidInput, match="nothing was recorded") as caught:
        save(store, draft, WHY, by="ana", gazetteer=gazetteer)
    assert any(p.field == "date.latest" for p in caught.value.problems)
    draft.document["date"]["latest"] = "2024-05-08"
    checked = check(draft, sources_of(store), gazetteer)
    (fault,) = checked.problems
    assert fault.field == "claims[1].actor"
    assert "iskp" in fault.remedy
    assert store.log.seq() == seq


def test_no_change_without_a_reason_and_none_over_somebody_elses(
    store: Store, gazetteer: Gazetteer
) -> None:
    draft = edited(store, gazetteer)
    with pytest.raises(InvalidInput, match="needs a reason"):
        save(store, draft, "typo", by="ana", gazetteer=gazetteer)
    unchanged = draft_of(store, OWN, gazetteer)
    with pytest.raises(InvalidInput, match="nothing was changed"):
        save(store, unchanged, WHY, by="ana", gazetteer=gazetteer)
    save(store, draft, WHY, by="ana", gazetteer=gazetteer)
    with pytest.raises(InvalidInput, match="changed by somebody else"):
        save(store, unchanged, WHY, by="ben", gazetteer=gazetteer)
    assert fingerprint(store, OWN) != draft.based_on


def test_a_claim_may_have_a_source_of_its_own(store: Store, gazetteer: Gazetteer) -> None:
    draft = draft_of(store, OWN, gazetteer)
    draft.document["claims"].append(
        {"property": "wounded", "value": 15, "modifier": "exact", "victim_class": "unspecified",
         "paragraph": "4", "source": "000"}
    )  # fmt: skip
    save(store, draft, "Another page has a figure too", by="ana", gazetteer=gazetteer)
    detail = Dashboard(store.current()).incident(OWN)
    assert set(detail.sources) == {"000", "004"}
    again = draft_of(store, OWN, gazetteer)
    assert again.document["claims"][-1]["source"] == "000"


def test_the_review_folder_imports_back_to_the_same_claims(
    store: Store, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    before = yaml_text(draft_of(store, OWN, gazetteer).document)
    saved = save(store, edited(store, gazetteer), WHY, by="ana", gazetteer=gazetteer)
    record, claims = standing(store, OWN)
    cited = [s for s in sources_of(store).values() if s.id in {c.source_id for c in claims}]
    packed = review_zip(OWN, saved.text, cited, before=before, reason=WHY, by="ana")
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    batch, problems = read_seeds(tmp_path / "seeds", gazetteer)
    assert problems == ()
    assert batch.records == (record,)
    assert {c.id for c in batch.claims} == {c.id for c in claims}
    note = (tmp_path / "seeds" / "CHANGE.md").read_text("utf-8")
    assert WHY in note
    assert "-    value: 6\n+    value: 7\n" in note
    seq = store.log.seq()
    store.append(batch, by="import")
    assert store.log.seq() == seq  # it says nothing that does not stand already


def test_rows_of_a_data_set_are_not_edited(store: Store, gazetteer: Gazetteer) -> None:
    record = replace(standing(store, OWN)[0], id="ucdp-ged-1", dataset="ucdp-ged")
    store.append(Batch((), (record,), ()), by="import")
    with pytest.raises(InvalidInput, match="row of the data set ucdp-ged"):
        draft_of(store, "ucdp-ged-1", gazetteer)
    assert SEEDS.is_dir()
