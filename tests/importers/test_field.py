"""Tables as people in the field have them: every row goes in as what it says, or is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from gazetteer import Gazetteer
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import AttributionKind, GeoPrecision, Property, VictimClass
from mapapp.importers.forms.dataset import Answers, Converted
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping, corrected, left_out, propose, two_numbers
from mapapp.importers.tables.aside import reason_of
from mapapp.importers.tables.sniff import sniff
from mapapp.importers.tables.table import Fault, Row
from tests.importers.support import read, written

Aside = list[tuple[Row, tuple[Fault, ...]]]


def of(columns: str, **more: Any) -> Mapped:
    """A mapping of `role=column` pairs; a role alone is a column of its name."""
    pairs = (pair.partition("=") for pair in columns.split())
    said = {"title": "T", "speaker": "A desk", "dataset": "table-t"} | more
    return Mapped(Mapping({role: name or role for role, _, name in pairs}, **said))


def given(
    text: str, form: Mapped, folder: Path, gazetteer: Gazetteer, name: str = "t.csv"
) -> tuple[dict[str, Converted], Aside]:
    good, aside = read(written(folder, name, text), gazetteer, form)
    return {item.key: item for item in good}, aside


def stated(found: Converted) -> list[tuple[AttributionKind | None, str | None]]:
    return [(c.attribution_kind, c.actor) for c in found.claims if c.attribution_kind]


def killed(found: Converted) -> list[tuple[int | None, int | None]]:
    return [(c.low, c.high) for c in found.claims if c.property is Property.KILLED]


def test_na_is_an_empty_cell_in_every_role(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,kind,place,province,lat,lng,killed,wounded,who\n"
            "a,2010-05-01,NA,Sangin,Helmand,32.07,64.83,2,NA,NA\n"
            "b,2010-05-02,Raid,NA,Helmand,NULL,-,N/A,1,NA\n")  # fmt: skip
    form = of("id date event_type=kind place province lat lng killed wounded actor=who",
              geo_precision=GeoPrecision.SETTLEMENT)  # fmt: skip
    good, aside = given(text, form, tmp_path, gazetteer)
    assert aside == []
    assert good["a"].record.title == "Sangin"
    assert good["b"].record.place.name == "Helmand"
    assert killed(good["b"]) == []  # not known is not 0
    assert all("NA" not in (c.value or "") for item in good.values() for c in item.claims)
    told = [remark for item in good.values() for remark in item.remarks if remark.once]
    assert sorted(remark.fault.split()[0] for remark in told) == ["'-'", "'N/A'", "'NA'", "'NULL'"]


def test_foreign_places_are_never_afghan_ones(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ('id,date,place\n1,2015-02-01,"Bonn, Germany"\n2,2015-02-02,Tripoli\n'
            "6,2015-02-06,Gerishkk\n"
            '3,2015-02-03,"Hebron, West Bank"\n4,2015-02-04,"Spin Boldak, Kandahar, Afghanistan"\n'
            "5,2015-02-05,Pakistan\n")  # fmt: skip
    good, aside = given(text, of("id date place"), tmp_path, gazetteer)
    assert {key: item.record.country for key, item in good.items()} == {
        "1": "DEU", "3": "PSE", "4": "AFG", "5": "PAK",
    }  # fmt: skip
    faults = {row.values["place"]: fault.fault for row, (fault,) in aside}
    assert faults.keys() == {"Tripoli", "Gerishkk"}
    assert "spelled nearly like 'Girishk'" in faults["Gerishkk"]
    assert faults["Tripoli"] == "'Tripoli' is in Libya"


def test_a_country_column_counts_though_no_role_was_given(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = (
        'id,date,country,place\n1,2015-02-01,Iraq,Kabul\n2,2015-02-01,Afghanistan,"Basra, Iraq"\n'
    )
    good, aside = given(text, of("id date place"), tmp_path, gazetteer)
    assert good["1"].record.country == "IRQ"
    assert "names Iraq" in aside[0][1][0].fault


def test_a_table_of_many_countries_asks_before_it_assumes_one(tmp_path: Path) -> None:
    rows = ["Bonn, Germany", "Tripoli, Libya", "Sharjah"]
    text = "id,date,place\n" + "".join(f'{n},2015-02-01,"{w}"\n' for n, w in enumerate(rows))
    sniffed = sniff(written(tmp_path, "w.csv", text))
    form = of("id date place")
    with pytest.raises(InvalidInput) as caught:
        form.check(sniffed)
    assert "rows name Germany, Libya" in caught.value.problems[0].fault
    Mapped(corrected(form.mapping, country_is_sure=True)).check(sniffed)
    of("id date place country=id").check(sniffed)  # a column says it


def test_two_places_in_a_cell_are_asked(tmp_path: Path, gazetteer: Gazetteer) -> None:
    both = ["Nangarhar/Kunar", "Ghazni / Zabul", "Kabul or Parwan", "Logar - Paktia",
            "Faryab Province, Khost Province", "Kabul and Mussahi District"]  # fmt: skip
    one = ["Mazar-e Sharif, Balkh", "Spin Boldak, Kandahar Province", "Mazar-e Sharif"]
    rows = "".join(f'{at},2010-01-01,"{words}"\n' for at, words in enumerate([*both, *one]))
    good, aside = given("id,date,place\n" + rows, of("id date place"), tmp_path, gazetteer)
    assert [row.values["id"] for row, _ in aside] == [str(at) for at in range(len(both))]
    assert len(good) == len(one)


def test_a_distance_is_drawn_where_it_ends(tmp_path: Path, gazetteer: Gazetteer) -> None:
    words = ["20 km south of Jurm", "50 km east of Torkham", "3 km east of Torkham"]
    rows = "".join(f"{at},2010-01-01,{w},\n" for at, w in enumerate(words))
    text = ("id,date,place,province\n" + rows + "3,2010-01-01,20 km south of Jurm,Badakhshan\n"
            "4,2010-01-01,50 km east of Torkham,Nangarhar\n")  # fmt: skip
    form = of("id date place province")
    good, aside = given(text, form, tmp_path, gazetteer)
    for key in ("0", "3"):
        place = good[key].record.place
        assert (place.text.split(",")[0], place.place_id) == (words[0], "dist:badakhshan/jurm")
        assert (place.area_id, place.geo_precision) == (None, GeoPrecision.DISTRICT)
        best = gazetteer.search(words[0]).candidates[0]
        assert (place.lat, place.lng, place.radius_m) == (best.lat, best.lng, best.radius_m)
        assert place.radius_m is not None
        assert place.radius_m < gazetteer.place("dist:badakhshan/jurm").radius_m
    assert good["4"].record.place.area_id == "prov:nangarhar"
    assert "ends in Pakistan, 46 km beyond the border; the province" in good["4"].remarks[0].fault
    beyond, near = (faults[0].fault for _, faults in aside)
    assert beyond == "'50 km east of Torkham' ends in Pakistan, 46 km beyond the border"
    assert "may lie beyond the border" in near

    # What is doubtful is asked, and whoever chooses it gets the disc and not its whole district.
    muhmand_dara = "dist:nangarhar/muhmand-dara"
    chosen, _ = read(written(tmp_path, "c.csv", text), gazetteer, form,
                     Answers(places={words[2]: muhmand_dara}))  # fmt: skip
    (place,) = (item.record.place for item in chosen if item.key == "2")
    assert (place.place_id, place.area_id) == (muhmand_dara, None)
    assert place.radius_m == gazetteer.search(words[2]).candidates[0].radius_m


def test_what_stands_for_an_unknown_village_is_said(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = 'id,date,place,province\n1,2010-01-01,"Zzyx, Kunduz",\n2,2010-01-01,Zzyx,Kunduz\n'
    good, aside = given(text, of("id date place province"), tmp_path, gazetteer)
    assert aside == []
    for item in good.values():
        assert item.record.place.area_id == "prov:kunduz"
        assert "no place the gazetteer knows; the province Kunduz" in item.remarks[0].fault


def test_two_provinces_in_the_column_of_provinces(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = "id,date,province\n1,2010-01-01,Nangarhar/Kunar\n2,2010-01-01,AF21\n"
    form = of("id date province")
    good, aside = given(text, form, tmp_path, gazetteer)
    assert good["2"].record.place.name == "Balkh"  # by its P-code
    assert "several places" in aside[0][1][0].fault


def test_a_cell_without_letters_never_ends_a_file(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = (
        "id,date,place,province\n1,2024-03-01,-,Balkh\n2,2024-03-01,Кундуз,Kunduz\n"
        "3,2024-03-01,★,\n"
    )
    good, aside = given(text, of("id date place province"), tmp_path, gazetteer)
    assert {key: item.record.place.name for key, item in good.items()} == {
        "1": "Balkh", "2": "Kunduz",
    }  # fmt: skip
    assert len(aside) == 1


def test_exactness_row_by_row(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,province,city,lat,lng,Geo Precision\n"
            "1,2010-01-01,,,33.93911,67.709953,settlement\n2,2010-01-02,Lowgar,,34.0,69.25,1\n"
            "3,2010-01-03,Kandahar,Maruf,31.63,67.25,(4) Province\n"
            "4,2010-01-03,Kandahar,Maruf,31.63,67.25,village\n"
            "5,2010-01-03,Kandahar,Maruf,31.63,67.25,somehow\n")  # fmt: skip
    form = of("id date province place=city lat lng", geo_precision=GeoPrecision.SITE)
    good, _ = given(text, form, tmp_path, gazetteer)
    found = {key: item.record.place.geo_precision for key, item in good.items()}
    assert found == {
        "1": GeoPrecision.COUNTRY, "2": GeoPrecision.PROVINCE, "3": GeoPrecision.PROVINCE,
        "4": GeoPrecision.SETTLEMENT, "5": GeoPrecision.PROVINCE,
    }  # fmt: skip
    assert not good["1"].record.place.mappable


def test_a_row_that_names_its_country_alone_is_held(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,country,Admin 1,Location\n1,2019-01-01,AFG,No Information,Hospital\n"
            "2,2019-01-02,AFG,,\n3,2019-01-03,AFG,Helmand,Hospital\n4,2019-01-04,PAK,,unknown\n"
            "5,2019-01-04,,,\n")  # fmt: skip
    path = written(tmp_path, "c.csv", text)
    form = Mapped(
        Mapping({"id": "id", "date": "date", "country": "country", "province": "Admin 1",
                 "place": "Location"}, "table-t", "T", "A desk")
    )  # fmt: skip
    good, aside = read(path, gazetteer, form)
    found = [
        (c.record.country, c.record.place.geo_precision, c.record.place.adm1_name) for c in good
    ]
    country, province = GeoPrecision.COUNTRY, GeoPrecision.PROVINCE
    assert found == [("AFG", country, None), ("AFG", country, None), ("AFG", province, "Helmand"),
                     ("PAK", country, None)]  # fmt: skip
    assert aside[0][1][0].fault == "nothing says where"


def test_who_did_it_by_place_time_and_words(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = ("id,date,country,who,claimed\n1,2005-06-01,AFG,Taliban,\n2,2023-06-01,AFG,Taliban,\n"
            "3,2016-06-01,NER,Islamic State,\n4,2019-06-01,AFG,Islamic State,yes\n"
            "5,2019-06-01,AFG,Unknown,yes\n6,2022-06-01,AFG,,Taliban denied\n"
            "7,2022-06-01,AFG,ISKP; NRF,\n8,2022-06-01,AFG,ISKP or NRF,Not claimed\n")  # fmt: skip
    form = of("id date country actor=who claimed_by=claimed")
    good, aside = given(text, form, tmp_path, gazetteer)
    assert aside == []
    a, c, s = (AttributionKind.ATTRIBUTED, AttributionKind.CLAIMED, AttributionKind.SUSPECTED)
    none = (AttributionKind.UNCLAIMED, None)
    assert {key: stated(item) for key, item in good.items()} == {
        "1": [(a, "taliban-until-2021")], "2": [(a, "dfa")], "3": [(a, "Islamic State")],
        "4": [(a, "iskp"), (c, "iskp")], "5": [none], "6": [(AttributionKind.DENIED, "dfa")],
        "7": [(a, "iskp"), (a, "nrf")], "8": [(s, "iskp"), (s, "nrf"), none],
    }  # fmt: skip
    assert "does not say of whom" in good["5"].remarks[0].fault
    assert "claimed: yes" in good["5"].record.notes


def test_month_and_day_beside_the_year_are_read(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = (
        "Incident ID,Year,Month,Day,Region,Total killed\n1,2011,4,1,Balkh,7\n2,2011,Oct,,Herat,1\n"
    )
    path = written(tmp_path, "y.csv", text)
    proposed, _ = propose(sniff(path))
    assert {"year": "Year", "month": "Month", "day": "Day"}.items() <= proposed.columns.items()
    form = Mapped(corrected(proposed, speaker="A desk", columns={"month": "", "day": ""}))
    good, _ = read(path, gazetteer, form)  # also where the mapping forgot them
    assert [str(item.record.date.earliest) for item in good] == ["2011-04-01", "2011-10-01"]
    assert "Month" in {problem.field for problem in left_out(form.mapping, sniff(path))}


@pytest.mark.parametrize(
    "column", ["Events", "Number of incidents", "incident_count", "No. of events", "تعداد رویدادها"]
)
def test_sums_are_not_incidents(column: str, tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = f"Admin1,Month,Year,{column},Fatalities\nPaktia,January,2021,0,0\nPaktia,May,2021,4,7\n"
    path = written(tmp_path, "m.csv", text)
    proposed, _ = propose(sniff(path))
    form = Mapped(corrected(proposed, speaker="A desk"))
    with pytest.raises(InvalidInput) as caught:
        read(path, gazetteer, form)
    assert "counts events" in caught.value.problems[0].fault
    good, aside = read(path, gazetteer, Mapped(corrected(form.mapping, rows_are_incidents=True)))
    assert (len(good), len(aside)) == (1, 1)


def test_the_guess_takes_the_whole_before_its_parts(tmp_path: Path) -> None:
    def guessed(header: str, *rows: str) -> dict[str, str]:
        text = "\n".join((header, *rows)) + "\n"
        return dict(propose(sniff(written(tmp_path, "g.csv", text)))[0].columns)

    found = guessed("ref,Nationals killed,Total killed,Nationals wounded,Total wounded,link,source",
                    "a,1,3,2,5,https://a.example/1,https://a.example/1",
                    "b,0,2,1,4,https://a.example/2,https://a.example/2")  # fmt: skip
    assert (found["killed"], found["wounded"]) == ("Total killed", "Total wounded")
    assert found["url"] == "link"
    assert "source" not in found  # a link speaks for nobody
    found = guessed(
        "date,leaders_killed,militants_low,militants_high,total_low,total_high,number",
        "2011-04-01,0,2,3,6,8,44",
        "2011-05-01,1,1,1,1,1,44",
        "2011-06-01,0,3,3,3,5,44",
    )
    assert (found["killed_low"], found["killed_high"]) == ("total_low", "total_high")
    assert not {"killed", "id"} & found.keys()
    assert guessed("date,People killed,Civilians killed", "2011-04-01,2,1") == {
        "date": "date", "killed": "People killed", "civilians_killed": "Civilians killed",
    }  # fmt: skip


def test_what_has_no_meaning_is_named(tmp_path: Path) -> None:
    text = "id,date,province,killed,guards hurt,weather\n1,2020-01-01,Kabul,2,3,rain\n"
    sniffed = sniff(written(tmp_path, "n.csv", text))
    told = {p.field: p.fault for p in left_out(propose(sniffed)[0], sniffed)}
    assert "in no total" in told["guards hurt"]
    assert "kept in the notes" in told["weather"]


def test_dari_headers_in_any_letters_and_code_page(tmp_path: Path) -> None:
    text = "id,تاريخ,ولايت,محل,زخمي\n1,1402/12/11,بلخ,مزار شريف,3\n2,1402/12/12,بلخ,مزار شريف,4\n"
    for encoding in ("utf-8", "cp1256"):
        sniffed = sniff(written(tmp_path, "fa.csv", text.encode(encoding)))
        assert sniffed.table.encoding == encoding
        proposed, _ = propose(sniffed)
        assert {"date", "province", "place", "wounded"} <= proposed.columns.keys()
    western = "id,date,place\n1,2020-01-01,Große Straße, Zürich\n2,2020-01-01,Évêché à Orléans\n"
    assert sniff(written(tmp_path, "w.csv", western.encode("cp1252"))).table.encoding == "cp1252"


def test_a_workbook_s_table_remark_and_days(tmp_path: Path, gazetteer: Gazetteer) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    notes = book.active
    assert notes is not None
    notes.title = "Notes"
    notes.append(["A list", None, "see", "below"])
    notes.append(["by a desk", None, None, "x"])
    sheet = book.create_sheet("Attacks")
    for row in (["id", "date", "province", "dead"], ["1", 43890, "Helmand", 3, None],
                ["2", 43891, "Helmand", 4, "check again"]):  # fmt: skip
        sheet.append(row)
    path = tmp_path / "b.xlsx"
    book.save(path)
    good, aside = read(path, gazetteer, of("id date province killed=dead"))
    assert aside == []
    assert [str(item.record.date.earliest) for item in good] == ["2024-03-01", "2024-03-02"]
    assert "check again" in good[1].record.notes[0]


def test_geometries_of_one_point_and_projected_layers(tmp_path: Path, gazetteer: Gazetteer) -> None:
    def layer(geometries: list[Any], **more: Any) -> str:
        features = [
            {
                "type": "Feature",
                "geometry": own,
                "properties": {"id": str(at), "date": "2024-03-01"},
            }
            for at, own in enumerate(geometries)
        ]
        return json.dumps({"type": "FeatureCollection", **more, "features": features})

    form = of("id date lat=latitude lng=longitude", geo_precision=GeoPrecision.SETTLEMENT)
    one = {"type": "Point", "coordinates": [67.111, 36.709]}
    text = layer(
        [
            {"type": "MultiPoint", "coordinates": [[67.111, 36.709]]},
            {"type": "GeometryCollection", "geometries": [one]},
            {"type": "Polygon", "coordinates": [[[67, 36], [68, 36], [68, 37], [67, 36]]]},
        ]
    )
    good, aside = given(text, form, tmp_path, gazetteer, "g.geojson")
    assert {item.record.place.lat for item in good.values()} == {36.709}
    assert "Polygon" in aside[0][1][0].fault
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    text = layer([{"type": "Point", "coordinates": [7470762, 4396012]}], crs=crs)
    good, _ = given(text, form, tmp_path, gazetteer, "p.geojson")
    place = good["0"].record.place
    assert (round(place.lat or 0, 2), round(place.lng or 0, 2)) == (36.69, 67.11)


def test_json_of_other_shapes(tmp_path: Path, gazetteer: Gazetteer) -> None:
    form = of("id date province")
    row = {"id": "1", "date": {"$date": "2020-05-01T00:00:00Z"}, "province": "Kabul"}
    text = json.dumps({"version": 1, "videos": [row, {**row, "id": "2"}]})
    good, _ = given(text, form, tmp_path, gazetteer, "v.json")
    assert good.keys() == {"1", "2"}
    lines = [json.dumps({**row, "id": str(at)}) for at in range(3)]
    lines[1] = lines[1][:-1] + ",}"
    good, aside = given("\n".join(lines) + "\n", form, tmp_path, gazetteer, "l.jsonl")
    assert good.keys() == {"0", "2"}
    assert "is no JSON" in aside[0][1][0].fault
    two = json.dumps({"a": [row], "b": [row]})
    with pytest.raises(InvalidInput, match="'a' has 1, 'b' has 1"):
        given(two, form, tmp_path, gazetteer, "two.json")


def test_a_file_that_breaks_off_is_known_to(tmp_path: Path) -> None:
    whole = json.dumps([{"id": at, "date": "2020-01-01", "province": "Kabul"} for at in range(5)])
    table = sniff(written(tmp_path, "cut.json", whole[:-20])).table
    assert list(table.rows())
    assert [p.severity for p in table.shape.notices] == ["error"]


def test_a_second_number_is_the_attackers_only_if_somebody_says_so(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = (
        'id,date,place,killed,wounded\n1,2018-05-01,"Sangin, Helmand",4 (+1),3\n'
        '2,2018-05-02,"Sangin, Helmand",2,1+2\n'
    )
    form = of("id date place killed wounded")
    good, aside = given(text, form, tmp_path, gazetteer)
    assert not good
    assert all("attackers_apart" in fault.remedy for _, (fault,) in aside)
    sniffed = sniff(tmp_path / "t.csv")
    assert two_numbers(form.mapping, sniffed) == "4 (+1)"
    assert not two_numbers(of("id date place").mapping, sniffed)
    good, aside = given(text, Mapped(corrected(form.mapping, attackers_apart=True)), tmp_path,
                        gazetteer)  # fmt: skip
    assert aside == []
    figures = {
        (c.property, c.victim_class): (c.low, c.words)
        for item in good.values()
        for c in item.claims
        if c.victim_class is VictimClass.ATTACKERS
    }
    assert figures == {
        (Property.KILLED, VictimClass.ATTACKERS): (1, "4 (+1)"),
        (Property.WOUNDED, VictimClass.ATTACKERS): (2, "1+2"),
    }
    assert killed(good["1"]) == [(4, 4), (1, 1)]


def test_a_place_that_only_sounds_like_the_words_is_asked_without_its_province(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = ("id,date,place,province\n1,2010-01-01,Spinn Bolldak,\n"
            "2,2010-01-01,Spinn Bolldak,Kandahar\n3,2010-01-01,Spin Boldak,\n")  # fmt: skip
    good, aside = given(text, of("id date place province"), tmp_path, gazetteer)
    assert sorted(good) == ["2", "3"]
    assert "sounds like 'Spin Boldak'" in aside[0][1][0].fault


def test_numbered_districts_and_lists_in_a_cell_are_asked(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    both = ["Kabul (PD5) and Paghman", "Khost, Paktia & Paktika", "Kabul to Kandahar",
            "Police Districts 4 and 5 of Herat", "ناحیه پنجم و ششم شهر کابل"]  # fmt: skip
    rows = "".join(f'{at},2010-01-01,"{words}"\n' for at, words in enumerate(both))
    good, aside = given("id,date,place\n" + rows, of("id date place"), tmp_path, gazetteer)
    assert not good
    assert all("names several places" in fault.fault for _, (fault,) in aside)


def test_an_exactness_that_is_not_known_is_not_that_of_the_table(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    text = ("id,date,place,lat,lng,exact\n1,2010-01-01,Sangin,32.07,64.83,unclear\n"
            "2,2010-01-01,Sangin,32.07,64.83,\n"
            "3,2010-01-01,Sangin,32.07,64.83,(2) 25 km Precision \n")  # fmt: skip
    form = of("id date place lat lng exactness=exact", geo_precision=GeoPrecision.SITE)
    good, _ = given(text, form, tmp_path, gazetteer)
    found = {key: item.record.place.geo_precision for key, item in good.items()}
    assert found == {
        "1": GeoPrecision.PROVINCE, "2": GeoPrecision.SITE, "3": GeoPrecision.DISTRICT,
    }  # fmt: skip
    assert good["1"].remarks


def test_a_part_of_a_country_keeps_its_name(tmp_path: Path, gazetteer: Gazetteer) -> None:
    text = "id,date,country,place\n1,2023-12-01,Palestine,Gaza\n2,2023-12-01,Pakistan,Pakistan\n"
    good, _ = given(text, of("id date country place"), tmp_path, gazetteer)
    assert good["1"].record.place.text == "Gaza"
    assert good["2"].record.place.text == "Pakistan"


def test_rows_of_one_kind_are_counted_together_whatever_they_name() -> None:
    said = [
        "'Faryab Province, Khost Province' names several places: Faryab (province); Khost",
        "'Kabul or Parwan' names several places: Parwan (province, prov:parwan); Kabul",
    ]
    assert {reason_of(Fault("place", words, "")) for words in said} == {
        "place: … names several places"
    }
    owned = "'Hospital' is no place; the row's country stands for it"
    assert reason_of(Fault("", owned, "")) == "… is no place; the row's country stands for it"
