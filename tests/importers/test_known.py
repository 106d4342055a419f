"""Forms known by their columns' names, with invented rows under real headers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.vocab import AttributionKind, GeoPrecision, Property, VictimClass
from mapapp.importers.forms.dataset import Converted
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import propose
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
