"""Whatever a table holds: rows in are imported or set aside, and every figure is in a total or
named as left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from mapapp.domain.claim import Claim
from mapapp.domain.vocab import GeoPrecision, Property
from mapapp.importers.forms.dataset import Answers, Context, Converted
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import completed, corrected, left_out, propose
from mapapp.importers.tables.sniff import convert_all, sniff, survey
from mapapp.importers.tables.table import Fault, Row
from tests.importers.support import written

_DAYS = st.dates(date(1990, 1, 1), date(2024, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [day.isoformat(), f"{day:%d %B %Y}", f"{day:%A, %B %d, %Y}", f"{day:%d-%b-%y}",
         f"{day:%Y%m%d}", f"{day:%Y-%m-%dT21:00:00Z}", f"{day:%Y-%m-%d} - {day:%Y-%m-%d}",
         f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d} (?)", "unknown", "", "NA"]
    )
)  # fmt: skip
_NUMBERS = st.one_of(
    st.integers(0, 500).map(str),
    st.sampled_from(["NA", "-", "", "unknown", "none", "4 (+1)", "1.000", "12+", "3-6", "dozens",
                     "2.0", "-3", "نامعلوم", "about 7"]),
)  # fmt: skip
_ROLES = {
    "id": st.integers(1, 10_000).map(str),
    "date": _DAYS,
    "killed": _NUMBERS,
    "wounded": _NUMBERS,
    "place": st.sampled_from(["Kabul city", "Gereshk", "-", "Bonn, Germany", "Kabul/Parwan", "★",
                              "unknown", "", "36.7, 67.1", "Mazar-e Sharif"]),
    "province": st.sampled_from(["Kabul", "Helmand", "NA", "", "AF21", "No Information"]),
    "country": st.sampled_from(["Afghanistan", "AFG", "Iran (Islamic Republic of)", "", "NA"]),
    "latitude": st.sampled_from(["34.5", "36,7", "NA", "", "67.1", "33.93911"]),
    "longitude": st.sampled_from(["69.2", "67,1", "NA", "", "36.7", "67.709953"]),
    "geo_precision": st.sampled_from(["1", "province", "NA", "(6) Country", "quux"]),
    "perpetrator": st.sampled_from(["Taliban", "ISKP?", "NA", "Not claimed", "unknown", "",
                                    "نامعلوم"]),
    "claimed": st.sampled_from(["yes", "no", "NA", "ISKP", "denied", "", "1"]),
    "guards hurt": _NUMBERS,
    "remarks": st.text("abc ,;\"'ینم", max_size=12),
}  # fmt: skip


@st.composite
def _tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], str]:
    more = draw(st.lists(st.sampled_from(sorted(_ROLES)), min_size=3, unique=True))
    header = list(dict.fromkeys(["date", "killed", "province", *more]))
    if ("latitude" in header) != ("longitude" in header):
        header = [name for name in header if name not in ("latitude", "longitude")]
    rows = draw(st.lists(st.tuples(*(_ROLES[name] for name in header)).map(list), min_size=1,
                         max_size=8))  # fmt: skip
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1256"]))
    return header, [row for row in rows if any(row)] or [["2020-01-01"] * len(header)], encoding


_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
@given(table=_tables())
def test_nothing_of_a_table_is_lost(
    table: tuple[list[str], list[list[str]], str], tmp_path: Path, gazetteer: Gazetteer
) -> None:
    header, rows, encoding = table
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = written(tmp_path, "t.csv", text.getvalue().encode(encoding, "replace"))
    sniffed = sniff(path)
    proposed, _ = propose(sniffed)
    form = Mapped(corrected(proposed, speaker="A desk", geo_precision=GeoPrecision.SETTLEMENT,
                            columns={"date": "date", "province": "province"}))  # fmt: skip
    dates = survey(sniffed.table, form.date_columns(sniffed.header)).dates
    reader = form.reader(sniffed.table, Context(gazetteer, Answers(), dates))
    outcome = list(convert_all(sniffed.table, reader))
    assert len(outcome) == len(rows)  # in = imported + set aside

    whole = completed(form.mapping, sniffed.header).columns
    unused = {name for problem in left_out(form.mapping, sniffed)
              for name in problem.field.split(", ")}  # fmt: skip
    for row, found in outcome:
        if isinstance(found, Converted):
            _check(row, found, whole, unused)
        else:
            assert all(isinstance(fault, Fault) and fault.fault for fault in found)


def _check(row: Row, found: Converted, roles: Mapping[str, str], unused: set[str]) -> None:
    measures = (Property.KILLED, Property.WOUNDED)
    totals: dict[Property, Claim] = {c.property: c for c in found.claims if c.property in measures}
    for column in ("killed", "wounded", "guards hurt"):
        cell = str(row.values.get(column, ""))
        if not cell.isascii() or not cell.isdigit():
            continue
        role = next((role for role, own in roles.items() if own == column), None)
        if role in ("killed", "wounded"):
            claim = totals[Property(role)]
            assert (claim.low, claim.high) == (int(cell), int(cell))
        else:
            assert column in unused
            assert f"{column}: {cell}" in " ".join(found.record.notes)
    for column, value in row.values.items():
        if str(value).strip() in ("NA", "-"):
            assert all(c.value != value and c.actor != value for c in found.claims), column
