"""The same GED rows in every kind of file become the same records and claims."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gazetteer import Gazetteer
from mapapp.importers.forms.dataset import Converted
from mapapp.importers.forms.ged import Ged
from tests import ged_rows
from tests.importers.support import read

ROWS = [ged_rows.row(n) for n in range(1, 41)]


def content(found: list[Converted]) -> list[tuple[object, tuple[str, ...]]]:
    return [(item.record, tuple(claim.id for claim in item.claims)) for item in found]


@pytest.fixture(scope="module")
def expected(
    tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer
) -> list[tuple[object, tuple[str, ...]]]:
    path = ged_rows.write(tmp_path_factory.mktemp("csv") / "GEDEvent_v23_1.csv", ROWS)
    good, aside = read(path, gazetteer)
    assert (len(good), aside) == (len(ROWS), [])
    return content(good)


def as_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ged_rows.HEADER))
    for row in ROWS:
        sheet.append([row.get(name) for name in ged_rows.HEADER])
    book.save(path)


def as_geojson(path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k not in ("latitude", "longitude")},
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
        }
        for row in ROWS
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def as_parquet(path: Path) -> None:
    frame = pd.DataFrame(ROWS)
    frame["best"] = frame["best"].astype(float)  # as pandas leaves a column that once had gaps
    frame["date_start"] = pd.to_datetime(frame["date_start"])
    frame["date_end"] = pd.to_datetime(frame["date_end"])
    frame.to_parquet(path)


def as_api_answer(path: Path) -> None:
    path.write_text(json.dumps({"TotalCount": len(ROWS), "Result": ROWS}), "utf-8")


def as_gzip(path: Path) -> None:
    plain = ged_rows.write(path.with_name("plain.csv"), ROWS)
    path.write_bytes(gzip.compress(plain.read_bytes()))


def as_utf16_tabs(path: Path) -> None:
    plain = ged_rows.write(path.with_name("plain.csv"), ROWS)
    frame = pd.read_csv(plain, dtype=str, keep_default_na=False)
    frame.to_csv(path, sep="\t", index=False, encoding="utf-16")


def with_hxl_and_other_order(path: Path) -> None:
    header = list(reversed(ged_rows.HEADER))
    tags = dict.fromkeys(header, "") | {"country": "#country+name", "date_start": "#date+start"}
    frame = pd.DataFrame([tags, *ROWS]).reindex(columns=header)
    frame.to_csv(path, index=False, encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        ("xlsx", as_workbook),
        ("geojson", as_geojson),
        ("parquet", as_parquet),
        ("json", as_api_answer),
        ("csv.gz", as_gzip),
        ("tsv", as_utf16_tabs),
        ("csv", with_hxl_and_other_order),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_same_rows_same_claims(
    suffix: str,
    write: object,
    expected: list[tuple[object, tuple[str, ...]]],
    tmp_path: Path,
    gazetteer: Gazetteer,
) -> None:
    path = tmp_path / f"GEDEvent_v23_1.{suffix}"
    assert callable(write)
    write(path)
    good, aside = read(path, gazetteer, Ged())
    assert aside == []
    assert content(good) == expected
