"""Every real GED file: rows in, rows set aside and why, totals against an independent count."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from gazetteer import Gazetteer
from mapapp.domain.vocab import Modifier, Property, VictimClass
from mapapp.importers.forms.dataset import Converted
from mapapp.importers.tables.aside import reason_of
from tests.importers.support import SHARED, read

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the data sets belong to their publishers and are not here"
)

LOW = "low: low … is above high …"
BEST = "best: best … lies outside low … to high …"

#: File, rows in, and how many are set aside for which reason.
FILES = [
    ("ucdp-ged-candidate-2026-01/GEDEvent_v26_0_1.csv", 1727, {LOW: 2, BEST: 3}),
    ("ucdp-ged-other-countries/ged_v23_1_central_african_republic.csv", 1848, {LOW: 15, BEST: 5}),
    ("ucdp-ged-other-countries/ged_v19_1_bangladesh_myanmar.csv", 3194, {LOW: 1, BEST: 5}),
    ("ucdp-ged-other-countries/ged_v19_1_syria.csv.gz", 16566, {LOW: 58, BEST: 43}),
    ("ucdp-ged-other-countries/hdx_conflict_data_BGD_with_hxl_row.csv", 601, {BEST: 1}),
    (
        "ucdp-ged-other-countries/gedevents_bangladesh_malformed_header.csv", 693,
        {BEST.replace("best:", "best_est:"): 1},
    ),
    ("ucdp-ged-other-countries/ged_v25_1_global_sample_points.csv", 8963, {}),
    ("ucdp-ged-afghanistan/event_points.csv", 501, {}),
    ("ucdp-ged-afghanistan/events_with_places.csv", 524, {}),
    ("ucdp-ged-afghanistan/headline_dev.csv", 150, {}),
]  # fmt: skip


def independent(path: Path) -> pd.DataFrame:
    """The file as pandas alone reads it, HXL row and surplus field left out, figures as numbers."""
    header = list(pd.read_csv(path, nrows=0).columns)
    frame = pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        header=None,
        skiprows=1,
        names=[*header, "surplus"] if "malformed" in path.name else header,
    )
    frame = frame.rename(columns=lambda name: name.removesuffix("_est"))
    frame = frame[~frame["date_start" if "date_start" in frame else "date"].str.startswith("#")]
    for name in ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians",
                 "deaths_unknown", "civilian_deaths"):  # fmt: skip
        if name in frame:
            frame[name] = pd.to_numeric(frame[name])
    return frame


def total(found: list[Converted], field: str) -> int:
    """The sum of a bound of the totals claimed by UCDP."""
    figures = [
        claim
        for item in found
        for claim in item.claims
        if claim.property is Property.KILLED
        and claim.victim_class is VictimClass.UNSPECIFIED
        and claim.subset_of is None
    ]
    return sum(int(getattr(claim, field)) for claim in figures)


def civilians(found: list[Converted]) -> int:
    return sum(
        int(claim.value or 0)
        for item in found
        for claim in item.claims
        if claim.victim_class is VictimClass.CIVILIANS
    )


@pytest.mark.parametrize(("name", "rows", "reasons"), FILES, ids=[f[0] for f in FILES])
def test_rows_and_totals_of_a_real_file(
    name: str, rows: int, reasons: dict[str, int], gazetteer: Gazetteer
) -> None:
    path = SHARED / name
    found, aside = read(path, gazetteer)
    frame = independent(path)

    assert len(frame) == rows == len(found) + len(aside)
    assert dict(Counter(reason_of(faults[0]) for _, faults in aside)) == reasons
    assert len({item.record.id for item in found}) == len(found)
    assert {item.key for item in found} | {str(row.values["id"]) for row, _ in aside} == set(
        frame["id"]
    )

    out = frame["id"].isin([str(row.values["id"]) for row, _ in aside])
    kept = frame[~out]
    if "best" in frame:
        assert total(found, "value") == kept["best"].sum()
    elif "low" in frame:
        parts = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]
        assert total(found, "value") == kept[parts].sum().sum()
    if "low" in frame:
        assert total(found, "low") == kept["low"].sum()
        assert total(found, "high") == kept["high"].sum()
        contradicts = (frame["low"] > frame["high"]) | (
            False if "best" not in frame
            else (frame["best"] > frame["high"]) | (frame["best"] < frame["low"])
        )  # fmt: skip
        assert contradicts.sum() == len(aside)
    for column in ("deaths_civilians", "civilian_deaths"):
        if column in frame:
            assert civilians(found) == kept[column].sum()


def test_of_the_malformed_file_no_column_is_shifted(gazetteer: Gazetteer) -> None:
    found, _ = read(
        SHARED / "ucdp-ged-other-countries/gedevents_bangladesh_malformed_header.csv", gazetteer
    )
    first = found[0]
    assert first.key == "210432"
    assert first.record.date.earliest is not None
    assert first.record.date.earliest.isoformat() == "2015-09-04"  # 09/04/2015, month first
    assert first.record.country == "BGD"
    assert (first.record.place.lat, first.record.place.lng) == (22.338396, 91.831685)
    figure = next(c for c in first.claims if c.modifier is Modifier.RANGE)
    assert (figure.low, figure.value, figure.high) == (2, "2", 2)


def test_districts_of_afghan_rows_are_those_named(gazetteer: Gazetteer) -> None:
    """Rows that name a district by UCDP's spelling get a P-code."""
    found, _ = read(SHARED / "ucdp-ged-afghanistan/events_with_places.csv", gazetteer)
    frame = pd.read_csv(
        SHARED / "ucdp-ged-afghanistan/events_with_places.csv", keep_default_na=False
    )
    named = set(frame[frame["adm_2"] != ""]["id"].astype(str))
    with_code = {item.key for item in found if item.record.place.adm2_pcode}
    assert len(named & with_code) / len(named) > 0.95
    assert all(item.record.place.adm1_pcode for item in found if item.record.place.adm1_name)
