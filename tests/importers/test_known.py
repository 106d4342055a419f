"""Forms known by their columns' names, with invented rows under real headers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.vocab import AttributionKind, GeoPrecision, Property, VictimClass
from mapapp.importers.forms.dataset import Converted
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import corrected, left_out, propose
from mapapp.importers.tables.sniff import sniff
from tests.importers.support import read


def one(folder: Path, gazetteer: Gazetteer, name: str, row: dict[str, str]) -> Converted:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    path = folder / name
    path.write_text(text.getvalue(), "utf-8")
    proposed, _ = propose(sniff(path))
    assert proposed.speaker
    assert proposed.problems(sniff(path).header) == ()
    (found,), aside = read(path, gazetteer, Mapped(proposed))
    assert aside == []
    return found


def figures(found: Converted, prop: Property) -> dict[VictimClass | None, tuple[int | None, ...]]:
    return {c.victim_class: (c.low, c.high) for c in found.claims if c.property is prop}


@pytest.mark.parametrize("workers", ["Health Workers", "Aid Workers"])
def test_insecurity_insight(workers: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = {
        "Date": "2019-03-04", "Event Description": "An invented event.", "Country": "Afghanistan",
        "Country ISO": "AFG", "Admin 1": "Helmand", "Latitude": "31.6", "Longitude": "64.4",
        "Geo Precision": "(4) Province", "Location of Incident": "Health Building",
        "Reported Perpetrator": "NSA", "Reported Perpetrator Name": "No Information",
        "Weapon Carried/Used": "Firearm", f"{workers} Killed": "2", f"{workers} Injured": "0",
        f"{workers} Kidnapped": "1", "SiND Event ID": "12345",
    }  # fmt: skip
    found = one(tmp_path, gazetteer, "health.csv", row)
    assert found.key == "12345"
    assert found.record.place.geo_precision is GeoPrecision.PROVINCE
    assert figures(found, Property.KILLED) == {VictimClass.CIVILIANS: (2, 2)}
    assert {c.victim_text for c in found.claims if c.victim_class} == {workers.lower()}
    assert not any(c.attribution_kind for c in found.claims)  # "No Information" is no statement


def test_explosive_weapons_of_insecurity_insight(tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = {
        "Date": "2023-12-11T00:00:00.000Z", "Event Description": "An invented event.",
        "Country": "Afghanistan", "Country ISO": "AFG", "Admin 1": "Kabul", "Latitude": "34.5",
        "Longitude": "69.1", "Geo Precision": "(2) 25 km Precision ",
        "Sector Affected": "Health Care", "Provider": "Local", "Launch Type": "Ground-Launched",
        "Explosive Weapon Type": "Shelling", "Reported Perpetrator": "NSA",
        "Reported Perpetrator Name": "No Information", "Affected": "Health Infrastructure",
        "Aid Workers Killed": "", "Health Workers Killed": "2", "Aid Health Workers Killed": "1",
        "Educators Killed": "", "Students Killed": "", "SiND Event ID": "7",
    }  # fmt: skip
    found = one(tmp_path, gazetteer, "explosive.csv", row)
    assert found.key == "7"
    assert found.record.target == "Health Infrastructure"
    assert figures(found, Property.KILLED) == {}  # whether one person is in two is not said …
    sniffed = sniff(tmp_path / "explosive.csv")
    numbers, _ = left_out(propose(sniffed)[0], sniffed)
    assert numbers.field == "Health Workers Killed, Aid Health Workers Killed"  # … so it is told
    assert any("Health Workers Killed: 2" in note for note in found.record.notes)


def test_suicide_attacks_of_cpost(tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = {
        "groups": "Taliban (Afghanistan)", "claim": "Claimed", "status": "Confirmed",
        "statistics.sources": "2", "date.year": "2011", "date.month": "4", "date.day": "1",
        "statistics.# wounded_low": "3", "statistics.# wounded_high": "5",
        "statistics.# killed_low": "1", "statistics.# killed_high": "2",
        "target.weapon": "Belt bomb", "target.country": "Afghanistan",
        "target.province": "Kandahar",
        "target.city": "Kandahar", "target.latitude": "31.61", "target.longtitude": "65.70",
        "target.desc": "An invented post", "target.type": "Security",
    }  # fmt: skip
    found = one(tmp_path, gazetteer, "suicide_attacks.csv", row)
    assert str(found.record.date.earliest) == "2011-04-01"
    assert figures(found, Property.KILLED) == {VictimClass.UNSPECIFIED: (1, 2)}
    assert figures(found, Property.WOUNDED) == {VictimClass.UNSPECIFIED: (3, 5)}
    kinds = [(c.attribution_kind, c.actor) for c in found.claims if c.attribution_kind]
    own = "taliban-until-2021"
    assert kinds == [(AttributionKind.ATTRIBUTED, own), (AttributionKind.CLAIMED, own)]


def test_strikes_of_the_bureau(tmp_path: Path, gazetteer: Gazetteer) -> None:
    row = {
        "Strike ID": "Ob1", "Date": "13/02/2010", "Location": "Miran Shah", "Minimum strikes": "1",
        "Minimum people killed": "3", "Maximum people killed": "5", "Minimum people injured": "0",
        "Maximum people injured": "2",
    }  # fmt: skip
    found = one(tmp_path, gazetteer, "us-pakistan-strikes.csv", row)
    assert found.record.country == "PAK"  # of the file's name; the person may correct it
    assert figures(found, Property.KILLED) == {VictimClass.UNSPECIFIED: (3, 5)}


def test_a_form_of_kobotoolbox_begins_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "kobo.csv"
    path.write_text(
        "start,end,group/date_of_incident,group/province,_gps_latitude,_gps_longitude,killed,_id,"
        "_uuid,_submission_time\n2024-03-01T22:30:00.000+04:30,x,2024-03-01,Balkh,36.7,67.1,2,7,"
        "a-b,2024-03-02\n", "utf-8",
    )  # fmt: skip
    proposed, guesses = propose(sniff(path))
    assert proposed.columns == {
        "id": "_uuid", "date": "group/date_of_incident", "province": "group/province",
        "lat": "_gps_latitude", "lng": "_gps_longitude", "killed": "killed",
    }  # fmt: skip
    assert {g.column for g in guesses if g.role} == set(proposed.columns.values())


QUESTIONS = (
    "start,end,today,info/date_of_incident,info/province,_info/gps_latitude,_info/gps_longitude,"
    "_info/gps_altitude,_info/gps_precision,info/gps,casualties/killed,casualties/killed_women,"
    "who/perpetrator,who/perpetrator/taliban,who/perpetrator/iskp,remarks,_id,_uuid,"
    "_submission_time,_validation_status,_notes,_index\n"
)
ANSWERS = (
    "2024-03-01T22:30:00.000+04:30,2024-03-01T22:40:00.000+04:30,2024-03-01,2024-02-29,balkh,36.65,"
    '66.99,400,4.5,"36.65 66.99 400 4.5",2,1,taliban iskp,1,1,heard of,{n},u-{n},'
    "2024-03-02T05:00:00,,checked,{n}\n"
)


def test_groups_and_choices_of_a_form_of_kobotoolbox(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = tmp_path / "kobo.csv"
    path.write_text(QUESTIONS + "".join(ANSWERS.format(n=n) for n in range(1, 5)), "utf-8")
    proposed, _ = propose(sniff(path))
    assert proposed.columns == {
        "id": "_uuid", "date": "info/date_of_incident", "province": "info/province",
        "lat": "_info/gps_latitude", "lng": "_info/gps_longitude", "point": "info/gps",
        "killed": "casualties/killed", "actor": "who/perpetrator", "notes": "remarks",
    }  # fmt: skip
    form = corrected(proposed, speaker="A desk", geo_precision=GeoPrecision.SETTLEMENT)
    good, aside = read(path, gazetteer, Mapped(form))
    assert aside == []
    assert [c.actor for c in good[0].claims if c.attribution_kind] == ["dfa", "iskp"]
    assert good[0].record.place.geo_precision is GeoPrecision.PROVINCE  # as the words say


def test_labels_of_a_form_as_headers(tmp_path: Path) -> None:
    path = tmp_path / "kobo.csv"
    path.write_text(
        "Date of the incident,Province,How many people were killed?,How many women were killed?,"
        "How many people were injured?,Who did it?,_uuid,_submission_time\n"
        "2024-02-29,Balkh,2,1,3,Taliban,u,2024-03-02T05:00:00\n", "utf-8",
    )  # fmt: skip
    columns = propose(sniff(path))[0].columns
    assert columns["killed"] == "How many people were killed?"
    assert columns["wounded"] == "How many people were injured?"
    assert columns["actor"] == "Who did it?"


def test_points_of_the_api_of_kobotoolbox_may_be_empty(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    rows = [
        {"_uuid": f"u{n}", "_submission_time": "2024-03-02T05:00:00", "info/date": "2024-02-29",
         "info/province": "balkh", "killed": "2", "_geolocation": point}
        for n, point in enumerate(([36.65, 66.99], [None, None]))
    ]  # fmt: skip
    path = tmp_path / "kobo.json"
    path.write_text(json.dumps({"count": 2, "next": None, "results": rows}), "utf-8")
    proposed, _ = propose(sniff(path))
    assert proposed.columns["point"] == "_geolocation"
    form = corrected(proposed, speaker="A desk", geo_precision=GeoPrecision.SITE)
    good, aside = read(path, gazetteer, Mapped(form))
    assert aside == []
    assert [(i.record.place.lat, i.record.place.name) for i in good] == [
        (36.65, ""), (good[1].record.place.lat, "Balkh"),
    ]  # fmt: skip


def test_the_accuracy_of_a_device_is_not_the_exactness_of_a_place(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    path = tmp_path / "odk.csv"
    path.write_text(
        "SubmissionDate,incident-date,location-Latitude,location-Longitude,location-Accuracy,"
        "incident-killed,KEY,meta-instanceID\n"
        "2024-03-02T05:00:00.000Z,2024-02-29,36.7,67.1,5,2,uuid:1,uuid:1\n", "utf-8",
    )  # fmt: skip
    proposed, _ = propose(sniff(path))
    assert proposed.columns["id"] == "KEY"
    assert "exactness" not in proposed.columns
    form = corrected(proposed, speaker="A desk", geo_precision=GeoPrecision.SETTLEMENT)
    (found,), _ = read(path, gazetteer, Mapped(form))
    assert (found.record.place.lat, found.record.place.geo_precision) == (36.7, "settlement")
