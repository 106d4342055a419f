"""Rows told apart by a few columns, so that work is done once for each kind of them (serves log →
public snapshot).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def grouped(columns: Sequence[Any]) -> tuple[pa.Array, list[tuple[Any, ...]]]:
    """For each row the number of its kind, and the columns' values of each kind; null is a value.

    The columns are Arrow arrays of one length.
    """
    kinds, codes, values = np.zeros(len(columns[0]), np.int64), [], []
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = pc.dictionary_encode(whole, null_encoding="encode")
        values.append(coded.dictionary.to_pylist())
        codes.append(coded.indices.to_numpy())
        # Numbered anew with each column, so that the product stays small.
        kinds = pd.factorize(kinds * max(1, len(values[-1])) + codes[-1])[0].astype(np.int64)
    _, first = np.unique(kinds, return_index=True)
    named = zip(values, codes, strict=True)
    keys = zip(*([own[at] for at in code[first].tolist()] for own, code in named), strict=True)
    return pa.array(kinds), list(keys)
