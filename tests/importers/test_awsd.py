"""AWSD by invented rows under its real header: no row of its own is here."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Property,
    SpeakerClass,
    VictimClass,
    VictimGroup,
)
from mapapp.domain.who_says_so import other_statements
from mapapp.importers.forms.awsd import Awsd
from mapapp.importers.forms.dataset import Answers, Context, Converted
from mapapp.importers.tables.sniff import sniff
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.store.store import Store
from tests.importers.support import read, written

HEADER = next(
    csv.reader(
        [
            "Incident ID,Year,Month,Day,Country Code,Country,Region,District,City,UN,INGO,ICRC,"
            "NRCS and IFRC,NNGO,Other,Nationals killed,Nationals wounded,Nationals kidnapped,"
            "Nationals detained,Total nationals,Internationals killed,Internationals wounded,"
            "Internationals kidnapped,Internationals detained,Total internationals,Total killed,"
            "Total wounded,Total kidnapped,Total detained,Total affected,Gender Male,Gender Female,"
            "Gender Unknown,Means of attack,Attack context,Location,Latitude,Longitude,Motive,"
            "Actor type,Actor name,Details,Verified,Source"
        ]
    )
)

ROW = {
    **dict.fromkeys(HEADER[9:33], "0"), "Incident ID": "90001", "Year": "2019", "Month": "3",
    "Day": "9", "Country Code": "AF", "Country": "Afghanistan", "Region": "Balkh",
    "District": "Mazar-e Sharif", "City": "Mazar-e Sharif", "NNGO": "3", "Nationals killed": "2",
    "Nationals wounded": "1", "Total nationals": "3", "Total killed": "2", "Total wounded": "1",
    "Total affected": "3", "Gender Male": "2", "Gender Female": "1",
    "Means of attack": "Roadside IED", "Attack context": "Ambush", "Location": "Road",
    "Latitude": "36.709", "Longitude": "67.1109", "Motive": "Unknown", "Actor type": "Unknown",
    "Actor name": "Unknown", "Details": "An invented summary.", "Verified": "Yes",
    "Source": "Focal Point",
}  # fmt: skip


def table(*rows: dict[str, str], header: list[str] | None = None) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header or HEADER, extrasaction="ignore")
    writer.writeheader()
    writer.writerows([{**ROW, **row} for row in rows])
    return text.getvalue()


def one(folder: Path, gazetteer: Gazetteer, **change: str) -> Converted:
    row = {name.replace("_", " "): text for name, text in change.items()}
    (converted,), aside = read(written(folder, "incidents.csv", table(row)), gazetteer)
    assert aside == []
    return converted


def measures(converted: Converted) -> dict[Property, tuple[str | None, VictimClass | None]]:
    return {
        c.property: (c.value, c.victim_class) for c in converted.claims if c.property in MEASURES
    }


def test_it_is_recognised_and_its_rows_are_for_who_loaded_them(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    path = written(tmp_path, "security_incidents_2025-03-10.csv", table({}))
    sniffed = sniff(path)
    assert sniffed.format is not None
    assert sniffed.format.name == "awsd"
    release = Awsd().reader(sniffed.table, Context(gazetteer, Answers(), {})).release
    assert (release.dataset, release.version) == ("awsd", "2025-03-10")
    assert release.source.redistribution == "private"


def test_a_row_becomes_claims_of_a_monitor(tmp_path: Path, gazetteer: Gazetteer) -> None:
    converted = one(tmp_path, gazetteer)
    record = converted.record
    assert (record.id, record.event_type) == ("awsd-90001", EventType.BOMBING)
    assert record.date.earliest == record.date.latest == date(2019, 3, 9)
    assert record.place.adm1_pcode == "AF21"
    assert record.place.geo_precision is GeoPrecision.SETTLEMENT
    assert record.target == "aid workers"
    assert {claim.speaker_class for claim in converted.claims} == {SpeakerClass.MONITOR}
    assert {claim.asserted_by for claim in converted.claims} == {"Aid Worker Security Database"}
    assert measures(converted) == {
        Property.KILLED: ("2", VictimClass.AID_WORKERS),
        Property.WOUNDED: ("1", VictimClass.AID_WORKERS),
    }
    assert any("NNGO 3" in note for note in record.notes)
    assert any("men 2, women 1" in note for note in record.notes)


def test_kidnapped_are_a_measure_of_their_own(tmp_path: Path, gazetteer: Gazetteer) -> None:
    taken = {"Nationals_kidnapped": "3", "Internationals_kidnapped": "1", "Total_kidnapped": "4"}
    converted = one(tmp_path, gazetteer, Total_killed="0", Nationals_killed="0", **taken)
    (incident,) = assemble([converted.record], list(converted.claims))
    assert incident.headline(Property.KIDNAPPED).best == 4
    assert incident.headline(Property.KILLED).best == 0
    assert incident.headline(Property.WOUNDED).best == 1
    assert incident.headline(Property.CASUALTIES).best is None
    assert incident.headline(Property.WOUNDED, group=VictimGroup.CIVILIANS).best == 1
    assert ("kidnapped", (("4", "Aid Worker Security Database"),)) in other_statements(incident)
    (claim,) = [c for c in converted.claims if c.property is Property.KIDNAPPED]
    assert claim.words == "nationals 3, internationals 1"


def test_without_a_total_the_parts_are_added_and_a_wrong_one_is_remarked(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    summed = one(tmp_path, gazetteer, Total_killed="", Internationals_killed="1")
    assert measures(summed)[Property.KILLED] == ("3", VictimClass.AID_WORKERS)
    empty = {"Total_wounded": "", "Nationals_wounded": "", "Internationals_wounded": ""}
    assert Property.WOUNDED not in measures(one(tmp_path, gazetteer, **empty))
    wrong = one(tmp_path, gazetteer, Total_killed="7")
    assert measures(wrong)[Property.KILLED] == ("7", VictimClass.AID_WORKERS)
    assert [remark.field for remark in wrong.remarks] == ["Total killed"]


@pytest.mark.parametrize(
    ("month", "day", "precision", "first", "last"),
    [
        ("3", "", DatePrecision.MONTH, date(2019, 3, 1), date(2019, 3, 31)),
        ("", "", DatePrecision.YEAR, date(2019, 1, 1), date(2019, 12, 31)),
        ("", "9", DatePrecision.YEAR, date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_a_day_that_is_not_known_is_an_interval(
    month: str, day: str, precision: DatePrecision, first: date, last: date,
    tmp_path: Path, gazetteer: Gazetteer,
) -> None:  # fmt: skip
    when = one(tmp_path, gazetteer, Month=month, Day=day).record.date
    assert (when.precision, when.earliest, when.latest) == (precision, first, last)


@pytest.mark.parametrize(
    ("city", "district", "region", "precision"),
    [
        ("", "Dihdadi", "Balkh", GeoPrecision.DISTRICT),
        ("Unknown", "", "Balkh", GeoPrecision.PROVINCE),
        ("", "", "", GeoPrecision.COUNTRY),
    ],
)
def test_a_point_is_as_exact_as_the_finest_name(
    city: str, district: str, region: str, precision: GeoPrecision,
    tmp_path: Path, gazetteer: Gazetteer,
) -> None:  # fmt: skip
    place = one(tmp_path, gazetteer, City=city, District=district, Region=region).record.place
    assert place.geo_precision is precision
    assert place.mappable is (precision is not GeoPrecision.COUNTRY)


@pytest.mark.parametrize(
    ("actor_type", "name", "expected"),
    [
        ("Unknown", "Unknown", [(AttributionKind.UNCLAIMED, None)]),
        ("", "", []),
        ("Non-state armed group: National", "Taliban", [(AttributionKind.ATTRIBUTED, "dfa")]),
        ("Criminal", "Unknown", [(AttributionKind.ATTRIBUTED, "Criminal")]),
    ],
)
def test_who_did_it_as_awsd_holds_it(
    actor_type: str, name: str, expected: list[tuple[AttributionKind, str | None]],
    tmp_path: Path, gazetteer: Gazetteer,
) -> None:  # fmt: skip
    change = {"Actor_type": actor_type, "Actor_name": name, "Year": "2022"}
    claims = one(tmp_path, gazetteer, **change).claims
    attributed = [
        (c.attribution_kind, c.actor) for c in claims if c.property is Property.ATTRIBUTION
    ]
    assert attributed == expected


@pytest.mark.parametrize(
    ("means", "context", "kind"),
    [
        ("Shooting", "Ambush", EventType.ARMED_ATTACK),
        ("Unknown", "Raid", EventType.RAID),
        ("Unknown", "Combat / Crossfire", EventType.ARMED_CLASH),
        ("Kidnapping", "Unknown", EventType.OTHER),
        ("Body-borne IED", "Unknown", EventType.SUICIDE_ATTACK),
    ],
)
def test_means_and_context_tell_the_kind(
    means: str, context: str, kind: EventType, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    change = {"Means_of_attack": means, "Attack_context": context}
    assert one(tmp_path, gazetteer, **change).record.event_type is kind


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Incident ID": "x"}, "Incident ID"),
        ({"Month": "13"}, "Year"),
        ({"Day": "31", "Month": "2"}, "Day"),
        ({"Total killed": "-1"}, "Total killed"),
        ({"Country": "Nowhere", "Country Code": ""}, "Country"),
        ({"Latitude": ""}, "Latitude"),
        ({"Latitude": "67.1109", "Longitude": "36.709"}, "Latitude"),
    ],
)
def test_a_bad_row_is_set_aside_with_the_field(
    change: dict[str, str], field: str, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    good, ((_, faults),) = read(written(tmp_path, "incidents.csv", table(change)), gazetteer)
    assert good == []
    assert [fault.field for fault in faults] == [field]


def test_older_downloads_and_a_row_of_tags_go_in(tmp_path: Path, gazetteer: Gazetteer) -> None:
    older = [name for name in HEADER if "detained" not in name and name != "District"]
    tags = dict.fromkeys(HEADER, "") | {"Incident ID": "#event+id", "Year": "#date+year"}
    good, aside = read(written(tmp_path, "old.csv", table(tags, {}, header=older)), gazetteer)
    assert [item.record.id for item in good] == ["awsd-90001"]
    assert aside == []


def test_the_dashboard_finds_aid_workers_among_civilians(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    abroad = {"Incident ID": "90002", "Country Code": "SY", "Country": "Syria"}
    abroad |= dict.fromkeys(["Region", "District", "City", "Latitude", "Longitude"], "")
    path = written(tmp_path, "incidents.csv", table({}, abroad))
    store = Store.open(tmp_path / "data")
    report = import_file(Order(path), store, gazetteer=gazetteer)
    assert (report.imported, report.set_aside) == (2, 0)
    rows = store.current().engine.run(
        "SELECT victims, killed_low, civilians_killed_low FROM incidents ORDER BY id"
    )
    assert rows.to_pylist()[0] == {
        "victims": ["aid_workers", "civilians"], "killed_low": 2, "civilians_killed_low": 2,
    }  # fmt: skip
    assert Dashboard(store.current()).incident("awsd-90002").incident.record.country == "SYR"
    store.close()
