"""Small steps over whole Arrow columns that GED's rows take (rows → columns)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.vocab import DatePrecision
from mapapp.importers.forms import ged_codes
from mapapp.snapshot.schema import BASE


def like(column: Any, pattern: str) -> np.ndarray:
    """Which texts match a pattern."""
    found: np.ndarray = pc.match_substring_regex(column, pattern).to_numpy(zero_copy_only=False)
    return found.astype(bool)


def numbers_of(column: Any, ok: np.ndarray, kind: Callable[..., Any] = int) -> np.ndarray:
    """The column as numbers, 0 where `ok` does not hold."""
    safe = pc.if_else(pa.array(ok), column, pa.scalar("0"))
    made: np.ndarray = safe.cast(pa.int64() if kind is int else pa.float64()).to_numpy()
    return made.copy()


def by_code(codes: np.ndarray, words: dict[int, str]) -> Any:
    """The word of each code, "" for one that has none."""
    most = max(words)
    table = pa.array([words.get(code, "") for code in range(most + 1)], pa.string())
    return table.take(pa.array(codes))


def taken(values: list[Any], codes: np.ndarray, name: str) -> Any:
    """`values` by their number, of the type of the column `name`."""
    return pa.array(values, BASE.field(name).type).take(pa.array(codes))


def repeated(value: list[str], rows: int) -> Any:
    """The same list in every row."""
    return pa.array([value], pa.list_(pa.string())).take(pa.array(np.zeros(rows, np.int64)))


def precision(codes: np.ndarray, one_day: Any) -> Any:
    """`date_prec` in our words; one day exactly that lasts several is days."""
    words = {code: str(DatePrecision.UNKNOWN) for code in range(10)}
    words |= {code: str(precision) for code, precision in ged_codes.DATE.items()}
    found = by_code(codes, words)
    several = pc.and_(pc.equal(found, str(DatePrecision.DAY)), pc.invert(one_day))
    return pc.if_else(several, pa.scalar(str(DatePrecision.DAYS)), found)


def range_text(low: np.ndarray, high: np.ndarray) -> Any:
    """“3–6”, or one number where both are the same."""
    lows, highs = pa.array(low).cast(pa.string()), pa.array(high).cast(pa.string())
    both = pc.binary_join_element_wise(lows, highs, "–")
    return pc.if_else(pa.array(low == high), highs, both)
