"""What a data set covers, declared by a person: kept, checked, shown, and never assumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp import cli
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.ingest.coverage import Declared, declare, read
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query import Dashboard
from mapapp.query.questions.coverage import State, Strip
from mapapp.store import Store
from tests import ged_rows

FILE = """covers_from: 2019-01-01
covers_to: 2019-12-31
countries: [AFG]
provinces: [AF01, AF32]
watched: true
how: exported for two provinces
"""
DECLARED = Declared(
    date(2019, 1, 1), date(2019, 12, 31), True, "exported for two provinces",
    provinces=("AF01", "AF32"),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def a_file(folder: Path, name: str = "some_events.csv") -> Path:
    """A file of GED's columns whose release nobody can tell, so that it declares nothing."""
    return ged_rows.write(folder / name, [ged_rows.row(n) for n in range(1, 30)])


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "covers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def states(store: Store) -> dict[str, set[State]]:
    """What the empty months of some provinces are, by province."""
    provinces = {"AF01": "Kabul", "AF32": "Herat", "AF17": "Badakhshan"}
    (strips,) = Dashboard(store.current()).coverage(
        Selection(background=True, abroad=True), provinces
    )

    def empty(strip: Strip) -> set[State]:
        inside = [
            state
            for month, state in zip(strips.months, strip.states, strict=True)
            if month.year == 2019
        ]
        return set(inside) - {State.RECORDED, State.POSSIBLY}

    return {strip.code: empty(strip) for strip in strips.strips if strip.code in provinces}


def test_a_file_declares_days_places_and_whether_they_were_watched(tmp_path: Path) -> None:
    assert read(written(tmp_path)) == DECLARED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FILE.replace("covers_to: 2019", "covers_to: 2018"), "swap the two days"),
        (FILE.replace("AF01", "Kabul"), "provinces"),
        (FILE.replace("watched: true", ""), "watched"),
        ("- a list", "fields are expected"),
    ],
)
def test_what_is_wrong_with_it_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(written(tmp_path, text))
    assert words in " ".join(f"{p.field} {p.fault} {p.remedy}" for p in caught.value.problems)
    with pytest.raises(InvalidInput, match="is after"):
        Declared(date(2020, 1, 1), date(2019, 1, 1), True, "")


def test_without_it_an_empty_month_is_never_quiet(
    store: Store, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    import_file(Order(a_file(tmp_path)), store, gazetteer=gazetteer)
    assert set().union(*states(store).values()) <= {State.UNDECLARED}
    (dataset,) = {s.dataset for s in store.log.read().sources}
    assert declare(store, dataset, DECLARED, by="ana") == 1
    assert State.QUIET in states(store)["AF01"]
    assert states(store)["AF17"] <= {State.OUTSIDE}
    # It is a change like any other: who declared what stands in the log.
    last = store.log.changes()[-1]
    assert (last.by, dataset in last.reason) == ("ana", True)
    with pytest.raises(InvalidInput, match="there is no data set"):
        declare(store, "nobody's", DECLARED, by="ana")


def test_it_is_declared_at_import_and_stays_when_the_same_comes_again(
    store: Store, tmp_path: Path, gazetteer: Gazetteer
) -> None:
    path = a_file(tmp_path)
    import_file(Order(path, covers=DECLARED), store, gazetteer=gazetteer)
    assert State.QUIET in states(store)["AF32"]
    import_file(Order(path), store, gazetteer=gazetteer)
    assert State.QUIET in states(store)["AF32"]
    # A release that says itself what it covers is believed.
    yearly = a_file(tmp_path, "GEDEvent_v23_1.csv")
    import_file(Order(yearly, allow_older=True), store, gazetteer=gazetteer)
    (release,) = [s for s in store.log.read().sources if s.dataset_version == "23.1"]
    assert (release.covers_from, release.covers_provinces) == (date(1989, 1, 1), ())


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, covers = tmp_path / "data", written(tmp_path)
    own = ["--data-dir", str(data)]
    assert cli.main(["import", str(a_file(tmp_path)), "--covers", str(covers), *own]) == 0
    assert cli.main(["covers", "ucdp-ged", str(covers), *own]) == 0
    assert "ucdp-ged covers 2019-01-01 to 2019-12-31" in capsys.readouterr().out
    assert cli.main(["covers", "acled", str(covers), *own]) == 1
    assert "Give one of" in capsys.readouterr().err
