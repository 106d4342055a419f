"""ACLED by invented rows under its real headers: no row of ACLED's own is here."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    Property,
    Redistribution,
    TargetType,
)
from mapapp.importers.forms.acled import Acled
from mapapp.importers.forms.dataset import Answers, Context
from mapapp.importers.tables.sniff import sniff
from tests.importers.support import read, written

CURRENT = next(
    csv.reader(
        [
            "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
            "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
            "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
            "notes,fatalities,tags,timestamp"
        ]
    )
)
BEFORE_2022 = next(
    csv.reader(
        [
            "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,"
            "sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,region,"
            "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
            "notes,fatalities,timestamp,iso3"
        ]
    )
)

ROW = {
    "data_id": "7001", "event_id_cnty": "AFG90001", "event_id_no_cnty": "90001",
    "event_date": "2023-03-09", "year": "2023", "time_precision": "1",
    "disorder_type": "Political violence", "event_type": "Explosions/Remote violence",
    "sub_event_type": "Suicide bomb", "actor1": "Invented Group", "inter1": "Rebel group",
    "actor2": "Civilians (Afghanistan)", "inter2": "Civilians",
    "interaction": "Rebel group-Civilians",
    "civilian_targeting": "Civilian targeting", "iso": "4", "iso3": "AFG",
    "region": "Caucasus and Central Asia", "country": "Afghanistan", "admin1": "Balkh",
    "admin2": "Mazar-e Sharif", "location": "Mazar-e Sharif", "latitude": "36.7090",
    "longitude": "67.1109", "geo_precision": "1", "source": "Invented Daily",
    "source_scale": "National", "notes": "An invented note.", "fatalities": "3",
    "timestamp": "1700000000",
}  # fmt: skip


def table(header: list[str], *rows: dict[str, str]) -> str:
    """A CSV of rows that differ from ROW as given."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, extrasaction="ignore")
    writer.writeheader()
    writer.writerows([{**ROW, **row} for row in rows])
    return text.getvalue()


@pytest.mark.parametrize("header", [CURRENT, BEFORE_2022], ids=["current", "before 2022"])
def test_words_and_numbers_for_kinds_of_actor_give_the_same_claims(
    header: list[str], tmp_path: Path, gazetteer: Gazetteer
) -> None:
    words = written(tmp_path, "words.csv", table(header, {}))
    numbers = {"inter1": "2", "inter2": "7", "event_date": "09 March 2023"}
    coded = written(tmp_path, "coded.csv", table(header, numbers))
    (one,), aside = read(words, gazetteer)
    (other,), also_aside = read(coded, gazetteer)
    assert aside == also_aside == []
    assert one.record == other.record
    assert one.claims == other.claims


def test_a_row_becomes_claims_by_acled(tmp_path: Path, gazetteer: Gazetteer) -> None:
    (found,), _ = read(written(tmp_path, "acled.csv", table(CURRENT, {})), gazetteer)
    record = found.record
    assert (record.id, record.event_type) == ("acled-afg90001", EventType.SUICIDE_ATTACK)
    assert record.target_type is TargetType.CIVILIANS
    assert (record.place.lat, record.place.lng) == (36.7090, 67.1109)
    assert record.place.geo_precision is GeoPrecision.SETTLEMENT
    assert record.place.adm1_pcode == "AF21"
    assert record.date.earliest == record.date.latest == date(2023, 3, 9)
    assert {claim.asserted_by for claim in found.claims} == {"ACLED"}
    (killed,) = [c for c in found.claims if c.property is Property.KILLED]
    assert (killed.low, killed.high) == (3, 3)
    assert not [c for c in found.claims if c.property is Property.ATTRIBUTION]
    assert any("Invented Group" in note for note in record.notes)


def test_its_source_may_not_be_given_to_others(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = written(tmp_path, "2020-01-01-2024-05-31-Afghanistan.csv", table(CURRENT, {}))
    reader = Acled().reader(sniff(path).table, Context(gazetteer, Answers(), {}))
    assert reader.release.source.redistribution is Redistribution.PRIVATE
    assert reader.release.version == ""  # the days are the period asked for, no release


@pytest.mark.parametrize(
    ("code", "precision", "first", "last"),
    [
        ("2", DatePrecision.WEEK, date(2023, 3, 3), date(2023, 3, 15)),
        ("3", DatePrecision.MONTH, date(2023, 3, 1), date(2023, 3, 31)),
    ],
)
def test_time_precision_widens_the_interval(
    code: str,
    precision: DatePrecision,
    first: date,
    last: date,
    tmp_path: Path,
    gazetteer: Gazetteer,
) -> None:
    path = written(tmp_path, "a.csv", table(CURRENT, {"time_precision": code}))
    (found,), _ = read(path, gazetteer)
    when = found.record.date
    assert (when.precision, when.earliest, when.latest) == (precision, first, last)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inter1": "9"}, "inter1"),
        ({"inter2": "Martian forces"}, "inter2"),
        ({"geo_precision": "4"}, "geo_precision"),
        ({"time_precision": "x"}, "time_precision"),
        ({"fatalities": "-1"}, "fatalities"),
        ({"fatalities": "2.5"}, "fatalities"),
        ({"latitude": "67.1109", "longitude": "36.7090"}, "latitude"),
        ({"latitude": "0", "longitude": "0"}, "latitude"),
        ({"event_date": ""}, "event_date"),
        ({"iso": "", "iso3": "", "country": "Atlantis"}, "country"),
        ({"event_id_cnty": "", "data_id": ""}, "event_id_cnty"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_field(
    change: dict[str, str], field: str, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    good, aside = read(
        written(tmp_path, "a.csv", table(CURRENT, change, {"event_id_cnty": "AFG2"})), gazetteer
    )
    assert [item.key for item in good] == ["AFG2"]
    ((_, faults),) = aside
    assert faults[0].field == field
    assert faults[0].fault
    assert faults[0].remedy
