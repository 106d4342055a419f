"""Answers with number columns, as JSON or packed, by what a browser accepts (answer → bytes).

Packed, a column travels as the array a browser computes with: no digits are written and parsed
again. An answer of forty thousand rows is so a third of the size, and read in a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

PACKED: Final = "application/vnd.incident-map.columns"

#: Every column begins at a multiple of so many bytes, as a typed array must.
_ALIGN: Final = 8

_NAMES: Final = {"uint32": "Uint32", "int32": "Int32", "float64": "Float64"}


def as_json(answer: Mapping[str, Any]) -> bytes:
    """The answer as JSON, columns as lists of numbers."""
    plain = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in answer.items()
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def as_packed(answer: Mapping[str, Any]) -> bytes:
    """The answer packed: length of the head (uint32, little-endian), head, columns.

    The head is JSON: what is no column stands in it as in `as_json`, and `columns` holds for each
    column [name, type, length, offset in bytes from the end of the head], the type being a typed
    array's of JavaScript without "Array". Columns are little-endian.
    """
    columns, parts, offset = [], [], 0
    for name, value in answer.items():
        if isinstance(value, np.ndarray):
            body = value.astype(value.dtype.newbyteorder("<")).tobytes()
            body += bytes(-len(body) % _ALIGN)
            columns.append([name, _NAMES[value.dtype.name], len(value), offset])
            parts.append(body)
            offset += len(body)
    rest = {name: value for name, value in answer.items() if not isinstance(value, np.ndarray)}
    head = as_json({**rest, "columns": columns})
    head += b" " * (-(len(head) + 4) % _ALIGN)
    return len(head).to_bytes(4, "little") + head + b"".join(parts)
