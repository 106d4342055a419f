"""Incidents outside Afghanistan: left out and counted, asked for by country, named by the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.query.codes import unmatched
from mapapp.query.filters.link import params_to_selection, selection_to_params
from mapapp.query.filters.sentence import active_parts, sentence
from mapapp.snapshot import row_files
from mapapp.store import Store
from tests import ged_rows
from tests.query.oracle import kept


def abroad(number: int, country: str, province: str, lat: float, lng: float) -> ged_rows.Cells:
    return ged_rows.row(
        number, country=country, adm_1=province, adm_2="", latitude=lat, longitude=lng,
        where_prec=1, side_a="Government", side_b="Rebels", type_of_violence=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Three incidents in Afghanistan, five in Pakistan and Syria."""
    folder = tmp_path_factory.mktemp("world")
    store = Store.open(folder / "data")
    rows = [
        *(ged_rows.row(number, where_prec=1) for number in range(1, 4)),
        abroad(11, "Pakistan", "Balochistan province", 30.2, 67.0),
        abroad(12, "Pakistan", "Kabul province", 31.5, 74.3),  # there may be one of that name
        abroad(13, "Syria", "Aleppo, countryside", 36.2, 37.16),
        abroad(14, "Syria", "Aleppo, countryside", 36.3, 37.2),
        abroad(15, "Syria", "", 36.3, 37.2),
    ]
    import_file(Order(ged_rows.write(folder / "GEDEvent_v23_1.csv", rows)), store)
    yield Dashboard(store.current())
    store.close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """Two incidents in Pakistan, and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere")
    store = Store.open(folder / "data")
    rows = [abroad(n, "Pakistan", "Balochistan province", 30.2, 67.0) for n in (1, 2)]
    import_file(Order(ged_rows.write(folder / "GEDEvent_v23_1.csv", rows)), store)
    yield Dashboard(store.current())
    store.close()


def counts(dash: Dashboard, selection: Selection, part: str) -> dict[str, int]:
    return {facet.code: facet.count for facet in dash.facet(selection, part)}


def test_what_is_left_out_is_counted(world: Dashboard, dashboard: Dashboard) -> None:
    assert (world.count(Selection()), world.outside(Selection())) == (3, 5)
    assert world.outside(Selection(text="aleppo")) == 2
    assert world.outside(Selection(provinces=("AF01",))) == 0  # nothing more would come
    for shown in (Selection(abroad=True), Selection(countries=("PAK",))):
        assert world.outside(shown) == 0
    everything = Selection(background=True, abroad=True)
    home = Selection(background=True)
    assert dashboard.outside(home) == dashboard.count(everything) - dashboard.count(home) > 0


def test_a_country_that_is_chosen_is_not_left_out(world: Dashboard) -> None:
    assert counts(world, Selection(), "countries") == {"AFG": 3, "SYR": 3, "PAK": 2}
    assert world.count(Selection(countries=("SYR",))) == 3
    assert world.count(Selection(countries=("SYR", "AFG"))) == 6
    assert world.count(Selection(countries=("SYR",), abroad=True)) == 3
    assert world.countries(Selection()) == ("Afghanistan",)
    assert world.countries(Selection(abroad=True)) == ("Afghanistan", "Syria", "Pakistan")
    assert world.countries(Selection(abroad=True, text="aleppo")) == ("Syria",)
    by_country = world.breakdown(Selection(abroad=True), "country")
    rows = by_country.to_pylist()
    assert {row["label"]: row["incidents"] for row in rows} == {
        "Afghanistan": 3,
        "Syria": 3,
        "Pakistan": 2,
    }


def test_provinces_abroad_are_the_data_s_own_words_and_no_afghan_ones(world: Dashboard) -> None:
    shown = world.facet(Selection(countries=("PAK", "SYR")), "provinces")
    assert {facet.code: (facet.label, facet.count) for facet in shown} == {
        "SYR:Aleppo, countryside": ("Aleppo, countryside (Syria)", 2),
        "PAK:Balochistan province": ("Balochistan province (Pakistan)", 1),
        "PAK:Kabul province": ("Kabul province (Pakistan)", 1),
    }
    kabul = Selection(abroad=True, provinces=("AF01",))
    assert set(world.table(kabul)["country"].to_pylist()) <= {"AFG"}
    aleppo = Selection(countries=("SYR",), provinces=("SYR:Aleppo, countryside",))
    assert world.count(aleppo) == 2
    words = sentence(aleppo, world.labels())
    assert words == "Attacks in Syria in Aleppo, countryside (Syria)"


def test_a_link_holds_countries_and_provinces_of_them() -> None:
    chosen = Selection(countries=("SYR", "AFG"), provinces=("SYR:Aleppo, countryside",))
    params = selection_to_params(chosen)
    assert params == {"country": "SYR,AFG", "province": "SYR:Aleppo%2C countryside"}
    assert params_to_selection(params) == (chosen, ())


def test_a_country_without_incidents_is_told_from_no_country(world: Dashboard) -> None:
    (lacking,) = unmatched(world, Selection(countries=("FRA",)))
    assert (lacking[2].severity, lacking[2].field) == ("warning", "country")
    (unknown,) = unmatched(world, Selection(countries=("Pakistan",)))
    assert unknown[2].severity == "error"
    assert "PAK (Pakistan)" in unknown[2].remedy


def test_data_of_another_country_alone_are_what_a_reader_begins_with(
    world: Dashboard, elsewhere: Dashboard
) -> None:
    assert world.unfiltered() == Selection()
    assert world.unfiltered(("ucdp-ged",)) == Selection(datasets=("ucdp-ged",))
    assert world.unfiltered(("no such",)) == Selection(datasets=("no such",))
    assert elsewhere.unfiltered() == Selection(abroad=True)
    assert elsewhere.count(elsewhere.unfiltered()) == 2
    assert None not in elsewhere.span()
    assert sentence(elsewhere.unfiltered(), elsewhere.labels()) == "All attacks in Pakistan"


def test_the_days_are_those_of_the_countries_asked_for(
    dashboard: Dashboard, incidents: Sequence[Incident]
) -> None:
    for asked in (Selection(), Selection(countries=("PAK",)), Selection(abroad=True)):
        dates = [i.record.date for i in kept(incidents, asked)]
        days = [day for d in dates if (day := d.earliest or d.latest) is not None]
        assert dashboard.span(asked)[0] == min(days)


def test_sentence_and_chips_name_what_is_shown(world: Dashboard) -> None:
    labels = world.labels()
    assert sentence(Selection(abroad=True), labels) == (
        "All attacks in Afghanistan, Syria and Pakistan"
    )
    assert sentence(Selection(abroad=True)) == "All attacks in Afghanistan, also those abroad"
    both = Selection(abroad=True, countries=("PAK",))
    assert sentence(both, labels) == "Attacks in Pakistan"
    (chip,) = active_parts(both, labels)
    assert (chip.words, chip.without) == ("Pakistan", Selection(abroad=True))
    many = {"countries": {"AFG": "Afghanistan"} | {f"X{n:02}": f"Land {n}" for n in range(46)}}
    assert sentence(Selection(abroad=True), many) == (
        "All attacks in Afghanistan and 46 other countries"
    )


def test_a_file_of_columns_without_provinces_gets_them(tmp_path: Path) -> None:
    """A release that an earlier version kept."""
    store = Store.open(tmp_path / "data")
    rows = [ged_rows.row(1), abroad(2, "Syria", "Aleppo", 36.2, 37.16)]
    import_file(Order(ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)), store)
    (file,) = store.log.read().row_files
    path = row_files.path_of(store.data_dir, file)
    whole = pq.read_table(path)
    assert whole["province"].to_pylist()[1] == "SYR:Aleppo"
    pq.write_table(whole.drop_columns(["province"]), path)
    row_files._complete.cache_clear()
    row_files.paths(store.data_dir, [file])
    assert pq.read_table(path).equals(whole)
    store.close()
