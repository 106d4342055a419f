"""GTD by invented rows under its real header: no row of GTD's own is here."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Property,
    SpeakerClass,
    VictimGroup,
)
from mapapp.importers.forms.dataset import Converted
from mapapp.importers.forms.gtd import COLUMNS
from tests.importers.support import SHARED, read, written

ROW = {
    "eventid": "201803090001", "iyear": "2018", "imonth": "3", "iday": "9", "country": "4",
    "country_txt": "Afghanistan", "provstate": "Kabul", "city": "Kabul", "latitude": "34.5167",
    "longitude": "69.1833", "specificity": "1", "vicinity": "0", "summary": "An invented summary.",
    "suicide": "0", "attacktype1": "3", "attacktype1_txt": "Bombing/Explosion", "targtype1": "14",
    "targtype1_txt": "Private Citizens & Property", "target1": "An invented gathering",
    "gname": "Taliban", "guncertain1": "0", "claimed": "0", "nkill": "9", "nkillter": "1",
    "nwound": "-99", "nwoundte": "0", "weaptype1_txt": "Explosives",
}  # fmt: skip


def table(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS))
    writer.writeheader()
    writer.writerows([{**ROW, **row} for row in rows])
    return text.getvalue().encode(encoding)


def one(change: dict[str, str], folder: Path, gazetteer: Gazetteer) -> Converted:
    (found,), aside = read(written(folder, "gtd.csv", table(change)), gazetteer)
    assert aside == []
    return found


def kinds(found: Converted) -> list[tuple[AttributionKind | None, str, SpeakerClass]]:
    return [
        (claim.attribution_kind, claim.asserted_by, claim.speaker_class)
        for claim in found.claims
        if claim.property is Property.ATTRIBUTION
    ]


def test_columns_are_those_of_the_real_header() -> None:
    if not SHARED.is_dir():
        pytest.skip("the header belongs to its publisher and is not here")
    with (SHARED / "foreign-format-headers/gtd_header.csv").open(encoding="utf-8") as file:
        assert list(COLUMNS) == next(csv.reader(file))


def test_attackers_are_counted_apart(tmp_path: Path, gazetteer: Gazetteer) -> None:
    found = one({}, tmp_path, gazetteer)
    (incident,) = assemble([found.record], found.claims)
    assert str(incident.headline(Property.KILLED)) == "8"
    assert str(incident.headline(Property.KILLED, group=VictimGroup.ATTACKERS)) == "1"
    assert str(incident.headline(Property.WOUNDED)) == "unknown"  # -99 is not a number of people
    assert found.record.event_type is EventType.BOMBING


def test_attribution_says_who_speaks(tmp_path: Path, gazetteer: Gazetteer) -> None:
    gtd, party = SpeakerClass.ANALYST, SpeakerClass.PARTY
    assert kinds(one({}, tmp_path, gazetteer)) == [(AttributionKind.ATTRIBUTED, "GTD", gtd)]
    assert kinds(one({"guncertain1": "1"}, tmp_path, gazetteer)) == [
        (AttributionKind.SUSPECTED, "GTD", gtd)
    ]
    assert kinds(one({"claimed": "1"}, tmp_path, gazetteer)) == [
        (AttributionKind.ATTRIBUTED, "GTD", gtd),
        (AttributionKind.CLAIMED, "Taliban", party),
    ]
    assert kinds(one({"gname": "Unknown", "claimed": "-9"}, tmp_path, gazetteer)) == [
        (AttributionKind.UNCLAIMED, "GTD", gtd)
    ]


@pytest.mark.parametrize(
    ("change", "precision", "first", "last"),
    [
        ({"iday": "0"}, DatePrecision.MONTH, date(2018, 3, 1), date(2018, 3, 31)),
        ({"imonth": "0", "iday": "0"}, DatePrecision.YEAR, date(2018, 1, 1), date(2018, 12, 31)),
        ({"approxdate": "early March"}, DatePrecision.UNKNOWN, date(2018, 3, 9), date(2018, 3, 9)),
    ],
)
def test_days_and_months_of_zero_are_not_known(
    change: dict[str, str],
    precision: DatePrecision,
    first: date,
    last: date,
    tmp_path: Path,
    gazetteer: Gazetteer,
) -> None:
    when = one(change, tmp_path, gazetteer).record.date
    assert (when.precision, when.earliest, when.latest) == (precision, first, last)


def test_vicinity_and_specificity_widen_the_place(tmp_path: Path, gazetteer: Gazetteer) -> None:
    near = one({"vicinity": "1"}, tmp_path, gazetteer).record.place
    assert (near.geo_precision, near.radius_m) == (GeoPrecision.DISTRICT, 25_000)
    province = one({"specificity": "4"}, tmp_path, gazetteer).record.place
    assert (province.geo_precision, province.area_id) == (GeoPrecision.PROVINCE, "prov:kabul")
    nothing = {"specificity": "5", "latitude": "", "longitude": "", "city": "Unknown",
               "provstate": "Unknown"}  # fmt: skip
    assert not one(nothing, tmp_path, gazetteer).record.place.mappable


def test_the_latin_1_copy_reads_its_letters(tmp_path: Path, gazetteer: Gazetteer) -> None:
    path = written(tmp_path, "gtd.csv", table({"target1": "Café Société"}, encoding="latin-1"))
    (found,), _ = read(path, gazetteer)
    assert found.record.target == "Café Société"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"eventid": "2.01803E+11"}, "eventid"),
        ({"iday": "32"}, "iday"),
        ({"imonth": "2", "iday": "30"}, "iday"),
        ({"nkill": "1.5"}, "nkill"),
        ({"nkill": "1", "nkillter": "4"}, "nkillter"),
        ({"specificity": "7"}, "specificity"),
        ({"longitude": "69183.3"}, "longitude"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_field(
    change: dict[str, str], field: str, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    good, aside = read(written(tmp_path, "g.csv", table(change)), gazetteer)
    assert good == []
    assert [faults[0].field for _, faults in aside] == [field]
