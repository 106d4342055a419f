"""ACLED, GTD and mapped tables: all is as if their claims were in the log."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from gazetteer import Gazetteer
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.kept_rows import joined, parted
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.tables.sniff import sniff
from mapapp.importers.tables.table import Row
from mapapp.ingest.order import Order
from mapapp.ingest.report import ImportReport
from mapapp.ingest.run import import_file, roll_back
from mapapp.query import Dashboard
from mapapp.store.store import Store
from tests.importers import test_acled, test_gtd
from tests.ingest.claims_way import record_claims

EVERYTHING = Selection(background=True, abroad=True)

Cells = dict[str, Any]
PLACES = [
    ("Kabul", "Kabul", "34.5281", "69.1723"), ("Herat", "Hirat", "34.3482", "62.1997"),
    ("Jurm", "Badakhshan", "36.8648", "70.8342"), ("Kandahar", "Kandahar", "", ""),
    ("Herat", "Hirat", "62.1997", "34.3482"), ("", "", "0", "0"),
]  # fmt: skip


def mostly(dice: random.Random, good: Sequence[Any], odd: Sequence[Any]) -> Any:
    return dice.choice(odd if dice.random() < 0.06 else good)


def acled(dice: random.Random, number: int) -> Cells:
    place, province, lat, lng = mostly(dice, PLACES[:4], PLACES[4:])
    day = date(2021, dice.randint(1, 12), dice.randint(1, 28))
    return {
        **test_acled.ROW, "event_id_cnty": f"AFG{mostly(dice, [number], [7])}",
        "event_date": mostly(dice, [str(day), f"{day:%d %B %Y}", f"{day:%d/%m/%Y}"], ["soon"]),
        "actor1": dice.choice(["Taliban", "Invented Group", "", "Ünïted"]),
        "inter1": mostly(dice, ["2", "Rebel group"], ["9"]), "location": place, "admin1": province,
        "admin2": "", "latitude": lat, "longitude": lng, "geo_precision": mostly(dice, "123", "4"),
        "fatalities": mostly(dice, ["0", "3", ""], ["-1", "2.5"]), "notes": f"Note {number}",
        "time_precision": dice.choice("123"),
        "sub_event_type": dice.choice(["Suicide bomb", "Armed clash"]),
    }  # fmt: skip


def gtd(dice: random.Random, number: int) -> Cells:
    place, province, lat, lng = mostly(dice, PLACES[:4], PLACES[4:])
    return {
        **test_gtd.ROW, "eventid": f"{201803090000 + mostly(dice, [number], [7])}",
        "iday": str(mostly(dice, range(29), [31, 40])), "imonth": str(dice.randint(0, 12)),
        "city": place, "provstate": province, "latitude": lat, "longitude": lng,
        "gname": dice.choice(["Taliban", "Unknown", "An invented group", ""]),
        "guncertain1": dice.choice("01"), "claimed": dice.choice("01"),
        "nkill": mostly(dice, ["", "1", "9"], ["x"]), "nkillter": mostly(dice, ["0", "1"], ["12"]),
        "nwound": dice.choice(["-99", "4"]), "specificity": mostly(dice, "12345", "6"),
        "weaptype1_txt": dice.choice(["Explosives", ""]), "suicide": dice.choice("01"),
    }  # fmt: skip


def table(dice: random.Random, number: int) -> Cells:
    place, province, lat, lng = mostly(dice, PLACES[:4], PLACES[4:])
    day = date(2021, dice.randint(1, 12), dice.randint(1, 28))
    return {
        "Ref": mostly(dice, [number], [7, ""]),
        "Date": mostly(
            dice, [f"{day:%d/%m/%Y}", day, str(day), "2021"], ["31/02/2021", ""]
        ),
        "Province": province, "Village": place, "Lat": lat.replace(".", dice.choice(".,")),
        "Long": lng and float(lng),
        "Killed": mostly(dice, [1, 2.0, "at least 4", "dozens", ""], [-3]),
        "Injured": dice.choice([None, "2-5"]), "Perpetrator": dice.choice(["Taliban", "", "ISKP"]),
        "Reported by": dice.choice(["A hospital", "The police"]),
        "Remarks": dice.choice(["", "two\nlines", "\x1fodd", f"row {number}"]),
    }  # fmt: skip


def as_csv(path: Path, rows: list[Cells]) -> Path:
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path.with_suffix(".csv")


def as_xlsx(path: Path, rows: list[Cells]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (list(rows[0]), *(list(row.values()) for row in rows)):
        sheet.append([c.replace("\x1f", "") if isinstance(c, str) else c for c in cells])
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    both = Store.open(tmp_path / "rows"), Store.open(tmp_path / "claims")
    yield both
    for store in both:
        store.close()


def given(path: Path) -> dict[str, Any]:
    """How a file is imported: a table by its mapping, days first where that has to be said."""
    sniffed = sniff(path)
    found: dict[str, Any] = {"answers": Answers(date_orders={"*": DayOrder.DMY})}
    if sniffed.format is None:
        proposed, _ = mapping.propose(sniffed)
        found["format"] = Mapped(
            mapping.corrected(proposed, speaker="A council", geo_precision=GeoPrecision.SETTLEMENT)
        )
    return found


def state(store: Store) -> tuple[Any, ...]:
    """All that a reader can see of a store."""
    snapshot = store.current()
    rows = [
        # What an incident has several of comes in the order of its claims, as they were recorded.
        {name: sorted(cell) if isinstance(cell, list) else cell for name, cell in row.items()}
        for row in snapshot.engine.run(
            "SELECT * EXCLUDE (row) FROM incidents ORDER BY id"
        ).to_pylist()
    ]
    dash = Dashboard(snapshot)
    details = [dash.incident(str(row["id"])) for row in rows[:12]]
    return (
        rows,
        [(d.incident.record, sorted(c.id for c in d.incident.claims)) for d in details],
        [d.sources for d in details],
        dash.figures(EVERYTHING),
        dash.sources(EVERYTHING).to_pylist(),
    )


def aside(report: ImportReport) -> list[dict[str, str]]:
    if report.aside_path is None:
        return []
    with Path(report.aside_path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def same(one: ImportReport, other: ImportReport) -> None:
    for name in ("rows_in", "imported", "set_aside", "added", "revised", "unchanged", "withdrawn",
                 "absent", "reasons", "dataset", "version", "format", "remarks", "problems",
                 "notices", "choices"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    assert aside(one) == aside(other)


@pytest.mark.parametrize(
    ("make", "write"), [(acled, as_csv), (gtd, as_csv), (table, as_csv), (table, as_xlsx)]
)
def test_rows_say_what_their_claims_say(
    make: Callable[[random.Random, int], Cells],
    write: Callable[[Path, list[Cells]], Path],
    stores: tuple[Store, Store],
    tmp_path: Path,
    gazetteer: Gazetteer,
) -> None:
    dice = random.Random(f"{make.__name__} 1")  # noqa: S311 - rows for a test
    rows = [make(dice, number) for number in range(1, 61)]
    path = write(tmp_path / "first", rows)
    how = given(path)
    report = import_file(Order(path, **how), stores[0], gazetteer=gazetteer)
    changes, left = record_claims(Order(path, **how), stores[1], gazetteer)
    assert agree(report, changes, left)
    assert report.imported > 8
    assert report.set_aside > 8
    assert [file.rows for file in stores[0].log.read().row_files] == [report.imported]
    assert not stores[0].log.read().claims
    assert state(stores[0]) == state(stores[1])
    for store in stores:  # private: for who brought it alone
        assert store.public().meta["incidents"] == "0"

    # A newer file of it changes some rows, has new ones and no longer has others.
    changed = [make(dice, number) if number % 3 == 0 else row for number, row in enumerate(rows, 1)]
    path = write(tmp_path / "first", [*changed[10:], *(make(dice, n) for n in range(61, 71))])
    order = Order(path, complete=True, **how)
    newer = import_file(order, stores[0], gazetteer=gazetteer)
    assert agree(newer, *record_claims(order, stores[1], gazetteer))
    assert newer.revised
    assert newer.withdrawn
    assert state(stores[0]) == state(stores[1])
    again = import_file(order, stores[0], gazetteer=gazetteer)
    assert (again.added, again.revised, again.withdrawn) == (0, 0, 0)

    # Taken back twice, the store is as after the first file.
    roll_back(stores[0], again.id)
    roll_back(stores[0], newer.id)
    first = write(tmp_path / "first", rows)
    record_claims(Order(first, **how), stores[1], gazetteer)
    assert state(stores[0]) == state(stores[1])


def agree(report: ImportReport, changes: Counter[str], left: list[Row]) -> bool:
    """Whether a report says of a file what its claims come to."""
    told = Counter({name: getattr(report, name) for name in changes})
    rows = [line["import_row"] for line in aside(report)]
    return told == changes and rows == [f"row {row.number} (line {row.line})" for row in left]


@pytest.mark.parametrize(
    "cells",
    [("a", "", "ب"), ("a\x1fb", "c"), ("\x1e", "c"), (1, 2.5, None, True, date(2021, 2, 3))],
)
def test_cells_are_kept_as_they_were(cells: tuple[Any, ...]) -> None:
    assert tuple(parted(joined(cells))) == cells
