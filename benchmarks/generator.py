"""Synthetic incidents by the million, seeded, in the snapshot's columns (serves the benchmarks).

Made up from end to end and never shown to users as data: every row's dataset is "synthetic".
Batches come in the order of months, so that a snapshot of any size is written without sorting it
as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks import shares
from benchmarks.spots import COLUMNS as SPOT_COLUMNS
from benchmarks.spots import Spots, spots
from benchmarks.statements import COLUMNS as STATEMENT_COLUMNS
from benchmarks.statements import DATASET, pool
from mapapp.domain.vocab import EventType, TargetType, label
from mapapp.snapshot.columns import finish, fold_text
from mapapp.snapshot.schema import BASE

Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

FIRST = date(2004, 1, 1)
MONTHS = 264  # to the end of 2025

#: Rows of a batch, about: 200 MB of columns.
BATCH = 250_000

_M_PER_DEGREE = 111_320.0
_DAY = np.timedelta64(1, "D")
_NO_DAY = np.datetime64("NaT", "D")

_DATE_WORDS = {
    "hour": "at an hour of the day",
    "day": "on the day",
    "days": "over some days",
    "week": "that week",
    "month": "that month",
    "year": "that year",
    "unknown": "not said exactly",
}


def batches(rows: int, seed: int = 1) -> Iterator[pa.Table]:
    """`BASE` columns of `rows` incidents in batches of whole months, those without a day last.

    The same rows and seed give the same batches, byte for byte.
    """
    undated = round(rows * shares.UNDATED)
    per_month = np.random.default_rng([seed, 0]).multinomial(rows - undated, _month_odds())
    start = at = 0
    for end in range(1, MONTHS + 1):
        n = int(per_month[start:end].sum())
        if n >= BATCH or (end == MONTHS and n):
            months = np.repeat(np.arange(start, end), per_month[start:end])
            yield _batch(months, at, seed)
            start, at = end, at + n
    if undated:
        yield _batch(np.full(undated, -1), at, seed)


def finished(rows: int, seed: int = 1) -> Iterator[pa.Table]:
    """`INCIDENTS` tables that, one after the other, are in the snapshot's order."""
    done = 0
    for base in batches(rows, seed):
        table = finish(base)
        at = table.schema.get_field_index("row")
        numbered = pa.array(np.arange(done, done + table.num_rows, dtype=np.int64))
        yield table.set_column(at, table.schema.field(at), numbered)
        done += table.num_rows


def incidents(rows: int, seed: int = 1) -> pa.Table:
    """All `INCIDENTS` columns at once, for as many rows as memory holds."""
    return pa.concat_tables(finished(rows, seed)).combine_chunks()


def _month_odds() -> NDArray[np.float64]:
    """Two long waves over the years, and a fighting season from April to October."""
    month = np.arange(MONTHS)
    trend = 0.3 + np.exp(-(((month - 90) / 40) ** 2)) + 1.4 * np.exp(-(((month - 190) / 30) ** 2))
    season = 1 - 0.45 * np.cos((month % 12 - 0.5) / 12 * 2 * np.pi)
    odds: NDArray[np.float64] = trend * season
    odds /= odds.sum()
    return odds


#: Sides as coded, half of the incidents having two.
_SIDES = pa.array(
    [["Taleban", "Government of Afghanistan"], [], ["Taleban", "IS"], []], pa.list_(pa.string())
)

#: Weapons named in three of five.
_WEAPONS = pa.array(
    [["firearms"], ["not_stated"], ["explosives", "suicide_bomb"], ["not_stated"], ["explosives"]],
    pa.list_(pa.string()),
)


def _batch(months: Ints, at: int, seed: int) -> pa.Table:
    """Incidents of these months (-1: without a day); `at` is the number of the first."""
    n = len(months)
    rng = np.random.default_rng([seed, 1, at])
    where = spots()
    rows, own = _places(where, n, rng)
    said = pool(seed).take(pa.array(rng.integers(0, pool(seed).num_rows, n)))
    place = where.table.take(pa.array(rows))
    precision, earliest, latest = _dates(months, rng)
    event, target = _pick(shares.EVENT_TYPE, n, rng), _pick(shares.TARGET_TYPE, n, rng)
    columns: dict[str, Any] = {name: place[name] for name in SPOT_COLUMNS}
    columns |= {name: said[name] for name in STATEMENT_COLUMNS}
    columns |= _coordinates(place, own, rng)
    title = _join(" in ", _words(event, _TITLES), place["place_name"])
    folded = [_words(event, _FOLDED_TITLES), _words(target, _FOLDED_TARGETS), place["folded"]]
    columns |= {
        "id": _ids(at, n),
        "title": title,
        "background": pa.array(rng.random(n) < shares.BACKGROUND),
        "dataset": pa.array([DATASET]).take(pa.array(np.zeros(n, np.int64))),
        "earliest": pa.array(earliest),
        "latest": pa.array(latest),
        "date_precision": _codes(precision),
        "date_text": _words(precision, _DATE_WORDS),
        "event_type": _codes(event),
        "target_type": _codes(target),
        "target": _words(target, _TARGETS),
        "participants": _SIDES.take(pa.array(np.arange(at, at + n) % len(_SIDES))),
        "weapons": _WEAPONS.take(pa.array(np.arange(at, at + n) % len(_WEAPONS))),
        "search_text": _join("\n", *folded, said["search_text"]),
    }
    return pa.table({name: columns[name] for name in BASE.names}).cast(BASE)


def _places(where: Spots, n: int, rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_]]:
    """Rows of the spots' table, and which incidents have a coordinate of their own."""
    levels = list(shares.GEO_PRECISION)
    level = rng.choice(len(levels), n, p=list(shares.GEO_PRECISION.values()))
    rows = np.zeros(n, np.int64)
    for number, name in enumerate(levels):
        mine = np.flatnonzero(level == number)
        rows[mine] = rng.choice(where.within[name], len(mine), p=where.odds[name])
    abroad = np.flatnonzero(rng.random(n) < shares.ABROAD)
    rows[abroad] = rng.choice(where.abroad, len(abroad))
    own = (level == levels.index("site")) & (rng.random(n) < shares.OWN_COORDINATE)
    own[abroad] = False
    return rows, own


def _coordinates(
    place: pa.Table, own: NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, pa.Array]:
    """`lat` and `lng`; a coordinate of one's own lies some hundred metres off the spot."""
    lat, lng = place["lat"].to_numpy(), place["lng"].to_numpy()
    away = rng.normal(0, 800 / _M_PER_DEGREE, (2, len(own))) * own
    squeeze = np.cos(np.radians(np.nan_to_num(lat)))
    found = {"lat": np.round(lat + away[0], 5), "lng": np.round(lng + away[1] / squeeze, 5)}
    return {name: pa.array(values, from_pandas=True) for name, values in found.items()}


def _dates(months: Ints, rng: np.random.Generator) -> tuple[tuple[Ints, list[str]], Days, Days]:
    """Precisions, earliest and latest days; the earlier known one lies in the month given."""
    n = len(months)
    precision, names = _pick(shares.DATE_PRECISION, n, rng)
    start = np.datetime64(FIRST, "M") + months
    first = start.astype("datetime64[D]")
    length = ((start + 1).astype("datetime64[D]") - first).astype(np.int64)
    day = first + (rng.random(n) * length).astype(np.int64)
    # A year begins in January: only there are incidents dated to one, then so many more.
    year, week = names.index("year"), names.index("week")
    january = months % 12 == 0
    precision = np.where((precision == year) & ~january, week, precision)
    more = shares.DATE_PRECISION["year"] / _month_odds()[::12].sum()
    precision = np.where(january & (rng.random(n) < more), year, precision)
    precision = np.where(months < 0, names.index("unknown"), precision)
    monday = day - ((day.astype(np.int64) + 3) % 7)
    monday = np.where(monday < first, monday + 7, monday)
    open_side = rng.random(n) < 0.5

    def by_precision(values: Mapping[str, Days]) -> Days:
        found = day.copy()
        for name, own in values.items():
            found = np.where(precision == names.index(name), own, found)
        return np.where(months < 0, _NO_DAY, found)

    next_month: Days = (start + 1).astype("datetime64[D]")
    next_year: Days = (start + 12).astype("datetime64[D]")
    unknown_first = np.where(open_side, _NO_DAY, day)
    unknown_last = np.where(open_side, day, _NO_DAY)
    earliest = by_precision(
        {"week": monday, "month": first, "year": first, "unknown": unknown_first}
    )
    latest = by_precision(
        {
            "days": day + rng.integers(1, 5, n),
            "week": monday + 6,
            "month": next_month - _DAY,
            "year": next_year - _DAY,
            "unknown": unknown_last,
        }
    )
    return (precision, names), earliest, latest


def _ids(at: int, n: int) -> pa.Array:
    """Unique for the first 10**9, and in no order: 3**18 shares no factor with 10**9.

    They begin as a data set's own, or no edit would find the row it stands for.
    """
    number = (np.arange(at, at + n, dtype=np.int64) * 387_420_489 + 1) % 1_000_000_000
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise(f"{DATASET}-", digits, "")


Coded = tuple[Ints, list[str]]


def _pick(odds: Mapping[str, float], n: int, rng: np.random.Generator) -> Coded:
    return rng.choice(len(odds), n, p=list(odds.values())), list(odds)


def _codes(coded: Coded) -> pa.Array:
    return pa.array(coded[1]).take(pa.array(coded[0]))


def _words(coded: Coded, words: Mapping[str, str]) -> pa.Array:
    return pa.array([words[code] for code in coded[1]]).take(pa.array(coded[0]))


def _join(between: str, *columns: Any) -> Any:
    plain = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns]
    return pc.binary_join_element_wise(
        *plain, between, null_handling="replace", null_replacement=""
    )


_TITLES = {str(code): label(code).capitalize() for code in EventType}
_TARGETS = {str(code): label(code) for code in TargetType}
_FOLDED_TITLES = {code: fold_text(words) for code, words in _TITLES.items()}
_FOLDED_TARGETS = {code: fold_text(words) for code, words in _TARGETS.items()}
